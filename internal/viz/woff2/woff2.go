package woff2

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
)

// maxSize bounds what a file may unpack to.
const maxSize = 32 << 20

var errShort = errors.New("woff2: the file ends too early")

// tags are the tables that have a number (section 5.1, table "known table tags").
var tags = [63]string{"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep", "CFF ", "VORG", "EBDT",
	"EBLC", "gasp", "hdmx", "kern", "LTSH", "PCLT", "VDMX", "vhea", "vmtx", "BASE", "GDEF", "GPOS", "GSUB", "EBSC", "JSTF", "MATH", "CBDT", "CBLC",
	"COLR", "CPAL", "SVG ", "sbix", "acnt", "avar", "bdat", "bloc", "bsln", "cvar", "fdsc", "feat", "fmtx", "fvar", "gvar", "hsty", "just", "lcar",
	"mort", "morx", "opbd", "prop", "trak", "Zapf", "Silf", "Glat", "Gloc", "Feat", "Sill"}

type table struct {
	tag         string
	transformed bool
	stored      uint32 // length in the compressed stream
	data        []byte
}

// Decode is the OpenType file inside a WOFF2 file. Its checksums are left zero.
func Decode(file []byte) ([]byte, error) {
	r := &reader{b: file}
	if r.u32() != 0x774F4632 {
		return nil, errors.New("woff2: not a WOFF2 file")
	}
	flavour := r.u32()
	if flavour == 0x74746366 {
		return nil, errors.New("woff2: font collections are not supported")
	}
	r.skip(4)
	n := int(r.u16())
	r.skip(6)
	packed := r.u32()
	r.skip(24)
	tables, err := directory(r, n)
	if err != nil {
		return nil, err
	}
	if err := inflate(r.bytes(int(packed)), tables); err != nil {
		return nil, err
	}
	if r.bad {
		return nil, errShort
	}
	if err := rebuild(tables); err != nil {
		return nil, err
	}
	return write(flavour, tables), nil
}

// directory reads the table directory (section 4.1).
func directory(r *reader, n int) ([]*table, error) {
	var l []*table
	total := uint64(0)
	for range n {
		flags := r.u8()
		t := &table{}
		if i := flags & 63; i < 63 {
			t.tag = tags[i]
		} else {
			t.tag = string(r.bytes(4))
		}
		t.stored = r.base128()
		version := flags >> 6
		t.transformed = version != 0
		if t.tag == "glyf" || t.tag == "loca" {
			t.transformed = version != 3
		}
		if t.transformed {
			t.stored = r.base128()
		}
		if total += uint64(t.stored); r.bad || total > maxSize {
			return nil, errShort
		}
		l = append(l, t)
	}
	return l, nil
}

// inflate hands each table its part of the stream.
func inflate(packed []byte, tables []*table) error {
	z := brotli.NewReader(bytes.NewReader(packed))
	for _, t := range tables {
		t.data = make([]byte, t.stored)
		if _, err := io.ReadFull(z, t.data); err != nil {
			return fmt.Errorf("woff2: table %q: %w", t.tag, err)
		}
	}
	return nil
}

func find(tables []*table, tag string) *table {
	if i := slices.IndexFunc(tables, func(t *table) bool { return t.tag == tag }); i >= 0 {
		return tables[i]
	}
	return nil
}

// rebuild undoes the transforms of outlines and of side bearings.
func rebuild(tables []*table) error {
	glyf, loca, head := find(tables, "glyf"), find(tables, "loca"), find(tables, "head")
	if glyf == nil || loca == nil || !glyf.transformed {
		return nil
	}
	if head == nil || len(head.data) < 54 {
		return errors.New("woff2: no head table")
	}
	g, err := unpackGlyphs(glyf.data)
	if err != nil {
		return err
	}
	glyf.data, loca.data = g.glyf, g.loca
	binary.BigEndian.PutUint16(head.data[50:], 1) // long offsets
	hmtx, hhea := find(tables, "hmtx"), find(tables, "hhea")
	if hmtx == nil || !hmtx.transformed {
		return nil
	}
	if hhea == nil || len(hhea.data) < 36 {
		return errors.New("woff2: no hhea table")
	}
	hmtx.data, err = unpackMetrics(hmtx.data, int(binary.BigEndian.Uint16(hhea.data[34:])), g.left)
	return err
}

// unpackMetrics puts side bearings back where they equal the left edge of the outline (section 5.4).
func unpackMetrics(b []byte, metrics int, left []int16) ([]byte, error) {
	r := &reader{b: b}
	flags := r.u8()
	if metrics < 1 || metrics > len(left) {
		return nil, errShort
	}
	advances := r.bytes(2 * metrics)
	read := func(absent bool, glyphs []int16) []int16 {
		if absent {
			return glyphs
		}
		out := make([]int16, len(glyphs))
		for i := range out {
			out[i] = int16(r.u16())
		}
		return out
	}
	proportional, rest := read(flags&1 != 0, left[:metrics]), read(flags&2 != 0, left[metrics:])
	if r.bad {
		return nil, errShort
	}
	var out []byte
	for i, v := range proportional {
		out = binary.BigEndian.AppendUint16(append(out, advances[2*i:2*i+2]...), uint16(v))
	}
	for _, v := range rest {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	return out, nil
}

// write lays the tables out as an OpenType file.
func write(flavour uint32, tables []*table) []byte {
	slices.SortFunc(tables, func(a, b *table) int { return bytes.Compare([]byte(a.tag), []byte(b.tag)) })
	out := binary.BigEndian.AppendUint32(nil, flavour)
	out = binary.BigEndian.AppendUint16(out, uint16(len(tables)))
	out = append(out, make([]byte, 6)...) // for binary search; readers do without
	at := 12 + 16*len(tables)
	for _, t := range tables {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, 0)
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		out = append(out, make([]byte, -len(t.data)&3)...)
	}
	return out
}
