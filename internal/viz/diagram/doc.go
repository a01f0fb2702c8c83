// Package diagram turns a graph into the geometry of its pictures: the outline of a network (stages, blocks, layers), the
// silhouette of the whole, a block as maps joined by operations, the same as data for
// whoever does not see it, and the way from one layer to the next or to its like in another network.
//
// Everything follows from the graph: paths and their scopes, shapes, windows, parameters and who reads whom. No
// architecture is known by name; kinds of operations are only mapped to colour classes and short marks (Class, Mark).
//
// It draws nothing and knows no language, no page, no map and no style: results are plain values with coordinates in CSS
// pixels, y down, which templates and exports render. All functions are pure and safe for concurrent use; an Outline is
// immutable once made and holds pointers into the graph it was made from.
//
// Start reading at New, then Outline.Silhouette and Outline.Draw.
package diagram
