package view

import "stride/web/i18n"

func i18nText(g GalleryLook) *i18n.Text { return i18n.For(g.Lang) }

func allOps() []Op {
	return []Op{OpInput, OpConv, OpPointwise, OpDepthwise, OpPool, OpNorm, OpAct, OpAdd, OpMul, OpConcat, OpDense, OpReshape, OpOutput}
}

func (g GalleryLook) streamingTiles() []Tile {
	tiles := tilesOf(g.sheet("r50_l1", 8, 2, 56), 0, 3, 5)
	return append(tiles, Tile{Pending: true, Op: OpConv}, Tile{Pending: true, Op: OpPointwise}, Tile{Pending: true, Op: OpDense})
}

func (t Tile) silentIf(on bool) Tile {
	t.Silent = on
	return t
}

func (g GalleryLook) wrongQuestion() Question {
	return Question{
		ID: "direct", Action: "/en/labs/bottleneck", Name: "q.direct", Numeric: true, Predict: true, Value: "288",
		Prompt:  T(g.say("How many weights has a 3×3 convolution from 32 to 64 channels?", "채널 32개를 64개로 바꾸는 3×3 합성곱의 가중치는 몇 개입니까?")),
		Verdict: T(g.say("That is one filter; there are 64.", "그것은 필터 하나의 값이고, 필터는 64개입니다.")), Cause: g.say("One filter only", "필터 하나만 셈"),
	}
}
