package train

import (
	"context"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
)

// Score is the result of an evaluation.
type Score struct {
	// Confusion[true class][answer] counts examples.
	Confusion [][]int
	// Top3 counts examples whose class is among the three likeliest.
	Top3 int
	N    int
}

// Correct is the number of right answers.
func (s *Score) Correct() int {
	n := 0
	for c, row := range s.Confusion {
		n += row[c]
	}
	return n
}

// Accuracy is the share of right answers.
func (s *Score) Accuracy() float64 { return float64(s.Correct()) / float64(max(s.N, 1)) }

// Top3Accuracy is the share of examples whose class is among the three likeliest.
func (s *Score) Top3Accuracy() float64 { return float64(s.Top3) / float64(max(s.N, 1)) }

// Evaluate runs every example of d once, as it is. each, if not nil, sees the logits of every example.
func Evaluate(ctx context.Context, g *nn.Graph, w nn.Weights, d Dataset, ws nn.Workers, each func(i, class int, logits []float32)) (*Score, error) {
	const batch = 50
	classes := g.Output.Shape.C
	s := &Score{Confusion: make([][]int, classes)}
	for c := range s.Confusion {
		s.Confusion[c] = make([]int, classes)
	}
	labels := make([]int, batch)
	for at := 0; at < d.Len(); at += batch {
		n := min(batch, d.Len()-at)
		x := tensor.New(g.Input.Shape.WithN(n))
		idx := make([]int, n)
		for i := range idx {
			idx[i] = at + i
		}
		fill(x, labels, d, idx, 0, ws)
		out, err := nn.Run(ctx, g, x, w, nn.RunConfig{Workers: ws})
		if err != nil {
			return nil, err
		}
		for i := range n {
			logits := out.Image(i).Data
			s.add(labels[i], logits)
			if each != nil {
				each(at+i, labels[i], logits)
			}
		}
	}
	return s, nil
}

func (s *Score) add(class int, logits []float32) {
	best, above := 0, 0
	for c, v := range logits {
		if v > logits[best] {
			best = c
		}
		if v > logits[class] {
			above++
		}
	}
	s.Confusion[class][best]++
	if above < 3 {
		s.Top3++
	}
	s.N++
}
