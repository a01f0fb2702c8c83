package weights

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"stride/internal/nn"
)

// Fit renames the keys of a file to those of the graph, then checks that they fit (see Check). It knows what people
// really save: "module." of a parallel model anywhere in a key, the key names of DenseNet files from before 2018
// (norm.1 for norm1), and a classifier of another name (linear for fc), which is mapped only when exactly one dense layer
// is missing and exactly one unexpected layer has its shapes. What was changed is in the Notes of the result. The values
// are shared with s.
func Fit(g *nn.Graph, s *Set) (*Set, error) {
	for _, step := range []func(*nn.Graph, *Set) (*Set, error){dropModule, modernDenseNet, matchClassifier} {
		t, err := step(g, s)
		if err != nil {
			return nil, err
		}
		s = t
	}
	if err := Check(g, s); err != nil {
		return nil, err
	}
	return s, nil
}

// rename applies f and notes it when it changed anything.
func rename(s *Set, note string, f func(string) string) (*Set, error) {
	n := 0
	t, err := s.Rename(func(k string) string {
		r := f(k)
		if r != k {
			n++
		}
		return r
	})
	if err != nil || n == 0 {
		return s, err
	}
	t.Notes = append(t.Notes, fmt.Sprintf("%s (%d keys)", note, n))
	return t, nil
}

// dropModule removes the path element that torch.nn.DataParallel adds.
func dropModule(g *nn.Graph, s *Set) (*Set, error) {
	for _, n := range g.Nodes {
		if slices.Contains(strings.Split(n.Path, "."), "module") {
			return s, nil
		}
	}
	return rename(s, `"module." removed from the keys`, func(k string) string {
		p := strings.Split(k, ".")
		return strings.Join(slices.DeleteFunc(p, func(e string) bool { return e == "module" }), ".")
	})
}

var oldDenseLayer = regexp.MustCompile(`^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.[a-z_]+)$`)

func modernDenseNet(_ *nn.Graph, s *Set) (*Set, error) {
	return rename(s, `old DenseNet keys renamed: "norm.1" to "norm1" and alike`, func(k string) string {
		return oldDenseLayer.ReplaceAllString(k, "$1$2")
	})
}

// matchClassifier renames one unexpected layer to the one missing dense layer with the same shapes.
func matchClassifier(g *nn.Graph, s *Set) (*Set, error) {
	missing, dense := missingNodes(g, s)
	if len(missing) != 1 || !dense {
		return s, nil
	}
	want := missing[0]
	var found []string
	for _, layer := range unexpectedLayers(g, s) {
		if !slices.ContainsFunc(want.Params, func(p nn.ParamSpec) bool {
			k := layer + "." + p.Name
			return !s.Has(k) || !sameLayout(s.Dims(k), p)
		}) {
			found = append(found, layer)
		}
	}
	if len(found) != 1 {
		return s, nil
	}
	return rename(s, fmt.Sprintf("%q taken as the classifier %q, the only one of its shape", found[0], want.Path), func(k string) string {
		if rest, ok := strings.CutPrefix(k, found[0]+"."); ok {
			return want.Path + "." + rest
		}
		return k
	})
}

// missingNodes lists the nodes of the main path without any weights in s; dense says that the last is a dense layer.
func missingNodes(g *nn.Graph, s *Set) (missing []*nn.Node, dense bool) {
	for _, n := range g.Main() {
		if len(n.Params) > 0 && !hasAny(s, n) {
			missing = append(missing, n)
			dense = slices.ContainsFunc(n.Params, func(p nn.ParamSpec) bool { return p.Role == nn.LinearWeight })
		}
	}
	return missing, dense
}

// unexpectedLayers lists the prefixes of keys that belong to no node, in order.
func unexpectedLayers(g *nn.Graph, s *Set) []string {
	var l []string
	for _, k := range s.Keys() {
		i := strings.LastIndexByte(k, '.')
		if i > 0 && g.Node(k[:i]) == nil && !slices.Contains(l, k[:i]) {
			l = append(l, k[:i])
		}
	}
	return l
}
