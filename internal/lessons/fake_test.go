package lessons

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// fakeNets knows two small networks: "net" with the nodes conv1 and block.{conv2,add}, and "twin", where conv1 is c1.
type fakeNets struct{}

var fakeValues = map[string]map[Quantity]float64{
	"":            {Params: 1000, MACs: 4000, Depth: 3, Size: 32},
	"conv1":       {Params: 300, MACs: 1500, Channels: 12, Size: 28, Kernel: 5, Shape: 0, RF: 5},
	"block.conv2": {Params: 200, MACs: 500, Channels: 8, Kernel: 3},
	"block.add":   {Params: 0, MACs: 0, Channels: 8},
}

func (fakeNets) paths(arch string) (map[string]string, error) {
	switch arch {
	case "net":
		return map[string]string{"conv1": "conv1", "block.conv2": "block.conv2", "block.add": "block.add"}, nil
	case "twin":
		return map[string]string{"c1": "conv1", "block.conv2": "block.conv2", "block.add": "block.add"}, nil
	}
	return nil, fmt.Errorf("no network %q", arch)
}

func (f fakeNets) Node(arch, path string) (NodeInfo, error) {
	nodes, err := f.paths(arch)
	if err != nil {
		return NodeInfo{}, err
	}
	if real, ok := nodes[path]; ok {
		return NodeInfo{Kind: map[string]string{"conv1": "conv", "block.conv2": "conv", "block.add": "add"}[real]}, nil
	}
	for p := range nodes {
		if strings.HasPrefix(p, path+".") {
			return NodeInfo{Kind: "block"}, nil
		}
	}
	return NodeInfo{}, fmt.Errorf("no node %s in %s", path, arch)
}

func (f fakeNets) Quantity(arch, path string, q Quantity) (Value, error) {
	nodes, err := f.paths(arch)
	if err != nil {
		return Value{}, err
	}
	real, ok := nodes[path]
	if !ok && path != "" {
		return Value{}, fmt.Errorf("no node %s in %s", path, arch)
	}
	v, ok := fakeValues[real][q]
	if !ok {
		return Value{}, fmt.Errorf("no %s of %q", q, path)
	}
	out := Value{Number: v}
	if q == Shape {
		out = Value{Dims: []int{12, 28, 28}}
	}
	if q == Params && real == "conv1" {
		out.Product = "5 · 5 · 12"
	}
	return out, nil
}

func (fakeNets) Figure(id string) error {
	if id == "shares" {
		return nil
	}
	return errors.New("no figure " + id)
}

func (fakeNets) Lab(slug string) error {
	if slug == "bottleneck" {
		return nil
	}
	return errors.New("no lab " + slug)
}

const frontMatter = "---\ntitle: Test\nsummary: A test.\norder: 1\narch: net\n---\n"

// files is a complete small content with one lesson per language; over replaces or adds files.
func files(over map[string]string) fstest.MapFS {
	base := map[string]string{
		"references.json":      `[{"id":"he2015","short":"He et al. 2015","authors":"He","year":2015,"title":"T","venue":"V","arxiv":"1512.03385"}]`,
		"results.json":         `[{"id":"r1","value":"28.54%","source":"he2015","where":"table=2","what":{"en":"error","ko":"오차"}}]`,
		"en/misconceptions.md": "M01: forgets the depth\nM18: calls it overfitting\n",
		"ko/misconceptions.md": "M01: 깊이를 잊습니다\nM18: 과적합이라고 합니다\n",
		"en/glossary.md":       "## residual\nterm: residual\nWhat is missing.\n",
		"ko/glossary.md":       "## residual\nterm: 잔차\nalso: 나머지\navoid: 오차\n모자란 만큼입니다.\n",
		"en/arch/test.md":      frontMatter + "## One {#one}\nText.\n",
		"ko/arch/test.md":      frontMatter + "## 하나 {#one}\n글입니다.\n",
		"en/lab/x.md":          frontMatter + "## One {#one}\nText.\n",
		"ko/lab/x.md":          frontMatter + "## 하나 {#one}\n글입니다.\n",
	}
	for k, v := range over {
		base[k] = v
	}
	fsys := fstest.MapFS{}
	for k, v := range base {
		if v != "" {
			fsys[k] = &fstest.MapFile{Data: []byte(v)}
		}
	}
	return fsys
}

// build builds one English lesson body and returns it with its problems, which are not compared with Korean.
func build(t testing.TB, body string) (*Lesson, Problems) {
	t.Helper()
	var probs Problems
	refs := map[string]*Reference{"he2015": {ID: "he2015", Short: "He et al. 2015"}}
	book := &Book{
		Lang: "en", lessons: map[string]*Lesson{}, references: refs,
		terms:          map[string]*Term{"residual": {ID: "residual", Name: "residual"}},
		results:        map[string]*Result{"r1": {ID: "r1", Value: "28.54%", Reference: refs["he2015"]}},
		misconceptions: map[string]*Misconception{"M01": {}, "M18": {}},
	}
	l := loader{res: fakeNets{}, book: book, probs: &probs}
	return l.lesson("t.md", body), probs
}

// buildClean fails when the body has problems.
func buildClean(t testing.TB, body string) *Lesson {
	t.Helper()
	l, probs := build(t, frontMatter+body)
	if err := probs.err(); err != nil {
		t.Fatal(err)
	}
	return l
}
