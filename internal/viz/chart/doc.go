// Package chart draws the product's charts with gonum/plot, all in one theme: typed data in, SVG out.
//
// It knows no HTTP, no templates, no tensors and no language: every word in a chart (title, axis, label, the sentence for
// those who cannot see it) comes from the caller, every number's notation from a Format. It is not for diagrams of networks.
//
// A chart is a value of one of the types that implement Chart:
//
//	Lines      training curves, gradient norms layer by layer
//	Bubbles    accuracy against cost, area for a third quantity
//	Bars       one quantity for each stage or layer
//	Shares     where the parameters live, where the work happens
//	Histogram  the values of an activation
//
// SVG renders it for a page, at a width of its own: colours are the page's custom properties, the typeface is the page's,
// there is no size, no style and no identifier in it, so it obeys the strictest content policy and may stand in a page
// twice. Rows is the same data as a table; viz/export makes files of both.
//
// How it is made: gonum/plot lays out axes and transforms data, and draws on a vg.Canvas of ours (canvas.go) that writes
// SVG directly. Colours go through gonum as values of type Ink, the name of a colour in the theme, and become var(--name)
// or the theme's value only when they are written; text goes through a handler of ours (text.go) that measures Latin and
// Hangul without font files. Start reading at chart.go, then lines.go for a complete kind.
package chart
