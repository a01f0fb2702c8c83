// Package drawings makes the data set of the small networks that are trained here: 64×64 colour pictures of 36 everyday
// classes, each composed of an openly licensed emoji drawing, a background and the accidents of light and framing.
//
// Nothing of the drawings is in the repository. [Fetch] gets four pinned packages with the ordinary npm client, checks what
// it keeps against a SHA-256, and leaves some 300 small pictures per style in a cache folder. [Load] decodes them into a
// [Set]; a [Spec] names a reproducible sequence of pictures, and [Set.Pool] renders it.
//
// Three styles are for training (Noto, Fluent, Twemoji). The fourth, OpenMoji, is for measuring only: its licence asks that
// what is made from it be shared alike, so no network may be trained on it and no picture of it shipped.
//
// The package is not a loader for other data sets, and it knows no network. Start reading at scene.go: how one picture
// comes about; then pool.go: how many of them become a data set.
package drawings
