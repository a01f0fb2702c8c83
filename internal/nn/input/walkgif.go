package input

import "image/gif"

// gifFacts is what the blocks of a GIF say.
type gifFacts struct {
	width, height int64 // of the screen
	frames        int   // counted up to 2
	complete      bool  // the first frame's data ends properly, or the file holds no frame at all
}

// walkGIF follows the blocks until the second frame, the trailer or the end.
func walkGIF(data []byte) gifFacts {
	var f gifFacts
	const header = 13
	if len(data) < header {
		return f
	}
	f.width, f.height = int64(data[6])|int64(data[7])<<8, int64(data[8])|int64(data[9])<<8
	i := header + colorTable(data[10])
	for i < len(data) {
		switch data[i] {
		case 0x21: // extension: label, then sub-blocks
			i = skipBlocks(data, i+2)
		case 0x2c: // image descriptor: 9 bytes, colour table, code size, sub-blocks
			if f.frames++; f.frames > 1 {
				return f
			}
			if i+10 > len(data) {
				return f
			}
			i = skipBlocks(data, i+10+colorTable(data[i+9])+1)
			f.complete = i <= len(data)
		default: // trailer, or something the decoder will complain about
			f.complete = f.complete || f.frames == 0
			return f
		}
	}
	return f
}

// colorTable is the length in bytes of the colour table that a flags byte announces.
func colorTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// skipBlocks is the position after the sub-blocks that start at i, or len(data)+1 when the data ends inside them.
func skipBlocks(data []byte, i int) int {
	for i < len(data) {
		n := int(data[i])
		i += 1 + n
		if n == 0 {
			return i
		}
	}
	return len(data) + 1
}

func (g *gated) inspectGIF() *Error {
	f := walkGIF(g.data)
	if len(g.data) >= 10 {
		if err := g.lim.checkSize(GIF, f.width, f.height); err != nil {
			return err
		}
	}
	if !f.complete {
		return incomplete(GIF, nil)
	}
	g.info.FirstFrame = f.frames > 1
	return g.config(gif.DecodeConfig, f.width, f.height)
}
