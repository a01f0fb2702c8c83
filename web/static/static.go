// Package static serves the style sheet, the scripts and the fonts, all embedded in the binary.
//
// Every URL carries a digest of the content it names, so that browsers may keep files for ever and a new build is seen at
// once. The digest is that of the file's group: the style sheet, the scripts with their relative imports, the fonts with
// their sheet. css/ is written in a file per topic and
// served by the folder: app on every page, one of family, network and tools beside it; nothing is compiled. Start at URL and Handler.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed css/*/*.css js/*.js img/*.svg fonts/*.woff2 fonts/fonts.css
var files embed.FS

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/static/"

type file struct {
	body, packed []byte // packed is the gzip form, nil where it does not pay
	kind         string
	url          string
}

var load = sync.OnceValue(func() map[string]*file {
	all := map[string]*file{}
	for _, name := range []string{"app", "family", "network", "tools"} {
		group(all, map[string][]byte{name + ".css": sheet(name)})
	}
	scripts := folder("js")
	for n, b := range scripts {
		scripts[n] = trim(b)
	}
	group(all, scripts)
	group(all, folder("img"))
	group(all, folder("fonts"))
	return all
})

// URL gives the address of a file: app.css, family.css, network.css, tools.css, fonts.css, main.js, icon.svg. It panics on a name that does not exist.
func URL(name string) string {
	f := load()[name]
	if f == nil {
		panic(fmt.Sprintf("static: there is no file %q", name))
	}
	return f.url
}

// Size gives the length of a file in bytes, as it is and compressed with gzip.
func Size(name string) (raw, packed int) {
	f := load()[name]
	if f == nil {
		panic(fmt.Sprintf("static: there is no file %q", name))
	}
	return len(f.body), len(f.packed)
}

// Text gives a file as it is: a style sheet, for whoever draws what pages show outside a page. The caller must not change it.
func Text(name string) []byte {
	f := load()[name]
	if f == nil {
		panic(fmt.Sprintf("static: there is no file %q", name))
	}
	return f.body
}

// Fonts is the folder of the fonts and of fonts.css.
func Fonts() fs.FS {
	dir, err := fs.Sub(files, "fonts")
	if err != nil {
		panic("static: " + err.Error()) // the folder is embedded
	}
	return dir
}

// Names lists the files in order.
func Names() []string {
	var names []string
	for n := range load() {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Handler serves the files under Prefix. An address with an old digest is not found: the page that names it is old as well.
func Handler() http.Handler {
	byURL := map[string]*file{}
	for _, f := range load() {
		byURL[f.url] = f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := byURL[r.URL.Path]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		f.serve(w, r)
	})
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := f.body
	if f.packed != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.packed
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // an error here means that the reader has gone
	}
}

// group adds files that refer to each other by relative names and so share a digest.
func group(all map[string]*file, bodies map[string][]byte) {
	names := make([]string, 0, len(bodies))
	for n := range bodies {
		names = append(names, n)
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, n := range names {
		fmt.Fprintf(sum, "%s %d\n", n, len(bodies[n]))
		sum.Write(bodies[n])
	}
	dir := fmt.Sprintf("%s%x/", Prefix, sum.Sum(nil)[:5])
	for _, n := range names {
		f := &file{body: bodies[n], kind: kindOf(n), url: dir + n}
		if path.Ext(n) != ".woff2" {
			f.packed = pack(f.body)
		}
		all[n] = f
	}
}

func kindOf(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func pack(b []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("static: " + err.Error()) // writing to memory does not fail
	}
	return out.Bytes()
}

func folder(dir string) map[string][]byte {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		panic("static: " + err.Error()) // the folder is embedded
	}
	bodies := map[string][]byte{}
	for _, e := range entries {
		b, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err != nil {
			panic("static: " + err.Error())
		}
		bodies[e.Name()] = b
	}
	return bodies
}

// sheet joins the style sheets of a folder in the order of their names.
func sheet(name string) []byte {
	parts := folder("css/" + name)
	names := make([]string, 0, len(parts))
	for n := range parts {
		names = append(names, n)
	}
	slices.Sort(names)
	var all []byte
	for _, n := range names {
		all = append(all, parts[n]...)
	}
	return squeeze(all)
}

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	blank   = regexp.MustCompile(`\s+`)
	around  = regexp.MustCompile(`\s*([{};,])\s*`)
)

// squeeze takes comments and the white space around punctuation out of a style sheet. No string of ours holds any of it.
func squeeze(css []byte) []byte {
	css = comment.ReplaceAll(css, nil)
	css = blank.ReplaceAll(css, []byte(" "))
	css = around.ReplaceAll(css, []byte("$1"))
	css = bytes.ReplaceAll(css, []byte(": "), []byte(":"))
	css = bytes.ReplaceAll(css, []byte(" > "), []byte(">"))
	return bytes.ReplaceAll(css, []byte(";}"), []byte("}"))
}

// trim takes indentation and whole-line comments out of a script. No string or template literal of ours spans lines.
func trim(js []byte) []byte {
	var out []byte
	for line := range bytes.Lines(js) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) {
			out = append(append(out, line...), '\n')
		}
	}
	return out
}
