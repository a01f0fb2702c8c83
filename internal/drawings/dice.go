package drawings

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// dice draws the accidents of one picture. Its sequence depends on nothing but its seed.
type dice struct{ *rand.Rand }

// newDice seeds by the name of a sequence, a number within it, and a stage. Stages have streams of their own, so that one
// stage may draw more numbers (a larger picture, another try for the background) without changing the others.
func newDice(name string, seed, index, stage uint64) dice {
	h := fnv.New64a()
	h.Write([]byte(name))
	a := mix(h.Sum64() ^ mix(seed))
	return dice{rand.New(rand.NewPCG(mix(a^index), mix(a+stage*0x9e3779b97f4a7c15+index)))}
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014): it spreads each bit of x over the whole word.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d dice) uniform(lo, hi float64) float64 { return lo + (hi-lo)*d.Float64() }

func (d dice) normal(sigma float64) float64 { return sigma * d.NormFloat64() }

func (d dice) logUniform(lo, hi float64) float64 {
	return math.Exp(d.uniform(math.Log(lo), math.Log(hi)))
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

func (d dice) angle() float64 { return d.uniform(0, 2*math.Pi) }

// colour is uniform in the RGB cube.
func (d dice) colour() [3]float32 {
	return [3]float32{d.Float32(), d.Float32(), d.Float32()}
}

func clamp(x, lo, hi float64) float64 { return math.Min(math.Max(x, lo), hi) }
