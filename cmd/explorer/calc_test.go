package main

import (
	"strings"
	"testing"

	"stride/internal/calc"
)

func TestCalc(t *testing.T) {
	dir := t.TempDir()
	code, out, _ := explorer(t, dir, "calc", "i3x64;c32k3p1;bn;relu;mp2;dw3p1;c64k1;relu;mp2;c128k3p1;relu;gap;fc10", "--format", "json")
	r := decode[calc.Report](t, out)
	if code != exitOK || !r.OK || r.Totals.Params != 78538 || len(r.Rows) != 13 || r.Rows[1].Settings["out"] != "32" {
		t.Errorf("exit code %d, totals %+v", code, r.Totals)
	}
	for _, c := range []struct {
		args []string
		code int
		out  string
		log  string
	}{
		{[]string{"calc", "i3x64;c32k3p1;bn;relu;mp2"}, exitOK, "32×64×64     896  3,538,944", ""},
		{[]string{"calc", "i3x8;mp2;c8k7;relu"}, exitFailed, "3×4×4", "row 1 (Conv): Kernel 7 is larger than the 4×4 input. Use kernel 4, or use padding 2."},
		{[]string{"calc", "i3x8;zz"}, exitUsage, "", "no layer is written so"},
		{[]string{"calc", "@resnet50"}, exitOK, "25,557,032", ""},
		{[]string{"calc", "@resnet51"}, exitUsage, "", "no architecture is called"},
		{[]string{"calc", "@lenet5", "--format", "csv"}, exitOK, ",total,,,61706,0,416520,", ""},
		{[]string{"calc", "i3x8;c8k3", "--format", "markdown"}, exitOK, "| Conv | out 8, kernel 3 | 8×6×6 | 224 | 7,776 | 3 |", ""},
		{[]string{"calc", "i3x8;c8k3", "--format", "pytorch"}, exitOK, "nn.Conv2d(3, 8, 3),", ""},
		{[]string{"compare", "resnet50_v1", "resnet50"}, exitOK, "stride 2→1", ""},
		{[]string{"compare", "vgg16", "vgg19", "mobilenet_v1", "--format", "csv"}, exitOK, "VGG-19,2014,3×224×224,143667240,19632062464,19,", ""},
		{[]string{"compare", "vgg16", "vgg61"}, exitUsage, "", "no architecture is called"},
	} {
		code, out, log := explorer(t, dir, c.args...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(log, c.log) {
			t.Errorf("%v: exit code %d, want %d\n%s\n%s", c.args, code, c.code, out, log)
		}
	}
}

func TestCompareJSON(t *testing.T) {
	_, out, _ := explorer(t, t.TempDir(), "compare", "plain34", "resnet34", "--format", "json")
	c := decode[compareJSON](t, out)
	if len(c.Models) != 2 || c.Diff == nil || c.Diff.Params != c.Models[1].Params-c.Models[0].Params || c.Diff.MACs != c.Models[1].MACs-c.Models[0].MACs {
		t.Fatalf("%+v", c)
	}
	adds := 0
	for _, s := range c.Diff.Steps {
		if s.Fate == "inserted" && s.Kind == "add" {
			adds++
		}
	}
	if adds != 16 {
		t.Errorf("%d skip connections were inserted, want 16", adds)
	}
}
