package view

import (
	"bytes"
	"encoding/base64"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"

	"github.com/a-h/templ"

	"stride/web/i18n"
)

// GalleryEntry is a page of the gallery: a page or a set of parts with made-up contents, for looking at and for tests.
type GalleryEntry struct {
	Name  string // last element of its address
	Title string
	Draw  func(g GalleryLook) templ.Component
}

// GalleryLook is how an entry is shown.
type GalleryLook struct {
	Lang    i18n.Lang
	Theme   Theme
	Present bool
	// Picture gives the address of a stand-in picture of Cols×Rows cells of Cell pixels; nil draws patterns as data URLs.
	Picture func(name string) string
}

// Gallery lists every page and part with fixtures. The development server shows it; the tests render it in full.
func Gallery() []GalleryEntry {
	return []GalleryEntry{
		{"home", "Family", func(g GalleryLook) templ.Component { return Home(g.homePage()) }},
		{"lenet", "LeNet", func(g GalleryLook) templ.Component { return LeNetWhole(g.lenetPage(false)) }},
		{"lenet-empty", "LeNet, empty pad", func(g GalleryLook) templ.Component { return LeNetWhole(g.lenetPage(true)) }},
		{"lab", "Lab: bottleneck", func(g GalleryLook) templ.Component { return Lab(g.labPage()) }},
		{"lab-skip", "Lab: skip connections", func(g GalleryLook) templ.Component { return Lab(g.skipPage()) }},
		{"labs", "Labs", func(g GalleryLook) templ.Component { return Labs(g.labsPage()) }},
		{"compare", "Compare", func(g GalleryLook) templ.Component { return Compare(g.comparePage()) }},
		{"calc", "Calculator", func(g GalleryLook) templ.Component { return Calc(g.calcPage(false)) }},
		{"calc-error", "Calculator, a row that cannot work", func(g GalleryLook) templ.Component { return Calc(g.calcPage(true)) }},
		{"models", "Models", func(g GalleryLook) templ.Component { return Models(g.modelsPage()) }},
		{"image", "Image", func(g GalleryLook) templ.Component { return ImagePick(g.imagePage()) }},
		{"layers", "Layers as a table", func(g GalleryLook) templ.Component { return Layers(g.layersPage()) }},
		{"node", "One layer", func(g GalleryLook) templ.Component { return Node(g.nodePage()) }},
		{"diff", "Paper against weights", func(g GalleryLook) templ.Component { return Diff(g.diffPage()) }},
		{"learn", "Learn", func(g GalleryLook) templ.Component { return Learn(g.learnPage()) }},
		{"classes", "Classes", func(g GalleryLook) templ.Component { return Classes(g.classesPage()) }},
		{"limits", "Limits", func(g GalleryLook) templ.Component { return Limits(g.limitsPage()) }},
		{"error", "Error", func(g GalleryLook) templ.Component { return Failure(g.errorPage()) }},
		{"present", "Presenter", func(g GalleryLook) templ.Component { return Present(g.presentPage()) }},
		{"print", "Handout", func(g GalleryLook) templ.Component { return Print(g.printPage()) }},
		{"states", "States", func(g GalleryLook) templ.Component { return States(g) }},
		{"arch", "Architecture", func(g GalleryLook) templ.Component { return Arch(g.archPage()) }},
		{"arch-untrained", "Architecture, untrained, streaming", func(g GalleryLook) templ.Component { return Arch(g.archWaiting()) }},
		{"arch-dense", "Architecture, dense layer", func(g GalleryLook) templ.Component { return Arch(g.archDense()) }},
	}
}

// GalleryPage is the list of the gallery.
type GalleryPage struct {
	Page
	Entries []GalleryEntry
}

func (g GalleryLook) page(title string, nav Nav, path string) Page {
	return Page{
		Lang: g.Lang, Title: title, Nav: nav, Theme: g.Theme, Present: g.Present, Path: "/" + g.Lang.Tag() + path, English: "/en" + path, Korean: "/ko" + path,
		PresentURL: "/" + g.Lang.Tag() + path + "/present", Development: true,
		Image: ImageChip{Name: g.say("Cat", "고양이"), ThumbURL: g.photo("cat")},
	}
}

// say picks the words of the look's language.
func (g GalleryLook) say(en, ko string) string {
	if g.Lang == i18n.Korean {
		return ko
	}
	return en
}

func (g GalleryLook) photo(name string) string {
	if g.Picture != nil {
		return g.Picture(name + ".jpg")
	}
	return pattern(name, 96, 96, false)
}

// sheet gives a sheet of channels.
func (g GalleryLook) sheet(name string, cols, rows, cell int) Sheet {
	s := Sheet{Cols: cols, Rows: rows, CellW: cell, CellH: cell}
	if g.Picture != nil {
		s.URL = g.Picture(name + ".png")
	} else {
		s.URL = pattern(name, cols*4, rows*4, true)
	}
	return s
}

func tilesOf(s Sheet, index ...int) []Tile {
	tiles := make([]Tile, len(index))
	for i, n := range index {
		tiles[i] = Tile{Sheet: s, Index: n}
	}
	return tiles
}

// pattern makes a small picture out of a name: stripes and blobs, the same every time.
func pattern(name string, w, h int, channels bool) string {
	sum := fnv.New64a()
	sum.Write([]byte(name))
	seed := sum.Sum64()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			seed = seed*6364136223846793005 + 1442695040888963407
			v := uint8(seed >> 58 << 2)
			c := color.RGBA{R: v / 2, G: v, B: 60 + v/2, A: 255}
			if !channels {
				c = color.RGBA{R: uint8(90 + x), G: uint8(70 + y/2), B: uint8(60 + v/8), A: 255}
			}
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic("view: " + err.Error()) // writing to memory does not fail
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes())
}
