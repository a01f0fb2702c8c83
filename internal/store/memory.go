package store

import (
	"slices"
	"sync"
)

// Memory is a store that forgets everything when the process ends.
func Memory(cfg Config) Store { return newIndex(cfg, newSecret(), &memory{}) }

// memory is the backend of Memory.
type memory struct{ blobs sync.Map } // Digest → []byte

func (m *memory) putBlob(d Digest, b []byte) error { m.blobs.Store(d, b); return nil }

func (m *memory) getBlob(d Digest) ([]byte, error) {
	b, ok := m.blobs.Load(d)
	if !ok {
		return nil, ErrNotFound
	}
	return slices.Clone(b.([]byte)), nil
}

func (m *memory) removeBlob(d Digest) error { m.blobs.Delete(d); return nil }
func (m *memory) putRef(ID, ref) error      { return nil }
func (m *memory) removeRef(ID) error        { return nil }
