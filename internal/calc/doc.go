// Package calc is the layer calculator: a stack of layers written as short text, its shapes, counts and memory, the
// sentence and the repair for a layer that cannot work, and the ways in and out: any architecture, pasted PyTorch and
// Keras models, CSV, JSON, Markdown and PyTorch code.
//
// It computes nothing that an operation or package analyze computes, runs no network, and knows no web page.
// Start reading at Stack, then Compile.
//
// # The compact text
//
// Layers are separated by ";": "i3x64;c32k3p1;bn;relu;mp2". The first is the input: channels, rows and, where they differ
// from the rows, columns. A layer is a short code, its main number and its settings, each a letter with a value or a
// letter alone; Kinds lists them. "3xbt256m64" repeats a block. Joins hold their paths between brackets, separated by
// "|": "add(c64k3p1|)" adds a convolution to its own input, "cat(…|…)" concatenates paths, "mul(…|)" multiplies by a
// gate, and "dense(…|…)" lets every path read the input and all paths before it.
//
// This is version 1. A text may say so ("v1;…"); a later version that cannot be read this way will say "v2".
package calc
