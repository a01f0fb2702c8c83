package golden

import (
	"encoding/json"
	"fmt"
)

// OpCase is one single operation with all its output values.
type OpCase struct {
	Op     string                     `json:"op"`
	Attrs  map[string]json.RawMessage `json:"attrs"`
	Inputs []FormulaTensor            `json:"inputs"`
	Shape  []int                      `json:"shape"`
	Values []float64                  `json:"values"`
}

// Name is the case as a test name.
func (c OpCase) Name() string {
	b, err := json.Marshal(c.Attrs) // sorts the keys
	if err != nil {
		panic(err) // raw messages that were read are valid
	}
	return fmt.Sprintf("%s %v %s", c.Op, c.Inputs[0].Shape, b)
}

// Attr reads one attribute; it panics when there is none of this type, because a test that guesses proves nothing.
func Attr[T any](c OpCase, key string) T {
	var v T
	raw, ok := c.Attrs[key]
	if !ok {
		panic(fmt.Sprintf("golden: %s has no attribute %q", c.Name(), key))
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		panic(fmt.Sprintf("golden: %s: attribute %q: %v", c.Name(), key, err))
	}
	return v
}
