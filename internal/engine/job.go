package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"stride/internal/nn/tensor"
)

// Job is one run: which model, with which weights, on which picture. It is a plain value that means the same in every
// process of one Version.
type Job struct {
	// Image refers to a picture: "sample/NAME" or "blob/DIGEST" (see Pictures).
	Image string `json:"image"`
	// Model and Weights name a model of the catalogue. Weights must be resolved (an id, never "the best there is"), so
	// that the key does not change its meaning when weights are installed.
	Model   string `json:"model"`
	Weights string `json:"weights"`
	// Digest is the SHA-256 of the weights' file, so that a recording never outlives the weights it was made with;
	// "" for untrained weights. Local.Resolve sets it.
	Digest  string  `json:"digest,omitempty"`
	Options Options `json:"options"`
	// Version is the version of engine and preprocessing; Submit sets it.
	Version string `json:"version"`
}

// Options are the choices of a visitor.
type Options struct {
	// Height and Width of the input; 0 means the architecture's own.
	Height int `json:"height,omitempty"`
	Width  int `json:"width,omitempty"`
	// Aux also runs the auxiliary classifiers.
	Aux   bool   `json:"aux,omitempty"`
	Edits []Edit `json:"edits,omitempty"`
	Ranks []Rank `json:"ranks,omitempty"`
}

// Edit changes the output of a node before anybody reads it: one channel, or all with Channel −1, is multiplied by Scale.
// Scale 0 mutes it.
type Edit struct {
	Node    string  `json:"node"`
	Channel int     `json:"channel"`
	Scale   float32 `json:"scale"`
}

// Rank replaces the weight of a convolution by its best approximation of a rank: a 1×1 convolution to Rank channels and the
// k×k convolution on them (see model.Reduced).
type Rank struct {
	Node string `json:"node"`
	Rank int    `json:"rank"`
}

// MaxEdits bounds the edits of one job, and its ranks.
const MaxEdits = 64

// Key is the content key of the job: a SHA-256, in hexadecimal, of everything in it. It is stable across processes.
func (j Job) Key() string {
	if len(j.Options.Edits) == 0 {
		j.Options.Edits = nil
	}
	if len(j.Options.Ranks) == 0 {
		j.Options.Ranks = nil
	}
	b, err := json.Marshal(j)
	if err != nil {
		// Only a scale that is no number cannot be written, and Check refuses it.
		b = fmt.Appendf(nil, "invalid %+v", j)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Check says what is wrong with the job's own fields, whatever the model.
func (j Job) Check() error {
	switch {
	case j.Image == "" || j.Model == "" || j.Weights == "":
		return badJob("a job needs a picture, a model and weights")
	case len(j.Image)+len(j.Model)+len(j.Weights)+len(j.Digest) > 1024:
		return badJob("the names of a job are too long")
	case j.Options.Height < 0 || j.Options.Width < 0 || (j.Options.Height == 0) != (j.Options.Width == 0):
		return badJob("the input size needs both sides or neither")
	case len(j.Options.Edits) > MaxEdits || len(j.Options.Ranks) > MaxEdits:
		return badJob(fmt.Sprintf("%d edits and %d ranks, the limit is %d of each", len(j.Options.Edits), len(j.Options.Ranks), MaxEdits))
	}
	for _, r := range j.Options.Ranks {
		if r.Rank < 1 {
			return badJob(fmt.Sprintf("node %q is reduced to rank %d, the least is 1", r.Node, r.Rank))
		}
	}
	for _, e := range j.Options.Edits {
		if s := float64(e.Scale); math.IsNaN(s) || math.IsInf(s, 0) {
			return badJob(fmt.Sprintf("node %q is scaled by %g", e.Node, s))
		}
	}
	return nil
}

// apply carries out the edits of one node.
func (e Edit) apply(t *tensor.Tensor) {
	for n := range t.Shape.N {
		if e.Channel >= 0 {
			scale(t.Plane(n, e.Channel).Data, e.Scale)
		} else {
			scale(t.Image(n).Data, e.Scale)
		}
	}
}

func scale(v []float32, by float32) {
	if by == 0 { // not a product: 0 · ∞ would be NaN
		clear(v)
		return
	}
	for i := range v {
		v[i] *= by
	}
}

// editsOf groups a job's edits by node, in order.
func editsOf(edits []Edit) map[string][]Edit {
	m := map[string][]Edit{}
	for _, e := range edits {
		m[e.Node] = append(slices.Clip(m[e.Node]), e)
	}
	return m
}
