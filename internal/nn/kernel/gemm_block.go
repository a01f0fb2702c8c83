package kernel

import "sync"

// The matrix product under Gemm, Conv, Linear and their backwards.
//
// The inner loop, a tile, keeps a few rows of C by one panel of columns in registers while it walks along K: every step
// broadcasts one value of A per row and loads one panel row of B. A and B are read where they lie, with any row stride;
// only a B whose columns are not contiguous has to be copied. The caller cuts N so that a block of B stays in the second
// cache while all rows of A pass over it, and K so that the rows of A in one tile stay in the first.
//
// Every value of C is one chain start + a₀·b₀ + a₁·b₁ + …, whatever the blocks: cutting K only stores the chain and
// takes it up again. Results therefore depend on neither the block sizes nor the number of threads.

// What a tile starts from.
const (
	modeZero = iota // zero
	modeAdd         // the values in c
	modeBias        // bias[row]
)

// tile is the work of one call of the inner loop; see tileGeneric. The assembly knows the offsets of the fields.
type tile struct {
	k, panels     int
	a, b, c, bias []float32
	rs, ks        int // from one row, one k, of a to the next
	bs            int // from one k of b to the next
	ldc           int // from one row of c to the next
	mode          int
	rows          int
}

// lhs is the matrix A of a product, read at data[row·rs + k·ks], or packed: runs of rows as high as the tiles, each run
// stored k by k.
type lhs struct {
	data   []float32
	rs, ks int
	packed bool
	k      int // length of a whole row, where packed
}

// at points t at the rows row…row+h−1 from k0 on.
func (a *lhs) at(t *tile, row, h, k0 int) {
	if a.packed {
		t.a, t.rs, t.ks = a.data[row*a.k+k0*h:], 1, h
		return
	}
	t.a, t.rs, t.ks = a.data[row*a.rs+k0*a.ks:], a.rs, a.ks
}

// block is the work of a unit: a product C = A·B over rows m0…m1−1 of A, k values of K from k0 on, and n columns, and
// the other things handed to inner loops.
type block struct {
	a      lhs
	m0, m1 int
	k0, k  int
	b      []float32 // k rows, bs apart
	bs     int
	c      []float32 // m1−m0 rows, ldc apart
	ldc, n int
	mode   int
	bias   []float32 // by row of A, where mode is modeBias
	edge   []float32 // scratch, edgeLen values
	t      tile
	rows   rowCopy // for whoever prepares b
	taps   tapSum  // for depthwise convolutions
	max    tapMax  // for pooling
}

// release recycles bl without the memory it points at.
func (bl *block) release() {
	*bl = block{}
	blocks.Put(bl)
}

// blocks recycles blocks: what is handed to a tile through a function value would otherwise be allocated each time.
var blocks = sync.Pool{New: func() any { return new(block) }}

// edgeLen is the scratch memory a block of k steps needs.
func (im *impl) edgeLen(k int) int { return (k + im.rows[0]) * im.lanes }

// do computes the block with the widest tiles that fit; the last columns go through a copy.
func (im *impl) do(bl *block) {
	wide := bl.n / im.wide
	im.columns(bl, 0, wide, im.tileWide)
	j := wide * im.wide
	if narrow := (bl.n - j) / im.lanes; narrow > 0 {
		im.columns(bl, j, narrow, im.tileNarrow)
		j += narrow * im.lanes
	}
	if j < bl.n {
		im.lastColumns(bl, j)
	}
}

// columns runs the tiles of a number of panels, starting at column j, over all rows.
func (im *impl) columns(bl *block, j, panels int, run func(*tile)) {
	if panels == 0 {
		return
	}
	t := &bl.t
	t.k, t.panels, t.mode = bl.k, panels, bl.mode
	t.b, t.bs, t.ldc = bl.b[j:], bl.bs, bl.ldc
	for row := bl.m0; row < bl.m1; row += t.rows {
		t.rows = im.height(bl.m1 - row)
		bl.a.at(t, row, t.rows, bl.k0)
		t.c = bl.c[(row-bl.m0)*bl.ldc+j:]
		if bl.mode == modeBias {
			t.bias = bl.bias[row:]
		}
		run(t)
	}
}

// lastColumns computes the columns j…n−1, fewer than a panel, by way of bl.edge: the tile reads and writes whole panels,
// which do not exist here.
func (im *impl) lastColumns(bl *block, j int) {
	n, lanes := bl.n-j, im.lanes
	b, c := bl.edge[:bl.k*lanes], bl.edge[bl.k*lanes:im.edgeLen(bl.k)]
	for k := range bl.k {
		row := b[k*lanes : (k+1)*lanes]
		clear(row[copy(row, bl.b[k*bl.bs+j:k*bl.bs+j+n]):])
	}
	t := &bl.t
	t.k, t.panels, t.mode = bl.k, 1, bl.mode
	t.b, t.bs, t.c, t.ldc = b, lanes, c, lanes
	for row := bl.m0; row < bl.m1; row += t.rows {
		t.rows = im.height(bl.m1 - row)
		bl.a.at(t, row, t.rows, bl.k0)
		out := bl.c[(row-bl.m0)*bl.ldc+j:]
		switch bl.mode {
		case modeAdd:
			for r := range t.rows {
				copy(c[r*lanes:], out[r*bl.ldc:r*bl.ldc+n])
			}
		case modeBias:
			t.bias = bl.bias[row:]
		}
		im.tileNarrow(t)
		for r := range t.rows {
			copy(out[r*bl.ldc:r*bl.ldc+n], c[r*lanes:])
		}
	}
}

// height is that of the tallest tile for m remaining rows.
func (im *impl) height(m int) int {
	for _, h := range im.rows {
		if h <= m {
			return h
		}
	}
	return 1
}
