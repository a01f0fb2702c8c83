package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// ownFamily is the name of the part that is cut here: the licence reserves the name of the whole.
const ownFamily = "Stride Text"

// ownWeights are the weights that the style sheets use.
const ownWeights = "400 720"

// characters is a set.
type characters map[rune]bool

// ownFile is a part of Pretendard that is cut here.
type ownFile struct {
	name       string
	characters characters
}

// ownFiles cuts the characters of our texts: letters and signs in one file, Hangul in another.
func ownFiles() ([]ownFile, error) {
	text, hangul := characters{}, characters{}
	for c := rune(0x20); c < 0x17f; c++ {
		text[c] = true
	}
	for _, folder := range []string{"content", "web", "internal", "cmd"} {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == "_vendor" || d.Name() == "fonts") {
				return orSkip(err)
			}
			if !slices.Contains([]string{".md", ".go", ".templ", ".json", ".bib", ".txt", ".yaml"}, filepath.Ext(path)) {
				return nil
			}
			b, err := os.ReadFile(path)
			for _, c := range string(b) {
				switch {
				case 0xac00 <= c && c <= 0xd7a3:
					hangul[c] = true
				case 0x17f < c && c < 0x2500 && c != 0xfffd:
					text[c] = true
				}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	own := []ownFile{{"stride-text.woff2", text}, {"stride-hangul.woff2", hangul}}
	for i := range own {
		var err error
		if own[i].characters, err = subset(own[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", own[i].name, err)
		}
	}
	return own, nil
}

func orSkip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// subset writes a file and gives the characters that the font has of those that were asked for.
func subset(f ownFile) (characters, error) {
	low, high, _ := strings.Cut(ownWeights, " ")
	cmd := exec.Command("node", "web/static/_vendor/subset.mjs", filepath.Join(fonts, f.name), low, high)
	var list strings.Builder
	for _, c := range sorted(f.characters) {
		list.WriteRune(c)
	}
	cmd.Stdin = strings.NewReader(list.String())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var has []rune
	if err := json.Unmarshal(out, &has); err != nil {
		return nil, err
	}
	got := characters{}
	for _, c := range has {
		got[c] = true
	}
	return got, nil
}

func sorted(s characters) []rune {
	l := make([]rune, 0, len(s))
	for c := range s {
		l = append(l, c)
	}
	slices.Sort(l)
	return l
}

// parseRanges reads the value of unicode-range.
func parseRanges(s string) (characters, error) {
	set := characters{}
	for _, item := range strings.Split(s, ",") {
		first, last, ok := strings.Cut(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(item)), "U+"), "-")
		if !ok {
			last = first
		}
		var a, b rune
		if _, err := fmt.Sscanf(first+" "+last, "%x %x", &a, &b); err != nil {
			return nil, fmt.Errorf("unicode-range %q: %w", item, err)
		}
		for c := a; c <= b; c++ {
			set[c] = true
		}
	}
	return set, nil
}

// formatRanges writes the value of unicode-range.
func formatRanges(s characters) string {
	var items []string
	l := sorted(s)
	for i := 0; i < len(l); {
		j := i
		for j+1 < len(l) && l[j+1] == l[j]+1 {
			j++
		}
		item := fmt.Sprintf("U+%x", l[i])
		if j > i {
			item += fmt.Sprintf("-%x", l[j])
		}
		items = append(items, item)
		i = j + 1
	}
	return strings.Join(items, ",")
}
