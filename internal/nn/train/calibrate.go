package train

import (
	"context"
	"math"
	"slices"

	"stride/internal/nn"
)

// Answer is what a network said about one example.
type Answer struct {
	Class int // the right one
	Guess int // the likeliest one
	Prob  float64
}

// Answers is Evaluate that also gives every answer, in the order of d.
func Answers(ctx context.Context, g *nn.Graph, w nn.Weights, d Dataset, ws nn.Workers) (*Score, []Answer, error) {
	var l []Answer
	s, err := Evaluate(ctx, g, w, d, ws, func(_, class int, logits []float32) {
		best, sum := 0, 0.0
		for c, v := range logits {
			if v > logits[best] {
				best = c
			}
		}
		for _, v := range logits {
			sum += math.Exp(float64(v - logits[best]))
		}
		l = append(l, Answer{class, best, 1 / sum})
	})
	return s, l, err
}

// Bin is one bin of a reliability diagram.
type Bin struct {
	From, To float64 // of the probability; To belongs to the last bin only
	N        int
	Mean     float64 // of the probabilities
	Right    float64 // share of right answers
}

// Reliability sorts answers into bins of equal width by their probability (Guo et al. 2017, arXiv:1706.04599, §2). A calibrated
// network has Right = Mean in every bin.
func Reliability(l []Answer, bins int) []Bin {
	out := make([]Bin, bins)
	for i := range out {
		out[i].From, out[i].To = float64(i)/float64(bins), float64(i+1)/float64(bins)
	}
	for _, a := range l {
		b := &out[min(int(a.Prob*float64(bins)), bins-1)]
		b.N++
		b.Mean += a.Prob
		if a.Guess == a.Class {
			b.Right++
		}
	}
	for i := range out {
		n := float64(max(out[i].N, 1))
		out[i].Mean /= n
		out[i].Right /= n
	}
	return out
}

// Threshold is the lowest probability from which on, taken together, at least the share right of the answers is right. It is
// 2, which no answer reaches, when no answers are that good.
func Threshold(l []Answer, right float64) float64 {
	l = slices.Clone(l)
	slices.SortFunc(l, func(a, b Answer) int {
		switch {
		case a.Prob > b.Prob:
			return -1
		case a.Prob < b.Prob:
			return 1
		}
		return 0
	})
	best, good := 2.0, 0
	for i, a := range l {
		if a.Guess == a.Class {
			good++
		}
		if last := i+1 == len(l) || l[i+1].Prob < a.Prob; last && float64(good) >= right*float64(i+1) {
			best = a.Prob
		}
	}
	return best
}

// Sure is the share of answers that reach a threshold, and the share of right ones among those.
func Sure(l []Answer, threshold float64) (share, right float64) {
	n, good := 0, 0
	for _, a := range l {
		if a.Prob >= threshold {
			n++
			if a.Guess == a.Class {
				good++
			}
		}
	}
	return float64(n) / float64(max(len(l), 1)), float64(good) / float64(max(n, 1))
}
