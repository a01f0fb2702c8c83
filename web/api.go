package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"stride/internal/calc"
)

// apiOp is one operation of the programming interface: what the router, the documentation and the tests know about it.
type apiOp struct {
	Method, Path, ID, Summary string
	Params                    []apiParam
	// Upload is set for operations that take a picture as their body.
	Upload bool
	// Result is a value of the answer's type.
	Result any
	handle handler
}

// apiParam is a parameter of the path or the query.
type apiParam struct {
	Name, In, Doc string
	Required      bool
	Type          string // "string", "integer", "boolean"
	Example       string
}

func pathParam(name, doc, example string) apiParam {
	return apiParam{Name: name, In: "path", Doc: doc, Required: true, Type: "string", Example: example}
}

func queryParam(name, typ, doc, example string) apiParam {
	return apiParam{Name: name, In: "query", Doc: doc, Type: typ, Example: example}
}

// needed marks a parameter without which there is no answer.
func needed(p apiParam) apiParam { p.Required = true; return p }

// apiOps are all operations, in the order of the documentation.
func (s *Server) apiOps() []apiOp {
	model := pathParam("model", "Name of an architecture.", "mini_resnet")
	run, node := pathParam("run", "A run, as predict and trace name it.", ""), pathParam("node", "Path of a node.", "conv1")
	sample := queryParam("img", "string", "Name of a sample picture, instead of a body.", "cat-1")
	weights := queryParam("weights", "string", "Id of installed weights, or untrained:SEED; the best that are here otherwise.", "")
	top := queryParam("top", "integer", "How many classes.", "5")
	return []apiOp{
		{Method: "GET", Path: "/models", ID: "models", Summary: "Every architecture and the weights that are installed.", Result: []apiModel{}, handle: s.apiModels},
		{Method: "GET", Path: "/models/{model}/summary", ID: "summary", Summary: "Shapes, parameters, multiply-accumulates, receptive fields and memory, node by node.",
			Params: []apiParam{model, queryParam("input", "string", "Another input size.", "")}, Result: apiSummary{}, handle: s.apiSummary},
		{Method: "GET", Path: "/models/{model}/figures", ID: "figures", Summary: "The counts of other counters, and how figures in circulation follow from the network's own count, to the last digit.",
			Params: []apiParam{model, queryParam("figure", "string", "A figure to account for besides, as people write it.", "3.8×10⁹")}, Result: apiFigures{}, handle: s.apiFigures},
		{Method: "GET", Path: "/compare", ID: "compare", Summary: "Networks side by side; two of them layer by layer.", Params: []apiParam{needed(queryParam("m", "string", "Names, separated by commas.", "vgg16,vgg19"))}, Result: apiComparison{}, handle: s.apiCompare},
		{Method: "GET", Path: "/bottleneck", ID: "bottleneck", Summary: "A convolution and its factorised forms.", Params: []apiParam{queryParam("in", "integer", "Channels of the input.", "32"), queryParam("mid", "integer", "Channels of the middle layer.", "16"),
			queryParam("out", "integer", "Filters.", "64"), queryParam("k", "integer", "Side of the kernel.", "3"), queryParam("size", "integer", "Side of the map.", "28"), queryParam("bias", "integer", "1 counts biases too.", "0")}, Result: apiBottleneck{}, handle: s.apiBottleneck},
		{Method: "GET", Path: "/calc", ID: "calc", Summary: "The calculator: shapes, counts and memory of layers written as compact text. A layer that cannot work has a problem with repairs on its row.",
			Params: []apiParam{needed(queryParam("d", "string", "The stack.", "i3x64;c32k3p1;bn;relu;mp2")), queryParam("lang", "string", "Language of the sentences: en or ko.", "en")}, Result: calc.Report{}, handle: s.apiCalc},
		{Method: "GET", Path: "/models/{model}/predict", ID: "predictSample", Summary: "What a network says about a sample picture.", Params: []apiParam{model, needed(sample), weights, top}, Result: apiPrediction{}, handle: s.apiPredict},
		{Method: "POST", Path: "/models/{model}/predict", ID: "predict", Summary: "What a network says about the picture in the body.", Params: []apiParam{model, weights, top}, Upload: true, Result: apiPrediction{}, handle: s.apiPredict},
		{Method: "GET", Path: "/models/{model}/trace", ID: "traceSample", Summary: "Every node's statistics for a sample picture.", Params: []apiParam{model, needed(sample), weights}, Result: apiPrediction{}, handle: s.apiTrace},
		{Method: "POST", Path: "/models/{model}/trace", ID: "trace", Summary: "Every node's statistics for the picture in the body.", Params: []apiParam{model, weights}, Upload: true, Result: apiPrediction{}, handle: s.apiTrace},
		{Method: "GET", Path: "/runs/{run}/nodes/{node}/values", ID: "values", Summary: "One channel of a node's output.", Params: []apiParam{run, node, queryParam("c", "integer", "The channel.", "0")}, Result: apiValues{}, handle: s.apiValues},
		{Method: "GET", Path: "/runs/{run}/nodes/{node}/explain", ID: "explain", Summary: "How one value was computed: every product behind it.",
			Params: []apiParam{run, node, queryParam("c", "integer", "The channel.", "0"), queryParam("y", "integer", "The row.", "0"), queryParam("x", "integer", "The column.", "0"), queryParam("limit", "integer", "The most terms to list.", "1000")}, Result: apiExplanation{}, handle: s.apiExplain},
	}
}

// apiRoutes are the programming interface, below /api/v1. Errors are problem documents (RFC 9457).
func (s *Server) apiRoutes(r chi.Router) {
	for _, o := range s.apiOps() {
		r.Method(o.Method, o.Path, s.page(o.handle))
	}
	r.Get("/openapi.json", s.page(s.apiDocument))
	r.NotFound(s.page(notFound))
	r.MethodNotAllowed(s.page(methodNotAllowed))
}

// sendJSON answers with a value and its ETag. The address may have another answer tomorrow, so it is asked again.
func sendJSON(w http.ResponseWriter, r *http.Request, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		return err
	}
	return sendFresh(w, r, "application/json", b.Bytes())
}

// sendFresh answers with bytes that a cache may keep and must ask about: they follow from the address and this version of
// the program.
func sendFresh(w http.ResponseWriter, r *http.Request, mime string, b []byte) error {
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	for _, t := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag && r.Method == http.MethodGet {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", mime)
	_, err := w.Write(b)
	return ignoreGone(err)
}
