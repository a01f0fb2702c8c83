package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestBudget holds the sizes that a first visit pays for, compressed.
func TestBudget(t *testing.T) {
	_, common := Size("app.css")
	for _, name := range []string{"family.css", "network.css", "tools.css"} {
		if _, n := Size(name); common+n > 12_000 {
			t.Errorf("app.css and %s have %d bytes, want at most 12,000", name, common+n)
		}
	}
	// What main.js imports outright is on every page; what it loads on demand is on the pages named here and on no other.
	raw, err := files.ReadFile("js/main.js")
	if err != nil {
		t.Fatal(err)
	}
	always, demand := size("main.js"), map[string]bool{}
	for _, m := range regexp.MustCompile(`from '\./(\w+\.js)'`).FindAllStringSubmatch(string(raw), -1) {
		always += size(m[1])
	}
	for _, m := range regexp.MustCompile(`import\('\./(\w+\.js)'\)`).FindAllStringSubmatch(string(raw), -1) {
		demand[m[1]] = true
	}
	for page, modules := range map[string][]string{"a network, a lab": {"probe.js", "stream.js", "range.js"}, "drawing": {"drawpad.js", "stream.js", "probe.js"}, "the calculator": {"rows.js"}} {
		sum := always
		for _, name := range modules {
			sum += size(name)
			delete(demand, name)
		}
		if sum > 15_000 || sum == 0 {
			t.Errorf("%s: the scripts have %d bytes, want at most 15,000", page, sum)
		}
	}
	if len(demand) > 0 {
		t.Errorf("no page is said to load %v", demand)
	}
	if _, n := Size("fonts.css"); n > 14_000 {
		t.Errorf("the fonts' sheet has %d bytes, want at most 14,000", n)
	}
}

func size(name string) int {
	_, n := Size(name)
	return n
}

func TestServe(t *testing.T) {
	h := Handler()
	get := func(url, encoding string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, url, nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for _, name := range Names() {
		plain := get(URL(name), "")
		body, err := io.ReadAll(plain.Body)
		if err != nil || plain.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, %v", name, plain.StatusCode, err)
		}
		if n, _ := Size(name); len(body) != n {
			t.Errorf("%s: %d bytes, want %d", name, len(body), n)
		}
		if cc := plain.Header.Get("Cache-Control"); !strings.Contains(cc, "immutable") {
			t.Errorf("%s: Cache-Control = %q", name, cc)
		}
		if plain.Header.Get("Content-Type") == "" {
			t.Errorf("%s has no content type", name)
		}
		packed := get(URL(name), "gzip")
		if packed.Header.Get("Content-Encoding") != "gzip" {
			continue
		}
		z, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := io.ReadAll(z); err != nil || !bytes.Equal(again, body) {
			t.Errorf("%s: the compressed form differs (%v)", name, err)
		}
	}
	if got := get(Prefix+"0000000000/app.css", "").StatusCode; got != http.StatusNotFound {
		t.Errorf("an old digest is answered with %d, want 404", got)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, URL("app.css"), nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered with %d, want 405", w.Code)
	}
}

// TestReferences checks that the fonts' sheet and the scripts name files that are there.
func TestReferences(t *testing.T) {
	have := map[string]bool{}
	for _, n := range Names() {
		have[n] = true
	}
	for name, pattern := range map[string]string{"fonts.css": `url\(([^)]+)\)`, "main.js": `(?:from|import\() ?'\./([^']+)'`} {
		refs := regexp.MustCompile(pattern).FindAllSubmatch(load()[name].body, -1)
		if len(refs) < 5 {
			t.Errorf("%s names %d files, want more", name, len(refs))
		}
		for _, r := range refs {
			if !have[string(r[1])] {
				t.Errorf("%s names %q, which is not there", name, r[1])
			}
		}
	}
}

// TestSheetIsWhole checks what squeezing relies on: balanced braces, and no comment or string that it would break.
func TestSheetIsWhole(t *testing.T) {
	for _, name := range []string{"app.css", "family.css", "network.css", "tools.css"} {
		css := string(load()[name].body)
		if o, c := strings.Count(css, "{"), strings.Count(css, "}"); o != c || o < 50 {
			t.Errorf("%s has %d opening and %d closing braces", name, o, c)
		}
		for _, bad := range []string{"/*", "*/", "\n", "@import", "http:", "https:"} {
			if strings.Contains(css, bad) {
				t.Errorf("%s contains %q", name, bad)
			}
		}
	}
	for name, f := range load() {
		if path.Ext(name) == ".js" && strings.Count(string(f.body), "`")%2 != 0 {
			t.Errorf("%s has an open template literal", name)
		}
	}
}

var (
	rule = regexp.MustCompile(`(?s)(:root[^{]*)\{([^}]*)\}`)
	prop = regexp.MustCompile(`--([\w-]+):\s*([^;}]+)`)
)

// themes reads the tokens of both themes from the source.
func themes(t *testing.T) (light, dark, system map[string]string) {
	t.Helper()
	src, err := files.ReadFile("css/app/00-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range rule.FindAllStringSubmatch(string(src), -1) {
		values := map[string]string{}
		for _, p := range prop.FindAllStringSubmatch(m[2], -1) {
			values[p[1]] = strings.TrimSpace(p[2])
		}
		switch strings.TrimSpace(m[1]) {
		case ":root":
			light = values
		case ":root[data-theme=dark]":
			dark = values
		case ":root:not([data-theme])":
			system = values
		}
	}
	if len(light) < 60 || len(dark) < 30 {
		t.Fatalf("read %d light and %d dark tokens", len(light), len(dark))
	}
	return light, dark, system
}

// TestDarkTwice keeps the two copies of the dark theme alike.
func TestDarkTwice(t *testing.T) {
	_, dark, system := themes(t)
	if len(dark) != len(system) {
		t.Errorf("%d tokens by choice, %d from the device", len(dark), len(system))
	}
	for k, v := range dark {
		if system[k] != v {
			t.Errorf("--%s is %q by choice and %q from the device", k, v, system[k])
		}
	}
}
