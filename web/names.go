package web

import (
	"errors"
	"io/fs"
	"strings"

	"stride/internal/nn/arch"
	"stride/internal/nn/model"
	"stride/web/i18n"
)

// names are the class names of every label set in every language. A language without names shows the English ones.
type names map[arch.Labels]map[i18n.Lang]model.Names

func loadNames(fsys fs.FS) (names, error) {
	n := names{}
	for _, set := range []arch.Labels{arch.ImageNet, arch.Digits, arch.CIFAR10, arch.Drawings} {
		en, err := model.ReadNames(fsys, set, i18n.English.Tag())
		if err != nil {
			return nil, err
		}
		ko, err := model.ReadNames(fsys, set, i18n.Korean.Tag())
		if errors.Is(err, fs.ErrNotExist) {
			ko = en
		} else if err != nil {
			return nil, err
		}
		n[set] = map[i18n.Lang]model.Names{i18n.English: en, i18n.Korean: ko}
	}
	return n, nil
}

// of is the name of a class in a language.
func (n names) of(set arch.Labels, l i18n.Lang, class int) string { return n[set][l].Of(class) }

// matches looks for a query in a name, whatever the case.
func matches(name, query string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(strings.TrimSpace(query)))
}
