package view

// files are the files of a chart: its drawings, then its numbers.
func (c Chart) files(p Page) []Link {
	l := c.Files[:len(c.Files):len(c.Files)]
	if c.CSVURL != "" {
		l = append(l, Link{Label: "CSV", URL: c.CSVURL})
	}
	return l
}
