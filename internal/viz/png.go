package viz

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"stride/internal/nn/tensor"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// EncodePNG writes w×h indices, row by row, as a paletted PNG of 8 bits a pixel. The picture decodes to the same indices.
// It panics when len(pix) differs from w·h or a side is below 1.
func EncodePNG(pix []uint8, w, h int, c *Colormap) []byte {
	if w < 1 || h < 1 || len(pix) != w*h {
		panic(fmt.Sprintf("viz: EncodePNG: len(pix) = %d, want %d×%d", len(pix), w, h))
	}
	out := make([]byte, 0, len(pix)*3/4+2048)
	out = append(out, pngSignature...)
	var head [13]byte
	binary.BigEndian.PutUint32(head[0:], uint32(w))
	binary.BigEndian.PutUint32(head[4:], uint32(h))
	head[8], head[9] = 8, 3 // bits a pixel, paletted; compression, filter and interlace methods are 0
	out = appendChunk(out, "IHDR", head[:])
	palette := make([]byte, 0, 3*256)
	for _, p := range c.rgb {
		palette = append(palette, p[:]...)
	}
	out = appendChunk(out, "PLTE", palette)
	start := len(out)
	out = append(out, "\x00\x00\x00\x00IDAT"...)
	out = zlibRuns(out, filterRows(pix, w, h))
	out = closeChunk(out, start)
	return appendChunk(out, "IEND", nil)
}

// filterRows puts the filter type in front of each row. A row equal to the one above becomes "up" and all zeros, so that
// enlarged maps cost no more than the map itself; the others are unfiltered, as suits indices.
func filterRows(pix []uint8, w, h int) []byte {
	raw := make([]byte, h*(w+1))
	for y := range h {
		row := pix[y*w : (y+1)*w]
		dst := raw[y*(w+1):]
		if y > 0 && bytes.Equal(row, pix[(y-1)*w:y*w]) {
			dst[0] = 2
			continue
		}
		copy(dst[1:], row)
	}
	return raw
}

func appendChunk(out []byte, kind string, data []byte) []byte {
	start := len(out)
	out = append(out, 0, 0, 0, 0)
	out = append(out, kind...)
	return closeChunk(append(out, data...), start)
}

// closeChunk fills in the length of the chunk that began at start and adds its checksum.
func closeChunk(out []byte, start int) []byte {
	binary.BigEndian.PutUint32(out[start:], uint32(len(out)-start-8))
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start+4:]))
}

// PNG is one map, each value a square of zoom×zoom pixels: the grid of values is what there is to see, so nothing is
// smoothed.
func PNG(p tensor.Plane, s Scale, c *Colormap, zoom int) []byte {
	return EncodePNG(enlarge(Plane(p, s), p.W, p.H, zoom), p.W*zoom, p.H*zoom, c)
}

// enlarge repeats every pixel zoom times in both directions.
func enlarge(pix []uint8, w, h, zoom int) []uint8 {
	if zoom < 1 {
		panic(fmt.Sprintf("viz: zoom = %d, want at least 1", zoom))
	}
	if zoom == 1 {
		return pix
	}
	out := make([]uint8, 0, w*zoom*h*zoom)
	for y := range h {
		start := len(out)
		for _, v := range pix[y*w : (y+1)*w] {
			for range zoom {
				out = append(out, v)
			}
		}
		row := out[start:]
		for range zoom - 1 {
			out = append(out, row...)
		}
	}
	return out
}
