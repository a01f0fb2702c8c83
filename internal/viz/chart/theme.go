package chart

import (
	"image/color"
	"strconv"
)

// Ink is a colour of the theme by its name in the style sheet, without the leading dashes: "op-conv" is drawn as
// var(--op-conv). It is a color.Color so that gonum/plot carries it to the canvas.
type Ink string

// Inks with a fixed part in every chart. Series take the operation's or the model's ink.
const (
	Text     Ink = "ink"
	Strong   Ink = "ink-2"
	Muted    Ink = "ink-3"
	Grid     Ink = "line"
	Context  Ink = "ctl" // what is shown for comparison only
	Ground   Ink = "surface"
	Probe    Ink = "probe" // the thing the reader holds; for nothing else
	ProbeInk Ink = "probe-ink"

	Plain    Ink = "op-fc"  // series of plain networks
	Residual Ink = "op-add" // series of residual networks
)

// Theme picks the colours of an ink where no style sheet is.
type Theme int

// The themes.
const (
	Light Theme = iota
	Dark
)

// themes gives each ink its colour in light and dark: the values of the style sheet, needed where no style sheet is.
var themes = map[Ink][2]string{
	"ink": {"#11161a", "#eef1f3"}, "ink-2": {"#414b53", "#b7c0c7"}, "ink-3": {"#5c6770", "#8f9aa3"},
	"line": {"#dfe3e5", "#252c31"}, "line-2": {"#c3cacf", "#3a434a"}, "ctl": {"#828d96", "#6f7b84"},
	"surface": {"#ffffff", "#14181b"},
	"probe":   {"#d8390f", "#ff6b3d"}, "probe-ink": {"#b52d08", "#ff8a64"},
	"op-conv": {"#2463d6", "#77a6ff"}, "op-pw": {"#1d6aab", "#7cc0f2"}, "op-pw-fill": {"#3d8ed0", "#5fa5d8"},
	"op-dw": {"#08748a", "#4dc4d9"}, "op-pool": {"#0f7a57", "#52c89a"}, "op-norm": {"#5e6972", "#9ca7af"},
	"op-act": {"#936100", "#dfb14a"}, "op-add": {"#b02a77", "#f07fb8"}, "op-concat": {"#7540bf", "#b794f6"},
	"op-fc": {"#3b4750", "#a9b5be"}, "op-out": {"#11161a", "#eef1f3"},
	"m-lenet": {"#3b4750", "#a9b5be"}, "m-alexnet": {"#936100", "#dfb14a"}, "m-vgg": {"#2463d6", "#77a6ff"},
	"m-inception": {"#7540bf", "#b794f6"}, "m-resnet": {"#b02a77", "#f07fb8"}, "m-mobilenet": {"#08748a", "#4dc4d9"},
	"m-densenet": {"#7a5230", "#d3a77e"}, "m-efficientnet": {"#0f7a57", "#52c89a"},
	"seq-1": {"#c9dcfb", "#1f3a6e"}, "seq-2": {"#93b8f5", "#2c57ac"}, "seq-3": {"#5b92ea", "#4c83e0"},
	"seq-4": {"#2f6bdc", "#85b0f6"}, "seq-5": {"#1d49a5", "#c6dcff"},
}

// Colour is the ink's colour in a theme as "#rrggbb", "" for an ink that the theme does not have.
func (k Ink) Colour(t Theme) string {
	c, ok := themes[k]
	if !ok {
		return ""
	}
	return c[t&1]
}

// RGBA is the light theme's colour, black for unknown inks; it makes Ink a color.Color.
func (k Ink) RGBA() (r, g, b, a uint32) {
	v, err := strconv.ParseUint("0"+trimHash(k.Colour(Light)), 16, 32)
	if err != nil {
		v = 0
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}.RGBA()
}

func trimHash(s string) string {
	if s == "" {
		return s
	}
	return s[1:]
}

// Sizes, in the units of the viewBox: pixels where a chart is shown at its own width.
const (
	Wide   = 720 // width on a page
	Narrow = 360 // width on a phone

	textSize  = 12
	lineWidth = 2
)
