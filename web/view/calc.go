package view

func (p CalcPage) method() string {
	if p.Method == "" {
		return "get"
	}
	return p.Method
}

// indent gives the class of a row inside a skip or a branch.
func (r CalcRow) indent() string {
	if r.Depth <= 0 {
		return ""
	}
	return "in" + itoa(min(r.Depth, 3))
}
