package view

import "stride/web/i18n"

// Page is what every page carries around its own content. Embed it and fill it once per request.
type Page struct {
	Lang i18n.Lang
	// Title is the document's title without the product's name; "" gives the name alone.
	Title       string
	Description string // one sentence for link previews; may be empty
	Nav         Nav
	Theme       Theme // the visitor's stored choice
	Present     bool  // projector layout: larger type, stronger lines

	Path       string // this page with its query, e.g. "/en/a/resnet50?l=conv1": forms come back here
	English    string // the same page in English, e.g. "/en/a/resnet50?l=conv1"
	Korean     string // the same page in Korean
	PresentURL string // presenter view of this page; "" leaves the button out

	Image       ImageChip
	RefreshIn   int  // seconds after which the page reloads itself without JavaScript; 0 never
	Development bool // shows the link to the gallery
	Bare        bool // no header, no footer: the presenter's screen
}

// T gives the interface's words in the page's language.
func (p Page) T() *i18n.Text { return i18n.For(p.Lang) }

// URL gives the address of a page of the product in the page's language: p.URL("/models") is "/ko/models".
func (p Page) URL(path string) string { return "/" + p.Lang.Tag() + path }

// Nav is an item of the main navigation.
type Nav string

// The items of the main navigation, in order. NavNone marks pages outside it.
const (
	NavNone          Nav = ""
	NavFamily        Nav = "family"
	NavArchitectures Nav = "architectures"
	NavLabs          Nav = "labs"
	NavCompare       Nav = "compare"
	NavCalculator    Nav = "calculator"
	NavModels        Nav = "models"
)

// Theme is the visitor's colour scheme. ThemeSystem follows the device.
type Theme string

// The colour schemes; the value is that of the data-theme attribute and of the cookie.
const (
	ThemeSystem Theme = ""
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// ImageChip is the current picture, shown in the header of every page.
type ImageChip struct {
	Name     string // "Cat", "Your photo"; already translated
	ThumbURL string // square, at least 60×60 pixels; "" shows an icon
	Pixels   bool   // a drawn digit: enlarge without smoothing
}

// Link is a place to go. An empty URL draws the label as text.
type Link struct{ Label, URL string }

// Fact is a labelled number. Formula shows the product that makes it ("3 · 3 · 128 · 128"), Note adds a word.
type Fact struct {
	Label, Value string
	Formula      string
	Note         string
	Op           Op // colours the value's marker; may be empty
}

// Option is one of several states that are all links: a variant, a sort order, a colour map.
type Option struct {
	Label   string
	Long    string // for screen readers where the label is short: "ResNet-" before "50"; may be empty
	URL     string
	Current bool
	Colours Colours // shows a strip of a colour map beside the label; may be empty
}

// Select is a small menu of links. The current option's label is shown.
type Select struct {
	Label   string // what is chosen: "Sort"
	Show    bool   // show the label before the value
	Fixed   string // shown in place of the current option's label; may be empty
	Options []Option
}

// Current gives the chosen option, or the first one.
func (s Select) Current() Option {
	for _, o := range s.Options {
		if o.Current {
			return o
		}
	}
	if len(s.Options) > 0 {
		return s.Options[0]
	}
	return Option{}
}

// Toggle is a switch that is a link to the other state.
type Toggle struct {
	Label, URL string
	On         bool
}

// Colours names a colour map of viz; the value is used in URLs and CSS classes.
type Colours string

// The colour maps.
const (
	Mako    Colours = "mako"
	Viridis Colours = "viridis"
	Inferno Colours = "inferno"
	Grey    Colours = "grey"
	Vik     Colours = "vik"
)

// Tone is the kind of a badge or a notice.
type Tone string

// The tones.
const (
	ToneNone  Tone = "n"
	ToneOK    Tone = "ok"
	ToneWarn  Tone = "warn"
	ToneError Tone = "err"
)

// Badge is a short status with an icon.
type Badge struct {
	Tone  Tone
	Icon  IconName // "" takes the tone's icon
	Text  string
	Title string // the long form, as a tooltip; may be empty
}

// Action is something the visitor can do: a link when Method is "", a form with a button when it is "post".
type Action struct {
	Label   string
	URL     string
	Method  string
	Fields  []Field // hidden fields of a form
	Icon    IconName
	Primary bool
	// Upload, of a post, makes the action choose a file of these types ("image/*", ".safetensors") under the name File.
	Upload, File string
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// Notice says what happened, what is unchanged and what to do.
type Notice struct {
	Tone    Tone
	Title   string
	Text    string
	Actions []Action
}

// Sheet is a picture that holds all channels of a layer as equal cells, row by row.
type Sheet struct {
	URL          string
	Cols, Rows   int
	CellW, CellH int // pixels of one cell
}

// Tile is one channel of a layer.
type Tile struct {
	Sheet   Sheet
	Index   int    // cell of the sheet
	Label   string // for screen readers: "channel 26"; "" makes the tile decorative
	Node    string // path of the layer: a running trace fills the tile in when this layer arrives
	Pending bool   // not computed yet: the operation's glyph on a sunken ground
	Silent  bool   // all zero: a hairline, so that it does not look unloaded
	Op      Op     // the glyph while pending
}

// Stack is a few tiles of one layer, drawn one behind the other; the last lies on top.
type Stack struct {
	Tiles []Tile
	Face  float64 // side of the top tile in pixels, 40 … 130
}

// Rect is a rectangle as fractions of a picture, 0 … 1; it may reach outside.
type Rect struct{ X, Y, W, H float64 }

// Table is a small table of data: the twin of a picture, or a table of a lesson.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Numeric []bool // columns set flush right in tabular figures; may be shorter than Head
}

// Chart is a finished drawing of viz/chart in two widths; CSS shows the one that fits. The markup is inserted as it is.
type Chart struct {
	ID      string
	Title   string
	Label   string // one sentence for screen readers
	Wide    string // SVG markup, about 720 wide
	Narrow  string // SVG markup, about 360 wide; "" uses Wide
	Caption Rich   // states the finding
	Files   []Link // the drawing as a file: PNG, SVG
	CSVURL  string // the same numbers; "" leaves the link out
	Data    *Table // the same numbers as a table, folded; may be nil
}

// QR is a code of square modules, true for dark, without a quiet zone.
type QR struct {
	Modules [][]bool
	Label   string
}
