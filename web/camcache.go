package web

import (
	"context"
	"slices"
	"sync"

	"stride/internal/nn/explain"
)

// camKey names what a pass backward explains.
type camKey struct {
	job   string
	class int
}

// maxCams is how many passes are remembered: the maps of all layers of one picture and class are a megabyte or two.
const maxCams = 24

// cams remembers the last passes backward. One pass gives the maps of all layers, so that looking through the layers costs one.
type cams struct {
	mu   sync.Mutex
	last []*camEntry // the latest at the end
}

type camEntry struct {
	key   camKey
	ready chan struct{} // closed when res and err are set
	res   *explain.Result
	err   error
}

// get is the result for a key, from memory or from compute. Requests for the same key wait for one computation; when it fails,
// because its visitor left, the next one computes.
func (c *cams) get(ctx context.Context, key camKey, compute func() (*explain.Result, error)) (*explain.Result, error) {
	for {
		e, mine := c.entry(key)
		if mine {
			e.res, e.err = compute()
			if e.err != nil {
				c.drop(e)
			}
			close(e.ready)
			return e.res, e.err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-e.ready:
		}
		if e.err == nil {
			return e.res, nil
		}
	}
}

// entry finds or makes the entry of a key; mine says that the caller has to fill it.
func (c *cams) entry(key camKey) (e *camEntry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.IndexFunc(c.last, func(e *camEntry) bool { return e.key == key })
	if at >= 0 {
		e = c.last[at]
		c.last = append(slices.Delete(c.last, at, at+1), e)
		return e, false
	}
	e = &camEntry{key: key, ready: make(chan struct{})}
	c.last = append(c.last, e)
	if len(c.last) > maxCams {
		c.last = slices.Delete(c.last, 0, 1)
	}
	return e, true
}

func (c *cams) drop(e *camEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = slices.DeleteFunc(c.last, func(x *camEntry) bool { return x == e })
}
