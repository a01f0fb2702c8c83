package calc

import (
	"strings"
	"testing"

	"stride/internal/nn/op"
	"stride/internal/nn/tensor"
)

func parse(t testing.TB, text string) Stack {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// TestDesign is the stack of the calculator's design: its numbers follow from the formulas of the curriculum.
func TestDesign(t *testing.T) {
	r := Compile(parse(t, "i3x64;c32k3p1;bn;relu;mp2;dw3p1;c64k1;relu;mp2;c128k3p1;relu;gap;fc10"))
	if !r.OK() {
		t.Fatal(r.Rows[r.Problem].Problem.Text(English))
	}
	want := []struct {
		shape        tensor.Shape
		params, macs int64
		field        int
	}{
		{tensor.CHW(3, 64, 64), 0, 0, 1},
		{tensor.CHW(32, 64, 64), 3*3*3*32 + 32, 3 * 3 * 3 * 32 * 64 * 64, 3},
		{tensor.CHW(32, 64, 64), 64, 0, 3},
		{tensor.CHW(32, 64, 64), 0, 0, 3},
		{tensor.CHW(32, 32, 32), 0, 0, 4},
		{tensor.CHW(32, 32, 32), 3*3*32 + 32, 3 * 3 * 32 * 32 * 32, 8},
		{tensor.CHW(64, 32, 32), 32*64 + 64, 32 * 64 * 32 * 32, 8},
		{tensor.CHW(64, 32, 32), 0, 0, 8},
		{tensor.CHW(64, 16, 16), 0, 0, 10},
		{tensor.CHW(128, 16, 16), 3*3*64*128 + 128, 3 * 3 * 64 * 128 * 16 * 16, 18},
		{tensor.CHW(128, 16, 16), 0, 0, 18},
		{tensor.CHW(128, 1, 1), 0, 0, 78},
		{tensor.Vec(1, 10), 128*10 + 10, 1280, 78},
	}
	var params, macs int64
	for i, w := range want {
		row := r.Rows[i]
		if row.Shape != w.shape || row.Params != w.params || row.MACs != w.macs || row.Field.Size[0] != w.field {
			t.Errorf("row %d: got %v %d params %d MACs field %d, want %+v", i, row.Shape, row.Params, row.MACs, row.Field.Size[0], w)
		}
		params += row.Params
		macs += row.MACs
	}
	if r.Totals.Params != 78538 || params != r.Totals.Params || macs != r.Totals.MACs {
		t.Errorf("totals %d and %d, rows add up to %d and %d", r.Totals.Params, r.Totals.MACs, params, macs)
	}
	if r.Totals.PeakBytes != 2*32*64*64*4 {
		t.Errorf("peak %d bytes", r.Totals.PeakBytes)
	}
}

// TestProblems holds each mistake to its sentence, checks that what follows is unknown, and that every offered repair
// makes the row work.
func TestProblems(t *testing.T) {
	for _, tt := range []struct{ name, text, address, want, korean string }{
		{"kernel", "i3x8;mp2;c8k7;relu", "1", "Kernel 7 is larger than the 4×4 input.", "커널(7)이 4×4 입력보다 큽니다."},
		{"padded kernel", "i3x4;c8k9p1", "0", "Kernel 9 is larger than the 4×4 input, even with its padding (6×6).", ""},
		{"dilation", "i3x8;c8k3d5", "0", "Kernel 3 with dilation 5 spans 11 values, more than the 8×8 input has.", ""},
		{"rectangle", "i3x4x16;c8k1x7;c8k7x1", "1", "Kernel 7×1 is larger than the 4×10 input.", ""},
		{"vector", "i3x8;gap;c8k3", "1", "Kernel 3 needs a map, but the input here is a vector: only kernel 1 fits.", ""},
		{"groups", "i3x8;c8k3g4", "0", "4 groups do not divide 3 input and 8 output channels evenly.", ""},
		{"dense", "i3x8;fc10;sm", "0", "A dense layer takes a vector, not 3×8×8 maps.", ""},
		{"pool padding", "i3x8;mp2p2", "0", "Padding 2 is more than half of the pooling window 2.", ""},
		{"skip", "i3x8;add(c8k3s2p1|);relu", "0", "Only equal shapes can be added: 8×4×4 and 3×8×8.", "모양이 같아야 더할 수 있습니다: 8×4×4, 3×8×8."},
		{"branches", "i3x8;cat(c8k3|c8k1)", "0", "Only maps of equal size can be concatenated: 8×6×6 and 8×8×8.", ""},
		{"inside a path", "i3x8;cat(c8k1|mp2;c8k5;relu|);bn", "0.1.1", "Kernel 5 is larger than the 4×4 input.", ""},
		{"inside a block", "i3x2;tr8;tr8", "1", "Inside the block: Kernel 2 needs a map, but the input here is a vector: only kernel 1 fits.", ""},
		{"channels", "i8x8;pc4", "0", "4 channels are fewer than the 8 that come in.", ""},
		{"global max", "i3x8x4;gmp", "0", "Global max pooling takes square maps here, not 3×8×4.", ""},
		{"too large", "i65536x128;c65536k9p4;c8k1", "0", "The output or the work of this layer is too large to count here.", ""},
		{"one path", "i3x8;add(relu)", "0", "1 path ends here; a join needs at least two.", ""},
		{"gate", "i3x8;mul(c8k3|)", "0", "A gate has one value per channel of the map: 8×6×6 and 3×8×8 do not match.", ""},
		{"odd map", "i3x7;ss", "0", "Sub-sampling halves the map, but 3×7×7 has an odd side.", ""},
		{"table", "i3x8;ct3t7.f", "0", "The table reads input maps beyond the 3 that are there.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, tt.text)
			r := Compile(s)
			if r.OK() {
				t.Fatal("no problem")
			}
			bad := r.Rows[r.Problem]
			if bad.Address != tt.address || bad.Problem.Text(English) != tt.want {
				t.Errorf("row %q: %q, want row %q: %q", bad.Address, bad.Problem.Text(English), tt.address, tt.want)
			}
			if tt.korean != "" && bad.Problem.Text(Korean) != tt.korean {
				t.Errorf("Korean %q", bad.Problem.Text(Korean))
			}
			for _, row := range r.Rows[r.Problem+1:] {
				if row.Known && !strings.HasPrefix(row.Address, bad.Address+".") && bad.Address != "0" {
					t.Errorf("row %q is known after the problem", row.Address)
				}
			}
			for _, f := range bad.Problem.Fixes {
				e, err := ParseEdit(f.Edit.String())
				if err != nil || e != f.Edit {
					t.Errorf("edit %q: %v", f.Edit, err)
				}
				fixed, err := s.Apply(f.Edit)
				if err != nil {
					t.Errorf("%s: %v", f.Text(English), err)
				} else if f.Edit.Do != Open && Compile(fixed).Problem == r.Problem {
					t.Errorf("%s: still broken: %s", f.Text(English), Compile(fixed).Rows[r.Problem].Problem.Text(English))
				}
				if f.Text(Korean) == f.Code {
					t.Errorf("fix %s has no words", f.Code)
				}
			}
		})
	}
}

// TestBlocksEqualTheirMembers opens every block, in a row of two, and compares all counts.
func TestBlocksEqualTheirMembers(t *testing.T) {
	for _, k := range kindList {
		if !k.Block {
			continue
		}
		l, _ := New(k.Code)
		l.Count = 2
		s := Stack{tensor.CHW(24, 32, 32), []Layer{l}}
		open := s
		for range 3 { // the repetition, then both blocks
			for i := 0; i < len(open.Layers); i++ {
				if kinds[open.Layers[i].Code].Block || open.Layers[i].Times() > 1 {
					var err error
					if open, err = open.Apply(Edit{Do: Open, Address: number(float64(i))}); err != nil {
						t.Fatal(err)
					}
					break
				}
			}
		}
		a, b := Compile(s), Compile(open)
		if !a.OK() || !b.OK() {
			t.Fatalf("%s: %v %v", k.Name, a.OK(), b.OK())
		}
		if a.Totals != b.Totals || a.Totals.MACs == 0 {
			t.Errorf("%s: closed %+v, open %+v", k.Name, a.Totals, b.Totals)
		}
		if len(b.Rows) <= len(a.Rows)+1 {
			t.Errorf("%s: opened into %d rows", k.Name, len(b.Rows))
		}
	}
}

// TestForeign holds the operations of this package to their definitions.
func TestForeign(t *testing.T) {
	for a, f := range foreign {
		if got := f(3); got < 2.9 || got > 3.1 {
			t.Errorf("%s(3) = %v, want about 3", a, got)
		}
		if got := f(-20); got > 0 || got < -1.1 {
			if a != softplus || got > 1e-6 {
				t.Errorf("%s(-20) = %v", a, got)
			}
		}
	}
	if y := foreign[elu](-1); y > -0.632 || y < -0.633 {
		t.Errorf("elu(-1) = %v", y)
	}
	if y := foreign[gelu](1); y < 0.8413 || y > 0.8414 {
		t.Errorf("gelu(1) = %v", y)
	}
	z := zeroPad{[4]int{1, 0, 2, 1}}
	out, err := z.OutShape([]tensor.Shape{tensor.CHW(2, 2, 3)})
	if err != nil || out != tensor.CHW(2, 3, 6) {
		t.Errorf("padded shape %v, %v", out, err)
	}
	if o := actOp(op.ReLU); o != op.ReLU {
		t.Errorf("actOp(relu) = %v", o)
	}
}

func BenchmarkKeystroke(b *testing.B) {
	for _, name := range []string{"resnet50", "resnet152", "efficientnet_b7", "densenet201"} {
		text := fromArch(b, name).String()
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, err := Parse(text)
				if err != nil {
					b.Fatal(err)
				}
				if !Compile(s).OK() {
					b.Fatal("problem")
				}
			}
		})
	}
}
