// Package engine runs models on pictures for many viewers at once: a Job (a value) goes through a bounded, fair queue to a
// Runner; what it computes is a Recording that all viewers share.
//
// It is not the arithmetic (nn), not the catalogue of models (nn/model), and knows nothing of HTTP: handlers subscribe to a
// job with Engine.Submit, read events from the Stream, and fetch tensors from its Recording. Start reading at Job, Engine
// and Stream; Local is the Runner of this process, and Runner is the seam for a worker process.
//
// # What it guarantees
//
//   - One computation per job: equal jobs share one run, whoever asks and whenever, as long as the recording is kept.
//   - Results depend on the job alone: not on threads, order, or what else runs. A Job's key names everything that matters.
//   - Bounded: threads in use (compute never takes the last core from pages), runs per session (one running, two waiting),
//     queue length and estimated waiting time, bytes of all recordings and of the weights behind them,
//     wall time of a run. Where a bound refuses a run, the answer is an *Error with a code and a time to retry, at once.
//   - Fair: waiting runs take turns by session, and within a turn first come, first served. Everybody waiting sees their
//     position.
//   - Nobody waits for a slow reader: a run never blocks on a stream; a reader that lags reads the recording later.
//   - Leaving is cheap: when the last stream of a job closes, it leaves the queue or is cancelled after Config.Grace.
//   - A panic in a model fails that run only, and is counted.
//
// # What it does not do
//
// It does not decide who may see a job: keys are digests of what was asked, so a handler that hands out recordings must
// itself check that its visitor may see the picture. Nothing here is written to disk, and job keys and picture references
// belong in no log.
package engine
