package view

import (
	"fmt"
	"math"
)

// archPage is the bottleneck with projection of ResNet-50.
func (g GalleryLook) archPage() ArchPage {
	p := ArchPage{Page: g.page("ResNet-50", NavArchitectures, "/a/resnet50"), Tab: TabNetwork}
	p.TabURLs = [3]string{"?tab=0", "?tab=1", "?tab=2"}
	p.Bar = g.archBarFixture()
	p.Lesson = g.lessonFixture()
	p.Overview = g.overviewFixture()
	p.Block = BlockView{
		Title:   g.say("Block conv3.1, bottleneck with projection", "블록 conv3.1 · 투영이 있는 병목 구조"),
		Meta:    g.say("379,392 params", "379,392 파라미터"),
		OutURL:  "?zoom=2",
		InURL:   "?zoom=1",
		Diagram: g.blockFixture(),
	}
	p.Result = g.resultFixture()
	p.Inspector = g.inspectorFixture()
	p.List = g.netListFixture()
	p.Refs = []RefRow{{ID: "he2015", Authors: "K. He, X. Zhang, S. Ren, J. Sun", Title: "Deep residual learning for image recognition", Where: "CVPR", Year: "2016", URL: "https://arxiv.org/abs/1512.03385"}}
	return p
}

func (g GalleryLook) archBarFixture() ArchBar {
	b := ArchBar{
		Name: "ResNet-50",
		Facts: []Fact{
			{Label: g.say("Params", "파라미터"), Value: "25,557,032"},
			{Label: g.say("Mult–adds", "연산량"), Value: "4.09\u00a0G"},
			{Label: "Top-1", Value: "76.1%"},
		},
		Weights:  Badge{Tone: ToneOK, Text: g.say("trained on ImageNet", "ImageNet 학습됨")},
		GradCAM:  &Toggle{Label: "Grad-CAM", URL: "?cam=0", On: true},
		ShareURL: "/en/a/resnet50?l=layer2.0.conv2",
		Links:    []Link{{g.say("Layers as a table", "표로 보는 층"), "/en/a/resnet50/layers"}, {g.say("Handout", "유인물"), "/en/a/resnet50/print"}},
	}
	for _, v := range []string{"18", "34", "50", "101", "152"} {
		b.Variants = append(b.Variants, Option{Label: v, Long: "ResNet-", URL: "/en/a/resnet" + v, Current: v == "50"})
	}
	return b
}

func (g GalleryLook) lessonFixture() *Lesson {
	l := &Lesson{
		Title: "ResNet", Current: 3,
		Heading: g.say("Learn the difference, not the whole", "전체가 아니라 차이를 배운다"),
		Back:    &Link{"Degradation", "?step=3"},
		Next:    &Link{g.say("bottleneck block", "병목 블록"), "?step=5"},
	}
	for i := range 9 {
		l.Steps = append(l.Steps, LessonStep{Title: fmt.Sprintf("%d", i+1), URL: fmt.Sprintf("?step=%d", i+1), Done: i < 3})
	}
	text := func(s string) Span { return Span{Text: s} }
	strong := func(s string) Span { return Span{Kind: SpanStrong, Text: s} }
	through := Span{Kind: SpanRef, Op: OpAdd, Text: g.say("straight through", "그대로 통과시키고"), URL: "?l=layer2.0.add"}
	projection := Span{Kind: SpanRef, Op: OpPointwise, Text: "1×1, stride 2", URL: "?l=layer2.0.downsample.0"}
	eq := Equation{Lines: []EquationLine{
		{Parts: Rich{text("H(x) = "), {Kind: SpanBox, Op: OpConv, Text: "F(x)"}, text(" + "), {Kind: SpanBox, Op: OpAdd, Text: "x"}}, Label: g.say("forward", "순전파")},
		{Parts: Rich{text("∂H/∂x = "), {Kind: SpanBox, Op: OpConv, Text: "∂F/∂x"}, text(" + "), {Kind: SpanBox, Op: OpAdd, Text: "1"}}, Label: g.say("backward", "역전파")},
	}}
	q := Question{
		ID: "zero", Action: "/en/a/resnet50", Name: "q.zero", Fields: []Field{{"step", "4"}},
		Prompt: T(g.say("If every weight in F is 0, what does the block output (before ReLU)?", "F의 가중치가 모두 0이라면 블록의 출력은? (ReLU 이전)")),
		Choices: []Choice{
			{Label: T(g.say("Zero everywhere", "모두 0")), Value: "0"},
			{Label: T(g.say("Its shortcut input", "지름길로 온 입력 그대로")), Value: "1", Chosen: true, Right: true},
		},
		Verdict: T(g.say("The shallower network is still in there.", "더 얕은 신경망이 그 안에 그대로 있습니다.")), Right: true,
	}
	if g.Lang.Tag() == "ko" {
		l.Blocks = []Block{
			Paragraph{Rich{text("층을 더 쌓자 일반 신경망은 학습 데이터에서조차 "), strong("더 나빠졌습니다"), text(". 훈련 오차까지 커졌으니 과적합은 아닙니다. 노트는 경사 소실을, 배치 정규화를 쓴 논문은 최적화의 어려움을 원인으로 봅니다.")}},
			Paragraph{Rich{text("그래서 블록은 입력을 "), through, text(" 거기에 더할 "), strong("잔차"), text("만 학습합니다.")}},
			eq,
			Paragraph{Rich{text("F의 기여가 0이 되어도 "), strong("1"), text("이 남아 기울기가 사라지지 않고, 비용은 덧셈 한 번뿐입니다. 이 블록에서는 x의 크기가 바뀌므로 지름길에 "), projection, text(" 투영을 둡니다.")}},
			q,
		}
		return l
	}
	l.Blocks = []Block{
		Paragraph{Rich{text("Deeper plain networks got "), strong("worse"), text(", even on training data. That is not overfitting: the training error itself rises. The notes blame vanishing gradients; the paper, whose plain nets use batch normalisation, calls it a problem of optimisation.")}},
		Paragraph{Rich{text("So a block passes its input "), through, text(" and learns only the "), strong("residual"), text(", what must be added to it.")}},
		eq,
		Paragraph{Rich{text("Even when F contributes nothing, the "), strong("1"), text(" keeps the gradient alive, at the cost of one addition. In this block x changes size, so the shortcut carries a "), projection, text(" projection.")}},
		q,
	}
	return l
}

// overviewFixture lays out ResNet-50 as the design does: height by map size, width by channels.
func (g GalleryLook) overviewFixture() Overview {
	o := Overview{
		W: 709, H: 150, Label: g.say("ResNet-50: stem, four stages, head; block conv3.1 selected", "ResNet-50: 입구, 네 단계, 출력. 블록 conv3.1 선택됨"),
		Photo: g.photo("cat"), PhotoAt: Box{6, 32, 60, 60},
		Legend: []LegendItem{{OpConv, g.say("conv", "합성곱")}, {OpPointwise, "1×1"}, {OpPool, g.say("pool", "풀링")}, {OpAdd, g.say("skip", "스킵")}, {OpDense, g.say("dense", "완전연결")}},
	}
	o.Stages = append(o.Stages, OverviewStage{Frame: Box{2, 20, 68, 84}, X: 6, Shape: "3×224²", Name: g.say("image", "이미지"), URL: "?l=input"})
	o.Bars = append(o.Bars, Bar{Box: Box{80, 23, 7, 78}, Op: OpConv}, Bar{Box: Box{89, 31, 4, 62}, Op: OpPool})
	o.Stages = append(o.Stages, OverviewStage{Frame: Box{76, 18, 24, 88}, X: 80, Shape: "64×56²", Name: g.say("stem", "입구"), URL: "?l=conv1"})
	heights := []float64{62, 47, 34, 24, 24}
	x := 140.0
	for i, blocks := range []int{3, 4, 6, 3} {
		grow := 1 + 0.22*float64(i)
		stage := OverviewStage{X: x, Shape: fmt.Sprintf("%d×%d²", 256<<i, 56>>i), Name: fmt.Sprintf("conv%d ×%d", i+2, blocks), URL: fmt.Sprintf("?l=layer%d.0.conv1", i+1)}
		start := x
		for b := range blocks {
			h := heights[i]
			left := x
			for k, op := range []Op{OpPointwise, OpConv, OpPointwise} {
				w := []float64{3.2, 5.2, 7.2}[k] * grow
				o.Bars = append(o.Bars, Bar{Box: Box{x, 62 - h/2, w, h}, Op: op})
				x += w + 1.2
			}
			o.Arcs = append(o.Arcs, Arc{X1: left - 2, X2: left + 16.6*grow, Y: 61 - h/2, Op: OpAdd})
			stage.Blocks = append(stage.Blocks, OverviewBlock{Frame: Box{left - 4, 18, x - left + 7, 88}, Name: fmt.Sprintf("conv%d.%d", i+2, b+1), URL: fmt.Sprintf("?l=layer%d.%d.conv2", i+1, b), Selected: i == 1 && b == 0})
			x += 5
		}
		stage.Frame = Box{start - 4, 18, x - start, 88}
		x += 11.5
		o.Stages = append(o.Stages, stage)
	}
	o.Bars = append(o.Bars, Bar{Box: Box{672.9, 53, 5, 18}, Op: OpPool}, Bar{Box: Box{680.9, 42, 6, 40}, Op: OpDense})
	o.Stages = append(o.Stages, OverviewStage{Frame: Box{668, 18, 36, 88}, X: 670.9, Shape: "1000", Name: g.say("head", "출력"), URL: "?l=fc"})
	return o
}

func (g GalleryLook) blockFixture() Diagram {
	l1, a1, a2, a3 := g.sheet("r50_l1", 8, 2, 56), g.sheet("r50_a1", 8, 2, 56), g.sheet("r50_a2", 8, 8, 28), g.sheet("r50_a3", 8, 2, 28)
	ds, add := g.sheet("r50_ds", 8, 2, 28), g.sheet("r50_add", 8, 2, 28)
	maps := func(x, y, face float64, s Sheet, name, size, path string, index ...int) DiagramNode {
		st := Stack{Tiles: tilesOf(s, index...), Face: face}
		return DiagramNode{Box: Box{x, y, st.size(), st.size()}, Path: path, Shape: NodeMaps, Name: name, Size: size, Stack: st, URL: "?l=" + path}
	}
	d := Diagram{
		ID: "block", W: 680, H: 392, Label: g.say("Input x passes three convolutions to F(x); the projected shortcut x is added, which gives H(x).", "입력 x가 합성곱 세 개를 지나 F(x)가 되고, 투영한 지름길 x를 더해 H(x)가 됩니다."),
		Nodes: []DiagramNode{
			maps(0, 42, 96, l1, "x", "256×56²", "layer1.2.relu_2", 8, 5, 3, 0),
			maps(172, 44, 96, a1, "conv3.1a", "128×56²", "layer2.0.relu", 9, 4, 1),
			maps(344, 56, 72, a2, "conv3.1b", "128×28²", "layer2.0.conv2", 9, 5, 26),
			maps(490, 52, 72, a3, "F(x)", "512×28²", "layer2.0.bn3", 11, 9, 7, 3, 0),
			maps(344, 246, 72, ds, g.say("shortcut x", "지름길 x"), "512×28²", "layer2.0.downsample.1", 11, 9, 7, 3, 0),
			{Box: Box{511, 275, 30, 30}, Path: "layer2.0.add", Shape: NodeJoin, Op: OpAdd, URL: "?l=layer2.0.add", Title: g.say("add", "더하기"), Inputs: g.say("from F(x), also receives shortcut x", "F(x)에서 오며 지름길 x도 받습니다")},
			maps(578, 246, 72, add, "H(x)", "512×28²", "layer2.0.relu_2", 7, 5, 2, 1, 0),
		},
		Edges: []DiagramEdge{
			{Points: []Point{{112, 96}, {167, 96}}}, {Points: []Point{{280, 96}, {336, 96}}}, {Points: []Point{{428, 96}, {484, 96}}},
			{Points: []Point{{526, 188}, {526, 271}}},
			{Points: []Point{{54, 194}, {54, 290}, {336, 290}}, Radius: 18, Op: OpAdd},
			{Points: []Point{{436, 290}, {507, 290}}, Op: OpAdd},
			{Points: []Point{{542, 290}, {572, 290}}},
		},
		Pills: []Pill{
			{X: 142, Y: 32, Op: OpPointwise, Text: "1×1"}, {X: 142, Y: 118, Op: OpNorm, Text: "BN"}, {X: 142, Y: 141, Op: OpAct, Text: "ReLU"},
			{X: 308, Y: 32, Op: OpConv, Text: "3×3", Sub: "s2", URL: "?l=layer2.0.conv2"}, {X: 308, Y: 118, Op: OpNorm, Text: "BN"}, {X: 308, Y: 141, Op: OpAct, Text: "ReLU"},
			{X: 458, Y: 32, Op: OpPointwise, Text: "1×1"}, {X: 458, Y: 118, Op: OpNorm, Text: "BN"},
			{X: 206, Y: 270, Op: OpPointwise, Text: "1×1", Sub: "s2"}, {X: 206, Y: 308, Op: OpNorm, Text: "BN"},
			{X: 526, Y: 322, Op: OpAdd, Text: g.say("add", "더하기")},
		},
	}
	d.Nodes[2].Selected = true
	return d
}

func (g GalleryLook) predictions() []Prediction {
	return []Prediction{
		{Label: g.say("tabby cat", "얼룩 고양이"), Percent: 62, Text: "62%"},
		{Label: g.say("Egyptian cat", "이집트 고양이"), Percent: 21, Text: "21%"},
		{Label: g.say("tiger cat", "호랑이무늬 고양이"), Percent: 12, Text: "12%"},
		{Label: g.say("lynx", "스라소니"), Percent: 2, Text: "2%"},
		{Label: g.say("Persian cat", "페르시안 고양이"), Percent: 1, Text: "1%"},
	}
}

func (g GalleryLook) resultFixture() Result {
	return Result{
		CAM: &CAM{URL: g.photo("cat_cam"), Alt: g.say("Grad-CAM: the face drives the tabby prediction", "Grad-CAM: 얼굴이 얼룩 고양이 예측을 이끕니다"), Layer: "layer2.0.relu_1", Action: "/en/a/resnet50", Fields: []Field{{"cam", "1"}},
			Through: Control{Kind: ControlRange, Name: "at", Label: g.say("Grad-CAM through the layers", "Grad-CAM으로 층 훑어보기"), Min: 1, Max: 50, Step: 1, Value: 12}},
		Preds:   g.predictions(),
		Stream:  Stream{Percent: 100, Text: g.say("stage 5 of 5 · 412\u00a0ms", "5단계 중 5 · 412\u00a0ms"), Done: true},
		Explain: &Select{Label: g.say("Explain", "설명 대상"), Show: true, Options: []Option{{Label: g.say("tabby cat", "얼룩 고양이"), URL: "?class=281", Current: true}, {Label: g.say("lynx", "스라소니"), URL: "?class=287"}}},
	}
}

func (g GalleryLook) inspectorFixture() Inspector {
	cells := func(hue Hue, scale float64, v ...float64) SumPart {
		part := SumPart{Hue: hue}
		for y := range 3 {
			var row []SumCell
			for x := range 3 {
				n := v[3*y+x]
				s := fmt.Sprintf("%.2f", math.Abs(n))
				if n < 0 {
					s = "−" + s
				}
				row = append(row, SumCell{Text: s, Level: int(math.Round(15 * n / scale))})
			}
			part.Rows = append(part.Rows, row)
		}
		return part
	}
	sheet := g.sheet("r50_a2", 8, 8, 28)
	grid := &ChannelGrid{
		Title: g.say("128 channels", "채널 128개"), Shown: g.say("36 of 128", "128개 중 36개"), AllURL: "?all=1", All: g.say("Show all 128", "128개 모두 보기"),
		Sort:   Select{Label: g.say("Sort", "정렬"), Options: []Option{{Label: g.say("strongest first", "센 순서"), URL: "?sort=strength", Current: true}, {Label: g.say("by number", "번호 순서"), URL: "?sort=index"}}},
		Scale:  Select{Label: g.say("Scale", "색 범위"), Options: []Option{{Label: g.say("each", "채널별"), URL: "?norm=each", Current: true}, {Label: g.say("layer", "층"), URL: "?norm=layer"}}},
		Colour: Select{Label: g.say("Colours", "색"), Options: []Option{{Label: "mako", URL: "?cm=mako", Colours: Mako, Current: true}, {Label: "viridis", URL: "?cm=viridis", Colours: Viridis}, {Label: "grey", URL: "?cm=grey", Colours: Grey}}},
		Silent: g.say("17 silent channels, sorted last", "0인 채널 17개, 맨 뒤에 표시"), Clip: g.say("Colours end at the 99.5th percentile.", "색은 99.5 백분위에서 끝납니다."),
	}
	for i := range 36 {
		grid.Tiles = append(grid.Tiles, GridTile{Tile: Tile{Sheet: sheet, Index: i, Label: fmt.Sprintf(g.say("channel %d", "채널 %d"), i), Silent: i > 33}, Channel: i, URL: fmt.Sprintf("?c=%d", i), Selected: i == 26})
	}
	return Inspector{
		Op: OpConv, Name: "conv3.1b", Kind: g.say("3×3 convolution, stride 2, padding 1", "3×3 합성곱, stride 2, padding 1"), Path: "layer2.0.conv2",
		Prev: &Link{"layer2.0.relu", "?l=layer2.0.relu"}, Next: &Link{"layer2.0.bn2", "?l=layer2.0.bn2"}, NodeURL: "/en/a/resnet50/n/layer2.0.conv2",
		Facts: []Fact{
			{Label: g.say("Output", "출력"), Value: "128×28×28", Formula: "⌊(56 + 2·1 − 3) / 2⌋ + 1 = 28"},
			{Label: g.say("Parameters", "파라미터"), Value: "147,456", Formula: "3 · 3 · 128 · 128"},
			{Label: g.say("Multiply–adds", "곱셈-덧셈"), Value: "115.6\u00a0M", Formula: "147,456 · 28 · 28"},
			{Label: g.say("Receptive field", "수용 영역"), Value: "43 × 43", Formula: "35 + (3 − 1) · 4"},
		},
		Channel: &ChannelView{
			Title: g.say("Channel 26", "채널 26"), Place: g.say("row 10, col 14", "행 10, 열 14"), MapURL: g.big(), MapAlt: g.say("28×28 map, brightest at row 10, column 14", "28×28 활성맵, 행 10 열 14가 가장 밝음"),
			Rows: 28, Cols: 28, Cell: &Cell{10, 14}, Value: "5.82", Lo: "0", Hi: "5.82", Colours: Mako,
			Prev: &Link{g.say("Channel 25", "채널 25"), "?c=25"}, Next: &Link{g.say("Channel 27", "채널 27"), "?c=27"}, Action: "/en/a/resnet50", Fields: []Field{{"l", "layer2.0.conv2"}, {"c", "26"}}, CellURL: "?y={y}&x={x}",
			Photo: g.photo("cat"), PhotoAlt: g.say("the current image", "현재 이미지"),
			Field: ReceptiveField{StartY: -21, StartX: -21, JumpY: 8, JumpX: 8, SizeY: 43, SizeX: 43, InputH: 224, InputW: 224},
			Now:   &Rect{.4062, .2634, .192, .192}, Sees: g.say("What this pixel can see: 43×43", "이 픽셀이 보는 범위: 43×43"),
		},
		Pixel: &PixelSum{
			Title: g.say("How that pixel was made", "이 픽셀의 계산"),
			Input: &Select{Label: g.say("Input", "입력"), Options: []Option{{Label: g.say("input 50 / 128", "입력 50 / 128"), URL: "?in=50", Current: true}, {Label: g.say("input 7 / 128", "입력 7 / 128"), URL: "?in=7"}}},
			Parts: []SumPart{
				cells(HueMap, 15, 5.96, 6.28, 0, 7.85, 9.16, 2.5, 3.55, 7.01, 3.65), {Sign: "⊙"},
				cells(HueSigned, .33, 0, .05, -.01, .17, .17, .04, .05, .09, .07), {Sign: "="}, {Result: "4.30"},
			},
			Line: []SumTerm{{Text: "Σ", Sub: "128"}, {Text: "= 6.23"}, {Text: "+"}, {Text: g.say("bias −0.41", "편향 −0.41")}, {Text: "→ ReLU →"}, {Text: "5.82", Final: true}},
			Terms: []TermLine{
				{Label: g.say("input 50", "입력 50"), Value: "4.30", Percent: 100, URL: "?in=50", Selected: true}, {Label: g.say("input 7", "입력 7"), Value: "−1.12", Percent: -26, URL: "?in=7"}, {Label: g.say("input 90", "입력 90"), Value: "0.84", Percent: 19, URL: "?in=90"},
			},
			More: &Link{g.say("All terms", "모든 항"), "?terms=all"},
		},
		Grid: grid,
	}
}

func (g GalleryLook) big() string {
	if g.Picture != nil {
		return g.Picture("r50_big.png")
	}
	return pattern("big", 28, 28, true)
}

func (g GalleryLook) netListFixture() NetList {
	tile := func(s string, i int) Tile { return Tile{Sheet: g.sheet(s, 8, 2, 56), Index: i} }
	layer := func(op Op, name, shape, count, sheet string, i int) ListLayer {
		return ListLayer{Op: op, Name: name, Shape: shape, Count: count, Tile: tile(sheet, i), URL: "?l=" + idPart(name)}
	}
	open := ListStage{
		Name: g.say("conv3 · block 1 of 4", "conv3 · 블록 1/4"), Shape: "512×28×28", Count: "379,392", Tile: tile("r50_l2", 2), URL: "?l=", Open: true,
		Layers: []ListLayer{
			layer(OpPointwise, g.say("1×1 reduce", "1×1 축소"), "128×56²", "32,768", "r50_a1", 4),
			{Op: OpConv, Name: "3×3, stride 2", Shape: "128×28²", Count: "147,456", Tile: Tile{Sheet: g.sheet("r50_a2", 8, 8, 28), Index: 26}, URL: "?l=conv2", Selected: true},
			layer(OpPointwise, g.say("1×1 expand", "1×1 확장"), "512×28²", "65,536", "r50_a3", 3),
			layer(OpAdd, g.say("add shortcut", "지름길 더하기"), "512×28²", "131,072", "r50_add", 1),
		},
	}
	open.Layers[3].Note = g.say("also receives x", "x도 받습니다")
	return NetList{Stages: []ListStage{
		{Name: g.say("Stem", "입구"), Shape: "64×56×56", Count: "9,536", Tile: tile("r50_c1", 0), URL: "?l=conv1"},
		{Name: g.say("conv2 · 3 blocks", "conv2 · 3 블록"), Shape: "256×56×56", Count: "215,808", Tile: tile("r50_l1", 3), URL: "?l=layer1.0.conv1"},
		open,
		{Name: g.say("conv4 · 6 blocks", "conv4 · 6 블록"), Shape: "1024×14×14", Count: "7,098,368", Tile: tile("r50_l3", 4), URL: "?l=layer3.0.conv1"},
		{Name: g.say("conv5 · 3 blocks", "conv5 · 3 블록"), Shape: "2048×7×7", Count: "14,964,736", Tile: tile("r50_l4", 2), URL: "?l=layer4.0.conv1"},
	}}
}

// archWaiting is a run that has just begun, with weights that were never trained.
func (g GalleryLook) archWaiting() ArchPage {
	p := g.archPage()
	t := p.T()
	p.Bar.Weights = Badge{Tone: ToneWarn, Text: t.Models.Untrained, Title: t.Models.UntrainedText}
	p.Bar.Notice = &Notice{Tone: ToneWarn, Text: fmt.Sprintf(t.States.Slow, "VGG-16", "6"), Actions: []Action{{Label: fmt.Sprintf(t.States.RunFull, "224×224"), URL: "?size=224", Primary: true}, {Label: fmt.Sprintf(t.States.QuickLook, "112×112"), URL: "?size=112"}}}
	p.Result = Result{
		Stream: Stream{Percent: 40, Text: fmt.Sprintf(t.States.Stage, 2, 5, "214"), EventsURL: "/r/x/events", StopURL: "/r/x/stop"},
		Notice: &Notice{Tone: ToneWarn, Text: t.States.UntrainedNotice, Actions: []Action{{Label: t.Models.Get + ", 553\u00a0MB", URL: "/en/models", Method: "post", Icon: IconDownload}}},
	}
	for i := range p.Block.Diagram.Nodes {
		n := &p.Block.Diagram.Nodes[i]
		if i > 1 && n.Shape == NodeMaps {
			for j := range n.Stack.Tiles {
				n.Stack.Tiles[j] = Tile{Pending: true, Op: OpConv}
			}
		}
		n.Dim = i == 4
	}
	p.Inspector.Channel, p.Inspector.Pixel, p.Inspector.Grid = nil, nil, nil
	p.Inspector.Pending = t.States.Pending
	p.Tab = TabResult
	return p
}

// archDense shows a dense layer, whose output is bars.
func (g GalleryLook) archDense() ArchPage {
	p := g.archPage()
	strip := &VectorStrip{Signed: true, Title: g.say("1,000 values, largest first", "값 1,000개, 큰 순서"), Label: g.say("Outputs of the dense layer", "완전연결 층의 출력"), Lo: "−4.1", Hi: "11.3"}
	for i := range 120 {
		strip.Bars = append(strip.Bars, StripBar{Level: 1 - float64(i)/70, Title: fmt.Sprintf("%d", i), URL: fmt.Sprintf("?c=%d", i), Selected: i == 3})
	}
	in := &p.Inspector
	in.Op, in.Name, in.Kind, in.Path = OpDense, "fc", g.say("dense, 2,048 inputs, 1,000 outputs", "완전연결, 입력 2,048개, 출력 1,000개"), "fc"
	in.Channel, in.Grid, in.Strip = nil, nil, strip
	p.Lesson = nil
	p.Tab = TabNetwork
	for _, v := range []string{"50 v1", "101 v1", "plain 18", "plain 34"} {
		p.Bar.Variants = append(p.Bar.Variants, Option{Label: v, URL: "/en/a/" + idPart(v)})
	}
	return p
}
