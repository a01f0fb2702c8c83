package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"stride/internal/calc"
)

// apiSite is a site whose interface is mounted whether or not the whole map has it.
func apiSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	m := chi.NewRouter()
	m.Use(middleware.RequestID)
	m.Route("/api/v1", s.s.apiRoutes)
	m.NotFound(s.s.ServeHTTP)
	srv := httptest.NewServer(m)
	t.Cleanup(srv.Close)
	s.Server = srv
	return s
}

// call asks and decodes; the status must be the one wanted.
func (s *site) call(t *testing.T, method, path string, header map[string]string, body []byte, want int) (*http.Response, any) {
	t.Helper()
	req, err := http.NewRequest(method, s.URL+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, text := s.do(t, req)
	if resp.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d: %.300s", method, path, resp.StatusCode, want, text)
	}
	if want == http.StatusNotModified {
		return resp, nil
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s %s: %v in %.200s", method, path, err, text)
	}
	return resp, v
}

// validator checks values against the schemas of the served document: types, required and unknown properties, items,
// references, alternatives.
type validator struct{ schemas object }

func (v validator) check(at string, schema any, x any) (problems []string) {
	s, ok := schema.(object)
	if !ok {
		return []string{at + ": no schema"}
	}
	if ref, ok := s["$ref"].(string); ok {
		return v.check(at, v.schemas[strings.TrimPrefix(ref, "#/components/schemas/")], x)
	}
	for _, key := range []string{"allOf", "oneOf"} {
		list, ok := s[key].([]any)
		if !ok {
			continue
		}
		fits := 0
		for _, alt := range list {
			if len(v.check(at, alt, x)) == 0 {
				fits++
			}
		}
		if key == "allOf" && fits < len(list) || key == "oneOf" && fits != 1 {
			return []string{fmt.Sprintf("%s: %d of %s fit", at, fits, key)}
		}
		return nil
	}
	if !hasType(s["type"], x) {
		return []string{fmt.Sprintf("%s: %v is not %v", at, x, s["type"])}
	}
	switch x := x.(type) {
	case []any:
		for i, e := range x {
			problems = append(problems, v.check(fmt.Sprintf("%s[%d]", at, i), s["items"], e)...)
		}
	case object:
		problems = append(problems, v.object(at, s, x)...)
	}
	return problems
}

func (v validator) object(at string, s, x object) (problems []string) {
	props, _ := s["properties"].(object)
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := x[name.(string)]; !ok {
			problems = append(problems, fmt.Sprintf("%s: no %v", at, name))
		}
	}
	for name, e := range x {
		p, ok := props[name]
		if !ok {
			p, ok = s["additionalProperties"]
		}
		if !ok {
			problems = append(problems, fmt.Sprintf("%s: %s is not documented", at, name))
			continue
		}
		problems = append(problems, v.check(at+"."+name, p, e)...)
	}
	return problems
}

func hasType(t any, x any) bool {
	if list, ok := t.([]any); ok {
		return slices.ContainsFunc(list, func(e any) bool { return hasType(e, x) })
	}
	switch t {
	case "null":
		return x == nil
	case "string":
		_, ok := x.(string)
		return ok
	case "boolean":
		_, ok := x.(bool)
		return ok
	case "number":
		_, ok := x.(float64)
		return ok
	case "integer":
		f, ok := x.(float64)
		return ok && f == math.Trunc(f)
	case "array":
		_, ok := x.([]any)
		return ok
	case "object":
		_, ok := x.(object)
		return ok
	}
	return false
}

// apiPhoto is a small picture of a file.
func apiPhoto(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 80, 64))
	for i := range img.Pix {
		img.Pix[i] = uint8(i*7 + i/97)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAPIContract asks every documented operation and holds the answers to the served document, and the document to the routes.
func TestAPIContract(t *testing.T) {
	s := apiSite(t)
	_, doc := s.call(t, "GET", "/openapi.json", nil, nil, 200)
	paths := doc.(object)["paths"].(object)
	v := validator{doc.(object)["components"].(object)["schemas"].(object)}

	_, first := s.call(t, "GET", "/models/mini_resnet/predict?img=cat-1", nil, nil, 200)
	run := first.(object)["run"].(string)
	asked := map[string]bool{}
	for _, o := range s.s.apiOps() {
		op, ok := paths[o.Path].(object)[strings.ToLower(o.Method)].(object)
		if !ok || op["operationId"] != o.ID {
			t.Errorf("%s %s is not documented", o.Method, o.Path)
			continue
		}
		path, q := o.Path, url.Values{}
		for _, p := range o.Params {
			value := p.Example
			if p.Name == "run" {
				value = run
			}
			if p.In == "path" {
				path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
			} else if value != "" {
				q.Set(p.Name, value)
			}
		}
		var body []byte
		if o.Upload {
			body = apiPhoto(t)
		}
		resp, answer := s.call(t, o.Method, path+"?"+q.Encode(), map[string]string{"Content-Type": "image/png"}, body, 200)
		ok200 := op["responses"].(object)["200"].(object)["content"].(object)["application/json"].(object)["schema"]
		for _, p := range v.check(o.ID, ok200, answer) {
			t.Error(p)
		}
		asked[o.Method+" "+o.Path] = true
		if o.Method != "GET" {
			continue
		}
		tag := resp.Header.Get("ETag")
		if tag == "" || resp.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: ETag %q, caching %q", o.ID, tag, resp.Header.Get("Cache-Control"))
		}
		s.call(t, "GET", path+"?"+q.Encode(), map[string]string{"If-None-Match": `"other", W/` + tag}, nil, http.StatusNotModified)
	}
	for path, ops := range paths {
		for method := range ops.(object) {
			if !asked[strings.ToUpper(method)+" "+path] {
				t.Errorf("%s %s is documented, but there is no such operation", method, path)
			}
		}
	}
	r := chi.NewRouter()
	s.s.apiRoutes(r)
	if err := chi.Walk(r, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if route != "/openapi.json" && !asked[method+" "+route] {
			t.Errorf("%s %s is a route without documentation", method, route)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAPIProblems: every mistake has a problem document with a stable code.
func TestAPIProblems(t *testing.T) {
	s := apiSite(t)
	_, doc := s.call(t, "GET", "/openapi.json", nil, nil, 200)
	v := validator{doc.(object)["components"].(object)["schemas"].(object)}
	for _, c := range []struct {
		method, path string
		body         string
		status       int
		code         string
	}{
		{"GET", "/nothing", "", 404, "unknown_id"},
		{"DELETE", "/models", "", 405, "method"},
		{"GET", "/models/resnet51/summary", "", 404, "unknown_id"},
		{"GET", "/models/lenet5/summary?input=3x0x1", "", 400, "bad_request"},
		{"GET", "/models/vgg16/summary?input=3x8x8", "", 422, "bad_request"},
		{"GET", "/calc?d=zz", "", 400, "bad_stack"},
		{"GET", "/calc?d=i3x8&lang=fr", "", 400, "bad_request"},
		{"GET", "/compare?m=vgg16,vgg61", "", 400, "bad_request"},
		{"GET", "/bottleneck?in=0", "", 400, "bad_request"},
		{"GET", "/models/lenet5/predict", "", 400, "bad_request"},
		{"GET", "/models/lenet5/predict?img=cat-1&weights=none", "", 404, "weights_missing"},
		{"GET", "/models/alexnet/predict?img=cat", "", 422, "untrained"},
		{"GET", "/models/lenet5/predict?img=zero&top=0", "", 400, "bad_request"},
		{"POST", "/models/lenet5/predict", "not a picture", 415, "unsupported_type"},
		{"GET", "/runs/0123/nodes/c1/values", "", 404, "unknown_id"},
	} {
		resp, p := s.call(t, c.method, c.path, map[string]string{"Content-Type": "image/png"}, []byte(c.body), c.status)
		if mime := resp.Header.Get("Content-Type"); mime != "application/problem+json" {
			t.Errorf("%s: %s", c.path, mime)
		}
		if p.(object)["code"] != c.code {
			t.Errorf("%s: %v, want %s", c.path, p, c.code)
		}
		for _, x := range v.check(c.path, object{"$ref": "#/components/schemas/problem"}, p) {
			t.Error(x)
		}
	}
}

// TestAPINumbers follows one picture from its upload to the sum behind a value.
func TestAPINumbers(t *testing.T) {
	s := apiSite(t)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	f, err := w.CreateFormFile("file", "photo.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(apiPhoto(t)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, byForm := s.call(t, "POST", "/models/mini_resnet/trace", map[string]string{"Content-Type": w.FormDataContentType()}, form.Bytes(), 200)
	_, byBody := s.call(t, "POST", "/models/mini_resnet/trace", map[string]string{"Content-Type": "image/png"}, apiPhoto(t), 200)
	a, b := byForm.(object), byBody.(object)
	if fmt.Sprint(a["logits"]) != fmt.Sprint(b["logits"]) || len(a["logits"].([]any)) != 36 {
		t.Error("the same picture as form and as body has other logits")
	}
	sum := 0.0
	_, all := s.call(t, "POST", "/models/mini_resnet/predict?top=36", map[string]string{"Content-Type": "image/png"}, apiPhoto(t), 200)
	for _, g := range all.(object)["top"].([]any) {
		sum += g.(object)["prob"].(float64)
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("36 classes add up to %v", sum)
	}

	node := "/runs/" + a["run"].(string) + "/nodes/conv1"
	_, vals := s.call(t, "GET", node+"/values?c=5", nil, nil, 200)
	shown := vals.(object)["values"].([]any)[7].([]any)[9].(float64)
	_, ex := s.call(t, "GET", node+"/explain?c=5&y=7&x=9", nil, nil, 200)
	e := ex.(object)
	total := 0.0
	for _, term := range e["terms"].([]any) {
		total += term.(object)["x"].(float64) * term.(object)["w"].(float64)
	}
	if e["form"] != "sum" || math.Abs(total-shown) > 1e-4 || math.Abs(e["value"].(float64)-shown) > 1e-4 {
		t.Errorf("the terms add up to %v, the cell holds %v: %v", total, shown, e["value"])
	}
	_, few := s.call(t, "GET", node+"/explain?c=5&y=7&x=9&limit=3", nil, nil, 200)
	if n := len(few.(object)["terms"].([]any)); n != 3 || few.(object)["terms_total"] != e["terms_total"] {
		t.Errorf("%d of %v terms", n, few.(object)["terms_total"])
	}
	s.call(t, "GET", node+"/values?c=9999", nil, nil, 400)
	s.call(t, "GET", strings.Replace(node, "conv1", "conv99", 1)+"/values", nil, nil, 404)
}

// TestAPIAgrees holds the interface to the pages' own sources.
func TestAPIAgrees(t *testing.T) {
	s := apiSite(t)
	_, got := s.call(t, "GET", "/calc?d="+url.QueryEscape("i3x4;c8k7")+"&lang=ko", nil, nil, 200)
	st, err := calc.Parse("i3x4;c8k7")
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(calc.Compile(st).Report(calc.Korean))
	if err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var x, y any
	if json.Unmarshal(want, &x) != nil || json.Unmarshal(back, &y) != nil || fmt.Sprint(x) != fmt.Sprint(y) {
		t.Errorf("got %s\nwant %s", back, want)
	}
	_, sum := s.call(t, "GET", "/models/resnet50/summary", nil, nil, 200)
	totals := sum.(object)["totals"].(object)
	if totals["params"] != 25557032.0 || totals["macs"] != 4089184256.0 {
		t.Errorf("totals %v", totals)
	}
	_, cmp := s.call(t, "GET", "/compare?m=resnet50_v1,resnet50", nil, nil, 200)
	if d := cmp.(object)["diff"].(object); d["macs"] != 231211008.0 || len(d["steps"].([]any)) != 6 {
		t.Errorf("diff %v", d)
	}
	_, fig := s.call(t, "GET", "/models/resnet50/figures?figure=8.2G", nil, nil, 200)
	for _, f := range fig.(object)["figures"].([]any) {
		sum := f.(object)["count"].(float64)
		for _, l := range f.(object)["lines"].([]any) {
			sum += l.(object)[f.(object)["of"].(string)].(float64)
		}
		if sum != f.(object)["sum"] {
			t.Errorf("the lines of %v add up to %v", f, sum)
		}
	}
	if asked := fig.(object)["asked"].([]any); len(asked) != 1 || asked[0].(object)["sum"] != 8178368512.0 {
		t.Errorf("8.2 G: %v", asked)
	}
	if _, bad := s.call(t, "GET", "/models/resnet50/figures?figure=many", nil, nil, 400); bad == nil {
		t.Error("a figure that is none has an answer")
	}
	_, one := s.call(t, "GET", "/compare?m=resnet50", nil, nil, 200)
	if one.(object)["diff"] != nil {
		t.Error("one network has a difference")
	}
}
