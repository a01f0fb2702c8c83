package assets_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"stride/assets"
	"stride/internal/drawings"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/nn/train"
)

// The bounds of what the repository carries.
const maxFile, maxAll = 660_000, 5 << 20

// TestWeightsAndCards checks that every weight file fits its architecture, says what it is, and lies beside a card that agrees
// with it.
func TestWeightsAndCards(t *testing.T) {
	c := model.NewCatalogue(assets.FS, "")
	entries := c.List()
	if len(entries) == 0 {
		t.Fatal("no weights are embedded")
	}
	sum := int64(0)
	for _, e := range entries {
		if sum += e.Bytes; e.Bytes > maxFile {
			t.Errorf("%s %s has %d bytes, allowed %d", e.Model, e.ID, e.Bytes, maxFile)
		}
		m, err := c.Load(e.Model, e.ID)
		if err != nil {
			t.Errorf("%s %s: %v", e.Model, e.ID, err)
			continue
		}
		if p := m.Provenance; p.TrainedOn == "" || p.Source == "" || p.Licence == "" || m.Weights.Meta["preprocess"] == "" || m.Weights.Meta["labels"] != string(m.Arch.Labels) {
			t.Errorf("%s: the metadata is incomplete: %v", e.Model, m.Weights.Meta)
		}
		card, err := c.Card(e)
		if err != nil || card == nil {
			t.Errorf("%s: no card (%v)", e.Model, err)
			continue
		}
		checkCard(t, m, card)
	}
	if sum > maxAll {
		t.Errorf("all weights have %d bytes, allowed %d", sum, maxAll)
	}
}

func checkCard(t *testing.T, m *model.Model, card *model.Card) {
	t.Helper()
	fail := func(format string, args ...any) { t.Helper(); t.Errorf(card.Model+": "+format, args...) }
	if card.Model != m.Arch.Name || card.TrainedOn != m.Provenance.TrainedOn || card.Licence != m.Provenance.Licence {
		fail("the card is about other weights: %s, %s", card.Model, card.TrainedOn)
	}
	var r train.Recipe
	if err := json.Unmarshal(card.Recipe, &r); err != nil || r.Validate() != nil {
		fail("the recipe cannot be used: %v, %v", err, r.Validate())
	}
	if len(card.Curve) != r.Epochs {
		fail("the curve has %d epochs, the recipe %d", len(card.Curve), r.Epochs)
	}
	if len(card.Limits["en"]) == 0 || len(card.Limits["en"]) != len(card.Limits["ko"]) {
		fail("limits in English and Korean: %d and %d", len(card.Limits["en"]), len(card.Limits["ko"]))
	}
	if len(card.Notice) == 0 || card.Command == "" || card.Seconds <= 0 || card.Threads <= 0 {
		fail("notice, command or cost is missing")
	}
	right, n := 0, 0
	for i, row := range card.Confusion {
		for j, k := range row {
			if n += k; i == j {
				right += k
			}
		}
	}
	top1, of := card.Accuracy(func(s model.CardSplit) bool {
		for _, name := range card.ConfusionOf {
			if s.Name == name {
				return true
			}
		}
		return false
	})
	if n != of || n == 0 || float64(right) < (top1-1e-9)*float64(n) || float64(right) > (top1+1e-9)*float64(n) {
		fail("confusion counts %d right of %d, the splits say %.4f of %d", right, n, top1, of)
	}
	inBins := 0
	for _, b := range card.Calibration {
		inBins += b.N
	}
	if inBins != n {
		fail("calibration counts %d pictures, confusion %d", inBins, n)
	}
}

// TestSamplesAreKnown asks the residual miniature about the drawings that are shipped as samples.
func TestSamplesAreKnown(t *testing.T) {
	m, err := model.NewCatalogue(assets.FS, "").Load("mini_resnet", "")
	if err != nil {
		t.Fatal(err)
	}
	right, n := 0, 0
	for label, class := range drawings.Classes() {
		files, err := fs.Glob(assets.FS, "samples/drawings/"+class.ID+"-?.png")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := fs.ReadFile(assets.FS, f)
			if err != nil {
				t.Fatal(err)
			}
			img, _, err := input.Decode(context.Background(), b, input.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			res, err := m.Run(context.Background(), m.Tensor(img), model.RunConfig{})
			if err != nil {
				t.Fatal(err)
			}
			if n++; model.Top(res.Logits, 1)[0].Index == label {
				right++
			} else {
				t.Logf("%s is taken for %s", strings.TrimPrefix(f, "samples/drawings/"), drawings.Classes()[model.Top(res.Logits, 1)[0].Index].ID)
			}
		}
	}
	if n != 2*len(drawings.Classes()) || right*100 < n*85 {
		t.Errorf("%d of %d sample drawings right, want 85 %% of two a class", right, n)
	}
}
