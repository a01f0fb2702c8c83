package view

import "github.com/a-h/templ"

// The style sheets beside the common one: the lineage and the picture, what shows networks, the tools around them.
const (
	familySheet  = "family.css"
	networkSheet = "network.css"
	toolsSheet   = "tools.css"
)

func (p Page) documentTitle() string {
	if p.Title == "" {
		return Name
	}
	return p.Title + " · " + Name
}

func (p Page) description() string {
	if p.Description == "" {
		return p.T().Chrome.Description
	}
	return p.Description
}

func (p Page) navigation() []Option {
	t := p.T().Chrome
	items := []struct {
		nav         Nav
		label, path string
	}{
		{NavFamily, t.Family, "/"},
		{NavArchitectures, t.Architectures, "/a"},
		{NavLabs, t.Labs, "/labs"},
		{NavCompare, t.Compare, "/compare"},
		{NavCalculator, t.Calculator, "/calc"},
		{NavModels, t.Models, "/models"},
	}
	out := make([]Option, len(items))
	for i, it := range items {
		out[i] = Option{Label: it.label, URL: p.URL(it.path), Current: p.Nav == it.nav}
	}
	return out
}

// current marks the chosen one of several links.
func current(on bool) templ.Attributes {
	if on {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}
