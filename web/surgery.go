package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/web/view"
)

// newSurgery lets a reader change the network at the selected node: scale or cut what its branch brings to the next joint,
// and mute the selected channel. Nil where there is nothing to change.
func (t *trace) newSurgery(ctx context.Context, n *nn.Node) *view.Surgery {
	s := &view.Surgery{Action: "/" + t.lang.Tag() + "/a/" + t.st.Model, Note: t.w.SurgeryNote, Mute: t.muteLink(ctx, n)}
	target, joint := branchEnd(n)
	if target != nil {
		now := 1.0
		for _, e := range t.st.Edits {
			if e.Node == target.Path && e.Channel < 0 {
				now = float64(e.Scale)
			}
		}
		s.Fields = t.fields(func(a *archState) { a.Edits = without(a.Edits, target.Path, -1) })
		s.Fields = append(s.Fields, view.Field{Name: "cut", Value: target.Path})
		label, mark := t.w.SkipScale, view.OpAdd
		if joint.Op.Kind() == "concat" {
			label, mark = t.w.BranchScale, view.OpConcat
		}
		s.Controls = []view.Control{{Kind: view.ControlRange, Name: "alpha", Label: label, Op: mark, Min: 0, Max: 2, Step: 0.1, Value: now, Hint: target.Path}}
	}
	if target == nil && s.Mute == nil && len(t.st.Edits) == 0 {
		return nil
	}
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

// muteLink sets the selected channel to zero, or undoes that. A node with one channel has nothing to compare with.
func (t *trace) muteLink(ctx context.Context, n *nn.Node) *view.Link {
	x := t.out(ctx, n)
	if x == nil || n == t.model.Graph.Input || n.Shape.C < 2 {
		return nil
	}
	c, err := t.channel(n, x)
	if err != nil {
		return nil
	}
	muted := slices.ContainsFunc(t.st.Edits, func(e engine.Edit) bool { return e.Node == n.Path && e.Channel == c })
	text := t.w.MuteChannel
	if muted {
		text = t.w.UnmuteChannel
	}
	return &view.Link{Label: fmt.Sprintf(text, c), URL: t.url(func(a *archState) {
		a.Channel = c
		a.Edits = without(a.Edits, n.Path, c)
		if !muted && len(a.Edits) < engine.MaxEdits {
			a.Edits = append(a.Edits, engine.Edit{Node: n.Path, Channel: c})
		}
	})}
}

// branchEnd is the last node of the branch that n belongs to and the joint where it ends: the residual branch of the next
// addition, or what goes into the next concatenation. Nil where neither follows.
func branchEnd(n *nn.Node) (end, joint *nn.Node) {
	for m := n; len(m.Users) > 0 || m.Op.Kind() == "add"; {
		if m.Op.Kind() == "add" {
			return m.In[0], m
		}
		next := m.Users[0]
		for _, u := range m.Users {
			if u.Op.Kind() != "add" {
				next = u
				break
			}
		}
		if next.Op.Kind() == "concat" {
			return m, next
		}
		m = next
	}
	return nil, nil
}

// without drops the edit of a node's channel; −1 is the edit of all channels.
func without(l []engine.Edit, path string, channel int) []engine.Edit {
	var out []engine.Edit
	for _, e := range l {
		if e.Node != path || e.Channel != channel {
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
	st.Edits = without(st.Edits, cut, -1)
	if v != 1 {
		st.Edits = append(st.Edits, engine.Edit{Node: cut, Channel: -1, Scale: float32(v)})
	}
	return nil
}
