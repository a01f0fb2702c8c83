package viz

import (
	"cmp"
	"math/bits"
	"slices"
)

// codeword is a Huffman code: n bits, already reversed for a writer that starts at the least significant bit. n = 0: the
// symbol does not occur.
type codeword struct {
	bits uint16
	n    uint8
}

// huffman is the canonical code (RFC 1951, 3.2.2) for the given counts, no word longer than limit bits. The same counts
// give the same code: ties go by symbol.
func huffman(freq []uint32, limit int) []codeword {
	symbols := make([]int, 0, len(freq))
	for s, f := range freq {
		if f > 0 {
			symbols = append(symbols, s)
		}
	}
	slices.SortStableFunc(symbols, func(a, b int) int { return cmp.Compare(freq[a], freq[b]) })
	depths := codeDepths(freq, symbols)
	perLength := limitDepths(depths, limit)
	code := make([]codeword, len(freq))
	// The rarest symbols get the longest words.
	i := 0
	for n := limit; n > 0; n-- {
		for range perLength[n] {
			code[symbols[i]].n = uint8(n)
			i++
		}
	}
	assignWords(code, perLength)
	return code
}

// codeDepths is the depth of each leaf of the Huffman tree, deepest (rarest) first, by the two-queue method: leaves in
// rising order of count and inner nodes in the order of their making.
func codeDepths(freq []uint32, symbols []int) []int {
	n := len(symbols)
	switch n {
	case 0:
		return nil
	case 1:
		return []int{1}
	}
	weight := make([]uint64, 0, 2*n-1)
	for _, s := range symbols {
		weight = append(weight, uint64(freq[s]))
	}
	parent := make([]int, 2*n-1)
	leaf, inner := 0, n
	lightest := func() int {
		if leaf < n && (inner >= len(weight) || weight[leaf] <= weight[inner]) {
			leaf++
			return leaf - 1
		}
		inner++
		return inner - 1
	}
	for range n - 1 {
		a := lightest()
		b := lightest()
		parent[a], parent[b] = len(weight), len(weight)
		weight = append(weight, weight[a]+weight[b])
	}
	depth := make([]int, 2*n-1)
	for i := 2*n - 3; i >= 0; i-- {
		depth[i] = depth[parent[i]] + 1
	}
	return depth[:n]
}

// limitDepths is how many words each length gets when none may exceed limit: words that are too long are cut, and the
// room that takes is won back by lengthening the longest words below the limit. What that wins too much is given back, as
// decoders refuse codes that leave words unused.
func limitDepths(depths []int, limit int) []int {
	count := make([]int, limit+1)
	room := 1 << limit // 1 − Kraft's sum, in units of the longest word
	for _, d := range depths {
		d = min(d, limit)
		count[d]++
		room -= 1 << (limit - d)
	}
	if len(depths) < 2 {
		return count
	}
	for room < 0 {
		d := limit - 1
		for count[d] == 0 {
			d--
		}
		count[d]--
		count[d+1]++
		room += 1 << (limit - d - 1)
	}
	for d := limit; room > 0; {
		if cost := 1 << (limit - d); count[d] == 0 || cost > room {
			d--
			continue
		}
		count[d]--
		count[d-1]++
		room -= 1 << (limit - d)
	}
	return count
}

func assignWords(code []codeword, perLength []int) {
	next := make([]int, len(perLength))
	word := 0
	for n := 1; n < len(perLength); n++ {
		next[n] = word
		word = (word + perLength[n]) << 1
	}
	for s := range code {
		if n := code[s].n; n > 0 {
			code[s].bits = bits.Reverse16(uint16(next[n])) >> (16 - n)
			next[n]++
		}
	}
}

// codeLengthOrder is the order in which RFC 1951, 3.2.7 sends the lengths of the code-length code.
var codeLengthOrder = [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamicHeader starts the one and only block: literal and length code, and a distance code of a single one-bit word.
func (w *bitWriter) dynamicHeader(code []codeword) {
	used := len(code)
	for code[used-1].n == 0 { // ends at the end-of-block symbol at the latest
		used--
	}
	items := lengthItems(code[:used])
	var freq [19]uint32
	for _, it := range items {
		freq[it.symbol]++
	}
	lc := huffman(freq[:], 7)
	sent := len(codeLengthOrder)
	for sent > 4 && lc[codeLengthOrder[sent-1]].n == 0 {
		sent--
	}
	w.put(1|2<<1, 3)           // last block, dynamic code
	w.put(uint64(used-257), 5) // literal and length symbols
	w.put(0, 5)                // one distance symbol
	w.put(uint64(sent-4), 4)   // lengths of the code-length code
	for _, s := range codeLengthOrder[:sent] {
		w.put(uint64(lc[s].n), 3)
	}
	for _, it := range items {
		c := lc[it.symbol]
		w.put(uint64(c.bits)|uint64(it.extra)<<c.n, uint(c.n)+uint(it.bits))
	}
}

// lengthItems is the code's lengths, then the distance code's single length 1, with runs of zeros packed as RFC 1951 allows.
func lengthItems(code []codeword) (items []length) {
	for i := 0; i < len(code); {
		zeros := 0
		for i+zeros < len(code) && code[i+zeros].n == 0 && zeros < 138 {
			zeros++
		}
		switch {
		case zeros >= 11:
			items = append(items, length{18, uint16(zeros - 11), 7})
		case zeros >= 3:
			items = append(items, length{17, uint16(zeros - 3), 3})
		default:
			items = append(items, length{symbol: uint16(code[i].n)})
			zeros = 1
		}
		i += zeros
	}
	return append(items, length{symbol: 1})
}
