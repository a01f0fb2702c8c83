package drawings

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// recipe counts the changes of the compositor that change pictures. It is part of a pool file's name, so that a pool that an
// older program rendered is not taken for a new one.
const recipe = 1

var poolMagic = []byte("stride drawings\n")

// PoolFile returns the path of the file that caches the pool of spec in dir.
func PoolFile(dir string, spec Spec) string {
	key, err := json.Marshal(struct {
		Recipe int
		Spec   Spec
	}{recipe, spec})
	if err != nil {
		panic(fmt.Sprintf("drawings: %v", err)) // a struct of numbers and strings
	}
	sum := sha256.Sum256(key)
	name := strings.ReplaceAll(spec.Name, "/", "-") + "-" + hex.EncodeToString(sum[:4]) + ".bin"
	return filepath.Join(dir, "pools", name)
}

// CachedPool reads the pool of spec from dir. If it is not there, it is rendered and written; only then are the drawings
// needed, in dir too. The arguments are those of [Set.Pool].
func CachedPool(ctx context.Context, dir string, spec Spec, threads int, progress func(done int)) (*Pool, error) {
	path := PoolFile(dir, spec)
	p, err := readPool(path)
	if err == nil && p.Len() == spec.N {
		return p, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("drawings: %s: %w; delete the file to have it made again", path, err)
	}
	set, err := Load(dir, spec.Styles...)
	if err != nil {
		return nil, err
	}
	if p, err = set.Pool(ctx, spec, threads, progress); err != nil {
		return nil, err
	}
	return p, writePool(path, p)
}

// A pool file is the magic line, the number of pictures N and their side as little-endian uint32, N labels, then N pictures of
// side×side×3 bytes.
func writePool(path string, p *Pool) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "pool-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	head := bytes.Clone(poolMagic)
	head = binary.LittleEndian.AppendUint32(head, uint32(p.Len()))
	head = binary.LittleEndian.AppendUint32(head, Size)
	for _, part := range [][]byte{head, p.Labels, p.Images} {
		if _, err := f.Write(part); err != nil {
			f.Close()
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func readPool(path string) (*Pool, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	head := make([]byte, len(poolMagic)+8)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, err
	}
	n := int64(binary.LittleEndian.Uint32(head[len(poolMagic):]))
	side := binary.LittleEndian.Uint32(head[len(poolMagic)+4:])
	want := int64(len(head)) + n*(1+Size*Size*3)
	if !bytes.HasPrefix(head, poolMagic) || side != Size || info.Size() != want {
		return nil, fmt.Errorf("not a pool of %d×%d pictures, or cut short", Size, Size)
	}
	p := &Pool{Labels: make([]uint8, n), Images: make([]uint8, n*Size*Size*3)}
	if _, err := io.ReadFull(f, p.Labels); err != nil {
		return nil, err
	}
	_, err = io.ReadFull(f, p.Images)
	return p, err
}
