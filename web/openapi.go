package web

import (
	"net/http"
	"reflect"
	"strings"

	"stride/web/view"
)

// apiDocument is the description of the programming interface (OpenAPI 3.1), made from the same table as its routes and from
// the types of its answers.
func (s *Server) apiDocument(w http.ResponseWriter, r *http.Request) error {
	return sendJSON(w, r, s.openAPI())
}

type object = map[string]any

func (s *Server) openAPI() object {
	g := &schemas{all: object{}}
	paths := object{}
	for _, o := range s.apiOps() {
		p, ok := paths[o.Path].(object)
		if !ok {
			p = object{}
			paths[o.Path] = p
		}
		p[strings.ToLower(o.Method)] = g.operation(o)
	}
	g.of(reflect.TypeFor[problem]())
	return object{
		"openapi": "3.1.0",
		"info":    object{"title": view.Name, "version": "1", "description": "Everything that the pages compute, as data. Numbers are those of the pages; names do not change within a version."},
		"servers": []any{object{"url": "/api/v1"}},
		"paths":   paths, "components": object{"schemas": g.all},
	}
}

// schemas are the types that operations answer with, by name.
type schemas struct{ all object }

func (g *schemas) operation(o apiOp) object {
	op := object{"operationId": o.ID, "summary": o.Summary, "responses": object{
		"200":     object{"description": "The answer.", "headers": object{"ETag": object{"schema": object{"type": "string"}}}, "content": object{"application/json": object{"schema": g.of(reflect.TypeOf(o.Result))}}},
		"default": object{"description": "What went wrong, and what to do (RFC 9457).", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/problem"}}}},
	}}
	if o.Method == http.MethodGet {
		op["responses"].(object)["304"] = object{"description": "The answer that If-None-Match names is still right."}
	}
	var params []any
	for _, p := range o.Params {
		x := object{"name": p.Name, "in": p.In, "required": p.Required, "description": p.Doc, "schema": object{"type": p.Type}}
		if p.Example != "" {
			x["example"] = p.Example
		}
		params = append(params, x)
	}
	if params != nil {
		op["parameters"] = params
	}
	if o.Upload {
		binary := object{"type": "string", "contentEncoding": "binary"}
		op["requestBody"] = object{"required": true, "content": object{"image/*": object{"schema": binary},
			"multipart/form-data": object{"schema": object{"type": "object", "properties": object{"file": binary}, "required": []string{"file"}}}}}
	}
	return op
}

// of is the schema of a type; structs are named and referred to.
func (g *schemas) of(t reflect.Type) object {
	if t == reflect.TypeFor[apiNumber]() {
		return object{"type": []string{"number", "null"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := g.of(t.Elem())
		if ref, ok := s["$ref"]; ok {
			return object{"oneOf": []any{object{"$ref": ref}, object{"type": "null"}}}
		}
		s["type"] = []string{s["type"].(string), "null"}
		return s
	case reflect.Slice:
		return object{"type": "array", "items": g.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": g.of(t.Elem())}
	case reflect.Struct:
		return g.structure(t)
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	}
	return object{"type": "integer"}
}

func (g *schemas) structure(t reflect.Type) object {
	name := strings.TrimPrefix(t.Name(), "api")
	ref := object{"$ref": "#/components/schemas/" + name}
	if _, ok := g.all[name]; ok {
		return ref
	}
	s := object{"type": "object"}
	g.all[name] = s
	props, required := object{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		p := g.of(f.Type)
		if doc := f.Tag.Get("doc"); doc != "" {
			p = described(p, doc)
		}
		if f.Type.Kind() == reflect.Slice && !strings.HasPrefix(t.Name(), "api") {
			p["type"] = []string{"array", "null"} // a row after a problem knows no shape
		}
		props[tag] = p
		if !strings.Contains(opts, "omitempty") {
			required = append(required, tag)
		}
	}
	s["properties"], s["required"] = props, required
	return ref
}

// described adds a description; a reference keeps its own.
func described(p object, doc string) object {
	if _, ok := p["$ref"]; ok {
		return object{"allOf": []any{p}, "description": doc}
	}
	p["description"] = doc
	return p
}
