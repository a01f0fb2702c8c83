package nchwc

// genericDense is the specification: dst[j] = bias[j] + Σ_k x[k]·w[k][j] for the columns of one panel.
func genericDense(dst, x, w, bias []float32, columns int) {
	dst = dst[:columns]
	copy(dst, bias)
	for k, v := range x {
		for j, u := range w[k*columns:][:columns] {
			dst[j] += v * u
		}
	}
}
