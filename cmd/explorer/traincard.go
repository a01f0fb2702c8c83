package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"stride/assets"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/nn/train"
	"stride/internal/nn/weights"
)

// bins is the number of bins of a card's reliability diagram.
const bins = 10

// writeWeights writes the file that is shipped.
func writeWeights(out string, ar *arch.Arch, w *weights.Set, co *course) error {
	w.Meta[weights.MetaModel], w.Meta[weights.MetaTrainedOn] = ar.Name, co.trainedOn
	w.Meta[weights.MetaSource], w.Meta[weights.MetaLicence] = co.source, co.licence
	w.Meta[weights.MetaLabels] = string(ar.Labels)
	pre, err := json.Marshal(model.DefaultPreprocess(ar))
	if err != nil {
		return err
	}
	w.Meta[weights.MetaPreprocess] = string(pre)
	return weights.Save(out, w, co.dtype)
}

// cardFile is the name of the card of a weight file.
func cardFile(out string) string { return out[:len(out)-len(filepath.Ext(out))] + ".card.json" }

// measureAgain renews the measurements of a card. What it says about the training stays.
func (c *trainCmd) measureAgain(a *app, ar *arch.Arch, g *nn.Graph, co *course, team nn.Workers) error {
	cd := &model.Card{}
	b, err := os.ReadFile(cardFile(c.Measure))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, cd); err != nil {
		return fmt.Errorf("%s: %w", cardFile(c.Measure), err)
	}
	return writeCard(a, c.Measure, cd, ar, g, co, team)
}

// writeCard measures the weights in the file out, as they are shipped, and completes the card that lies beside it.
func writeCard(a *app, out string, cd *model.Card, ar *arch.Arch, g *nn.Graph, co *course, team nn.Workers) error {
	m, err := model.LoadFile(ar.Name, out, ar.Input)
	if err != nil {
		return err
	}
	results, err := measure(a, g, m.Weights, co, team)
	if err != nil {
		return err
	}
	cd.Model, cd.TrainedOn, cd.Source, cd.Licence, cd.Notice = ar.Name, co.trainedOn, co.source, co.licence, co.notice
	cd.Examples, cd.Limits = co.train.Len(), co.limits
	cd.Params, cd.MACs = size(g)
	summarize(cd, results, co)
	if cd.Photos, err = photos(a, m, co); err != nil {
		return err
	}
	return writeFile(cardFile(out), func(f *os.File) error { return writeJSON(f, cd) })
}

// size counts what a run without auxiliary classifiers uses.
func size(g *nn.Graph) (params int, macs int64) {
	for _, n := range g.Nodes {
		if n.Aux {
			continue
		}
		for _, p := range n.Params {
			if p.Role.Trainable() {
				params += p.Len()
			}
		}
		macs += n.MACs()
	}
	return params, macs
}

// result is what was measured on one split.
type result struct {
	split   split
	score   *train.Score
	answers []train.Answer
}

func measure(a *app, g *nn.Graph, w nn.Weights, co *course, team nn.Workers) ([]result, error) {
	var l []result
	for _, s := range co.tests {
		score, answers, err := train.Answers(a.ctx, g, w, s.data, team)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(a.out, "%-16s %6.2f %% of %d right, %6.2f %% among the first three\n", s.name, 100*score.Accuracy(), score.N, 100*score.Top3Accuracy())
		l = append(l, result{s, score, answers})
	}
	return l, nil
}

// summarize fills the card with what was measured. Confusion, calibration and the threshold come from the splits of known
// styles that are meant to be easy.
func summarize(cd *model.Card, results []result, co *course) {
	var all []train.Answer
	cd.Confusion, cd.ConfusionOf, cd.Calibration, cd.Splits = nil, nil, nil, nil
	for _, r := range results {
		if !r.split.judge {
			continue
		}
		all = append(all, r.answers...)
		cd.ConfusionOf = append(cd.ConfusionOf, r.split.name)
		cd.Confusion = addCounts(cd.Confusion, r.score.Confusion)
	}
	for _, b := range train.Reliability(all, bins) {
		cd.Calibration = append(cd.Calibration, model.CardBin(b))
	}
	// Rounded up: the page compares with the number that it shows.
	cd.NotSure = math.Ceil(1000*train.Threshold(all, co.sure)) / 1000
	cd.SureShare, cd.SureRight = train.Sure(all, cd.NotSure)
	for _, r := range results {
		s := model.CardSplit{Name: r.split.name, Known: r.split.known, N: r.score.N, Top1: r.score.Accuracy(), Top3: r.score.Top3Accuracy()}
		s.Sure, s.SureTop1 = train.Sure(r.answers, cd.NotSure)
		cd.Splits = append(cd.Splits, s)
	}
}

func addCounts(sum, c [][]int) [][]int {
	if sum == nil {
		sum = make([][]int, len(c))
		for i := range sum {
			sum[i] = make([]int, len(c[i]))
		}
	}
	for i, row := range c {
		for j, n := range row {
			sum[i][j] += n
		}
	}
	return sum
}

// photos asks a network about the sample photographs that the course names.
func photos(a *app, m *model.Model, co *course) ([]model.CardPhoto, error) {
	var l []model.CardPhoto
	for _, p := range co.photos {
		b, err := fs.ReadFile(assets.FS, p.file)
		if err != nil {
			return nil, err
		}
		img, _, err := input.Decode(a.ctx, b, input.DefaultLimits())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.file, err)
		}
		res, err := m.Run(a.ctx, m.Tensor(img), model.RunConfig{})
		if err != nil {
			return nil, err
		}
		ph := model.CardPhoto{Name: p.name, Class: p.class}
		for _, g := range model.Top(res.Logits, 3) {
			ph.Top = append(ph.Top, model.CardGuess{Class: g.Index, Prob: g.Prob})
		}
		l = append(l, ph)
	}
	return l, nil
}
