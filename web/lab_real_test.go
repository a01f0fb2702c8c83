package web

import (
	"context"
	"encoding/csv"
	"image/png"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/tensor"
	"stride/web/i18n"
)

// TestRealLayer holds the numbers of the page to the network run by hand: the layer's maps with its own weights and with
// those of the rank, in both languages.
func TestRealLayer(t *testing.T) {
	s := newSite(t)
	const path, rank = "inception_4a.b2.conv", 12
	m, err := s.s.cfg.Catalogue.Load("mini_googlenet", "")
	if err != nil {
		t.Fatal(err)
	}
	n := m.Graph.Node(path)
	img, err := s.s.local.Images.Image(context.Background(), picture{Sample: s.s.samples.of("drawing")[0].Name}.ref())
	if err != nil {
		t.Fatal(err)
	}
	maps := func(w nn.Weights) (x *tensor.Tensor) {
		_, err := nn.Run(context.Background(), m.Graph, m.Tensor(img), w, nn.RunConfig{Tap: func(o *nn.Node, out *tensor.Tensor) error {
			if o == n {
				x = out.Clone()
			}
			return nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	low, err := m.LowRank(n)
	if err != nil {
		t.Fatal(err)
	}
	a := maps(m.Weights)
	b := maps(m.Reduced(map[*nn.Node]int{n: rank}))
	var diff, all float64
	for i := range a.Data {
		diff += math.Pow(float64(b.Data[i]-a.Data[i]), 2)
		all += math.Pow(float64(a.Data[i]), 2)
	}
	for _, lang := range i18n.Langs {
		resp, page := s.get(t, "/"+lang.Tag()+"/labs/bottleneck?layer=mini_googlenet:"+path+"&rank=12&q.may-be-31=1")
		if resp.StatusCode != 200 {
			t.Fatalf("status %d", resp.StatusCode)
		}
		for _, want := range []string{">" + i18n.Percent(math.Sqrt(diff/all), 1) + "<", ">" + i18n.Percent(low.Error(rank), 1) + "<", "12 → " + i18n.Percent(math.Sqrt(diff/all), 1),
			`<option value="mini_googlenet:` + path + `" selected`, `id="real-layer"`, i18n.Int(int64(rank * (32 + 9*64))), `name="layer" value="mini_googlenet:` + path + `"`, `name="q.may-be-31" value="1"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", lang.Tag(), want)
			}
		}
		if got := strings.Count(page, `class="pair"`); got != 3 {
			t.Errorf("%s: %d rows of maps", lang.Tag(), got)
		}
	}
}

// TestRealLayerAtFullRank: all directions together are the layer, so nothing is left of the difference.
func TestRealLayerAtFullRank(t *testing.T) {
	s := newSite(t)
	_, page := s.get(t, "/en/labs/bottleneck?layer=mini_resnet:block1.conv2&rank=4096")
	for _, want := range []string{">0.0%<", `value="32"`, "Below 10%"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	found := regexp.MustCompile(`/r/[^"]*/beside/[^"]*/difference\.png`).FindString(page)
	if found == "" {
		t.Fatal("no picture of the difference")
	}
	_, file := s.get(t, found)
	img, err := png.Decode(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	zero := img.At(0, 0)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if img.At(x, y) != zero {
				t.Fatalf("the difference at %d, %d is not that at the corner", x, y)
			}
		}
	}
}

// TestRealLayerChoice: the page begins with a layer of the lesson's own contract, and refuses what cannot be taken apart.
func TestRealLayerChoice(t *testing.T) {
	s := newSite(t)
	layers := s.s.realLayers()
	l, ok, err := realState{}.find(layers)
	if err != nil || !ok || l.In != 32 || l.Out != 64 || l.Kernel != 3 {
		t.Errorf("the page begins with %s, %+v, %v", l.name(), l.Contract, err)
	}
	if st := (realState{}); st.rank(l) != 16 {
		t.Errorf("it begins with rank %d", st.rank(l))
	}
	if _, ok, err := (realState{}).find(nil); ok || err != nil {
		t.Errorf("without trained weights: %v, %v", ok, err)
	}
	for _, layer := range []string{"mini_resnet:fc", "mini_resnet:nowhere", "vgg16:features.2", "lenet5:c1", "nobody:conv1", "mini_mobilenet:", "x"} {
		resp, page := s.get(t, "/en/labs/bottleneck?layer="+url.QueryEscape(layer))
		if resp.StatusCode != 404 || !strings.Contains(page, "no two-step form") || !strings.Contains(page, layer) {
			t.Errorf("%s: status %d", layer, resp.StatusCode)
		}
	}
	if resp, _ := s.get(t, "/en/labs/bottleneck?rank=0"); resp.StatusCode != 400 {
		t.Errorf("rank 0: status %d", resp.StatusCode)
	}
	if resp, _ := s.get(t, "/r/00/n/conv1/beside/11/difference.png"); resp.StatusCode != 404 {
		t.Errorf("a picture of runs that nobody made: status %d", resp.StatusCode)
	}
}

// TestRealErrorChart: both curves fall to nothing, that of the map goes through the error on the page, and files of the lab
// have the page's picture.
func TestRealErrorChart(t *testing.T) {
	s := newSite(t)
	const at = "?layer=mini_vgg%3Aconv2_2.conv&rank=5"
	_, file := s.get(t, "/en/labs/bottleneck/picture/real-error.csv"+at)
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	curves := map[string][]float64{}
	for _, r := range rows[1:] {
		y, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		curves[r[0]] = append(curves[r[0]], y)
	}
	weights, onMap := curves["weights"], curves["this map"]
	if len(weights) != 24 || len(onMap) != 24 || weights[23] != 0 || onMap[23] > 1e-6 {
		t.Fatalf("curves of %d and %d points", len(weights), len(onMap))
	}
	for m := 1; m < 24; m++ {
		if weights[m] > weights[m-1] {
			t.Errorf("the error of the weights grows at rank %d", m+1)
		}
	}
	if _, page := s.get(t, "/en/labs/bottleneck"+at); !strings.Contains(page, ">"+i18n.Percent(onMap[4], 1)+"<") {
		t.Errorf("the curve has %g at rank 5, the page has not", onMap[4])
	}
	if resp, _ := s.get(t, "/ko/labs/bottleneck/picture/real-maps.svg"+at); resp.StatusCode != 200 {
		t.Errorf("maps as a file: status %d", resp.StatusCode)
	}
	if resp, _ := s.get(t, "/en/labs/bottleneck/picture/real-maps.svg?layer=nobody:x"); resp.StatusCode != 404 {
		t.Errorf("maps of no layer: status %d", resp.StatusCode)
	}
}
