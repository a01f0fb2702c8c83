package train

import "fmt"

// Pictures is a data set of small 8-bit colour pictures held in memory. It is a Dataset; add parts with Add before it is
// shared.
type Pictures struct {
	// Side is the height and width of every picture.
	Side int
	// Mirror allows the variation of a picture to be mirrored left to right, Shift to be moved by up to so many pixels each
	// way; what moves in at the border is the picture's reflection.
	Mirror bool
	Shift  int

	scale, offset [3]float32 // a value is byte·scale − offset, by colour
	images        [][]uint8  // Side×Side×3 each, rows from the top, red, green, blue
	labels        []uint8
}

// NewPictures is an empty set of pictures of side×side pixels, read as (x/255 − mean)/std.
func NewPictures(side int, mean, std [3]float32) *Pictures {
	p := &Pictures{Side: side}
	for c := range 3 {
		p.scale[c], p.offset[c] = 1/(255*std[c]), mean[c]/std[c]
	}
	return p
}

// Add appends pictures, N×Side×Side×3 bytes, and their classes. It keeps both slices without copying.
func (p *Pictures) Add(images, labels []uint8) {
	n := p.Side * p.Side * 3
	if len(images) != len(labels)*n {
		panic(fmt.Sprintf("train: Pictures.Add: %d bytes for %d labels, want %d each", len(images), len(labels), n))
	}
	for i := range labels {
		p.images = append(p.images, images[i*n:(i+1)*n:(i+1)*n])
	}
	p.labels = append(p.labels, labels...)
}

// Append appends the pictures of q, which must be as large, without copying them.
func (p *Pictures) Append(q *Pictures) {
	p.images, p.labels = append(p.images, q.images...), append(p.labels, q.labels...)
}

// Len is the number of pictures.
func (p *Pictures) Len() int { return len(p.images) }

// Image is picture i as it is stored; it shares memory with p.
func (p *Pictures) Image(i int) []uint8 { return p.images[i] }

// Read writes picture i into dst and returns its class. dst holds 3×Side×Side values, or 3×S×S for an S that divides Side:
// then every value is the mean of a square of pixels. A seed other than 0 mirrors and shifts the picture.
func (p *Pictures) Read(i int, seed uint64, dst []float32) int {
	mirror, dx, dy := false, 0, 0
	if seed != 0 {
		z := mix(seed)
		mirror = p.Mirror && z&1 == 1
		span := uint64(2*p.Shift + 1)
		dx, dy = int(z>>8%span)-p.Shift, int(z>>32%span)-p.Shift
	}
	f := p.factor(len(dst))
	s := p.Side
	cols, row := make([]int, s), make([]int, 3*s)
	for x := range cols {
		from := x
		if mirror {
			from = s - 1 - x
		}
		cols[x] = 3 * reflect(from+dx, s)
	}
	for y := 0; y < s; y += f {
		clear(row)
		for k := range f {
			src := p.images[i][reflect(y+k+dy, s)*s*3:][:s*3]
			for x, c := range cols {
				at := x / f * 3
				row[at] += int(src[c])
				row[at+1] += int(src[c+1])
				row[at+2] += int(src[c+2])
			}
		}
		p.store(dst, row, y/f, f)
	}
	return int(p.labels[i])
}

// factor is by how much Side must be divided so that a picture has n values.
func (p *Pictures) factor(n int) int {
	for f := 1; f <= p.Side; f++ {
		if s := p.Side / f; p.Side%f == 0 && 3*s*s == n {
			return f
		}
	}
	panic(fmt.Sprintf("train: Pictures.Read: len(dst) = %d, want 3*S*S for an S that divides %d", n, p.Side))
}

// store writes row y of the result from the sums of f×f bytes each.
func (p *Pictures) store(dst []float32, row []int, y, f int) {
	s := p.Side / f
	for c := range 3 {
		out := dst[(c*s+y)*s:][:s]
		for x := range out {
			out[x] = float32(row[3*x+c])*p.scale[c]/float32(f*f) - p.offset[c]
		}
	}
}

// reflect maps a position up to n outside 0…n−1 back inside, as in a mirror that stands at the border's edge.
func reflect(i, n int) int {
	if i < 0 {
		return -i - 1
	}
	if i >= n {
		return 2*n - 1 - i
	}
	return i
}
