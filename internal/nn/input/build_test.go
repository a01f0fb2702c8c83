package input

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"strings"
)

// Builders of files, byte by byte: most bad pictures cannot be made with an encoder.

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func pngChunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func ihdr(w, h uint32, depth, colour, interlace byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, w)
	b = binary.BigEndian.AppendUint32(b, h)
	return pngChunk("IHDR", append(b, depth, colour, 0, 0, interlace))
}

func deflate(raw []byte) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(raw)
	w.Close()
	return z.Bytes()
}

var iend = pngChunk("IEND", nil)

// pngOf assembles a PNG; raw are filtered rows, extra stands before IDAT.
func pngOf(head, extra, raw []byte) []byte {
	return join([]byte(pngMagic), head, extra, pngChunk("IDAT", deflate(raw)), iend)
}

// rows cuts data into n rows of equal length, each with filter type 0 in front.
func rows(data []byte, n int) []byte {
	var b []byte
	for ; n > 0; n-- {
		l := len(data) / n
		b = append(append(b, 0), data[:l]...)
		data = data[l:]
	}
	return b
}

// plainPNG is an 8-bit RGB picture.
func plainPNG(p *RGB, extra ...[]byte) []byte {
	return pngOf(ihdr(uint32(p.W), uint32(p.H), 8, 2, 0), join(extra...), rows(p.Pix, p.H))
}

// adam7PNG is plainPNG in seven passes.
func adam7PNG(p *RGB) []byte {
	var raw []byte
	for _, s := range [7][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		for y := s[1]; y < p.H && s[0] < p.W; y += s[3] {
			raw = append(raw, 0)
			for x := s[0]; x < p.W; x += s[2] {
				raw = append(raw, p.Pix[3*(y*p.W+x):3*(y*p.W+x)+3]...)
			}
		}
	}
	return pngOf(ihdr(uint32(p.W), uint32(p.H), 8, 2, 1), nil, raw)
}

// tiff is an EXIF structure with one directory of the given entries: tag, type, count, value.
func tiff(order binary.AppendByteOrder, mark string, entries ...[4]uint32) []byte {
	b := []byte(mark)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = order.AppendUint16(order.AppendUint16(b, uint16(e[0])), uint16(e[1]))
		b = order.AppendUint32(b, e[2])
		b = order.AppendUint16(order.AppendUint16(b, uint16(e[3])), 0)
	}
	return order.AppendUint32(b, 0)
}

func orientationTIFF(v uint32) []byte {
	return tiff(binary.BigEndian, "MM", [4]uint32{0x010f, 2, 1, 65}, [4]uint32{tagOrientation, typeShort, 1, v})
}

// segment is a JPEG marker segment.
func segment(marker byte, body ...byte) []byte {
	n := len(body) + 2
	return append([]byte{0xff, marker, byte(n >> 8), byte(n)}, body...)
}

func exifSegment(tiff []byte) []byte { return segment(mAPP1, append([]byte(exifMagic), tiff...)...) }

// plainJPEG is a baseline JPEG with segments inserted after SOI.
func plainJPEG(m image.Image, extra ...[]byte) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		panic(err)
	}
	return join(b.Bytes()[:2], join(extra...), b.Bytes()[2:])
}

func sof(marker byte, precision byte, w, h int) []byte {
	return segment(marker, precision, byte(h>>8), byte(h), byte(w>>8), byte(w), 1, 1, 0x11, 0)
}

var (
	soi   = []byte{0xff, mSOI}
	eoi   = []byte{0xff, mEOI}
	sos   = segment(mSOS, 1, 1, 0, 0, 63, 0)
	quant = segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)
)

// huffman is a table with a single code, the bit 0, for the value 0: DC difference 0, or end of block.
func huffman(class byte) []byte {
	return segment(mDHT, append([]byte{class << 4, 1}, make([]byte, 16)...)...)
}

// scanBomb claims a size and holds n scans of next to nothing.
func scanBomb(w, h, n int) []byte {
	return join(soi, quant, sof(0xc2, 8, w, h), huffman(0), bytes.Repeat(join(sos, []byte{0x3f}), n), eoi)
}

// restarts is a flat grey JPEG of 2048×2048 with a restart marker after every block.
func restarts() []byte {
	var scan bytes.Buffer
	const blocks = 256 * 256
	for i := range blocks {
		scan.WriteByte(0x3f) // two codes of one bit, filled up with ones
		if i < blocks-1 {
			scan.Write([]byte{0xff, mRST0 + byte(i%8)})
		}
	}
	return join(soi, quant, sof(mSOF0, 8, 2048, 2048), huffman(0), huffman(1), segment(0xdd, 0, 1), sos, scan.Bytes(), eoi)
}

// gifFrame is an image block of palette indices, with a local palette when there is one.
func gifFrame(x, y, w, h int, palette string, index ...byte) []byte {
	var z bytes.Buffer
	l := lzw.NewWriter(&z, lzw.LSB, 2)
	l.Write(index)
	l.Close()
	b := []byte{0x2c, byte(x), byte(x >> 8), byte(y), byte(y >> 8), byte(w), byte(w >> 8), byte(h), byte(h >> 8), 0}
	if palette != "" {
		b[9] = 0x81
		b = append(b, palette...)
	}
	b = append(b, 2)
	for z.Len() > 0 {
		block := z.Next(255)
		b = append(append(b, byte(len(block))), block...)
	}
	return append(b, 0)
}

// gifOf has a global palette of red, green, blue and black.
func gifOf(w, h int, blocks ...[]byte) []byte {
	head := append([]byte("GIF89a"), byte(w), byte(w>>8), byte(h), byte(h>>8), 0x81, 0, 0)
	head = append(head, "\xff\x00\x00\x00\xff\x00\x00\x00\xff\x00\x00\x00"...)
	return join(head, join(blocks...), []byte{0x3b})
}

// transparentGIF makes the next frame's index i transparent.
func transparentGIF(i byte) []byte { return []byte{0x21, 0xf9, 4, 1, 0, 0, i, 0} }

func svg(body string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg">` + body + strings.Repeat(" ", 20) + `</svg>`)
}
