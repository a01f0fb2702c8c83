package kernel

// tileGeneric is the specification of the matrix tile: for every panel p of t.panels, t.rows rows r and 4 columns j,
//
//	c[r·ldc + 4p + j] = start + Σ a[r·rs + k·ks]·b[k·bs + 4p + j]   for k = 0…t.k−1, in this order,
//
// where start is 0, the value already there or bias[r], by t.mode. t.rows is 3, 2 or 1.
func tileGeneric(t *tile) {
	for p := range t.panels {
		b, c := t.b[4*p:], t.c[4*p:]
		var s [3][4]float32
		for r := range t.rows {
			switch t.mode {
			case modeAdd:
				copy(s[r][:], c[r*t.ldc:r*t.ldc+4])
			case modeBias:
				v := t.bias[r]
				s[r] = [4]float32{v, v, v, v}
			}
		}
		switch t.rows {
		case 3:
			tile3(&s, t, b)
		case 2:
			tile1(&s[0], t, t.a, b)
			tile1(&s[1], t, t.a[t.rs:], b)
		default:
			tile1(&s[0], t, t.a, b)
		}
		for r := range t.rows {
			copy(c[r*t.ldc:r*t.ldc+4], s[r][:])
		}
	}
}

// tile3 is the sum for three rows. Twelve accumulators, four values of b and one of a are what the registers of amd64
// and arm64 hold.
func tile3(s *[3][4]float32, t *tile, b []float32) {
	c00, c01, c02, c03 := s[0][0], s[0][1], s[0][2], s[0][3]
	c10, c11, c12, c13 := s[1][0], s[1][1], s[1][2], s[1][3]
	c20, c21, c22, c23 := s[2][0], s[2][1], s[2][2], s[2][3]
	a0, a1, a2 := t.a, t.a[t.rs:], t.a[2*t.rs:]
	i, ks, bs := 0, t.ks, t.bs
	for k := t.k; k > 0; k-- {
		b4 := b[:4:4]
		b0, b1, b2, b3 := b4[0], b4[1], b4[2], b4[3]
		v := a0[i]
		c00 += v * b0
		c01 += v * b1
		c02 += v * b2
		c03 += v * b3
		v = a1[i]
		c10 += v * b0
		c11 += v * b1
		c12 += v * b2
		c13 += v * b3
		v = a2[i]
		c20 += v * b0
		c21 += v * b1
		c22 += v * b2
		c23 += v * b3
		i += ks
		if k > 1 {
			b = b[bs:]
		}
	}
	s[0] = [4]float32{c00, c01, c02, c03}
	s[1] = [4]float32{c10, c11, c12, c13}
	s[2] = [4]float32{c20, c21, c22, c23}
}

// tile1 is the sum for one row.
func tile1(s *[4]float32, t *tile, a, b []float32) {
	c0, c1, c2, c3 := s[0], s[1], s[2], s[3]
	i, ks, bs := 0, t.ks, t.bs
	for k := t.k; k > 0; k-- {
		b4 := b[:4:4]
		v := a[i]
		c0 += v * b4[0]
		c1 += v * b4[1]
		c2 += v * b4[2]
		c3 += v * b4[3]
		i += ks
		if k > 1 {
			b = b[bs:]
		}
	}
	*s = [4]float32{c0, c1, c2, c3}
}
