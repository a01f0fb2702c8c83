package main

import (
	"errors"
	"fmt"

	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
)

type classifyCmd struct {
	Model  string   `arg:"" help:"Architecture, as \"explorer models\" lists it."`
	Files  []string `arg:"" help:"Pictures: JPEG, PNG, GIF or WebP." name:"file"`
	Top    int      `help:"How many classes." default:"5"`
	Format string   `help:"table or json." enum:"table,json" default:"table"`
	weightFlags
}

type classifyJSON struct {
	File    string      `json:"file"`
	Model   string      `json:"model"`
	Weights weightsID   `json:"weights"`
	Top     []guessJSON `json:"top"`
	MS      float64     `json:"ms"`
}

// Run classifies every file; those that cannot be read are told at the end. An untrained network would only make numbers up,
// so it is refused.
func (c *classifyCmd) Run(a *app) error {
	if c.Top < 1 {
		return usagef("--top %d: want at least 1", c.Top)
	}
	m, err := c.load(a, c.Model, tensor.Shape{})
	if err != nil {
		return err
	}
	if !m.Trained() {
		return fmt.Errorf("%s has no trained weights here, and untrained ones cannot classify: import some with `explorer weights import %s FILE`, or name a file with --weights", c.Model, c.Model)
	}
	out := []classifyJSON{}
	var bad []error
	for _, f := range c.Files {
		x, err := prepare(a, m, f)
		if a.ctx.Err() != nil {
			return a.ctx.Err()
		}
		if err != nil {
			bad = append(bad, err)
			continue
		}
		res, err := m.Run(a.ctx, x, model.RunConfig{Threads: c.Threads.count()})
		if err != nil {
			return err
		}
		top, err := guesses(m, res.Logits, c.Top)
		if err != nil {
			return err
		}
		out = append(out, classifyJSON{f, c.Model, idOf(m), top, float64(res.Elapsed.Microseconds()) / 1000})
	}
	if err := c.print(a, m, out); err != nil {
		return err
	}
	return errors.Join(bad...)
}

func (c *classifyCmd) print(a *app, m *model.Model, out []classifyJSON) error {
	if c.Format == "json" {
		return writeJSON(a.out, out)
	}
	for _, r := range out {
		fmt.Fprintf(a.out, "%s: %s, %s, %.1f ms\n", r.File, m.Arch.Title, badge(m), r.MS)
		if err := printGuesses(a, r.Top); err != nil {
			return err
		}
		fmt.Fprintln(a.out)
	}
	return nil
}
