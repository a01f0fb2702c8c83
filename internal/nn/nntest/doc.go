// Package nntest holds what the tests of the engine compare against: the operations written as the naive loops of their
// definitions, seeded test values (ordinary and nasty), guarded slices and comparison helpers.
//
// It is for tests only and never fast. Sums are taken in float64, so a reference is as good as exact beside float32
// arithmetic. Start reading at Conv, the seven loops of a convolution.
package nntest
