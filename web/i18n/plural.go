package i18n

import (
	"fmt"
	"strings"
)

// Count writes a whole number with a noun: in English the plural where it is due, in Korean the counter after the number
// and a noun that does not change. It is meant for words that come from data; the catalogue holds whole sentences.
//
//	English.Count(1, "layer", "layers", …)  1 layer
//	Korean.Count(3, …, "층 %s개")            층 3개
func (l Lang) Count(n int64, one, many, korean string) string {
	if l == Korean {
		return fmt.Sprintf(korean, Int(n))
	}
	if n == 1 {
		return Int(n) + "\u00a0" + one
	}
	return Int(n) + "\u00a0" + many
}

// List joins words: "a, b and c", in Korean "a, b, c".
func (l Lang) List(words []string) string {
	n := len(words)
	if n < 2 || l == Korean {
		return strings.Join(words, ", ")
	}
	return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
}
