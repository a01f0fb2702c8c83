package train

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"stride/internal/nn"
	"stride/internal/nn/weights"
)

// The metadata and key prefixes of a checkpoint, which is a safetensors file in float32.
const (
	metaRecipe = "recipe"
	metaStep   = "step"
	prefixNote = "note."
	prefixM    = "optimizer.m."
	prefixV    = "optimizer.v."
)

// Save writes a checkpoint: weights, the optimiser's state, recipe, step and notes. A run resumed from it gives the same bytes
// as one that never stopped.
func (t *Trainer) Save(w io.Writer) error {
	r, err := json.Marshal(t.Recipe)
	if err != nil {
		return err
	}
	s := weights.NewSet()
	s.Meta[metaRecipe], s.Meta[metaStep] = string(r), strconv.Itoa(t.StepsDone)
	for k, v := range t.Notes {
		s.Meta[prefixNote+k] = v
	}
	for _, k := range t.Weights.Keys() {
		s.Add(k, t.Weights.Dims(k), t.Weights.Values(k))
	}
	for _, p := range t.params {
		s.Add(prefixM+p.key, t.Weights.Dims(p.key), p.m)
		if p.v != nil {
			s.Add(prefixV+p.key, t.Weights.Dims(p.key), p.v)
		}
	}
	return weights.WriteSafetensors(w, s, weights.F32)
}

// Resume continues the run of a checkpoint. The recipe is the checkpoint's.
func Resume(g *nn.Graph, file io.Reader, team nn.Workers) (*Trainer, error) {
	b, err := io.ReadAll(io.LimitReader(file, weights.MaxFile))
	if err != nil {
		return nil, err
	}
	s, err := weights.ReadSafetensors(b)
	if err != nil {
		return nil, fmt.Errorf("train: checkpoint: %w", err)
	}
	var r Recipe
	if err := json.Unmarshal([]byte(s.Meta[metaRecipe]), &r); err != nil {
		return nil, fmt.Errorf("train: checkpoint: the recipe: %w", err)
	}
	step, err := strconv.Atoi(s.Meta[metaStep])
	if err != nil || step < 0 {
		return nil, fmt.Errorf("train: checkpoint: step %q is not a number", s.Meta[metaStep])
	}
	model := map[string]bool{}
	weights.EachParam(g, func(n *nn.Node, p nn.ParamSpec) { model[n.Key(p)] = true })
	t, err := NewFrom(g, r, s.Subset(func(k string) bool { return model[k] }), team)
	if err != nil {
		return nil, fmt.Errorf("train: checkpoint: %w", err)
	}
	t.StepsDone = step
	for k, v := range s.Meta {
		if k, ok := strings.CutPrefix(k, prefixNote); ok {
			t.Notes[k] = v
		}
	}
	for _, p := range t.params {
		for prefix, dst := range map[string][]float32{prefixM: p.m, prefixV: p.v} {
			if dst == nil {
				continue
			}
			if n := copy(dst, s.Values(prefix+p.key)); n != len(dst) {
				return nil, fmt.Errorf("train: checkpoint: %s%s has %d values, want %d", prefix, p.key, n, len(dst))
			}
		}
	}
	return t, nil
}
