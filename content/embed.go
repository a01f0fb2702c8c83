// Package content embeds the teaching texts: lessons, lab texts, the glossary, corrections of the lecture notes and the
// bibliography, in English and Korean. It holds no code beyond the embedding; package lessons reads and checks the files,
// and describes their format.
package content

import "embed"

// FS holds references.json and results.json, and a folder per language with glossary.md, misconceptions.md, arch/, lab/
// and single pages.
//
//go:embed references.json results.json en ko
var FS embed.FS
