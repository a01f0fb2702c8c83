package explain

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// small is a network with everything that makes a gradient branch: two convolutions, a ReLU, a skip, an average and a dense
// layer. reference computes the same in float64.
func small(t *testing.T) *nn.Graph {
	t.Helper()
	g, err := nn.Build(tensor.CHW(2, 6, 5), func(b *nn.Builder, x *nn.Node) *nn.Node {
		a := b.Add("relu1", op.ReLU, b.Add("conv1", op.Conv{Out: 4, Kernel: 3, Pad: 1}, x))
		c := b.Add("conv2", op.Conv{Out: 4, Kernel: 3, Pad: 1}, a)
		y := b.Add("relu2", op.ReLU, b.Add("add", op.Add{}, c, a))
		return b.Add("fc", op.Linear{Out: 3}, b.Add("flatten", op.Flatten{}, b.Add("pool", op.AdaptiveAvgPool{Out: 1}, y)))
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const smallH, smallW = 6, 5

// maps are planes of smallH×smallW in float64.
type maps [][]float64

func convolve(x maps, w, b []float32) maps {
	out := make(maps, len(b))
	for o := range out {
		out[o] = make([]float64, smallH*smallW)
		for i := range out[o] {
			out[o][i] = float64(b[o])
			for c := range x {
				for k := range 9 {
					y, xx := i/smallW+k/3-1, i%smallW+k%3-1
					if y >= 0 && y < smallH && xx >= 0 && xx < smallW {
						out[o][i] += float64(w[(o*len(x)+c)*9+k]) * x[c][y*smallW+xx]
					}
				}
			}
		}
	}
	return out
}

func relu(x maps) maps {
	for _, p := range x {
		for i, v := range p {
			p[i] = max(v, 0)
		}
	}
	return x
}

// reference is the network from the input (from "input") or from the maps of relu1 or relu2 on, which it also returns.
func reference(w *weights.Set, from string, x maps) (logits []float64, at map[string]maps) {
	at = map[string]maps{}
	switch from {
	case "input":
		x = relu(convolve(x, w.Values("conv1.weight"), w.Values("conv1.bias")))
		fallthrough
	case "relu1":
		at["relu1"] = x
		y := convolve(x, w.Values("conv2.weight"), w.Values("conv2.bias"))
		for c := range y {
			for i := range y[c] {
				y[c][i] += x[c][i]
			}
		}
		x = relu(y)
	}
	at["relu2"] = x
	for o := range 3 {
		sum := float64(w.Values("fc.bias")[o])
		for c, p := range x {
			mean := 0.0
			for _, v := range p {
				mean += v / float64(len(p))
			}
			sum += float64(w.Values("fc.weight")[o*len(x)+c]) * mean
		}
		logits = append(logits, sum)
	}
	return logits, at
}

// slopes are ∂logit/∂x by central differences in float64.
func slopes(w *weights.Set, from string, x maps, class int) maps {
	const h = 1e-6
	g := make(maps, len(x))
	for c, p := range x {
		g[c] = make([]float64, len(p))
		for i, v := range p {
			p[i] = v + h
			up, _ := reference(w, from, copied(x))
			p[i] = v - h
			down, _ := reference(w, from, copied(x))
			p[i] = v
			g[c][i] = (up[class] - down[class]) / (2 * h)
		}
	}
	return g
}

func copied(x maps) maps {
	y := make(maps, len(x))
	for i := range x {
		y[i] = slices.Clone(x[i])
	}
	return y
}

func randomWeights(g *nn.Graph, rng *rand.Rand) *weights.Set {
	w := weights.NewSet()
	weights.EachParam(g, func(n *nn.Node, p nn.ParamSpec) {
		v := make([]float32, p.Len())
		for i := range v {
			v[i] = float32(rng.NormFloat64()) / 2
			if p.Role == nn.NormVar {
				v[i] = v[i]*v[i] + 0.5
			}
		}
		w.Add(n.Key(p), p.Dims, v)
	})
	return w
}

func randomInput(g *nn.Graph, n int, rng *rand.Rand) *tensor.Tensor {
	x := tensor.New(g.Input.Shape.WithN(n))
	for i := range x.Data {
		x.Data[i] = float32(rng.NormFloat64())
	}
	return x
}

func near(t *testing.T, what string, got float32, want float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 1e-5*(1+math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestAgainstReference(t *testing.T) {
	g := small(t)
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 1))
		w, x := randomWeights(g, rng), randomInput(g, 1, rng)
		in := maps{make([]float64, smallH*smallW), make([]float64, smallH*smallW)}
		for i, v := range x.Data {
			in[i/(smallH*smallW)][i%(smallH*smallW)] = float64(v)
		}
		logits, at := reference(w, "input", copied(in))
		class := int(seed) % 3
		r, err := Run(context.Background(), g, x, w, Config{Class: class, Saliency: true})
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range logits {
			near(t, "a logit", r.Logits[i], v)
		}
		slope := slopes(w, "input", in, class)
		for i := range r.Saliency.Data {
			near(t, "saliency", r.Saliency.Data[i], max(math.Abs(slope[0][i]), math.Abs(slope[1][i])))
		}
		for _, path := range []string{"relu1", "relu2"} {
			m, ok := r.Of(g.Node(path))
			if !ok {
				t.Fatalf("no map of %s", path)
			}
			checkCAM(t, path, m, at[path], slopes(w, path, at[path], class))
		}
	}
}

func checkCAM(t *testing.T, path string, m CAM, a, slope maps) {
	t.Helper()
	sum, top := make([]float64, smallH*smallW), 0.0
	for c := range a {
		alpha := 0.0
		for _, v := range slope[c] {
			alpha += v / float64(len(slope[c]))
		}
		near(t, path+": a weight", m.Weights[c], alpha)
		for i, v := range a[c] {
			sum[i] += alpha * v
		}
	}
	for i, v := range sum {
		near(t, path+": the map", m.Map.Data[i], max(v, 0))
		top = max(top, v)
	}
	near(t, path+": the maximum", m.Max, top)
}

// TestChoice checks that the maps asked for are the same alone, without saliency, as among all.
func TestChoice(t *testing.T) {
	g := small(t)
	rng := rand.New(rand.NewPCG(9, 9))
	w, x := randomWeights(g, rng), randomInput(g, 1, rng)
	all, err := Run(context.Background(), g, x, w, Config{Class: Best})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, m := range all.Maps {
		paths = append(paths, m.Node.Path)
		one, err := Run(context.Background(), g, x, w, Config{Class: all.Class, Nodes: []*nn.Node{m.Node}})
		if err != nil {
			t.Fatal(err)
		}
		if len(one.Maps) != 1 || !slices.Equal(one.Maps[0].Map.Data, m.Map.Data) || one.Saliency != nil {
			t.Errorf("%s alone gives another result", m.Node.Path)
		}
	}
	if want := []string{"conv1", "relu1", "conv2", "add", "relu2"}; !slices.Equal(paths, want) {
		t.Errorf("maps of %v, want %v", paths, want)
	}
	if all.Logits[all.Class] != slices.Max(all.Logits) {
		t.Errorf("class %d is not the best of %v", all.Class, all.Logits)
	}
}

func TestErrors(t *testing.T) {
	g := small(t)
	rng := rand.New(rand.NewPCG(1, 1))
	w := randomWeights(g, rng)
	for _, c := range []struct {
		name   string
		images int
		class  int
		want   string
	}{
		{"two pictures", 2, 0, "want one picture"},
		{"no such class", 1, 3, "the classes 0 to 2"},
		{"negative class", 1, -2, "the classes 0 to 2"},
	} {
		_, err := Run(context.Background(), g, randomInput(g, c.images, rng), w, Config{Class: c.class})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}
