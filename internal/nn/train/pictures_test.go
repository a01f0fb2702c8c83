package train

import (
	"math"
	"strings"
	"testing"
)

// ramps is a set of two 4×4 pictures in which every byte is different.
func ramps() *Pictures {
	p := NewPictures(4, [3]float32{0.5, 0.25, 0}, [3]float32{0.25, 0.5, 1})
	img := make([]uint8, 2*4*4*3)
	for i := range img {
		img[i] = uint8(2 * i)
	}
	p.Add(img, []uint8{3, 7})
	return p
}

func TestPicturesAsTheyAre(t *testing.T) {
	p := ramps()
	dst := make([]float32, 3*16)
	if got := p.Read(1, 0, dst); got != 7 {
		t.Errorf("class is %d, want 7", got)
	}
	for c := range 3 {
		for i := range 16 {
			want := (float64(p.Image(1)[3*i+c])/255 - float64([]float32{0.5, 0.25, 0}[c])) / float64([]float32{0.25, 0.5, 1}[c])
			if got := float64(dst[c*16+i]); math.Abs(got-want) > 1e-5 {
				t.Errorf("colour %d, pixel %d is %v, want %v", c, i, got, want)
			}
		}
	}
}

// TestPicturesVary checks a variation against its definition, found by trying all mirrors and shifts.
func TestPicturesVary(t *testing.T) {
	p := ramps()
	p.Mirror, p.Shift = true, 1
	seen := map[[3]int]bool{}
	for seed := uint64(1); seed < 400; seed++ {
		dst, again := make([]float32, 3*16), make([]float32, 3*16)
		p.Read(0, seed, dst)
		p.Read(0, seed, again)
		m, ok := p.explain(dst)
		if !ok {
			t.Fatalf("seed %d: the result is no mirrored and shifted picture", seed)
		}
		if m2, _ := p.explain(again); m2 != m {
			t.Fatalf("seed %d gives %v and %v", seed, m, m2)
		}
		seen[m] = true
	}
	if want := 2 * 3 * 3; len(seen) != want {
		t.Errorf("%d variations, want %d", len(seen), want)
	}
}

// explain finds mirror, dx, dy of a variation of picture 0.
func (p *Pictures) explain(got []float32) (m [3]int, ok bool) {
	s := p.Side
	for mirror := range 2 {
		for dy := -p.Shift; dy <= p.Shift; dy++ {
			for dx := -p.Shift; dx <= p.Shift; dx++ {
				same := true
				for y := range s {
					for x := range s {
						sy, sx := bounce(y+dy, s), x
						if mirror == 1 {
							sx = s - 1 - x
						}
						sx = bounce(sx+dx, s)
						v := float32(p.Image(0)[(sy*s+sx)*3])*p.scale[0] - p.offset[0]
						same = same && v == got[y*s+x]
					}
				}
				if same {
					return [3]int{mirror, dx, dy}, true
				}
			}
		}
	}
	return m, false
}

// bounce walks from 0 in steps of 1 and turns at both ends, where it stays for one step.
func bounce(i, n int) int {
	at, step := 0, 1
	if i < 0 {
		i = -i - 1
	}
	for range i {
		if at+step < 0 || at+step >= n {
			step = -step
		} else {
			at += step
		}
	}
	return at
}

func TestPicturesShrink(t *testing.T) {
	p := ramps()
	full, half := make([]float32, 3*16), make([]float32, 3*4)
	p.Read(0, 0, full)
	p.Read(0, 0, half)
	for c := range 3 {
		for y := range 2 {
			for x := range 2 {
				f := full[c*16+2*y*4+2*x:]
				want := (f[0] + f[1] + f[4] + f[5]) / 4
				if got := half[(c*2+y)*2+x]; math.Abs(float64(got-want)) > 1e-5 {
					t.Errorf("colour %d, row %d, column %d is %v, want %v", c, y, x, got, want)
				}
			}
		}
	}
	defer func() {
		if msg, _ := recover().(string); !strings.Contains(msg, "want 3*S*S for an S that divides 4") {
			t.Errorf("a side of 3: panic %q", msg)
		}
	}()
	p.Read(0, 0, make([]float32, 3*9))
}
