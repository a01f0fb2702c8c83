package web

import (
	"fmt"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/web/i18n"
	"stride/web/view"
)

// shownClasses is how many classes the result bar names.
const shownClasses = 5

// newResult is the bar with the answer. Untrained weights have none: the place says why.
func (t *trace) newResult() view.Result {
	r := view.Result{Stream: t.newStream()}
	switch {
	case t.failed != nil:
		e, ok := answer(t.failed)
		if !ok {
			e = errInternal
		}
		m := messageOf(t.lang, e)
		r.Notice = &view.Notice{Tone: view.ToneError, Title: m.title, Text: m.what}
	case !t.model.Trained():
		r.Notice = t.untrainedNotice()
	case t.done:
		r.Preds = t.predictions(t.result.Top, shownClasses)
		r.Other = t.predictions(t.before.Top, shownClasses)
		r.Caution = fmt.Sprintf(t.w.HadToAnswer, i18n.N(t.model.Graph.Output.Shape.C))
		if len(t.result.Top) > 0 && t.result.Top[0].Prob < t.notSure() {
			r.Caution = t.w.NotSure + " " + r.Caution
		}
		if side := t.lookingSize(); side > 0 && t.st.Size == side {
			r.Caution = fmt.Sprintf(t.w.ForLooking, i18n.Dims(side, side), i18n.Dims(t.model.Arch.Input.H, t.model.Arch.Input.W))
		}
		if t.model.Arch.Labels == arch.Drawings && !t.drawing() {
			r.Caution = t.w.KnowsDrawings
		}
	}
	return r
}

// defaultNotSure is the share below which an answer of weights without a calibrated card is marked as a guess.
const defaultNotSure = 0.5

// notSure is the share below which an answer counts as a guess: the calibrated one of the model card, where there is one.
func (t *trace) notSure() float64 {
	for _, e := range t.s.cfg.Catalogue.Of(t.st.Model) {
		if e.ID != t.model.Provenance.ID {
			continue
		}
		if c, err := t.s.cfg.Catalogue.Card(e); err == nil && c != nil && c.NotSure > 0 {
			return c.NotSure
		}
	}
	return defaultNotSure
}

// drawing reports whether the picture is of the kind that miniatures were trained on.
func (t *trace) drawing() bool {
	m := t.s.samples.byName[t.picture.Sample]
	return m != nil && m.Kind == "drawing"
}

// untrainedNotice says why there is no answer and offers one: the family's trained miniature.
func (t *trace) untrainedNotice() *view.Notice {
	n := &view.Notice{Tone: view.ToneWarn, Title: t.w.UntrainedTitle, Text: t.w.UntrainedLong}
	if f, ok := family(t.model.Arch.Family); ok {
		if best := t.s.best(f); best != t.st.Model {
			if a, err := arch.ByName(best); err == nil && len(t.s.cfg.Catalogue.Of(best)) > 0 {
				n.Actions = append(n.Actions, view.Action{Label: fmt.Sprintf(t.w.OpenTrained, a.Title), URL: t.variantURL(*a)})
			}
		}
	}
	n.Actions = append(n.Actions, view.Action{Label: t.w.GetWeights, URL: "/" + t.lang.Tag() + "/models"})
	return n
}

func (t *trace) predictions(top []engine.Guess, k int) []view.Prediction {
	var l []view.Prediction
	for _, g := range top[:min(k, len(top))] {
		l = append(l, view.Prediction{Label: t.s.names.of(t.model.Arch.Labels, t.lang, g.Index), Percent: 100 * g.Prob, Text: percent(g.Prob),
			URL:   t.url(func(s *archState) { s.Class = g.Index }),
			Title: t.s.names.of(t.model.Arch.Labels, t.lang.Other(), g.Index)})
	}
	return l
}

// percent is a share with as many digits as are worth reading.
func percent(p float64) string {
	switch {
	case p >= 0.9995:
		return "100%"
	case p >= 0.1:
		return fmt.Sprintf("%.0f%%", 100*p)
	case p >= 0.001:
		return fmt.Sprintf("%.1f%%", 100*p)
	}
	return "<0.1%"
}

// newStream is the state of the run.
func (t *trace) newStream() view.Stream {
	p := newProgress(t.model.Graph, t.lang)
	for _, e := range t.rec.Events() {
		p.add(e)
	}
	s := view.Stream{Percent: p.percent(), Done: t.done}
	switch {
	case t.done:
		s.Text = fmt.Sprintf(t.w.TookMS, t.result.Elapsed.Milliseconds())
	case t.failed != nil:
		s.Text = t.w.Stopped
	case t.queued.Position > 0:
		s.Text = p.queue(t.queued)
	default:
		s.Text = p.text()
	}
	if !t.done && t.failed == nil {
		s.EventsURL = t.run + "/events?lang=" + t.lang.Tag()
	}
	return s
}

// stack is a few channels of a node, one behind the other.
func (t *trace) stack(n *nn.Node, face float64) view.Stack {
	sheets := 3
	switch c := n.Shape.C; {
	case c > 256:
		sheets = 5
	case c > 64:
		sheets = 4
	}
	st := view.Stack{Face: face}
	for i := min(sheets, n.Shape.C) - 1; i >= 0; i-- {
		st.Tiles = append(st.Tiles, t.tile(n, i))
	}
	return st
}

// missing reports whether a glyph stands in place of a node's picture until the stream brings it.
func (t *trace) missing(n *nn.Node) bool { return !t.has(n) && (!t.late || t.failed != nil) }

// tile is the i-th channel of a node's sheet in the page's order, or the operation's glyph while it is not computed.
func (t *trace) tile(n *nn.Node, i int) view.Tile {
	return view.Tile{Sheet: t.sheet(n), Index: i, Node: n.Path, Pending: t.missing(n), Op: opOf(n)}
}
