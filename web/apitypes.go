package web

import (
	"encoding/json"
	"math"
)

// The answers of the programming interface. Field names are public and do not change; those that the command line prints
// too are the same there.

type apiModel struct {
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Family  string       `json:"family"`
	Year    int          `json:"year"`
	Input   []int        `json:"input" doc:"Channels, rows, columns."`
	Params  int64        `json:"params"`
	MACs    int64        `json:"macs" doc:"Multiply-accumulates of convolutions and dense layers for one picture."`
	Weights []apiWeights `json:"weights"`
}

type apiWeights struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	TrainedOn string `json:"trained_on"`
	Bytes     int64  `json:"bytes"`
}

type apiSummary struct {
	Model  string    `json:"model"`
	Input  []int     `json:"input"`
	Totals apiTotals `json:"totals"`
	Nodes  []apiNode `json:"nodes"`
}

type apiTotals struct {
	Params        int64 `json:"params" doc:"Trainable values, without auxiliary classifiers."`
	ParamsWithAux int64 `json:"params_with_aux"`
	Buffers       int64 `json:"buffers" doc:"Running statistics, with those of auxiliary classifiers."`
	MACs          int64 `json:"macs"`
	Activations   int64 `json:"activation_bytes" doc:"All outputs in float32."`
	Peak          int64 `json:"peak_bytes" doc:"The most that is alive at once."`
}

type apiNode struct {
	Path    string   `json:"path"`
	Kind    string   `json:"kind"`
	Inputs  []string `json:"inputs"`
	Shape   []int    `json:"shape" doc:"[C,H,W], or [C] for a vector."`
	Params  int64    `json:"params"`
	MACs    int64    `json:"macs"`
	Kernel  []int    `json:"kernel"`
	Stride  []int    `json:"stride"`
	Padding []int    `json:"padding"`
	Groups  int      `json:"groups"`
	Field   []int    `json:"receptive_field"`
	Jump    []int    `json:"jump"`
	Aux     bool     `json:"aux" doc:"Part of an auxiliary classifier, which runs in training only."`
}

type apiBottleneck struct {
	In        int       `json:"in"`
	Mid       int       `json:"mid"`
	Out       int       `json:"out"`
	Kernel    int       `json:"kernel"`
	Size      int       `json:"size"`
	Bias      bool      `json:"bias"`
	Forms     []apiForm `json:"forms"`
	BreakEven float64   `json:"break_even" doc:"The middle depth at which the bottleneck costs as much as the direct form."`
}

type apiForm struct {
	Name      string    `json:"name"`
	Params    int64     `json:"params"`
	MACs      int64     `json:"macs"`
	MapValues int64     `json:"map_values"`
	Terms     []apiTerm `json:"terms"`
}

type apiTerm struct {
	Text   string `json:"text"`
	Params int64  `json:"params"`
}

type apiComparison struct {
	Models []apiCompared `json:"models"`
	Diff   *apiDiff      `json:"diff" doc:"Layer by layer; for exactly two networks."`
}

type apiCompared struct {
	Name            string             `json:"name"`
	Title           string             `json:"title"`
	Year            int                `json:"year"`
	Input           []int              `json:"input"`
	Params          int64              `json:"params"`
	MACs            int64              `json:"macs"`
	Depth           int                `json:"depth"`
	Layers          int                `json:"layers"`
	ActivationBytes int64              `json:"activation_bytes"`
	PeakBytes       int64              `json:"peak_bytes"`
	ParamShares     map[string]float64 `json:"param_shares" doc:"By kind of layer."`
	WorkShares      map[string]float64 `json:"work_shares" doc:"By side of the map."`
}

type apiDiff struct {
	Params int64     `json:"params"`
	MACs   int64     `json:"macs"`
	Bytes  int64     `json:"activation_bytes"`
	Kept   int       `json:"kept"`
	Steps  []apiStep `json:"steps"`
}

type apiStep struct {
	Fate    string      `json:"fate"`
	Kind    string      `json:"kind"`
	From    string      `json:"from"`
	To      string      `json:"to"`
	Changes []apiChange `json:"changes"`
	Params  int64       `json:"params"`
	MACs    int64       `json:"macs"`
}

type apiChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

type apiPrediction struct {
	Model   string      `json:"model"`
	Weights apiID       `json:"weights"`
	Run     string      `json:"run" doc:"Names the run in /runs/{run}/…, as long as the server remembers it."`
	Top     []apiGuess  `json:"top"`
	MS      float64     `json:"ms" doc:"Of the run; an answer from memory keeps the time of its run."`
	Trained bool        `json:"trained" doc:"False for random weights. They have no answers: top is empty."`
	Nodes   []apiStats  `json:"nodes,omitempty"`
	Logits  []apiNumber `json:"logits,omitempty"`
}

type apiID struct {
	ID        string `json:"id"`
	TrainedOn string `json:"trained_on"`
	SHA256    string `json:"sha256"`
}

type apiGuess struct {
	Index int     `json:"index"`
	Label string  `json:"label"`
	Prob  float64 `json:"prob"`
}

type apiStats struct {
	Path    string    `json:"path"`
	Kind    string    `json:"kind"`
	Shape   []int     `json:"shape" doc:"[1,C,H,W], or [1,C] for a vector."`
	Mean    apiNumber `json:"mean"`
	Std     apiNumber `json:"std"`
	Min     apiNumber `json:"min"`
	Max     apiNumber `json:"max"`
	AbsMean apiNumber `json:"absmean"`
	L2      apiNumber `json:"l2"`
}

type apiValues struct {
	Path    string        `json:"path"`
	Shape   []int         `json:"shape"`
	Channel int           `json:"channel"`
	Values  [][]apiNumber `json:"values" doc:"Rows of the channel's map; a vector is one value per channel."`
}

type apiExplanation struct {
	Path    string     `json:"path"`
	Kind    string     `json:"kind"`
	Cell    []int      `json:"cell" doc:"Channel, row, column."`
	Form    string     `json:"form" doc:"How the value follows from its parts: sum, max, mean, pointwise, norm, lrn, product, copy, softmax, distance."`
	Value   apiNumber  `json:"value"`
	Sum     apiNumber  `json:"sum"`
	Bias    *float64   `json:"bias"`
	Terms   []apiPart  `json:"terms" doc:"The largest by size of the product, in the order of the sum."`
	Total   int        `json:"terms_total"`
	Symbols []apiNamed `json:"symbols" doc:"Further numbers of the formula."`
}

type apiPart struct {
	Input string    `json:"input" doc:"Path of the node that was read."`
	Cell  []int     `json:"cell"`
	X     apiNumber `json:"x"`
	W     apiNumber `json:"w"`
}

type apiNamed struct {
	Symbol string    `json:"symbol"`
	Value  apiNumber `json:"value"`
}

// apiNumber is a number, or null for what JSON cannot say: infinities and NaN.
type apiNumber float64

// MarshalJSON writes null for what is not finite.
func (n apiNumber) MarshalJSON() ([]byte, error) {
	if v := float64(n); math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

func apiNumbers(v []float32) []apiNumber {
	out := make([]apiNumber, len(v))
	for i, x := range v {
		out[i] = apiNumber(x)
	}
	return out
}

type apiFigures struct {
	Model       string          `json:"model"`
	Params      int64           `json:"params"`
	MACs        int64           `json:"macs"`
	Conventions []apiConvention `json:"conventions" doc:"What each convention of counters adds to the network's own counts."`
	Figures     []apiFigure     `json:"figures"`
	Asked       []apiFigure     `json:"asked" doc:"Accounts of the figure that was asked for: as parameters, as multiply-accumulates, or none."`
}

type apiConvention struct {
	Name   string `json:"name"`
	Params int64  `json:"params"`
	MACs   int64  `json:"macs"`
	Nodes  int    `json:"nodes" doc:"How many nodes it is about."`
}

type apiFigure struct {
	Text     string          `json:"text"`
	Of       string          `json:"of" doc:"params or macs."`
	Source   string          `json:"source"`
	Where    string          `json:"where"`
	Network  string          `json:"network" doc:"The form of the network that the source has."`
	Count    int64           `json:"count" doc:"The network's own count."`
	Lines    []apiConvention `json:"lines" doc:"What the source counts besides."`
	Sum      int64           `json:"sum" doc:"Count and lines together."`
	Rounding string          `json:"rounding" doc:"How the sum became the figure: exact, rounded, cut or below."`
}
