package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// backend is where an index keeps blobs and references: memory or a directory.
type backend interface {
	putBlob(Digest, []byte) error
	getBlob(Digest) ([]byte, error)
	removeBlob(Digest) error
	putRef(ID, ref) error
	removeRef(ID) error
}

// ref is one ID: who holds which blob until when. It is stored as JSON.
type ref struct {
	Digest  Digest    `json:"digest"`
	Owner   string    `json:"owner"` // keyed
	Size    int64     `json:"size"`
	Expires time.Time `json:"expires"`
}

// index is the Store over a backend. Writers take turns (a Put waits for the disk); readers only need the tables.
type index struct {
	cfg  Config
	keys keys
	back backend

	write sync.Mutex // held by whoever changes the backend

	mu    sync.RWMutex // guards the tables
	refs  map[ID]ref
	users map[Digest]int   // IDs per blob
	owned map[string]int64 // bytes per owner
	total int64
}

func newIndex(cfg Config, secret []byte, back backend) *index {
	cfg = cfg.withDefaults()
	return &index{cfg: cfg, keys: deriveKeys(secret, cfg.Class), back: back,
		refs: map[ID]ref{}, users: map[Digest]int{}, owned: map[string]int64{}}
}

func (x *index) Put(ctx context.Context, owner string, data []byte) (Blob, error) {
	size := int64(len(data))
	if size > x.cfg.BlobBytes {
		return Blob{}, fmt.Errorf("%w: %d bytes, the limit is %d", ErrTooLarge, size, x.cfg.BlobBytes)
	}
	d, tag := x.keys.digest(data), x.keys.tag(owner)
	x.write.Lock()
	defer x.write.Unlock()
	if err := ctx.Err(); err != nil {
		return Blob{}, err
	}
	fresh, err := x.room(d, tag, size)
	if err != nil {
		return Blob{}, err
	}
	if fresh {
		if err := x.back.putBlob(d, slices.Clone(data)); err != nil {
			// The name may be there although the directory could not be synced.
			return Blob{}, fmt.Errorf("%w: %w", ErrFull, errors.Join(err, x.back.removeBlob(d)))
		}
	}
	id, r := newID(), ref{d, tag, size, x.cfg.Now().Add(x.cfg.TTL)}
	if err := x.back.putRef(id, r); err != nil {
		err = fmt.Errorf("%w: %w", ErrFull, errors.Join(err, x.back.removeRef(id)))
		if fresh {
			err = errors.Join(err, x.back.removeBlob(d))
		}
		return Blob{}, err
	}
	x.add(id, r)
	return Blob{id, d, size, r.Expires}, nil
}

// room reports whether the blob is new, or which limit it would break. Expired blobs make room first.
func (x *index) room(d Digest, tag string, size int64) (fresh bool, err error) {
	for try := 0; ; try++ {
		x.mu.RLock()
		fresh = x.users[d] == 0
		owned, total := x.owned[tag]+size, x.total
		x.mu.RUnlock()
		if fresh {
			total += size
		}
		switch {
		case owned <= x.cfg.OwnerBytes && total <= x.cfg.TotalBytes:
			return fresh, nil
		case try == 0:
			if _, err := x.sweep(); err != nil {
				return false, err
			}
		case owned > x.cfg.OwnerBytes:
			return false, fmt.Errorf("%w: %d bytes, the limit is %d", ErrQuota, owned, x.cfg.OwnerBytes)
		default:
			return false, fmt.Errorf("%w: %d bytes, the limit is %d", ErrFull, total, x.cfg.TotalBytes)
		}
	}
}

func (x *index) add(id ID, r ref) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.users[r.Digest]++; x.users[r.Digest] == 1 {
		x.total += r.Size
	}
	x.refs[id] = r
	x.owned[r.Owner] += r.Size
}

// drop takes an ID out of the tables; last says that no other has its blob.
func (x *index) drop(id ID) (r ref, last, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r, ok = x.refs[id]; !ok {
		return r, false, false
	}
	delete(x.refs, id)
	if x.owned[r.Owner] -= r.Size; x.owned[r.Owner] <= 0 {
		delete(x.owned, r.Owner)
	}
	if x.users[r.Digest]--; x.users[r.Digest] == 0 {
		delete(x.users, r.Digest)
		x.total -= r.Size
		last = true
	}
	return r, last, true
}

func (x *index) find(id ID) (ref, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	r, ok := x.refs[id]
	if !ok || !x.cfg.Now().Before(r.Expires) {
		return ref{}, ErrNotFound
	}
	return r, nil
}

func (x *index) Stat(ctx context.Context, id ID) (Blob, error) {
	r, err := x.find(id)
	if err != nil {
		return Blob{}, err
	}
	return Blob{id, r.Digest, r.Size, r.Expires}, ctx.Err()
}

func (x *index) Get(ctx context.Context, id ID) ([]byte, error) {
	r, err := x.find(id)
	if err != nil {
		return nil, err
	}
	return x.read(ctx, r.Digest)
}

func (x *index) Read(ctx context.Context, d Digest) ([]byte, error) {
	x.mu.RLock()
	live, now := false, x.cfg.Now()
	if x.users[d] > 0 {
		for _, r := range x.refs {
			if live = r.Digest == d && now.Before(r.Expires); live {
				break
			}
		}
	}
	x.mu.RUnlock()
	if !live {
		return nil, ErrNotFound
	}
	return x.read(ctx, d)
}

// read verifies what it reads. Bytes that do not match their digest are removed, with every ID that points at them.
func (x *index) read(ctx context.Context, d Digest) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b, err := x.verified(d)
	if !errors.Is(err, ErrDamaged) {
		return b, err
	}
	// A writer may have removed the blob, or removed it and put it back, while it was read: look again with writers shut out.
	x.write.Lock()
	defer x.write.Unlock()
	x.mu.RLock()
	gone := x.users[d] == 0
	x.mu.RUnlock()
	if gone {
		return nil, ErrNotFound
	}
	if b, err = x.verified(d); !errors.Is(err, ErrDamaged) {
		return b, err
	}
	if _, e := x.removeMatching(func(r ref) bool { return r.Digest == d }); e != nil {
		return nil, errors.Join(ErrDamaged, e)
	}
	return nil, ErrDamaged
}

// verified is the bytes of a blob. The error is ErrDamaged when they are not there or others; any other error means that the
// disk does not answer, and nothing is known to be damaged.
func (x *index) verified(d Digest) ([]byte, error) {
	b, err := x.back.getBlob(d)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && x.keys.digest(b) != d:
		return nil, ErrDamaged
	case err != nil:
		return nil, err
	}
	return b, nil
}

func (x *index) Delete(ctx context.Context, id ID) error {
	x.write.Lock()
	defer x.write.Unlock()
	return x.remove(id)
}

// remove takes an ID away: first from the tables, so that nobody finds it even when the disk refuses. The reference goes
// before the bytes; bytes without one are removed at the next start.
func (x *index) remove(id ID) error {
	r, last, ok := x.drop(id)
	if !ok {
		return nil
	}
	err := x.back.removeRef(id)
	if last {
		err = errors.Join(err, x.back.removeBlob(r.Digest))
	}
	return err
}

func (x *index) DeleteOwner(ctx context.Context, owner string) (int, error) {
	tag := x.keys.tag(owner)
	x.write.Lock()
	defer x.write.Unlock()
	return x.removeMatching(func(r ref) bool { return r.Owner == tag })
}

func (x *index) Sweep(ctx context.Context) (int, error) {
	x.write.Lock()
	defer x.write.Unlock()
	return x.sweep()
}

func (x *index) sweep() (int, error) {
	now := x.cfg.Now()
	return x.removeMatching(func(r ref) bool { return !now.Before(r.Expires) })
}

func (x *index) removeMatching(match func(ref) bool) (n int, err error) {
	x.mu.RLock()
	var ids []ID
	for id, r := range x.refs {
		if match(r) {
			ids = append(ids, id)
		}
	}
	x.mu.RUnlock()
	for _, id := range ids {
		err = errors.Join(err, x.remove(id))
	}
	return len(ids), err
}

func (x *index) Usage() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.total
}
