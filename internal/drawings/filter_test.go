package drawings

import (
	"math"
	"testing"
)

func randomPicture(d dice, side, parts int) []float32 {
	p := make([]float32, side*side*parts)
	for i := range p {
		p[i] = d.Float32()
	}
	return p
}

func TestHueRotation(t *testing.T) {
	d := newDice("test", 1, 1, 1)
	for range 100 {
		p := []float32{d.Float32(), d.Float32(), d.Float32()}
		q := append([]float32(nil), p...)
		mixColours(q, 3, hueRotation(d.angle(), d.uniform(0, 1.5)))
		if a, b := luminance(p), luminance(q); math.Abs(float64(a-b)) > .005 {
			t.Errorf("luminance %g became %g", a, b)
		}
		mixColours(p, 3, hueRotation(0, 0)) // no chroma: grey
		if math.Abs(float64(p[0]-p[1])) > .005 || math.Abs(float64(p[0]-p[2])) > .005 {
			t.Errorf("without saturation %v, want grey", p)
		}
	}
	for i, v := range hueRotation(0, 1) {
		want := 0.
		if i%4 == 0 {
			want = 1
		}
		if math.Abs(float64(v)-want) > .01 {
			t.Errorf("turning by nothing: entry %d is %g, want %g", i, v, want)
		}
	}
}

func TestBlurAgainstNaive(t *testing.T) {
	const side, parts = 19, 3
	d := newDice("test", 2, 2, 2)
	for _, sigma := range []float64{.3, .8, 1.1, 4} {
		p := randomPicture(d, side, parts)
		want := naiveBlur(p, side, parts, sigma)
		blur(p, make([]float32, len(p)), side, parts, sigma)
		for i := range p {
			if math.Abs(float64(p[i])-want[i]) > 1e-5 {
				t.Fatalf("sigma %g: value %d is %g, want %g", sigma, i, p[i], want[i])
			}
		}
	}
}

func naiveBlur(p []float32, side, parts int, sigma float64) []float64 {
	radius := int(math.Ceil(2.5 * sigma))
	out := make([]float64, len(p))
	var total float64
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			w := math.Exp(-float64(dx*dx+dy*dy) / (2 * sigma * sigma))
			total += w
			for y := range side {
				for x := range side {
					for c := range parts {
						out[(y*side+x)*parts+c] += w * float64(p[(mirror(y+dy, side)*side+mirror(x+dx, side))*parts+c])
					}
				}
			}
		}
	}
	for i := range out {
		out[i] /= total
	}
	return out
}

func TestMirror(t *testing.T) {
	for _, tc := range []struct{ i, n, want int }{{0, 5, 0}, {4, 5, 4}, {5, 5, 4}, {9, 5, 0}, {10, 5, 0}, {-1, 5, 0}, {-5, 5, 4}, {-6, 5, 4}, {-11, 5, 0}, {3, 1, 0}} {
		if got := mirror(tc.i, tc.n); got != tc.want {
			t.Errorf("mirror(%d, %d) = %d, want %d", tc.i, tc.n, got, tc.want)
		}
	}
}

func TestPowers(t *testing.T) {
	for _, gamma := range []float64{.6, 1, 1.8} {
		table := newPowers(gamma)
		for x := float32(0); x <= 1; x += .013 {
			if got, want := float64(table.at(x)), math.Pow(float64(x), gamma); math.Abs(got-want) > .006 {
				t.Errorf("%g^%g = %g, want %g", x, gamma, got, want)
			}
		}
		if table.at(-1) != 0 || table.at(2) != 1 {
			t.Errorf("gamma %g: outside of 0…1 the table gives %g and %g", gamma, table.at(-1), table.at(2))
		}
	}
}

func TestSmoothNoiseIsSmooth(t *testing.T) {
	dst := make([]float32, Size*Size)
	for cells := 3; cells <= 17; cells++ {
		smoothNoise(dst, Size, cells, newDice("test", 3, uint64(cells), 0))
		lo, hi, step := float32(1), float32(0), 0.
		for i, v := range dst {
			lo, hi = min(lo, v), max(hi, v)
			if i%Size > 0 {
				step = max(step, math.Abs(float64(v-dst[i-1])))
			}
		}
		if lo < 0 || hi > 1 || hi-lo < .2 {
			t.Errorf("%d cells: values %g…%g, want a good part of 0…1", cells, lo, hi)
		}
		if limit := 2.2 * float64(cells) / Size; step > limit {
			t.Errorf("%d cells: neighbours differ by %g, want at most %g", cells, step, limit)
		}
	}
}

func TestRandomConvolutionKeepsTheMean(t *testing.T) {
	for i := range uint64(20) {
		d := newDice("test", 4, i, 0)
		p := randomPicture(d, Size, 3)
		q := append([]float32(nil), p...)
		randomConvolution(q, make([]float32, len(q)), Size, d, 1)
		changed := 0.
		for k := range p {
			changed += math.Abs(float64(p[k] - q[k]))
		}
		if changed/float64(len(p)) < .005 {
			t.Errorf("picture %d was left as it was", i)
		}
		for c := range 3 {
			a, sa := moments(p, c)
			b, sb := moments(q, c)
			if math.Abs(float64(a-b)) > 1e-3 {
				t.Errorf("picture %d: mean %g became %g", i, a, b)
			}
			if sb > sa*1.01 {
				t.Errorf("picture %d: deviation grew from %g to %g", i, sa, sb)
			}
		}
	}
}
