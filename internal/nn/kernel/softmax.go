package kernel

import (
	"fmt"
	"math"
)

// Softmax computes e^x/Σ e^x over the channels of x (n×c×hw), at every pixel by itself. The largest value is subtracted
// first, so nothing overflows. dst may equal x.
func Softmax(dst, x []float32, n, c, hw int, ws Workers) {
	checkNorm("Softmax", dst, x, n, c, hw)
	planes(ws, n*hw, c, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			at := p/hw*c*hw + p%hw
			softmax1(dst[at:], x[at:], c, hw)
		}
	})
}

// softmax1 is Softmax of the c values of x that lie stride apart.
func softmax1(dst, x []float32, c, stride int) {
	if c == 0 {
		return
	}
	top, sum := logSumExp(x, c, stride)
	for i := range c {
		dst[i*stride] = float32(math.Exp(float64(x[i*stride])-top) / sum)
	}
}

// logSumExp returns the largest of c values stride apart and Σ e^(x − largest).
func logSumExp(x []float32, c, stride int) (top, sum float64) {
	top = math.Inf(-1)
	for i := range c {
		top = max(top, float64(x[i*stride]))
	}
	for i := range c {
		sum += math.Exp(float64(x[i*stride]) - top)
	}
	return top, sum
}

// SoftmaxBackward adds y·(dy − Σ dy·y) to dx, the sum over the channels of each pixel; y is the result of Softmax.
func SoftmaxBackward(dx, dy, y []float32, n, c, hw int, ws Workers) {
	checkNorm("SoftmaxBackward", dy, y, n, c, hw)
	checkSame("SoftmaxBackward", "dx", len(dx), "y", len(y))
	planes(ws, n*hw, c, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			at := p/hw*c*hw + p%hw
			var sum float64
			for i := at; i < at+c*hw; i += hw {
				sum += float64(dy[i]) * float64(y[i])
			}
			for i := at; i < at+c*hw; i += hw {
				dx[i] += y[i] * float32(float64(dy[i])-sum)
			}
		}
	})
}

// CrossEntropy returns the mean over n of −Σ t·log softmax(logits), logits n×c, where the target t of row i is
// 1 − smoothing at labels[i] plus smoothing/c everywhere (label smoothing, arXiv:1512.00567, section 7). prob (n×c, or
// nil; may equal logits) receives the softmax. n = 0 gives 0.
func CrossEntropy(prob, logits []float32, labels []int, n, c int, smoothing float32) float64 {
	checkLabels("CrossEntropy", logits, labels, n, c)
	if prob != nil {
		checkSame("CrossEntropy", "prob", len(prob), "logits", len(logits))
	}
	if n == 0 {
		return 0
	}
	var total float64
	for i, label := range labels {
		row := logits[i*c : (i+1)*c]
		top, sum := logSumExp(row, c, 1)
		log := top + math.Log(sum)
		loss := (1 - float64(smoothing)) * (log - float64(row[label]))
		if smoothing != 0 {
			var all float64
			for _, v := range row {
				all += log - float64(v)
			}
			loss += float64(smoothing) / float64(c) * all
		}
		total += loss
		if prob != nil {
			softmax1(prob[i*c:(i+1)*c], row, c, 1)
		}
	}
	return total / float64(n)
}

// CrossEntropyBackward adds weight·(prob − t)/n to dlogits: the gradient of weight times the loss that CrossEntropy
// returned along with prob.
func CrossEntropyBackward(dlogits, prob []float32, labels []int, n, c int, smoothing, weight float32) {
	checkLabels("CrossEntropyBackward", prob, labels, n, c)
	checkSame("CrossEntropyBackward", "dlogits", len(dlogits), "prob", len(prob))
	scale := weight / float32(max(n, 1))
	even := smoothing / float32(c)
	for i, label := range labels {
		for j := i * c; j < (i+1)*c; j++ {
			dlogits[j] += scale * (prob[j] - even)
		}
		dlogits[i*c+label] -= scale * (1 - smoothing)
	}
}

func checkLabels(op string, x []float32, labels []int, n, c int) {
	checkAtLeast(op, "c", c, 1)
	checkLen(op, "x", len(x), n*c, "n*c")
	checkLen(op, "labels", len(labels), n, "n")
	for i, l := range labels {
		if l < 0 || l >= c {
			panic(fmt.Sprintf("kernel: %s: labels[%d] = %d, want 0 to c-1 = %d", op, i, l, c-1))
		}
	}
}
