package calc

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"stride/internal/nn/analyze"
	"stride/internal/nn/tensor"
)

// Precision is a way to store one value.
type Precision struct {
	Name  string
	Bytes int64
}

// Precisions are the usual ones.
var Precisions = []Precision{{"fp32", 4}, {"fp16", 2}, {"int8", 1}}

// Report is a result as data. Its JSON names are stable.
type Report struct {
	Stack  string       `json:"stack"`
	Input  []int        `json:"input"`
	OK     bool         `json:"ok"`
	Totals ReportTotals `json:"totals"`
	Rows   []ReportRow  `json:"rows"`
}

// ReportTotals add up the rows. The byte sizes are by precision: "fp32", "fp16", "int8". Weights are the parameters without
// buffers; peak and depth are 0 while a row does not work.
type ReportTotals struct {
	Params          int64            `json:"params"`
	Buffers         int64            `json:"buffers"`
	MACs            int64            `json:"macs"`
	Depth           int              `json:"depth"`
	WeightBytes     map[string]int64 `json:"weight_bytes"`
	ActivationBytes map[string]int64 `json:"activation_bytes"`
	PeakBytes       map[string]int64 `json:"peak_bytes"`
}

// ReportRow is one row. What is unknown after a problem is null.
type ReportRow struct {
	Address         string            `json:"address"`
	Depth           int               `json:"depth"`
	Kind            string            `json:"kind"`
	Text            string            `json:"text"`
	Count           int               `json:"count"`
	Settings        map[string]string `json:"settings"`
	Shape           []int             `json:"shape"`
	Params          *int64            `json:"params"`
	Buffers         *int64            `json:"buffers"`
	Terms           []ReportTerm      `json:"terms"`
	MACs            *int64            `json:"macs"`
	ActivationBytes *int64            `json:"activation_bytes"`
	Field           []int             `json:"receptive_field"`
	Problem         *ReportProblem    `json:"problem"`
}

// ReportTerm is one parameter tensor as a product; Repeat of them are alike.
type ReportTerm struct {
	Name    string `json:"name"`
	Factors []int  `json:"factors"`
	Params  int64  `json:"params"`
	Repeat  int    `json:"repeat"`
}

// ReportProblem says what is wrong and how to repair it.
type ReportProblem struct {
	Code  string      `json:"code"`
	Text  string      `json:"text"`
	Fixes []ReportFix `json:"fixes"`
}

// ReportFix is a repair: words, and the edit that Apply takes.
type ReportFix struct {
	Text string `json:"text"`
	Edit string `json:"edit"`
}

// Report is the result as data, with sentences in a language.
func (r *Result) Report(l Lang) Report {
	t := r.Totals
	out := Report{Stack: r.Stack.String(), Input: Dims(r.Stack.Input), OK: r.OK(), Rows: []ReportRow{},
		Totals: ReportTotals{Params: t.Params, Buffers: t.Buffers, MACs: t.MACs, Depth: t.Depth,
			WeightBytes: sizes(t.Params), ActivationBytes: sizes(t.ActivationBytes / 4), PeakBytes: sizes(t.PeakBytes / 4)}}
	for i := range r.Rows {
		out.Rows = append(out.Rows, r.Rows[i].report(l))
	}
	return out
}

func sizes(values int64) map[string]int64 {
	m := map[string]int64{}
	for _, p := range Precisions {
		m[p.Name] = values * p.Bytes
	}
	return m
}

// Dims is a shape for data: [C,H,W], or [C] for a vector.
func Dims(s tensor.Shape) []int {
	if s.PlaneLen() == 1 {
		return []int{s.C}
	}
	return []int{s.C, s.H, s.W}
}

// KindName is the row's kind: Kind.Name, "input", or "path".
func (r *Row) KindName() string {
	switch {
	case r.IsInput():
		return "input"
	case r.IsPath():
		return "path"
	}
	return r.Layer.name()
}

func (r *Row) report(l Lang) ReportRow {
	out := ReportRow{Address: r.Address, Depth: r.Depth, Kind: r.KindName(), Count: 1, Settings: map[string]string{}, Terms: []ReportTerm{}}
	if k := kinds[r.Layer.Code]; k != nil {
		out.Count, out.Text = r.Layer.Times(), r.Layer.Text()
		for _, f := range k.Fields {
			out.Settings[f.Name] = f.Value(r.Layer)
		}
	}
	if r.Known && r.Shape.Valid() {
		out.Shape = Dims(r.Shape)
		out.Params, out.Buffers, out.MACs, out.ActivationBytes = &r.Params, &r.Buffers, &r.MACs, &r.Bytes
		if len(r.Nodes) > 0 {
			out.Field = r.Field.Size[:]
		}
		out.Terms = r.Terms()
	}
	if p := r.Problem; p != nil {
		out.Problem = &ReportProblem{Code: p.Code, Text: p.Text(l), Fixes: []ReportFix{}}
		for _, f := range p.Fixes {
			out.Problem.Fixes = append(out.Problem.Fixes, ReportFix{f.Text(l), f.Edit.String()})
		}
	}
	return out
}

// Terms are the trainable tensors of the row as products, equal ones together.
func (r *Row) Terms() []ReportTerm {
	out := []ReportTerm{}
	for _, f := range r.Factors {
		if !f.Role.Trainable() {
			continue
		}
		t := ReportTerm{Name: f.Name, Factors: product(f), Params: f.Product, Repeat: 1}
		found := false
		for i := range out {
			if o := &out[i]; o.Name == t.Name && fmt.Sprint(o.Factors) == fmt.Sprint(t.Factors) {
				o.Repeat++
				found = true
				break
			}
		}
		if !found {
			out = append(out, t)
		}
	}
	return out
}

// product orders a tensor's sizes as they are written: kernel rows, kernel columns, input channels, filters.
func product(f analyze.Factor) []int {
	if len(f.Dims) == 4 {
		return []int{f.Dims[2], f.Dims[3], f.Dims[1], f.Dims[0]}
	}
	if len(f.Dims) == 2 {
		return []int{f.Dims[1], f.Dims[0]}
	}
	return f.Dims
}

// tableHead is the head of the tables, in the words of scripts.
var tableHead = []string{"address", "layer", "settings", "shape", "params", "buffers", "macs", "activation_bytes", "receptive_field"}

func (r *Row) cells() []string {
	c := []string{r.Address, r.KindName(), strings.Join(r.settings(), " "), "", "", "", "", "", ""}
	if r.Layer.Times() > 1 {
		c[1] += " x" + strconv.Itoa(r.Layer.Times())
	}
	if r.Known && r.Shape.Valid() {
		c[3] = sidesText(r.Shape)
		for i, v := range []int64{r.Params, r.Buffers, r.MACs, r.Bytes} {
			c[4+i] = strconv.FormatInt(v, 10)
		}
		if len(r.Nodes) > 0 {
			c[8] = Pair{r.Field.Size[0], r.Field.Size[1]}.String()
		}
	}
	return c
}

// settings are the row's settings that are not the usual ones, or that always matter: "out=64".
func (r *Row) settings() []string {
	k := kinds[r.Layer.Code]
	if k == nil {
		return nil
	}
	var out []string
	for _, f := range k.Fields {
		if f.text(&r.Layer) != "" {
			out = append(out, f.Name+"="+f.Value(r.Layer))
		}
	}
	return out
}

func sidesText(s tensor.Shape) string {
	d := Dims(s)
	t := make([]string, len(d))
	for i, n := range d {
		t[i] = strconv.Itoa(n)
	}
	return strings.Join(t, "x")
}

// WriteCSV writes the rows and, last, the totals.
func (r *Result) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	all := [][]string{tableHead}
	for i := range r.Rows {
		all = append(all, r.Rows[i].cells())
	}
	t := r.Totals
	all = append(all, []string{"", "total", "", "", strconv.FormatInt(t.Params, 10), strconv.FormatInt(t.Buffers, 10), strconv.FormatInt(t.MACs, 10), strconv.FormatInt(t.ActivationBytes, 10), ""})
	return c.WriteAll(all)
}

// Markdown is the rows as a table, with the totals below.
func (r *Result) Markdown(l Lang) string {
	var b strings.Builder
	head := []string{"Layer", "Settings", "Output", "Parameters", "MACs", "Receptive field"}
	total := "Total"
	if l == Korean {
		head, total = []string{"층", "설정", "출력", "파라미터", "MAC", "수용 영역"}, "합계"
	}
	fmt.Fprintf(&b, "| %s |\n| --- | --- | ---: | ---: | ---: | ---: |\n", strings.Join(head, " | "))
	for i := range r.Rows {
		row := &r.Rows[i]
		c := row.cells()
		var set []string
		for _, s := range row.settings() {
			name, v, _ := strings.Cut(s, "=")
			set = append(set, FieldText(name, l)+" "+v)
		}
		indent := strings.Repeat("· ", row.Depth)
		fmt.Fprintf(&b, "| %s%s | %s | %s | %s | %s | %s |\n", indent, row.Title(l), strings.Join(set, ", "), strings.ReplaceAll(c[3], "x", "×"), grouped(c[4]), grouped(c[6]), c[8])
	}
	fmt.Fprintf(&b, "| **%s** | | | **%s** | **%s** | |\n", total, grouped(strconv.FormatInt(r.Totals.Params, 10)), grouped(strconv.FormatInt(r.Totals.MACs, 10)))
	return b.String()
}

// grouped sets commas between thousands.
func grouped(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
