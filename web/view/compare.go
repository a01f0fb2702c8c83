package view

// numeric reports whether a cell's column is set flush right; the first column is the name.
func (t CompareTable) numeric(cell int) bool {
	return cell+1 < len(t.Columns) && t.Columns[cell+1].Numeric
}
