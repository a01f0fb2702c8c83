package weights

import (
	"errors"
	"os"
	"path/filepath"
)

// Save writes a set as a safetensors file under a name that holds the old file or the whole new one, never a part: it
// writes a temporary file beside it, syncs, renames and syncs the directory.
func Save(path string, s *Set, t DType) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	if err := writeAndRename(f, path, s, t); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

func writeAndRename(f *os.File, path string, s *Set, t DType) error {
	err := WriteSafetensors(f, s, t)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// syncDir makes a rename survive a power cut. Systems that cannot sync a directory say so, which is no error.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, os.ErrInvalid) && !errors.Is(err, os.ErrPermission) {
		return err
	}
	return nil
}
