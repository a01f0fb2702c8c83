// Package viz makes pictures from tensors: activation maps, the sheet of all channels of a layer, first-layer filters,
// heat maps and boxes over a photo, and the bytes a browser needs to colour a map itself.
//
// It is not a page (no HTTP, no templates), not a chart (viz/chart) and not a diagram of a graph (viz/diagram).
//
// Every map goes through the same three steps, and reading starts there:
//
//	Scale      which value gets which of 255 steps, and over what the steps hold (ScaleFor)
//	indices    one byte a value (Plane, NewSheet); index 0 is "not a number", 1…255 run from the low to the high end
//	Colormap   which colour each step has; PNG writes indices and colours as they are, so a picture decodes to the
//	           same indices
//
// Results depend on the input alone: same values, same bytes, on every machine.
package viz
