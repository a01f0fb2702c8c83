package web

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"image/png"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/web/i18n"
)

func TestExportWords(t *testing.T) {
	compareWords(t, "words", *exportWordsOf(i18n.English), *exportWordsOf(i18n.Korean))
}

// exportPages are pages with pictures of every kind.
var exportPages = []string{
	"/a/mini_resnet?l=block1.conv1&cam=1", "/a/mini_resnet?l=fc", "/a/mini_resnet/n/pool", "/a/lenet5?l=c1&theme=dark", "/a/mini_googlenet?l=inception_3a.cat&zoom=3", "/a/mini_vgg?w=untrained:1",
	"/labs/bottleneck?in=64", "/a/lenet5?step=1", "/a/mini_resnet?step=1", "/a/mini_vgg?step=5", "/a/lenet5/print", "/compare?m=mini_resnet,mini_vgg", "/compare?m=vgg16,resnet50&x=params", "/compare/vgg16/vgg19",
	"/calc?d=i3x64~c16k3p1~add(c16k3p1n~bn|)~cat(c8k1|c8k3p1)~db4g8~gap~fc10", "/calc?d=i3x64~c16k3p1~c16k70",
}

// TestExports asks for every picture and table that a few pages offer as a file, in both languages.
func TestExports(t *testing.T) {
	s := newSite(t)
	kinds := map[string]int{}
	for _, lang := range []string{"/en", "/ko"} {
		for _, p := range exportPages {
			_, body := s.get(t, lang+p)
			for _, u := range downloads(t, body) {
				resp, file := s.get(t, u)
				if resp.StatusCode != http.StatusOK {
					t.Errorf("%s: status %d", u, resp.StatusCode)
					continue
				}
				kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
				kinds[kind]++
				if d := resp.Header.Get("Content-Disposition"); !strings.Contains(d, `filename="`) {
					t.Errorf("%s has no name: %q", u, d)
				}
				switch kind {
				case "image/png":
					checkPNG(t, u, file)
				case "image/svg+xml":
					checkSVG(t, u, file)
					checkHeaders(t, u, resp.Header)
				case "text/csv":
					if rows, err := csv.NewReader(strings.NewReader(file)).ReadAll(); err != nil || len(rows) < 2 {
						t.Errorf("%s: %d rows, %v", u, len(rows), err)
					}
				}
			}
		}
	}
	if kinds["image/png"] < 20 || kinds["image/png"] != kinds["image/svg+xml"] || kinds["text/csv"] < 10 {
		t.Errorf("files: %v", kinds)
	}
}

// downloads are the addresses that a page offers as files: what it marks so, and other drawings that it links.
func downloads(t *testing.T, body string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var l []string
	for n := range doc.Descendants() {
		href := attr(n, "href")
		path, _, _ := strings.Cut(href, "?")
		for _, a := range n.Attr {
			if a.Key == "download" || a.Key == "href" && n.Data == "a" && (strings.HasSuffix(path, ".png") || strings.HasSuffix(path, ".svg")) {
				l = append(l, href)
				break
			}
		}
	}
	return l
}

// checkPNG: the picture decodes, and holds more than its ground.
func checkPNG(t *testing.T, u, file string) {
	t.Helper()
	img, err := png.Decode(strings.NewReader(file))
	if err != nil {
		t.Errorf("%s: %v", u, err)
		return
	}
	b := img.Bounds()
	if b.Dx() < 2*480 {
		t.Errorf("%s is %d wide", u, b.Dx())
	}
	const checked = 6 // one pixel of so many in each direction
	ground, other := img.At(2, 2), 0
	for y := b.Min.Y; y < b.Max.Y; y += checked {
		for x := b.Min.X; x < b.Max.X; x += checked {
			if img.At(x, y) != ground {
				other++
			}
		}
	}
	if all := b.Dx() * b.Dy() / checked / checked; other*100 < all {
		t.Errorf("%s is blank but for %d of %d pixels", u, other, all)
	}
}

// checkSVG: the file is XML with a title and a description, says whose the picture is, and refers to nothing.
func checkSVG(t *testing.T, u, file string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(file))
	words := map[string]string{}
	in := ""
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("%s: %v", u, err)
			return
		}
		switch x := tok.(type) {
		case xml.StartElement:
			in = x.Name.Local
			if in == "script" || in == "style" || in == "a" || in == "use" {
				t.Errorf("%s has %s", u, in)
			}
			for _, a := range x.Attr {
				if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "data:image/png;base64,") || strings.Contains(a.Value, "url(") || strings.Contains(a.Value, "var(") {
					t.Errorf("%s: %s has %s=%.80q", u, in, a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			words[in] += string(x) + "\n"
		}
	}
	for _, in := range []string{"title", "desc"} {
		if strings.TrimSpace(words[in]) == "" {
			t.Errorf("%s has no %s", u, in)
		}
	}
	want := []string{"Stride", "http://127.0.0.1"}
	if !strings.Contains(u, "/calc.") { // a stack of one's own has no paper
		want = append(want, "https://")
	}
	if strings.Contains(u, "w=untrained") && strings.Contains(u, "/block.") {
		want = append(want, map[bool]string{true: "untrained, seed 1", false: "학습되지 않음, 시드 1"}[strings.HasPrefix(u, "/en")])
	}
	for _, w := range want {
		if !strings.Contains(words["desc"], w) || !strings.Contains(strings.Join(strings.Fields(words["text"]), " "), strings.Fields(w)[0]) {
			t.Errorf("%s does not say %q: %s", u, w, words["desc"])
		}
	}
}

// TestExportParameters: the theme, the size, and what is refused.
func TestExportParameters(t *testing.T) {
	s := newSite(t)
	base := "/en/a/lenet5/picture/macs-chart"
	width := func(u string) int {
		_, file := s.get(t, u)
		img, err := png.Decode(bytes.NewReader([]byte(file)))
		if err != nil {
			t.Fatal(u, err)
		}
		return img.Bounds().Dx()
	}
	if a, b := width(base+".png?px=1"), width(base+".png?px=3"); b != 3*a {
		t.Errorf("%d pixels at 1, %d at 3", a, b)
	}
	_, light := s.get(t, base+".svg")
	_, dark := s.get(t, base+".svg?theme=dark")
	if !strings.Contains(light, `fill="#ffffff"`) || !strings.Contains(dark, `fill="#14181b"`) || strings.Contains(dark, "#ffffff") {
		t.Error("the themes do not differ as they should")
	}
	for u, status := range map[string]int{base + ".png?px=9": 400, base + ".svg?theme=blue": 400, "/en/a/lenet5/picture/none.svg": 404, "/en/a/none/picture/block.svg": 404, "/en/a/lenet5/picture/block.csv": 404, "/en/a/lenet5/picture/block.gif": 404} {
		if resp, _ := s.get(t, u); resp.StatusCode != status {
			t.Errorf("%s: status %d, want %d", u, resp.StatusCode, status)
		}
	}
}

// TestLooks: of the style sheets, pictures leave out only what no file has: states, generated content.
func TestLooks(t *testing.T) {
	states := regexp.MustCompile(`::|:(focus|focus-visible|focus-within|hover|active|checked|disabled|popover-open|user-invalid|fullscreen)\b`)
	for _, sel := range lookSheet().Skipped {
		if !states.MatchString(sel) {
			t.Errorf("the selector %q was not read", sel)
		}
	}
}

// TestTableCSV: numbers stay numbers, what a spreadsheet would compute does not.
func TestTableCSV(t *testing.T) {
	got := string(tableCSV([][]string{{"s", ""}, {"=HYPERLINK(1)", "1"}, {"-5", "0.1"}, {"@x", "1e-09"}, {"a,b", "−3"}}))
	if want := "s,\n'=HYPERLINK(1),1\n-5,0.1\n'@x,1e-09\n\"a,b\",−3\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
