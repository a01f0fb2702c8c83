package weights

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
)

// maxEntries bounds a container: a network has at most MaxTensors storages and a handful of other members.
const maxEntries = 10_000

// The zip structures that are read, and their lengths.
const (
	sigLocal, lenLocal     = 0x04034b50, 30
	sigCentral, lenCentral = 0x02014b50, 46
	sigEnd, lenEnd         = 0x06054b50, 22
	sigEnd64, lenEnd64     = 0x06064b50, 56
	sigLocator, lenLocator = 0x07064b50, 20
)

// The flags that mean nothing for stored members: sizes follow the data; the name is UTF-8.
const harmlessFlags = 1<<3 | 1<<11

// member is one file of a container: a view of its bytes.
type member struct {
	name       string
	flags      uint16
	start, end int // from the local header to the end of the data
	data       []byte
}

// readZip reads the directory of a zip container. It is stricter than archive/zip, which takes duplicate names, data
// before the archive and any number of entries: here every member is stored, its local header agrees with the directory,
// members fill the file from its first byte to the directory without overlap, and every checksum is verified.
func readZip(b []byte) (map[string]*member, error) {
	dir, end, count, err := zipDirectory(b)
	if err != nil {
		return nil, err
	}
	members := make(map[string]*member, count)
	var order []*member
	at := dir
	for range count {
		m, next, err := zipEntry(b[:end], at, dir)
		if err != nil {
			return nil, err
		}
		if members[m.name] != nil {
			return nil, refuse(BadLayout, m.name, "the container has two members of this name")
		}
		members[m.name] = m
		order = append(order, m)
		at = next
	}
	if at != end {
		return nil, refuse(BadLayout, "", "the container's directory has more than the %d entries it claims", count)
	}
	return members, checkPlaces(order, dir)
}

// zipDirectory finds the directory through the end record, which must be the last thing in the file.
func zipDirectory(b []byte) (at, until, count int, err error) {
	le := binary.LittleEndian
	if len(b) < lenEnd || le.Uint32(b[len(b)-lenEnd:]) != sigEnd {
		return 0, 0, 0, refuse(BadLayout, "", "the container does not end with a zip end record without comment: the file is cut off or has something appended")
	}
	pos := len(b) - lenEnd
	end := b[pos:]
	n, size, offset := uint64(le.Uint16(end[10:])), uint64(le.Uint32(end[12:])), uint64(le.Uint32(end[16:]))
	if le.Uint32(end[4:]) != 0 || le.Uint16(end[8:]) != le.Uint16(end[10:]) || le.Uint16(end[20:]) != 0 {
		return 0, 0, 0, refuse(BadLayout, "", "the container is spread over several disks")
	}
	// PyTorch always writes the 64-bit records too; they must say the same.
	if p := pos - lenLocator; p >= lenEnd64 && le.Uint32(b[p:]) == sigLocator {
		q := p - lenEnd64
		if le.Uint32(b[p+4:]) != 0 || le.Uint64(b[p+8:]) != uint64(q) || le.Uint32(b[p+16:]) != 1 || le.Uint32(b[q:]) != sigEnd64 ||
			le.Uint64(b[q+4:]) != lenEnd64-12 || le.Uint64(b[q+16:]) != 0 || le.Uint64(b[q+24:]) != n || le.Uint64(b[q+32:]) != n || le.Uint64(b[q+40:]) != size || le.Uint64(b[q+48:]) != offset {
			return 0, 0, 0, refuse(BadLayout, "", "the 64-bit end record of the container contradicts the other")
		}
		pos = q
	}
	switch {
	case n > maxEntries:
		return 0, 0, 0, refuse(BadLayout, "", "the container has %d members, the limit is %d", n, maxEntries)
	case offset+size != uint64(pos):
		return 0, 0, 0, refuse(BadLayout, "", "the container's directory (%d bytes at %d) does not end at its end record (%d)", size, offset, pos)
	}
	return int(offset), pos, int(n), nil
}

// zipEntry reads the directory entry at position at and the member it describes; dir is where the members must end.
func zipEntry(b []byte, at, dir int) (m *member, next int, err error) {
	le := binary.LittleEndian
	if len(b)-at < lenCentral || le.Uint32(b[at:]) != sigCentral {
		return nil, 0, refuse(BadLayout, "", "the container's directory is damaged at byte %d", at)
	}
	e := b[at:]
	flags, method, crc, packed, size := le.Uint16(e[8:]), le.Uint16(e[10:]), le.Uint32(e[16:]), le.Uint32(e[20:]), le.Uint32(e[24:])
	nameLen, extra, comment := int(le.Uint16(e[28:])), int(le.Uint16(e[30:])), int(le.Uint16(e[32:]))
	if len(e) < lenCentral+nameLen+extra+comment {
		return nil, 0, refuse(BadLayout, "", "the container's directory is cut off")
	}
	m = &member{name: string(e[lenCentral : lenCentral+nameLen]), flags: flags, start: int(le.Uint32(e[42:]) & (1<<31 - 1))}
	isLink := e[5] == 3 && le.Uint32(e[38:])>>28 == 0xa // made on Unix, file type of a symbolic link
	switch why := badMember(m.name); {
	case why != "":
		return nil, 0, refuse(BadLayout, m.name, "the name of a member %s", why)
	case isLink:
		return nil, 0, refuse(BadLayout, m.name, "the member is a link")
	case flags&^harmlessFlags != 0:
		return nil, 0, refuse(BadLayout, m.name, "the member has flags %#x: encrypted, patched or packed in an unknown way", flags)
	case method != 0 || packed != size:
		return nil, 0, refuse(BadLayout, m.name, "the member is compressed (method %d); weights must be stored", method)
	case le.Uint16(e[34:]) != 0:
		return nil, 0, refuse(BadLayout, m.name, "the member is on another disk")
	case le.Uint32(e[42:]) > 1<<31-1 || m.start > dir-lenLocal || le.Uint32(b[m.start:]) != sigLocal:
		return nil, 0, refuse(BadLayout, m.name, "there is no member at byte %d", m.start)
	}
	if err := m.local(b[:dir], method, crc, size); err != nil {
		return nil, 0, err
	}
	return m, at + lenCentral + nameLen + extra + comment, nil
}

// local compares the header in front of the data with the directory and takes the data.
func (m *member) local(b []byte, method uint16, crc, size uint32) error {
	le := binary.LittleEndian
	h := b[m.start:]
	nameLen, extra := int(le.Uint16(h[26:])), int(le.Uint16(h[28:]))
	from := m.start + lenLocal + nameLen + extra
	same := func(at int, want uint32) bool { // with flag 3 the value may follow the data instead
		v := le.Uint32(h[at:])
		return v == want || v == 0 && m.flags&(1<<3) != 0
	}
	switch {
	case from > len(b) || int64(size) > int64(len(b)-from):
		return refuse(BadLayout, m.name, "the member's %d bytes reach beyond the members", size)
	case !bytes.Equal(h[lenLocal:lenLocal+nameLen], []byte(m.name)):
		return refuse(BadLayout, m.name, "the member has another name in front of its data")
	case le.Uint16(h[6:]) != m.flags || le.Uint16(h[8:]) != method:
		return refuse(BadLayout, m.name, "the member has other flags in front of its data")
	case !same(14, crc) || !same(18, size) || !same(22, size):
		return refuse(BadLayout, m.name, "the member has another size or checksum in front of its data")
	}
	m.end = from + int(size)
	m.data = b[from:m.end:m.end]
	if crc32.ChecksumIEEE(m.data) != crc {
		return refuse(BadLayout, m.name, "the checksum is wrong: the file is damaged")
	}
	return nil
}

// checkPlaces makes sure that the members follow each other from the first byte to the directory; only the record that
// repeats size and checksum may stand between two.
func checkPlaces(order []*member, dir int) error {
	slices.SortFunc(order, func(a, b *member) int { return cmp.Compare(a.start, b.start) })
	at, later := 0, false
	for i := 0; i <= len(order); i++ {
		start, name := dir, ""
		if i < len(order) {
			start, name = order[i].start, order[i].name
		}
		switch gap := start - at; {
		case gap == 0:
		case later && (gap == 12 || gap == 16 || gap == 20 || gap == 24):
		default:
			return refuse(BadLayout, name, "the member starts at byte %d, the one before ends at %d: no overlaps and nothing in between", start, at)
		}
		if i < len(order) {
			at, later = order[i].end, order[i].flags&(1<<3) != 0
		}
	}
	return nil
}

// badMember says why a member's name is refused. Names are only looked up, never opened; the rule keeps files that were
// made to attack an unpacker out altogether.
func badMember(name string) string {
	if why := badName(name); why != "" {
		return why
	}
	if strings.ContainsAny(name, `\:`) {
		return "is a path of another system"
	}
	for _, e := range strings.Split(name, "/") {
		stem, _, _ := strings.Cut(strings.ToUpper(e), ".")
		switch {
		case e == "" || e == "." || e == "..":
			return "leads elsewhere"
		case slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem),
			len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9':
			return "is a device name"
		}
	}
	return ""
}
