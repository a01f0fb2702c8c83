// Package i18n holds the interface's words in English and Korean, and how numbers are written.
//
// The catalogue is one Go struct, Text, with one value per language: a misspelt key does not compile, and a test fails when
// a text is missing in either language. Words that belong to lessons, labs and data live with those. Start at Text.
package i18n

// Lang is a language of the interface.
type Lang int

// The languages. The zero value is English.
const (
	English Lang = iota
	Korean
)

// Langs lists the languages in the order in which they are offered.
var Langs = []Lang{English, Korean}

// Tag gives the language's tag, which is also the first element of every path: "en", "ko".
func (l Lang) Tag() string {
	if l == Korean {
		return "ko"
	}
	return "en"
}

// Name gives the language's own name.
func (l Lang) Name() string {
	if l == Korean {
		return "한국어"
	}
	return "English"
}

// Other gives the language that a page of two languages offers instead.
func (l Lang) Other() Lang {
	if l == Korean {
		return English
	}
	return Korean
}

// Parse reads a tag from a path.
func Parse(tag string) (Lang, bool) {
	for _, l := range Langs {
		if l.Tag() == tag {
			return l, true
		}
	}
	return English, false
}
