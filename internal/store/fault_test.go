package store

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// disk is a file system in memory that can fail and lose power: what was not synced is gone then.
type disk struct {
	dirs    map[string]bool
	names   map[string]*content // as the running system sees it
	durable map[string]*content // directory entries that were synced
	calls   []string
	fail    func(op, name string) error
}

type content struct{ data, synced []byte }

func newDisk() *disk {
	return &disk{dirs: map[string]bool{".": true}, names: map[string]*content{}, durable: map[string]*content{}}
}

func (d *disk) call(op, name string) error {
	d.calls = append(d.calls, op+" "+name)
	if d.fail != nil {
		return d.fail(op, name)
	}
	return nil
}

func (d *disk) mkdir(name string) (bool, error) {
	if d.dirs[name] {
		return false, nil
	}
	if err := d.call("mkdir", name); err != nil {
		return false, err
	}
	d.dirs[name] = true // directories are durable at once: blobs without one cannot exist
	return true, nil
}

func (d *disk) create(name string) (file, error) {
	if err := d.call("create", name); err != nil {
		return nil, err
	}
	if d.names[name] != nil {
		return nil, fs.ErrExist
	}
	c := &content{}
	d.names[name] = c
	return &handle{d, name, c}, nil
}

type handle struct {
	d    *disk
	name string
	c    *content
}

func (h *handle) Write(b []byte) (int, error) {
	if err := h.d.call("write", h.name); err != nil {
		h.c.data = append(h.c.data, b[:len(b)/2]...) // a full disk takes a part
		return len(b) / 2, err
	}
	h.c.data = append(h.c.data, b...)
	return len(b), nil
}

func (h *handle) Sync() error {
	if err := h.d.call("sync", h.name); err != nil {
		return err
	}
	h.c.synced = slices.Clone(h.c.data)
	return nil
}

func (h *handle) Close() error { return h.d.call("close", h.name) }

func (d *disk) read(name string, limit int64) ([]byte, error) {
	if err := d.call("read", name); err != nil {
		return nil, err
	}
	c := d.names[name]
	if c == nil {
		return nil, fs.ErrNotExist
	}
	return slices.Clone(c.data[:min(int64(len(c.data)), limit)]), nil
}

func (d *disk) rename(from, to string) error {
	if err := d.call("rename", to); err != nil {
		return err
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	return nil
}

func (d *disk) remove(name string) error {
	if err := d.call("remove", name); err != nil {
		return err
	}
	if d.names[name] == nil {
		return fs.ErrNotExist
	}
	delete(d.names, name)
	return nil
}

func (d *disk) list(dir string) ([]string, error) {
	if err := d.call("list", dir); err != nil {
		return nil, err
	}
	var l []string
	for n := range d.dirs {
		if path.Dir(n) == dir && n != dir {
			l = append(l, path.Base(n))
		}
	}
	for n := range d.names {
		if path.Dir(n) == dir {
			l = append(l, path.Base(n))
		}
	}
	return l, nil
}

func (d *disk) syncDir(dir string) error {
	if err := d.call("syncdir", dir); err != nil {
		return err
	}
	for n := range d.durable {
		if path.Dir(n) == dir && d.names[n] == nil {
			delete(d.durable, n)
		}
	}
	for n, c := range d.names {
		if path.Dir(n) == dir {
			d.durable[n] = c
		}
	}
	return nil
}

// crash is the disk after a power cut.
func (d *disk) crash() *disk {
	n := newDisk()
	n.dirs = d.dirs
	for name, c := range d.durable {
		k := &content{slices.Clone(c.synced), slices.Clone(c.synced)}
		n.names[name], n.durable[name] = k, k
	}
	return n
}

func openDisk(t *testing.T, d *disk, cfg Config) *index {
	t.Helper()
	x, err := open(d, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// What was acknowledged survives a power cut; and the order of the calls is the one that makes it so.
func TestPowerCut(t *testing.T) {
	d := newDisk()
	x := openDisk(t, d, Config{})
	d.calls = nil
	b := put(t, x, "ann", "picture")
	var ops []string
	for _, c := range d.calls {
		op, name, _ := strings.Cut(c, " ")
		switch {
		case strings.Contains(name, tempPrefix):
			name = path.Dir(name) + "/temp"
		case name != "blobs" && name != "refs" && strings.HasPrefix(name, "refs/"):
			name = "refs/id"
		}
		ops = append(ops, op+" "+strings.NewReplacer(string(b.Digest), "digest", string(b.Digest[:2]), "xx").Replace(name))
	}
	wantOps := []string{"mkdir blobs/xx", "syncdir blobs",
		"create blobs/xx/temp", "write blobs/xx/temp", "sync blobs/xx/temp", "close blobs/xx/temp", "rename blobs/xx/digest", "syncdir blobs/xx",
		"create refs/temp", "write refs/temp", "sync refs/temp", "close refs/temp", "rename refs/id", "syncdir refs"}
	if !slices.Equal(ops, wantOps) {
		t.Errorf("calls\n%s\nwant\n%s", strings.Join(ops, "\n"), strings.Join(wantOps, "\n"))
	}
	y := openDisk(t, d.crash(), Config{})
	want(t, y, b.ID, "picture")
}

// At whatever call the power goes, the store opens again, has every acknowledged blob whole, and no half ones.
func TestPowerCutAnywhere(t *testing.T) {
	for cut := 1; ; cut++ {
		d := newDisk()
		x := openDisk(t, d, Config{})
		first := put(t, x, "ann", "first")
		n := 0
		cutNow := errors.New("power cut")
		d.fail = func(string, string) error {
			if n++; n >= cut {
				return cutNow
			}
			return nil
		}
		second, err := x.Put(ctx, "ann", []byte("second"))
		done := err == nil && n < cut
		y := openDisk(t, d.crash(), Config{})
		want(t, y, first.ID, "first")
		if err == nil {
			want(t, y, second.ID, "second")
		}
		if u := y.Usage(); u != 5 && u != 11 {
			t.Errorf("cut at call %d: %d bytes", cut, u)
		}
		if done {
			if cut < 10 {
				t.Errorf("only %d calls: the test does not see the writes", cut)
			}
			return
		}
	}
}

// Disk full, read-only disk, I/O error: Put says ErrFull, nothing changes, and it works again afterwards.
func TestDiskErrors(t *testing.T) {
	for _, e := range []error{syscall.ENOSPC, syscall.EROFS, syscall.EIO} {
		for _, op := range []string{"mkdir", "create", "write", "sync", "close", "rename", "syncdir"} {
			for _, place := range []string{"blobs/", "refs"} {
				d := newDisk()
				x := openDisk(t, d, Config{})
				old := put(t, x, "ann", "old")
				hit := false
				d.fail = func(o, name string) error {
					if o == op && strings.HasPrefix(name, place) && !hit {
						hit = true
						return e
					}
					return nil
				}
				_, err := x.Put(ctx, "ben", []byte("another"))
				if !hit {
					if op != "mkdir" {
						t.Errorf("%s in %s is never called", op, place)
					}
					continue
				}
				if !errors.Is(err, ErrFull) || !errors.Is(err, e) {
					t.Errorf("%s in %s: error %v, want ErrFull and %v", op, place, err, e)
				}
				want(t, x, old.ID, "old")
				if x.Usage() != 3 {
					t.Errorf("%s in %s: %d bytes, want 3", op, place, x.Usage())
				}
				for name := range d.names {
					if strings.Contains(name, tempPrefix) {
						t.Errorf("%s in %s left %s", op, place, name)
					}
				}
				b := put(t, x, "ben", "another")
				want(t, x, b.ID, "another")
			}
		}
	}
}

// A flipped bit is found at the next read: the bytes are never handed out, and the blob is gone.
func TestDamage(t *testing.T) {
	d := newDisk()
	x := openDisk(t, d, Config{})
	b := put(t, x, "ann", "picture")
	for name, c := range d.names {
		if strings.HasSuffix(name, string(b.Digest)) {
			c.data[3] ^= 1
		}
	}
	_, err := x.Get(ctx, b.ID)
	wantErr(t, err, ErrDamaged)
	_, err = x.Get(ctx, b.ID)
	wantErr(t, err, ErrNotFound)
	again := put(t, x, "ann", "picture")
	want(t, x, again.ID, "picture")
}

// An I/O error while reading is not damage: the blob stays.
func TestReadError(t *testing.T) {
	d := newDisk()
	x := openDisk(t, d, Config{})
	b := put(t, x, "ann", "picture")
	d.fail = func(op, _ string) error {
		if op == "read" {
			return syscall.EIO
		}
		return nil
	}
	_, err := x.Get(ctx, b.ID)
	wantErr(t, err, syscall.EIO)
	d.fail = nil
	want(t, x, b.ID, "picture")
}

// A disk that does not answer while the store opens costs nothing: the next start has every blob.
func TestReadErrorAtOpen(t *testing.T) {
	d := newDisk()
	b := put(t, openDisk(t, d, Config{}), "ann", "picture")
	d.fail = func(op, name string) error {
		if op == "read" && strings.HasPrefix(name, refDir) {
			return syscall.EIO
		}
		return nil
	}
	_, err := open(d, Config{})
	wantErr(t, err, syscall.EIO)
	d.fail = nil
	want(t, openDisk(t, d, Config{}), b.ID, "picture")
}

// A blob that is deleted and stored again while somebody reads it is not taken for damaged.
func TestReplacedWhileRead(t *testing.T) {
	d := newDisk()
	x := openDisk(t, d, Config{})
	old := put(t, x, "ann", "picture")
	var again Blob
	d.fail = func(op, name string) error {
		if op != "read" || !strings.HasPrefix(name, blobDir) {
			return nil
		}
		d.fail = nil
		if err := x.Delete(ctx, old.ID); err != nil {
			t.Error(err)
		}
		again = put(t, x, "ben", "picture")
		return fs.ErrNotExist // the reader came in between
	}
	if b, err := x.Read(ctx, old.Digest); err != nil || string(b) != "picture" {
		t.Errorf("the reader got %q, %v", b, err)
	}
	want(t, x, again.ID, "picture")
}

// Deletion wins even when the disk refuses: nobody finds the blob, and the next start removes what is left.
func TestDeleteError(t *testing.T) {
	d := newDisk()
	x := openDisk(t, d, Config{})
	b := put(t, x, "ann", "picture")
	d.fail = func(op, name string) error {
		if op == "remove" && strings.HasPrefix(name, "blobs") {
			return syscall.EIO
		}
		return nil
	}
	wantErr(t, x.Delete(ctx, b.ID), syscall.EIO)
	_, err := x.Get(ctx, b.ID)
	wantErr(t, err, ErrNotFound)
	d.fail = nil
	openDisk(t, d, Config{})
	for name := range d.names {
		if name != keyFile {
			t.Errorf("%s is left", name)
		}
	}
}

func TestReopen(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	cfg := Config{TTL: time.Hour, Now: c.now}
	reopen := func() *Dir {
		d, err := Open(dir, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := reopen()
	b, gone := put(t, d, "ann", "picture"), put(t, d, "ann", "gone")
	if err := d.Delete(ctx, gone.ID); err != nil {
		t.Fatal(err)
	}
	d.Close()
	// what a crash and a stranger leave behind
	for _, name := range []string{"refs/" + string(newID()), "refs/x", "refs/" + tempPrefix + "1", "blobs/" + string(b.Digest[:2]) + "/" + tempPrefix + "2"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("junk"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d = reopen()
	want(t, d, b.ID, "picture")
	if n, err := d.DeleteOwner(ctx, "ann"); n != 1 || err != nil {
		t.Errorf("after a restart the owner has %d blobs (%v), want 1", n, err)
	}
	old := put(t, d, "ann", "old")
	d.Close()
	c.t = c.t.Add(2 * time.Hour)
	d = reopen()
	defer d.Close()
	_, err := d.Get(ctx, old.ID)
	wantErr(t, err, ErrNotFound)
	var left []string
	err = filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Base(p) != keyFile {
			left = append(left, p)
		}
		return err
	})
	if err != nil || len(left) > 0 {
		t.Errorf("files left: %v (%v)", left, err)
	}
}

// A clock that was years ahead when a blob came neither deletes it at once nor keeps it for years.
func TestClockWasAhead(t *testing.T) {
	d, c := newDisk(), newClock()
	cfg := Config{TTL: time.Hour, Now: c.now}
	c.t = c.t.AddDate(10, 0, 0)
	b := put(t, openDisk(t, d, cfg), "ann", "x")
	c.t = c.t.AddDate(-10, 0, 0)
	x := openDisk(t, d, cfg)
	want(t, x, b.ID, "x")
	c.t = c.t.Add(time.Hour)
	_, err := x.Get(ctx, b.ID)
	wantErr(t, err, ErrNotFound)
}

func TestBadKeyFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, keyFile), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Config{}); err == nil || !strings.Contains(err.Error(), "5 bytes") {
		t.Errorf("a short key file: %v", err)
	}
}
