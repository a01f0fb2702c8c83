package analyze

import (
	"math"

	"stride/internal/nn"
)

// Band groups layers by the side of the map that they write.
type Band string

// The bands, from large maps to small, named by ImageNet's usual sides; a map belongs to the nearest on a logarithmic
// scale, so that networks with other input sizes can be compared. Layers on maps of less than 5 are Small; dense layers
// have no map.
const (
	Band112  Band = "112"
	Band56   Band = "56"
	Band28   Band = "28"
	Band14   Band = "14"
	Band7    Band = "7"
	BandTiny Band = "small"
	Dense    Band = "dense"
)

// Bands lists the bands in order.
var Bands = []Band{Band112, Band56, Band28, Band14, Band7, BandTiny, Dense}

// BandOf is the band of a node.
func BandOf(n *nn.Node) Band {
	if _, ok := has(n, nn.LinearWeight); ok {
		return Dense
	}
	side := math.Sqrt(float64(n.Shape.PlaneLen()))
	i := int(math.Round(math.Log2(112 / side)))
	return Bands[min(max(i, 0), 5)]
}

// Share is one part of a whole.
type Share struct {
	Name   string
	Params int64
	MACs   int64
}

// ByBand divides parameters and MACs by map size; every band is listed.
func ByBand(g *nn.Graph) []Share {
	out := make([]Share, len(Bands))
	at := map[Band]int{}
	for i, b := range Bands {
		out[i].Name, at[b] = string(b), i
	}
	return shares(g, out, func(n *nn.Node) int { return at[BandOf(n)] })
}

// Classes of layers by where their parameters sit, in the order of ByClass.
var classes = []string{"conv", "pointwise", "depthwise", "linear", "norm", "other"}

// ByClass divides parameters and MACs by kind of layer: convolutions, 1×1 convolutions, depthwise convolutions, dense
// layers, normalisation, and what else has parameters. Every class is listed.
func ByClass(g *nn.Graph) []Share {
	out := make([]Share, len(classes))
	for i, c := range classes {
		out[i].Name = c
	}
	return shares(g, out, func(n *nn.Node) int { return classOf(n) })
}

func classOf(n *nn.Node) int {
	if _, ok := has(n, nn.LinearWeight); ok {
		return 3
	}
	if w, ok := has(n, nn.ConvWeight); ok {
		switch win := n.Window(); {
		case len(n.In) == 1 && w.Dims[1] == 1 && n.In[0].Shape.C > 1:
			return 2
		case win.KH == 1 && win.KW == 1:
			return 1
		}
		return 0
	}
	if _, ok := has(n, nn.NormWeight); ok {
		return 4
	}
	return 5
}

func shares(g *nn.Graph, out []Share, part func(*nn.Node) int) []Share {
	s := Summarize(g)
	for _, n := range g.Main() {
		if r := s.Row(n); r.Params > 0 || r.MACs > 0 {
			i := part(n)
			out[i].Params += r.Params
			out[i].MACs += r.MACs
		}
	}
	return out
}
