package view

// look gives the class of a choice once the question is answered.
func (q Question) look(c Choice) string {
	switch {
	case !q.Answered():
		return ""
	case c.Right:
		return "right"
	case c.Chosen:
		return "wrong"
	}
	return ""
}
