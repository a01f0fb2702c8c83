package input

import (
	"bytes"
	"errors"
	"image/jpeg"
	"strings"
)

// Markers of ITU-T T.81, Table B.1, as the second byte after 0xFF.
const (
	mSOF0  = 0xc0
	mDHT   = 0xc4
	mJPG   = 0xc8
	mDAC   = 0xcc
	mSOF15 = 0xcf
	mRST0  = 0xd0
	mRST7  = 0xd7
	mSOI   = 0xd8
	mEOI   = 0xd9
	mSOS   = 0xda
	mAPP1  = 0xe1
	mSOF55 = 0xf7 // JPEG-LS
)

// jpegFacts is what the markers of a JPEG say.
type jpegFacts struct {
	sof             byte // first start-of-frame marker, 0 when there is none
	precision       int
	width, height   int64
	scans, segments int
	complete        bool   // an end-of-image marker follows
	badLength       bool   // a segment claims less than its own length field
	exif            []byte // TIFF structure of the first EXIF segment, aliasing the file
}

// walkJPEG counts without decoding: it jumps from segment to segment, and through entropy-coded data from 0xFF to 0xFF.
// It reads on over what a decoder would refuse, so it sees at least every scan a decoder sees: where the two could
// disagree (unknown or nested markers) the decoder stops with an error. The walk ends at the first end-of-image: later
// pictures of the file (previews, motion) are not looked at.
func walkJPEG(data []byte) jpegFacts {
	var f jpegFacts
	i := 2 // after SOI
	for {
		at := bytes.IndexByte(data[min(i, len(data)):], 0xff)
		if at < 0 || i+at+1 >= len(data) {
			return f
		}
		i += at + 1
		m := data[i]
		if m == 0xff { // fill byte: the marker may start here
			continue
		}
		i++
		switch {
		case m == 0, mRST0 <= m && m <= mRST7: // stuffed byte, restart: part of the scan's data
			continue
		case m == mEOI:
			f.complete = true
			return f
		}
		f.segments++
		if m == mSOS {
			f.scans++
		}
		if i+2 > len(data) {
			return f
		}
		n := int(data[i])<<8 | int(data[i+1])
		if n < 2 {
			f.badLength = true
			return f
		}
		if i+n > len(data) {
			return f
		}
		f.segment(m, data[i+2:i+n])
		i += n
	}
}

func (f *jpegFacts) segment(m byte, body []byte) {
	switch {
	case isSOF(m):
		if f.sof == 0 && len(body) >= 5 {
			f.sof, f.precision = m, int(body[0])
			f.height = int64(body[1])<<8 | int64(body[2])
			f.width = int64(body[3])<<8 | int64(body[4])
		}
	case m == mAPP1 && f.exif == nil && has(body, 0, exifMagic):
		f.exif = body[len(exifMagic):]
	}
}

func isSOF(m byte) bool {
	return mSOF0 <= m && m <= mSOF15 && m != mDHT && m != mJPG && m != mDAC || m == mSOF55
}

// kind names what image/jpeg cannot read, "" when it can.
func (f *jpegFacts) kind() string {
	switch f.sof {
	case 0:
		return ""
	case 0xc3, 0xcb, mSOF55:
		return "lossless"
	case 0xc9, 0xca:
		return "arithmetic"
	case 0xc5, 0xc6, 0xc7, 0xcd, 0xce, 0xcf:
		return "hierarchical"
	}
	if f.precision == 12 {
		return "12-bit"
	}
	return ""
}

// jpegKind names what image/jpeg reports as unsupported.
func jpegKind(err jpeg.UnsupportedError) string {
	switch text := string(err); {
	case strings.Contains(text, "subsampling"):
		return "sampling"
	case strings.Contains(text, "color model"), strings.Contains(text, "number of components"):
		return "colours"
	case strings.Contains(text, "precision"):
		return "precision"
	}
	return "markers"
}

var (
	errSegments = errors.New("too many marker segments")
	errLength   = errors.New("segment length below 2")
	errNoSOF    = errors.New("no start-of-frame or no scan")
)

func (g *gated) inspectJPEG() *Error {
	f := walkJPEG(g.data)
	if k := f.kind(); k != "" {
		return &Error{Code: UnsupportedJPEG, Format: JPEG, Kind: k}
	}
	if f.sof != 0 {
		if err := g.lim.checkSize(JPEG, f.width, f.height); err != nil {
			return err
		}
	}
	switch {
	case f.scans > g.lim.Scans:
		return &Error{Code: TooManyScans, Format: JPEG, Got: int64(f.scans), Limit: int64(g.lim.Scans)}
	case f.segments > g.lim.Segments:
		return broken(JPEG, errSegments)
	case f.badLength:
		return broken(JPEG, errLength)
	case !f.complete:
		return incomplete(JPEG, nil)
	case f.sof == 0 || f.scans == 0:
		return broken(JPEG, errNoSOF)
	}
	g.info.Orientation = exifOrientation(f.exif)
	return g.config(jpeg.DecodeConfig, f.width, f.height)
}
