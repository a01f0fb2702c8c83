package input

import "time"

// Limits bounds what Decode accepts. A field that is zero or negative means its default, so Limits{} is DefaultLimits().
type Limits struct {
	Bytes    int64         // size of the file
	Pixels   int64         // width × height, as stored; a GIF counts by its screen
	Side     int           // longer side in pixels
	Scans    int           // SOS markers of one JPEG
	Segments int           // marker segments of one JPEG
	Time     time.Duration // wall time of the decode itself, waiting for a Decoder's memory not included
}

// DefaultLimits suit an upload form: larger than any phone's default picture, small enough that the worst accepted file
// costs seconds and half a gigabyte.
func DefaultLimits() Limits {
	return Limits{
		Bytes:    16 << 20,
		Pixels:   25_000_000,
		Side:     12_000,
		Scans:    64,
		Segments: 10_000,
		Time:     5 * time.Second,
	}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes:    orDefault(l.Bytes, d.Bytes),
		Pixels:   orDefault(l.Pixels, d.Pixels),
		Side:     orDefault(l.Side, d.Side),
		Scans:    orDefault(l.Scans, d.Scans),
		Segments: orDefault(l.Segments, d.Segments),
		Time:     orDefault(l.Time, d.Time),
	}
}

func orDefault[T int | int64 | time.Duration](v, d T) T {
	if v <= 0 {
		return d
	}
	return v
}

// checkSize refuses a picture that has no pixels or too many. Sides come from a header and may be anything.
func (l Limits) checkSize(f Format, w, h int64) *Error {
	if w <= 0 || h <= 0 {
		return broken(f, errNoPixels)
	}
	// A side within Side keeps the product far from overflow; a longer one is refused without multiplying.
	if w <= int64(l.Side) && h <= int64(l.Side) && w*h <= l.Pixels {
		return nil
	}
	return &Error{Code: TooManyPixels, Format: f, Width: w, Height: h, Limit: l.Pixels, SideLimit: l.Side}
}

// bytesPerPixel is the peak of the worst accepted decode: a progressive JPEG of four components keeps four int32
// coefficients per pixel beside its planes and the result.
const bytesPerPixel = 20

// Weight is the memory in bytes to reserve for decoding a picture of w×h pixels from a file of the given size.
func Weight(w, h int, fileBytes int64) int64 { return int64(w)*int64(h)*bytesPerPixel + fileBytes }
