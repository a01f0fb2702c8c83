package weights

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// The metadata keys that the product reads and writes. Values are text; MetaPreprocess is JSON.
const (
	MetaModel      = "model"
	MetaTrainedOn  = "trained_on"
	MetaSource     = "source"
	MetaLicence    = "licence"
	MetaLabels     = "labels"
	MetaPreprocess = "preprocess"
)

// Status says where weights are.
type Status string

// The statuses: part of the binary, a file in the data directory or named by the user, known but not here, drawn at random.
const (
	Embedded  Status = "embedded"
	Installed Status = "installed"
	Available Status = "available"
	Untrained Status = "untrained"
)

// Provenance is what a page says about weights: the badge, the licence note, the digest.
type Provenance struct {
	ID        string `json:"id"`
	Status    Status `json:"status"`
	TrainedOn string `json:"trained_on"`
	Source    string `json:"source"`
	Licence   string `json:"licence"`
	// SHA256 is the digest of the file in hexadecimal, "" for untrained weights.
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	// Seed is what untrained weights were drawn from.
	Seed uint64 `json:"seed,omitempty"`
}

// ProvenanceOf reads the metadata of a set. The digest is computed here, which reads the whole file once.
func ProvenanceOf(s *Set, id string, status Status) Provenance {
	return Provenance{ID: id, Status: status, TrainedOn: s.Meta[MetaTrainedOn], Source: s.Meta[MetaSource],
		Licence: s.Meta[MetaLicence], SHA256: s.SHA256(), Bytes: s.FileBytes()}
}

// UntrainedProvenance describes the result of Init with this seed; the id, "untrained:7", is what the command line takes.
func UntrainedProvenance(seed uint64) Provenance {
	return Provenance{ID: fmt.Sprintf("%s:%d", Untrained, seed), Status: Untrained, Seed: seed,
		Source: fmt.Sprintf("He initialisation, seed %d", seed)}
}

// Preprocess is how a picture becomes the network's input, as stored in the metadata: the short side is resized to Resize,
// a Crop×Crop square is cut from the centre, and every value v of 0…1 becomes (v − Mean) / Std by channel.
type Preprocess struct {
	Resize        int       `json:"resize"`
	Crop          int       `json:"crop"`
	Interpolation string    `json:"interpolation"` // bilinear or bicubic
	Mean          []float64 `json:"mean"`
	Std           []float64 `json:"std"`
}

// Preprocess reads the metadata; ok is false when it has none. The error says what is wrong with it.
func (s *Set) Preprocess() (p Preprocess, ok bool, err error) {
	t, ok := s.Meta[MetaPreprocess]
	if !ok {
		return p, false, nil
	}
	d := json.NewDecoder(strings.NewReader(t))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Preprocess{}, false, &Error{Code: BadHeader, Tensor: MetaPreprocess, Text: "the metadata is not the expected JSON", Err: err}
	}
	if err := p.check(); err != nil {
		return Preprocess{}, false, &Error{Code: BadHeader, Tensor: MetaPreprocess, Text: "the metadata makes no sense", Err: err}
	}
	return p, true, nil
}

// SetPreprocess writes the metadata.
func (s *Set) SetPreprocess(p Preprocess) error {
	if err := p.check(); err != nil {
		return err
	}
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	s.Meta[MetaPreprocess] = string(b)
	return nil
}

func (p Preprocess) check() error {
	switch {
	case p.Resize < 1 || p.Resize > 4096 || p.Crop < 1 || p.Crop > p.Resize:
		return fmt.Errorf("resize %d, crop %d: want 1 ≤ crop ≤ resize ≤ 4096", p.Resize, p.Crop)
	case p.Interpolation != "bilinear" && p.Interpolation != "bicubic":
		return fmt.Errorf("interpolation %q: want bilinear or bicubic", clip(p.Interpolation))
	case len(p.Mean) != len(p.Std) || len(p.Mean) != 1 && len(p.Mean) != 3:
		return fmt.Errorf("%d means and %d deviations: want 1 or 3 of each", len(p.Mean), len(p.Std))
	}
	for i, s := range p.Std {
		if m := p.Mean[i]; !(s > 0) || math.IsInf(s, 0) || math.IsNaN(m) || math.IsInf(m, 0) {
			return fmt.Errorf("channel %d has mean %g and deviation %g: want finite numbers and a positive deviation", i, m, s)
		}
	}
	return nil
}
