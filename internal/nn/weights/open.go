package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// MaxFile is the largest weight file that is read; VGG's has 550 MB.
const MaxFile = 1 << 30

// Open reads a weight file of any supported format, told apart by its content: safetensors, or PyTorch's .pth in its zip
// and its older container. The file is mapped where the system can, so that float32 values cost no memory of their own
// and several processes share them. Close the set when nothing reads it any more.
func Open(path string) (*Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("weights: %s is not a regular file", path)
	}
	switch n := st.Size(); {
	case n == 0:
		return nil, refuse(EmptyFile, "", "the file is empty")
	case n > MaxFile:
		return nil, refuse(TooLarge, "", "the file has %d bytes, the limit is %d", n, int64(MaxFile))
	}
	b, unmap, err := mapFile(f, int(st.Size()))
	if err != nil {
		if b, err = io.ReadAll(io.LimitReader(f, MaxFile)); err != nil {
			return nil, err
		}
		unmap = nil
	}
	s, err := Read(b)
	if err != nil {
		if unmap != nil {
			err = closing(err, unmap)
		}
		return nil, err
	}
	s.file.close = unmap
	return s, nil
}

// closing keeps the first error; that of the clean-up matters only without one.
func closing(err error, close func() error) error {
	if e := close(); err == nil {
		return e
	}
	return err
}

// Read reads a weight file from memory; see Open. The set keeps b and gives out views of it.
func Read(b []byte) (*Set, error) {
	switch sniff(b) {
	case formatEmpty:
		return nil, refuse(EmptyFile, "", "the file is empty")
	case formatLFS:
		return nil, &Error{Code: LFSPointer, Text: "this is a Git LFS pointer, not the weights", Hint: "run git lfs pull, or download the file itself"}
	case formatSafetensors:
		return ReadSafetensors(b)
	case formatZip, formatPickle:
		return ReadPTH(b)
	case formatTar:
		return nil, &Error{Code: PickleRefused, Text: "this is the tar container of PyTorch before 0.1.10", Hint: "load it in PyTorch and save the state_dict as safetensors"}
	}
	return nil, &Error{Code: UnknownFormat, Text: "the file is neither safetensors nor a PyTorch file (.pth, .pt)"}
}

type format int

const (
	formatUnknown format = iota
	formatEmpty
	formatLFS
	formatSafetensors
	formatZip
	formatPickle
	formatTar
)

// sniff tells formats apart by their first bytes. A safetensors file has no magic: its length field must be plausible or
// be followed by the brace of the header.
func sniff(b []byte) format {
	switch {
	case len(b) == 0:
		return formatEmpty
	case bytes.HasPrefix(b, []byte("version https://git-lfs.github.com/spec/")):
		return formatLFS
	case len(b) > 8 && b[8] == '{' && binary.LittleEndian.Uint64(b) < 1<<32: // before the pickle: its length may begin with 80 02
		return formatSafetensors
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return formatZip
	case len(b) > 2 && b[0] == opProto:
		return formatPickle
	case len(b) > 262 && bytes.Equal(b[257:262], []byte("ustar")):
		return formatTar
	case len(b) > 8 && b[8] == '{', len(b) >= 8 && binary.LittleEndian.Uint64(b) < 1<<32:
		return formatSafetensors
	}
	return formatUnknown
}
