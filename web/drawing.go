package web

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"stride/internal/engine"
	"stride/internal/nn/input"
)

// drawSide is the side of the drawing pad in values: MNIST's own resolution.
const drawSide = 28

// drawings are the digits that visitors have drawn, by digest. A drawing is in the address of its page, so losing one
// costs nothing; the engine asks for it by its digest.
type drawings struct {
	mu     sync.Mutex
	byName map[string]*list.Element
	order  *list.List // of *drawing, the latest first
}

type drawing struct {
	name string
	gray *input.Gray
}

const (
	maxDrawings   = 4096
	drawingPrefix = "draw-"
)

func newDrawings() *drawings { return &drawings{byName: map[string]*list.Element{}, order: list.New()} }

// read decodes the pad's form of a drawing: two hexadecimal digits a value, row by row; and remembers it.
func (d *drawings) read(text string) (name string, g *input.Gray, err error) {
	pix, err := hex.DecodeString(text)
	if err != nil || len(pix) != drawSide*drawSide {
		return "", nil, &Error{Status: 422, Code: "bad_drawing"}
	}
	g = &input.Gray{W: drawSide, H: drawSide, Pix: pix}
	sum := sha256.Sum256(pix)
	name = drawingPrefix + hex.EncodeToString(sum[:12])
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.byName[name]; e != nil {
		d.order.MoveToFront(e)
		return name, g, nil
	}
	d.byName[name] = d.order.PushFront(&drawing{name, g})
	if d.order.Len() > maxDrawings {
		delete(d.byName, d.order.Remove(d.order.Back()).(*drawing).name)
	}
	return name, g, nil
}

// find is a remembered drawing as a picture.
func (d *drawings) find(name string) (*input.RGB, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byName[name]
	if e == nil {
		return nil, false
	}
	g := e.Value.(*drawing).gray
	p := input.NewRGB(g.W, g.H)
	for i, v := range g.Pix {
		p.Pix[3*i], p.Pix[3*i+1], p.Pix[3*i+2] = v, v, v
	}
	return p, true
}

// images finds every kind of picture for the engine: drawings here, the others where the engine keeps them.
type images struct {
	*engine.Pictures
	drawings *drawings
}

// Image finds a picture by its reference.
func (i images) Image(ctx context.Context, ref string) (*input.RGB, error) {
	if !strings.HasPrefix(ref, drawingPrefix) {
		return i.Pictures.Image(ctx, ref)
	}
	if p, ok := i.drawings.find(ref); ok {
		return p, nil
	}
	return nil, &engine.Error{Code: engine.UnknownID, Text: "the drawing is not here any more"}
}
