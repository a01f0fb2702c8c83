package input

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime/debug"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"
)

// Info is what Decode learnt about a picture beside its pixels.
type Info struct {
	Format        Format
	Width, Height int  // as stored; orientations 5 to 8 exchange them in the result
	Orientation   int  // EXIF orientation 1…8, already applied
	FirstFrame    bool // the file holds more frames; only the first was read
	Transparent   bool // parts were transparent and are now composed over white
}

var errTooLong = errors.New("decode time is over")

// Decode reads the first frame of a PNG, JPEG, GIF or WebP picture into canonical form: 8-bit RGB, upright by its EXIF
// orientation, transparent parts composed over white, 16-bit values cut to their high byte, CMYK converted, grey copied
// to three channels. Colour profiles are ignored: every picture counts as sRGB.
//
// A refusal is an *Error; every limit is checked before the memory it guards is allocated. When ctx ends, its error is
// returned as it is. data is only read and not kept.
func Decode(ctx context.Context, data []byte, lim Limits) (*RGB, Info, error) {
	g, err := inspect(data, lim.withDefaults())
	if err != nil {
		return nil, Info{}, err
	}
	return g.decode(ctx)
}

// Decoder decodes under one shared bound on memory: at any time the pictures in work weigh at most the total. It is
// safe for concurrent use; waiting is first-in-first-out.
type Decoder struct {
	lim   Limits
	total int64
	sem   *semaphore.Weighted
}

// NewDecoder makes a Decoder. A picture heavier than total (see Weight) is decoded alone.
func NewDecoder(lim Limits, total int64) *Decoder {
	total = max(total, 1)
	return &Decoder{lim.withDefaults(), total, semaphore.NewWeighted(total)}
}

// Limits are the limits in force.
func (d *Decoder) Limits() Limits { return d.lim }

// Decode is the function Decode, after waiting for the picture's weight. What the gate refuses never waits.
func (d *Decoder) Decode(ctx context.Context, data []byte) (*RGB, Info, error) {
	g, err := inspect(data, d.lim)
	if err != nil {
		return nil, Info{}, err
	}
	weight := min(Weight(g.info.Width, g.info.Height, int64(len(data))), d.total)
	if err := d.sem.Acquire(ctx, weight); err != nil {
		return nil, Info{}, err
	}
	defer d.sem.Release(weight)
	return g.decode(ctx)
}

// gated is a picture that passed the gate.
type gated struct {
	data []byte
	lim  Limits
	info Info
}

// inspect is the gate: no allocation in proportion to anything a header claims.
func inspect(data []byte, lim Limits) (*gated, error) {
	if len(data) == 0 {
		return nil, &Error{Code: EmptyFile}
	}
	if n := int64(len(data)); n > lim.Bytes {
		return nil, &Error{Code: TooLarge, Got: n, Limit: lim.Bytes}
	}
	g := &gated{data: data, lim: lim, info: Info{Format: Sniff(data), Orientation: 1}}
	var refusal *Error
	switch g.info.Format {
	case PNG:
		refusal = g.inspectPNG()
	case JPEG:
		refusal = g.inspectJPEG()
	case GIF:
		refusal = g.inspectGIF()
	case WebP:
		refusal = g.inspectWebP()
	default:
		kind, hint := foreign(data)
		refusal = &Error{Code: UnsupportedType, Kind: kind, Hint: hint}
	}
	if refusal != nil {
		return nil, refusal
	}
	return g, nil
}

// config asks the codec for the size and holds it to what our own walk of the file found: were the two ever to
// disagree, the limits would have been checked against the wrong numbers.
func (g *gated) config(f func(io.Reader) (image.Config, error), w, h int64) *Error {
	c, err := f(&ctxReader{context.Background(), g.data})
	if err != nil {
		return refuse(g.info.Format, err)
	}
	if int64(c.Width) != w || int64(c.Height) != h {
		return broken(g.info.Format, fmt.Errorf("size is %d×%d by one header and %d×%d by another", c.Width, c.Height, w, h))
	}
	g.info.Width, g.info.Height = c.Width, c.Height
	return nil
}

func (g *gated) decode(ctx context.Context) (*RGB, Info, error) {
	dctx, cancel := context.WithTimeoutCause(ctx, g.lim.Time, errTooLong)
	defer cancel()
	p, err := g.pixels(dctx)
	if err == nil {
		err = dctx.Err()
	}
	switch {
	case err == nil:
		return p, g.info, nil
	case dctx.Err() == nil:
		return nil, Info{}, err
	case errors.Is(context.Cause(dctx), errTooLong):
		return nil, Info{}, &Error{Code: DecodeTimeout, Format: g.info.Format, Limit: g.lim.Time.Milliseconds(), Err: err}
	}
	return nil, Info{}, ctx.Err()
}

// pixels decodes and converts; a panic of a codec becomes a refusal.
func (g *gated) pixels(ctx context.Context) (p *RGB, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, &Error{Code: BrokenImage, Format: g.info.Format, Panicked: true,
				Err: fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
		}
	}()
	m, derr := codecs[g.info.Format](&ctxReader{ctx, g.data})
	if derr != nil {
		return nil, refuse(g.info.Format, derr)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, g.info.Transparent = canonical(m, g.info)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return orient(p, g.info.Orientation), nil
}

// codecs are called by format, never through image.Decode: what some other package registers there is not for us.
var codecs = map[Format]func(io.Reader) (image.Image, error){
	PNG: png.Decode, JPEG: jpeg.Decode, GIF: gif.Decode, WebP: webp.Decode,
}

// refuse turns a codec's error into a refusal.
func refuse(f Format, err error) *Error {
	var unsupported jpeg.UnsupportedError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return incomplete(f, err)
	case errors.As(err, &unsupported):
		return &Error{Code: UnsupportedJPEG, Format: f, Kind: jpegKind(unsupported), Err: err}
	}
	return broken(f, err)
}
