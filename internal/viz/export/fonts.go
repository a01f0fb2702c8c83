package export

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"

	"stride/internal/viz/woff2"
)

// Fonts sets text with the web fonts of a style sheet of @font-face rules. Files are unpacked when a letter of theirs is
// first needed. It is safe for concurrent use.
type Fonts struct {
	fsys  fs.FS
	files []*fontFile

	mu   sync.Mutex
	used map[glyphKey]glyph
}

// fontFile is one rule: the letters of a family that a file has.
type fontFile struct {
	name   string
	mono   bool
	ranges [][2]rune

	parsed bool
	font   *font.Font         // nil when the file cannot be read
	faces  map[int]*font.Face // by weight
}

type glyphKey struct {
	r      rune
	mono   bool
	weight int
}

// glyph is a letter of size 1, its baseline at y = 0.
type glyph struct {
	advance float64
	outline path
}

var (
	faceRule = regexp.MustCompile(`(?s)@font-face\s*\{(.*?)\}`)
	faceURL  = regexp.MustCompile(`url\(([^)]+)\)`)
	faceName = regexp.MustCompile(`font-family:\s*"([^"]+)"`)
	faceSet  = regexp.MustCompile(`unicode-range:\s*([^;}]+)`)
)

// NewFonts reads fonts.css in a folder. Families whose name has "Mono" in it set the fixed-width texts.
func NewFonts(fsys fs.FS) (*Fonts, error) {
	css, err := fs.ReadFile(fsys, "fonts.css")
	if err != nil {
		return nil, err
	}
	f := &Fonts{fsys: fsys, used: map[glyphKey]glyph{}}
	var own, rest []*fontFile
	for _, m := range faceRule.FindAllSubmatch(css, -1) {
		url, name, set := faceURL.FindSubmatch(m[1]), faceName.FindSubmatch(m[1]), faceSet.FindSubmatch(m[1])
		if url == nil || name == nil || set == nil {
			return nil, fmt.Errorf("export: fonts.css: a rule without file, family or range: %.80s", m[1])
		}
		file := &fontFile{name: strings.Trim(string(url[1]), `"'`), mono: strings.Contains(string(name[1]), "Mono")}
		for _, item := range strings.Split(string(set[1]), ",") {
			lo, hi, ok := strings.Cut(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(item)), "U+"), "-")
			if !ok {
				hi = lo
			}
			a, err := strconv.ParseUint(lo, 16, 32)
			b, err2 := strconv.ParseUint(hi, 16, 32)
			if err != nil || err2 != nil {
				return nil, fmt.Errorf("export: fonts.css: range %q", item)
			}
			file.ranges = append(file.ranges, [2]rune{rune(a), rune(b)})
		}
		if strings.HasPrefix(string(name[1]), "Stride") {
			own = append(own, file)
		} else {
			rest = append(rest, file)
		}
	}
	f.files = append(own, rest...)
	return f, nil
}

func (file *fontFile) has(r rune) bool {
	for _, x := range file.ranges {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	return false
}

// face is the file at a weight; nil when it cannot be read.
func (f *Fonts) face(file *fontFile, weight int) *font.Face {
	if !file.parsed {
		file.parsed, file.faces = true, map[int]*font.Face{}
		if b, err := fs.ReadFile(f.fsys, file.name); err == nil {
			if b, err = woff2.Decode(b); err == nil {
				if face, err := font.ParseTTF(bytes.NewReader(b)); err == nil {
					file.font = face.Font
				}
			}
		}
	}
	if file.font == nil {
		return nil
	}
	if file.faces[weight] == nil {
		face := font.NewFace(file.font)
		face.SetVariations([]font.Variation{{Tag: opentype.MustNewTag("wght"), Value: float32(weight)}})
		file.faces[weight] = face
	}
	return file.faces[weight]
}

// glyph is a letter at a weight. A letter that no font has is an empty box.
func (f *Fonts) glyph(r rune, mono bool, weight int) glyph {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := glyphKey{r, mono, weight}
	if g, ok := f.used[key]; ok {
		return g
	}
	g, ok := glyph{}, false
	for _, fixed := range []bool{true, false} { // texts in the fixed-width face fall back to the other, not the reverse
		if ok || fixed && !mono {
			continue
		}
		for _, file := range f.files {
			if file.mono != fixed || !file.has(r) {
				continue
			}
			if g, ok = f.load(file, r, weight); ok {
				break
			}
		}
	}
	if !ok {
		g = glyph{advance: 0.6, outline: append(rectangle(0.05, -0.7, 0.5, 0.7, 0, 0), rectangle(0.5, -0.65, -0.4, 0.6, 0, 0)...)}
	}
	f.used[key] = g
	return g
}

func (f *Fonts) load(file *fontFile, r rune, weight int) (glyph, bool) {
	face := f.face(file, weight)
	if face == nil {
		return glyph{}, false
	}
	id, ok := face.NominalGlyph(r)
	if !ok {
		return glyph{}, false
	}
	k := 1 / float64(face.Upem())
	g := glyph{advance: float64(face.HorizontalAdvance(id)) * k}
	o, ok := face.GlyphDataOutline(id)
	if !ok {
		return g, true // a space
	}
	ops := map[opentype.SegmentOp]byte{opentype.SegmentOpMoveTo: 'M', opentype.SegmentOpLineTo: 'L', opentype.SegmentOpQuadTo: 'Q', opentype.SegmentOpCubeTo: 'C'}
	for _, seg := range o.Segments {
		s := step{op: ops[seg.Op]}
		if s.op == 'M' && len(g.outline) > 0 {
			g.outline = append(g.outline, step{op: 'Z'})
		}
		for i, a := range seg.ArgsSlice() {
			s.p[i] = point{float64(a.X) * k, -float64(a.Y) * k}
		}
		g.outline = append(g.outline, s)
	}
	if len(g.outline) > 0 {
		g.outline = append(g.outline, step{op: 'Z'})
	}
	return g, true
}

// Width is the width of a line.
func (f *Fonts) Width(s string, t textFont) float64 {
	w := 0.0
	for _, r := range s {
		w += f.advance(r, t)
	}
	return w
}

func (f *Fonts) advance(r rune, t textFont) float64 {
	w := f.glyph(r, t.mono, t.weight).advance*t.size + t.letters
	if r == ' ' {
		w += t.words
	}
	return w
}
