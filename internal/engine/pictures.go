package engine

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"strings"

	"stride/internal/nn/input"
	"stride/internal/store"
)

// The longest side of a stored picture, in pixels, and the prefixes of picture references.
const (
	MaxSide      = 1024
	samplePrefix = "sample/"
	blobPrefix   = "blob/"
)

// Pictures brings visitors' pictures into the store and finds them, and the samples, for runs. The original bytes are
// neither kept nor served: what is stored is the decoded picture, upright, without metadata, at most MaxSide wide and high,
// as PNG.
type Pictures struct {
	Store   store.Store
	Decoder *input.Decoder
	// Sample finds a sample by name; the error of an unknown one wraps fs.ErrNotExist or is an *Error.
	Sample func(name string) (*input.RGB, error)
}

// Add decodes a file and stores the picture for an owner. Errors: *input.Error for what is no good picture, *Error with
// StorageFull or TooMany.
func (p *Pictures) Add(ctx context.Context, owner string, file []byte) (store.Blob, error) {
	img, _, err := p.Decoder.Decode(ctx, file)
	if err != nil {
		return store.Blob{}, err
	}
	return p.AddImage(ctx, owner, img)
}

// AddImage stores a picture that is decoded already, such as a drawing.
func (p *Pictures) AddImage(ctx context.Context, owner string, img *input.RGB) (store.Blob, error) {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, input.ShrinkTo(img, MaxSide).RGBA()); err != nil {
		return store.Blob{}, err
	}
	blob, err := p.Store.Put(ctx, owner, b.Bytes())
	switch {
	case errors.Is(err, store.ErrQuota):
		return blob, &Error{Code: TooMany, Text: "your pictures use all of your space; delete some", Err: err}
	case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrTooLarge):
		return blob, &Error{Code: StorageFull, Text: "the picture cannot be stored now", RetryAfter: retryAfter(0), Err: err}
	}
	return blob, err
}

// SampleRef and BlobRef are what a Job's Image holds.
func SampleRef(name string) string       { return samplePrefix + name }
func BlobRef(digest store.Digest) string { return blobPrefix + string(digest) }

// Image finds a picture by its reference.
func (p *Pictures) Image(ctx context.Context, ref string) (*input.RGB, error) {
	if name, ok := strings.CutPrefix(ref, samplePrefix); ok && p.Sample != nil {
		img, err := p.Sample(name)
		if err != nil {
			return nil, unknownPicture(err)
		}
		return img, nil
	}
	digest, ok := strings.CutPrefix(ref, blobPrefix)
	if !ok {
		return nil, unknownPicture(nil)
	}
	b, err := p.Store.Read(ctx, store.Digest(digest))
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrDamaged) {
		return nil, unknownPicture(err)
	}
	if err != nil {
		return nil, err
	}
	img, _, err := p.Decoder.Decode(ctx, b)
	return img, err
}

func unknownPicture(err error) error {
	return &Error{Code: UnknownID, Text: "there is no such picture (any more)", Err: err}
}
