package web

import (
	"net/url"
	"strconv"
)

// intParam reads a whole number between lo and hi; def when it is absent.
func intParam(q url.Values, name string, def, lo, hi int) (int, error) {
	v := q.Get(name)
	if v == "" {
		return def, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < lo || n > hi {
		return 0, badRequest(name)
	}
	return n, nil
}

// choiceParam reads one of a few words; the first when it is absent.
func choiceParam[T ~string](q url.Values, name string, choices ...T) (T, error) {
	v := T(q.Get(name))
	if v == "" {
		return choices[0], nil
	}
	for _, c := range choices {
		if c == v {
			return c, nil
		}
	}
	return "", badRequest(name)
}

// query builds an address from a path and the parameters that are not empty.
func query(path string, q url.Values) string {
	if e := q.Encode(); e != "" {
		return path + "?" + e
	}
	return path
}
