package web

import (
	"strconv"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/web/view"
)

// newSurgery lets a reader change the selected node: scale or cut what a branch adds at the next joint, or mute the
// selected channel. Nil where there is nothing to change.
func (t *trace) newSurgery(n *nn.Node) *view.Surgery {
	target := t.surgeryTarget(n)
	if target == nil {
		return nil
	}
	s := &view.Surgery{Action: "/" + t.lang.Tag() + "/a/" + t.st.Model, Note: t.w.SurgeryNote}
	now := 1.0
	for _, e := range t.st.Edits {
		if e.Node == target.Path && e.Channel < 0 {
			now = float64(e.Scale)
		}
	}
	s.Fields = t.fields(func(a *archState) { a.Edits = without(a.Edits, target.Path) })
	s.Fields = append(s.Fields, view.Field{Name: "cut", Value: target.Path})
	s.Controls = []view.Control{{Kind: view.ControlRange, Name: "alpha", Label: t.w.SkipScale, Op: view.OpAdd, Min: 0, Max: 2, Step: 0.1, Value: now, Hint: target.Path}}
	if len(t.st.Edits) > 0 {
		s.ResetURL = t.url(func(a *archState) { a.Edits = nil })
		for _, m := range t.changed() {
			s.Changed = append(s.Changed, view.Link{Label: m.Path, URL: t.nodeURL(m)})
			if len(s.Changed) == 12 {
				break
			}
		}
	}
	return s
}

// surgeryTarget is the end of the residual branch that the node belongs to: the first input of the next addition.
func (t *trace) surgeryTarget(n *nn.Node) *nn.Node {
	for m := n; m != nil; {
		if m.Op.Kind() == "add" {
			return m.In[0]
		}
		if len(m.Users) == 0 {
			return nil
		}
		next := m.Users[0]
		for _, u := range m.Users {
			if u.Op.Kind() != "add" {
				next = u
				break
			}
		}
		m = next
	}
	return nil
}

// without drops the edits of a node.
func without(l []engine.Edit, path string) []engine.Edit {
	var out []engine.Edit
	for _, e := range l {
		if e.Node != path || e.Channel >= 0 {
			out = append(out, e)
		}
	}
	return out
}

// changed lists what lies downstream of an edit.
func (t *trace) changed() []*nn.Node {
	dirty := map[int]bool{}
	var l []*nn.Node
	for _, n := range t.model.Graph.Main() {
		for _, e := range t.st.Edits {
			dirty[n.ID] = dirty[n.ID] || e.Node == n.Path
		}
		for _, in := range n.In {
			dirty[n.ID] = dirty[n.ID] || dirty[in.ID]
		}
		if dirty[n.ID] {
			l = append(l, n)
		}
	}
	return l
}

// applySurgery turns the surgery form's own fields (cut, alpha) into an edit.
func applySurgery(st *archState, cut, alpha string) error {
	if cut == "" {
		return nil
	}
	v, err := strconv.ParseFloat(alpha, 32)
	if err != nil || v < -8 || v > 8 {
		return badRequest("alpha")
	}
	st.Edits = without(st.Edits, cut)
	if v != 1 {
		st.Edits = append(st.Edits, engine.Edit{Node: cut, Channel: -1, Scale: float32(v)})
	}
	return nil
}
