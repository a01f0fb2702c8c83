package input

import (
	"image"
	"math"
)

// Geometry is where a network's input lies on the photo it was made from. All coordinates are continuous: pixel i
// covers i to i+1.
type Geometry struct {
	PhotoWidth, PhotoHeight     int
	ResizedWidth, ResizedHeight int // of the whole photo, before the crop
	Width, Height               int // of the network's input
	OffsetX, OffsetY            int // of the input's corner in the resized photo; negative where it was padded
}

// Geometry of a photo of w×h pixels. Sizes follow torchvision: the short side becomes p.Resize, the long one
// p.Resize·long/short cut to whole pixels. It panics when a side is below 1.
func (p Preprocess) Geometry(w, h int) Geometry {
	if w < 1 || h < 1 {
		panic("input: Geometry: a picture has at least one pixel")
	}
	g := Geometry{PhotoWidth: w, PhotoHeight: h, ResizedWidth: w, ResizedHeight: h, Width: p.Crop, Height: p.Crop}
	if p.Resize > 0 {
		if w <= h {
			g.ResizedWidth, g.ResizedHeight = p.Resize, longSide(p.Resize, h, w)
		} else {
			g.ResizedWidth, g.ResizedHeight = longSide(p.Resize, w, h), p.Resize
		}
	}
	g.OffsetX, g.OffsetY = cropOffset(g.ResizedWidth, p.Crop), cropOffset(g.ResizedHeight, p.Crop)
	return g
}

// longSide is resize·long/short as Python's int(a / b) gives it: a float64 quotient, cut.
func longSide(resize, long, short int) int { return int(float64(resize*long) / float64(short)) }

// Scale is the size of one input pixel in photo pixels.
func (g Geometry) Scale() (x, y float64) {
	return float64(g.PhotoWidth) / float64(g.ResizedWidth), float64(g.PhotoHeight) / float64(g.ResizedHeight)
}

// ToPhoto maps a point of the input to the photo. Points of the padding lie outside the photo.
func (g Geometry) ToPhoto(x, y float64) (px, py float64) {
	sx, sy := g.Scale()
	return (x + float64(g.OffsetX)) * sx, (y + float64(g.OffsetY)) * sy
}

// ToInput is the inverse of ToPhoto.
func (g Geometry) ToInput(px, py float64) (x, y float64) {
	sx, sy := g.Scale()
	return px/sx - float64(g.OffsetX), py/sy - float64(g.OffsetY)
}

// Box is the part of the photo behind a rectangle of input pixels (a receptive field, say), rounded outwards to whole
// pixels and cut at the photo's border. It is empty when the rectangle lies in the padding.
func (g Geometry) Box(r image.Rectangle) image.Rectangle {
	x0, y0 := g.ToPhoto(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := g.ToPhoto(float64(r.Max.X), float64(r.Max.Y))
	box := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
	return box.Intersect(image.Rect(0, 0, g.PhotoWidth, g.PhotoHeight))
}

// CropBox is the part of a w×h photo that the network sees, rounded outwards to whole pixels.
func (p Preprocess) CropBox(w, h int) image.Rectangle {
	g := p.Geometry(w, h)
	return g.Box(image.Rect(0, 0, g.Width, g.Height))
}
