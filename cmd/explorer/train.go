package main

import (
	"encoding/json"
	"errors"
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
