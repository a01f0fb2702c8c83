package view

// pollState tells the script to look again: the same that meta refresh does without it.
func pollState(seconds int) string {
	if seconds <= 0 {
		return ""
	}
	return itoa(seconds)
}

// without is the inspector without its grid, which the layer's page shows at full size below.
func (in Inspector) without() Inspector {
	in.Grid = nil
	return in
}

func (v *ValuesTable) width() int {
	if len(v.Rows) == 0 {
		return 0
	}
	return len(v.Rows[0])
}
