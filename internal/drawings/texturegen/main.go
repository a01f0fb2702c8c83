// Command texturegen derives the textures of package drawings from a folder with the ten photographs named below: pieces of
// four of them (small JPEG files) and the spectra of all (spectra.bin, no phases). Its output is committed; it is needed
// again only when the textures are to change.
//
//	go run ./internal/drawings/texturegen PHOTOS internal/drawings/textures
package main

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"
	"gonum.org/v1/gonum/dsp/fourier"
)

// As in package drawings, texture.go.
const (
	side      = 256
	radii     = 20
	angles    = 16
	pieceSide = 256
	pieceWide = 448
)

var photos = []string{"astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "hubble_deep_field.jpg", "camera.png",
	"coins.png", "retina.jpg", "brick.png", "grass.png"}

// pieces are used as they are: they show nothing that is a class. The divisor shrinks large photographs first.
var pieces = []struct {
	photo, name string
	divisor     int
}{{"brick.png", "brick", 1}, {"grass.png", "grass", 1}, {"hubble_deep_field.jpg", "galaxies", 2}, {"retina.jpg", "retina", 3}}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: texturegen PHOTOS OUT")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "texturegen:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	for _, p := range pieces {
		img, err := read(filepath.Join(from, p.photo))
		if err != nil {
			return err
		}
		if err := writePiece(filepath.Join(to, p.name+".jpg"), img, p.divisor); err != nil {
			return err
		}
	}
	var out []byte
	for _, name := range photos {
		img, err := read(filepath.Join(from, name))
		if err != nil {
			return err
		}
		free := img.Bounds().Size().Sub(image.Pt(side, side))
		for i := range 3 { // three windows along the diagonal
			out = appendSpectrum(out, img, image.Pt(free.X*i/2, free.Y*i/2))
		}
	}
	return os.WriteFile(filepath.Join(to, "spectra.bin"), out, 0o644)
}

func read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	return img, err
}

// writePiece shrinks a photograph and writes its middle.
func writePiece(path string, img image.Image, divisor int) error {
	b := img.Bounds()
	small := image.NewRGBA(image.Rect(0, 0, b.Dx()/divisor, b.Dy()/divisor))
	draw.CatmullRom.Scale(small, small.Bounds(), img, b, draw.Src, nil)
	x, y := (small.Rect.Dx()-pieceWide)/2, (small.Rect.Dy()-pieceSide)/2
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = jpeg.Encode(f, small.SubImage(image.Rect(x, y, x+pieceWide, y+pieceSide)), &jpeg.Options{Quality: 70})
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// appendSpectrum measures a window of a photograph and appends what package drawings reads.
func appendSpectrum(out []byte, img image.Image, at image.Point) []byte {
	planes, mean := window(img, at)
	put := func(v float64) {
		bits := math.Float32bits(float32(v))
		out = binary.LittleEndian.AppendUint16(out, uint16((bits+0x8000)>>16)) // rounded to its upper half
	}
	for _, m := range mean {
		put(m)
	}
	for _, cov := range covariances(planes) {
		for _, l := range cholesky(cov) {
			put(l)
		}
	}
	return out
}

// window returns the Fourier transforms of the three components under a Hann window, scaled so that the squares of the
// magnitudes sum to the variance, and the mean colour.
func window(img image.Image, at image.Point) (planes [3][]complex128, mean [3]float64) {
	b := img.Bounds()
	for c := range planes {
		planes[c] = make([]complex128, side*side)
	}
	for y := range side {
		for x := range side {
			r, g, bl, _ := img.At(b.Min.X+at.X+x, b.Min.Y+at.Y+y).RGBA()
			for c, v := range [3]uint32{r, g, bl} {
				planes[c][y*side+x] = complex(float64(v)/0xffff, 0)
				mean[c] += float64(v) / 0xffff / (side * side)
			}
		}
	}
	hann := func(i int) float64 { return math.Sqrt(2./3) * (1 - math.Cos(2*math.Pi*(float64(i)+.5)/side)) } // mean square 1
	for c, p := range planes {
		for i := range p {
			p[i] = (p[i] - complex(mean[c], 0)) * complex(hann(i/side)*hann(i%side)/(side*side), 0)
		}
		transform(p)
	}
	return planes, mean
}

func transform(p []complex128) {
	fft := fourier.NewCmplxFFT(side)
	line := make([]complex128, side)
	for y := range side {
		fft.Coefficients(p[y*side:(y+1)*side], p[y*side:(y+1)*side])
	}
	for x := range side {
		for y := range side {
			line[y] = p[y*side+x]
		}
		fft.Coefficients(line, line)
		for y := range side {
			p[y*side+x] = line[y]
		}
	}
}

// covariances averages the products of the components over cells of log frequency × direction: rr, rg, gg, rb, gb, bb, each
// multiplied by the square of the frequency. Every coefficient is spread over the cells around it with a weight that falls
// off with the distance, so that the few low frequencies leave no cell empty.
func covariances(planes [3][]complex128) [][6]float64 {
	sum, weight := make([][6]float64, radii*angles), make([]float64, radii*angles)
	for k := range planes[0] {
		kx, ky := signed(k%side), signed(k/side)
		r := math.Hypot(kx, ky)
		if r == 0 {
			continue
		}
		u := math.Min(math.Log(r)/math.Log(side/math.Sqrt2)*(radii-1), radii-1)
		v := math.Mod(math.Atan2(ky, kx)/math.Pi+1, 1) * angles
		var products [6]float64
		n := 0
		for a := range 3 {
			for b := 0; b <= a; b++ {
				p, q := planes[a][k], planes[b][k]
				products[n] = (real(p)*real(q) + imag(p)*imag(q)) * r * r
				n++
			}
		}
		for i := range radii {
			du := (float64(i) - u) / .7
			if math.Abs(du) > 5 {
				continue
			}
			for j := range angles {
				dv := math.Abs(float64(j) - v)
				dv = math.Min(dv, angles-dv) / .9
				w := math.Exp(-(du*du + dv*dv) / 2)
				weight[i*angles+j] += w
				for t := range products {
					sum[i*angles+j][t] += w * products[t]
				}
			}
		}
	}
	for i := range sum {
		for t := range sum[i] {
			sum[i][t] /= weight[i]
		}
	}
	return sum
}

func signed(k int) float64 {
	if k > side/2 {
		k -= side
	}
	return float64(k)
}

// cholesky returns the lower triangle of the factor of a covariance given as its lower triangle. Grey pictures have a
// covariance of rank one: what is left of the diagonal is then zero.
func cholesky(c [6]float64) (l [6]float64) {
	root := func(x float64) float64 { return math.Sqrt(math.Max(x, 0)) }
	over := func(x, y float64) float64 {
		if y < 1e-9 {
			return 0
		}
		return x / y
	}
	floor := 1e-6 * c[0]
	l[0] = root(c[0])
	l[1] = over(c[1], l[0])
	if d := c[2] - l[1]*l[1]; d > floor {
		l[2] = root(d)
	}
	l[3] = over(c[3], l[0])
	if l[2] > 0 {
		l[4] = over(c[4]-l[3]*l[1], l[2])
	}
	if d := c[5] - l[3]*l[3] - l[4]*l[4]; d > floor {
		l[5] = root(d)
	}
	return l
}
