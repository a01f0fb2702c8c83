package drawings

import (
	"archive/tar"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeTgz makes a package file of the given members.
func writeTgz(t *testing.T, path string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	zw := gzip.NewWriter(f)
	tw := tar.NewWriter(zw)
	for name, body := range files {
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []interface{ Close() error }{tw, zw, f} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// notoPackage returns the members of a package that has a file for every glyph, and some others.
func notoPackage() map[string]string {
	files := map[string]string{
		"package/LICENSE":                     "the licence",
		"package/README.md":                   "read me",
		"package/img/google/64/1f600.png":     "a glyph that is not in use",
		"package/img/google/64/x/1f431.png":   "not in the folder itself",
		"package/img/google/sheets/1f431.png": "another folder",
		"package/../../evil.png":              "outside",
	}
	for i, code := range glyphCodes() {
		if i%2 == 0 {
			code += "-FE0F" // as some packages have it
		}
		files["package/img/google/64/"+code+".png"] = "picture of " + glyphCodes()[i]
	}
	return files
}

func TestUnpackStyle(t *testing.T) {
	dir := t.TempDir()
	tgz, dst := filepath.Join(dir, "p.tgz"), filepath.Join(dir, "out")
	writeTgz(t, tgz, notoPackage())
	if err := unpackStyle(tgz, dst, Noto); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(dst)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(names), len(glyphCodes())+2; got != want {
		t.Errorf("%d files were kept, want %d: the glyphs, the licence and the read-me", got, want)
	}
	for _, code := range glyphCodes() {
		data, err := os.ReadFile(filepath.Join(dst, code+".png"))
		if err != nil || string(data) != "picture of "+code {
			t.Errorf("%s: %q, %v", code, data, err)
		}
	}
}

func TestUnpackStyleNamesWhatIsMissing(t *testing.T) {
	files := notoPackage()
	delete(files, "package/img/google/64/1f408.png")
	delete(files, "package/img/google/64/1f408-FE0F.png")
	dir := t.TempDir()
	writeTgz(t, filepath.Join(dir, "p.tgz"), files)
	err := unpackStyle(filepath.Join(dir, "p.tgz"), filepath.Join(dir, "out"), Noto)
	if err == nil || !strings.Contains(err.Error(), "1f408") {
		t.Errorf("error %v, want one that names 1f408", err)
	}
}

func TestUnpackStyleRefusesLargeAndBroken(t *testing.T) {
	dir := t.TempDir()
	files := notoPackage()
	files["package/README.md"] = strings.Repeat("x", maxFile+1)
	writeTgz(t, filepath.Join(dir, "large.tgz"), files)
	if err := unpackStyle(filepath.Join(dir, "large.tgz"), filepath.Join(dir, "a"), Noto); err == nil {
		t.Error("a file over the limit was taken")
	}
	if err := os.WriteFile(filepath.Join(dir, "broken.tgz"), []byte("no archive"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := unpackStyle(filepath.Join(dir, "broken.tgz"), filepath.Join(dir, "b"), Noto); err == nil {
		t.Error("what is no archive was taken")
	}
}

// A package whose content is not the pinned one is refused, and nothing of it stays behind.
func TestFetchChecksTheDigest(t *testing.T) {
	dir := t.TempDir()
	writeTgz(t, filepath.Join(dir, "packages", packName(sources[Noto].npm)), notoPackage())
	err := Fetch(t.Context(), dir, []Style{Noto}, nil)
	if err == nil || !strings.Contains(err.Error(), "digest") {
		t.Fatalf("error %v, want one about the digest", err)
	}
	if _, err := os.Stat(glyphDir(dir, Noto)); !os.IsNotExist(err) {
		t.Errorf("the folder of the style exists after the error (%v)", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "fetch-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := Load(dir, Noto); err == nil {
		t.Error("Load took a style that is not there")
	}
}

func TestPackName(t *testing.T) {
	for spec, want := range map[string]string{
		"openmoji@17.0.0":                 "openmoji-17.0.0.tgz",
		"@lobehub/fluent-emoji-3d@1.1.0":  "lobehub-fluent-emoji-3d-1.1.0.tgz",
		"emoji-datasource-twitter@16.0.0": "emoji-datasource-twitter-16.0.0.tgz",
	} {
		if got := packName(spec); got != want {
			t.Errorf("packName(%q) = %q, want %q", spec, got, want)
		}
	}
}
