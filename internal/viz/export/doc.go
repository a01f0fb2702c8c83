// Package export makes files of the pictures that pages show: scalable (SVG) and of pixels (PNG), from one drawing.
//
// A page draws with SVG whose looks come from style sheets. Reader takes that markup and the same style sheets and resolves
// both to a Picture: shapes, texts and bitmaps in one system of coordinates, with colours in place of classes. Frame puts a
// title, a caption and the sources below it. SVG and PNG write the result; neither refers to anything outside the file.
//
// It knows no HTTP, no templates and no networks: markup, style sheets, fonts and bitmaps are handed in. It reads the SVG
// that the product writes (paths, rectangles, circles, texts, bitmaps, nested viewports, arrow heads), not SVG at large:
// what it does not know is an error, never left out.
//
// Start at picture.go for the drawing, read.go for how markup becomes one, paint.go for pixels.
package export
