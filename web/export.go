package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"image"
	_ "image/jpeg" // pages show photographs as JPEG
	_ "image/png"  // and maps as PNG
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"stride/internal/nn/arch"
	"stride/internal/viz/export"
	"stride/web/i18n"
	"stride/web/static"
	"stride/web/view"
)

// plate is a picture of a page on its way into a file.
type plate struct {
	// name is the file's, without its extension.
	name string
	// markup draws it, as on the page.
	markup templ.Component
	frame  export.Frame
	// table is the numbers of a chart, its head first; nil where the picture has none.
	table [][]string
}

// lookSheet is the style sheets of all pages, as pictures need them; lookFonts the fonts that set their texts.
var (
	lookSheet = sync.OnceValue(func() *export.Sheet {
		return export.ParseSheet(string(static.Text("app.css")), string(static.Text("network.css")), string(static.Text("tools.css")), fileSheet)
	})
	lookFonts = sync.OnceValues(func() (*export.Fonts, error) { return export.NewFonts(static.Fonts()) })
)

// fileSheet is the looks of drawings that pages lay out with HTML: the cells of a sum are tinted as those of its table.
const fileSheet = `
.sumfile { --k: #348fa7; }
.sumfile .cell { fill: color-mix(in srgb, var(--k) calc(var(--l, 0) * var(--cell)), var(--sunken)); }
.sumfile .cell.pad { fill: none; stroke: var(--line-2); stroke-dasharray: 3 2; }
.sumfile .cell.best { stroke: var(--probe); stroke-width: 2; }
.sumfile .st { stroke: var(--ink-3); }
.sumfile text { fill: var(--ink); }
.sumfile .final { fill: var(--probe-ink); font-weight: 640; }
.sumfile .t { fill: var(--c); }
`

// pngScale is the pixels of a PNG to a unit of its drawing, where the address names none: sharp on paper and on screens of
// twice the usual resolution.
const pngScale = 2

// The forms of a picture, in the order of the menus; charts have their numbers too.
var (
	pictureKinds = []string{"png", "svg"}
	chartKinds   = []string{"png", "svg", "csv"}
)

// fileLinks are the files of a picture; base is its address without the extension.
func fileLinks(base string, q url.Values, kinds []string) []view.Link {
	var l []view.Link
	for _, k := range kinds {
		l = append(l, view.Link{Label: strings.ToUpper(k), URL: query(base+"."+k, q)})
	}
	return l
}

// sendPlate writes a picture in the form that the address asks for: ?theme=dark takes the dark colours, ?px the pixels to
// a unit.
func (s *Server) sendPlate(w http.ResponseWriter, r *http.Request, p *plate) error {
	ext := chi.URLParam(r, "ext")
	h := w.Header()
	h.Set("Content-Disposition", `inline; filename="`+fileName(p.name+"."+ext)+`"`)
	if ext == "csv" {
		if p.table == nil {
			return errNotFound
		}
		return sendFresh(w, r, "text/csv; charset=utf-8", tableCSV(p.table))
	}
	if p.markup == nil { // a table alone
		return errNotFound
	}
	theme, err := choiceParam(r.URL.Query(), "theme", "light", "dark")
	if err != nil {
		return err
	}
	scale, err := intParam(r.URL.Query(), "px", pngScale, 1, 4)
	if err != nil {
		return err
	}
	fonts, err := lookFonts()
	if err != nil {
		return err
	}
	var markup bytes.Buffer
	if err := p.markup.Render(r.Context(), &markup); err != nil {
		return err
	}
	reader := &export.Reader{Sheet: lookSheet(), Fonts: fonts, Dark: theme == "dark", Lang: languageOf(r).Tag(), Image: s.shown(r)}
	drawn, err := reader.Read(markup.String())
	if err != nil {
		return err
	}
	if drawn, err = reader.Frame(drawn, p.frame); err != nil {
		return err
	}
	if ext == "png" {
		b, err := drawn.PNG(fonts, float64(scale))
		if err != nil {
			return err
		}
		return sendFresh(w, r, "image/png", b)
	}
	b, err := drawn.SVG()
	if err != nil {
		return err
	}
	// The file has no scripts, no styles and refers to nothing; a browser that shows it is held to that.
	h.Set("Content-Security-Policy", "default-src 'none'; img-src data:; sandbox; frame-ancestors 'none'")
	return sendFresh(w, r, "image/svg+xml", b)
}

// shown finds the bitmaps of a page's markup by asking this server for them, in the name of the page's visitor.
func (s *Server) shown(r *http.Request) func(string) (image.Image, error) {
	return func(href string) (image.Image, error) {
		ctx := context.WithValue(r.Context(), chi.RouteCtxKey, (*chi.Context)(nil)) // the router starts anew
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, href, nil)
		if err != nil {
			return nil, err
		}
		req.Host, req.RemoteAddr = r.Host, r.RemoteAddr
		req.Header = http.Header{"Cookie": r.Header.Values("Cookie")}
		a := &answered{header: http.Header{}, status: http.StatusOK}
		s.ServeHTTP(a, req)
		if a.status != http.StatusOK {
			return nil, &Error{Status: a.status, Code: "unknown_id", Err: fmt.Errorf("a picture answered %d", a.status)}
		}
		img, _, err := image.Decode(&a.body)
		return img, err
	}
}

// answered is an answer that stays here.
type answered struct {
	header http.Header
	body   bytes.Buffer
	status int
}

func (a *answered) Header() http.Header         { return a.header }
func (a *answered) WriteHeader(status int)      { a.status = status }
func (a *answered) Write(b []byte) (int, error) { return a.body.Write(b) }

// fileName keeps what every system can have in the name of a file.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, name)
}

// madeWith is the line that says where a file is from: the product and the address of the page.
func madeWith(r *http.Request, l i18n.Lang, path string) string {
	return fmt.Sprintf(exportWordsOf(l).Made, view.Name, shareOf(r, path))
}

// paperText is a paper as a line of text.
func paperText(l i18n.Lang, p arch.Paper) string {
	row := paperRow(p)
	text := row.Authors + ": " + row.Title + ". " + placeAndYear(row.Where, row.Year)
	if row.URL != "" {
		text += ", " + row.URL
	}
	return fmt.Sprintf(exportWordsOf(l).Paper, text)
}

// placeAndYear is where and when a paper came out. The name of most conferences has a year, often the one after.
func placeAndYear(where, year string) string {
	if where == "" || strings.Contains(where, " 20") || strings.Contains(where, " 19") {
		return cmp.Or(where, year)
	}
	return where + " " + year
}

// tableCSV is a table as comma-separated values. A cell that a spreadsheet would take for a formula gets an apostrophe in
// front: names may come from imported models.
func tableCSV(rows [][]string) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	for _, row := range rows {
		safe := slices.Clone(row)
		for i, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); err != nil && strings.IndexAny(cell, "=+-@\t\r") == 0 {
				safe[i] = "'" + cell
			}
		}
		out.Write(safe) // a buffer takes everything
	}
	out.Flush()
	return b.Bytes()
}
