package engine

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"stride/internal/nn"
	"stride/internal/nn/input"
	"stride/internal/nn/model"
	"stride/internal/nn/tensor"
	"stride/internal/nn/weights"
	"stride/internal/store"
)

func pictures() *Pictures {
	return &Pictures{Store: store.Memory(store.Config{}), Decoder: input.NewDecoder(input.DefaultLimits(), 1<<30), Sample: func(name string) (*input.RGB, error) {
		if name != "disc" {
			return nil, fs.ErrNotExist
		}
		return disc(40, 40), nil
	}}
}

// disc is a coloured disc.
func disc(w, h int) *input.RGB {
	p := input.NewRGB(w, h)
	for y := range h {
		for x := range w {
			if dx, dy := x-w/2, y-h/2; dx*dx+dy*dy < w*h/9 {
				copy(p.Pix[3*(y*w+x):], []uint8{200, uint8(6 * x), uint8(6 * y)})
			}
		}
	}
	return p
}

func pngOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A real network through the whole engine: every node equals a plain run, whatever was kept. With edits the run is plain and
// equal to the last bit; without, it goes through a compiled plan, which rounds differently.
func TestLocal(t *testing.T) {
	before := runtime.NumGoroutine()
	p := pictures()
	blob, err := p.Add(background, "ann", pngOf(t, disc(40, 40).RGBA()))
	if err != nil {
		t.Fatal(err)
	}
	l := &Local{Catalogue: model.NewCatalogue(nil, ""), Images: p}
	for name, j := range map[string]Job{
		"lenet5":  {Image: BlobRef(blob.Digest), Model: "lenet5", Weights: "untrained:1"},
		"resnet":  {Image: SampleRef("disc"), Model: "cifar_resnet20", Weights: "untrained:2"},
		"edited":  {Image: SampleRef("disc"), Model: "cifar_resnet20", Weights: "untrained:2", Options: Options{Edits: []Edit{{"layer1.0.conv1", 3, 0}, {"layer2.0.bn1", -1, 0.5}}}},
		"reduced": {Image: SampleRef("disc"), Model: "cifar_resnet20", Weights: "untrained:2", Options: Options{Ranks: []Rank{{"layer1.0.conv1", 3}}, Edits: []Edit{{"layer2.0.bn1", -1, 0.5}}}},
		"smaller": {Image: SampleRef("disc"), Model: "mobilenet_v1_025", Weights: "untrained:1", Options: Options{Height: 64, Width: 64}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := l.Model(j)
			if err != nil {
				t.Fatal(err)
			}
			img, err := p.Image(background, j.Image)
			if err != nil {
				t.Fatal(err)
			}
			var want []*tensor.Tensor
			logits, err := nn.Run(background, m.Graph, m.Tensor(img), weightsOf(m, j), nn.RunConfig{Edit: editor(j), Tap: func(_ *nn.Node, out *tensor.Tensor) error {
				want = append(want, out.Clone())
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			for _, limit := range []int64{1 << 30, 1 << 15} {
				e := New(l, l, Config{Threads: 3, RecordingBytes: limit})
				rec, res, err := e.Run(background, "ann", j)
				if err != nil {
					t.Fatal(err)
				}
				if !near(res.Logits, logits.Data) || len(res.Top) != topClasses || res.Elapsed <= 0 {
					t.Errorf("logits %v…, want %v…; %d classes in %v", res.Logits[:2], logits.Data[:2], len(res.Top), res.Elapsed)
				}
				for i, n := range m.Graph.Main() {
					x, err := rec.At(background, n.Path)
					if err != nil || !near(x.Data, want[i].Data) {
						t.Fatalf("limit %d: %s differs (%v)", limit, n.Path, err)
					}
				}
				if e.Stats().Recomputed == 0 && limit < 1<<20 {
					t.Errorf("limit %d: no node was computed again", limit)
				}
				shut(t, e)
			}
		})
	}
	l.Catalogue.Close()
	noLeak(t, before)
}

// near compares values within 1e-4 of the largest.
func near(got, want []float32) bool {
	if len(got) != len(want) {
		return false
	}
	s := tensor.Summarize(want)
	tol := 1e-4 * max(1, s.Max, -s.Min)
	for i, v := range got {
		if d := float64(v - want[i]); !(d <= tol && d >= -tol) {
			return false
		}
	}
	return true
}

// noLeak waits until the goroutines are back to what they were; those of a closed team need a moment to end.
func noLeak(t *testing.T, before int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			b := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, b[:runtime.Stack(b, true)])
		}
	}
}

func TestLocalRefuses(t *testing.T) {
	p := pictures()
	l := &Local{Catalogue: model.NewCatalogue(nil, ""), Images: p}
	e := New(l, l, Config{Threads: 1})
	good := Job{Image: SampleRef("disc"), Model: "lenet5", Weights: "untrained:1"}
	for name, c := range map[string]struct {
		change func(*Job)
		want   Code
	}{
		"model":        {func(j *Job) { j.Model = "lenet6" }, BadRequest},
		"weights":      {func(j *Job) { j.Weights = "imagenet-of-nowhere" }, BadRequest},
		"size":         {func(j *Job) { j.Options.Height, j.Options.Width = 100_000, 100_000 }, BadRequest},
		"odd size":     {func(j *Job) { j.Options.Height, j.Options.Width = 33, 33 }, BadRequest},
		"rectangle":    {func(j *Job) { j.Options.Height, j.Options.Width = 64, 32 }, BadRequest},
		"edit node":    {func(j *Job) { j.Options.Edits = []Edit{{"nowhere", 0, 0}} }, BadRequest},
		"edit channel": {func(j *Job) { j.Options.Edits = []Edit{{"c1", 6, 0}} }, BadRequest},
		"rank node":    {func(j *Job) { j.Options.Ranks = []Rank{{"nowhere", 1}} }, BadRequest},
		"rank of tanh": {func(j *Job) { j.Options.Ranks = []Rank{{"tanh1", 1}} }, BadRequest},
		"rank":         {func(j *Job) { j.Options.Ranks = []Rank{{"c1", 0}} }, BadRequest},
		"digest":       {func(j *Job) { j.Digest = "00" }, UnknownID},
		"sample":       {func(j *Job) { j.Image = SampleRef("nobody") }, UnknownID},
		"blob":         {func(j *Job) { j.Image = BlobRef("0123") }, UnknownID},
		"reference":    {func(j *Job) { j.Image = "http://example.org/cat.png" }, UnknownID},
	} {
		j := good
		c.change(&j)
		if _, _, err := e.Run(background, "ann", j); !errors.Is(err, &Error{Code: c.want}) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, _, err := e.Run(background, "ann", good); err != nil {
		t.Error(err)
	}
	shut(t, e)
}

// Resolved jobs name the weights' file by content: other bytes under the same id are another job.
func TestResolve(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "weights"), 0o700); err != nil {
		t.Fatal(err)
	}
	l := &Local{Catalogue: model.NewCatalogue(nil, dir), Images: pictures()}
	j := Job{Image: SampleRef("disc"), Model: "lenet5"}
	resolve := func() Job {
		t.Helper()
		l.Catalogue.Forget()
		r, err := l.Resolve(j)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := resolve(); r.Weights != "untrained:1" || r.Digest != "" {
		t.Errorf("without weights: %+v", r)
	}
	install := func(seed uint64) Job {
		t.Helper()
		m, err := l.Catalogue.Load("lenet5", fmt.Sprint("untrained:", seed))
		if err != nil {
			t.Fatal(err)
		}
		if err := weights.Save(filepath.Join(dir, "weights", "lenet5.safetensors"), m.Weights, weights.F32); err != nil {
			t.Fatal(err)
		}
		return resolve()
	}
	a, b := install(7), install(8)
	if a.Weights != b.Weights || len(a.Digest) != 64 || a.Key() == b.Key() {
		t.Errorf("%+v and %+v: want one id and two digests", a, b)
	}
	if _, err := l.Model(b); err != nil {
		t.Error(err)
	}
	if _, err := l.Model(a); !errors.Is(err, &Error{Code: UnknownID}) {
		t.Errorf("weights that were replaced: %v", err)
	}
}

// What is stored is the picture, bounded and without the file around it.
func TestPictures(t *testing.T) {
	p := pictures()
	file := pngOf(t, disc(1500, 500).RGBA())
	canary := append(slices.Clone(file), "GPS 48.137 N"...)
	blob, err := p.Add(background, "ann", canary)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := p.Store.Get(background, blob.ID)
	if err != nil || bytes.Contains(raw, []byte("GPS")) {
		t.Errorf("the stored bytes hold what came after the picture (%v)", err)
	}
	img, err := p.Image(background, BlobRef(blob.Digest))
	if err != nil || img.W != MaxSide || img.H != 341 {
		t.Fatalf("%v, %v: want %d×341", img.Bounds(), err, MaxSide)
	}
	if c := img.At(MaxSide/2, 170).(color.RGBA); c.R != 200 {
		t.Errorf("the middle is %v", c)
	}
	if _, err := p.Add(background, "ann", []byte("no picture")); err == nil {
		t.Error("text was taken for a picture")
	}
	small := &Pictures{Store: store.Memory(store.Config{OwnerBytes: 10}), Decoder: p.Decoder}
	if _, err := small.Add(background, "ann", file); !errors.Is(err, &Error{Code: TooMany}) {
		t.Errorf("over quota: %v", err)
	}
	full := &Pictures{Store: store.Memory(store.Config{TotalBytes: 10}), Decoder: p.Decoder}
	if _, err := full.Add(background, "ann", file); !errors.Is(err, &Error{Code: StorageFull}) {
		t.Errorf("full: %v", err)
	}
}
