package drawings

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestPoolFileRoundTrip(t *testing.T) {
	p, err := synthetic(t).Pool(t.Context(), testSpec(40), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := PoolFile(dir, testSpec(40))
	if err := writePool(path, p); err != nil {
		t.Fatal(err)
	}
	got, err := CachedPool(t.Context(), dir, testSpec(40), 1, nil) // no drawings in dir: it can only come from the file
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Images, p.Images) || !bytes.Equal(got.Labels, p.Labels) {
		t.Error("the pool came back changed")
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("%d files in the folder of pools, want 1 (%v)", len(left), err)
	}
}

func TestReadPoolRefuses(t *testing.T) {
	p := &Pool{Labels: []uint8{1, 2}, Images: make([]uint8, 2*Size*Size*3)}
	path := filepath.Join(t.TempDir(), "pool.bin")
	if err := writePool(path, p); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"empty":     {},
		"head only": good[:len(poolMagic)+8],
		"cut short": good[:len(good)-1],
		"too long":  append(bytes.Clone(good), 0),
		"magic":     append([]byte("X"), good[1:]...),
	} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readPool(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPoolFileNamesDiffer(t *testing.T) {
	seen := map[string]bool{}
	a := testSpec(36)
	b, c, d := a, a, a
	b.Seed, c.Test, d.Hardest = 10, true, .5
	for _, s := range []Spec{a, b, c, d} {
		seen[PoolFile("x", s)] = true
	}
	if len(seen) != 4 {
		t.Errorf("four specs have %d file names", len(seen))
	}
}
