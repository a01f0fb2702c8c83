// Package golden reads the reference data of this repository (testdata/goldens) and compares the engine with it.
//
// The data was made by PyTorch in float64 from weights and pictures that are formulas (Values, Weights, Input), so that it
// needs no weight file: see the folder's FORMAT.md. A Comparer follows a run node by node and stops at the first node that
// is wrong, with its name. It is for tests only; nothing of the product imports it.
//
// Start reading at Weights and Input, then Comparer.
package golden
