package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// ID is a random capability for one blob of one owner, in hexadecimal.
type ID string

// Digest is the keyed digest of a blob's bytes, in hexadecimal. Equal bytes of one class have equal digests.
type Digest string

// Blob describes what is stored under an ID.
type Blob struct {
	ID      ID
	Digest  Digest
	Size    int64
	Expires time.Time
}

// Store keeps blobs. Implementations are safe for concurrent use and behave as one (see the conformance tests).
type Store interface {
	// Put stores data for an owner and returns when it is safe. Errors: ErrQuota, ErrFull, ErrTooLarge.
	Put(ctx context.Context, owner string, data []byte) (Blob, error)
	// Stat describes a blob. The error is ErrNotFound for an ID that is unknown or expired.
	Stat(ctx context.Context, id ID) (Blob, error)
	// Get reads a blob. The bytes are the caller's. Errors: ErrNotFound, ErrDamaged.
	Get(ctx context.Context, id ID) ([]byte, error)
	// Read reads by digest, for jobs inside the server. The blob lives as long as one ID of it does.
	Read(ctx context.Context, d Digest) ([]byte, error)
	// Delete removes one ID, and the bytes with the last ID of them. An unknown ID is no error.
	Delete(ctx context.Context, id ID) error
	// DeleteOwner removes everything of an owner and says how many IDs that were.
	DeleteOwner(ctx context.Context, owner string) (int, error)
	// Sweep removes what has expired.
	Sweep(ctx context.Context) (int, error)
	// Usage is the number of bytes held, without those that equal content saves.
	Usage() int64
}

// The errors. All may be wrapped; compare with errors.Is.
var (
	ErrNotFound = errors.New("store: there is nothing under this id (unknown, or its time is up)")
	ErrQuota    = errors.New("store: the owner's quota is used up")
	ErrFull     = errors.New("store: no space, or the disk cannot be written; nothing was changed")
	ErrTooLarge = errors.New("store: the blob is too large")
	ErrDamaged  = errors.New("store: the stored bytes are damaged and were removed")
)

// Config bounds a store. Zero fields take the defaults.
type Config struct {
	// Class is part of every digest: two classes cannot learn of each other's pictures.
	Class string
	// TTL is how long a blob stays; at most MaxTTL.
	TTL time.Duration
	// BlobBytes, OwnerBytes and TotalBytes are the limits of one blob, of one owner's blobs and of all.
	BlobBytes, OwnerBytes, TotalBytes int64
	// Now is the clock; time.Now unless given.
	Now func() time.Time
}

// The defaults.
const (
	DefaultTTL        = 2 * time.Hour
	MaxTTL            = 24 * time.Hour
	DefaultBlobBytes  = 16 << 20
	DefaultOwnerBytes = 50 << 20
	DefaultTotalBytes = 4 << 30
)

func (c Config) withDefaults() Config {
	if c.Class == "" {
		c.Class = "default"
	}
	if c.TTL <= 0 {
		c.TTL = DefaultTTL
	}
	c.TTL = min(c.TTL, MaxTTL)
	for _, f := range []struct {
		v *int64
		d int64
	}{{&c.BlobBytes, DefaultBlobBytes}, {&c.OwnerBytes, DefaultOwnerBytes}, {&c.TotalBytes, DefaultTotalBytes}} {
		if *f.v <= 0 {
			*f.v = f.d
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// keys are the two HMAC keys derived from the store's secret: for contents of one class, and for owners.
type keys struct{ content, owner []byte }

func deriveKeys(secret []byte, class string) keys {
	return keys{mac(secret, "content of "+class), mac(secret, "owners")}
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func (k keys) digest(data []byte) Digest {
	h := hmac.New(sha256.New, k.content)
	h.Write(data)
	return Digest(hex.EncodeToString(h.Sum(nil)))
}

// tag stands for an owner wherever one is kept.
func (k keys) tag(owner string) string { return hex.EncodeToString(mac(k.owner, owner)[:16]) }

func newSecret() []byte {
	b := make([]byte, 32)
	rand.Read(b) // never fails: the program ends when the system has no randomness
	return b
}

func newID() ID { return ID(hex.EncodeToString(newSecret()[:16])) }

// isHex reports whether s has n lower-case hexadecimal digits: the only form of a name that reaches the disk.
func isHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Janitor sweeps s at every interval until ctx ends. Errors go to report, which may be nil.
func Janitor(ctx context.Context, s Store, every time.Duration, report func(error)) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := s.Sweep(ctx); err != nil && report != nil && ctx.Err() == nil {
				report(fmt.Errorf("sweeping: %w", err))
			}
		}
	}
}
