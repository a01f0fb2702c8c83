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
	"stride/internal/nn/train"
	"stride/internal/nn/weights"
)

type trainCmd struct {
	Name    string `arg:"" help:"Architecture to train: lenet5, lenet5_relu_max, mini_…"`
	From    string `name:"from" help:"Folder with the data set, when it is not where its package keeps it." placeholder:"DIR"`
	Epochs  int    `help:"Epochs; the recorded recipe's unless given."`
	Seed    uint64 `help:"Seed; the recorded recipe's unless given."`
	Out     string `help:"Weight file to write." placeholder:"FILE"`
	Threads int    `help:"Threads; all cores unless given."`
	Save    string `help:"Checkpoint file: written every epoch, and resumed from when it exists." placeholder:"FILE"`
}

// course is what an architecture is trained on.
type course struct {
	train, test train.Dataset
	trainedOn   string
	source      string
	licence     string
	recipe      train.Recipe
	dtype       weights.DType
}

// Run trains and writes weights with their model card.
func (c *trainCmd) Run(a *app) error {
	ar, err := arch.ByName(c.Name)
	if err != nil {
		return usageError{err}
	}
	co, err := courseFor(ar, c.From)
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
	t, err := c.start(g, co.recipe, team)
	if err != nil {
		return err
	}
	start := time.Now()
	curve, err := c.loop(a, t, co, team)
	if err != nil {
		return err
	}
	score, err := train.Evaluate(a.ctx, g, t.Weights, co.test, team, nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %.2f %% of %d test pictures right, after %s\n", ar.Name, 100*score.Accuracy(), score.N, time.Since(start).Round(time.Second))
	if c.Out == "" {
		return nil
	}
	return c.write(ar, t, co, curve, score, time.Since(start))
}

// start begins a run, or resumes the one of the checkpoint.
func (c *trainCmd) start(g *nn.Graph, r train.Recipe, team nn.Workers) (*train.Trainer, error) {
	if c.Save != "" {
		f, err := os.Open(c.Save)
		if err == nil {
			defer f.Close()
			return train.Resume(g, f, team)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return train.New(g, r, team)
}

// point is one epoch of the training curve.
type point struct {
	Epoch    int     `json:"epoch"`
	Loss     float64 `json:"loss"`
	Accuracy float64 `json:"test_accuracy"`
}

// loop trains, prints one line per epoch and keeps the curve.
func (c *trainCmd) loop(a *app, t *train.Trainer, co *course, team nn.Workers) ([]point, error) {
	var curve []point
	sum, n, shown, began := 0.0, 0, time.Now(), time.Now()
	err := t.Run(a.ctx, co.train, func(s train.Step) error {
		sum, n = sum+s.Loss, n+1
		if time.Since(shown) > time.Second {
			shown = time.Now()
			fmt.Fprintf(a.log, "\repoch %d  step %d/%d  loss %.4f  rate %.5f  %.0f pictures/s ", s.Epoch, s.Step, s.Of, sum/float64(n), s.Rate,
				float64(n*t.Recipe.Batch)/time.Since(began).Seconds())
		}
		if s.Step%(s.Of/t.Recipe.Epochs) != 0 {
			return nil
		}
		score, err := train.Evaluate(a.ctx, t.Graph, t.Weights, co.test, team, nil)
		if err != nil {
			return err
		}
		curve = append(curve, point{s.Epoch, sum / float64(n), score.Accuracy()})
		fmt.Fprintf(a.log, "\repoch %d/%d  loss %.4f  test %.2f %%  %s%30s\n", s.Epoch, t.Recipe.Epochs, sum/float64(n), 100*score.Accuracy(), time.Since(began).Round(time.Second), "")
		sum, n, began = 0, 0, time.Now()
		return c.checkpoint(t)
	})
	return curve, err
}

func (c *trainCmd) checkpoint(t *train.Trainer) error {
	if c.Save == "" {
		return nil
	}
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

// card is the model card written beside the weights.
type card struct {
	Model     string       `json:"model"`
	TrainedOn string       `json:"trained_on"`
	Source    string       `json:"source"`
	Licence   string       `json:"licence"`
	Command   string       `json:"command"`
	Recipe    train.Recipe `json:"recipe"`
	Train     int          `json:"train_examples"`
	Test      int          `json:"test_examples"`
	Accuracy  float64      `json:"test_accuracy"`
	Top3      float64      `json:"test_top3"`
	Confusion [][]int      `json:"confusion"`
	Curve     []point      `json:"curve"`
	Seconds   float64      `json:"seconds"`
	Kernel    string       `json:"kernel"`
}

func (c *trainCmd) write(ar *arch.Arch, t *train.Trainer, co *course, curve []point, score *train.Score, took time.Duration) error {
	w := t.Weights
	w.Meta[weights.MetaModel], w.Meta[weights.MetaTrainedOn] = ar.Name, co.trainedOn
	w.Meta[weights.MetaSource], w.Meta[weights.MetaLicence] = co.source, co.licence
	w.Meta[weights.MetaLabels] = string(ar.Labels)
	pre, err := json.Marshal(model.DefaultPreprocess(ar))
	if err != nil {
		return err
	}
	w.Meta[weights.MetaPreprocess] = string(pre)
	if err := writeFile(c.Out, func(f *os.File) error { return weights.WriteSafetensors(f, w, co.dtype) }); err != nil {
		return err
	}
	cd := card{ar.Name, co.trainedOn, co.source, co.licence, "explorer train " + ar.Name, t.Recipe, co.train.Len(), co.test.Len(),
		score.Accuracy(), score.Top3Accuracy(), score.Confusion, curve, took.Seconds(), kernel.Implementation()}
	stem := c.Out[:len(c.Out)-len(filepath.Ext(c.Out))]
	return writeFile(stem+".card.json", func(f *os.File) error { return writeJSON(f, cd) })
}
