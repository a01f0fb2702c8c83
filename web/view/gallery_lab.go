package view

import "fmt"

func (g GalleryLook) labPage() LabPage {
	p := LabPage{Page: g.page(g.say("1×1 bottleneck", "1×1 병목"), NavLabs, "/labs/bottleneck")}
	p.Crumbs = []Link{{g.say("Labs", "실험실"), "/en/labs"}, {"InceptionNet", ""}}
	p.Heading = g.say("A 1×1 convolution halves the bill", "1×1 합성곱으로 비용을 절반으로")
	p.Lead = T(g.say("Applying several filters at once multiplies parameters. Squeeze the depth first, 32 → 16, then expand to 64: that narrowing is the bottleneck.", "여러 필터를 한 번에 쓰면 파라미터가 늘어납니다. depth를 먼저 32 → 16으로 줄이고 64로 넓히면, 병목(bottleneck)처럼 잘록한 구조가 됩니다."))
	choice := func(name, label string, on int, options ...string) Control {
		c := Control{Kind: ControlChoice, Name: name, Label: label}
		for i, o := range options {
			c.Options = append(c.Options, Choice{Label: T(o), Value: fmt.Sprint(i), Chosen: i == on})
		}
		return c
	}
	p.Bench = Bench{
		Action: "/en/labs/bottleneck",
		Controls: []Control{
			{Kind: ControlRange, Name: "in", Label: g.say("Input depth", "입력 depth"), Op: OpNorm, Min: 1, Max: 128, Step: 1, Value: 32},
			{Kind: ControlRange, Name: "mid", Label: g.say("Bottleneck depth", "병목 depth"), Op: OpPointwise, Min: 1, Max: 40, Step: 1, Value: 16},
			{Kind: ControlRange, Name: "out", Label: g.say("Output depth", "출력 depth"), Op: OpConv, Min: 1, Max: 128, Step: 1, Value: 64},
			choice("k", g.say("Kernel", "커널"), 0, "3×3", "5×5", "7×7"),
			choice("bias", g.say("Count bias terms", "편향 포함"), 0, g.say("No", "아니요"), g.say("Yes", "예")),
		},
		Note:  g.say("The bottleneck must be thinner than the input (under 32), otherwise nothing is squeezed.", "병목의 depth는 반드시 입력 depth(32)보다 작아야 합니다."),
		Reset: &Link{g.say("Back to 32 → 16 → 64", "32 → 16 → 64로 되돌리기"), "/en/labs/bottleneck"},
	}
	box := func(channels int, op Op, shape, name string) Volume {
		return Volume{Cells: 28, Channels: channels, Op: op, Shape: shape, Name: name}
	}
	in, out := g.say("input", "입력"), g.say("output", "출력")
	factor := func(op Op, s string) Span { return Span{Kind: SpanBox, Op: op, Text: s} }
	p.Bench.Stage = BottleneckStageView(BottleneckStage{
		Paths: []VolumePath{
			{
				Title: g.say("Direct 3×3", "3×3을 바로 적용"), Steps: []string{"3×3"}, Volumes: []Volume{box(32, OpNorm, "28×28×32", in), box(64, OpConv, "28×28×64", out)},
				Formula: Rich{factor(OpConv, "3·3"), {Text: " · "}, factor(OpNorm, "32"), {Text: " · "}, factor(OpConv, "64")}, Value: "18,432", Unit: g.say("parameters", "파라미터"),
			},
			{
				Title: g.say("1×1 first, then 3×3", "1×1로 줄인 뒤 3×3"), Steps: []string{"1×1", "3×3"}, Volumes: []Volume{box(32, OpNorm, "28×28×32", in), box(16, OpPointwise, "28×28×16", g.say("bottleneck", "병목")), box(64, OpConv, "28×28×64", out)},
				Formula: Rich{factor(OpPointwise, "1·1 · 32 · 16"), {Text: " + "}, factor(OpConv, "3·3 · 16 · 64"), {Text: " = 512 + 9,216"}}, Value: "9,728", Unit: g.say("parameters, 47% fewer", "파라미터, 47% 감소"),
			},
		},
		Bars: []ShareBar{
			{Label: g.say("Direct", "직접"), Value: "18,432", Parts: []SharePart{{Percent: 100, Class: OpConv.Class(), Title: "3×3: 18,432"}}},
			{Label: g.say("Bottleneck", "병목"), Value: "9,728", Parts: []SharePart{{Percent: 2.78, Class: OpPointwise.Class(), Title: "1×1: 512"}, {Percent: 50, Class: OpConv.Class(), Title: "3×3: 9,216"}}},
		},
		Legend: []LegendItem{{OpPointwise, "1×1"}, {OpConv, "3×3"}},
		Note:   p.T().Lab.BottleneckOf, Meta: g.say("Mult–adds at 28×28: 14.45 M → 7.63 M", "28×28에서 연산량: 14.45 M → 7.63 M"),
	})
	chart := `<svg viewBox="0 0 560 250" role="img" aria-label="Parameters against bottleneck depth"><path class="gl" d="M52 206H540M52 158.5H540M52 111H540M52 63.5H540M52 16H540"/><path d="M64 201L540 24" fill="none" stroke="var(--op-pw)" stroke-width="2"/><circle cx="247" cy="129" r="6" fill="var(--probe)"/><text class="h" x="259" y="143">16 → 9,728</text></svg>`
	p.Sections = []LabSection{
		{
			Heading: g.say("When does it stop paying off?", "언제까지 이득일까?"),
			Blocks:  []Block{Paragraph{T(g.say("Total cost grows with the bottleneck depth m: 32·m for the 1×1 plus 9·m·64 for the 3×3.", "총 파라미터는 병목 depth m에 비례합니다. 1×1에 32·m, 3×3에 9·m·64개입니다."))}},
			Question: &Question{ID: "be", Action: "/en/labs/bottleneck", Name: "q.be", Prompt: T(g.say("Output depth is now 128. Where does the break-even move?", "출력 depth를 128로 늘리면 손익분기는?")), Choices: []Choice{
				{Label: T(g.say("Down, towards 16", "16 쪽으로 내려간다")), Value: "0"}, {Label: T(g.say("Barely: 30.3 becomes 31.1", "거의 그대로: 30.3 → 31.1")), Value: "1"},
			}},
			Chart: &Chart{ID: "break-even", Wide: chart, Caption: T(g.say("Below 30.3 the bottleneck is cheaper.", "30.3보다 얇으면 병목이 저렴합니다.")), CSVURL: "/en/labs/bottleneck.csv"},
		},
		{Panel: true, Heading: g.say("The whole module: inception 3a", "모듈 전체: inception 3a"), Meta: g.say("with bottlenecks 163,696 · without 393,472", "병목 있음 163,696 · 병목 없음 393,472"), Body: ModuleView(p.Page, g.moduleFixture())},
		{Panel: true, Heading: g.say("Other ways to the same output", "같은 출력을 내는 다른 방법"), Body: FormTableView(FormTable{
			Head: []string{g.say("Form", "형태"), g.say("Product", "곱"), g.say("Parameters", "파라미터"), g.say("Mult–adds", "연산량")},
			Rows: []FormRow{
				{Name: g.say("Direct", "직접"), Terms: Rich{factor(OpConv, "3·3 · 32 · 64")}, Cells: []string{"18,432", "14.45 M"}, Percent: 100},
				{Name: g.say("Bottleneck 16", "병목 16"), Terms: Rich{factor(OpPointwise, "32 · 16"), {Text: " + "}, factor(OpConv, "3·3 · 16 · 64")}, Cells: []string{"9,728", "7.63 M"}, Percent: 52.8, Selected: true},
				{Name: g.say("Separable", "분리"), Terms: Rich{factor(OpDepthwise, "3·3 · 32"), {Text: " + "}, factor(OpPointwise, "32 · 64")}, Cells: []string{"2,336", "1.83 M"}, Percent: 12.7},
			},
			Note: g.say("One row per form of the same contract.", "같은 입출력을 내는 형태를 한 줄에 하나씩 적었습니다."),
		})},
	}
	p.Sections = append(p.Sections, LabSection{ID: "real", Heading: g.say("A real layer", "실제 층"), Body: BenchView(p.Page, g.realFixture(p.Page))})
	p.Prev, p.Next = &Link{g.say("Stacked 3×3", "3×3 쌓기"), "/en/labs/stacked-3x3"}, &Link{g.say("auxiliary classifiers", "보조 분류기"), "/en/labs/auxiliary-classifiers"}
	return p
}

func (g GalleryLook) realFixture(p Page) Bench {
	row := func(sheet, name string) MapRow {
		return MapRow{Tiles: tilesOf(g.sheet(sheet, 8, 1, 28), 0, 1, 2, 3, 4, 5, 6, 7), Name: name}
	}
	asTrained, inPlace := g.say("The layer as trained", "학습된 그대로의 층"), g.say("Rank 16 in its place", "랭크(rank) 16으로 바꾼 층")
	answers := func(title string, best float64) Answers {
		return Answers{Title: title, Preds: []Prediction{{Label: g.say("cat", "고양이"), Percent: best, Text: num(best) + "%"}, {Label: g.say("dog", "개"), Percent: 100 - best, Text: num(100-best) + "%"}}}
	}
	return Bench{
		ID: "real-layer", Label: g.say("A real layer", "실제 층"), Action: "/en/labs/bottleneck",
		Controls: []Control{
			{Kind: ControlSelect, Name: "layer", Label: g.say("Layer", "층"), Groups: []ChoiceGroup{{Label: "Mini GoogLeNet", Options: []PickOption{{Text: "inception_4a.b2 · 32 → 64, 3×3", Value: "a", Chosen: true}}}, {Label: "Mini VGG", Options: []PickOption{{Text: "conv2_2 · 24 → 24, 3×3", Value: "b"}}}}},
			{Kind: ControlRange, Name: "rank", Label: g.say("Middle channels", "중간 채널 수"), Op: OpPointwise, Min: 1, Max: 32, Step: 1, Value: 16},
			{Kind: ControlResult, Op: OpPointwise, Label: g.say("Error on this map", "이 활성맵의 오차"), Text: "32.0%", Hint: g.say("Not yet below 10%.", "아직 10% 미만이 아닙니다.")},
		},
		Stage: RealLayerView(p, RealLayer{
			Rows:  []MapRow{row("sk_x", asTrained), row("sk_h", inPlace), row("sk_f", g.say("Difference", "차이"))},
			Scale: g.say("All three rows share one scale.", "세 줄은 같은 눈금을 씁니다."), About: "Mini GoogLeNet",
			Contract: &Link{g.say("Take this layer into the bench at the top", "이 층을 맨 위 조작판으로 가져가기"), "/en/labs/bottleneck"},
			Answers:  []Answers{answers(asTrained, 97), answers(inPlace, 96)},
		}),
	}
}

func (g GalleryLook) moduleFixture() ModuleFigure {
	branch := func(sheet, with, without, saved string, pills ...Pill) Branch {
		return Branch{Pills: pills, Tiles: tilesOf(g.sheet(sheet, 8, 1, 28), 0, 1, 2, 3, 4, 5, 6, 7), URL: "#", Count: "64", With: with, Without: without, Saved: saved}
	}
	pw := func(s string) Pill { return Pill{Op: OpPointwise, Text: s} }
	part := func(percent float64, op Op, s string) SharePart {
		return SharePart{Percent: percent, Class: op.Class(), Label: s}
	}
	return ModuleFigure{
		Input: Stack{Tiles: tilesOf(g.sheet("inc_in", 8, 1, 28), 5, 4, 2, 0), Face: 100}, Shape: "192×28²",
		Branches: []Branch{
			branch("inc_b1", "12,288", "12,288", "0%", pw("1×1, 64")),
			branch("inc_b3", "129,024", "221,184", "42%", pw("1×1, 96"), Pill{Op: OpConv, Text: "3×3, 128"}),
			branch("inc_b5", "15,872", "153,600", "90%", pw("1×1, 16"), Pill{Op: OpConv, Text: "5×5, 32"}),
			branch("inc_bp", "6,144", "0", "", Pill{Op: OpPool, Text: g.say("3×3 max", "3×3 최대")}, pw("1×1, 32")),
		},
		Heads: [3]string{g.say("weights", "가중치"), g.say("without reduction", "축소 없이"), g.say("saved", "절감")},
		Concat: []ShareBar{
			{Label: g.say("weights", "가중치"), Value: "256×28²", Parts: []SharePart{part(15, OpPointwise, "64"), part(31, OpConv, "128"), part(8, OpConv, "32"), part(8, OpPool, "32")}},
			{Label: g.say("without reduction", "축소 없이"), Value: "416×28²", Parts: []SharePart{part(15, OpPointwise, "64"), part(31, OpConv, "128"), part(8, OpConv, "32"), part(46, OpPool, "192")}},
		},
		Name: g.say("concat", "이어붙이기"), Meta: g.say("with reductions 163,328 · without 387,072", "축소하면 163,328 · 하지 않으면 387,072"),
		Note: g.say("Kernels of different size would return maps of different height and width. Padding keeps every branch at 28×28, so the branches can be joined along depth.", "필터 크기가 다르면 활성맵의 가로×세로도 달라집니다. padding으로 모두 28×28에 맞춘 뒤 depth 방향으로 이어붙입니다."),
	}
}

func (g GalleryLook) skipPage() LabPage {
	p := LabPage{Page: g.page(g.say("Skip connections", "스킵 연결"), NavLabs, "/labs/skip-connections"), Heading: g.say("Why adding x keeps deep networks trainable", "x를 더하면 왜 깊은 신경망이 학습될까")}
	p.Crumbs = []Link{{g.say("Labs", "실험실"), "/en/labs"}, {"ResNet", ""}}
	p.Lead = T(g.say("More layers should never hurt: the extra ones could simply copy their input.", "층을 늘려도 나빠질 이유는 없습니다. 추가된 층이 입력을 그대로 내보내면 되니까요."))
	row := func(sheet, name, caption string) MapRow {
		return MapRow{Tiles: tilesOf(g.sheet(sheet, 8, 1, 28), 0, 1, 2, 3), Name: name, Caption: caption}
	}
	p.Bench = Bench{
		Action: "/en/labs/skip-connections",
		Controls: []Control{
			{Kind: ControlRange, Name: "s", Label: g.say("Scale of F’s weights", "F 가중치의 크기"), Op: OpConv, Min: 0, Max: 1, Step: 0.05, Value: 0.25, Hint: g.say("Drag to 0 to switch the layers off.", "0으로 끌면 층이 꺼집니다.")},
			{Kind: ControlResult, Label: g.say("Plain: 0.25²⁷", "일반: 0.25²⁷"), Text: "5.6 × 10⁻¹⁷"},
			{Kind: ControlResult, Op: OpAdd, Label: g.say("Residual: (0.25 + 1)²⁷", "잔차: (0.25 + 1)²⁷"), Text: "413.6"},
		},
		Stage: MapRows([]MapRow{row("sk_x", "x", g.say("the input", "입력값")), row("sk_f", "F(x)", g.say("the residual, blue below zero", "잔차, 파랑은 음수")), row("sk_h", "H(x)", g.say("sum after ReLU", "더한 뒤 ReLU"))}),
	}
	return p
}

func (g GalleryLook) labsPage() LabsPage {
	return LabsPage{Page: g.page(g.say("Labs", "실험실"), NavLabs, "/labs"), Labs: g.labsFixture()}
}
