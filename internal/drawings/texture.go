package drawings

import (
	"bytes"
	"embed"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/jpeg" // the pieces of photographs
	"math"
	"math/rand/v2"
	"sync"

	"gonum.org/v1/gonum/dsp/fourier"
)

//go:embed textures
var textureFS embed.FS

// texture is a picture as a pyramid of h×w×3 bytes, each level half the size of the one before.
type texture struct {
	levels []texLevel
	grey   bool // all three components are equal
}

type texLevel struct {
	w, h int
	pix  []uint8
}

// textures are the backgrounds of one side of the split: what is behind a training picture is never behind a test picture.
type textures struct{ all []texture }

// loadTextures returns the textures for training and for testing. They are made once per process: half a second.
var loadTextures = sync.OnceValues(func() (train, test *textures) {
	train, test = &textures{}, &textures{}
	for _, name := range []string{"brick", "grass", "galaxies", "retina"} {
		img := mustJPEG("textures/" + name + ".jpg")
		b := img.Bounds()
		cut := b.Min.X + pieceTrain
		train.add(cropTexture(img, image.Rect(b.Min.X, b.Min.Y, cut, b.Max.Y)))
		test.add(cropTexture(img, image.Rect(cut, b.Min.Y, b.Max.X, b.Max.Y)))
	}
	data, err := textureFS.ReadFile("textures/spectra.bin")
	if err != nil {
		panic(fmt.Sprintf("drawings: %v", err))
	}
	for i, s := range mustSpectra(data) {
		a, b := s.synthesise(uint64(i))
		train.add(a)
		test.add(b)
	}
	return train, test
})

// pieceTrain is how many columns of a piece of a photograph belong to training; the rest is for testing.
const pieceTrain = 256

func (t *textures) add(level texLevel) {
	tex := texture{levels: []texLevel{level}, grey: true}
	for i := 0; i < len(level.pix); i += 3 {
		if level.pix[i] != level.pix[i+1] || level.pix[i] != level.pix[i+2] {
			tex.grey = false
			break
		}
	}
	for level.w > 16 {
		level = level.half()
		tex.levels = append(tex.levels, level)
	}
	t.all = append(t.all, tex)
}

func (l texLevel) half() texLevel {
	out := texLevel{l.w / 2, l.h / 2, make([]uint8, l.w/2*(l.h/2)*3)}
	for y := range out.h {
		for x := range out.w {
			for c := range 3 {
				p := (2*y*l.w+2*x)*3 + c
				sum := int(l.pix[p]) + int(l.pix[p+3]) + int(l.pix[p+l.w*3]) + int(l.pix[p+l.w*3+3])
				out.pix[(y*out.w+x)*3+c] = uint8((sum + 2) / 4)
			}
		}
	}
	return out
}

func mustJPEG(name string) image.Image {
	data, err := textureFS.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("drawings: %v", err))
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		panic(fmt.Sprintf("drawings: %s: %v", name, err))
	}
	return img
}

func cropTexture(img image.Image, r image.Rectangle) texLevel {
	out := texLevel{r.Dx(), r.Dy(), nil}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			red, green, blue, _ := img.At(x, y).RGBA()
			out.pix = append(out.pix, uint8(red>>8), uint8(green>>8), uint8(blue>>8))
		}
	}
	return out
}

// A spectrum says how much of each spatial frequency a piece of a photograph holds, and how its colours go together: per
// cell of a grid in logarithm of the frequency and direction, the lower triangle of Cholesky's factor of the covariance of
// (red, green, blue) there. It holds no phases, hence nothing that could be recognised. Filtering white noise with it gives a
// field with the photograph's colours and grain (random phase texture: Galerne, Gousseau and Morel, IEEE TIP 20(1), 2011).
type spectrum struct {
	mean [3]float32
	cell [specRadii * specAngles][6]float32
}

const (
	specSide   = 256 // of the window that was measured, and of the textures made
	specRadii  = 20  // logarithmic, from 1 to specSide/√2 periods per window
	specAngles = 16  // over half a turn: the spectrum of a real picture is symmetric
)

// mustSpectra reads spectra.bin: per spectrum the mean colour and the cells, each number the upper half of a float32,
// little-endian. The factor is stored multiplied by the frequency, which takes most of the range out.
func mustSpectra(data []byte) []spectrum {
	const size = 2 * (3 + specRadii*specAngles*6)
	if len(data) == 0 || len(data)%size != 0 {
		panic(fmt.Sprintf("drawings: spectra.bin has %d bytes, want a multiple of %d", len(data), size))
	}
	next := func() float32 {
		v := math.Float32frombits(uint32(binary.LittleEndian.Uint16(data)) << 16)
		data = data[2:]
		return v
	}
	out := make([]spectrum, len(data)/size)
	for i := range out {
		for c := range out[i].mean {
			out[i].mean[c] = next()
		}
		for j := range out[i].cell {
			for k := range out[i].cell[j] {
				out[i].cell[j][k] = next()
			}
		}
	}
	return out
}

// synthesise returns two independent textures of the spectrum. Filtered complex noise without symmetry has them as its real
// and imaginary parts.
func (s *spectrum) synthesise(seed uint64) (re, im texLevel) {
	const n = specSide
	rng := newDice("drawings/texture", seed, 0, 0)
	var planes [3][]complex128
	for c := range planes {
		planes[c] = make([]complex128, n*n)
	}
	for ky := range n {
		for kx := range n {
			l := s.at(signed(kx), signed(ky))
			var w [3]complex128
			for c := range w {
				w[c] = complex(rng.NormFloat64(), rng.NormFloat64())
			}
			k := ky*n + kx
			planes[0][k] = l[0] * w[0]
			planes[1][k] = l[1]*w[0] + l[2]*w[1]
			planes[2][k] = l[3]*w[0] + l[4]*w[1] + l[5]*w[2]
		}
	}
	re = texLevel{n, n, make([]uint8, n*n*3)}
	im = texLevel{n, n, make([]uint8, n*n*3)}
	for c := range planes {
		inverse2(planes[c], n)
		for k, v := range planes[c] {
			re.pix[k*3+c] = toByte(s.mean[c] + float32(real(v)))
			im.pix[k*3+c] = toByte(s.mean[c] + float32(imag(v)))
		}
	}
	return re, im
}

func signed(k int) float64 {
	if k > specSide/2 {
		k -= specSide
	}
	return float64(k)
}

// at returns the factor at a frequency in periods per window, interpolated between the cells; zero at frequency zero.
func (s *spectrum) at(kx, ky float64) (l [6]complex128) {
	r := math.Hypot(kx, ky)
	if r == 0 {
		return l
	}
	u := clamp(math.Log(r)/math.Log(specSide/math.Sqrt2)*(specRadii-1), 0, specRadii-1)
	v := math.Mod(math.Atan2(ky, kx)/math.Pi+1, 1) * specAngles
	i, j := min(int(u), specRadii-2), int(v)
	tu, tv := u-float64(i), v-float64(j)
	for k := range l {
		a := func(i, j int) float64 { return float64(s.cell[i*specAngles+j%specAngles][k]) }
		value := (1-tu)*((1-tv)*a(i, j)+tv*a(i, j+1)) + tu*((1-tv)*a(i+1, j)+tv*a(i+1, j+1))
		l[k] = complex(value/r, 0)
	}
	return l
}

// inverse2 is the unscaled inverse two-dimensional Fourier transform of an n×n plane, in place.
func inverse2(p []complex128, n int) {
	fft := fourier.NewCmplxFFT(n)
	line := make([]complex128, n)
	for y := range n {
		fft.Sequence(p[y*n:(y+1)*n], p[y*n:(y+1)*n])
	}
	for x := range n {
		for y := range n {
			line[y] = p[y*n+x]
		}
		fft.Sequence(line, line)
		for y := range n {
			p[y*n+x] = line[y]
		}
	}
}

func toByte(v float32) uint8 { return uint8(min(max(v, 0), 1)*255 + .5) }

// crop fills dst (side×side×3, colours 0…1) with a window of the texture of the given width in pixels. Beyond the texture's
// edge lies its mirror image.
func (t texture) crop(dst []float32, side int, window, x0, y0 float64, flipX, swap bool) {
	ratio := window / float64(side)
	level := int(clamp(math.Round(math.Log2(ratio)), 0, float64(len(t.levels)-1)))
	l := t.levels[level]
	scale := 1 / float64(int(1)<<level)
	for y := range side {
		for x := range side {
			px, py := float64(x)+.5, float64(y)+.5
			if swap {
				px, py = py, px
			}
			if flipX {
				px = float64(side) - px
			}
			l.linear(dst[(y*side+x)*3:][:3:3], (x0+px*ratio)*scale-.5, (y0+py*ratio)*scale-.5)
		}
	}
}

func (l texLevel) linear(dst []float32, u, v float64) {
	fu, fv := math.Floor(u), math.Floor(v)
	tx, ty := float32(u-fu), float32(v-fv)
	xa, xb := mirror(int(fu), l.w), mirror(int(fu)+1, l.w)
	ya, yb := mirror(int(fv), l.h)*l.w, mirror(int(fv)+1, l.h)*l.w
	a, b, c, d := l.pix[(ya+xa)*3:][:3], l.pix[(ya+xb)*3:][:3], l.pix[(yb+xa)*3:][:3], l.pix[(yb+xb)*3:][:3]
	wa, wb, wc, wd := (1-tx)*(1-ty)/255, tx*(1-ty)/255, (1-tx)*ty/255, tx*ty/255
	for i := range dst {
		dst[i] = wa*float32(a[i]) + wb*float32(b[i]) + wc*float32(c[i]) + wd*float32(d[i])
	}
}

// mirror maps any index into 0…n−1, the edges being mirrors.
func mirror(i, n int) int {
	i %= 2 * n
	if i < 0 {
		i += 2 * n
	}
	if i >= n {
		i = 2*n - 1 - i
	}
	return i
}

// pick returns a texture at random.
func (t *textures) pick(rng *rand.Rand) texture { return t.all[rng.IntN(len(t.all))] }
