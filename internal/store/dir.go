package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// The layout of a directory store: the secret behind all digests, blobs by digest in 256 folders, references by ID.
const (
	keyFile  = "key"
	blobDir  = "blobs"
	refDir   = "refs"
	refLimit = 4096 // bytes of a reference file
)

// Dir is a store in a directory. It survives restarts: references and blobs are read back at Open.
type Dir struct {
	*index
	root *os.Root
}

// Open opens or makes a store in the directory dir, which must exist and belong to it alone. Half-written files, bytes
// without a reference and references without bytes, as a crash leaves them, are removed; so is what has expired.
func Open(dir string, cfg Config) (*Dir, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	x, err := open(rootFS{root}, cfg)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: %s: %w", dir, err), root.Close())
	}
	return &Dir{x, root}, nil
}

// Close releases the directory. The store must not be used afterwards.
func (d *Dir) Close() error { return d.root.Close() }

func open(f fsys, cfg Config) (*index, error) {
	for _, d := range []string{blobDir, refDir} {
		if err := mkdirDurably(f, d); err != nil {
			return nil, err
		}
	}
	secret, err := loadSecret(f)
	if err != nil {
		return nil, err
	}
	x := newIndex(cfg, secret, &files{f, cfg.withDefaults().BlobBytes})
	return x, x.load(f)
}

// loadSecret reads the key file, or writes one on first use.
func loadSecret(f fsys) ([]byte, error) {
	b, err := f.read(keyFile, 64)
	if err == nil && len(b) == 32 {
		return b, nil
	}
	if err == nil {
		return nil, fmt.Errorf("the key file has %d bytes, want 32; remove the whole directory to start anew", len(b))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	b = newSecret()
	return b, writeDurably(f, keyFile, b)
}

// load reads the references and tidies up.
func (x *index) load(f fsys) error {
	blobs, err := listBlobs(f)
	if err != nil {
		return err
	}
	names, err := f.list(refDir)
	if err != nil {
		return err
	}
	latest := x.cfg.Now().Add(x.cfg.TTL)
	for _, name := range names {
		r, ok, err := readRef(f, name)
		if err != nil {
			return err // the disk does not answer: nothing is known to be junk
		}
		if !ok || !blobs[r.Digest] {
			if err := f.remove(path.Join(refDir, name)); err != nil {
				return err
			}
			continue
		}
		// A clock that was ahead when the blob came must not keep it for years.
		if r.Expires.After(latest) {
			r.Expires = latest
		}
		x.add(ID(name), r)
	}
	for d := range blobs {
		if x.users[d] == 0 {
			if err := x.back.removeBlob(d); err != nil {
				return err
			}
		}
	}
	_, err = x.sweep()
	return err
}

// readRef reads a reference; ok is false for what is none.
func readRef(f fsys, name string) (r ref, ok bool, err error) {
	if !isHex(name, 32) {
		return r, false, nil
	}
	b, err := f.read(path.Join(refDir, name), refLimit)
	if err != nil {
		return r, false, err
	}
	ok = json.Unmarshal(b, &r) == nil && isHex(string(r.Digest), 64) && r.Size >= 0 && r.Owner != ""
	return r, ok, nil
}

// listBlobs finds the digests on disk and removes half-written files.
func listBlobs(f fsys) (map[Digest]bool, error) {
	out := map[Digest]bool{}
	folders, err := f.list(blobDir)
	if err != nil {
		return nil, err
	}
	for _, d := range folders {
		if !isHex(d, 2) {
			continue
		}
		names, err := f.list(path.Join(blobDir, d))
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			switch {
			case isHex(n, 64):
				out[Digest(n)] = true
			case strings.HasPrefix(n, tempPrefix):
				if err := f.remove(path.Join(blobDir, d, n)); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// files is the backend of a directory.
type files struct {
	fs    fsys
	limit int64 // bytes of a blob
}

func blobName(d Digest) string { return path.Join(blobDir, string(d[:2]), string(d)) }

func (b *files) putBlob(d Digest, data []byte) error {
	if err := mkdirDurably(b.fs, path.Dir(blobName(d))); err != nil {
		return err
	}
	return writeDurably(b.fs, blobName(d), data)
}

func (b *files) getBlob(d Digest) ([]byte, error) {
	v, err := b.fs.read(blobName(d), b.limit+1)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	return v, err
}

func (b *files) removeBlob(d Digest) error { return b.gone(blobName(d)) }
func (b *files) removeRef(id ID) error     { return b.gone(path.Join(refDir, string(id))) }

// gone removes a file; one that is not there is what was wanted.
func (b *files) gone(name string) error {
	if err := b.fs.remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (b *files) putRef(id ID, r ref) error {
	v, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return writeDurably(b.fs, path.Join(refDir, string(id)), v)
}
