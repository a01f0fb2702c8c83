package drawings

import (
	"bytes"
	"math"
	"testing"
)

func TestTexturesAreSplit(t *testing.T) {
	train, test := loadTextures()
	if len(train.all) != len(test.all) || len(train.all) < 30 {
		t.Fatalf("%d textures for training, %d for testing", len(train.all), len(test.all))
	}
	grey := 0
	for i := range train.all {
		a, b := train.all[i].levels[0], test.all[i].levels[0]
		if bytes.Equal(a.pix[:1000], b.pix[:1000]) {
			t.Errorf("texture %d is the same on both sides", i)
		}
		if train.all[i].grey {
			grey++
		}
		if last := train.all[i].levels[len(train.all[i].levels)-1]; last.w > 16 {
			t.Errorf("texture %d ends at %d pixels", i, last.w)
		}
	}
	if grey == 0 || grey == len(train.all) {
		t.Errorf("%d of %d textures are grey, want some of both", grey, len(train.all))
	}
}

// A synthesised texture has the mean of its spectrum and the deviation that the spectrum's cells promise.
func TestSynthesiseKeepsTheMoments(t *testing.T) {
	var s spectrum
	s.mean = [3]float32{.5, .4, .6}
	for i := range s.cell {
		s.cell[i] = [6]float32{.02, .015, .01, -.01, 0, .005} // falls off with the frequency
	}
	want := [3]float64{}
	for ky := range specSide {
		for kx := range specSide {
			l := s.at(signed(kx), signed(ky))
			sq := func(i int) float64 { return real(l[i]) * real(l[i]) }
			want[0] += sq(0)
			want[1] += sq(1) + sq(2)
			want[2] += sq(3) + sq(4) + sq(5)
		}
	}
	re, im := s.synthesise(5)
	for _, level := range []texLevel{re, im} {
		p := make([]float32, len(level.pix))
		for i, v := range level.pix {
			p[i] = float32(v) / 255
		}
		for c := range 3 {
			mean, deviation := moments(p, c)
			if math.Abs(float64(mean-s.mean[c])) > .002 {
				t.Errorf("component %d: mean %g, want %g", c, mean, s.mean[c])
			}
			if w := math.Sqrt(want[c]); math.Abs(float64(deviation)-w) > .15*w {
				t.Errorf("component %d: deviation %g, want %g", c, deviation, w)
			}
		}
	}
}

func TestCropMirrors(t *testing.T) {
	level := texLevel{w: 32, h: 32}
	for y := range 32 {
		for x := range 32 {
			level.pix = append(level.pix, uint8(8*x), uint8(8*y), 0)
		}
	}
	var ts textures
	ts.add(level)
	dst := make([]float32, 32*32*3)
	ts.all[0].crop(dst, 32, 32, 0, 0, false, false)
	for i, v := range dst {
		if math.Abs(float64(v)-float64(level.pix[i])/255) > 1e-6 {
			t.Fatalf("a window of the whole texture: value %d is %g, want %g", i, v, float64(level.pix[i])/255)
		}
	}
	ts.all[0].crop(dst, 32, 32, 32, 0, false, false)
	if got, want := dst[0], float32(level.pix[31*3])/255; math.Abs(float64(got-want)) > 1e-6 {
		t.Errorf("just beyond the edge %g, want its mirror image %g", got, want)
	}
}
