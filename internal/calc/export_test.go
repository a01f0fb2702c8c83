package calc

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const exported = "i3x64;c32k3p1n;bn;relu;3xbt64m16;add(c64k3p1|);gap;fc10"

func TestCSV(t *testing.T) {
	r := Compile(parse(t, exported))
	var b strings.Builder
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(r.Rows)+2 {
		t.Fatalf("%d lines for %d rows", len(rows), len(r.Rows))
	}
	var params, macs int64
	for _, c := range rows[1 : len(rows)-1] {
		for i, sum := range map[int]*int64{4: &params, 6: &macs} {
			n, err := strconv.ParseInt(c[i], 10, 64)
			if err != nil && c[i] != "" {
				t.Fatal(err)
			}
			*sum += n
		}
	}
	last := rows[len(rows)-1]
	if last[4] != fmt.Sprint(params) || last[6] != fmt.Sprint(macs) || params != r.Totals.Params {
		t.Errorf("lines add up to %d and %d, the last says %s and %s", params, macs, last[4], last[6])
	}
	if got := rows[2]; got[1] != "conv" || got[2] != "out=32 kernel=3 padding=1 bias=0" || got[3] != "32x64x64" || got[8] != "3" {
		t.Errorf("first layer %q", got)
	}
}

func TestReport(t *testing.T) {
	rep := Compile(parse(t, exported)).Report(English)
	raw, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, row := range back.Rows {
		var terms int64
		for _, x := range row.Terms {
			p := int64(1)
			for _, f := range x.Factors {
				p *= int64(f)
			}
			if p != x.Params {
				t.Errorf("row %s: %v is not %d", row.Address, x.Factors, x.Params)
			}
			terms += p * int64(x.Repeat)
		}
		if row.Params != nil && terms != *row.Params {
			t.Errorf("row %s: terms add up to %d, want %d", row.Address, terms, *row.Params)
		}
		sum += terms
	}
	if sum != back.Totals.Params || back.Totals.WeightBytes["fp16"] != 2*sum || back.Totals.WeightBytes["int8"] != sum {
		t.Errorf("totals %+v, want %d parameters", back.Totals, sum)
	}
	bad := Compile(parse(t, "i3x4;c8k7;relu")).Report(Korean)
	p := bad.Rows[1].Problem
	if bad.OK || p == nil || p.Code != "kernel" || p.Text != "커널(7)이 4×4 입력보다 큽니다." || len(p.Fixes) != 2 || p.Fixes[0].Edit != "set:0:kernel:4" || p.Fixes[0].Text != "커널 4 사용" {
		t.Errorf("problem %+v", p)
	}
	if bad.Rows[2].Params != nil || bad.Rows[2].Shape != nil {
		t.Errorf("the row after the problem knows %+v", bad.Rows[2])
	}
}

func TestMarkdown(t *testing.T) {
	md := Compile(parse(t, "i3x8;c4k1x3n;add(relu|);fc10")).Markdown(English)
	want := "| Conv | out 4, kernel 1x3, bias 0 | 4×8×6 | 36 | 1,728 | 1x3 |\n"
	if !strings.Contains(md, want) {
		t.Errorf("no line %q in\n%s", want, md)
	}
	for i, line := range strings.Split(strings.TrimSpace(md), "\n") {
		if strings.Count(line, "|") != 7 {
			t.Errorf("line %d has other cells: %s", i+1, line)
		}
	}
	if !strings.Contains(Compile(parse(t, exported)).Markdown(Korean), "| 병목 블록 ×3 | 출력 64, 중간 16 |") {
		t.Error("the Korean table has other words")
	}
}

// noTorch is the exit code of a script that cannot import torch.
const noTorch = 42

// torchScript runs a script with the first interpreter that has torch; ok is false when none has.
func torchScript(script string, args ...string) (out []byte, ok bool, err error) {
	script = "import sys\ntry:\n    import torch\nexcept ImportError:\n    sys.exit(42)\n" + script
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		out, err = exec.Command(name, append([]string{"-c", script}, args...)...).CombinedOutput()
		var exit *exec.ExitError
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) || errors.As(err, &exit) && exit.ExitCode() == noTorch {
			continue
		}
		return out, true, err
	}
	return nil, false, nil
}

// TestPyTorchRuns runs exported code: PyTorch counts what we count, and a picture goes through to the same shape.
func TestPyTorchRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("starts PyTorch")
	}
	dir := t.TempDir()
	var want []string
	for _, name := range []string{"lenet5_paper", "googlenet", "cifar_resnet20", "mobilenet_v1_tf", "mobilenet_v2", "densenet121", "efficientnet_b0", "mini_alexnet", "stack", "keras/mobilenet_v2.keras2.txt", "resnet18.repr.txt"} {
		s := parse(t, "i3x33;zpt1b2l3r4;c8k1x7p0x3s2;gelu;lrn5k2s;dw3m2q;mp3s2p1c;ap2z;aap5;do0.5;add(c16k1n;leakyrelu|);dense(c4k1|c4k3p1);se4;gmp;c8k1;hardswish;fl;bn;elu;fc7n;softplus;mish;fc3;sm")
		switch {
		case strings.HasSuffix(name, ".txt"): // pasted, with PyTorch's or tf.layers' own count
			text, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			p := Read(string(text))
			if !p.HasStack {
				t.Fatalf("%s is not wired: %q", name, codes(p.Notes))
			}
			s, name = p.Stack, strings.Map(func(r rune) rune {
				if r == '/' || r == '.' {
					return '_'
				}
				return r
			}, name)
		case name != "stack":
			s = fromArch(t, name)
		}
		r := Compile(s)
		code, err := r.PyTorch()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".py"), []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
		out := r.Graph.Output.Shape
		want = append(want, fmt.Sprintf("%s %d %d", name, r.Totals.Params, out.C))
	}
	script := `
import importlib
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    m = importlib.import_module(name)
    shape = [int(n) for n in m.Net.__doc__.split("input ")[1].rstrip(".").split("×")]
    with torch.no_grad():
        net = m.Net().eval()
        y = net(torch.zeros([1] + shape))
    print(name, sum(p.numel() for p in net.parameters()), y.shape[1])
`
	args := []string{dir}
	for _, w := range want {
		args = append(args, strings.Fields(w)[0])
	}
	out, ok, err := torchScript(script, args...)
	if !ok {
		t.Skip("no python3 with torch is installed (Debian: python3-torch)")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got := strings.TrimSpace(string(out)); got != strings.Join(want, "\n") {
		t.Errorf("PyTorch says\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
