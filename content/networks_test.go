package content_test

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"stride/internal/lessons"
)

// table answers the questions of the lessons from testdata/networks.txt. It knows exactly the networks and paths of that
// file, so a lesson that names another one fails here before the engine is asked.
type table struct {
	nets map[string]*network
}

type network struct {
	quantities map[lessons.Quantity]int // −1 is unknown
	nodes      map[string]node
	like       string            // the network whose paths it has
	renamed    map[string]string // path there → path here
}

type node struct {
	kind       string
	dims       []int
	quantities map[lessons.Quantity]int
}

func readTable(t *testing.T) table {
	t.Helper()
	f, err := os.Open("testdata/networks.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tab := table{map[string]*network{}}
	for s := bufio.NewScanner(f); s.Scan(); {
		if w := strings.Fields(s.Text()); len(w) > 2 && w[0] != "#" {
			tab.line(t, w)
		}
	}
	return tab
}

func (tab table) line(t *testing.T, w []string) {
	t.Helper()
	switch w[0] {
	case "network":
		tab.nets[w[1]] = &network{numbers(t, w[2:], lessons.Size, lessons.Params, lessons.AuxParams, lessons.Statistics, lessons.MACs, lessons.Depth), map[string]node{}, "", map[string]string{}}
	case "node":
		d := make([]int, 3)
		for i := range d {
			d[i], _ = strconv.Atoi(w[4+i])
		}
		q := numbers(t, w[7:], lessons.Params, lessons.MACs, lessons.Weights, lessons.Statistics, lessons.RF, lessons.Kernel, lessons.Stride, lessons.Padding, lessons.Groups)
		q[lessons.Channels], q[lessons.Size], q[lessons.Values] = d[0], d[1], d[0]*d[1]*d[2]
		tab.nets[w[1]].nodes[w[2]] = node{w[3], d, q}
	case "like":
		n := tab.nets[w[1]]
		n.like = w[2]
		for _, r := range w[3:] {
			from, to, _ := strings.Cut(r, "=")
			n.renamed[from] = to
		}
	default:
		t.Fatalf("networks.txt: %q", w)
	}
}

func numbers(t *testing.T, words []string, names ...lessons.Quantity) map[lessons.Quantity]int {
	t.Helper()
	if len(words) != len(names) {
		t.Fatalf("networks.txt: %d numbers in %q, want %d", len(words), words, len(names))
	}
	m := map[lessons.Quantity]int{}
	for i, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			t.Fatalf("networks.txt: %v", err)
		}
		m[names[i]] = n
	}
	return m
}

// below lists the nodes that a path means: itself, or all that have it as a prefix.
func (tab table) below(arch, path string) ([]node, error) {
	n := tab.nets[arch]
	if n == nil {
		return nil, fmt.Errorf("testdata/networks.txt has no network %q", arch)
	}
	if n.like != "" {
		for there, here := range n.renamed {
			switch path {
			case there:
				return nil, fmt.Errorf("%s has no node %s; there it is %s", arch, path, here)
			case here:
				path = there
			}
		}
		return tab.below(n.like, path)
	}
	if x, ok := n.nodes[path]; ok {
		return []node{x}, nil
	}
	var all []node
	for p, x := range n.nodes {
		if strings.HasPrefix(p, path+".") {
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("testdata/networks.txt has no node %s in %s", path, arch)
	}
	return all, nil
}

func (tab table) Node(arch, path string) (lessons.NodeInfo, error) {
	nodes, err := tab.below(arch, path)
	if err != nil {
		return lessons.NodeInfo{}, err
	}
	if len(nodes) > 1 {
		return lessons.NodeInfo{Kind: "block"}, nil
	}
	return lessons.NodeInfo{Kind: nodes[0].kind}, nil
}

func (tab table) Quantity(arch, path string, q lessons.Quantity) (lessons.Value, error) {
	if path == "" {
		n := tab.nets[arch]
		if n == nil {
			return lessons.Value{}, fmt.Errorf("testdata/networks.txt has no network %q", arch)
		}
		if v, ok := n.quantities[q]; ok && v >= 0 {
			return lessons.Value{Number: float64(v)}, nil
		}
		return lessons.Value{}, fmt.Errorf("testdata/networks.txt does not tell the %s of %s", q, arch)
	}
	nodes, err := tab.below(arch, path)
	if err != nil {
		return lessons.Value{}, err
	}
	sums := map[lessons.Quantity]bool{lessons.Params: true, lessons.Weights: true, lessons.Statistics: true, lessons.MACs: true}
	if len(nodes) > 1 && !sums[q] {
		return lessons.Value{}, fmt.Errorf("the %s of %s: it is a block, not a node", q, path)
	}
	if q == lessons.Shape {
		return lessons.Value{Dims: nodes[0].dims}, nil
	}
	total := 0
	for _, n := range nodes {
		total += n.quantities[q]
	}
	return lessons.Value{Number: float64(total)}, nil
}

// Figures that the pages draw, and labs that exist.
var (
	figures = []string{"silhouettes", "shares", "connections", "reconcile", "gradients"}
	labs    = []string{"bottleneck"}
)

func (table) Figure(id string) error { return listed("figure", id, figures) }

func (table) Lab(slug string) error { return listed("lab", slug, labs) }

func listed(kind, id string, all []string) error {
	for _, x := range all {
		if x == id {
			return nil
		}
	}
	return fmt.Errorf("there is no %s %q, only %s", kind, id, strings.Join(all, ", "))
}
