// Command vendor copies the fonts and icons that the pages use out of their npm packages, so that the repository needs no
// package manager to build. Versions are pinned in package.json and package-lock.json beside it. Run from the module root:
//
//	npm ci --prefix web/static/_vendor --ignore-scripts
//	go run ./web/static/_vendor
//
// The texts of the product need a small part of Pretendard's characters. They come in two files of their own, cut by
// subset.mjs with HarfBuzz to the weights in use; the package's own small files stay for everything else that may be shown.
//
// It writes web/static/fonts (woff2 files, licences, fonts.css, SHA256SUMS) and web/view/icons_gen.go. The result is
// committed; node_modules is not.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	modules = "web/static/_vendor/node_modules"
	fonts   = "web/static/fonts"
	icons   = "web/view/icons_gen.go"
)

func main() {
	log.SetFlags(0)
	for _, step := range []func() error{cleanFonts, pretendard, mono, checksums, writeIcons} {
		if err := step(); err != nil {
			log.Fatalf("vendor: %v", err)
		}
	}
}

func cleanFonts() error {
	if err := os.RemoveAll(fonts); err != nil {
		return err
	}
	return os.MkdirAll(fonts, 0o755)
}

func copyFile(to, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(fonts, to), b, 0o644)
}

// face matches one rule of Pretendard's style sheet: the number of the subset and its characters.
var face = regexp.MustCompile(`(?s)url\(\./woff2-dynamic-subset/PretendardVariable\.subset\.(\d+)\.woff2\).*?unicode-range: ([^;]+);`)

// pretendard copies the dynamic subset of the variable font: a page loads only the files whose characters it shows.
func pretendard() error {
	dir := filepath.Join(modules, "pretendard/dist")
	sheet, err := os.ReadFile(filepath.Join(dir, "web/variable/pretendardvariable-dynamic-subset.css"))
	if err != nil {
		return err
	}
	faces := face.FindAllSubmatch(sheet, -1)
	if len(faces) != 92 {
		return fmt.Errorf("the style sheet of Pretendard has %d subsets, want 92", len(faces))
	}
	css := "/* Pretendard and JetBrains Mono, OFL 1.1; see LICENSE-*.txt beside this file. Stride Text is cut from Pretendard. */\n"
	own, err := ownFiles()
	if err != nil {
		return err
	}
	for _, f := range faces {
		rest, err := parseRanges(string(f[2]))
		if err != nil {
			return err
		}
		for _, o := range own {
			for c := range o.characters {
				delete(rest, c)
			}
		}
		if len(rest) == 0 {
			continue
		}
		name := fmt.Sprintf("pretendard-%s.woff2", f[1])
		from := fmt.Sprintf("web/variable/woff2-dynamic-subset/PretendardVariable.subset.%s.woff2", f[1])
		if err := copyFile(name, filepath.Join(dir, from)); err != nil {
			return err
		}
		css += rule("Pretendard Variable", "45 920", name, formatRanges(rest))
	}
	for _, o := range own {
		css += rule(ownFamily, ownWeights, o.name, formatRanges(o.characters))
	}
	for _, m := range monoFiles {
		css += rule("JetBrains Mono Variable", "100 800", m.name, m.characters)
	}
	if err := copyFile("LICENSE-Pretendard.txt", filepath.Join(dir, "LICENSE.txt")); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(fonts, "fonts.css"), []byte(css), 0o644)
}

func rule(family, weight, file, characters string) string {
	return fmt.Sprintf("@font-face{font-family:%q;font-weight:%s;font-display:swap;src:url(%s)format(\"woff2\");unicode-range:%s}\n",
		family, weight, file, strings.ReplaceAll(characters, " ", ""))
}

// monoFiles are the parts of JetBrains Mono that the pages use. The ranges are wider than the package's where the Latin file
// holds arrows and mathematical signs.
var monoFiles = []struct{ name, from, characters string }{
	{"mono-latin.woff2", "jetbrains-mono-latin-wght-normal.woff2", "U+0-FF,U+2000-206F,U+2190-21FF,U+2200-22FF"},
	{"mono-greek.woff2", "jetbrains-mono-greek-wght-normal.woff2", "U+370-3FF"},
}

func mono() error {
	dir := filepath.Join(modules, "@fontsource-variable/jetbrains-mono")
	for _, m := range monoFiles {
		if err := copyFile(m.name, filepath.Join(dir, "files", m.from)); err != nil {
			return err
		}
	}
	return copyFile("LICENSE-JetBrainsMono.txt", filepath.Join(dir, "LICENSE"))
}

// checksums lists the SHA-256 of every file, so that a reviewer sees which binary changed.
func checksums() error {
	names, err := filepath.Glob(filepath.Join(fonts, "*"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	var list bytes.Buffer
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return err
		}
		fmt.Fprintf(&list, "%x  %s\n", sha256.Sum256(b), filepath.Base(n))
	}
	return os.WriteFile(filepath.Join(fonts, "SHA256SUMS"), list.Bytes(), 0o644)
}

// iconNames are the Lucide icons in use.
var iconNames = strings.Fields(`arrow-down arrow-left arrow-right arrow-up braces camera check chevron-down chevron-left chevron-right
	chevron-up chevrons-up-down circle-help copy crop dices download ellipsis eraser folder-open grip-vertical image image-down info
	keyboard languages layers link maximize menu minus moon pencil plus presentation printer rotate-ccw search share-2 sun table
	trash-2 triangle-alert undo-2 upload wifi-off x zoom-in zoom-out`)

var (
	shapes = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	spaces = regexp.MustCompile(`\s*\n\s*`)
)

// writeIcons generates a table of the icons' shapes, drawn by view.Icon.
func writeIcons() error {
	var src bytes.Buffer
	src.WriteString("// Code generated by web/static/_vendor. DO NOT EDIT.\n\npackage view\n\n")
	src.WriteString("// Icons of Lucide, ISC License, Copyright (c) Lucide Contributors; parts derived from Feather, MIT License,\n// Copyright (c) Cole Bemis.\nconst (\n")
	table := ""
	for _, n := range iconNames {
		b, err := os.ReadFile(filepath.Join(modules, "lucide-static/icons", n+".svg"))
		if err != nil {
			return err
		}
		m := shapes.FindSubmatch(b)
		if m == nil {
			return fmt.Errorf("icon %s: no shapes", n)
		}
		body := spaces.ReplaceAllString(strings.TrimSpace(string(m[1])), "")
		body = strings.ReplaceAll(body, " />", "/>")
		id := "Icon"
		for _, part := range strings.Split(n, "-") {
			id += strings.ToUpper(part[:1]) + part[1:]
		}
		fmt.Fprintf(&src, "%s IconName = %q\n", id, n)
		table += fmt.Sprintf("%s: `%s`,\n", id, body)
	}
	fmt.Fprintf(&src, ")\n\nvar iconShapes = map[IconName]string{\n%s}\n", table)
	out, err := format.Source(src.Bytes())
	if err != nil {
		return err
	}
	return os.WriteFile(icons, out, 0o644)
}
