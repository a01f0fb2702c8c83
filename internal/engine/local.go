package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
)

// topClasses is how many classes a Result names.
const topClasses = 10

// The input sizes a job may ask for: squares whose side is a multiple of sizeStep. Few sizes, because every one is a
// graph that stays loaded.
const (
	SizeStep = 32
	MaxSize  = 384
)

// Images finds the picture that a job refers to. Errors reach the visitor: an unknown picture is an *Error with UnknownID.
type Images interface {
	Image(ctx context.Context, ref string) (*input.RGB, error)
}

// Local runs models in this process. It is a Runner and a Models.
type Local struct {
	Catalogue *model.Catalogue
	Images    Images
	// Recall, if not nil, finds the finished recording of a job, so that a job with edits computes only what they change.
	Recall func(Job) *Recording
}

// Resolve names the weights of a job: an empty id becomes that of the best weights that are here, and the digest is set.
func (l *Local) Resolve(job Job) (Job, error) {
	job.Digest = ""
	m, err := l.Model(job)
	if err != nil {
		return Job{}, err
	}
	job.Weights, job.Digest = m.Provenance.ID, m.Provenance.SHA256
	return job, nil
}

// Model is the model of a job. It is an error when the job names a digest and the weights are others by now.
func (l *Local) Model(job Job) (*model.Model, error) {
	m, err := l.load(job)
	if err != nil {
		return nil, err
	}
	if job.Digest != "" && job.Digest != m.Provenance.SHA256 {
		return nil, &Error{Code: UnknownID, Text: "the weights of this run are not here any more"}
	}
	return m, nil
}

func (l *Local) load(job Job) (*model.Model, error) {
	var in tensor.Shape
	if s := job.Options.Height; s > 0 {
		if s != job.Options.Width || s%SizeStep != 0 || s > MaxSize {
			return nil, badJob(fmt.Sprintf("an input of %d×%d: want a square whose side is a multiple of %d, at most %d", s, job.Options.Width, SizeStep, MaxSize))
		}
		m, err := l.Catalogue.Load(job.Model, job.Weights)
		if err != nil {
			return nil, &Error{Code: BadRequest, Text: "the model cannot be opened", Err: err}
		}
		in = tensor.CHW(m.Graph.Input.Shape.C, s, s)
	}
	m, err := l.Catalogue.LoadAt(job.Model, job.Weights, in)
	if err != nil {
		return nil, &Error{Code: BadRequest, Text: "the model cannot be opened", Err: err}
	}
	return m, nil
}

// Open is the network of a job. Edits must name nodes and channels that are there, ranks convolutions that can be reduced.
func (l *Local) Open(_ context.Context, job Job) (*Network, error) {
	m, err := l.Model(job)
	if err != nil {
		return nil, err
	}
	for _, e := range job.Options.Edits {
		n := m.Graph.Node(e.Node)
		if n == nil || n == m.Graph.Input || e.Channel < -1 || e.Channel >= n.Shape.C {
			return nil, badJob(fmt.Sprintf("there is no channel %d of a node %q to change", e.Channel, e.Node))
		}
	}
	for _, r := range job.Options.Ranks {
		n := m.Graph.Node(r.Node)
		if n == nil {
			return nil, badJob(fmt.Sprintf("there is no node %q to reduce", r.Node))
		}
		if err := model.Reducible(n); err != nil {
			return nil, badJob(err.Error())
		}
	}
	return &Network{Graph: m.Graph, Weights: weightsOf(m, job), WeightBytes: m.WeightBytes(), Edit: editor(job)}, nil
}

// editor is the function that carries out a job's edits; nil when it has none.
func editor(job Job) func(*nn.Node, *tensor.Tensor) {
	if len(job.Options.Edits) == 0 {
		return nil
	}
	byNode := editsOf(job.Options.Edits)
	return func(n *nn.Node, out *tensor.Tensor) {
		for _, e := range byNode[n.Path] {
			e.apply(out)
		}
	}
}

// weightsOf are the weights of a job: the model's own, but for convolutions that the job reduces.
func weightsOf(m *model.Model, job Job) nn.Weights {
	if len(job.Options.Ranks) == 0 {
		return m.Weights
	}
	ranks := map[*nn.Node]int{}
	for _, r := range job.Options.Ranks {
		ranks[m.Graph.Node(r.Node)] = r.Rank
	}
	return m.Reduced(ranks)
}

// edited lists the nodes that a job edits or reduces.
func edited(g *nn.Graph, job Job) (l []*nn.Node) {
	for path := range editsOf(job.Options.Edits) {
		l = append(l, g.Node(path))
	}
	for _, r := range job.Options.Ranks {
		l = append(l, g.Node(r.Node))
	}
	return l
}

// known gives what a recording of the same job without its edits and ranks holds; nil when there is none.
func (l *Local) known(job Job) func(*nn.Node) *tensor.Tensor {
	if l.Recall == nil || len(job.Options.Edits)+len(job.Options.Ranks) == 0 {
		return nil
	}
	job.Options.Edits, job.Options.Ranks = nil, nil
	rec := l.Recall(job)
	if rec == nil {
		return nil
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	kept := slices.Clone(rec.kept)
	return func(n *nn.Node) *tensor.Tensor { return kept[n.ID] }
}

// Run computes a job on the threads the engine grants.
func (l *Local) Run(ctx context.Context, job Job, emit Emit) (Result, error) {
	start := time.Now()
	m, err := l.Model(job)
	if err != nil {
		return Result{}, err
	}
	img, err := l.Images.Image(ctx, job.Image)
	if err != nil {
		return Result{}, err
	}
	for _, k := range job.Options.Ranks { // its own error, not that of weights that are missing
		if _, err := m.LowRank(m.Graph.Node(k.Node)); err != nil {
			return Result{}, err
		}
	}
	r, err := m.Run(ctx, m.Tensor(img), model.RunConfig{Threads: Threads(ctx), Aux: job.Options.Aux, Edit: editor(job),
		Edited: edited(m.Graph, job), Weights: weightsOf(m, job), Known: l.known(job), Tap: emit})
	if err != nil {
		return Result{}, err
	}
	res := Result{Logits: r.Logits, Aux: r.Aux, Elapsed: time.Since(start)}
	for _, g := range model.Top(r.Logits, topClasses) {
		res.Top = append(res.Top, Guess(g))
	}
	return res, nil
}
