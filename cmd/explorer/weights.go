package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

type weightsCmd struct {
	List   weightsListCmd   `cmd:"" default:"1" help:"List the weights that are here."`
	Import weightsImportCmd `cmd:"" help:"Check a weight file and copy it into the data folder."`
	Verify weightsVerifyCmd `cmd:"" help:"Open every set of weights and check it against its architecture."`
}

type weightsListCmd struct {
	Format string `help:"table or json." enum:"table,json" default:"table"`
}

type weightsJSON struct {
	Model      string            `json:"model"`
	ID         string            `json:"id"`
	Status     string            `json:"status"`
	TrainedOn  string            `json:"trained_on"`
	Source     string            `json:"source"`
	Licence    string            `json:"licence"`
	Bytes      int64             `json:"bytes"`
	SHA256     string            `json:"sha256"`
	Preprocess *input.Preprocess `json:"preprocess"`
}

// Run lists the weights; an architecture without any is listed as untrained. Weights that do not open are told at the end.
func (c *weightsListCmd) Run(a *app) error {
	l := []weightsJSON{}
	var bad []error
	for _, ar := range arch.All() {
		entries := a.catalogue.Of(ar.Name)
		for _, e := range entries {
			w, err := describe(a, e)
			if err != nil {
				bad = append(bad, err)
				continue
			}
			l = append(l, w)
		}
		if len(entries) == 0 {
			p := model.DefaultPreprocess(&ar)
			l = append(l, weightsJSON{Model: ar.Name, ID: "untrained", Status: "untrained", Preprocess: &p})
		}
	}
	if c.Format == "json" {
		return errors.Join(append(bad, writeJSON(a.out, l))...)
	}
	var rows [][]string
	for _, w := range l {
		rows = append(rows, []string{w.Model, w.ID, w.Status, commas(w.Bytes), w.TrainedOn, w.Licence})
	}
	return errors.Join(append(bad, table(a.out, []string{"model", "id", "status", ">bytes", "trained on", "licence"}, rows))...)
}

// open loads the weights of an entry; the error says how to get rid of those that do not open.
func open(a *app, e model.Entry) (*model.Model, error) {
	m, err := a.catalogue.Load(e.Model, e.ID)
	if err != nil && e.Status == weights.Installed {
		return nil, fmt.Errorf("%w; remove the file from %s, or import it anew", err, filepath.Join(a.data, "weights"))
	}
	return m, err
}

func describe(a *app, e model.Entry) (weightsJSON, error) {
	m, err := open(a, e)
	if err != nil {
		return weightsJSON{}, err
	}
	p := m.Provenance
	return weightsJSON{e.Model, e.ID, string(e.Status), p.TrainedOn, p.Source, p.Licence, p.Bytes, p.SHA256, &m.Preprocess}, nil
}

type weightsImportCmd struct {
	Model string `arg:"" help:"Architecture the weights belong to."`
	File  string `arg:"" help:"A .safetensors, .pth or .pt file." type:"existingfile"`
}

// Run imports one file.
func (c *weightsImportCmd) Run(a *app) error {
	if _, err := arch.ByName(c.Model); err != nil {
		return usageError{err}
	}
	e, err := a.catalogue.Import(c.Model, c.File)
	if err != nil {
		return fmt.Errorf("%s was not imported, nothing has changed: %w", c.File, err)
	}
	fmt.Fprintf(a.out, "%s: weights %q are installed (%s bytes)\n", e.Model, e.ID, commas(e.Bytes))
	return nil
}

type weightsVerifyCmd struct{}

// Run verifies every set; all failures are listed.
func (c *weightsVerifyCmd) Run(a *app) error {
	var errs []error
	for _, e := range a.catalogue.List() {
		m, err := open(a, e)
		if err == nil {
			if bad := m.Weights.NonFinite(); len(bad) > 0 {
				err = fmt.Errorf("%s %s: non-finite values in %v", e.Model, e.ID, bad)
			}
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if err := verifyRuns(a, m); err != nil {
			errs = append(errs, err)
			continue
		}
		fmt.Fprintf(a.out, "%s %s: good, sha256 %s\n", e.Model, e.ID, m.Provenance.SHA256)
	}
	return errors.Join(errs...)
}

// verifyRuns runs the network once on zeros: the last proof that everything fits.
func verifyRuns(a *app, m *model.Model) error {
	_, err := m.Run(a.ctx, tensor.New(m.Graph.Input.Shape), model.RunConfig{Threads: cores()})
	return err
}
