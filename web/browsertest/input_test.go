package browsertest

import (
	"encoding/json"

	"github.com/chromedp/chromedp"
)

// quote is a JavaScript string.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always have a form
	}
	return string(b)
}

// drag presses the mouse at a place, moves it in steps, and lets go.
func (b *tab) drag(from, to [2]float64, steps int) {
	b.t.Helper()
	b.stroke([][2]float64{from, to}, steps)
}

// stroke draws along places with the mouse held.
func (b *tab) stroke(places [][2]float64, steps int) {
	b.t.Helper()
	at := places[0]
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]), chromedp.MouseEvent(chromedp.MousePressed, at[0], at[1], chromedp.ButtonLeft, chromedp.ClickCount(1)))
	for _, to := range places[1:] {
		for i := 1; i <= steps; i++ {
			f := float64(i) / float64(steps)
			b.do(chromedp.MouseEvent(chromedp.MouseMoved, at[0]+f*(to[0]-at[0]), at[1]+f*(to[1]-at[1]), chromedp.ButtonLeft))
		}
		at = to
	}
	b.do(chromedp.MouseEvent(chromedp.MouseReleased, at[0], at[1], chromedp.ButtonLeft, chromedp.ClickCount(1)))
}
