package nchwc

import "math"

// Act is an activation that a layer applies to its result.
type Act uint8

// The activations.
const (
	Identity Act = iota
	ReLU
	ReLU6
	SiLU
	Sigmoid
	Tanh
	HardSwish
	HardSigmoid
)

var inf = float32(math.Inf(1))

// clamp is the part of the activation that is a clamp: bounds and flags of the epilogue.
func (a Act) clamp() (lo, hi float32, flags int) {
	switch a {
	case ReLU:
		return 0, inf, flagLo
	case ReLU6:
		return 0, 6, flagLo | flagHi
	}
	return -inf, inf, 0
}

// curve is the part of the activation that is not a clamp; nil when there is none. It may run in place.
func (s *Set) curve(a Act) func(dst, src []float32) {
	switch a {
	case SiLU:
		return s.silu
	case Sigmoid:
		return s.sigmoid
	case Tanh:
		return s.tanh
	case HardSwish:
		return genericHardSwish
	case HardSigmoid:
		return genericHardSigmoid
	}
	return nil
}
