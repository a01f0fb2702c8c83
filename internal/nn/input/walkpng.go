package input

import (
	"encoding/binary"
	"image/png"
	"math"
)

// pngFacts is what the chunks of a PNG say.
type pngFacts struct {
	width, height int64  // of IHDR; 0 when IHDR is not the first chunk
	seen          bool   // IHDR is the first chunk
	complete      bool   // IEND is there
	animated      bool   // acTL announces more than one frame
	exif          []byte // TIFF structure of eXIf, aliasing the file
}

// walkPNG jumps from chunk to chunk without inflating anything or checking sums; that is the decoder's part.
func walkPNG(data []byte) pngFacts {
	var f pngFacts
	for rest := data[len(pngMagic):]; len(rest) >= 8; {
		n := int64(binary.BigEndian.Uint32(rest))
		name := string(rest[4:8])
		body := rest[8:]
		// IHDR counts even when the file ends inside it: a claimed size is judged before completeness.
		if name == "IHDR" && len(rest) == len(data)-len(pngMagic) && len(body) >= 8 {
			f.seen = true
			f.width, f.height = int64(binary.BigEndian.Uint32(body)), int64(binary.BigEndian.Uint32(body[4:]))
		}
		if n > math.MaxInt32 || n+4 > int64(len(body)) {
			return f
		}
		switch name {
		case "acTL":
			f.animated = n >= 8 && binary.BigEndian.Uint32(body) > 1
		case "eXIf":
			f.exif = body[:n]
		case "IEND":
			f.complete = true
			return f
		}
		rest = body[n+4:]
	}
	return f
}

func (g *gated) inspectPNG() *Error {
	f := walkPNG(g.data)
	if f.seen {
		if err := g.lim.checkSize(PNG, f.width, f.height); err != nil {
			return err
		}
	}
	if !f.complete {
		return incomplete(PNG, nil)
	}
	g.info.FirstFrame = f.animated
	g.info.Orientation = exifOrientation(f.exif)
	return g.config(png.DecodeConfig, f.width, f.height)
}
