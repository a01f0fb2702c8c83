package lessons

import (
	"regexp"
	"strings"
)

// Numbers that a text may print as they are: years, kernel sizes, names with digits in them (VGG-16, top-5, C3, 3a),
// dimensions, strides and paddings, and zero.
var allowedDigits = []*regexp.Regexp{
	regexp.MustCompile(`\b(19[4-9]\d|20[0-4]\d)(–\d{2,4})?(?:\b|년)`),
	regexp.MustCompile(`\b(11|1|2|3|5|7)×(11|1|2|3|5|7)\b`),
	regexp.MustCompile(`[A-Za-z][A-Za-z\d]*[-\x{2011}]?\d+(\.\d+)?[a-z]?(_\d)?`),
	regexp.MustCompile(`\b\d[a-e]\b`),
	regexp.MustCompile(`\b[1-3]차원`),                               // one-, two-, three-dimensional
	regexp.MustCompile(`(?i)(stride|padding|스트라이드|패딩)\)?가? \d\b`), // names a layer, like 3×3
	regexp.MustCompile(`(^|[^\d.,])0($|[^\d.,]|[.,](\D|$))`),
}

var (
	codeSpan = regexp.MustCompile("`[^`]*`")
	linkURL  = regexp.MustCompile(`\]\([^)]*\)|<https://[^>]*>`)
	mathText = regexp.MustCompile(`\$[^$]*\$`)
	listMark = regexp.MustCompile(`^\s*\d+[.)] `)
	digitRun = regexp.MustCompile(`\d[\d,.]*`)
)

// digits reports numbers typed in prose: whatever code can derive must come from a directive. Formulas have their own
// rule (math.go).
func (b *builder) digits(line int, s string) {
	if n := typedNumber(s); n != "" && b.depth == 0 { // the line around a directive has been read already
		b.problem(line, "the number %q is typed in prose: write {{number …}}, {{result …}} or a formula", n)
	}
}

func typedNumber(s string) string {
	s = strings.ReplaceAll(withoutDirectives(s), `\ `, "")
	for _, re := range []*regexp.Regexp{codeSpan, linkURL, mathText, listMark} {
		s = re.ReplaceAllString(s, " ")
	}
	for _, re := range allowedDigits {
		s = re.ReplaceAllString(s, " ")
	}
	return digitRun.FindString(s)
}

// withoutDirectives keeps of each directive only its text, which is prose too.
func withoutDirectives(s string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			break
		}
		n := directiveEnd(s[i:])
		if n < 0 {
			break
		}
		out.WriteString(s[:i] + " ")
		inner := s[i+2 : i+n-2]
		if bar := barIndex(inner); bar >= 0 {
			out.WriteString(withoutDirectives(inner[bar+1:]) + " ")
		}
		s = s[i+n:]
	}
	return out.String() + s
}
