package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// preprocessJSON has the keys by which weight files carry their preprocessing. mean and std have one value per channel,
// so their length says how many channels the network reads.
type preprocessJSON struct {
	Resize        *int      `json:"resize"`
	Crop          *int      `json:"crop"`
	Interpolation Filter    `json:"interpolation"`
	Mean          []float32 `json:"mean"`
	Std           []float32 `json:"std"`
}

// MarshalJSON writes resize, crop, interpolation, mean and std, the last two with one value per channel.
func (p Preprocess) MarshalJSON() ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	n := p.channels()
	return json.Marshal(preprocessJSON{&p.Resize, &p.Crop, p.filter(), p.Mean[:n], p.Std[:n]})
}

// UnmarshalJSON is the inverse. It accepts no other key and wants all but interpolation (default bilinear): a setting
// that is silently ignored shows up only as wrong predictions.
func (p *Preprocess) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var j preprocessJSON
	if err := dec.Decode(&j); err != nil {
		return fmt.Errorf("input: preprocess: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("input: preprocess: text after the JSON value")
	}
	if j.Resize == nil || j.Crop == nil {
		return errors.New(`input: preprocess: "resize" (0 for none) and "crop" are needed`)
	}
	n := len(j.Mean)
	if n != 1 && n != 3 || len(j.Std) != n {
		return fmt.Errorf("input: preprocess: mean has %d values and std %d, want 3 each, or 1 for grey", n, len(j.Std))
	}
	q := Preprocess{Resize: *j.Resize, Crop: *j.Crop, Interpolation: j.Interpolation, Channels: n}
	q.Interpolation = q.filter()
	copy(q.Mean[:], j.Mean)
	copy(q.Std[:], j.Std)
	if err := q.Validate(); err != nil {
		return err
	}
	*p = q
	return nil
}
