package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stride/assets"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// weightFlags choose weights and how a picture is prepared for them.
type weightFlags struct {
	Weights string    `help:"A .safetensors, .pth or .pt file, the id of installed weights, or untrained[:SEED]." placeholder:"FILE"`
	Resize  count     `help:"Short side after resizing." placeholder:"SIDE"`
	Crop    count     `help:"Side of the centred square that the network reads." placeholder:"SIDE"`
	Mean    []float32 `help:"Mean of each channel (values 0 to 1)." placeholder:"R,G,B"`
	Std     []float32 `help:"Deviation of each channel." placeholder:"R,G,B"`
	Threads threads   `help:"Threads; all cores unless given."`
}

// load finds the model and applies the overrides. in is the input size; when zero it is the crop's, or else the
// architecture's own.
func (f *weightFlags) load(a *app, name string, in tensor.Shape) (*model.Model, error) {
	ar, err := arch.ByName(name)
	if err != nil {
		return nil, usageError{err}
	}
	if side := int(f.Crop); side > 0 && in == (tensor.Shape{}) {
		in = tensor.CHW(ar.Input.C, side, side)
	}
	if in != (tensor.Shape{}) {
		if _, err := ar.GraphAt(in); err != nil {
			return nil, usagef("%s cannot read %v: %w", name, in, err)
		}
	}
	m, err := f.find(a, name, in)
	if err != nil {
		return nil, err
	}
	p := &m.Preprocess
	if f.Resize > 0 {
		p.Resize = int(f.Resize)
	}
	for flag, to := range map[string]*[3]float32{"mean": &p.Mean, "std": &p.Std} {
		v := map[string][]float32{"mean": f.Mean, "std": f.Std}[flag]
		switch len(v) {
		case 0:
		case 1:
			*to = [3]float32{v[0], v[0], v[0]}
		case 3:
			*to = [3]float32(v)
		default:
			return nil, usagef("--%s takes 1 or 3 values, not %d", flag, len(v))
		}
	}
	if err := p.Validate(); err != nil {
		return nil, usageError{err}
	}
	return m, nil
}

func (f *weightFlags) find(a *app, name string, in tensor.Shape) (*model.Model, error) {
	_, untrained, err := model.UntrainedSpec(f.Weights)
	if err != nil {
		return nil, usageError{err}
	}
	if f.Weights != "" && !untrained {
		_, err := os.Stat(f.Weights)
		if err == nil {
			return model.LoadFile(name, f.Weights, in)
		}
		if !slices.ContainsFunc(a.catalogue.Of(name), func(e model.Entry) bool { return e.ID == f.Weights }) {
			return nil, fmt.Errorf("--weights: %w, and no weights of %s have this id: `explorer weights list` shows what is here", err, name)
		}
	}
	m, err := a.catalogue.LoadAt(name, f.Weights, in)
	if err != nil {
		return nil, err
	}
	own := *m // the overrides must not reach the shared model
	return &own, nil
}

type traceCmd struct {
	Model  string   `arg:"" help:"Architecture, as \"explorer models\" lists it."`
	Image  string   `help:"A picture, JPEG, PNG, GIF or WebP; either this or --tensor." xor:"in" required:"" placeholder:"FILE"`
	Tensor string   `help:"An input as it is, float32 .npy, 1×C×H×W; either this or --image." xor:"in" required:"" placeholder:"FILE"`
	Node   []string `help:"Only these nodes; repeatable." placeholder:"PATH"`
	Dump   string   `help:"Write <path>.npy (float32, NCHW) for every node into this folder." placeholder:"DIR"`
	Format string   `help:"table or json." enum:"table,json" default:"table"`
	weightFlags
}

type traceJSON struct {
	Model   string             `json:"model"`
	Weights weightsID          `json:"weights"`
	Input   [4]int             `json:"input_shape"`
	Nodes   []statsJSON        `json:"nodes"`
	Logits  []finite           `json:"logits"`
	Top     []guessJSON        `json:"top"`
	Aux     map[string]auxJSON `json:"aux"`
	MS      float64            `json:"ms"`
}

type weightsID struct {
	ID        string `json:"id"`
	TrainedOn string `json:"trained_on"`
	SHA256    string `json:"sha256"`
}

type statsJSON struct {
	Path    string  `json:"path"`
	Kind    nn.Kind `json:"kind"`
	Shape   []int   `json:"shape"`
	Mean    finite  `json:"mean"`
	Std     finite  `json:"std"`
	Min     finite  `json:"min"`
	Max     finite  `json:"max"`
	AbsMean finite  `json:"absmean"`
	L2      finite  `json:"l2"`
}

type guessJSON struct {
	Index int    `json:"index"`
	Label string `json:"label"`
	Prob  finite `json:"prob"`
}

type auxJSON struct {
	Logits []finite `json:"logits"`
}

// Run runs the network once.
func (c *traceCmd) Run(a *app) error {
	var x *tensor.Tensor
	var in tensor.Shape
	if c.Tensor != "" {
		var err error
		if x, err = readTensor(c.Tensor); err != nil {
			return err
		}
		in = x.Shape.WithN(1)
	}
	m, err := c.load(a, c.Model, in)
	if err != nil {
		return err
	}
	if x == nil {
		if x, err = prepare(a, m, c.Image); err != nil {
			return err
		}
	}
	for _, p := range c.Node {
		if m.Graph.Node(p) == nil {
			return usagef("%s has no node %q; `explorer summary %s` lists them", c.Model, p, c.Model)
		}
	}
	t := traceJSON{Model: c.Model, Weights: idOf(m), Input: [4]int{x.Shape.N, x.Shape.C, x.Shape.H, x.Shape.W}, Aux: map[string]auxJSON{}}
	res, err := m.Run(a.ctx, x, model.RunConfig{Threads: c.Threads.count(), Plain: true, Aux: true, Tap: func(n *nn.Node, read func() *tensor.Tensor) error { return c.visit(&t, n, read) }})
	if err != nil {
		return err
	}
	t.MS = float64(res.Elapsed.Microseconds()) / 1000
	t.Logits = finites(res.Logits)
	if t.Top, err = guesses(m, res.Logits, 5); err != nil {
		return err
	}
	for path, l := range res.Aux {
		name, _, _ := strings.Cut(path, ".")
		t.Aux[name] = auxJSON{finites(l)}
	}
	return c.print(a, m, &t)
}

// visit records and dumps one node.
func (c *traceCmd) visit(t *traceJSON, n *nn.Node, read func() *tensor.Tensor) error {
	if len(c.Node) > 0 && !slices.Contains(c.Node, n.Path) {
		return nil
	}
	out := read()
	s := out.Stats()
	t.Nodes = append(t.Nodes, statsJSON{n.Path, n.Op.Kind(), nchw(out.Shape), finite(s.Mean), finite(s.Std), finite(s.Min), finite(s.Max), finite(s.AbsMean), finite(s.L2)})
	if c.Dump == "" {
		return nil
	}
	if err := os.MkdirAll(c.Dump, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(c.Dump, n.Path+".npy"))
	if err != nil {
		return err
	}
	if err := input.WriteNPY(f, out, nchw(out.Shape)...); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// nchw is a shape for JSON and .npy: [N,C,H,W], or [N,C] for vectors.
func nchw(s tensor.Shape) []int {
	if s.H == 1 && s.W == 1 {
		return []int{s.N, s.C}
	}
	return []int{s.N, s.C, s.H, s.W}
}

func (c *traceCmd) print(a *app, m *model.Model, t *traceJSON) error {
	if c.Format == "json" {
		return writeJSON(a.out, t)
	}
	var rows [][]string
	g := func(f finite) string { return fmt.Sprintf("%.5g", float64(f)) }
	for _, n := range t.Nodes {
		rows = append(rows, []string{n.Path, string(n.Kind), dims(n.Shape[1:]...), g(n.Mean), g(n.Std), g(n.Min), g(n.Max)})
	}
	if err := table(a.out, []string{"path", "kind", "shape", ">mean", ">std", ">min", ">max"}, rows); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\n%s, %s, %.1f ms\n", m.Arch.Title, badge(m), t.MS)
	if !m.Trained() {
		fmt.Fprintln(a.out, "Random weights: shapes and counts are right, values and predictions are noise.")
		return nil
	}
	return printGuesses(a, t.Top)
}

func printGuesses(a *app, top []guessJSON) error {
	var rows [][]string
	for _, g := range top {
		rows = append(rows, []string{percent(float64(g.Prob)), g.Label})
	}
	return table(a.out, []string{">share", "class"}, rows)
}

// badge says in words which weights these are.
func badge(m *model.Model) string {
	if p := m.Provenance; p.Status == weights.Untrained {
		return fmt.Sprintf("untrained (seed %d)", p.Seed)
	} else if p.TrainedOn != "" {
		return "trained on " + p.TrainedOn
	}
	return "weights " + m.Provenance.ID
}

func idOf(m *model.Model) weightsID {
	return weightsID{m.Provenance.ID, m.Provenance.TrainedOn, m.Provenance.SHA256}
}

// guesses names the likeliest classes; an untrained network has none.
func guesses(m *model.Model, logits []float32, k int) ([]guessJSON, error) {
	top := []guessJSON{}
	if !m.Trained() {
		return top, nil
	}
	names, err := model.ReadNames(assets.FS, m.Arch.Labels, "en")
	if err != nil {
		return nil, err
	}
	for _, g := range model.Top(logits, k) {
		top = append(top, guessJSON{g.Index, names.Of(g.Index), finite(g.Prob)})
	}
	return top, nil
}

func readTensor(file string) (*tensor.Tensor, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x, err := input.ReadNPY(f, 1<<26)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if x.Shape.N != 1 {
		return nil, fmt.Errorf("%s: a batch of %d inputs, trace takes one: save array[:1]", file, x.Shape.N)
	}
	return x, nil
}

// prepare reads a picture and makes it the network's input.
func prepare(a *app, m *model.Model, file string) (*tensor.Tensor, error) {
	img, err := readPicture(a, file)
	if err != nil {
		return nil, err
	}
	return m.Tensor(img), nil
}

func readPicture(a *app, file string) (*input.RGB, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	img, _, err := input.Decode(a.ctx, b, input.DefaultLimits())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return img, nil
}
