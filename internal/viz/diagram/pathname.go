package diagram

import (
	"strconv"
	"strings"

	"stride/internal/nn"
)

// generic are names that say what a node is, not which.
var generic = map[string]bool{"conv": true, "bn": true, "relu": true, "norm": true, "act": true, "pool": true, "block": true,
	"features": true, "classifier": true, "blocks": true, "cat": true, "add": true, "fc": true, "output": false}

// pathName is the last part of a path that tells the node from others; "" when there is none.
func pathName(n *nn.Node) string {
	for p := n.Path; p != ""; p = parent(p) {
		name := lastName(p)
		if _, err := strconv.Atoi(name); err != nil && !generic[name] {
			return name
		}
	}
	return ""
}

// lastName is the last part of a path.
func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// split parts a name like "Mixed_5b" into its word, its number and the single letter behind it.
func split(s string) (word string, n int, letter string) {
	end := len(s)
	if end > 1 && s[end-1] >= 'a' && s[end-1] <= 'z' && s[end-2] >= '0' && s[end-2] <= '9' {
		end--
		letter = s[end:]
	}
	start := end
	for start > 0 && s[start-1] >= '0' && s[start-1] <= '9' {
		start--
	}
	n, err := strconv.Atoi(s[start:end])
	if err != nil {
		return s, 0, ""
	}
	return s[:start], n, letter
}

func unique(taken map[string]bool, name string) string {
	base := name
	for i := 2; taken[name]; i++ {
		name = base + "." + strconv.Itoa(i)
	}
	taken[name] = true
	return name
}
