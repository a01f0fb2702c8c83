package kernel

import "math"

// BatchNormFold turns the statistics of a trained batch normalisation into the factors of BatchNormInference: scale =
// gamma/√(variance + eps), shift = beta − mean·scale. gamma nil is 1, beta nil is 0. All have one value per channel.
func BatchNormFold(scale, shift, gamma, beta, mean, variance []float32, eps float32) {
	checkSame("BatchNormFold", "shift", len(shift), "scale", len(scale))
	checkSame("BatchNormFold", "mean", len(mean), "scale", len(scale))
	checkSame("BatchNormFold", "variance", len(variance), "scale", len(scale))
	for c := range scale {
		g, b := channel(gamma, c, 1), channel(beta, c, 0)
		k := g / math.Sqrt(float64(variance[c])+float64(eps))
		scale[c] = float32(k)
		shift[c] = float32(b - float64(mean[c])*k)
	}
}

// channel is v[c], or def where v is nil.
func channel(v []float32, c int, def float64) float64 {
	if v == nil {
		return def
	}
	return float64(v[c])
}

// BatchNormInference computes dst = x·scale + shift with one scale and shift per channel; x is n×c×hw, dst may equal x.
func BatchNormInference(dst, x, scale, shift []float32, n, c, hw int, ws Workers) {
	checkNorm("BatchNormInference", dst, x, n, c, hw)
	checkLen("BatchNormInference", "scale", len(scale), c, "c")
	checkLen("BatchNormInference", "shift", len(shift), c, "c")
	im := active.Load()
	planes(ws, n*c, hw, func(lo, hi int) {
		for p := lo; p < hi; p++ {
			im.affine(dst[p*hw:(p+1)*hw], x[p*hw:(p+1)*hw], scale[p%c], shift[p%c])
		}
	})
}

// BatchNormTrain normalises each channel of x (n×c×hw) over the batch (arXiv:1502.03167): dst = gamma·(x − mean)/√(variance
// + eps) + beta. It stores the mean and the biased variance (divided by n·hw) of every channel, which BatchNormBackward
// needs. gamma nil is 1, beta nil is 0. dst may equal x, but then there is no backward.
func BatchNormTrain(dst, mean, variance, x, gamma, beta []float32, eps float32, n, c, hw int, ws Workers) {
	checkNorm("BatchNormTrain", dst, x, n, c, hw)
	checkStats("BatchNormTrain", mean, variance, gamma, c)
	if beta != nil {
		checkLen("BatchNormTrain", "beta", len(beta), c, "c")
	}
	if n*hw == 0 {
		return
	}
	im := active.Load()
	planes(ws, c, n*hw, func(lo, hi int) {
		for ch := lo; ch < hi; ch++ {
			m, v := im.moments(x, n, c, hw, ch)
			mean[ch], variance[ch] = float32(m), float32(v)
			k := channel(gamma, ch, 1) / math.Sqrt(v+float64(eps))
			scale, shift := float32(k), float32(channel(beta, ch, 0)-m*k)
			for i := range n {
				at := (i*c + ch) * hw
				im.affine(dst[at:at+hw], x[at:at+hw], scale, shift)
			}
		}
	})
}

// moments returns the mean and the biased variance of channel ch. The variance is computed around the mean in a second
// pass: the one-pass formula cancels where the mean is large.
func (im *impl) moments(x []float32, n, c, hw, ch int) (mean, variance float64) {
	count := float64(n * hw)
	for i := range n {
		at := (i*c + ch) * hw
		mean += im.sum(x[at : at+hw])
	}
	mean /= count
	m := float32(mean)
	for i := range n {
		at := (i*c + ch) * hw
		variance += im.sumSquares(x[at:at+hw], m)
	}
	d := mean - float64(m) // Σ(x−mean)² = Σ(x−m)² − count·(mean−m)²
	return mean, max(variance/count-d*d, 0)
}

// BatchNormBackward adds to dx, dgamma and dbeta (each may be nil) the gradients of BatchNormTrain, given dy and its mean
// and variance. With x̂ = (x − mean)/√(variance + eps) they are Σ dy for beta, Σ dy·x̂ for gamma, and
// gamma/√(variance + eps)·(dy − mean(dy) − x̂·mean(dy·x̂)) for x, sums and means over batch and plane.
func BatchNormBackward(dx, dgamma, dbeta, dy, x, gamma, mean, variance []float32, eps float32, n, c, hw int, ws Workers) {
	checkNorm("BatchNormBackward", dy, x, n, c, hw)
	checkStats("BatchNormBackward", mean, variance, gamma, c)
	if dx != nil {
		checkSame("BatchNormBackward", "dx", len(dx), "x", len(x))
	}
	im := active.Load()
	planes(ws, c, n*hw, func(lo, hi int) {
		for ch := lo; ch < hi; ch++ {
			inv := 1 / math.Sqrt(float64(variance[ch])+float64(eps))
			var sum, dot float64
			for i := range n {
				at := (i*c + ch) * hw
				s, d := im.sumDot(dy[at:at+hw], x[at:at+hw], mean[ch])
				sum, dot = sum+s, dot+d*inv
			}
			if dbeta != nil {
				dbeta[ch] += float32(sum)
			}
			if dgamma != nil {
				dgamma[ch] += float32(dot)
			}
			if dx == nil {
				continue
			}
			// dx = k·dy + kx·x + k0, the formula of the comment with x̂ written out.
			count := float64(n * hw)
			k := channel(gamma, ch, 1) * inv
			kx := -k * inv * dot / count
			k0 := -k*sum/count - kx*float64(mean[ch])
			for i := range n {
				at := (i*c + ch) * hw
				im.addTwo(dx[at:at+hw], dy[at:at+hw], x[at:at+hw], float32(k), float32(kx), float32(k0))
			}
		}
	})
}

func checkNorm(op string, y, x []float32, n, c, hw int) {
	checkLen(op, "x", len(x), n*c*hw, "n*c*hw")
	checkSame(op, "y", len(y), "x", len(x))
}

func checkStats(op string, mean, variance, gamma []float32, c int) {
	checkLen(op, "mean", len(mean), c, "c")
	checkLen(op, "variance", len(variance), c, "c")
	if gamma != nil {
		checkLen(op, "gamma", len(gamma), c, "c")
	}
}
