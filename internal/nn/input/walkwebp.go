package input

import (
	"encoding/binary"
	"errors"

	"golang.org/x/image/webp"
)

// webpFacts is what the chunks of a WebP say.
type webpFacts struct {
	width, height int64 // largest canvas or frame that any header claims; 0 when there is none
	animated      bool
	complete      bool   // every chunk lies within the file, and so does the RIFF size
	exif          []byte // TIFF structure, aliasing the file
}

// walkWebP jumps from chunk to chunk. The decoder trusts a chunk's length when it allocates, so lengths beyond the file
// must not pass; and a small canvas must not hide a large frame, so all sizes are looked at.
func walkWebP(data []byte) webpFacts {
	var f webpFacts
	if len(data) < 12 {
		return f
	}
	size := int64(binary.LittleEndian.Uint32(data[4:]))
	f.complete = size <= int64(len(data)-8)
	rest := data[12:min(int64(len(data)), 8+max(size, 4))]
	for len(rest) >= 8 {
		n := int64(binary.LittleEndian.Uint32(rest[4:]))
		body := rest[8:]
		if n > int64(len(body)) {
			f.chunk(string(rest[:4]), body)
			f.complete = false
			return f
		}
		f.chunk(string(rest[:4]), body[:n])
		rest = body[min(n+n&1, int64(len(body))):]
	}
	return f
}

func (f *webpFacts) chunk(name string, body []byte) {
	switch name {
	case "VP8X": // flags, 3 reserved, canvas width−1 and height−1 of 24 bits
		if len(body) >= 10 {
			f.animated = f.animated || body[0]&0x02 != 0
			f.claim(le24(body[4:])+1, le24(body[7:])+1)
		}
	case "VP8 ": // frame tag of 3 bytes, start code, width and height of 14 bits each (RFC 6386, 9.1)
		if len(body) >= 10 {
			f.claim(int64(binary.LittleEndian.Uint16(body[6:])&0x3fff), int64(binary.LittleEndian.Uint16(body[8:])&0x3fff))
		}
	case "VP8L": // signature byte, width−1 and height−1 of 14 bits each
		if len(body) >= 5 {
			bits := binary.LittleEndian.Uint32(body[1:])
			f.claim(int64(bits&0x3fff)+1, int64(bits>>14&0x3fff)+1)
		}
	case "ANIM", "ANMF":
		f.animated = true
	case "EXIF":
		f.exif = body
		if has(body, 0, exifMagic) {
			f.exif = body[len(exifMagic):]
		}
	}
}

func (f *webpFacts) claim(w, h int64) { f.width, f.height = max(f.width, w), max(f.height, h) }

func le24(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }

var errNoFrame = errors.New("no frame header")

func (g *gated) inspectWebP() *Error {
	f := walkWebP(g.data)
	switch {
	case f.animated:
		return &Error{Code: AnimatedWebP, Format: WebP}
	case f.width > 0 || f.height > 0:
		if err := g.lim.checkSize(WebP, f.width, f.height); err != nil {
			return err
		}
	}
	switch {
	case !f.complete:
		return incomplete(WebP, nil)
	case f.width == 0:
		return broken(WebP, errNoFrame)
	}
	g.info.Orientation = exifOrientation(f.exif)
	return g.config(webp.DecodeConfig, f.width, f.height)
}
