package drawings

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const maxFile = 1 << 20 // bytes; the largest drawing in use has some 20 kB, the largest read-me 40 kB

// unpackStyle writes the glyphs in use and the licence files of a package file to dst, one file per glyph named by its code.
func unpackStyle(tgz, dst string, s Style) error {
	src, want := sources[s], map[string]bool{}
	for _, code := range glyphCodes() {
		want[code] = true
	}
	if err := os.MkdirAll(dst, 0o755); err != nil {
		return err
	}
	err := eachFile(tgz, func(name string, r io.Reader) error {
		if kept, ok := src.keep[name]; ok {
			return writeFile(filepath.Join(dst, kept), r)
		}
		code, ok := glyphCode(name, src)
		if !ok || !want[code] {
			return nil
		}
		delete(want, code)
		return writeFile(filepath.Join(dst, code+src.ext), r)
	})
	if err != nil {
		return err
	}
	if len(want) > 0 {
		return fmt.Errorf("%d drawings are missing in %s, one of them %s", len(want), src.npm, anyOf(want))
	}
	return nil
}

// glyphCode returns the code of a drawing in a package. Packages disagree about the variation selector fe0f, so it is left out.
func glyphCode(name string, src source) (string, bool) {
	base, ok := strings.CutPrefix(name, src.folder)
	if !ok {
		return "", false
	}
	base, ok = strings.CutSuffix(base, src.ext)
	if !ok || strings.Contains(base, "/") {
		return "", false
	}
	parts := strings.Split(strings.ToLower(base), "-")
	kept := parts[:0]
	for _, p := range parts {
		if p != "fe0f" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "-"), true
}

// eachFile calls f for each regular file of a gzip-compressed tar file.
func eachFile(tgz string, f func(name string, r io.Reader) error) error {
	file, err := os.Open(tgz)
	if err != nil {
		return err
	}
	defer file.Close()
	zr, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(tgz), err)
	}
	tr := tar.NewReader(zr)
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(tgz), err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if err := f(h.Name, tr); err != nil {
			return fmt.Errorf("%s: %s: %w", filepath.Base(tgz), h.Name, err)
		}
	}
}

func writeFile(path string, r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return err
	}
	if len(data) > maxFile {
		return fmt.Errorf("larger than %d bytes", maxFile)
	}
	return os.WriteFile(path, data, 0o644)
}

// check reports whether dir holds a style, complete and unchanged.
func check(dir string, s Style) error { return checkDigest(glyphDir(dir, s), s) }

func checkDigest(folder string, s Style) error {
	got, err := manifestDigest(folder, cachedExt(s))
	if err != nil {
		return err
	}
	if want := sources[s].digest; got != want {
		return fmt.Errorf("the drawings in %s have digest %s, want %s: delete the folder and fetch again", folder, got, want)
	}
	return nil
}

// cachedExt is the extension of a style's files in the cache: as in the package, but drawings of lines are kept as pictures.
func cachedExt(s Style) string {
	if s == OpenMoji {
		return ".png"
	}
	return sources[s].ext
}

// manifestDigest is the SHA-256 of the lines "code sha256-of-the-file", sorted by code, of all glyphs in use.
func manifestDigest(folder, ext string) (string, error) {
	var lines []string
	for _, code := range glyphCodes() {
		data, err := os.ReadFile(filepath.Join(folder, code+ext))
		if err != nil {
			return "", err
		}
		sum := sha256.Sum256(data)
		lines = append(lines, code+" "+hex.EncodeToString(sum[:])+"\n")
	}
	sort.Strings(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:]), nil
}

func anyOf(set map[string]bool) string {
	var all []string
	for k := range set {
		all = append(all, k)
	}
	sort.Strings(all)
	return all[0]
}
