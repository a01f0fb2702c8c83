package main

import (
	"fmt"
	"strconv"
	"strings"

	"stride/internal/calc"
)

type calcCmd struct {
	Stack  string `arg:"" help:"Layers in compact text, like 'i3x64;c32k3p1;bn;relu;mp2'; or @MODEL for an architecture's layers."`
	Format string `help:"table, json, csv, markdown or pytorch." enum:"table,json,csv,markdown,pytorch" default:"table"`
}

// Run prints the rows of a stack. A layer that cannot work is told with its repair, and the exit code is 1.
func (c *calcCmd) Run(a *app) error {
	s, err := c.stack()
	if err != nil {
		return usageError{err}
	}
	r := calc.Compile(s)
	switch c.Format {
	case "json":
		err = writeJSON(a.out, r.Report(calc.English))
	case "csv":
		err = r.WriteCSV(a.out)
	case "markdown":
		_, err = fmt.Fprint(a.out, r.Markdown(calc.English))
	case "pytorch":
		var code string
		if code, err = r.PyTorch(); err == nil {
			_, err = fmt.Fprint(a.out, code)
		}
	default:
		err = printCalc(a, r)
	}
	if err != nil || r.OK() {
		return err
	}
	return problemError(&r.Rows[r.Problem])
}

// stack reads the argument.
func (c *calcCmd) stack() (calc.Stack, error) {
	if name, ok := strings.CutPrefix(c.Stack, "@"); ok {
		return calc.FromModel(name)
	}
	return calc.Parse(c.Stack)
}

// problemError says which row cannot work and what would repair it.
func problemError(r *calc.Row) error {
	var fixes []string
	for _, f := range r.Problem.Fixes {
		text := f.Text(calc.English)
		if len(fixes) > 0 {
			text = strings.ToLower(text[:1]) + text[1:]
		}
		fixes = append(fixes, text)
	}
	text := fmt.Sprintf("row %s (%s): %s", r.Address, r.Title(calc.English), r.Problem.Text(calc.English))
	if len(fixes) > 0 {
		text += " " + strings.Join(fixes, ", or ") + "."
	}
	return fmt.Errorf("%s", text)
}

func printCalc(a *app, r *calc.Result) error {
	head := []string{"row", "layer", "settings", ">shape", ">params", ">MACs", ">activation bytes", ">receptive field"}
	var rows [][]string
	for _, x := range r.Report(calc.English).Rows {
		row := r.Row(x.Address)
		cells := []string{x.Address, strings.Repeat("  ", x.Depth) + row.Title(calc.English), x.Text, "–", "–", "–", "–", "–"}
		if x.Kind == "path" {
			cells = append(cells[:3], dims(x.Shape...), "", "", "", "")
		} else if x.Shape != nil {
			cells = append(cells[:3], dims(x.Shape...), commas(*x.Params), commas(*x.MACs), commas(*x.ActivationBytes), dims(x.Field...))
		}
		rows = append(rows, cells)
	}
	if err := table(a.out, head, rows); err != nil {
		return err
	}
	fmt.Fprintln(a.out)
	t := r.Report(calc.English).Totals
	lines := []string{"parameters", commas(t.Params), "buffers", commas(t.Buffers), "multiply-accumulates", commas(t.MACs)}
	if r.OK() {
		lines = append(lines, "depth", strconv.Itoa(t.Depth))
	}
	for _, p := range calc.Precisions {
		text := fmt.Sprintf("weights %s, activations %s", commas(t.WeightBytes[p.Name]), commas(t.ActivationBytes[p.Name]))
		if r.OK() {
			text += ", peak " + commas(t.PeakBytes[p.Name])
		}
		lines = append(lines, p.Name, text+" bytes")
	}
	return pairs(a.out, lines...)
}
