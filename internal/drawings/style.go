package drawings

import (
	"fmt"
	"strings"
)

// Style is one hand's drawings: a set of emoji by the same designers.
type Style string

const (
	Noto     Style = "noto"     // Google's Noto Emoji
	Fluent   Style = "fluent"   // Microsoft's Fluent Emoji, the three-dimensional form
	Twemoji  Style = "twemoji"  // Twitter's Twemoji
	OpenMoji Style = "openmoji" // for measuring only: never trained on, never shipped
)

// TrainStyles are the styles that networks may be trained on.
func TrainStyles() []Style { return []Style{Noto, Fluent, Twemoji} }

// AllStyles are the styles for training and the one for measuring.
func AllStyles() []Style { return append(TrainStyles(), OpenMoji) }

// ParseStyle returns the style of that name.
func ParseStyle(name string) (Style, error) {
	for _, s := range AllStyles() {
		if string(s) == name {
			return s, nil
		}
	}
	return "", fmt.Errorf("drawings: no style %q; there are %s", name, joinStyles(AllStyles()))
}

func joinStyles(styles []Style) string {
	names := make([]string, len(styles))
	for i, s := range styles {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// source says where a style's drawings come from.
type source struct {
	npm    string            // package and pinned version, as npm writes them
	folder string            // folder of the drawings in the package
	ext    string            // their extension
	digest string            // SHA-256 of the manifest of the files used; see manifest
	keep   map[string]string // licence files of the package → name in the cache
}

var sources = map[Style]source{
	Noto: {
		npm: "emoji-datasource-google@16.0.0", folder: "package/img/google/64/", ext: ".png",
		digest: "efe723f0f8822b78dac106036860151e3aee9fac64af356877fdc74eac3a6cfa",
		keep:   map[string]string{"package/LICENSE": "LICENSE-of-package", "package/README.md": "README-of-package.md"},
	},
	Fluent: {
		npm: "@lobehub/fluent-emoji-3d@1.1.0", folder: "package/assets/", ext: ".webp",
		digest: "0f624b474bbce8d00d50108a92cb2ab40d6643623af8b26d448823afc0c8fe44",
		keep:   map[string]string{"package/README.md": "README-of-package.md", "package/package.json": "package.json"},
	},
	Twemoji: {
		npm: "emoji-datasource-twitter@16.0.0", folder: "package/img/twitter/64/", ext: ".png",
		digest: "379f2bf0828c57a670bcc8aacadd99f5ecdcd74f56d4b991737ee7d25792eb3a",
		keep:   map[string]string{"package/LICENSE": "LICENSE-of-package", "package/README.md": "README-of-package.md"},
	},
	OpenMoji: {
		npm: "openmoji@17.0.0", folder: "package/color/svg/", ext: ".svg",
		digest: "fe59f728bf6d6d628ef7558f1ea20cf43034d29d9100a22acfecd0fffd4a29b4",
		keep:   map[string]string{"package/LICENSE.txt": "LICENSE.txt"},
	},
}
