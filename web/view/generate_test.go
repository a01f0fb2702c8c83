package view

import (
	"bytes"
	gofmt "go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

// TestGenerated checks that the committed Go of every component is what its source gives:
//
//	go tool templ generate ./web/view/...
func TestGenerated(t *testing.T) {
	sources, err := filepath.Glob("*.templ")
	if err != nil || len(sources) < 10 {
		t.Fatalf("found %d components (%v)", len(sources), err)
	}
	for _, name := range sources {
		file, err := parser.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := generator.Generate(file, &out, generator.WithVersion(templ.Version()), generator.WithFileName("web/view/"+name)); err != nil {
			t.Fatal(err)
		}
		want, err := gofmt.Source(out.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(strings.TrimSuffix(name, ".templ") + "_templ.go")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is newer than its generated file: run go tool templ generate ./web/view/...", name)
		}
	}
}
