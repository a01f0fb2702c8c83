package i18n

// Text is every word of the interface in one language.
type Text struct {
	Lang Lang
}

var texts = [...]Text{English: {Lang: English}, Korean: {Lang: Korean}}

// For gives the catalogue of a language.
func For(l Lang) *Text { return &texts[l] }
