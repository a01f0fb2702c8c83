package kernel

import (
	"fmt"
	"testing"

	"stride/internal/nn/nntest"
)

// Each row: the call on dst and two inputs, the definition, and whether dst may be a or b.
var arithmetic = []struct {
	name string
	call func(dst, a, b []float32, ws Workers)
	def  func(dst, a, b float32) float32
}{
	{"Add", Add, func(_, a, b float32) float32 { return a + b }},
	{"Mul", Mul, func(_, a, b float32) float32 { return a * b }},
	{"AddScaled", func(dst, a, b []float32, ws Workers) { AddScaled(dst, a, b, -0.75, ws) }, func(_, a, b float32) float32 { return a - 0.75*b }},
	{"Scale", func(dst, a, _ []float32, ws Workers) { Scale(dst, a, 3, ws) }, func(_, a, _ float32) float32 { return 3 * a }},
}

func TestArithmetic(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(1)
		for _, op := range arithmetic {
			for n := range 131 {
				a, b := nntest.Nasty(r, n), nntest.Nasty(r, n)
				want := make([]float32, n)
				for i := range want {
					want[i] = op.def(0, a[i], b[i])
				}
				name := fmt.Sprintf("%s of %d", op.name, n)
				dst, intact := nntest.Guarded(n, n%8)
				op.call(dst, nntest.At(a, n%5), nntest.At(b, n%7), team)
				nntest.Close(t, name, dst, want, 1e-6, 1e-6)
				if !intact() {
					t.Fatalf("%s writes outside dst", name)
				}
				copy(dst, a)
				op.call(dst, dst, b, team)
				nntest.Close(t, name+" into a", dst, want, 1e-6, 1e-6)
				if op.name != "Scale" {
					copy(dst, b)
					op.call(dst, a, dst, team)
					nntest.Close(t, name+" into b", dst, want, 1e-6, 1e-6)
				}
			}
		}
	})
}

func TestDot(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(2)
		for n := range 131 {
			x, y := nntest.Normal(r, n), nntest.Normal(r, n)
			got := Dot(nntest.At(x, n%8), nntest.At(y, n%3))
			nntest.Close(t, fmt.Sprintf("Dot of %d", n), []float32{got}, []float32{float32(nntest.Weighted(x, y))}, 1e-6, 1e-5)
		}
	})
}

func TestMulBackward(t *testing.T) {
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(3)
		n := 77
		a, b, dy := nntest.Normal(r, n), nntest.Normal(r, n), nntest.Normal(r, n)
		da, db := make([]float32, n), make([]float32, n)
		Fill(da, 1)
		Fill(db, 2)
		MulBackward(da, db, dy, a, b, nil)
		wantA, wantB := make([]float32, n), make([]float32, n)
		for i := range a {
			wantA[i], wantB[i] = 1+dy[i]*b[i], 2+dy[i]*a[i]
		}
		nntest.Close(t, "da", da, wantA, 1e-6, 1e-6)
		nntest.Close(t, "db", db, wantB, 1e-6, 1e-6)
		MulBackward(nil, nil, dy, a, b, nil)
		one := make([]float32, n)
		MulBackward(nil, one, dy, a, b, nil)
		addTo(one, 2)
		nntest.Close(t, "db alone", one, wantB, 1e-6, 1e-6)
	})
}

func TestMulGate(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	eachImplementation(t, func(t *testing.T) {
		r := nntest.Rand(4)
		for _, d := range [][3]int{{2, 3, 49}, {1, 5, 1}, {3, 7, 256}, {2, 40, 1024}} {
			n, c, hw := d[0], d[1], d[2]
			x, gate, dy := nntest.Normal(r, n*c*hw), nntest.Normal(r, n*c), nntest.Normal(r, n*c*hw)
			y, want := make([]float32, n*c*hw), make([]float32, n*c*hw)
			wantDx, wantGate := make([]float32, n*c*hw), make([]float32, n*c)
			sums := make([]float64, n*c)
			for i := range x {
				want[i], wantDx[i] = x[i]*gate[i/hw], 1+dy[i]*gate[i/hw]
				sums[i/hw] += float64(dy[i]) * float64(x[i])
			}
			for i, s := range sums {
				wantGate[i] = float32(2 + s)
			}
			MulGate(y, x, gate, n, c, hw, team)
			nntest.Same(t, "MulGate", y, want)
			copy(y, x)
			MulGate(y, y, gate, n, c, hw, team)
			nntest.Same(t, "MulGate in place", y, want)
			dx, dgate := make([]float32, n*c*hw), make([]float32, n*c)
			Fill(dx, 1)
			Fill(dgate, 2)
			MulGateBackward(dx, dgate, dy, x, gate, n, c, hw, team)
			nntest.Close(t, "dx", dx, wantDx, 1e-6, 1e-6)
			nntest.Close(t, "dgate", dgate, wantGate, 1e-5, 1e-5)
		}
	})
}
