package input

import (
	"context"
	"io"
)

// step is how many bytes a decoder gets at a time. The codecs know no context, but each asks for more data sooner or
// later; the smaller the portion, the less work lies between two looks at the clock. A 100-byte scan of a progressive
// JPEG costs tens of milliseconds at the pixel limit, so half a kilobyte is still well under the time limit.
const step = 512

// ctxReader hands out data in small portions until its context ends, then returns the context's error.
type ctxReader struct {
	ctx  context.Context
	data []byte
}

func (r *ctxReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	if len(r.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), step)], r.data)
	r.data = r.data[n:]
	return n, nil
}
