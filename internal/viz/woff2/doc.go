// Package woff2 unpacks WOFF 2.0 font files (W3C Recommendation, 8 August 2024) to the OpenType files that they hold, so
// that the one set of fonts which the pages use also sets the text of pictures.
//
// It reads what the product embeds: fonts with TrueType outlines, variable ones included. Collections are refused, metadata
// and hinting instructions are dropped. Start at Decode.
package woff2
