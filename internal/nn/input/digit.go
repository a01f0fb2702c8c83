package input

import (
	"image"
	"math"
	"slices"
)

// Sides of the three frames around a digit. MNIST scales each digit into a box of 20, centres it by its mass in 28;
// LeNet-5 reads 32, so that stroke ends reach the centre of its first receptive fields (LeCun et al. 1998, sections
// II-B and III-A).
const (
	digitBox   = 20
	digitMNIST = 28
	digitLeNet = 32
)

// LeNet is the scaling of LeCun et al. 1998, section II-B: white paper (byte 0) becomes −0.1 and ink (255) becomes 1.175,
// which makes the mean of MNIST's inputs roughly 0 and their variance roughly 1. As (v/255 − mean)/std that is
// mean = 0.1/1.275, std = 1/1.275.
func LeNet() Preprocess {
	const paper, ink = -0.1, 1.175
	return Preprocess{Resize: digitLeNet, Crop: digitLeNet, Interpolation: Bilinear, Channels: 1,
		Mean: [3]float32{-paper / (ink - paper)}, Std: [3]float32{1 / (ink - paper)}}
}

// Digit is a digit in the form LeNet reads.
type Digit struct {
	Gray     *Gray           // 32×32, ink 255 on paper 0
	Box      image.Rectangle // where the ink was found in the source; empty when Empty
	Inverted bool            // the source was dark on light
	Empty    bool            // the source is practically one flat colour: Gray is blank
}

// Normalize finds the digit in a drawing or photo and prepares it as MNIST was made: the ink's bounding box is scaled,
// antialiased, until its longer side is 20 pixels, placed in 28×28 so that the centre of mass falls into the middle,
// and padded to 32×32. Dark on light is turned into light on dark. A flat picture gives a blank digit.
//
// Paper is the median of the picture's border and ink is what differs from it most; in a photo, what differs no more
// than the border itself does is taken for paper too. Strong shadows across the page are not removed.
func Normalize(src *Gray) Digit {
	ink, d := levels(src)
	if d.Empty {
		d.Gray = NewGray(digitLeNet, digitLeNet)
		return d
	}
	glyph := fit(cut(ink, d.Box))
	dst := NewGray(digitLeNet, digitLeNet)
	const frame = (digitLeNet - digitMNIST) / 2
	x0, y0 := massOffset(glyph)
	for y := range glyph.H {
		copy(dst.Pix[(frame+y0+y)*digitLeNet+frame+x0:], glyph.Pix[y*glyph.W:(y+1)*glyph.W])
	}
	d.Gray = dst
	return d
}

// minContrast is the least difference between paper and ink, in grey levels; below it there is only noise.
const minContrast = 16

// levels turns src into ink on paper: 0 for paper, 255 for the strongest ink.
func levels(src *Gray) (*Gray, Digit) {
	border := borderValues(src)
	paper := int(border[len(border)/2])
	darker, lighter := paper-int(slices.Min(src.Pix)), int(slices.Max(src.Pix))-paper
	d := Digit{Inverted: darker > lighter}
	sign, reach := 1, lighter
	if d.Inverted {
		sign, reach = -1, darker
	}
	// Nine tenths of the border deviate from the paper by at most the noise; ink that runs over the edge may be the rest.
	noise := max(int(border[len(border)*9/10])-paper, 0)
	if d.Inverted {
		noise = max(paper-int(border[len(border)/10]), 0)
	}
	noise = min(noise, reach/2)
	if reach < minContrast {
		d.Empty = true
		return nil, d
	}
	var table [256]uint8
	for v := range table {
		table[v] = clamp((sign*(v-paper) - noise) * 255 / (reach - noise))
	}
	ink := NewGray(src.W, src.H)
	for i, v := range src.Pix {
		ink.Pix[i] = table[v]
	}
	threshold := uint8(1)
	if noise > 0 {
		threshold = 64 // single grains of a photo must not stretch the box
	}
	d.Box = inkBox(ink, threshold)
	return ink, d
}

// borderValues are the outermost pixels, sorted.
func borderValues(g *Gray) []uint8 {
	b := append([]uint8(nil), g.Pix[:g.W]...)
	b = append(b, g.Pix[(g.H-1)*g.W:]...)
	for y := 1; y < g.H-1; y++ {
		b = append(b, g.Pix[y*g.W], g.Pix[(y+1)*g.W-1])
	}
	slices.Sort(b)
	return b
}

// inkBox is the smallest rectangle that holds every value of at least threshold.
func inkBox(g *Gray, threshold uint8) image.Rectangle {
	box := image.Rectangle{Min: image.Pt(g.W, g.H)}
	for y := range g.H {
		for x, v := range g.Pix[y*g.W : (y+1)*g.W] {
			if v >= threshold {
				box.Min.X, box.Max.X = min(box.Min.X, x), max(box.Max.X, x+1)
				box.Min.Y, box.Max.Y = min(box.Min.Y, y), max(box.Max.Y, y+1)
			}
		}
	}
	return box
}

func cut(g *Gray, box image.Rectangle) *Gray {
	dst := NewGray(box.Dx(), box.Dy())
	for y := range dst.H {
		copy(dst.Pix[y*dst.W:(y+1)*dst.W], g.Pix[(box.Min.Y+y)*g.W+box.Min.X:])
	}
	return dst
}

// fit scales a glyph so that its longer side is the box.
func fit(g *Gray) *Gray {
	w, h := digitBox, digitBox
	if g.W > g.H {
		h = shrunk(g.H, digitBox, g.W)
	} else {
		w = shrunk(g.W, digitBox, g.H)
	}
	return ResizeGray(g, w, h, Bilinear)
}

// massOffset is where to place a glyph in 28×28 so that its centre of mass comes as near to the middle as whole pixels
// and the frame allow.
func massOffset(g *Gray) (x0, y0 int) {
	var sum, sx, sy float64
	for y := range g.H {
		for x, v := range g.Pix[y*g.W : (y+1)*g.W] {
			sum += float64(v)
			sx += float64(v) * (float64(x) + 0.5)
			sy += float64(v) * (float64(y) + 0.5)
		}
	}
	if sum == 0 { // ink so thin that scaling rounded it away
		return (digitMNIST - g.W) / 2, (digitMNIST - g.H) / 2
	}
	// In MNIST's files the centre of mass lies between 14.0 and 15.0, pixel 14 being the middle one, not around the
	// frame's geometric centre 14.0.
	const middle = digitMNIST/2 + 0.5
	place := func(moment float64, side int) int {
		return min(max(int(math.Round(middle-moment/sum)), 0), digitMNIST-side)
	}
	return place(sx, g.W), place(sy, g.H)
}
