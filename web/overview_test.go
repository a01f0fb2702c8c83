package web

import (
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/tensor"
)

// TestOutlinesAreBounded draws more graphs than are kept, as visitors who name sizes can make the server do.
func TestOutlinesAreBounded(t *testing.T) {
	a, err := arch.ByName("mini_alexnet")
	if err != nil {
		t.Fatal(err)
	}
	var last *nn.Graph
	for side := 64; side < 64+maxOutlines+10; side++ {
		if last, err = a.GraphAt(tensor.CHW(3, side, side)); err != nil {
			t.Fatal(err)
		}
		outlineOf(last)
	}
	if o := outlineOf(last); o != outlineOf(last) || len(o.Stages) == 0 {
		t.Error("an outline asked for twice is cut twice, or is empty")
	}
	if n := len(outlines.of); n > maxOutlines {
		t.Errorf("%d outlines are kept, the limit is %d", n, maxOutlines)
	}
}
