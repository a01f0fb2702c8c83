package model

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// importAs imports seeded weights of the smallest network from a file of the given name.
func importAs(t *testing.T, c *Catalogue, name string) Entry {
	t.Helper()
	a, err := arch.ByName("lenet5")
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := weights.Save(file, weights.Init(g, 7), weights.F32); err != nil {
		t.Fatal(err)
	}
	e, err := c.Import("lenet5", file)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestImportedIsFound holds that imported weights are what their id opens, whatever the file was called, and that everybody
// who may read the data folder may read them.
func TestImportedIsFound(t *testing.T) {
	for name, id := range map[string]string{
		"lenet5.safetensors":           "imported",
		"lenet5.mine.safetensors":      "mine",
		"My Digits (2).safetensors":    "my-digits--2-",
		"untrained.safetensors":        "imported-untrained",
		"lenet5.embedded.safetensors":  "imported-embedded",
		"lenet5-installed.safetensors": "imported-installed",
	} {
		dir := t.TempDir()
		c := NewCatalogue(nil, dir)
		defer c.Close()
		e := importAs(t, c, name)
		if e.ID != id || e.Status != weights.Installed {
			t.Errorf("%s became %q (%s), want %q", name, e.ID, e.Status, id)
		}
		for _, spec := range []string{e.ID, ""} {
			m, err := c.Load("lenet5", spec)
			if err != nil {
				t.Fatal(err)
			}
			if m.Provenance.Status != weights.Installed || m.Provenance.ID != e.ID {
				t.Errorf("%s: weights %q open %+v", name, spec, m.Provenance)
			}
		}
		files, err := os.ReadDir(filepath.Join(dir, "weights"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %v in the folder (%v), want one file", name, files, err)
		}
		if i, err := files[0].Info(); err != nil || i.Mode().Perm() != 0o644 {
			t.Errorf("%s: mode %v (%v), want 644", name, i.Mode(), err)
		}
	}
}

// TestLoadedModelsAreBounded loads more seeds than fit: the ones used last are shared, the others are loaded again and work.
// TestOneModelForOneSetOfWeights: however the weights are named, they are in memory once, whatever the input size.
func TestOneModelForOneSetOfWeights(t *testing.T) {
	c := NewCatalogue(nil, "")
	defer c.Close()
	load := func(spec string, side int) *Model {
		m, err := c.LoadAt("mobilenet_v1_025", spec, tensor.CHW(3, side, side))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := load("", 224)
	for _, spec := range []string{"untrained", "untrained:1"} {
		if load(spec, 224) != m {
			t.Errorf("%q is another model than the one it stands for", spec)
		}
	}
	if small := load("", 96); small == m || small.Weights != m.Weights {
		t.Error("another size has weights of its own")
	}
	if load("untrained:2", 224).Weights == m.Weights {
		t.Error("another seed has the same weights")
	}
	c.Forget()
	c.limit = 3 * m.WeightBytes()
	m = load("", 224)
	if load("", 96); load("", 224) != m {
		t.Error("two sizes that share weights do not fit into three times their bytes")
	}
}

func TestLoadedModelsAreBounded(t *testing.T) {
	c := NewCatalogue(nil, "")
	defer c.Close()
	load := func(seed int) *Model {
		m, err := c.Load("lenet5", fmt.Sprint("untrained:", seed))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := load(1)
	c.limit = 3 * 2 * first.WeightBytes()
	second, third := load(2), load(3)
	if load(1) != first || load(2) != second || load(3) != third {
		t.Error("three models fit, and were not kept")
	}
	load(1) // leaves the second as the one not used for longest
	load(4)
	if load(1) != first || load(3) != third {
		t.Error("a model used lately was dropped")
	}
	if load(2) == second {
		t.Error("the model not used for longest was kept")
	}
	if len(c.loaded) != 3 || len(c.recent) != 3 {
		t.Errorf("%d models are kept, %d in order of use, want 3", len(c.loaded), len(c.recent))
	}
	x := tensor.New(second.Graph.Input.Shape)
	if _, err := second.Run(t.Context(), x, RunConfig{}); err != nil {
		t.Errorf("a dropped model: %v", err)
	}
}
