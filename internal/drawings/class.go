package drawings

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed classes.json
var classesJSON []byte

// Class is one of the everyday things that the pictures show. Its index in [Classes] is its label.
type Class struct {
	ID     string   `json:"id"`     // lower case, words joined by hyphens: for URLs and files
	EN     string   `json:"en"`     // name in English
	KO     string   `json:"ko"`     // name in Korean
	Glyphs []string `json:"glyphs"` // code points in lower-case hexadecimal joined by hyphens, without fe0f
}

var classes = mustClasses(classesJSON)

func mustClasses(data []byte) []Class {
	var cs []Class
	if err := json.Unmarshal(data, &cs); err != nil {
		panic(fmt.Sprintf("drawings: classes.json: %v", err))
	}
	return cs
}

// Classes returns the classes in label order. The result is the caller's own; the glyph lists are shared and must not change.
func Classes() []Class { return append([]Class(nil), classes...) }

// glyphCodes returns every code point sequence in use, in class order.
func glyphCodes() []string {
	var codes []string
	for _, c := range classes {
		codes = append(codes, c.Glyphs...)
	}
	return codes
}
