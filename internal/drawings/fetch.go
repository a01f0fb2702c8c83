package drawings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// DefaultDir returns the folder in the user's cache where drawings and rendered pools are kept.
func DefaultDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("drawings: no cache folder: %w", err)
	}
	return filepath.Join(base, "stride", "drawings"), nil
}

// Fetch makes sure that dir holds the drawings of the styles. A style that is there and intact is left alone. Otherwise its
// pinned package is got with "npm pack", the glyphs in use are kept with the package's licence files, and the rest is thrown
// away. A package file that already lies in dir/packages (as npm names it) is used instead of asking npm, so that a machine
// without a network can be served. progress, which may be nil, is told in one line what happens.
//
// A style becomes visible in dir only when it is complete and its digest is right; after an error dir is as it was.
func Fetch(ctx context.Context, dir string, styles []Style, progress func(string)) error {
	if progress == nil {
		progress = func(string) {}
	}
	for _, s := range styles {
		if err := check(dir, s); err == nil {
			continue
		}
		progress(fmt.Sprintf("%s: fetching %s", s, sources[s].npm))
		if err := fetchStyle(ctx, dir, s); err != nil {
			return fmt.Errorf("drawings: fetching %s: %w", s, err)
		}
		progress(fmt.Sprintf("%s: %d drawings in %s", s, len(glyphCodes()), glyphDir(dir, s)))
	}
	return nil
}

func glyphDir(dir string, s Style) string { return filepath.Join(dir, "glyphs", string(s)) }

func fetchStyle(ctx context.Context, dir string, s Style) error {
	if err := os.MkdirAll(filepath.Join(dir, "glyphs"), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(dir, "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	tgz, err := packFile(ctx, dir, work, sources[s].npm)
	if err != nil {
		return err
	}
	got := filepath.Join(work, "glyphs")
	if err := unpackStyle(tgz, got, s); err != nil {
		return err
	}
	if s == OpenMoji {
		if err := rasterise(ctx, dir, work, got); err != nil {
			return err
		}
	}
	if err := checkDigest(got, s); err != nil {
		return err
	}
	if err := os.RemoveAll(glyphDir(dir, s)); err != nil {
		return err
	}
	return os.Rename(got, glyphDir(dir, s))
}

// packFile returns the path of a package's file: the one in dir/packages, or one that npm puts into work.
func packFile(ctx context.Context, dir, work, spec string) (string, error) {
	name := packName(spec)
	if kept := filepath.Join(dir, "packages", name); fileExists(kept) {
		return kept, nil
	}
	cmd := exec.CommandContext(ctx, "npm", "pack", spec, "--ignore-scripts", "--silent", "--pack-destination", work)
	cmd.Dir = work
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("npm is not installed: install Node.js, or run \"npm pack %s\" elsewhere and put %s into %s",
			spec, name, filepath.Join(dir, "packages"))
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", fmt.Errorf("npm pack %s: %w: %s", spec, err, lastLine(out))
	}
	path := filepath.Join(work, name)
	if !fileExists(path) {
		return "", fmt.Errorf("npm pack %s did not write %s", spec, name)
	}
	return path, nil
}

// packName is the file name that npm gives a packed package: "@a/b@1.0.0" becomes "a-b-1.0.0.tgz".
func packName(spec string) string {
	name, version, _ := strings.Cut(strings.TrimPrefix(spec, "@"), "@")
	return strings.ReplaceAll(name, "/", "-") + "-" + version + ".tgz"
}

func fileExists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
