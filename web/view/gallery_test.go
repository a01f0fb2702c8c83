package view

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/web/i18n"
	"stride/web/static"
)

// looks are the ways in which every entry is rendered by the tests.
func looks() []GalleryLook {
	var all []GalleryLook
	for _, l := range i18n.Langs {
		for _, t := range []Theme{ThemeSystem, ThemeDark} {
			all = append(all, GalleryLook{Lang: l, Theme: t, Present: t == ThemeDark, Picture: func(name string) string { return "/pictures/" + name }})
		}
	}
	return all
}

// eachPage renders every entry in every look and parses it.
func eachPage(t *testing.T, check func(t *testing.T, g GalleryLook, doc *html.Node, source string)) {
	t.Helper()
	entries := Gallery()
	if len(entries) < 20 {
		t.Fatalf("the gallery has %d entries, want every page", len(entries))
	}
	for _, e := range entries {
		for _, g := range looks() {
			t.Run(fmt.Sprintf("%s/%s%s", e.Name, g.Lang.Tag(), g.Theme), func(t *testing.T) {
				var out bytes.Buffer
				if err := e.Draw(g).Render(context.Background(), &out); err != nil {
					t.Fatal(err)
				}
				doc, err := html.Parse(bytes.NewReader(out.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				check(t, g, doc, out.String())
			})
		}
	}
}

func walk(n *html.Node, f func(*html.Node)) {
	f(n)
	for c := range n.ChildNodes() {
		walk(c, f)
	}
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func has(n *html.Node, key string) bool { _, ok := attr(n, key); return ok }

// text is what a screen reader has of an element when it has no label: the text in it, and the names of pictures.
func text(n *html.Node) string {
	var b strings.Builder
	walk(n, func(c *html.Node) {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
		for _, key := range []string{"aria-label", "alt", "title"} {
			if v, ok := attr(c, key); ok && c != n {
				b.WriteString(" " + v)
			}
		}
	})
	return strings.TrimSpace(b.String())
}

// TestStructure checks what every page owes to its readers.
func TestStructure(t *testing.T) {
	eachPage(t, func(t *testing.T, g GalleryLook, doc *html.Node, source string) {
		ids := map[string]int{}
		count := map[string]int{}
		var refs, inputs []string
		labels := map[string]bool{}
		walk(doc, func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			count[n.Data]++
			if id, ok := attr(n, "id"); ok {
				ids[id]++
				if id == "" || strings.ContainsAny(id, " \t") {
					t.Errorf("<%s> has the id %q", n.Data, id)
				}
			}
			for _, key := range []string{"aria-labelledby", "for"} {
				if v, ok := attr(n, key); ok {
					refs = append(refs, v)
					labels[v] = labels[v] || key == "for"
				}
			}
			if id, ok := attr(n, "id"); ok && n.Data == "input" && !has(n, "aria-label") {
				inputs = append(inputs, id)
			}
			if p := problem(n); p != "" {
				t.Error(p)
			}
		})
		for _, tag := range []string{"h1", "main", "title"} {
			if count[tag] != 1 && tag != "title" || count[tag] == 0 {
				t.Errorf("%d <%s>, want one", count[tag], tag)
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("the id %q occurs %d times", id, n)
			}
		}
		for _, r := range refs {
			if ids[r] == 0 {
				t.Errorf("something refers to the id %q, which is not there", r)
			}
		}
		for _, id := range inputs {
			if !labels[id] {
				t.Errorf("no label is for the input %q", id)
			}
		}
		if ids["main"] == 0 || !strings.Contains(source, `href="#main"`) {
			t.Error("the skip link leads nowhere")
		}
		if !strings.Contains(source, `<html lang="`+g.Lang.Tag()+`"`) {
			t.Errorf("the document's language is not %s", g.Lang.Tag())
		}
		if strings.Contains(source, "%!") || strings.Contains(source, "<nil>") {
			t.Error("a text was formatted with the wrong values")
		}
	})
}

// problem says what is wrong with one element by itself.
func problem(n *html.Node) string {
	switch n.Data {
	case "img":
		if src, _ := attr(n, "src"); !has(n, "alt") {
			return fmt.Sprintf("the picture %q has no alt text", src)
		}
	case "a", "button", "summary":
		label, _ := attr(n, "aria-label")
		href, _ := attr(n, "href")
		if strings.TrimSpace(label) == "" && text(n) == "" {
			return fmt.Sprintf("<%s %s> has no name", n.Data, href)
		}
		if n.Data == "a" && href == "" {
			return fmt.Sprintf("the link %q leads nowhere", text(n))
		}
	case "input":
		kind, _ := attr(n, "type")
		if kind == "image" && !has(n, "alt") {
			return "an image button has no alt text"
		}
		if name, _ := attr(n, "name"); kind != "hidden" && kind != "image" && !labelled(n) {
			return fmt.Sprintf("the input %q (%s) has no label", name, kind)
		}
	case "svg":
		if role, _ := attr(n, "role"); role == "img" && !has(n, "aria-label") {
			return "a drawing with the role of a picture has no label"
		}
	case "table":
		if grid := slices.Contains(strings.Fields(class(n)), "m"); !grid && count(n, "th") == 0 {
			return "a table has no headings"
		}
	}
	return ""
}

func class(n *html.Node) string { v, _ := attr(n, "class"); return v }

func count(n *html.Node, tag string) int {
	k := 0
	walk(n, func(c *html.Node) {
		if c.Type == html.ElementNode && c.Data == tag {
			k++
		}
	})
	return k
}

// labelled reports whether an input has a label around it, by id, or of its own.
func labelled(n *html.Node) bool {
	if has(n, "aria-label") || has(n, "id") {
		return true // TestStructure looks for the label that names the id
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return text(p) != ""
		}
	}
	return false
}

// TestPolicy checks what the content security policy forbids: inline styles, inline scripts, handlers, other origins.
func TestPolicy(t *testing.T) {
	handler := regexp.MustCompile(`^on[a-z]+$`)
	eachPage(t, func(t *testing.T, g GalleryLook, doc *html.Node, source string) {
		walk(doc, func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			if n.Data == "style" || n.Data == "script" && !has(n, "src") {
				t.Errorf("inline <%s>", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || handler.MatchString(a.Key) {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
				if slices.Contains([]string{"src", "action", "data"}, a.Key) && strings.Contains(a.Val, "://") {
					t.Errorf("<%s %s=%q> is on another origin", n.Data, a.Key, a.Val)
				}
				if n.Data != "a" && a.Key == "href" && strings.Contains(a.Val, "://") {
					t.Errorf("<%s href=%q> is on another origin", n.Data, a.Val)
				}
				if strings.Contains(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
		})
	})
}

// TestLanguages checks that a Korean page has no English sentence of the interface, and the other way round.
func TestLanguages(t *testing.T) {
	english := i18n.For(i18n.English)
	eachPage(t, func(t *testing.T, g GalleryLook, doc *html.Node, source string) {
		if g.Lang == i18n.Korean {
			for _, s := range []string{english.Chrome.Local, english.Home.Lead, english.Chrome.Skip, english.LeNet.PadHelp} {
				if strings.Contains(source, s) {
					t.Errorf("a Korean page says %q", s)
				}
			}
		}
	})
}

// TestWeight holds the budget of a first view: HTML and the style sheets it names.
func TestWeight(t *testing.T) {
	const html60, css12 = 60_000, 12_000
	link := regexp.MustCompile(`/static/[0-9a-f]+/(app|family|network|tools)\.css`)
	eachPage(t, func(t *testing.T, g GalleryLook, doc *html.Node, source string) {
		if n := packed([]byte(source)); n > html60 {
			t.Errorf("%d bytes of HTML, want at most %d", n, html60)
		}
		sheets := 0
		names := link.FindAllStringSubmatch(source, -1)
		for _, m := range names {
			_, n := static.Size(m[1] + ".css")
			sheets += n
		}
		if len(names) < 2 {
			t.Errorf("%d style sheets, want the common one and another", len(names))
		}
		if states := len(names) > 2; sheets > css12 && !states {
			t.Errorf("%d bytes of style sheets, want at most %d", sheets, css12)
		}
	})
}

// TestChecksFind makes sure that the checks see what they look for: every element here breaks one rule.
func TestChecksFind(t *testing.T) {
	for _, bad := range []string{`<img src="x">`, `<a href="x"></a>`, `<a>text</a>`, `<button></button>`, `<input name="q">`, `<label><input name="q"></label>`, `<input type="image" src="x">`, `<svg role="img"></svg>`, `<table><tr><td>1</td></tr></table>`} {
		doc, err := html.Parse(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		walk(doc, func(n *html.Node) {
			if n.Type == html.ElementNode && problem(n) != "" {
				found = true
			}
		})
		if !found {
			t.Errorf("nothing was found in %s", bad)
		}
	}
}
