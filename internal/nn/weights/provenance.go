package weights

import "fmt"

// The metadata keys that the product reads and writes. Values are text; MetaPreprocess is the JSON of input.Preprocess,
// which this package passes on unread.
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
