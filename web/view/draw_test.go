package view

import (
	"bytes"
	"compress/gzip"
	"math"
	"strconv"
	"strings"
	"testing"
)

func packed(b []byte) int {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Len()
}

func TestNum(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1: "1", -0.001: "0", 1.005: "1", 12.345: "12.35", -7.5: "-7.5", 1e6: "1000000"} {
		if got := num(v); got != want {
			t.Errorf("num(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestTileWindow(t *testing.T) {
	s := Sheet{URL: "x", Cols: 8, Rows: 2, CellW: 56, CellH: 28}
	for i, want := range map[int]string{0: "0 0 56 28", 7: "392 0 56 28", 8: "0 28 56 28", 15: "392 28 56 28"} {
		if got := (Tile{Sheet: s, Index: i}).window(); got != want {
			t.Errorf("cell %d: %q, want %q", i, got, want)
		}
	}
	if got := (Tile{}).window(); got != "0 0 48 48" {
		t.Errorf("a tile without a sheet has no room for its glyph: %q", got)
	}
}

func TestEdgePath(t *testing.T) {
	tests := []struct {
		name string
		edge DiagramEdge
		want string
	}{
		{"straight", DiagramEdge{Points: []Point{{0, 1}, {5, 1}}}, "M0 1L5 1"},
		{"corner", DiagramEdge{Points: []Point{{0, 0}, {0, 100}, {50, 100}}, Radius: 18}, "M0 0L0 82Q0 100 18 100L50 100"},
		{"corner wider than the room", DiagramEdge{Points: []Point{{0, 0}, {0, 10}, {100, 10}}, Radius: 18}, "M0 0L0 5Q0 10 18 10L100 10"},
		{"ready", DiagramEdge{Path: "M1 2h3", Points: []Point{{9, 9}}}, "M1 2h3"},
	}
	for _, tt := range tests {
		if got := tt.edge.path(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLevel: the tint grows with the value, is the same for both signs, and only zero has none.
func TestLevel(t *testing.T) {
	for level, want := range map[int]string{0: "p0", 1: "p1", 2: "p1", 15: "p8", 99: "p8", -1: "n1", -2: "n1", -15: "n8", -99: "n8"} {
		if got := (SumCell{Level: level}).level(); got != want {
			t.Errorf("level %d: %q, want %q", level, got, want)
		}
	}
}

func TestGroupBars(t *testing.T) {
	bars := []Bar{{Op: OpConv}, {Op: OpPool}, {Op: OpConv}, {Op: OpConv, Dim: true}}
	groups := groupBars(bars)
	sum := 0
	for _, g := range groups {
		sum += len(g.Bars)
	}
	if len(groups) != 3 || sum != len(bars) || groups[0].Op != OpConv || len(groups[0].Bars) != 2 {
		t.Errorf("got %+v", groups)
	}
	if got := barsPath([]Bar{{Box: Box{1, 2, 3, 4}}}); got != "M1 2h3v4h-3z" {
		t.Errorf("path %q", got)
	}
}

// TestShareBar: the parts fill what they claim, hairlines included, and never overlap.
func TestShareBar(t *testing.T) {
	b := ShareBar{Label: "VGG-16", Value: "138 M", Parts: []SharePart{{Percent: 10, Label: "a"}, {Percent: 60, Title: "b"}, {Percent: 30}}}
	end := 0.0
	for i, s := range b.spans() {
		if s.X < end-1e-9 {
			t.Errorf("part %d starts at %v, before %v", i, s.X, end)
		}
		end = s.X + s.W
	}
	if math.Abs(end-100) > 1e-9 {
		t.Errorf("the bar ends at %v, want 100", end)
	}
	if got := b.describe(); got != "VGG-16 138 M: a, b" {
		t.Errorf("described as %q", got)
	}
}

// TestOpOf: every kind of the engine has a class with a glyph.
func TestOpOf(t *testing.T) {
	tests := []struct {
		kind             string
		pointwise, depth bool
		want             Op
	}{
		{"conv", false, false, OpConv}, {"conv", true, false, OpPointwise}, {"conv", false, true, OpDepthwise}, {"conv", true, true, OpDepthwise},
		{"linear", false, false, OpDense}, {"adaptiveavgpool", false, false, OpPool}, {"batchnorm", false, false, OpNorm}, {"lrn", false, false, OpNorm},
		{"relu", false, false, OpAct}, {"silu", false, false, OpAct}, {"add", false, false, OpAdd}, {"mul", false, false, OpMul}, {"concat", false, false, OpConcat},
		{"flatten", false, false, OpReshape}, {"softmax", false, false, OpOutput}, {"input", false, false, OpInput},
	}
	for _, tt := range tests {
		got := OpOf(tt.kind, tt.pointwise, tt.depth)
		if got != tt.want {
			t.Errorf("OpOf(%q, %v, %v) = %q, want %q", tt.kind, tt.pointwise, tt.depth, got, tt.want)
		}
		if glyphShapes[got] == "" {
			t.Errorf("%q has no glyph", got)
		}
	}
}

// TestTip: the value stays inside the map wherever the cell is.
func TestTip(t *testing.T) {
	for _, at := range []Cell{{0, 0}, {0, 27}, {27, 0}, {27, 27}, {14, 14}} {
		c := ChannelView{Rows: 28, Cols: 28, Cell: &at, Value: "−1,234.56"}
		x, y := translation(t, c.tipAt())
		if x-c.tipW()/2 < 0 || x+c.tipW()/2 > 200 || y < 11 || y > 200 {
			t.Errorf("cell %v: the value stands at %v, %v", at, x, y)
		}
	}
}

func translation(t *testing.T, s string) (x, y float64) {
	t.Helper()
	inner := strings.TrimSuffix(strings.TrimPrefix(s, "translate("), ")")
	a, b, ok := strings.Cut(inner, " ")
	if !ok {
		t.Fatalf("not a translation: %q", s)
	}
	return parseFloat(t, a), parseFloat(t, b)
}

func TestLabFigures(t *testing.T) {
	plain := labFigure("")
	for _, l := range (GalleryLook{}).labsFixture() {
		if got := labFigure(l.Slug); got == plain || !strings.HasPrefix(got, "<") {
			t.Errorf("the lab %q has no drawing of its own", l.Slug)
		}
	}
}

func parseFloat(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
