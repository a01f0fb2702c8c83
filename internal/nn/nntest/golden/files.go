package golden

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn/tensor"
)

// Model is a model file: counts, layers and what every node outputs for Input(ActInput).
type Model struct {
	Name             string          `json:"model"`
	TorchvisionName  string          `json:"torchvision_name"`
	Gain             float64         `json:"gain"`
	InputShape       []int           `json:"input_shape"`
	ActInputShape    []int           `json:"act_input_shape"`
	Params           int64           `json:"num_params"`
	ParamsWithoutAux int64           `json:"num_params_without_aux"`
	Buffers          int64           `json:"num_buffers"`
	Counters         int64           `json:"num_batches_tracked"`
	MACs             int64           `json:"total_macs"`
	AuxMACs          int64           `json:"aux_macs"`
	Worst            Worst           `json:"f32_worst"`
	LogitsRel        float64         `json:"f32_logits_rel"`
	Logits           []float64       `json:"logits"`
	Top5             []int           `json:"top5"`
	Top6Values       []float64       `json:"top6_values"`
	SoftmaxTop5      []float64       `json:"softmax_top5"`
	Aux              map[string]Aux  `json:"aux"`
	Tensors          []FormulaTensor `json:"tensors"`
	Layers           []Layer         `json:"layers"`
	Activations      []Activation    `json:"activations"`
}

// Worst is the node with the largest float32 error in PyTorch.
type Worst struct {
	Rel  float64 `json:"rel"`
	Node string  `json:"node"`
}

// Aux is an auxiliary classifier.
type Aux struct {
	Source string    `json:"source"`
	Logits []float64 `json:"logits"`
}

// Layer is one node as declared. Pairs are [height, width].
type Layer struct {
	Name        string   `json:"name"`
	Type        string   `json:"type"`
	Inputs      []string `json:"inputs"`
	OutputShape []int    `json:"output_shape"`
	Params      int64    `json:"params"`
	MACs        int64    `json:"macs"`
	Kernel      []int    `json:"kernel"`
	Stride      []int    `json:"stride"`
	Padding     []int    `json:"padding"`
	Dilation    []int    `json:"dilation"`
	Groups      int      `json:"groups"`
	Eps         float64  `json:"eps"`
	RF          []int    `json:"rf"`
	Jump        []int    `json:"jump"`
	Aux         bool     `json:"aux"`
	NonTensor   bool     `json:"non_tensor"`
}

// Summary is what a file stores of an array: sums over all values, and a few samples at flat indices.
type Summary struct {
	Name   string    `json:"name"`
	Shape  []int     `json:"shape"`
	Mean   float64   `json:"mean"`
	L2     float64   `json:"l2"`
	Proj   float64   `json:"proj"` // see Probe
	Idx    []int     `json:"idx"`
	Val    []float64 `json:"val"`
	F32Rel float64   `json:"f32_rel"`
}

// Activation is the output of one node.
type Activation struct {
	Summary
	Std     float64 `json:"std"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
	AbsMean float64 `json:"absmean"`
}

// FormulaTensor is one parameter with its interval; the file lists [name, shape, role, lo, hi, first values].
type FormulaTensor struct {
	Name   string
	Shape  []int
	Role   string
	Lo, Hi float64
	First  []float64
}

// UnmarshalJSON reads the list form; ops.json leaves role and first values out.
func (t *FormulaTensor) UnmarshalJSON(b []byte) error {
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	dst := []any{&t.Name, &t.Shape, &t.Role, &t.Lo, &t.Hi, &t.First}
	if len(raw) == 4 {
		dst = []any{&t.Name, &t.Shape, &t.Lo, &t.Hi}
	}
	if len(raw) != len(dst) {
		return fmt.Errorf("golden: a tensor has %d fields, want 4 or 6", len(raw))
	}
	for i, r := range raw {
		if err := json.Unmarshal(r, dst[i]); err != nil {
			return err
		}
	}
	return nil
}

// Values are the formula's values of the tensor.
func (t FormulaTensor) Values() []float32 {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return Values(t.Name, n, t.Lo, t.Hi)
}

// Gradients is a gradient file: one batch of Input, forward, backward, SGD steps.
type Gradients struct {
	Model          string          `json:"model"`
	Mode           string          `json:"mode"`
	Gain           float64         `json:"gain"`
	InputShape     []int           `json:"input_shape"`
	Labels         []int           `json:"labels"`
	SGD            SGD             `json:"sgd"`
	Loss           float64         `json:"loss"`
	LossAfter1Step float64         `json:"loss_after_1_step"`
	Losses         []float64       `json:"losses"`
	LossesF32      []float64       `json:"losses_f32"`
	Logits         [][]float64     `json:"logits"`
	WorstRel       float64         `json:"f32_grad_rel_worst"`
	InputGrad      Summary         `json:"input_grad"`
	Tensors        []FormulaTensor `json:"tensors"`
	Grads          []Summary       `json:"grads"`
	ParamsAfter    []Summary       `json:"params_after_1_step"`
	BuffersAfter   []Summary       `json:"bn_buffers_after_1_forward"`
	Activations    []Activation    `json:"activations"`
}

// EvalBN reports whether batch normalisation uses its running statistics as constants.
func (g *Gradients) EvalBN() bool { return strings.HasPrefix(g.Mode, "eval") }

// SGD is the optimiser of a gradient file.
type SGD struct {
	LR          float64 `json:"lr"`
	Momentum    float64 `json:"momentum"`
	WeightDecay float64 `json:"weight_decay"`
}

// Shape is the tensor shape of a list [N, C, H, W], [N, C] or [C].
func Shape(d []int) tensor.Shape {
	switch len(d) {
	case 4:
		return tensor.Shape{N: d[0], C: d[1], H: d[2], W: d[3]}
	case 2:
		return tensor.Vec(d[0], d[1])
	case 1:
		return tensor.Vec(1, d[0])
	}
	panic(fmt.Sprintf("golden: Shape: %v has %d sides, want 1, 2 or 4", d, len(d)))
}

// LoadModel reads testdata/goldens/<name>.json and fails the test when it is not there.
func LoadModel(t testing.TB, name string) *Model { t.Helper(); return load[Model](t, name) }

// LoadGradients reads testdata/goldens/grad_<name>.json and fails the test when it is not there.
func LoadGradients(t testing.TB, name string) *Gradients {
	t.Helper()
	return load[Gradients](t, "grad_"+name)
}

// LoadOps reads the single operations of testdata/goldens/ops.json.
func LoadOps(t testing.TB) []OpCase {
	t.Helper()
	f := load[struct {
		Cases []OpCase `json:"cases"`
	}](t, "ops")
	if len(f.Cases) == 0 {
		t.Fatal("golden: ops.json has no cases")
	}
	return f.Cases
}

func load[T any](t testing.TB, name string) *T {
	t.Helper()
	b, err := read(name)
	if err != nil {
		t.Fatal(err)
	}
	v := new(T)
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("golden: %s: %v", name, err)
	}
	return v
}

// read finds a file in testdata/goldens of the module, or in $STRIDE_SHARED/goldens, plain or gzipped.
func read(name string) ([]byte, error) {
	var dirs []string
	if root, err := moduleRoot(); err == nil {
		dirs = append(dirs, filepath.Join(root, "testdata", "goldens"))
	}
	if s := sharedDir(); s != "" {
		dirs = append(dirs, filepath.Join(s, "goldens"))
	}
	for _, d := range dirs {
		if b, err := os.ReadFile(filepath.Join(d, name+".json")); !errors.Is(err, fs.ErrNotExist) {
			return b, err
		}
		if f, err := os.Open(filepath.Join(d, name+".json.gz")); err == nil {
			defer f.Close()
			z, err := gzip.NewReader(f)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(z)
		}
	}
	return nil, fmt.Errorf("golden: no %s.json in %q", name, dirs)
}

// sharedDir is a folder with further test data, named by the environment.
func sharedDir() string { return os.Getenv("STRIDE_SHARED") }

func moduleRoot() (string, error) {
	d, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d, nil
		}
		up := filepath.Dir(d)
		if up == d {
			return "", errors.New("golden: no go.mod above the working directory")
		}
		d = up
	}
}
