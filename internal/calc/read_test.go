package calc

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn/arch"
)

// torchCounts is testdata/reprs.json, written by testdata/gen/reprs.py.
func torchCounts(t *testing.T) map[string]struct{ Params, Buffers int64 } {
	t.Helper()
	raw, err := os.ReadFile("testdata/reprs.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Models map[string]struct{ Params, Buffers int64 }
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f.Models
}

func codes(notes []Message) string {
	var c []string
	for _, n := range notes {
		c = append(c, n.Code)
	}
	return strings.Join(c, " ")
}

// TestReprs reads what torchvision's models print. PyTorch's own counts are the oracle; where a model is recognised, its
// layers, and the code that is written from them and read again, have the same count.
func TestReprs(t *testing.T) {
	counts := torchCounts(t)
	if len(counts) < 8 {
		t.Fatalf("only %d models", len(counts))
	}
	for name, want := range counts {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name+".repr.txt"))
			if err != nil {
				t.Fatal(err)
			}
			p := Read(string(text))
			if p.Format != TorchRepr || p.Params != want.Params || p.Buffers != want.Buffers {
				t.Errorf("%s: %d parameters and %d buffers, PyTorch counts %d and %d", p.Format, p.Params, p.Buffers, want.Params, want.Buffers)
			}
			if len(p.Unknown) > 0 {
				t.Errorf("not understood: %v", p.Unknown)
			}
			if _, err := arch.ByName(name); err != nil {
				if p.HasStack || codes(p.Notes) != "params_only" {
					t.Errorf("a model that the house does not know: stack %v, notes %q", p.HasStack, codes(p.Notes))
				}
				return
			}
			if p.Model != name || !p.HasStack {
				t.Fatalf("recognised as %q", p.Model)
			}
			r := Compile(p.Stack)
			if r.Totals.Params+p.AuxParams != want.Params || r.Totals.Params == 0 {
				t.Errorf("the layers have %d parameters and the auxiliary heads %d, want %d", r.Totals.Params, p.AuxParams, want.Params)
			}
			throughCode(t, r)
		})
	}
}

// throughCode writes PyTorch code and reads it back.
func throughCode(t *testing.T, r *Result) *Paste {
	t.Helper()
	code, err := r.PyTorch()
	if err != nil {
		t.Fatal(err)
	}
	p := Read(code)
	if p.Format != TorchCode || !p.HasStack || len(p.Unknown) > 0 {
		t.Fatalf("the code was read as %s, stack %v, notes %q, not understood: %v\n%s", p.Format, p.HasStack, codes(p.Notes), p.Unknown, code)
	}
	p.Stack.Input = r.Stack.Input // code does not tell it
	back := Compile(p.Stack)
	if !back.OK() {
		t.Fatalf("row %s: %s", back.Rows[back.Problem].Address, back.Rows[back.Problem].Problem.Text(English))
	}
	if p.Params != r.Totals.Params || back.Totals.Params != r.Totals.Params || back.Totals.MACs != r.Totals.MACs {
		t.Errorf("code counts %d, its layers %d parameters and %d MACs, want %d and %d", p.Params, back.Totals.Params, back.Totals.MACs, r.Totals.Params, r.Totals.MACs)
	}
	return p
}

// TestCodeOfEveryArchitecture writes and reads the code of every network.
func TestCodeOfEveryArchitecture(t *testing.T) {
	for _, a := range arch.All() {
		t.Run(a.Name, func(t *testing.T) { throughCode(t, Compile(fromArch(t, a.Name))) })
	}
}

func TestReadCode(t *testing.T) {
	for _, tt := range []struct {
		name, text, stack, notes string
		unknown                  []int
		params                   int64
	}{
		{"the design's lines", "nn.Conv2d(3, 32, 3, padding=1)\nnn.BatchNorm2d(32)\nnn.ReLU()\nnn.MaxPool2d(2)\nnn.Conv2d(32, 32, 3, padding=1, groups=32)",
			"i3x224;c32k3p1;bn;relu;mp2;dw3p1", "input_assumed order_assumed", nil, 896 + 64 + 320},
		{"sequential", "model = nn.Sequential(\n    nn.Conv2d(1, 20, 5),  # first\n    nn.ReLU(),\n    nn.MaxPool2d(2, 2),\n    nn.Flatten(),\n    nn.Linear(20 , 10, bias=False),\n)",
			"i1x6;c20k5;relu;mp2;fl;fc10n", "input_found", nil, 520 + 200},
		{"ordered dict", "from collections import OrderedDict\nnet = torch.nn.Sequential(OrderedDict([('conv1', torch.nn.Conv2d(1, 6, kernel_size=(5, 5))), ('act', torch.nn.Tanh())]))",
			"i1x28;c6k5;tanh", "input_assumed", nil, 156},
		{"class", "import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc1 = nn.Linear(784, 128)\n        self.fc2 = nn.Linear(128, 10)\n\n    def forward(self, x):\n        x = self.fc1(x)\n        return self.fc2(x)\n",
			"i784;fc128;fc10", "order_assumed", nil, 784*128 + 128 + 1290},
		{"functional calls are listed", "self.fc = nn.Linear(784, 10)\nx = F.relu(self.fc(x))", "", "code_partly unknown_lines", []int{2}, 7850},
		{"unknown module", "nn.Sequential(nn.Conv2d(3, 8, 3), MyBlock(8), nn.ReLU())", "", "code_partly unknown_lines", []int{1}, 224},
		{"counted without a row", "nn.Sequential(\n  nn.Conv2d(3, 8, 3),\n  nn.GroupNorm(4, 8),\n  nn.ConvTranspose2d(8, 3, 2, stride=2))", "", "unknown_counted unknown_counted code_partly", nil, 224 + 16 + 99},
		{"same padding", "nn.Conv2d(3, 8, (1, 7), padding='same', stride=1, bias=False)", "i3x224;c8k1x7p0x3n", "input_assumed", nil, 168},
		{"comprehension", "nn.Sequential(*[nn.Linear(8, 8) for _ in range(3)])", "", "nothing unknown_lines", []int{1}, 0},
		{"wrong widths", "nn.Conv2d(3, 8, 3)\nnn.Conv2d(16, 8, 3)", "i3x224;c8k3;c8k3", "input_assumed order_assumed width_mismatch", nil, 224 + 1160},
		{"unequal strides", "nn.Conv2d(3, 8, 3, stride=(2, 1))", "", "unknown_counted code_partly", nil, 224},
		{"prose", "Please count my network.", "", "nothing unknown_lines", []int{1}, 0},
		{"joins of exported code", "nn.Sequential(nn.Conv2d(3, 8, 1), Add(nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.ReLU()), nn.Identity()))",
			"i3x224;c8k1;add(c8k3p1;relu|)", "input_assumed", nil, 32 + 584},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Read(tt.text)
			stack := ""
			if p.HasStack {
				stack = p.Stack.String()
			}
			if stack != tt.stack || codes(p.Notes) != tt.notes || p.Params != tt.params {
				t.Errorf("got %q, %q, %d parameters\nwant %q, %q, %d", stack, codes(p.Notes), p.Params, tt.stack, tt.notes, tt.params)
			}
			var lines []int
			for _, u := range p.Unknown {
				lines = append(lines, u.Number)
			}
			if len(lines) != len(tt.unknown) || len(lines) > 0 && lines[0] != tt.unknown[0] {
				t.Errorf("lines %v were not understood, want %v", lines, tt.unknown)
			}
			for _, n := range p.Notes {
				if n.Text(Korean) == n.Code {
					t.Errorf("note %s has no words", n.Code)
				}
			}
		})
	}
}

func TestReadRepr(t *testing.T) {
	p := Read("Sequential(\n  (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))\n  (1): ReLU(inplace=True)\n  (2): Flatten(start_dim=1, end_dim=-1)\n  (3): Linear(in_features=2048, out_features=10, bias=True)\n)")
	if !p.HasStack || p.Stack.String() != "i3x16;c8k3p1;relu;fl;fc10" || codes(p.Notes) != "input_found" {
		t.Errorf("%v %q", p.Stack, codes(p.Notes))
	}
	// Since PyTorch 2 equal members of a list are printed once.
	p = Read("Net(\n  (blocks): ModuleList(\n    (0-2): 3 x Sequential(\n      (0): Conv2d(8, 8, kernel_size=(1, 1), stride=(1, 1))\n    )\n  )\n  (odd): Strange(size=3)\n)\nleft over")
	if p.HasStack || p.Params != 3*72 || len(p.Unknown) != 2 || p.Unknown[0].Number != 9 || p.Unknown[1].Number != 7 {
		t.Errorf("%d parameters, not understood %v", p.Params, p.Unknown)
	}
	if p.Modules[2].Path != "blocks.2.0" {
		t.Errorf("modules %v", p.Modules)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())")
	f.Add("Net(\n  (a): Conv2d(3, 8, kernel_size=(3, 3))\n)")
	f.Add(kerasOld)
	f.Add(kerasBox)
	f.Add("i3x8;c8k3")
	f.Fuzz(func(t *testing.T, text string) {
		p := Read(text)
		if !p.HasStack {
			return
		}
		if back, err := Parse(p.Stack.String()); err != nil || back.String() != p.Stack.String() {
			t.Fatalf("%q: %v", p.Stack, err)
		}
	})
}
