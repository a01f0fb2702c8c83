package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/internal/nn/train"
	"stride/internal/nn/weights"
)

// answered is a result made of (class, guess, probability) triples.
func answered(name string, known, judge bool, answers ...train.Answer) result {
	s := &train.Score{Confusion: [][]int{{0, 0}, {0, 0}}, N: len(answers)}
	for _, a := range answers {
		s.Confusion[a.Class][a.Guess]++
		s.Top3++
	}
	return result{split{name: name, known: known, judge: judge}, s, answers}
}

func TestSummarize(t *testing.T) {
	right, wrong := train.Answer{Class: 0, Guess: 0, Prob: 0.9}, train.Answer{Class: 1, Guess: 0, Prob: 0.5}
	low := train.Answer{Class: 1, Guess: 1, Prob: 0.6004}
	cd := &model.Card{Confusion: [][]int{{9}}, ConfusionOf: []string{"old"}}
	summarize(cd, []result{
		answered("a/clean", true, true, right, wrong),
		answered("a/mixed", true, false, wrong, wrong),
		answered("b/clean", true, true, low),
		answered("c/clean", false, false, right, right, wrong, low),
	}, &course{sure: 1})
	if got := strings.Join(cd.ConfusionOf, " "); got != "a/clean b/clean" {
		t.Errorf("confusion of %s, want the two splits that judge", got)
	}
	if got := cd.Confusion; got[0][0] != 1 || got[0][1] != 0 || got[1][0] != 1 || got[1][1] != 1 {
		t.Errorf("confusion %v", got)
	}
	// The lowest right answer has 0.6004; rounding up leaves it out.
	if cd.NotSure != 0.601 || cd.SureRight != 1 || cd.SureShare != 1.0/3 {
		t.Errorf("not sure below %v, %v of %v right; want 0.601, all of a third", cd.NotSure, cd.SureRight, cd.SureShare)
	}
	s, ok := cd.Split("c/clean")
	if !ok || s.Known || s.N != 4 || s.Top1 != 0.75 || s.Sure != 0.5 || s.SureTop1 != 1 {
		t.Errorf("c/clean: %+v", s)
	}
	n := 0
	for _, b := range cd.Calibration {
		n += b.N
	}
	if n != 3 || len(cd.Calibration) != bins {
		t.Errorf("%d answers in %d bins, want 3 in %d", n, len(cd.Calibration), bins)
	}
}

func TestTrainRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"train", "resnet50"}, exitUsage, "no open data set"},
		{[]string{"train", "nothing"}, exitUsage, "nothing"},
		{[]string{"train", "lenet5", "--from", "no-such-folder"}, exitFailed, "no-such-folder"},
	} {
		var out, log bytes.Buffer
		code := run(context.Background(), c.args, func(string) string { return "" }, &out, &log)
		if code != c.code || !strings.Contains(log.String(), c.want) {
			t.Errorf("%v: exit code %d, %q; want %d and %q", c.args, code, log.String(), c.code, c.want)
		}
	}
}

// TestShippedFile checks that written weights say what they are and come back as the product reads them.
func TestShippedFile(t *testing.T) {
	ar, err := arch.ByName("mini_mobilenet")
	if err != nil {
		t.Fatal(err)
	}
	g, err := ar.Graph()
	if err != nil {
		t.Fatal(err)
	}
	co := &course{trainedOn: "a test", source: "nowhere", licence: "none", dtype: weights.F16}
	name := filepath.Join(t.TempDir(), "mini_mobilenet.test.safetensors")
	if err := writeWeights(name, ar, weights.Init(g, 3), co); err != nil {
		t.Fatal(err)
	}
	if got := cardFile(name); filepath.Base(got) != "mini_mobilenet.test.card.json" {
		t.Errorf("the card is %s", got)
	}
	m, err := model.LoadFile(ar.Name, name, ar.Input)
	if err != nil {
		t.Fatal(err)
	}
	if p := m.Provenance; p.TrainedOn != "a test" || p.Source != "nowhere" || p.Licence != "none" {
		t.Errorf("provenance %+v", p)
	}
	if want := model.DefaultPreprocess(ar); m.Preprocess.Crop != want.Crop || m.Preprocess.Mean != want.Mean || m.Preprocess.Std != want.Std {
		t.Errorf("preprocessing %+v, want %+v", m.Preprocess, want)
	}
	params, macs := size(g)
	if i, err := os.Stat(name); err != nil || i.Size() < int64(2*params) || i.Size() > int64(4*params) {
		t.Errorf("%d values in float16 take %v bytes (%v)", params, i.Size(), err)
	}
	if params != 152_804 || macs != 11_476_992 {
		t.Errorf("%d parameters and %d MACs", params, macs)
	}
}
