package train

import "testing"

func TestThreshold(t *testing.T) {
	right, wrong := func(p float64) Answer { return Answer{1, 1, p} }, func(p float64) Answer { return Answer{1, 2, p} }
	for _, c := range []struct {
		name    string
		answers []Answer
		right   float64
		want    float64
		share   float64
		good    float64
	}{
		{"all right", []Answer{right(.9), right(.2), right(.5)}, .95, .2, 1, 1},
		{"all wrong", []Answer{wrong(.9), wrong(.2)}, .95, 2, 0, 0},
		{"the wrong ones are below", []Answer{wrong(.3), right(.6), right(.8), wrong(.1)}, 1, .6, .5, 1},
		{"a wrong one above pays off later", []Answer{wrong(.9), right(.8), right(.7), right(.6)}, .75, .6, 1, .75},
		{"equal probabilities stay together", []Answer{right(.5), wrong(.5)}, .9, 2, 0, 0},
		{"none", nil, .9, 2, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Threshold(c.answers, c.right)
			if got != c.want {
				t.Errorf("threshold %v, want %v", got, c.want)
			}
			if share, good := Sure(c.answers, got); share != c.share || good != c.good {
				t.Errorf("%v reach it and %v of them are right, want %v and %v", share, good, c.share, c.good)
			}
		})
	}
}

func TestReliability(t *testing.T) {
	l := []Answer{{0, 0, 0}, {0, 1, 0.1}, {0, 0, 0.5}, {0, 0, 0.75}, {2, 0, 1}}
	want := []Bin{{0, .25, 2, .05, .5}, {.25, .5, 0, 0, 0}, {.5, .75, 1, .5, 1}, {.75, 1, 2, .875, .5}}
	for i, b := range Reliability(l, 4) {
		if b != want[i] {
			t.Errorf("bin %d is %+v, want %+v", i, b, want[i])
		}
	}
}
