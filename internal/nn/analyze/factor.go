package analyze

import (
	"fmt"
	"math"
	"strings"
)

// Contract is what a convolution promises: In channels to Out channels with a square kernel, stride 1, on a Size×Size
// map that keeps its size. Every form below keeps the same contract.
type Contract struct {
	In, Out, Kernel, Size int
	Bias                  bool
}

// PartCost is one convolution of a form.
type PartCost struct {
	// Factors is the product of the weights: kernel rows, kernel columns, input channels of a group, filters.
	Factors []int
	Weights int64
	Biases  int64
	// Out is the number of maps it writes.
	Out int
}

// Params are weights and biases.
func (p PartCost) Params() int64 { return p.Weights + p.Biases }

// Text is the product as it is written: "3·3·32·64".
func (p PartCost) Text() string {
	s := make([]string, len(p.Factors))
	for i, f := range p.Factors {
		s[i] = fmt.Sprint(f)
	}
	return strings.Join(s, "·")
}

// Form is one way to keep a contract.
type Form struct {
	// Name is stable: "direct", "bottleneck", "grouped", "asymmetric", "sandwich", "separable".
	Name string
	// Mid is the depth of the middle layer, 0 where there is none; Groups the number of groups.
	Mid, Groups int
	Parts       []PartCost
	Params      int64
	MACs        int64
	// MapValues is the number of activations that the form writes, its inner maps included.
	MapValues int64
}

// part is a kh×kw convolution from in to out channels in g groups.
func (c Contract) part(kh, kw, in, out, g int) PartCost {
	p := PartCost{Factors: []int{kh, kw, in / g, out}, Weights: int64(kh) * int64(kw) * int64(in/g) * int64(out), Out: out}
	if c.Bias {
		p.Biases = int64(out)
	}
	return p
}

func (c Contract) form(name string, mid, groups int, parts ...PartCost) Form {
	f := Form{Name: name, Mid: mid, Groups: groups, Parts: parts}
	area := int64(c.Size) * int64(c.Size)
	for _, p := range parts {
		f.Params += p.Params()
		f.MACs += p.Weights * area
		f.MapValues += int64(p.Out) * area
	}
	return f
}

// Direct is one k×k convolution.
func (c Contract) Direct() Form {
	return c.form("direct", 0, 1, c.part(c.Kernel, c.Kernel, c.In, c.Out, 1))
}

// Bottleneck is a 1×1 to mid channels, then the k×k (Szegedy et al. 2014, arXiv:1409.4842, §4).
func (c Contract) Bottleneck(mid int) Form {
	return c.form("bottleneck", mid, 1, c.part(1, 1, c.In, mid, 1), c.part(c.Kernel, c.Kernel, mid, c.Out, 1))
}

// Grouped is the k×k in g groups that do not see one another; g divides In and Out.
func (c Contract) Grouped(g int) Form {
	return c.form("grouped", 0, g, c.part(c.Kernel, c.Kernel, c.In, c.Out, g))
}

// Asymmetric is 1×k to mid channels, then k×1 (Szegedy et al. 2015, arXiv:1512.00567, §3.2).
func (c Contract) Asymmetric(mid int) Form {
	return c.form("asymmetric", mid, 1, c.part(1, c.Kernel, c.In, mid, 1), c.part(c.Kernel, 1, mid, c.Out, 1))
}

// Sandwich is 1×1, k×k and 1×1 with mid channels inside: ResNet's bottleneck (He et al. 2015, arXiv:1512.03385, Fig. 5).
func (c Contract) Sandwich(mid int) Form {
	return c.form("sandwich", mid, 1, c.part(1, 1, c.In, mid, 1), c.part(c.Kernel, c.Kernel, mid, mid, 1), c.part(1, 1, mid, c.Out, 1))
}

// Separable is one k×k filter per channel, then a 1×1 (Howard et al. 2017, arXiv:1704.04861, §3.1).
func (c Contract) Separable() Form {
	return c.form("separable", 0, c.In, c.part(c.Kernel, c.Kernel, c.In, c.In, c.In), c.part(1, 1, c.In, c.Out, 1))
}

// Ladder lists all forms, with mid channels where there is a middle layer. Groups of 2 and 4 are listed where they divide
// both depths.
func (c Contract) Ladder(mid int) []Form {
	l := []Form{c.Direct(), c.Bottleneck(mid)}
	for _, g := range []int{2, 4} {
		if c.In%g == 0 && c.Out%g == 0 {
			l = append(l, c.Grouped(g))
		}
	}
	l = append(l, c.Asymmetric(c.Out))
	if mid != c.Out {
		l = append(l, c.Asymmetric(mid))
	}
	return append(l, c.Sandwich(mid), c.Separable())
}

// BreakEven is the middle depth at which the bottleneck costs as many parameters as the direct form: below it, it saves.
// Biases are counted when the contract has them. The result need not be whole.
func (c Contract) BreakEven() float64 {
	k2 := float64(c.Kernel * c.Kernel)
	direct := k2 * float64(c.In*c.Out)
	perMid := float64(c.In) + k2*float64(c.Out)
	if c.Bias {
		perMid++ // the biases of the filters are the same on both sides
	}
	return direct / perMid
}

// LargestSaving is the largest whole middle depth at which the bottleneck has fewer parameters; 0 for none.
func (c Contract) LargestSaving() int {
	return max(int(math.Ceil(c.BreakEven()))-1, 0)
}
