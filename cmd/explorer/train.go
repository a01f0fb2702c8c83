package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/kernel"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/internal/nn/train"
)

type trainCmd struct {
	Name    string  `arg:"" help:"Architecture to train: lenet5, lenet5_relu_max, mini_…"`
	From    string  `name:"from" help:"Folder of the data set, when it is not where its package keeps it; drawings that are not there are fetched into it." placeholder:"DIR"`
	Epochs  count   `help:"Epochs; the recorded recipe's unless given."`
	Seed    uint64  `help:"Seed; the recorded recipe's unless given."`
	Out     string  `help:"Weight file to write, with its model card." placeholder:"FILE"`
	Threads threads `help:"Threads; all cores unless given."`
	Save    string  `help:"Checkpoint file: written every minute, and resumed from when it exists." placeholder:"FILE"`
	Measure string  `help:"Train nothing: measure the weights of this file and write its model card anew." placeholder:"FILE"`
}

// Run trains and writes weights with their model card.
func (c *trainCmd) Run(a *app) error {
	ar, err := arch.ByName(c.Name)
	if err != nil {
		return usageError{err}
	}
	if err := c.check(); err != nil {
		return err
	}
	co, err := courseFor(a, ar, c.From)
	if err != nil {
		return err
	}
	co.recipe.Epochs = c.Epochs.or(co.recipe.Epochs)
	if c.Seed > 0 {
		co.recipe.Seed = c.Seed
	}
	g, err := ar.Graph()
	if err != nil {
		return err
	}
	threads := c.Threads.count()
	team := kernel.NewTeam(threads)
	defer team.Close()
	if c.Measure != "" {
		return c.measureAgain(a, ar, g, co, team)
	}
	t, err := c.start(a, ar, g, co.recipe, team)
	if err != nil {
		return err
	}
	r, err := c.run(a, t, co, team)
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
	cd := &model.Card{Command: "explorer train " + ar.Name, Kernel: kernel.Implementation(), Curve: r.Curve, Losses: r.Losses, Seconds: r.Seconds, Threads: threads}
	if cd.Recipe, err = json.Marshal(t.Recipe); err != nil {
		return err
	}
	return writeCard(a, c.Out, cd, ar, g, co, team)
}

// check finds mistakes before the data is fetched and hours are spent.
func (c *trainCmd) check() error {
	for flag, file := range map[string]string{"--out": c.Out, "--save": c.Save} {
		if file == "" {
			continue
		}
		if i, err := os.Stat(filepath.Dir(file)); err != nil {
			return fmt.Errorf("%s: the folder of the file: %w", flag, err)
		} else if !i.IsDir() {
			return fmt.Errorf("%s: %s is not a folder", flag, filepath.Dir(file))
		}
		if i, err := os.Stat(file); err == nil && i.IsDir() {
			return fmt.Errorf("%s: %s is a folder", flag, file)
		}
	}
	if c.Measure == "" {
		return nil
	}
	for _, file := range []string{c.Measure, cardFile(c.Measure)} {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("--measure needs the weights and the card of their training: %w", err)
		}
	}
	return nil
}

// start begins a run, or resumes the one of the checkpoint.
func (c *trainCmd) start(a *app, ar *arch.Arch, g *nn.Graph, r train.Recipe, team nn.Workers) (t *train.Trainer, err error) {
	f, err := os.Open(c.Save)
	switch {
	case err == nil:
		defer f.Close()
		if t, err = train.Resume(g, f, team); err == nil {
			fmt.Fprintf(a.log, "resuming %s after step %d, with its own recipe\n", c.Save, t.StepsDone)
		}
	case c.Save == "" || errors.Is(err, fs.ErrNotExist):
		t, err = train.New(g, r, team)
	}
	if err != nil {
		return nil, err
	}
	t.At = func(side int) (*nn.Graph, error) { return ar.GraphAt(tensor.CHW(g.Input.Shape.C, side, side)) }
	return t, nil
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
