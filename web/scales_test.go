package web

import (
	"bytes"
	"image"
	"image/png"
	"net/url"
	"testing"

	"stride/internal/engine"
	"stride/internal/viz"
)

// TestNetworkScale: in the scope of the network the same colour is the same value, in every layer.
func TestNetworkScale(t *testing.T) {
	s := newSite(t)
	st, err := s.s.engine.Submit(t.Context(), "a", mustResolve(t, s.s, engine.Job{Image: engine.SampleRef("cat-1"), Model: "mini_vgg"}))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rec := st.Recording()
	sc, err := s.s.scales.network(t.Context(), rec)
	if err != nil {
		t.Fatal(err)
	}
	if sc.Signed || sc.Lo != 0 || sc.Hi <= 0 {
		t.Fatalf("the scale is %+v", sc)
	}
	base := "/r/" + s.s.runs.address(rec.Job)
	largest := float32(0)
	for _, path := range []string{"conv1_1.relu", "pool1", "pool2"} {
		x, err := rec.At(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		l := viz.LayerScale(x, 0, false)
		if l.Hi > sc.Hi {
			t.Errorf("%s reaches %g, the network %g", path, l.Hi, sc.Hi)
		}
		largest = max(largest, l.Hi)
		_, body := s.get(t, base+"/n/"+url.PathEscape(path)+"/0.png?scale=network")
		img, err := png.Decode(bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		pix := img.(*image.Paletted)
		for i, v := range x.Plane(0, 0).Data {
			if got := pix.Pix[i]; got != sc.Index(v) {
				t.Fatalf("%s: value %g is drawn as step %d, want %d", path, v, got, sc.Index(v))
			}
		}
	}
	for _, n := range rec.Events() {
		if x := rec.Peek(n.Path); x != nil && n.Path != "input" && n.Shape.PlaneLen() > 1 {
			largest = max(largest, viz.LayerScale(x, 0, false).Hi)
		}
	}
	if largest != sc.Hi {
		t.Errorf("the scale ends at %g, the layers at %g", sc.Hi, largest)
	}
	// Before its activation a layer has negative values, and the scale of the network is mirrored about zero.
	x, err := rec.At(t.Context(), "conv1_1.conv")
	if err != nil {
		t.Fatal(err)
	}
	signed, err := s.s.scales.shared(t.Context(), rec, x, viz.Network)
	if err != nil || !signed.Signed || signed.Lo != -sc.Hi || signed.Hi != sc.Hi {
		t.Errorf("a signed layer has the scale %+v, %v", signed, err)
	}
}
