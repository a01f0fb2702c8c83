package nchwc

import "fmt"

// winograd is a bound Winograd convolution. The tiles of a chunk are transformed, multiplied and transformed back either
// by one worker in its own memory, or, where the weights are too large to be read once per chunk, phase by phase by all
// workers.
type winograd struct {
	*WinogradWeights
	env            *Env
	src, dst, res  Map
	tilesX, tilesY int
	tiles          int // tiles of a chunk, in the order of rows
	pad            int // distance between positions beyond what they hold, so that they spread over the cache
	width          int
	taps           []int           // offsets of the runs of input channels in the transformed input
	there, back    func(*winoArgs) // input and output transform
	curve          func(dst, src []float32)
	tile           []tileArgs
	wino           []winoArgs
}

// winogradPrivate is how many values the transformed input and output of a worker's chunk may take together: they should
// stay in its second-level cache. winogradResident is the largest U for which every chunk may read all of it.
const (
	winogradPrivate  = 720 << 10 / 4
	winogradResident = 3 << 20 / 4
)

// Winograd binds dst = act(src ∗ w + bias + res) for a convolution with stride 1 and the padding that keeps the size. The
// halo of src is at least that of the algorithm. A zero res is none; res may be dst. Rounding differs from Conv: the error is
// about 1e-5 of the largest output.
func (e *Env) Winograd(c *WinogradWeights, dst, src, res Map, act Act) Job {
	return e.winograd(c, dst, src, res, act, winogradResident)
}

// winograd lets a worker do all steps of a chunk when the transformed weights have at most resident values.
func (e *Env) winograd(c *WinogradWeights, dst, src, res Map, act Act, resident int) Job {
	dst.checkShape("Winograd", "dst", c.out, src.H, src.W)
	src.checkShape("Winograd", "src", c.in, src.H, src.W)
	before, h := c.Halo(src.H)
	_, w := c.Halo(src.W)
	if src.Before < before || src.After < max(h, w) || src.Block != c.set.Block || dst.Block != c.set.Block {
		panic(fmt.Sprintf("nchwc: Winograd: src %v has too little halo, or the blocks of dst %v differ", src, dst))
	}
	if res.Valid() {
		res.checkShape("Winograd", "res", c.out, dst.H, dst.W)
	}
	k := &winograd{WinogradWeights: c, env: e, src: src, dst: dst, res: res, tilesX: ceil(dst.W, c.Side()), tilesY: ceil(dst.H, c.Side()),
		curve: c.set.curve(act), tile: make([]tileArgs, e.Threads), wino: make([]winoArgs, e.Threads)}
	switch c.WinogradKind {
	case F4x3:
		k.there, k.back = c.set.winoIn6, c.set.winoOut64
	case F2x5:
		k.there, k.back = c.set.winoIn6, c.set.winoOut62
	case F2x3:
		k.there, k.back = c.set.winoIn4, c.set.winoOut42
	}
	k.plan(e.Threads, resident)
	for i := range k.wino {
		k.wino[i] = winoArgs{Scratch: Floats(c.Positions() * c.set.Block), Bias: c.bias, Res: res.Data}
		k.wino[i].Lo, k.wino[i].Hi, k.wino[i].Flags = act.clamp()
		k.wino[i].Flags |= flagBias
		k.wino[i].Step = c.Side()
		if res.Valid() {
			k.wino[i].Flags |= flagRes
		}
	}
	per := k.vLen() + k.mLen()
	if len(c.u) <= resident {
		e.reserve(per, 0)
		return Job{[]Phase{{ceil(k.all(), k.tiles), k.chunk}}}
	}
	e.reserve(0, per)
	return k.phases()
}

// all is the number of tiles of the map.
func (k *winograd) all() int { return k.tilesX * k.tilesY }

// plan chooses the chunk and the width of the segments of tiles.
func (k *winograd) plan(threads, resident int) {
	k.tiles = k.all()
	if len(k.u) <= resident {
		const whole = 28 // tiles of a full product tile
		perTile := k.Positions() * (k.src.Blocks() + k.dst.Blocks()) * k.set.Block
		k.tiles = min(max(winogradPrivate/perTile/whole*whole, whole), k.tiles)
		if threads > 1 {
			k.tiles = min(k.tiles, pieces(k.all(), 4*threads, 7))
		}
	}
	if (k.src.Blocks()*k.tiles)%2 == 0 || (k.dst.Blocks()*k.tiles)%2 == 0 {
		k.pad = k.set.Block
	}
	k.width = 7
	if ceil(k.tiles, 8)*8 < ceil(k.tiles, 7)*7 {
		k.width = 8
	}
	for r := range k.runs {
		c := r * depth
		k.taps = append(k.taps, c/k.set.Block*k.tiles*k.set.Block+c%k.set.Block)
	}
}

// vLen and mLen are the sizes of a chunk's transformed input, [position][block][tile][Block], and output.
func (k *winograd) vLen() int { return k.Positions()*k.vPos() + Slack }
func (k *winograd) mLen() int { return k.Positions() * k.mPos() }
func (k *winograd) vPos() int { return k.src.Blocks()*k.tiles*k.set.Block + k.pad }
func (k *winograd) mPos() int { return k.dst.Blocks()*k.tiles*k.set.Block + k.pad }

// chunk does all steps for a run of tiles in the worker's own memory.
func (k *winograd) chunk(worker, unit int) {
	buf := k.env.scratch(worker)
	v, m := buf[:k.vLen()], buf[k.vLen():k.vLen()+k.mLen()]
	t0, t1 := unit*k.tiles, min((unit+1)*k.tiles, k.all())
	for b := range k.src.Blocks() {
		k.input(worker, v, b, t0, t0, t1)
	}
	for pos := range k.Positions() {
		k.multiply(worker, v, m, pos, t1-t0)
	}
	for b := range k.dst.Blocks() {
		k.output(worker, m, b, t0, t0, t1)
	}
}

// phases does each step for the whole map with all workers.
func (k *winograd) phases() Job {
	in := pieces(k.all(), ceil(4*k.env.Threads, k.src.Blocks()), k.tilesX)
	out := pieces(k.all(), ceil(4*k.env.Threads, k.dst.Blocks()), k.tilesX)
	part := func(unit, tiles int) (b, t0, t1 int) {
		n := ceil(k.all(), tiles)
		return unit / n, unit % n * tiles, min((unit%n+1)*tiles, k.all())
	}
	vm := func() (v, m []float32) {
		buf := k.env.all()
		return buf[:k.vLen()], buf[k.vLen() : k.vLen()+k.mLen()]
	}
	return Job{[]Phase{
		{k.src.Blocks() * ceil(k.all(), in), func(worker, unit int) {
			v, _ := vm()
			b, t0, t1 := part(unit, in)
			k.input(worker, v, b, 0, t0, t1)
		}},
		{k.Positions(), func(worker, unit int) {
			v, m := vm()
			k.multiply(worker, v, m, unit, k.tiles)
		}},
		{k.dst.Blocks() * ceil(k.all(), out), func(worker, unit int) {
			_, m := vm()
			b, t0, t1 := part(unit, out)
			k.output(worker, m, b, 0, t0, t1)
		}},
	}}
}

// eachRun visits the pieces of tiles t0 ≤ t < t1 that lie in one row of tiles: n tiles from t on, at row y, column x.
func (k *winograd) eachRun(t0, t1 int, f func(t, n, y, x int)) {
	for t := t0; t < t1; {
		y, x := t/k.tilesX, t%k.tilesX
		n := min(k.tilesX-x, t1-t)
		f(t, n, y, x)
		t += n
	}
}

// input transforms tiles t0 ≤ t < t1 of input block b; base is the first tile of the chunk.
func (k *winograd) input(worker int, v []float32, b, base, t0, t1 int) {
	a := &k.wino[worker]
	a.Src, a.Dst, a.RowStride, a.PosStride = k.src.Data, v, k.src.RowStride(), k.vPos()
	k.eachRun(t0, t1, func(t, n, y, x int) {
		a.SrcOff = k.src.At(b, k.Side()*y-k.Window/2, k.Side()*x-k.Window/2)
		a.DstOff = (b*k.tiles + t - base) * k.set.Block
		a.N = n
		k.there(a)
	})
}

// multiply computes n tiles of one position: a 1×1 convolution of the transformed input.
func (k *winograd) multiply(worker int, v, m []float32, pos, n int) {
	a, block := &k.tile[worker], k.set.Block
	a.Src, a.Dst, a.W, a.Taps, a.PxStride = v, m, k.u, k.taps, block
	tiles := k.set.tile7
	if k.width == 8 {
		tiles = k.set.tile8
	}
	most := len(tiles) - 1
	for b := range k.dst.Blocks() {
		a.WOff = (pos*k.dst.Blocks() + b) * k.size
		for t := 0; t < n; {
			segs := 0
			for ; segs < most && t < n; segs++ {
				a.SrcOff[segs] = pos*k.vPos() + t*block
				a.DstOff[segs] = pos*k.mPos() + (b*k.tiles+t)*block
				a.N[segs] = min(k.width, n-t)
				t += k.width
			}
			a.Reps = 1
			tiles[segs](a)
		}
	}
}

// output transforms tiles t0 ≤ t < t1 of output block b back and finishes them.
func (k *winograd) output(worker int, m []float32, b, base, t0, t1 int) {
	a := &k.wino[worker]
	a.Src, a.Dst, a.RowStride, a.PosStride = m, k.dst.Data, k.dst.RowStride(), k.mPos()
	a.BiasOff = b * k.set.Block
	side := k.Side()
	k.eachRun(t0, t1, func(t, n, y, x int) {
		a.SrcOff = (b*k.tiles + t - base) * k.set.Block
		y, x = side*y, side*x
		a.DstOff = k.dst.At(b, y, x)
		if k.res.Valid() {
			a.ResOff, a.ResStride = k.res.At(b, y, x), k.res.RowStride()
		}
		a.N, a.NX, a.NY = n, k.dst.W-x, min(side, k.dst.H-y)
		k.back(a)
		if k.curve != nil {
			for r := range a.NY {
				row := k.dst.row(b, y+r)[x*k.set.Block:]
				row = row[:min(side*n*k.set.Block, len(row))]
				k.curve(row, row)
			}
		}
	})
}
