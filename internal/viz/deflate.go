package viz

import (
	"encoding/binary"
	"hash/adler32"
	"math/bits"
	"slices"
)

// A DEFLATE encoder (RFC 1951) for quantised maps. Such maps are noise on an even ground: a search for repeated strings
// costs most of the time of a general encoder and finds next to nothing but runs. This one finds runs (matches at
// distance 1) and leaves the rest to one Huffman code for the whole picture. It is several times as fast as the general
// encoders at the same size (BenchmarkEncode), and its bytes do not change with a library's version.

const (
	maxMatch = 258 // RFC 1951, 3.2.5
	endBlock = 256
	maxBits  = 13 // longest code: four of them and the seven pending bits fit 64
)

// run says that the n ≥ 8 bytes from position at equal the byte before them.
type run struct{ at, n int }

// zlibRuns is raw in zlib format (RFC 1950), appended to dst.
func zlibRuns(dst, raw []byte) []byte {
	dst = append(dst, 0x78, 0x01)
	runs := findRuns(raw)
	var freq [286]uint32
	countSymbols(&freq, raw, runs)
	code := huffman(freq[:], maxBits)
	const header = 1024 // more than the longest: 14 + 19·3 bits and 287 items of 14 bits
	w := bitWriter{buf: slices.Grow(dst, bitsNeeded(&freq, code)/8+header), at: len(dst)}
	w.buf = w.buf[:cap(w.buf)]
	w.dynamicHeader(code)
	w.body(raw, runs, code)
	return binary.BigEndian.AppendUint32(w.finish(), adler32.Checksum(raw))
}

// findRuns lists the runs, eight bytes at a time. A run shorter than eight bytes is cheaper as literals: the ground, of
// which most runs consist, has codes of one to three bits.
func findRuns(raw []byte) []run {
	runs := make([]run, 0, len(raw)/64)
	for i := 1; i+8 <= len(raw); {
		diff := binary.LittleEndian.Uint64(raw[i:]) ^ binary.LittleEndian.Uint64(raw[i-1:])
		if diff != 0 {
			// A run that matters starts after the last of the eight bytes that differs from its predecessor.
			i += 8 - bits.LeadingZeros64(diff)/8
			continue
		}
		n := 8
		for i+n < len(raw) && raw[i+n] == raw[i-1] {
			n++
		}
		runs = append(runs, run{i, n})
		i += n + 1
	}
	return runs
}

// pieces splits a run into matches of 3…258 bytes; what is left over (fewer than 3) stays literal.
func pieces(n int, match func(n int)) (rest int) {
	for n >= 3 {
		m := min(n, maxMatch)
		match(m)
		n -= m
	}
	return n
}

func countSymbols(freq *[286]uint32, raw []byte, runs []run) {
	// Four tables, so that equal neighbours do not wait for each other's count.
	var f [4][256]uint32
	literals := func(b []byte) {
		for ; len(b) >= 4; b = b[4:] {
			f[0][b[0]]++
			f[1][b[1]]++
			f[2][b[2]]++
			f[3][b[3]]++
		}
		for _, c := range b {
			f[0][c]++
		}
	}
	at := 0
	for _, r := range runs {
		literals(raw[at:r.at])
		at = r.at + r.n - pieces(r.n, func(n int) { freq[lengths[n].symbol]++ })
	}
	literals(raw[at:])
	for i := range 256 {
		freq[i] = f[0][i] + f[1][i] + f[2][i] + f[3][i]
	}
	freq[endBlock] = 1
}

// length is the symbol of a match length and its extra bits.
type length struct {
	symbol uint16
	extra  uint16
	bits   uint8
}

// lengths holds RFC 1951's table of match lengths, worked out from its rule: after eight lengths of their own the
// symbols come in groups of four, each group covering lengths of one extra bit more; 258 has a symbol to itself.
var lengths = func() (t [maxMatch + 1]length) {
	n := 3
	for symbol := 257; symbol < 285; symbol++ {
		extra := max(0, (symbol-261)/4)
		for e := 0; e < 1<<extra && n < maxMatch; e++ {
			t[n] = length{uint16(symbol), uint16(e), uint8(extra)}
			n++
		}
	}
	t[maxMatch] = length{symbol: 285}
	return t
}()

// bitWriter packs codes, least significant bit first, into a buffer that is long enough for all of them and eight bytes more.
type bitWriter struct {
	buf  []byte
	at   int    // bytes written
	acc  uint64 // bits not yet written
	held uint   // how many
}

// put adds up to 56 bits.
func (w *bitWriter) put(v uint64, n uint) {
	acc, held := w.acc|v<<(w.held&63), w.held+n
	binary.LittleEndian.PutUint64(w.buf[w.at:], acc)
	w.at += int(held / 8)
	w.acc, w.held = acc>>(held&^7&63), held&7
}

// finish writes the last, partly filled byte.
func (w *bitWriter) finish() []byte {
	if w.held > 0 {
		w.put(0, 8-w.held)
	}
	return w.buf[:w.at]
}

func (w *bitWriter) body(raw []byte, runs []run, code []codeword) {
	match := func(n int) {
		l := lengths[n]
		c := code[l.symbol]
		// The distance is always 1: symbol 0 of a code with one word, the bit 0.
		w.put(uint64(c.bits)|uint64(l.extra)<<c.n, uint(c.n)+uint(l.bits)+1)
	}
	at := 0
	for _, r := range runs {
		w.literals(raw[at:r.at], code)
		at = r.at + r.n - pieces(r.n, match)
	}
	w.literals(raw[at:], code)
	w.put(uint64(code[endBlock].bits), uint(code[endBlock].n))
}

// literals writes four codes between stores.
func (w *bitWriter) literals(b []byte, code []codeword) {
	table := (*[256]codeword)(code)
	buf, at, acc, held := w.buf, w.at, w.acc, w.held
	for ; len(b) >= 4; b = b[4:] {
		c0, c1, c2, c3 := table[b[0]], table[b[1]], table[b[2]], table[b[3]]
		low := uint64(c0.bits) | uint64(c1.bits)<<(c0.n&63)
		high := uint64(c2.bits) | uint64(c3.bits)<<(c2.n&63)
		n := uint(c0.n + c1.n)
		acc |= (low | high<<(n&63)) << (held & 63)
		held += n + uint(c2.n+c3.n)
		binary.LittleEndian.PutUint64(buf[at:], acc)
		at += int(held / 8)
		acc >>= held &^ 7 & 63
		held &= 7
	}
	w.at, w.acc, w.held = at, acc, held
	for _, x := range b {
		w.put(uint64(table[x].bits), uint(table[x].n))
	}
}

// bitsNeeded is the length of the body.
func bitsNeeded(freq *[286]uint32, code []codeword) (n int) {
	for s, f := range freq {
		extra := 0
		if s > endBlock {
			extra = max(0, (s-261)/4) + 1 // the length's extra bits and the distance
		}
		n += int(f) * (int(code[s].n) + extra)
	}
	return n
}
