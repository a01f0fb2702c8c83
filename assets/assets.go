// Package assets embeds what the product brings along: trained weights with their model cards, class names, and sample
// pictures with their credits. It holds no code but the file systems. Start reading at weights/ and samples/.
package assets

import "embed"

// FS holds weights/, labels/ and samples/.
//
//go:embed all:weights labels samples
var FS embed.FS
