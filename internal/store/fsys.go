package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// fsys is the part of a file system that a directory store uses; tests put one that fails in its place.
type fsys interface {
	mkdir(name string) (made bool, err error) // an existing directory is no error
	create(name string) (file, error)         // fails when the name exists
	read(name string, limit int64) ([]byte, error)
	rename(from, to string) error
	remove(name string) error
	list(dir string) ([]string, error)
	syncDir(dir string) error
}

type file interface {
	io.Writer
	Sync() error
	Close() error
}

// rootFS is a directory of the system, which no name can leave.
type rootFS struct{ root *os.Root }

func (r rootFS) mkdir(name string) (made bool, err error) {
	err = r.root.Mkdir(name, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}

func (r rootFS) create(name string) (file, error) {
	return r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (r rootFS) read(name string, limit int64) ([]byte, error) {
	f, err := r.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

func (r rootFS) rename(from, to string) error { return r.root.Rename(from, to) }
func (r rootFS) remove(name string) error     { return r.root.Remove(name) }

func (r rootFS) list(dir string) ([]string, error) {
	f, err := r.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

// syncDir makes creations and renames in a directory survive a power cut, where the system can.
func (r rootFS) syncDir(dir string) error {
	f, err := r.root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

// writeDurably puts a whole file under its name or nothing: temporary name in the same directory, write, sync, rename,
// sync of the directory.
func writeDurably(f fsys, name string, data []byte) error {
	dir := path.Dir(name)
	temp := path.Join(dir, tempPrefix+string(newID()))
	w, err := f.create(temp)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	if err == nil {
		err = w.Sync()
	}
	if e := w.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = f.rename(temp, name)
	}
	if err != nil {
		if e := f.remove(temp); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
		return err
	}
	return f.syncDir(dir)
}

func mkdirDurably(f fsys, dir string) error {
	made, err := f.mkdir(dir)
	if err != nil || !made {
		return err
	}
	return f.syncDir(path.Dir(dir))
}

const tempPrefix = ".tmp-"
