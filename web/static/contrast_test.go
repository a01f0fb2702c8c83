package static

import (
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"testing"
)

type rgb [3]float64

func parse(hex string) (rgb, error) {
	var c rgb
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) != 6 {
		return c, fmt.Errorf("%q is not a colour of six digits", hex)
	}
	for i := range c {
		v, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			return c, err
		}
		c[i] = float64(v)
	}
	return c, nil
}

// mix is CSS color-mix in sRGB: share of a, the rest of b.
func mix(a, b rgb, share float64) rgb {
	var c rgb
	for i := range c {
		c[i] = a[i]*share + b[i]*(1-share)
	}
	return c
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(c rgb) float64 {
	w := rgb{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, v := range c {
		v /= 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += w[i] * v
	}
	return sum
}

func contrast(a, b rgb) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrastFormula(t *testing.T) {
	black, white, grey := rgb{}, rgb{255, 255, 255}, rgb{119, 119, 119}
	if got := contrast(black, white); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white = %v, want 21", got)
	}
	if got := contrast(grey, white); math.Abs(got-4.48) > 0.005 {
		t.Errorf("#777 on white = %.3f, want 4.48", got)
	}
}

// TestContrast computes every pair of text and ground that the style sheets use: 4.5 for text, 3 for shapes and borders of
// inputs (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	light, dark, _ := themes(t)
	night := maps.Clone(light)
	maps.Copy(night, dark)
	ops := strings.Fields("op-conv op-pw op-dw op-pool op-norm op-act op-add op-concat op-fc op-out m-densenet")
	for name, tokens := range map[string]map[string]string{"light": light, "dark": night} {
		get := func(key string) rgb {
			c, err := parse(tokens[key])
			if err != nil {
				t.Fatalf("%s --%s: %v", name, key, err)
			}
			return c
		}
		check := func(what string, a, b rgb, want float64) {
			if got := contrast(a, b); got < want {
				t.Errorf("%s: %s has %.2f, want %.1f", name, what, got, want)
			}
		}
		for _, ground := range []string{"bg", "surface"} {
			for _, text := range append(strings.Fields("ink ink-2 ink-3 probe-ink ok warn err"), ops...) {
				check(text+" on "+ground, get(text), get(ground), 4.5)
			}
			for _, shape := range []string{"probe", "ctl", "op-pw-fill"} {
				check(shape+" on "+ground, get(shape), get(ground), 3)
			}
		}
		for _, pair := range [][2]string{{"ok", "ok-soft"}, {"warn", "warn-soft"}, {"err", "err-soft"}, {"ink", "sunken"}, {"ink-2", "sunken"}, {"ink-3", "sunken"}, {"ink", "probe-soft"}, {"ink-2", "probe-soft"}, {"surface", "ink"}, {"surface", "ink-2"}, {"ink", "warn-soft"}, {"ink", "err-soft"}, {"ink", "ok-soft"}} {
			check(pair[0]+" on "+pair[1], get(pair[0]), get(pair[1]), 4.5)
		}
		share, err := strconv.ParseFloat(strings.TrimSuffix(tokens["op-mix"], "%"), 64)
		if err != nil {
			t.Fatal(err)
		}
		cell, err := strconv.ParseFloat(strings.TrimSuffix(tokens["cell"], "%"), 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, hue := range []string{"probe", "op-conv", "op-act", "ink-3"} {
			check("a number on the deepest cell of "+hue, get("ink"), mix(get(hue), get("sunken"), 8*cell/100), 4.5)
		}
		for _, op := range ops {
			check(op+" on its own pill", get(op), mix(get(op), get("surface"), share/100), 4.5)
			check(op+" on a factor of a formula", get(op), mix(get(op), get("surface"), 0.12), 4.5)
		}
	}
}
