package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clock is an injected time.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func newClock() *clock { return &clock{time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

// each runs a test against every implementation.
func each(t *testing.T, cfg Config, f func(t *testing.T, s Store)) {
	t.Run("memory", func(t *testing.T) { f(t, Memory(cfg)) })
	t.Run("directory", func(t *testing.T) {
		d, err := Open(t.TempDir(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		f(t, d)
	})
}

var ctx = context.Background()

func put(t *testing.T, s Store, owner, data string) Blob {
	t.Helper()
	b, err := s.Put(ctx, owner, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func want(t *testing.T, s Store, id ID, data string) {
	t.Helper()
	if b, err := s.Get(ctx, id); err != nil || string(b) != data {
		t.Errorf("Get = %q, %v; want %q", b, err, data)
	}
}

func wantErr(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

func TestPutGetDelete(t *testing.T) {
	each(t, Config{}, func(t *testing.T, s Store) {
		a, b := put(t, s, "ann", "picture"), put(t, s, "ben", "picture")
		if a.ID == b.ID || a.Digest != b.Digest || s.Usage() != 7 || a.Size != 7 {
			t.Errorf("ids %s %s, digests %s %s, %d bytes: want two ids, one digest, stored once", a.ID, b.ID, a.Digest, b.Digest, s.Usage())
		}
		if len(a.ID) != 32 || strings.Contains(string(a.Digest), string(a.ID)) {
			t.Errorf("id %q", a.ID)
		}
		want(t, s, a.ID, "picture")
		if d, err := s.Read(ctx, a.Digest); err != nil || string(d) != "picture" {
			t.Errorf("Read = %q, %v", d, err)
		}
		if st, err := s.Stat(ctx, b.ID); err != nil || st != b {
			t.Errorf("Stat = %+v, %v; want %+v", st, err, b)
		}
		if err := s.Delete(ctx, a.ID); err != nil {
			t.Error(err)
		}
		_, err := s.Get(ctx, a.ID)
		wantErr(t, err, ErrNotFound)
		want(t, s, b.ID, "picture")
		if err := s.Delete(ctx, b.ID); err != nil {
			t.Error(err)
		}
		_, err = s.Read(ctx, a.Digest)
		wantErr(t, err, ErrNotFound)
		if s.Usage() != 0 {
			t.Errorf("%d bytes are left", s.Usage())
		}
		if err := s.Delete(ctx, b.ID); err != nil {
			t.Errorf("deleting twice: %v", err)
		}
	})
}

// Unknown ids of any form are one and the same error.
func TestUnknown(t *testing.T) {
	each(t, Config{}, func(t *testing.T, s Store) {
		for _, id := range []ID{"", "x", "../key", newID(), "refs/" + newID(), ID(strings.Repeat("0", 1<<16))} {
			_, err := s.Get(ctx, id)
			wantErr(t, err, ErrNotFound)
			_, err = s.Stat(ctx, id)
			wantErr(t, err, ErrNotFound)
			_, err = s.Read(ctx, Digest(id))
			wantErr(t, err, ErrNotFound)
		}
	})
}

// Changing what was given or got changes nothing in the store.
func TestBytesAreCopied(t *testing.T) {
	each(t, Config{}, func(t *testing.T, s Store) {
		data := []byte("abc")
		b, err := s.Put(ctx, "ann", data)
		if err != nil {
			t.Fatal(err)
		}
		data[0] = 'X'
		got, err := s.Get(ctx, b.ID)
		if err != nil {
			t.Fatal(err)
		}
		got[1] = 'Y'
		want(t, s, b.ID, "abc")
	})
}

func TestQuotas(t *testing.T) {
	c := newClock()
	cfg := Config{BlobBytes: 10, OwnerBytes: 15, TotalBytes: 25, TTL: time.Hour, Now: c.now}
	each(t, cfg, func(t *testing.T, s Store) {
		_, err := s.Put(ctx, "ann", make([]byte, 11))
		wantErr(t, err, ErrTooLarge)
		first := put(t, s, "ann", "0123456789")
		_, err = s.Put(ctx, "ann", []byte("abcdef"))
		wantErr(t, err, ErrQuota)
		// the same bytes again count for the owner, although they are stored once
		_, err = s.Put(ctx, "ann", []byte("0123456789"))
		wantErr(t, err, ErrQuota)
		put(t, s, "ben", "abcdefghij")
		_, err = s.Put(ctx, "cem", []byte("qwerty"))
		wantErr(t, err, ErrFull)
		want(t, s, first.ID, "0123456789")
		// what has expired makes room
		c.t = c.t.Add(time.Hour)
		put(t, s, "ann", "zzzzzzzzzz")
		if s.Usage() != 10 {
			t.Errorf("%d bytes, want 10", s.Usage())
		}
		c.t = newClock().t
	})
}

func TestExpiry(t *testing.T) {
	c := newClock()
	each(t, Config{TTL: time.Hour, Now: c.now}, func(t *testing.T, s Store) {
		start := c.t
		b := put(t, s, "ann", "old")
		c.t = start.Add(time.Hour - 1)
		want(t, s, b.ID, "old")
		c.t = start.Add(time.Hour)
		_, err := s.Get(ctx, b.ID)
		wantErr(t, err, ErrNotFound)
		_, err = s.Read(ctx, b.Digest)
		wantErr(t, err, ErrNotFound)
		if n, err := s.Sweep(ctx); n != 1 || err != nil || s.Usage() != 0 {
			t.Errorf("Sweep = %d, %v; %d bytes left", n, err, s.Usage())
		}
		c.t = start
	})
	if c := (Config{TTL: 1000 * time.Hour}).withDefaults(); c.TTL != MaxTTL {
		t.Errorf("TTL %v, want at most %v", c.TTL, MaxTTL)
	}
}

func TestDeleteOwner(t *testing.T) {
	each(t, Config{}, func(t *testing.T, s Store) {
		put(t, s, "ann", "1")
		put(t, s, "ann", "2")
		b := put(t, s, "ben", "2")
		if n, err := s.DeleteOwner(ctx, "ann"); n != 2 || err != nil {
			t.Errorf("DeleteOwner = %d, %v", n, err)
		}
		want(t, s, b.ID, "2")
		if s.Usage() != 1 {
			t.Errorf("%d bytes, want 1", s.Usage())
		}
	})
}

func TestCancelled(t *testing.T) {
	done, cancel := context.WithCancel(ctx)
	cancel()
	each(t, Config{}, func(t *testing.T, s Store) {
		b := put(t, s, "ann", "x")
		_, err := s.Put(done, "ann", []byte("y"))
		wantErr(t, err, context.Canceled)
		_, err = s.Get(done, b.ID)
		wantErr(t, err, context.Canceled)
		if s.Usage() != 1 {
			t.Errorf("a cancelled Put stored something")
		}
	})
}

// Many writers and readers at once; run with -race.
func TestConcurrent(t *testing.T) {
	each(t, Config{}, func(t *testing.T, s Store) {
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 10 {
					data := fmt.Appendf(nil, "blob %d", i%4)
					b, err := s.Put(ctx, fmt.Sprint("owner", w), data)
					if err != nil {
						t.Error(err)
						return
					}
					if got, err := s.Get(ctx, b.ID); err != nil || !bytes.Equal(got, data) {
						t.Errorf("Get = %q, %v; want %q", got, err, data)
					}
					if err := s.Delete(ctx, b.ID); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if s.Usage() != 0 {
			t.Errorf("%d bytes are left", s.Usage())
		}
	})
}

// Two classes have nothing in common, and the digest is not a plain hash.
func TestDigestsAreKeyed(t *testing.T) {
	secret := newSecret()
	a, b := deriveKeys(secret, "7b"), deriveKeys(secret, "8a")
	if a.digest([]byte("x")) == b.digest([]byte("x")) || deriveKeys(newSecret(), "7b").digest([]byte("x")) == a.digest([]byte("x")) {
		t.Error("the digest does not depend on class and secret")
	}
	again := deriveKeys(secret, "7b")
	if a.digest([]byte("x")) != again.digest([]byte("x")) || a.tag("ann") == a.tag("ben") {
		t.Error("digests or tags are wrong")
	}
}

func TestJanitor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Memory(Config{TTL: time.Hour})
		b, err := s.Put(ctx, "ann", []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		run, cancel := context.WithCancel(ctx)
		go Janitor(run, s, time.Minute, func(err error) { t.Error(err) })
		time.Sleep(59 * time.Minute) // of the test's own clock
		if _, err := s.Get(ctx, b.ID); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * time.Minute)
		if s.Usage() != 0 {
			t.Error("what has expired is still there a minute later")
		}
		cancel()
		synctest.Wait() // the test ends only when the janitor has
	})
}
