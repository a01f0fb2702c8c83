package view

import (
	"fmt"
	"math"
)

func (g GalleryLook) lenetPage(empty bool) LeNetPage {
	p := LeNetPage{Page: g.page("LeNet-5", NavArchitectures, "/a/lenet5")}
	p.Image = ImageChip{Name: g.say("Your digit", "내 숫자"), ThumbURL: g.digit(), Pixels: true}
	p.Crumbs = []Link{{g.say("Family", "계보"), "/en/"}, {"1998", ""}}
	p.Facts = []Fact{{Label: g.say("Params", "파라미터"), Value: "61,706"}, {Label: g.say("Mult–adds", "연산량"), Value: "416,520"}}
	p.Weights = Badge{Tone: ToneOK, Text: p.T().Models.BuiltIn}
	p.Pad = Pad{
		Side: 32, Data: "", Action: "/en/a/lenet5", Name: "d", ImageURL: g.digit(), Alt: g.say("Your drawing, a five, on a 32 by 32 grid", "32×32 격자에 그린 숫자 5"), Empty: empty,
		ClearURL: "/en/a/lenet5", UndoURL: "?d=1", Sample: "?sample=5", Box: &Rect{20.0 / 32, 18.0 / 32, 5.0 / 32, 5.0 / 32},
	}
	digits := Sheet{URL: g.sheet("ln_samples", 5, 2, 32).URL, Cols: 5, Rows: 2, CellW: 32, CellH: 32}
	for i := range 10 {
		p.Pad.Samples = append(p.Pad.Samples, PadSample{Digit: fmt.Sprint(i), URL: fmt.Sprintf("?sample=%d", i), Tile: Tile{Sheet: digits, Index: i}})
	}
	stage := func(op Op, title, shape, params string, s Sheet, cols, n int, size float64, on int) LeNetStage {
		st := LeNetStage{Op: op, Title: title, Shape: shape, Params: params, URL: "?l=" + idPart(title), Cols: cols, Size: size}
		for i := range n {
			st.Tiles = append(st.Tiles, GridTile{Tile: Tile{Sheet: s, Index: i, Label: fmt.Sprintf("%s %d", title, i+1), Pending: empty}, URL: fmt.Sprintf("?l=%s&c=%d", idPart(title), i), Selected: i == on})
		}
		return st
	}
	none := g.say("no params", "파라미터 없음")
	p.Stages = []LeNetStage{
		stage(OpConv, g.say("C1 convolve 5×5", "C1 합성곱 5×5"), "6×28×28", g.say("156 params", "156 파라미터"), g.sheet("ln_c1", 6, 1, 28), 2, 6, 74, 1),
		stage(OpPool, g.say("S2 average", "S2 평균"), "6×14×14", none, g.sheet("ln_s2", 6, 1, 14), 2, 6, 48, -1),
		stage(OpConv, g.say("C3 convolve 5×5", "C3 합성곱 5×5"), "16×10×10", g.say("2,416 params", "2,416 파라미터"), g.sheet("ln_c3", 16, 1, 10), 4, 16, 40, -1),
		stage(OpPool, g.say("S4 average", "S4 평균"), "16×5×5", none, g.sheet("ln_s4", 16, 1, 5), 4, 16, 23, -1),
		stage(OpConv, "C5 5×5", "120×1×1", g.say("48,120 params", "48,120 파라미터"), g.sheet("ln_s4", 16, 1, 5), 6, 120, 8, -1),
		stage(OpDense, "F6", "84", g.say("10,164 params", "10,164 파라미터"), g.sheet("ln_s4", 16, 1, 5), 6, 84, 8, -1),
	}
	for i := range 10 {
		d := DigitBar{Digit: fmt.Sprint(i), Text: "0%"}
		if i == 5 && !empty {
			d.Percent, d.Text, d.On = 96, "96%", true
		}
		p.Digits = append(p.Digits, d)
	}
	if empty {
		return p
	}
	p.Says = "5"
	p.Lesson = &Lesson{
		Title: "LeNet", Heading: g.say("The first convolutional recipe, 1998", "1998년, 첫 합성곱 조리법"),
		Blocks: []Block{
			Paragraph{T(g.say("C1 shows six maps, so six filters were applied. Three convolutions and two average poolings alternate with tanh.", "C1에는 활성맵이 여섯 장이므로 필터도 여섯 개입니다. 합성곱 세 번과 평균 풀링 두 번이 tanh와 번갈아 이어집니다."))},
			Question{
				ID: "c1", Action: "/en/a/lenet5", Name: "q.c1", Prompt: T(g.say("C1 has 6 filters of 5×5 on 1 channel. How many parameters?", "C1은 채널 1개에 5×5 필터 6개를 씁니다. 파라미터는 몇 개입니까?")),
				Choices: []Choice{{Label: T("150"), Value: "150", Chosen: true}, {Label: T("156 = (5·5·1 + 1)·6"), Value: "156", Right: true}},
				Verdict: T(g.say("Each filter also has one bias.", "필터마다 편향이 하나씩 더 있습니다.")), Cause: g.say("Biases forgotten", "편향을 빠뜨림"),
			},
		},
	}
	grid := func(caption string, hue Hue, f func(y, x int) float64) SumPart {
		part := SumPart{Caption: caption, Hue: hue}
		for y := range 5 {
			var row []SumCell
			for x := range 5 {
				v := f(y, x)
				s := fmt.Sprintf("%.2f", math.Abs(v))
				if v < 0 {
					s = "−" + s
				}
				row = append(row, SumCell{Text: s, Level: int(v * 8)})
			}
			part.Rows = append(part.Rows, row)
		}
		return part
	}
	p.Pixel = &PixelSum{
		Title: g.say("One pixel of C1, worked out", "C1의 픽셀 하나를 계산하면"),
		Parts: []SumPart{
			grid(g.say("patch of your drawing", "그림의 조각"), HueInk, func(y, x int) float64 { return 1.7 - 0.4*float64(x) }), {Sign: "⊙"},
			grid(g.say("filter 2", "필터 2"), HueSigned, func(y, x int) float64 { return 0.2 - 0.08*float64(x+y) }), {Sign: "="},
			grid(g.say("products", "곱"), HueSigned, func(y, x int) float64 { return (1.7 - 0.4*float64(x)) * (0.2 - 0.08*float64(x+y)) }),
		},
		Line: []SumTerm{{Text: "Σ = 1.57"}, {Text: "+"}, {Text: g.say("bias 0.16", "편향 0.16")}, {Text: "= 1.73 →"}, {Text: "tanh", Op: OpAct}, {Text: "→"}, {Text: "0.94", Final: true}},
		Note: g.say("Row 18, column 20 of map 2.", "활성맵 2의 행 18, 열 20."),
	}
	kernels := g.sheet("ln_k1", 6, 1, 5)
	for i := range 6 {
		p.Filters = append(p.Filters, GridTile{Tile: Tile{Sheet: kernels, Index: i, Label: fmt.Sprintf(g.say("filter %d", "필터 %d"), i+1)}, URL: fmt.Sprintf("?c=%d", i), Selected: i == 1})
	}
	return p
}

func (g GalleryLook) digit() string {
	if g.Picture != nil {
		return g.Picture("ln_in.png")
	}
	return pattern("digit", 32, 32, false)
}
