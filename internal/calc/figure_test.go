package calc

import (
	"strings"
	"testing"

	"stride/internal/nn/arch"
)

// TestAccounts: every figure that the house quotes is accounted for, to the last digit that it has.
func TestAccounts(t *testing.T) {
	seen := 0
	for _, a := range arch.All() {
		quoted := arch.Figures(a.Name)
		l, err := Accounts(a.Name)
		if err != nil {
			t.Fatal(err)
		}
		if len(l) != len(quoted) {
			for _, f := range quoted {
				found := false
				for _, x := range l {
					found = found || x.Figure == f
				}
				if !found {
					t.Errorf("%s: %s (%s) is not accounted for", a.Name, f.Text, f.Source)
				}
			}
		}
		for _, x := range l {
			seen++
			sum := x.Count
			for _, d := range x.Lines {
				if len(d.Nodes) == 0 && d.Name != "flops" {
					t.Errorf("%s: %s: %s names no node", a.Name, x.Text, d.Name)
				}
				if x.Work {
					sum += d.Work
				} else {
					sum += d.Params
				}
			}
			if sum != x.Sum || x.Step == 1 && (x.Sum != x.Value || x.How != Exactly) {
				t.Errorf("%s: %s: the lines add up to %d, the sum is %d (%s)", a.Name, x.Text, sum, x.Sum, x.How)
			}
			if len(x.Lines) > 2 {
				t.Errorf("%s: %s takes %d conventions", a.Name, x.Text, len(x.Lines))
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d figures", seen)
	}
}

func TestParseFigure(t *testing.T) {
	for _, c := range []struct {
		text        string
		value, step int64
	}{
		{"25,636,712", 25_636_712, 1}, {"25.6 M", 25_600_000, 100_000}, {"60 million", 60_000_000, 1_000_000}, {"3.8×10⁹", 3_800_000_000, 100_000_000}, {"3.8 x 10^9 FLOPs", 3_800_000_000, 100_000_000},
		{"0.39B", 390_000_000, 10_000_000}, {"4.09 GFLOPs", 4_090_000_000, 10_000_000}, {"2560만 개", 25_600_000, 10_000}, {"1.5e9", 1_500_000_000, 100_000_000}, {"61100840 parameters", 61_100_840, 1},
		{"", 0, 0}, {"M", 0, 0}, {"1.", 0, 0}, {"0", 0, 0}, {"-3", 0, 0}, {"1.2345k", 0, 0}, {"999999999999999999999", 0, 0}, {"99999999999999999T", 0, 0}, {"1.2.3", 0, 0}, {"12 apples", 0, 0},
	} {
		f, ok := ParseFigure(c.text)
		if ok != (c.value != 0) || ok && (f.Value != c.value || f.Step != c.step) {
			t.Errorf("%q: %d in steps of %d, %v", c.text, f.Value, f.Step, ok)
		}
	}
}

// TestExplain accounts for figures that a reader brings.
func TestExplain(t *testing.T) {
	for _, c := range []struct {
		model, figure string
		work          bool
		lines         int
		how           Rounding
	}{
		{"resnet50", "25.6M", false, 0, RoundedTo}, {"resnet50", "8.2G", true, 1, RoundedTo}, {"resnet50", "25,636,712", false, 2, Exactly}, {"vgg16", "138 million", false, 0, RoundedTo}, {"alexnet_paper", "60 million", false, 0, CutOff},
	} {
		f, _ := ParseFigure(c.figure)
		f.Work = c.work
		x, ok := Explain(Compile(fromArch(t, c.model)).Graph, f)
		if !ok || len(x.Lines) != c.lines || x.How != c.how {
			t.Errorf("%s %s: %v, %d lines, %s", c.model, c.figure, ok, len(x.Lines), x.How)
		}
	}
	f, _ := ParseFigure("26.4M")
	if _, ok := Explain(Compile(fromArch(t, "resnet50")).Graph, f); ok {
		t.Error("an invented figure was explained")
	}
}

func FuzzParseFigure(f *testing.F) {
	f.Add("25.6 M")
	f.Add("3.8×10⁹")
	f.Fuzz(func(t *testing.T, text string) {
		if x, ok := ParseFigure(text); ok && (x.Value <= 0 || x.Step <= 0 || x.Value%x.Step != 0) {
			t.Fatalf("%q: %d in steps of %d", text, x.Value, x.Step)
		}
	})
}

// TestFiguresSayWhatTheyAre: a quoted figure's text, its value and the unit of its last digit are one number.
func TestFiguresSayWhatTheyAre(t *testing.T) {
	for _, a := range arch.All() {
		for _, f := range arch.Figures(a.Name) {
			text, below := strings.CutPrefix(f.Text, "< ")
			p, ok := ParseFigure(text)
			if !ok || p.Value != f.Value || p.Step != f.Step || below != f.Below {
				t.Errorf("%s: %q reads %d in steps of %d, the figure is %d in steps of %d", a.Name, f.Text, p.Value, p.Step, f.Value, f.Step)
			}
		}
	}
}
