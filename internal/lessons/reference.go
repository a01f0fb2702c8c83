package lessons

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Reference is one entry of the bibliography.
type Reference struct {
	ID string `json:"id"`
	// Short is how texts name it: "He et al. 2015".
	Short   string `json:"short"`
	Authors string `json:"authors"`
	Year    int    `json:"year"`
	Title   string `json:"title"`
	Venue   string `json:"venue"`
	DOI     string `json:"doi,omitempty"`
	ArXiv   string `json:"arxiv,omitempty"`
	// Page is an address for what has neither DOI nor arXiv number.
	Page string `json:"page,omitempty"`
}

// URL leads to the paper; empty when it has no stable address.
func (r *Reference) URL() string {
	switch {
	case r.DOI != "":
		return "https://doi.org/" + r.DOI
	case r.ArXiv != "":
		return "https://arxiv.org/abs/" + r.ArXiv
	}
	return r.Page
}

// Result is a figure that a paper published: nothing here can compute it, so it is quoted with its place.
type Result struct {
	ID     string `json:"id"`
	Value  string `json:"value"` // as printed, with its unit
	Source string `json:"source"`
	// Where is the table, figure or section: "table=2".
	Where string `json:"where"`
	// What says in both languages what was measured.
	What map[string]string `json:"what"`

	Reference *Reference `json:"-"`
}

func decodeJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// readReferences reads the bibliography. An entry may lack an address: not everything has a stable one.
func readReferences(data []byte) ([]*Reference, error) {
	var refs []*Reference
	if err := decodeJSON(data, &refs); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, r := range refs {
		switch {
		case r == nil || r.ID == "":
			return nil, fmt.Errorf("reference %d has no id", i+1)
		case seen[r.ID]:
			return nil, fmt.Errorf("reference %q is given twice", r.ID)
		case r.Short == "" || r.Authors == "" || r.Title == "" || r.Venue == "" || r.Year == 0:
			return nil, fmt.Errorf("reference %q: short, authors, title, venue and year are needed", r.ID)
		case r.URL() != "" && !strings.HasPrefix(r.URL(), "https://"):
			return nil, fmt.Errorf("reference %q: the page is not an https address", r.ID)
		}
		seen[r.ID] = true
	}
	return refs, nil
}

// readResults reads the published figures and ties them to their sources.
func readResults(data []byte, refs map[string]*Reference, langs []string) ([]*Result, error) {
	var results []*Result
	if err := decodeJSON(data, &results); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, r := range results {
		if r == nil || r.ID == "" || seen[r.ID] {
			return nil, fmt.Errorf("result %d has no id or one that is given twice", i+1)
		}
		seen[r.ID] = true
		if r.Reference = refs[r.Source]; r.Reference == nil {
			return nil, fmt.Errorf("result %q: there is no reference %q", r.ID, r.Source)
		}
		if r.Value == "" || r.Where == "" {
			return nil, fmt.Errorf("result %q: value and where are needed", r.ID)
		}
		for _, lang := range langs {
			if r.What[lang] == "" {
				return nil, fmt.Errorf("result %q: what it is is missing in %q", r.ID, lang)
			}
			if _, err := locator(strings.Fields(r.Where), lang); err != nil {
				return nil, fmt.Errorf("result %q: %w", r.ID, err)
			}
		}
	}
	return results, nil
}

// locators writes the place in a paper, by language.
var locators = map[string]map[string]string{
	"en": {"section": "section %s", "table": "Table %s", "figure": "Fig. %s", "appendix": "appendix %s", "abstract": "abstract"},
	"ko": {"section": "%s절", "table": "표 %s", "figure": "그림 %s", "appendix": "부록 %s", "abstract": "초록"},
}

// locator joins places such as "section=4.1" "table=2".
func locator(places []string, lang string) (string, error) {
	var out []string
	for _, p := range places {
		k, v, _ := strings.Cut(p, "=")
		format, ok := locators[lang][k]
		if !ok || (v == "") != (k == "abstract") {
			return "", fmt.Errorf("there is no place %q in a paper", p)
		}
		if k == "abstract" {
			out = append(out, format)
		} else {
			out = append(out, fmt.Sprintf(format, v))
		}
	}
	return strings.Join(out, ", "), nil
}
