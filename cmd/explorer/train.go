package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/internal/nn/train"
)

type trainCmd struct {
	Name    string `arg:"" help:"Architecture to train: lenet5, lenet5_relu_max, mini_…"`
	From    string `name:"from" help:"Folder with the data set, when it is not where its package keeps it." placeholder:"DIR"`
	Epochs  int    `help:"Epochs; the recorded recipe's unless given."`
	Seed    uint64 `help:"Seed; the recorded recipe's unless given."`
	Out     string `help:"Weight file to write, with its model card." placeholder:"FILE"`
	Threads int    `help:"Threads; all cores unless given."`
	Save    string `help:"Checkpoint file: written every minute, and resumed from when it exists." placeholder:"FILE"`
	Measure string `help:"Train nothing: measure the weights of this file and write its model card anew." placeholder:"FILE"`
}

// Run trains and writes weights with their model card.
func (c *trainCmd) Run(a *app) error {
	ar, err := arch.ByName(c.Name)
	if err != nil {
		return usageError{err}
	}
	co, err := courseFor(a, ar, c.From)
	if err != nil {
		return err
	}
	if c.Epochs > 0 {
		co.recipe.Epochs = c.Epochs
	}
	if c.Seed > 0 {
		co.recipe.Seed = c.Seed
	}
	g, err := ar.Graph()
	if err != nil {
		return err
	}
	threads := c.Threads
	if threads == 0 {
		threads = cores()
	}
	team := kernel.NewTeam(threads)
	defer team.Close()
	if c.Measure != "" {
		return c.measureAgain(a, ar, g, co, team)
	}
	t, err := c.start(ar, g, co.recipe, team)
	if err != nil {
		return err
	}
	r, err := c.loop(a, t, co, team)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err := measure(a, g, t.Weights, co, team)
		return err
	}
	if err := writeWeights(c.Out, ar, t.Weights, co); err != nil {
		return err
	}
	cd := &model.Card{Command: "explorer train " + ar.Name, Kernel: kernel.Implementation(), Curve: r.Curve, Seconds: r.Seconds, Threads: threads}
	if cd.Recipe, err = json.Marshal(t.Recipe); err != nil {
		return err
	}
	return writeCard(a, c.Out, cd, ar, g, co, team)
}

// start begins a run, or resumes the one of the checkpoint.
func (c *trainCmd) start(ar *arch.Arch, g *nn.Graph, r train.Recipe, team nn.Workers) (t *train.Trainer, err error) {
	f, err := os.Open(c.Save)
	switch {
	case err == nil:
		defer f.Close()
		t, err = train.Resume(g, f, team)
	case c.Save == "" || errors.Is(err, fs.ErrNotExist):
		t, err = train.New(g, r, team)
	}
	if err != nil {
		return nil, err
	}
	t.At = func(side int) (*nn.Graph, error) { return ar.GraphAt(tensor.CHW(g.Input.Shape.C, side, side)) }
	return t, nil
}

// record is what a run leaves behind beside its weights. It travels in the checkpoint.
type record struct {
	Curve []model.CardEpoch
	// Seconds is the time spent on steps, over all parts of an interrupted run.
	Seconds float64
}

const noteRecord = "record"

// loop trains, prints one line per epoch and keeps the record.
func (c *trainCmd) loop(a *app, t *train.Trainer, co *course, team nn.Workers) (*record, error) {
	r := &record{}
	if n := t.Notes[noteRecord]; n != "" {
		if err := json.Unmarshal([]byte(n), r); err != nil {
			return nil, fmt.Errorf("%s: the record of the run: %w", c.Save, err)
		}
	}
	sum, n, shown, began, before := 0.0, 0, time.Now(), time.Now(), r.Seconds
	saved := time.Now()
	err := t.Run(a.ctx, co.train, func(s train.Step) error {
		sum, n = sum+s.Loss, n+1
		r.Seconds = before + time.Since(began).Seconds()
		if time.Since(shown) > time.Second {
			shown = time.Now()
			fmt.Fprintf(a.log, "\repoch %d  step %d/%d  loss %.4f  rate %.5f  %.0f pictures/s ", s.Epoch, s.Step, s.Of, sum/float64(n), s.Rate,
				float64(n*t.Recipe.Batch)/time.Since(began).Seconds())
		}
		if s.Step%(s.Of/t.Recipe.Epochs) != 0 {
			if time.Since(saved) < time.Minute {
				return nil
			}
			saved = time.Now()
			return c.checkpoint(t, r)
		}
		score, err := train.Evaluate(a.ctx, t.Current(), t.Weights, co.watch, team, nil)
		if err != nil {
			return err
		}
		r.Curve = append(r.Curve, model.CardEpoch{Epoch: s.Epoch, Side: s.Side, Loss: sum / float64(n), Accuracy: score.Accuracy()})
		fmt.Fprintf(a.log, "\repoch %d/%d  loss %.4f  test %.2f %%  %s%30s\n", s.Epoch, t.Recipe.Epochs, sum/float64(n), 100*score.Accuracy(), time.Since(began).Round(time.Second), "")
		sum, n, began, before, saved = 0, 0, time.Now(), r.Seconds, time.Now()
		return c.checkpoint(t, r)
	})
	return r, err
}

func (c *trainCmd) checkpoint(t *train.Trainer, r *record) error {
	if c.Save == "" {
		return nil
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	t.Notes[noteRecord] = string(b)
	return writeFile(c.Save, func(f *os.File) error { return t.Save(f) })
}

// writeFile writes beside the destination first, so that a stop leaves the old file whole.
func writeFile(name string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".write-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
