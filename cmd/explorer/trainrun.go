package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/model"
	"stride/internal/nn/train"
)

// record is what a run leaves behind beside its weights. It travels in the checkpoint, so that an interrupted run has the same
// one but for the seconds.
type record struct {
	Curve  []model.CardEpoch
	Losses []model.CardLoss
	// Seconds is the time spent on steps, over all parts of an interrupted run.
	Seconds float64
	// Epoch and Recent are the losses since the last entries of Curve and Losses.
	Epoch, Recent mean
}

// mean is a running mean.
type mean struct {
	Sum float64
	N   int
}

func (m *mean) add(v float64) { m.Sum, m.N = m.Sum+v, m.N+1 }

// take returns the mean and starts anew.
func (m *mean) take() float64 {
	v := m.Sum / float64(max(m.N, 1))
	*m = mean{}
	return v
}

const (
	noteRecord = "record"
	losses     = 50 // entries of the loss curve
	saveEvery  = time.Minute
)

// session is one uninterrupted part of a run.
type session struct {
	*record
	cmd  *trainCmd
	a    *app
	t    *train.Trainer
	co   *course
	team nn.Workers

	began, shown, saved time.Time
	steps               int
	before              float64 // seconds of earlier sessions
}

// run trains, prints one line per epoch and keeps the record.
func (c *trainCmd) run(a *app, t *train.Trainer, co *course, team nn.Workers) (*record, error) {
	now := time.Now()
	s := &session{record: &record{}, cmd: c, a: a, t: t, co: co, team: team, began: now, shown: now, saved: now}
	if n := t.Notes[noteRecord]; n != "" {
		if err := json.Unmarshal([]byte(n), s.record); err != nil {
			return nil, fmt.Errorf("%s: the record of the run: %w", c.Save, err)
		}
	}
	s.before = s.Seconds
	return s.record, t.Run(a.ctx, co.train, s.step)
}

func (s *session) step(st train.Step) error {
	s.steps++
	s.Epoch.add(st.Loss)
	s.Recent.add(st.Loss)
	s.Seconds = s.before + time.Since(s.began).Seconds()
	if st.Step%max(st.Of/losses, 1) == 0 {
		s.Losses = append(s.Losses, model.CardLoss{Step: st.Step, At: float64(st.Step) / float64(st.Of), Loss: s.Recent.take()})
	}
	if time.Since(s.shown) > time.Second {
		s.shown = time.Now()
		fmt.Fprintf(s.a.log, "\repoch %d  step %d/%d  loss %.4f  rate %.5f  %.0f pictures/s ", st.Epoch, st.Step, st.Of,
			s.Epoch.Sum/float64(s.Epoch.N), st.Rate, float64(s.steps*s.t.Recipe.Batch)/time.Since(s.began).Seconds())
	}
	if st.Step%(st.Of/s.t.Recipe.Epochs) == 0 {
		return s.epoch(st)
	}
	if s.a.ctx.Err() == nil && time.Since(s.saved) < saveEvery {
		return nil
	}
	return s.save() // an interrupted run ends before its next step
}

// epoch measures after the last step of an epoch. That time does not count as training. An interruption waits for it: a run
// that goes on from here does not measure this epoch again.
func (s *session) epoch(st train.Step) error {
	score, err := train.Evaluate(context.WithoutCancel(s.a.ctx), s.t.Current(), s.t.Weights, s.co.watch, s.team, nil)
	if err != nil {
		return err
	}
	e := model.CardEpoch{Epoch: st.Epoch, Side: st.Side, Loss: s.Epoch.take(), Accuracy: score.Accuracy()}
	s.Curve = append(s.Curve, e)
	fmt.Fprintf(s.a.log, "\repoch %d/%d  loss %.4f  test %.2f %%  %s%30s\n", e.Epoch, s.t.Recipe.Epochs, e.Loss, 100*e.Accuracy,
		time.Duration(s.Seconds*float64(time.Second)).Round(time.Second), "")
	s.before, s.began, s.steps = s.Seconds, time.Now(), 0
	return s.save()
}

// save writes the checkpoint.
func (s *session) save() error {
	s.saved = time.Now()
	if s.cmd.Save == "" {
		return nil
	}
	b, err := json.Marshal(s.record)
	if err != nil {
		return err
	}
	s.t.Notes[noteRecord] = string(b)
	return writeFile(s.cmd.Save, func(f *os.File) error { return s.t.Save(f) })
}
