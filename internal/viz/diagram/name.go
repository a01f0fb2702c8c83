package diagram

import (
	"strconv"
	"strings"

	"stride/internal/nn"
)

// name gives stages, blocks and layers their short names. They come from the papers where the scopes tell (layer2 is
// conv3_x of He et al. 2015, Table 1; inception_4b is module 4b of Szegedy et al. 2014, Table 1; features.3 is stage 4 of
// Tan, Le 2019, Table 1) and are counted otherwise.
func (o *Outline) name() {
	taken := map[string]bool{}
	convs := o.looseConvs()
	body := 0
	for _, s := range o.Stages {
		s.Path = stageScope(s)
		if s.Kind == StageBody {
			body++
		}
		s.Name = o.stageName(s, body, convs)
		for i, b := range s.Blocks {
			b.Name = unique(taken, blockName(s, b, i))
		}
	}
	names := map[string]bool{}
	c := counter{denses: o.denses()}
	for _, s := range o.Stages {
		for _, b := range s.Blocks {
			b.nameLayers(s, names, &c, convs)
		}
		if s.Kind == StageBody && !s.composite {
			s.Name = rangeName(s.Blocks[0], s.Name)
			s.Blocks[0].Name = s.Name
		}
	}
}

// looseConvs counts the convolutions that stand in no block, which are numbered through when they are few.
func (o *Outline) looseConvs() int {
	n := 0
	for _, s := range o.Stages {
		for _, b := range s.Blocks {
			if s.Kind == StageBody && !s.composite {
				n += len(b.work())
			}
		}
	}
	return n
}

// stageScope is the scope that holds all nodes of a stage.
func stageScope(s *Stage) string {
	p := common(s.Blocks[0].Nodes)
	for _, b := range s.Blocks[1:] {
		q := common(b.Nodes)
		if b.Kind == BlockTransition && s.Blocks[0].Kind == BlockDenseLayer {
			continue
		}
		for p != "" && q != p && !strings.HasPrefix(q, p+".") {
			p = parent(p)
		}
	}
	return p
}

func (o *Outline) stageName(s *Stage, body, convs int) string {
	switch s.Kind {
	case StageInput:
		return "image"
	case StageStem, StageHead:
		return string(s.Kind)
	case StageAux:
		name, _, _ := strings.Cut(s.Blocks[0].Path, ".")
		return name
	}
	container := parent(s.Blocks[0].Path)
	word, n, letter := split(lastName(container))
	_, _, own := split(lastName(s.Blocks[0].Path))
	switch {
	case !s.composite:
		return "conv" + strconv.Itoa(body)
	case word == "layer" && n > 0 && letter == "":
		return "conv" + strconv.Itoa(n+1)
	case word == "denseblock" && n > 0:
		return "dense" + strconv.Itoa(n)
	case own != "":
		w, k, _ := split(lastName(s.Blocks[0].Path))
		return strings.ToLower(strings.Trim(w, "_-")) + " " + strconv.Itoa(k)
	case word == "" && n > 0 && container != "":
		return "stage " + strconv.Itoa(n+1)
	}
	return "stage " + strconv.Itoa(body)
}

func blockName(s *Stage, b *Block, i int) string {
	switch s.Kind {
	case StageInput, StageStem, StageHead, StageAux:
		return s.Name
	}
	if _, k, letter := split(lastName(b.Path)); letter != "" && s.composite {
		return strconv.Itoa(k) + letter
	}
	if b.Kind == BlockTransition || s.composite && b.Kind == BlockChain && len(b.work()) < 2 {
		return pathName(b.named())
	}
	if !s.composite {
		return s.Name
	}
	return strings.TrimPrefix(s.Name, "stage ") + "." + strconv.Itoa(i+1)
}

// named is the node that a small block is named after.
func (b *Block) named() *nn.Node {
	for _, n := range b.Nodes {
		if weighty(n) {
			return n
		}
	}
	return b.Nodes[0]
}

// counter numbers the layers that stand in no block.
type counter struct {
	conv, dense, pool int
	denses            int // how many dense layers there are in all
}

// denses counts the dense layers of the main path.
func (o *Outline) denses() int {
	n := 0
	for _, x := range o.Graph.Main() {
		if ClassOf(x) == ClassDense {
			n++
		}
	}
	return n
}

// longName is the length from which on a pool's own name is replaced by a short one.
const longName = 10

// fewConvs is the largest number of convolutions that are numbered through instead of by stage.
const fewConvs = 5

func (b *Block) nameLayers(s *Stage, taken map[string]bool, c *counter, convs int) {
	letters := map[int]int{}
	perLane := map[int]int{}
	for _, l := range b.Layers {
		perLane[l.Lane]++
	}
	inBlock := s.Kind == StageBody && s.composite && (b.Kind != BlockChain || len(b.work()) > 1)
	for _, l := range b.Layers {
		var name string
		if inBlock {
			name = b.layerName(l, letters, perLane)
		} else {
			name = looseName(s, b, l, c, convs)
		}
		l.Name = unique(taken, name)
	}
}

// layerName letters the layers of a block: conv3.1a; by branch where there are branches: 3a.2b.
func (b *Block) layerName(l *Layer, letters, perLane map[int]int) string {
	last := l == b.Layers[len(b.Layers)-1]
	switch {
	case last && (l.Role == RoleH || joins(l.Main)):
		return b.Name
	case joins(l.Main) && l.Lane > 0:
		return b.Name + "." + strconv.Itoa(l.Lane) + " " + MarkOf(l.Main).Text
	case joins(l.Main):
		return b.Name + " " + MarkOf(l.Main).Text
	case l.Role == RoleShortcut:
		return b.Name + "s"
	case l.Lane > 0 && perLane[l.Lane] == 1:
		return b.Name + "." + strconv.Itoa(l.Lane)
	}
	letters[l.Lane]++
	name := b.Name
	if l.Lane > 0 {
		name += "." + strconv.Itoa(l.Lane)
	}
	return name + letter(letters[l.Lane])
}

// letter is a, b, … z, aa, ab, … for 1, 2, ….
func letter(i int) string {
	if i > 26 {
		return letter((i-1)/26) + letter((i-1)%26+1)
	}
	return string(rune('a' + i - 1))
}

// looseName names a layer after its path, or counts it when its path has only numbers.
func looseName(s *Stage, b *Block, l *Layer, c *counter, convs int) string {
	conv := l.Class == ClassConv || l.Class == ClassPointwise || l.Class == ClassDepthwise
	switch {
	case conv && s.Kind == StageBody:
		c.conv++
	case l.Class == ClassDense:
		c.dense++
	case l.Class == ClassPool:
		c.pool++
	}
	name := pathName(l.Main)
	if s.Kind == StageAux {
		return s.Name + "." + strings.TrimPrefix(l.Main.Path, s.Name+".")
	}
	if l.Class == ClassPool && len(name) > longName {
		return strings.TrimSpace(prefixes[l.Main.Op.Kind()]) + "pool"
	}
	if name != "" {
		return strings.ToLower(name)
	}
	switch {
	case l.Class == ClassDense && c.denses == 1:
		return "fc"
	case conv && s.Kind == StageBody && convs <= fewConvs:
		return "conv" + strconv.Itoa(c.conv)
	case conv && s.Kind == StageBody:
		i := 0
		for _, x := range b.work() {
			i++
			if x == l {
				break
			}
		}
		return s.Name + "." + strconv.Itoa(i)
	case conv:
		return "conv"
	case l.Class == ClassDense:
		return "fc" + strconv.Itoa(c.dense)
	case l.Class == ClassPool:
		return "pool" + strconv.Itoa(c.pool)
	}
	return MarkOf(l.Main).Text
}

// rangeName names a part of a chain after its convolutions: conv2, conv3–5.
func rangeName(b *Block, other string) string {
	w := b.work()
	if len(w) == 0 {
		return other
	}
	first, last := w[0].Name, w[len(w)-1].Name
	if first == last {
		return first
	}
	fw, fn, fl := split(first)
	lw, ln, ll := split(last)
	if fw == lw && fl == "" && ll == "" && fw == strings.TrimRight(fw, "._") && ln > fn {
		return first + "–" + strconv.Itoa(ln)
	}
	return other
}
