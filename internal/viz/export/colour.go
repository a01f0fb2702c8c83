package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// paintOf reads a colour: #rgb, #rrggbb, rgb(a) with commas, color-mix in sRGB, currentColor, transparent and none.
func (st style) paintOf(v string) (paint, error) {
	v = strings.TrimSpace(v)
	switch low := strings.ToLower(v); {
	case low == "" || low == "none" || low == "transparent":
		return paint{}, nil
	case low == "currentcolor":
		if c := st.value("color"); strings.ToLower(c) != "currentcolor" {
			return st.paintOf(c)
		}
		return paint{}, nil
	case low == "white":
		return paint{255, 255, 255, 1}, nil
	case low == "black":
		return paint{0, 0, 0, 1}, nil
	case strings.HasPrefix(low, "#"):
		return hexPaint(low[1:])
	case strings.HasPrefix(low, "rgb"):
		return rgbPaint(low)
	case strings.HasPrefix(low, "color-mix(in srgb,"):
		return st.mix(v[len("color-mix(in srgb,"):closing(v, len("color-mix("))])
	}
	return paint{}, fmt.Errorf("export: colour %q", v)
}

func hexPaint(s string) (paint, error) {
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return paint{}, fmt.Errorf("export: colour #%s", s)
	}
	return paint{uint8(n >> 16), uint8(n >> 8), uint8(n), 1}, nil
}

func rgbPaint(s string) (paint, error) {
	_, in, _ := strings.Cut(strings.TrimSuffix(s, ")"), "(")
	v := [4]float64{3: 1}
	parts := strings.Split(in, ",")
	if len(parts) < 3 || len(parts) > 4 {
		return paint{}, fmt.Errorf("export: colour %q", s)
	}
	for i, p := range parts {
		n, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil {
			return paint{}, fmt.Errorf("export: colour %q: %w", s, err)
		}
		v[i] = n
	}
	return paint{uint8(v[0]), uint8(v[1]), uint8(v[2]), min(max(v[3], 0), 1)}, nil
}

// mix is color-mix: "A 30%, B" (CSS Color 5), colours weighted by their alpha.
func (st style) mix(in string) (paint, error) {
	parts := split(in, ',')
	if len(parts) != 2 {
		return paint{}, fmt.Errorf("export: color-mix(%s)", in)
	}
	var p [2]paint
	share := [2]float64{-1, -1}
	for i, s := range parts {
		s = strings.TrimSpace(s)
		colour, part, err := s, "", error(nil)
		if at := strings.LastIndex(s, " calc("); at > 0 {
			colour, part = s[:at], s[at+1:]
		} else if at := strings.LastIndexByte(s, ' '); at > 0 && strings.HasSuffix(s, "%") {
			colour, part = s[:at], s[at+1:]
		}
		if part != "" {
			if share[i], err = percentage(part); err != nil {
				return paint{}, err
			}
		}
		if p[i], err = st.paintOf(colour); err != nil {
			return paint{}, err
		}
	}
	switch {
	case share[0] < 0 && share[1] < 0:
		share = [2]float64{0.5, 0.5}
	case share[0] < 0:
		share[0] = 1 - share[1]
	default:
		share[1] = 1 - share[0]
	}
	a := share[0]*p[0].A + share[1]*p[1].A
	if a == 0 {
		return paint{}, nil
	}
	c := func(x, y uint8) uint8 {
		return uint8(math.Round((share[0]*p[0].A*float64(x) + share[1]*p[1].A*float64(y)) / a))
	}
	return paint{c(p[0].R, p[1].R), c(p[0].G, p[1].G), c(p[0].B, p[1].B), a}, nil
}

// percentage reads "30%" or "calc(2 * 15%)" as a part of one.
func percentage(s string) (float64, error) {
	v := 0.01
	for _, f := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(s, "calc("), ")"), "*") {
		n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(f), "%"), 64)
		if err != nil {
			return 0, fmt.Errorf("export: percentage %q", s)
		}
		v *= n
	}
	return min(max(v, 0), 1), nil
}

// length reads a length in pixels; em is the size of the letters. Percentages and an empty value are 0.
func length(v string, em float64) (float64, error) {
	v = strings.TrimSpace(v)
	k := 1.0
	switch {
	case v == "" || v == "normal" || v == "none":
		return 0, nil
	case strings.HasSuffix(v, "rem"):
		v, k = v[:len(v)-3], 16
	case strings.HasSuffix(v, "em"):
		v, k = v[:len(v)-2], em
	case strings.HasSuffix(v, "px"):
		v = v[:len(v)-2]
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return 0, fmt.Errorf("export: length %q", v)
	}
	return k * n, nil
}
