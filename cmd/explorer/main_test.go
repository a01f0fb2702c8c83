package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn/arch"
	"stride/internal/nn/input"
	"stride/internal/nn/nntest/golden"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
)

// explorer runs the program in this process with a data folder of its own.
func explorer(t *testing.T, data string, args ...string) (code int, out, log string) {
	t.Helper()
	env := func(k string) string {
		if k == "STRIDE_DATA" {
			return data
		}
		return ""
	}
	var o, l bytes.Buffer
	code = run(context.Background(), args, env, &o, &l)
	return code, o.String(), l.String()
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return v
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--help"}, exitOK, ""},
		{[]string{"summary", "--help"}, exitOK, ""},
		{[]string{"summary", "resnet51"}, exitUsage, "no architecture is called"},
		{[]string{"summary"}, exitUsage, "expected"},
		{[]string{"summary", "lenet5", "--input", "3x0x1"}, exitUsage, "not a size"},
		{[]string{"summary", "lenet5", "--no-such-flag"}, exitUsage, "unknown flag"},
		{[]string{"bottleneck", "32", "0", "64"}, exitUsage, "MID is 0"},
		{[]string{"classify", "vgg16", "nothing.png"}, exitFailed, "no trained weights"},
		{[]string{"trace", "lenet5", "--image", "nothing.png"}, exitFailed, "nothing.png"},
		{[]string{"trace", "lenet5"}, exitUsage, ""},
		{[]string{"weights", "import", "lenet5", "nothing.pth"}, exitUsage, "nothing.pth"},
		{[]string{"train", "vgg16"}, exitUsage, ""},
		{[]string{"train", "lenet5", "--epochs=-1"}, exitUsage, "want at least 1"},
		{[]string{"train", "lenet5", "--out", "no-such-folder/x.safetensors"}, exitFailed, "no-such-folder"},
		{[]string{"train", "mini_vgg", "--measure", "nothing.safetensors"}, exitFailed, "nothing.safetensors"},
		{[]string{"summary", "vgg16", "--input", "3x16x16"}, exitUsage, "vgg16 cannot read 3×16×16"},
		{[]string{"summary", "vgg16", "--input", "8192x8192x8192"}, exitUsage, "fewer than"},
		{[]string{"bottleneck", "65536", "65536", "65536", "--kernel", "65536", "--size", "65536"}, exitUsage, "more multiply-accumulates than can be counted"},
		{[]string{"classify", "lenet5", "x.png", "--threads=-1"}, exitUsage, "want 1 to"},
		{[]string{"classify", "lenet5", "x.png", "--threads", "1000000"}, exitUsage, "want 1 to"},
		{[]string{"classify", "lenet5", "x.png", "--resize=-1"}, exitUsage, "want at least 1"},
		{[]string{"classify", "lenet5", "x.png", "--crop", "8"}, exitUsage, "lenet5 cannot read 1×8×8"},
		{[]string{"classify", "lenet5", "x.png", "--weights", "nothing.pth"}, exitFailed, "no weights of lenet5 have this id"},
		{[]string{"classify", "lenet5", "x.png", "--weights", "untrained:x"}, exitUsage, "not a whole number"},
		{[]string{"serve", "--threads=-1"}, exitUsage, "want 1 to"},
		{[]string{"bench", "no-such-network"}, exitUsage, "no architecture is called"},
		{[]string{"bench", "lenet5", "--threads", "0"}, exitUsage, "want 1 to"},
		{[]string{"bench", "lenet5", "--nodes", "--format", "json"}, exitUsage, "tables only"},
	} {
		code, _, log := explorer(t, dir, c.args...)
		if code != c.code || !strings.Contains(log, c.want) {
			t.Errorf("%v: exit code %d, want %d; said %q, want %q", c.args, code, c.code, log, c.want)
		}
	}
}

// TestTraceTakesWhatANetworkReads holds that one input is wanted, that NaN and infinity come out as null, and that --crop
// gives the size of the input.
func TestTraceTakesWhatANetworkReads(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, n int, v float32) string {
		x := tensor.New(tensor.Shape{N: n, C: 1, H: 32, W: 32})
		for i := range x.Data {
			x.Data[i] = v
		}
		name = filepath.Join(dir, name)
		write(t, name, func(f *os.File) error { return input.WriteNPY(f, x) })
		return name
	}
	if code, _, log := explorer(t, dir, "trace", "lenet5", "--tensor", file("two.npy", 2, 0)); code != exitFailed || !strings.Contains(log, "a batch of 2 inputs") {
		t.Errorf("a batch: exit code %d, %q", code, log)
	}
	code, out, log := explorer(t, dir, "trace", "lenet5", "--tensor", file("nan.npy", 1, float32(math.NaN())), "--format", "json")
	if code != exitOK || !strings.Contains(out, `"prob": null`) {
		t.Errorf("NaN: exit code %d, %q", code, log)
	}
	pic := filepath.Join(dir, "p.png")
	write(t, pic, func(f *os.File) error { return png.Encode(f, image.NewGray(image.Rect(0, 0, 200, 100))) })
	code, out, log = explorer(t, dir, "trace", "mini_vgg", "--image", pic, "--crop", "96", "--node", "input", "--format", "json")
	if code != exitOK {
		t.Fatal(log)
	}
	if tr := decode[traceJSON](t, out); tr.Input != [4]int{1, 3, 96, 96} {
		t.Errorf("--crop 96 gives an input of %v", tr.Input)
	}
}

// TestOneBadFile holds that what can be answered is answered, and that the rest is told with exit code 1.
func TestOneBadFile(t *testing.T) {
	dir := t.TempDir()
	pic := filepath.Join(dir, "p.png")
	write(t, pic, func(f *os.File) error { return png.Encode(f, image.NewGray(image.Rect(0, 0, 40, 40))) })
	code, out, log := explorer(t, dir, "classify", "lenet5", "nothing.png", pic, "--format", "json")
	if l := decode[[]classifyJSON](t, out); code != exitFailed || len(l) != 1 || l[0].File != pic || !strings.Contains(log, "nothing.png") {
		t.Errorf("classify: exit code %d, %+v, %q", code, l, log)
	}
	junk := filepath.Join(dir, "weights", "lenet5.junk.safetensors")
	if err := os.MkdirAll(filepath.Dir(junk), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(junk, []byte("junk"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, log = explorer(t, dir, "weights", "list", "--format", "json")
	if l := decode[[]weightsJSON](t, out); code != exitFailed || len(l) < len(arch.All()) || !strings.Contains(log, "junk of lenet5") || !strings.Contains(log, filepath.Dir(junk)) {
		t.Errorf("weights list: exit code %d, %d entries, %q", code, len(l), log)
	}
}

func TestBenchNodes(t *testing.T) {
	code, out, log := explorer(t, t.TempDir(), "bench", "lenet5", "--nodes", "--runs", "1", "--threads", "1")
	if code != exitOK || !strings.Contains(out, "6×28×28") || strings.Contains(out, "plain") || strings.Contains(out, "of peak") {
		t.Errorf("exit code %d, %s%s", code, out, log)
	}
}

func TestSummary(t *testing.T) {
	_, out, _ := explorer(t, t.TempDir(), "summary", "resnet50", "--format", "json")
	s := decode[summaryJSON](t, out)
	want := golden.LoadModel(t, "resnet50")
	if s.Totals.Params != want.Params || s.Totals.MACs != want.MACs || s.Totals.Buffers != want.Buffers || s.Input != [3]int{3, 224, 224} {
		t.Errorf("totals %+v", s.Totals)
	}
	var sum int64
	for _, n := range s.Nodes {
		sum += n.Params
		if n.Path == "layer2.0.conv2" && (n.Kernel != [2]int{3, 3} || n.Stride != [2]int{2, 2} || n.Field != [2]int{43, 43} || n.Params != 147456) {
			t.Errorf("layer2.0.conv2: %+v", n)
		}
	}
	if sum != s.Totals.Params {
		t.Errorf("the nodes' parameters add up to %d, the total is %d", sum, s.Totals.Params)
	}
	_, csv, _ := explorer(t, t.TempDir(), "summary", "lenet5", "--format", "csv")
	if lines := strings.Split(strings.TrimSpace(csv), "\n"); len(lines) != len(decodeSummary(t, "lenet5").Nodes)+1 || !strings.HasPrefix(lines[0], "path,kind,shape,params,MACs") {
		t.Errorf("csv: %q", lines[0])
	}
}

func decodeSummary(t *testing.T, name string) summaryJSON {
	t.Helper()
	_, out, _ := explorer(t, t.TempDir(), "summary", name, "--format", "json")
	return decode[summaryJSON](t, out)
}

func TestModelsListsAll(t *testing.T) {
	code, out, log := explorer(t, t.TempDir(), "models", "--format", "json")
	if code != exitOK {
		t.Fatal(log)
	}
	if l := decode[[]modelJSON](t, out); len(l) != len(arch.All()) || l[0].Name != "lenet5" || l[0].Params != 61706 {
		t.Errorf("%d models, first %+v", len(l), l[0])
	}
}

func TestBottleneckPrintsTheNotesExample(t *testing.T) {
	_, out, _ := explorer(t, t.TempDir(), "bottleneck", "32", "16", "64")
	for _, want := range []string{"18,432", "9,728", "1·1·32·16 + 3·3·16·64", "30.3"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	_, out, _ = explorer(t, t.TempDir(), "bottleneck", "32", "16", "64", "--bias", "--format", "json")
	if b := decode[bottleneckJSON](t, out); b.Forms[0].Params != 18496 || b.Forms[1].Params != 9808 {
		t.Errorf("with biases: %+v", b.Forms[:2])
	}
}

// TestTraceReproducesAGolden drives the whole command line: tensor in, weight file in, every node out as .npy.
func TestTraceReproducesAGolden(t *testing.T) {
	dir := t.TempDir()
	want := golden.LoadModel(t, "lenet5")
	a, err := arch.ByName("lenet5")
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	x, wf := filepath.Join(dir, "x.npy"), filepath.Join(dir, "w.safetensors")
	write(t, x, func(f *os.File) error { return input.WriteNPY(f, golden.Input(tensor.CHW(1, 32, 32)), 1, 1, 32, 32) })
	write(t, wf, func(f *os.File) error { return weights.WriteSafetensors(f, golden.Weights(g, want.Gain), weights.F32) })
	code, out, log := explorer(t, dir, "trace", "lenet5", "--tensor", x, "--weights", wf, "--dump", dir+"/out", "--format", "json")
	if code != exitOK {
		t.Fatal(log)
	}
	tr := decode[traceJSON](t, out)
	got := make([]float32, len(tr.Logits))
	for i, v := range tr.Logits {
		got[i] = float32(v)
	}
	if err := want.CompareLogits(got, golden.Exact); err != nil {
		t.Error(err)
	}
	if tr.Top[0].Index != want.Top5[0] || tr.Weights.SHA256 == "" {
		t.Errorf("top %+v, weights %+v", tr.Top, tr.Weights)
	}
	for _, c := range want.Activations {
		f, err := os.Open(filepath.Join(dir, "out", c.Name+".npy"))
		if err != nil {
			t.Fatal(err)
		}
		y, err := input.ReadNPY(f, 1<<20)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := golden.CompareActivation(&c, y, golden.Exact); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

func write(t *testing.T, name string, f func(*os.File) error) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := f(file); err != nil {
		t.Fatal(err)
	}
}

// TestImportVerifyAndUse imports weights, lists, verifies and uses them; a file that does not fit changes nothing.
func TestImportVerifyAndUse(t *testing.T) {
	dir := t.TempDir()
	a, err := arch.ByName("mini_mobilenet")
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	w := weights.Init(g, 5)
	w.Meta[weights.MetaTrainedOn] = "a test"
	wf := filepath.Join(dir, "mini_mobilenet.mine.safetensors")
	write(t, wf, func(f *os.File) error { return weights.WriteSafetensors(f, w, weights.F16) })
	if code, _, log := explorer(t, dir, "weights", "import", "mini_vgg", wf); code != exitFailed || !strings.Contains(log, "nothing has changed") {
		t.Errorf("a file that does not fit: exit code %d, %q", code, log)
	}
	if code, _, log := explorer(t, dir, "weights", "import", "mini_mobilenet", wf); code != exitOK {
		t.Fatal(log)
	}
	if code, out, log := explorer(t, dir, "weights", "verify"); code != exitOK || !strings.Contains(out, "mini_mobilenet mine: good") {
		t.Errorf("verify: %d %q %q", code, out, log)
	}
	_, out, _ := explorer(t, dir, "weights", "list", "--format", "json")
	found := false
	for _, x := range decode[[]weightsJSON](t, out) {
		found = found || x.Model == "mini_mobilenet" && x.ID == "mine" && x.TrainedOn == "a test" && x.Status == "installed"
	}
	if !found {
		t.Error("the list does not have the imported weights")
	}
	pic := filepath.Join(dir, "p.png")
	write(t, pic, func(f *os.File) error {
		img := image.NewRGBA(image.Rect(0, 0, 80, 60))
		for i := range 80 * 60 {
			img.Set(i%80, i/80, color.RGBA{uint8(i), uint8(i / 7), 90, 255})
		}
		return png.Encode(f, img)
	})
	code, out, log := explorer(t, dir, "classify", "mini_mobilenet", pic, "--weights", "mine", "--top", "3", "--format", "json")
	if code != exitOK {
		t.Fatal(log)
	}
	if c := decode[[]classifyJSON](t, out); len(c) != 1 || len(c[0].Top) != 3 || c[0].Top[0].Prob < c[0].Top[1].Prob {
		t.Errorf("%+v", c)
	}
}

// TestPublicWeights reproduces what PyTorch answers with the public MobileNet v2 weights.
func TestPublicWeights(t *testing.T) {
	shared := os.Getenv("STRIDE_SHARED")
	if shared == "" {
		t.Skip("STRIDE_SHARED does not name the folder with public weights")
	}
	b, err := os.ReadFile(filepath.Join(shared, "weights", "mobilenet_v2.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := decode[struct {
		Photos map[string]struct {
			Top5 []guessJSON `json:"top5"`
		} `json:"photos"`
	}](t, string(b))
	for name, w := range want.Photos {
		code, out, log := explorer(t, t.TempDir(), "classify", "mobilenet_v2", filepath.Join(shared, "photos", name), "--weights", filepath.Join(shared, "weights", "mobilenet_v2.imagenet.safetensors"), "--format", "json")
		if code != exitOK {
			t.Fatal(log)
		}
		got := decode[[]classifyJSON](t, out)[0].Top
		for i, g := range got {
			if g.Index != w.Top5[i].Index || g.Label != w.Top5[i].Label || g.Prob-w.Top5[i].Prob > 0.01 || w.Top5[i].Prob-g.Prob > 0.01 {
				t.Errorf("%s: place %d is %+v, want %+v", name, i+1, g, w.Top5[i])
			}
		}
	}
}
