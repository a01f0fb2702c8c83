package view

import (
	"fmt"
	"hash/fnv"
	"strconv"
)

func (p CalcPage) method() string {
	if p.Method == "" {
		return "get"
	}
	return p.Method
}

// version tells rows that look the same from others, so that a script need not compare their markup.
func (r CalcRow) version() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%+v", r) // writes to a hash do not fail
	return strconv.FormatUint(h.Sum64(), 36)
}

// indent gives the class of a row inside a skip or a branch.
func (r CalcRow) indent() string {
	if r.Depth <= 0 {
		return ""
	}
	return "in" + itoa(min(r.Depth, 3))
}
