package diagram

import "slices"

// stages says which stage each block belongs to and merges what stands before and after the body.
func (c *cutter) stages(bs []*rawBlock) []*rawBlock {
	body := 0
	for _, b := range bs {
		if b.composite {
			body++
		}
	}
	bs = merge(markHead(bs, body > 0))
	if body > 0 {
		bs = merge(markStem(bs))
	}
	var first *rawBlock // the first block with a scope in the current stage
	for i, b := range bs {
		switch {
		case b.kind != StageBody:
			b.newStage = i == 0 || bs[i-1].kind != b.kind
		case body == 0:
			b.newStage = true
		case !b.composite:
			b.newStage = first == nil
		default:
			b.newStage = first == nil || b.last().Shape.H != first.last().Shape.H || b.scope != "" && first.scope != "" && b.in != first.in
		}
		if b.kind == StageBody && (b.newStage || first == nil) {
			first = b
		}
	}
	return bs
}

// markHead gives the head what leads up to it: the parts of a chain behind the last block, or without blocks the last
// part that has no weights.
func markHead(bs []*rawBlock, blocks bool) []*rawBlock {
	for i := len(bs) - 1; i > 0; i-- {
		b := bs[i]
		if b.kind == StageHead {
			continue
		}
		if b.composite || !blocks && hasWeight(b.nodes) {
			break
		}
		b.kind = StageHead
	}
	return bs
}

// markStem makes what stands before the first block the stem.
func markStem(bs []*rawBlock) []*rawBlock {
	for _, b := range bs[1:] {
		if b.composite || b.kind != StageBody {
			break
		}
		b.kind = StageStem
	}
	return bs
}

// merge joins neighbouring parts of the stem and of the head, which are one block each.
func merge(bs []*rawBlock) []*rawBlock {
	out := bs[:1]
	for _, b := range bs[1:] {
		l := out[len(out)-1]
		if b.kind == l.kind && (b.kind == StageStem || b.kind == StageHead) {
			l.nodes = append(slices.Clip(l.nodes), b.nodes...)
			l.in, l.scope, l.composite = common(l.nodes), "", false
			continue
		}
		out = append(out, b)
	}
	return out
}
