package kernel

import "sync"

// Linear computes dst = x·wᵀ + bias: n vectors of in values to n vectors of out values, w out×in, bias out or nil.
func Linear(dst, x, w, bias []float32, n, in, out int, ws Workers) {
	checkLinear("Linear", dst, x, w, n, in, out)
	if bias != nil {
		checkLen("Linear", "bias", len(bias), out, "out")
	}
	if n == 0 || out == 0 {
		return
	}
	ws, team := orSerial(ws)
	defer doneSerial(team)
	l := linearJobs.Get().(*linearJob)
	defer l.release()
	l.im, l.ws, l.dst, l.x, l.w, l.bias, l.n, l.in, l.out = active.Load(), ws, dst, x, w, bias, n, in, out
	if n <= fewVectors || in == 0 {
		l.per = max(grain/max(in, 1), 1)
		ws.Run(ceilDiv(out, l.per), l.runStream)
		return
	}
	l.per = minRows
	l.ld = roundUp(n, l.im.lanes)
	l.xT = getBuffer(in * l.ld)
	l.im.transpose(l.xT.data, l.ld, x, in, n, in)
	ws.Run(ceilDiv(out, l.per), l.runProduct)
}

// fewVectors is the largest batch for which every row of w is read once and multiplied with each vector in turn: the
// weights come from memory, so nothing is gained by more.
const fewVectors = 4

// linearJob is one call of Linear.
type linearJob struct {
	im                    *impl
	ws                    Workers
	dst, x, w, bias       []float32
	n, in, out            int
	per                   int     // rows of w in a unit
	xT                    *buffer // x transposed, in × ld
	ld                    int
	runStream, runProduct func(worker, unit int)
}

var linearJobs = sync.Pool{New: func() any {
	l := new(linearJob)
	l.runStream, l.runProduct = l.stream, l.product
	return l
}}

func (l *linearJob) release() {
	l.xT.put()
	l.ws, l.dst, l.x, l.w, l.bias, l.xT = nil, nil, nil, nil, nil, nil
	linearJobs.Put(l)
}

// stream computes some outputs of all vectors as dot products.
func (l *linearJob) stream(_, unit int) {
	for o := unit * l.per; o < min((unit+1)*l.per, l.out); o++ {
		row := l.w[o*l.in : (o+1)*l.in]
		var b float32
		if l.bias != nil {
			b = l.bias[o]
		}
		for i := range l.n {
			l.dst[i*l.out+o] = l.im.dot(row, l.x[i*l.in:(i+1)*l.in]) + b
		}
	}
}

// product computes some outputs of all vectors as w·xᵀ, whose rows are outputs.
func (l *linearJob) product(worker, unit int) {
	o0 := unit * l.per
	bl := blocks.Get().(*block)
	bl.m1 = min(l.per, l.out-o0)
	bl.a = lhs{data: l.w[o0*l.in:], rs: l.in, ks: 1}
	bl.n, bl.bs, bl.ldc = l.ld, l.ld, l.ld // the lanes beyond n are computed and dropped
	if l.bias != nil {
		bl.mode, bl.bias = modeBias, l.bias[o0:]
	}
	bl.c = l.ws.Scratch(worker, bl.m1*l.ld)
	for bl.k0 = 0; bl.k0 < l.in; bl.k0 += bl.k {
		bl.k = min(kTarget, l.in-bl.k0)
		bl.b = l.xT.data[bl.k0*l.ld:]
		l.im.do(bl)
		bl.mode = modeAdd
	}
	l.im.transpose(l.dst[o0:], l.out, bl.c, l.ld, bl.m1, l.n)
	bl.release()
}

// LinearBackwardInput adds to dx (n×in) the gradient dy·w, dy being n×out and w out×in.
func LinearBackwardInput(dx, dy, w []float32, n, in, out int, ws Workers) {
	checkLinear("LinearBackwardInput", dy, dx, w, n, in, out)
	Gemm(dx, dy, w, GemmShape{M: n, N: in, K: out, Add: true}, ws)
}

// LinearBackwardWeight adds to dw (out×in) the gradient dyᵀ·x, and to db (out, or nil) the column sums of dy.
func LinearBackwardWeight(dw, db, dy, x []float32, n, in, out int, ws Workers) {
	checkLinear("LinearBackwardWeight", dy, x, dw, n, in, out)
	Gemm(dw, dy, x, GemmShape{M: out, N: in, K: n, TransA: true, Add: true}, ws)
	if db == nil {
		return
	}
	checkLen("LinearBackwardWeight", "db", len(db), out, "out")
	for i := range n {
		for o, v := range dy[i*out : (i+1)*out] {
			db[o] += v
		}
	}
}

func checkLinear(op string, y, x, w []float32, n, in, out int) {
	checkAtLeast(op, "n", n, 0)
	checkAtLeast(op, "in", in, 0)
	checkAtLeast(op, "out", out, 0)
	checkLen(op, "y", len(y), n*out, "n*out")
	checkLen(op, "x", len(x), n*in, "n*in")
	checkLen(op, "w", len(w), out*in, "out*in")
}
