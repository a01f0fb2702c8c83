package train

import (
	"context"
	"fmt"
	"math"
	"slices"

	"stride/internal/nn"
	"stride/internal/nn/kernel"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// Trainer is a training run. It owns its weights. It is not safe for concurrent use.
type Trainer struct {
	Graph   *nn.Graph
	Recipe  Recipe
	Weights *weights.Set
	// StepsDone counts the optimiser's steps.
	StepsDone int
	// Notes go into checkpoints and come back from them: the caller's own record of the run.
	Notes map[string]string
	// At builds the same network for smaller pictures, as recipes with stages need it.
	At func(side int) (*nn.Graph, error)

	total  int
	params []*param
	byKey  map[string]*param
	tape   *nn.Tape
	team   nn.Workers
	heads  []head
	x      *tensor.Tensor
	labels []int
	order  []int // the permutation of the current epoch
	epoch  int
	now    *nn.Graph // Graph, or the same at the size of the current stage
	side   int       // of the current stage; 0 for the network's own
}

// param is one trainable tensor with its gradient and the optimiser's state: momentum, or AdamW's two moments.
type param struct {
	key     string
	w, grad []float32
	m, v    []float32
	decay   float64
	rows    int // of the matrix that Muon makes of it; 0 for AdamW's step
	work    *muonWork
}

// head is one classifier whose loss counts.
type head struct {
	node   *nn.Node
	weight float64
	prob   []float32
	grad   *tensor.Tensor
}

// Step is what an observer sees after an update.
type Step struct {
	// Step and Epoch count from 1; Of is the number of steps of the whole run.
	Step, Of, Epoch int
	// Side is the height of this step's pictures.
	Side int
	// Loss is that of the main classifier, without auxiliary losses and decay.
	Loss float64
	Rate float64
	// GradNorm is the norm of the whole gradient before clipping.
	GradNorm float64
}

// New starts a run with initial weights of the recipe's seed. team may be nil for one thread.
func New(g *nn.Graph, r Recipe, team nn.Workers) (*Trainer, error) {
	return NewFrom(g, r, initial(g, r), team)
}

func initial(g *nn.Graph, r Recipe) *weights.Set {
	w := weights.Init(g, r.Seed)
	if r.ZeroResidual {
		for _, n := range g.Nodes {
			zeroBranch(w, n)
		}
	}
	return w
}

// zeroBranch clears the scale of a normalisation that feeds an addition directly and is not a projection of the shortcut:
// the first input of an add by the convention of nn/arch.
func zeroBranch(w *weights.Set, add *nn.Node) {
	if add.Op.Kind() != "add" {
		return
	}
	for _, p := range add.In[0].Params {
		if p.Role == nn.NormWeight {
			clear(w.Values(add.In[0].Key(p)))
		}
	}
}

// NewFrom starts a run from given weights, whose values it copies.
func NewFrom(g *nn.Graph, r Recipe, from *weights.Set, team nn.Workers) (*Trainer, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	if err := weights.Check(g, from); err != nil {
		return nil, err
	}
	t := &Trainer{Graph: g, Recipe: r, Weights: weights.NewSet(), byKey: map[string]*param{}, Notes: map[string]string{}, team: team, epoch: -1}
	first := firstConv(g)
	weights.EachParam(g, func(n *nn.Node, p nn.ParamSpec) {
		key := n.Key(p)
		w := slices.Clone(from.Values(key))
		t.Weights.Add(key, p.Dims, w)
		if !p.Role.Trainable() {
			return
		}
		q := &param{key: key, w: w, grad: make([]float32, len(w)), m: make([]float32, len(w)), decay: r.decay(p, n == first)}
		if r.orthogonal(g, n, p) {
			q.rows = p.Dims[0]
		} else if r.Optimizer != SGD {
			q.v = make([]float32, len(w))
		}
		t.params = append(t.params, q)
		t.byKey[key] = q
	})
	t.use(g)
	return t, nil
}

// use makes g, the network at some input size, the one that steps run through.
func (t *Trainer) use(g *nn.Graph) {
	t.now = g
	t.heads = []head{{node: g.Output, weight: 1}}
	if t.Recipe.AuxWeight > 0 {
		for _, a := range g.AuxOutputs {
			t.heads = append(t.heads, head{node: a, weight: t.Recipe.AuxWeight})
		}
	}
	t.tape = nn.NewTape(g, nn.TapeConfig{Workers: t.team, Train: true, Aux: len(t.heads) > 1})
	t.x = tensor.New(g.Input.Shape.WithN(t.Recipe.Batch))
}

// Current is the network at the size of the pictures that the run has now.
func (t *Trainer) Current() *nn.Graph { return t.now }

// resize switches to the picture size of an epoch (from 0).
func (t *Trainer) resize(epoch int) error {
	side := t.Recipe.side(epoch)
	if side == t.side {
		return nil
	}
	g := t.Graph
	if side != 0 {
		if t.At == nil {
			return fmt.Errorf("train: the recipe has a stage of %d×%d pictures, but this network has one size", side, side)
		}
		var err error
		if g, err = t.At(side); err != nil {
			return err
		}
		if err := weights.Check(g, t.Weights); err != nil {
			return fmt.Errorf("train: at %d×%d the network has other weights: %w", side, side, err)
		}
	}
	t.use(g)
	t.side = side
	return nil
}

func firstConv(g *nn.Graph) *nn.Node {
	for _, n := range g.Nodes {
		for _, p := range n.Params {
			if p.Role == nn.ConvWeight {
				return n
			}
		}
	}
	return nil
}

func (r Recipe) decay(p nn.ParamSpec, first bool) float64 {
	switch {
	case p.Role != nn.ConvWeight && p.Role != nn.LinearWeight && !r.DecayAll:
		return 0
	case first && p.Role == nn.ConvWeight && r.FirstDecay > 0:
		return r.FirstDecay
	}
	return r.Decay
}

// Loss runs one batch forward and backward and leaves the gradients of all parameters; it returns the loss of the main
// classifier. x is N×C×H×W, labels has N classes.
func (t *Trainer) Loss(ctx context.Context, x *tensor.Tensor, labels []int) (float64, error) {
	for _, p := range t.params {
		clear(p.grad)
	}
	t.tape.Seed(mix(t.Recipe.Seed + uint64(t.StepsDone)<<20))
	if err := t.tape.Forward(ctx, x, t.Weights); err != nil {
		return 0, err
	}
	seeds, loss := nn.Seeds{}, 0.0
	for i := range t.heads {
		l := t.seed(&t.heads[i], labels)
		seeds[t.heads[i].node] = t.heads[i].grad
		if i == 0 {
			loss = l
		}
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return loss, fmt.Errorf("train: step %d: the loss is %v; a lower rate or clipping may help", t.StepsDone+1, loss)
	}
	err := t.tape.Backward(ctx, seeds, func(key string, _ nn.ParamSpec) []float32 { return t.byKey[key].grad })
	return loss, err
}

// seed computes the loss of one head and its gradient at the logits.
func (t *Trainer) seed(h *head, labels []int) float64 {
	out := t.tape.Out(h.node)
	if len(h.prob) != len(out.Data) {
		h.prob, h.grad = make([]float32, len(out.Data)), tensor.New(out.Shape)
	}
	n, c, s := out.Shape.N, out.Shape.C, float32(t.Recipe.Smoothing)
	loss := kernel.CrossEntropy(h.prob, out.Data, labels, n, c, s)
	clear(h.grad.Data)
	kernel.CrossEntropyBackward(h.grad.Data, h.prob, labels, n, c, s, float32(h.weight))
	return loss
}

// Grad is the gradient of a parameter after Loss; nil for parameters that are not trained.
func (t *Trainer) Grad(key string) []float32 {
	if p := t.byKey[key]; p != nil {
		return p.grad
	}
	return nil
}

// Out is the output of a node in the last Loss.
func (t *Trainer) Out(n *nn.Node) *tensor.Tensor { return t.tape.Out(n) }

// Run trains until the recipe's last epoch, from wherever the run stands. observe sees every step; its error, like a
// cancelled context, stops the run after a whole step, and it can go on later as if it had never stopped.
func (t *Trainer) Run(ctx context.Context, d Dataset, observe func(Step) error) error {
	perEpoch := d.Len() / t.Recipe.Batch
	if perEpoch == 0 {
		return fmt.Errorf("train: %d examples do not fill a batch of %d", d.Len(), t.Recipe.Batch)
	}
	t.total = perEpoch * t.Recipe.Epochs
	t.labels = make([]int, t.Recipe.Batch)
	for t.StepsDone < t.total {
		if err := ctx.Err(); err != nil {
			return err
		}
		// A step that is cut short would already have moved the running statistics of some layers.
		s, err := t.step(context.WithoutCancel(ctx), d, perEpoch)
		if err != nil {
			return err
		}
		if observe != nil {
			if err := observe(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Trainer) step(ctx context.Context, d Dataset, perEpoch int) (Step, error) {
	epoch, at := t.StepsDone/perEpoch, t.StepsDone%perEpoch
	if t.epoch != epoch {
		t.order, t.epoch = shuffle(d.Len(), mix(t.Recipe.Seed^uint64(epoch+1)<<32)), epoch
	}
	if err := t.resize(epoch); err != nil {
		return Step{}, err
	}
	b := t.Recipe.Batch
	fill(t.x, t.labels, d, t.order[at*b:(at+1)*b], mix(t.Recipe.Seed+uint64(t.StepsDone)<<24)|1, t.team)
	loss, err := t.Loss(ctx, t.x, t.labels)
	if err != nil {
		return Step{}, err
	}
	rate := t.Recipe.rate(t.StepsDone, t.total)
	norm := t.Update(rate)
	return Step{Step: t.StepsDone, Of: t.total, Epoch: epoch + 1, Side: t.x.Shape.H, Loss: loss, Rate: rate, GradNorm: norm}, nil
}
