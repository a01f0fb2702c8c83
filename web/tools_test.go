package web

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"stride/internal/calc"
	"stride/web/i18n"
)

// toolSite is a site on which the tools' routes are mounted whether or not the whole map has them.
func toolSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	m := chi.NewRouter()
	m.Route("/{lang:en|ko}", func(r chi.Router) {
		s.s.toolRoutes(r)
		r.NotFound(s.s.ServeHTTP)
		r.MethodNotAllowed(s.s.ServeHTTP)
	})
	m.NotFound(s.s.ServeHTTP)
	srv := httptest.NewServer(m)
	t.Cleanup(srv.Close)
	s.Server = srv
	return s
}

func TestToolWords(t *testing.T) {
	compareWords(t, "words", *toolWordsOf(i18n.English), *toolWordsOf(i18n.Korean))
}

// TestToolPages renders the calculator and the comparison in many states, in both languages.
func TestToolPages(t *testing.T) {
	s := toolSite(t)
	d := func(text string) string { return url.QueryEscape(text) }
	for _, lang := range []string{"/en", "/ko"} {
		for _, p := range []string{
			"/calc", "/calc?d=" + d("i3x64"), "/calc?d=" + d("i3x8;mp2;c8k7;relu"), "/calc?d=" + d("i3x64;c16k3p1;add(c16k3p1n;bn|);cat(c8k1|c8k3p1)") + "&row=1.0.0", "/calc?d=" + d("i3x64;2xbt64m16;db4g8;inc8r8t8u8f8o8k5"),
			"/calc?figure=" + d("78.5 k"), "/calc?figure=" + d("9 G"), "/calc?figure=many",
			"/calc?d=" + d("i784;fc128;relu;fc10;sm"), "/compare", "/compare?m=mini_resnet,mini_vgg&x=params&by=macs&dir=up&cm=grey&sort=index", "/compare?m=mini_resnet&x=ms", "/compare?m=lenet5,lenet5_paper",
			"/compare/vgg16/vgg19", "/compare/alexnet_paper/alexnet", "/compare/resnet50_v1/resnet50",
		} {
			resp, body := s.get(t, lang+p)
			if resp.StatusCode != http.StatusOK {
				t.Errorf("%s%s: status %d", lang, p, resp.StatusCode)
				continue
			}
			checkPage(t, lang+p, lang[1:], body)
			if dir := os.Getenv("TOOL_PAGES"); dir != "" { // for looking at them
				name := strings.NewReplacer("/", "_", "?", "_", "&", "_", "=", "_", "%", "_").Replace(lang+p) + ".html"
				if err := os.WriteFile(dir+"/"+name[:min(len(name), 80)], []byte(body), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for p, want := range map[string]int{"/en/calc?d=zz": 422, "/en/calc?u=!": 400, "/en/calc?from=resnet51": 404, "/en/calc.csv?d=zz": 400, "/en/calc.py?d=i3x4~c8k9": 422, "/en/compare?m=resnet51": 404, "/en/compare?x=watts": 400, "/en/compare/vgg16/vgg61": 404} {
		if resp, _ := s.get(t, p); resp.StatusCode != want {
			t.Errorf("%s: status %d, want %d", p, resp.StatusCode, want)
		}
	}
}

// TestReckoning: the pages account for figures in circulation and for those that a reader brings.
func TestReckoning(t *testing.T) {
	s := toolSite(t)
	for path, want := range map[string][]string{
		"/en/calc?from=alexnet_paper":                         {"60 million", "Krizhevsky et al. 2012, Abstract", "60,965,224", "further digits left out"},
		"/ko/calc?from=resnet50":                              {"25,636,712", "+53,120", "+26,560", "배치 정규화의 이동 평균과 분산", "표 1"},
		"/en/calc?d=i3x8%3Bc4k3%3Bbn&figure=120":              {"+8", "running means and variances"},
		"/en/calc?d=i3x8%3Bc4k3%3Bbn&figure=121":              {"None of the conventions", "120 parameters"},
		"/en/calc?figure=%3Cb%3E":                             {"“&lt;b&gt;” is no number"},
		"/en/compare?m=alexnet,googlenet":                     {"61,100,840", "13,004,888", "+6,379,984", "Our count of AlexNet (paper)"},
		"/ko/compare?m=efficientnet_b0,inception_v3,resnet34": {"5,330,571", "23,851,784", "−17,216", "Plain-34에서 센 값"},
	} {
		resp, body := s.get(t, path)
		for _, w := range want {
			if resp.StatusCode != http.StatusOK || !strings.Contains(body, w) {
				t.Errorf("%s: status %d, or not %q", path, resp.StatusCode, w)
			}
		}
	}
}

// follow asks for an address of the calculator and returns the stack it ends at.
func (s *site) follow(t *testing.T, q url.Values) calcState {
	t.Helper()
	resp, body := s.get(t, "/en/calc?"+q.Encode())
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%v: status %d\n%.300s", q, resp.StatusCode, body)
	}
	st, err := parseCalc(resp.Request.URL.Query())
	if err != nil {
		t.Fatal(err)
	}
	if resp.Request.URL.Query().Has("do") || resp.Request.URL.Query().Has("add") {
		t.Errorf("%s still asks for the edit", resp.Request.URL)
	}
	return st
}

// TestCalcEdits presses the calculator's buttons, one after the other, and undoes them all.
func TestCalcEdits(t *testing.T) {
	s := toolSite(t)
	st := calcState{Stack: parseStack(t, "i3x32;c8k3p1;relu;gap;fc10")}
	start := st.Stack.String()
	for _, step := range []struct{ name, key, value, want string }{
		{"a setting", "r1.out", "16", "i3x32;c16k3p1;relu;gap;fc10"},
		{"up", "do", "up2", "i3x32;relu;c16k3p1;gap;fc10"},
		{"down", "do", "down1", "i3x32;c16k3p1;relu;gap;fc10"},
		{"the last row in hand", "sel", "3", "i3x32;c16k3p1;relu;gap;fc10"},
		{"add", "add", "bn", "i3x32;c16k3p1;relu;gap;fc10;bn"},
		{"drag", "do", "move5-2", "i3x32;c16k3p1;bn;relu;gap;fc10"},
		{"skip", "do", "insert:3::add(c16k3p1|)", "i3x32;c16k3p1;bn;relu;add(c16k3p1|);gap;fc10"},
		{"drag into a path", "do", "move2-7", "i3x32;c16k3p1;relu;add(c16k3p1|bn);gap;fc10"},
		{"delete", "do", "del2", "i3x32;c16k3p1;add(c16k3p1|bn);gap;fc10"},
		{"repair", "do", "set:0:kernel:1", "i3x32;c16k1p1;add(c16k3p1|bn);gap;fc10"},
	} {
		q := st.values()
		q.Set(step.key, step.value)
		if st = s.follow(t, q); st.Stack.String() != step.want {
			t.Fatalf("%s: %s, want %s", step.name, st.Stack, step.want)
		}
	}
	steps := len(st.Undo)
	for range steps {
		q := st.values()
		q.Set("do", "undo")
		st = s.follow(t, q)
	}
	if st.Stack.String() != start || len(st.Undo) != 0 || steps < 9 {
		t.Errorf("after undoing %d steps: %s", steps, st.Stack)
	}
}

// TestCalcRefused: a setting that cannot be taken is told at its row with what was typed; the other settings are carried out.
func TestCalcRefused(t *testing.T) {
	s := toolSite(t)
	for _, c := range []struct{ field, value, en, ko string }{
		{"r1.kernel", "0", "The setting “kernel” takes a number from 1 to 64, not “0”.", "“커널” 값은 1부터 64까지의 수여야 합니다. 입력한 값: “0”."},
		{"r0.size", "x", "“x” is no input size: one number, or rows × columns, up to 4096.", "“x”은(는) 입력 크기가 아닙니다. 수 하나 또는 행×열로 4096 이하를 적습니다."},
		{"r1.count", "1e9", "The setting “times” takes a number from 1 to 200, not “1e9”.", "“반복” 값은 1부터 200까지의 수여야 합니다. 입력한 값: “1e9”."},
	} {
		q := calcState{Stack: parseStack(t, "i3x32;c8k3p1;fl;fc10"), Row: "0", Chosen: true}.values()
		q.Set(c.field, c.value)
		q.Set("r3.out", "12")
		for lang, want := range map[string]string{"en": c.en, "ko": c.ko} {
			resp, body := s.get(t, "/"+lang+"/calc?"+q.Encode())
			if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
				t.Errorf("%s %s: status %d, or not %q", lang, c.field, resp.StatusCode, want)
			}
			if !strings.Contains(body, `name="`+c.field+`" value="`+c.value+`"`) || !strings.Contains(body, `value="v1~i3x32~c8k3p1~fl~fc12"`) {
				t.Errorf("%s %s: what was typed is gone, or the other setting", lang, c.field)
			}
			checkPage(t, c.field, lang, body)
		}
	}
}

// TestCalcInPlace: the script gets the page of the edited stack at once, and is told its address.
func TestCalcInPlace(t *testing.T) {
	s := toolSite(t)
	q := calcState{Stack: parseStack(t, "i3x32;c8k3p1;fl;fc10")}.values()
	q.Set("r3.out", "12")
	req, err := http.NewRequest(http.MethodGet, s.URL+"/en/calc?"+q.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Prefer", "return=representation")
	resp, err := http.DefaultTransport.RoundTrip(req) // follows nothing
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	_, to, _ := strings.Cut(resp.Header.Get("Content-Location"), "?")
	at, err := url.ParseQuery(to)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Vary") == "" {
		t.Fatalf("status %d, Vary %q, %v", resp.StatusCode, resp.Header.Get("Vary"), err)
	}
	if st, err := parseCalc(at); err != nil || st.Stack.String() != "i3x32;c8k3p1;fl;fc12" || len(st.Undo) != 1 || st.Row != "2" {
		t.Errorf("%v: %s, %d steps back, row %q", err, st.Stack, len(st.Undo), st.Row)
	}
}

func parseStack(t *testing.T, text string) calc.Stack {
	t.Helper()
	st, err := calc.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// TestCalcSelected adds behind the selected row, also inside a path.
func TestCalcSelected(t *testing.T) {
	s := toolSite(t)
	for _, c := range []struct{ row, add, want string }{
		{"0", "relu", "i3x8;c3k3p1;relu;add(c3k1|)"}, {"", "bn", "i3x8;bn;c3k3p1;add(c3k1|)"}, {"1.1", "relu", "i3x8;c3k3p1;add(c3k1|relu)"}, {"1.0.0", "relu", "i3x8;c3k3p1;add(c3k1;relu|)"},
	} {
		q := calcState{Stack: parseStack(t, "i3x8;c3k3p1;add(c3k1|)"), Row: c.row, Chosen: true}.values()
		q.Set("add", c.add)
		if st := s.follow(t, q); st.Stack.String() != c.want {
			t.Errorf("behind %q: %s, want %s", c.row, st.Stack, c.want)
		}
	}
}

// TestCalcWhole starts from the largest networks: every form stays within an address or is posted.
func TestCalcWhole(t *testing.T) {
	s := toolSite(t)
	for _, name := range []string{"resnet152", "inception_v3", "densenet201", "efficientnet_b7", "plain34"} {
		resp, body := s.get(t, "/en/calc?from="+name)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, resp.StatusCode)
			continue
		}
		checkPage(t, name, "en", body)
		want, err := calc.FromModel(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := i18n.Int(calc.Compile(want).Totals.Params); !strings.Contains(body, n) {
			t.Errorf("%s: the page does not say %s", name, n)
		}
	}
	resp, err := s.client.PostForm(s.URL+"/en/calc", url.Values{"d": {"i3x8;c8k3"}, "r1.out": {"12"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if st, err := parseCalc(resp.Request.URL.Query()); err != nil || st.Stack.String() != "i3x8;c12k3" {
		t.Errorf("a posted form led to %s", resp.Request.URL)
	}
}

func TestCalcFiles(t *testing.T) {
	s := toolSite(t)
	q := "?d=" + url.QueryEscape("i3x8;c8k3;relu")
	_, body := s.get(t, "/en/calc.csv"+q)
	if rows, err := csv.NewReader(strings.NewReader(body)).ReadAll(); err != nil || len(rows) != 5 || rows[4][4] != "224" {
		t.Errorf("csv: %v %q", err, rows)
	}
	_, body = s.get(t, "/ko/calc.json"+q)
	var rep calc.Report
	if err := json.Unmarshal([]byte(body), &rep); err != nil || rep.Totals.Params != 224 {
		t.Errorf("json: %v %+v", err, rep.Totals)
	}
	if _, body = s.get(t, "/ko/calc.md"+q); !strings.Contains(body, "| 합성곱 |") {
		t.Errorf("markdown: %s", body)
	}
	if _, body = s.get(t, "/en/calc.py"+q); !strings.Contains(body, "nn.Conv2d(3, 8, 3),") {
		t.Errorf("python: %s", body)
	}
}

func TestCalcPaste(t *testing.T) {
	s := toolSite(t)
	post := func(text string) (*http.Response, string) {
		req, err := http.NewRequest("POST", s.URL+"/en/calc/parse", strings.NewReader(url.Values{"text": {text}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "text/html")
		return s.do(t, req)
	}
	resp, _ := post("i3x8;c8k3")
	if st, err := parseCalc(resp.Request.URL.Query()); err != nil || st.Stack.String() != "i3x8;c8k3" {
		t.Errorf("a stack led to %s", resp.Request.URL)
	}
	_, body := post("nn.Conv2d(3, 8, 3)\nwhat is this")
	checkPage(t, "paste", "en", body)
	if !strings.Contains(body, "2: what is this") || !strings.Contains(body, "Read 224 parameters") {
		t.Error("the unknown line or the count is not on the page")
	}
	_, body = post("nn.Sequential(nn.Conv2d(3, 8, 3), Mystery(8))")
	if !strings.Contains(body, "could not be told") || !strings.Contains(body, "1: Mystery(…)") {
		t.Error("the page does not say what is missing")
	}
}

func TestCompareFiles(t *testing.T) {
	s := toolSite(t)
	_, body := s.get(t, "/en/compare.csv?m=vgg16,resnet50")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != "vgg16" || rows[1][5] != "138357544" || rows[2][4] != "76.13" {
		t.Errorf("%v %q", err, rows)
	}
	if _, svg := s.get(t, "/ko/compare/picture/cost.svg?m=vgg16,resnet50&theme=dark"); !strings.Contains(svg, "<svg") || !strings.Contains(svg, "ResNet-50") || strings.Contains(svg, "var(--") {
		t.Errorf("svg: %.200s", svg)
	}
	_, body = s.get(t, "/en/compare/vgg16/vgg19")
	if _, table := s.get(t, "/en/compare/vgg16/vgg19.csv"); strings.Count(table, "\n") != 7 || !strings.Contains(table, ",–,") {
		t.Errorf("table: %q", table)
	}
	if n := strings.Count(body, "<td class=\"num\">–</td>"); n != 6 {
		t.Errorf("%d layers were added, want 6", n)
	}
	if !strings.Contains(body, "+5,309,696") {
		t.Error("the page does not say how many parameters VGG-19 has more")
	}
}

// FuzzCompareState: whatever is read is written so that it is read again equally.
func FuzzCompareState(f *testing.F) {
	f.Add("m=vgg16,resnet50&x=params&by=year&dir=up&cm=grey&sort=index")
	f.Add("m=vgg16&m=lenet5&img=cat")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		st, err := parseCompare(q)
		if err != nil {
			return
		}
		back, err := parseCompare(st.values())
		if err != nil || back.values().Encode() != st.values().Encode() {
			t.Fatalf("%q became %q: %v", st.values(), back.values(), err)
		}
	})
}

// FuzzCalcState: whatever an address of the calculator asks for is done or refused, the state it leads to is read back
// equally, and its page can be made.
func FuzzCalcState(f *testing.F) {
	f.Add("d=i3x64;c32k3p1;bn;relu;mp2&r1.out=48&add=bn")
	f.Add("d=i3x8;add(c3k3p1|);cat(c8k1|c8k3p1)&row=0.0&do=down2&figure=25.6 M")
	f.Add("d=i3x8;3xbt256m64;db4g8&do=open1&sel=0")
	f.Add("d=i3x8;c4k3&do=move1-0&r0.size=9x7&r1.bias=0")
	f.Add("d=i784;fc10&do=set:0:out:7")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		st, err := parseCalc(q)
		if err != nil {
			return
		}
		next, err := st.edited(q)
		var bad *refusal
		if err != nil && !errors.As(err, &bad) {
			next = st
		}
		back, err := parseCalc(next.values())
		if err != nil || back.url(i18n.English) != next.url(i18n.English) {
			t.Fatalf("%q became %q: %v", next.values(), back.values(), err)
		}
		c := newCalcPage(i18n.Korean, next)
		c.refused = bad
		for i := range c.result.Rows {
			c.row(i)
		}
		c.detail()
		c.shares()
		c.totals()
		c.reckoning(nil)
	})
}
