package view

// numeric reports whether a cell's column is set flush right; the first column is the name.
func (t CompareTable) numeric(cell int) bool {
	return cell+1 < len(t.Columns) && t.Columns[cell+1].Numeric
}

// untitled is the chart without its heading, where the page gives it one of its own level.
func (c Chart) untitled() Chart {
	c.Title = ""
	return c
}
