package view

import "fmt"

func (g GalleryLook) comparePage() ComparePage {
	p := ComparePage{Page: g.page(g.say("Compare", "비교"), NavCompare, "/compare"), Action: "/en/compare", Name: "m", Max: 5, CSVURL: "/en/compare.csv", ShareURL: "/en/compare?m=vgg16"}
	names := []struct {
		name string
		f    Family
		on   bool
	}{
		{"LeNet-5", LeNet, false}, {"AlexNet", AlexNet, false}, {"VGG-16", VGG, true}, {"GoogLeNet", Inception, true},
		{"ResNet-50", ResNet, true}, {"MobileNet", MobileNet, true}, {"DenseNet-121", DenseNet, false}, {"EfficientNet-B0", EfficientNet, false},
	}
	for _, n := range names {
		p.Chips = append(p.Chips, ModelChip{Name: n.name, Value: string(n.f), Family: n.f, On: n.on})
	}
	p.Cost = Chart{Title: g.say("Accuracy against cost", "정확도와 비용"), Caption: T(g.say("Circle area is the parameter count. Up and to the left is better.", "원의 넓이는 파라미터 수입니다. 왼쪽 위일수록 좋습니다.")),
		Wide: `<svg viewBox="0 0 640 300" role="img" aria-label="Accuracy against cost"><path class="gl" d="M52 40H620M52 150H620M52 260H620"/><circle cx="420" cy="90" r="18" fill="none" stroke="var(--m-resnet)"/><text x="446" y="94">ResNet-50</text></svg>`}
	bands := func(title string, values []string, shares [][]float64) BandBars {
		out := BandBars{Title: title}
		classes := []string{"seq-1", "seq-2", "seq-3", "seq-4", "seq-5", "c-ink"}
		for i, v := range values {
			bar := ShareBar{Label: []string{"VGG-16", "GoogLeNet", "ResNet-50", "MobileNet"}[i], Value: v}
			for k, s := range shares[i] {
				bar.Parts = append(bar.Parts, SharePart{Percent: s, Class: classes[k], Title: fmt.Sprintf("%.0f%%", s)})
			}
			out.Bars = append(out.Bars, bar)
		}
		for i, l := range []string{"≥112²", "56²", "28²", "14²", "7²", g.say("dense", "완전연결")} {
			out.Legend = append(out.Legend, SharePart{Class: classes[i], Label: l})
		}
		return out
	}
	p.Params = bands(g.say("Where the parameters live", "파라미터가 있는 곳"), []string{"138.4 M", "7.0 M", "25.6 M", "4.2 M"}, [][]float64{{0, 0.2, 1, 5, 5, 88.8}, {1, 2, 8, 40, 34, 15}, {1, 1, 5, 28, 57, 8}, {1, 1, 3, 35, 36, 24}})
	p.Params.Note = g.say("VGG-16 keeps 89% in its dense head.", "VGG-16은 89%가 완전연결 층에 있습니다.")
	p.Work = bands(g.say("Where the work happens", "연산이 일어나는 곳"), []string{"15.5 G", "1.58 G", "4.09 G", "569 M"}, [][]float64{{30, 30, 30, 9, 0, 1}, {8, 23, 26, 35, 8, 0}, {7, 17, 23, 35, 18, 0}, {7, 12, 16, 50, 14, 1}})
	p.Table = CompareTable{Columns: []CompareColumn{
		{Label: g.say("Model", "모델"), URL: "?sort=name"}, {Label: g.say("Year", "연도"), URL: "?sort=year", Numeric: true}, {Label: "Top-1", Numeric: true, URL: "?sort=top"}, {Label: g.say("Parameters", "파라미터"), URL: "?sort=params", Sorted: "descending"}, {Label: g.say("Key idea", "핵심 아이디어")},
	}}
	for _, r := range []struct {
		name string
		f    Family
		year string
		top  string
		par  string
		pc   float64
		op   Op
		idea string
	}{{"VGG-16", VGG, "2014", "71.6%", "138,357,544", 100, OpConv, "3×3"}, {"ResNet-50", ResNet, "2015", "76.1%", "25,557,032", 18.5, OpAdd, g.say("skip", "스킵")}, {"GoogLeNet", Inception, "2014", "69.8%", "6,998,552", 5.1, OpConcat, g.say("inception", "인셉션")}} {
		p.Table.Rows = append(p.Table.Rows, CompareRow{Name: r.name, Family: r.f, URL: "/en/a/x", Cells: []CompareCell{{Text: r.year}, {Text: r.top}, {Text: r.par, Percent: r.pc}, {Text: r.idea, Pill: r.op}}})
	}
	p.Matrix = MapMatrix{Title: g.say("The same photo, at the same size", "같은 사진, 같은 크기"), Columns: []string{"112 × 112", "56 × 56", "28 × 28", "14 × 14", "7 × 7"}}
	p.Matrix.Colour = Select{Label: g.say("Colours", "색"), Options: []Option{{Label: "mako", Colours: Mako, URL: "?cm=mako", Current: true}, {Label: "grey", Colours: Grey, URL: "?cm=grey"}}}
	for _, m := range [][3]string{{"VGG-16", "vgg", "71.6%"}, {"GoogLeNet", "goo", "69.8%"}, {"MobileNet", "mob", "70.6%"}} {
		row := MapMatrixRow{Name: m[0], Note: m[2], URL: "/en/a/" + m[1]}
		for _, n := range []int{112, 56, 28, 14, 7} {
			row.Cells = append(row.Cells, MatrixCell{Tiles: tilesOf(g.sheet(fmt.Sprintf("%s_%d", m[1], n), 8, 1, n), 0, 2, 4), URL: "/en/a/x?l=y", Label: fmt.Sprintf("%s, %d × %d", m[0], n, n)})
		}
		p.Matrix.Rows = append(p.Matrix.Rows, row)
	}
	return p
}

func (g GalleryLook) calcPage(broken bool) CalcPage {
	p := CalcPage{Page: g.page(g.say("Calculator", "계산기"), NavCalculator, "/calc"), Action: "/en/calc", ShareURL: "/en/calc?d=x", CSVURL: "/en/calc.csv", JSONURL: "/en/calc.json"}
	p.UndoURL = "/en/calc?do=undo"
	p.Export = Select{Label: g.say("More formats", "다른 형식"), Fixed: g.say("More formats", "다른 형식"), Options: []Option{{Label: "PyTorch", URL: "/en/calc.py"}}}
	p.Start = Select{Label: g.say("Start from", "시작점"), Show: true, Options: []Option{{Label: g.say("my own", "직접 만든 것"), URL: "/en/calc", Current: true}, {Label: "LeNet-5", URL: "/en/calc?from=lenet5"}}}
	in := func(pairs ...string) []CalcInput {
		var out []CalcInput
		for i := 0; i+1 < len(pairs); i += 2 {
			out = append(out, CalcInput{Name: pairs[i], Label: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	for i, r := range []CalcRow{
		{Op: OpInput, Name: g.say("Input", "입력"), Inputs: in("channels", "3", "size", "64"), Shape: "3×64×64", Params: "0", MACs: "0", Field: "1"},
		{Op: OpConv, Name: "Conv", Inputs: in("out", "32", "kernel", "3", "stride", "1", "pad", "1"), Shape: "32×64×64", Params: "896", MACs: "3.5 M", Field: "3"},
		{Op: OpNorm, Name: "BatchNorm", Shape: "32×64×64", Params: "64", MACs: "0", Field: "3"},
		{Op: OpAct, Name: "ReLU", Shape: "32×64×64", Params: "0", MACs: "0", Field: "3"},
		{Op: OpPool, Name: "MaxPool", Inputs: in("kernel", "2", "stride", "2"), Shape: "32×32×32", Params: "0", MACs: "0", Field: "4"},
		{Op: OpDepthwise, Name: "Depthwise", Inputs: in("kernel", "3", "stride", "1", "pad", "1"), Shape: "32×32×32", Params: "320", MACs: "294.9 k", Field: "8", Depth: 1},
		{Op: OpPointwise, Name: "Conv 1×1", Inputs: in("out", "64"), Shape: "64×32×32", Params: "2,112", MACs: "2.1 M", Field: "8", Selected: true},
		{Op: OpDense, Name: g.say("Dense", "완전연결"), Inputs: in("out", "10"), Shape: "10", Params: "1,290", MACs: "1.3 k", Field: "64"},
	} {
		r.Index, r.Address = i, itoa(i)
		if n := itoa(i); r.Op != OpInput {
			r.Menu = []CalcMenu{{p.T().Calc.MoveUp, "up" + n, "up"}, {p.T().Calc.MoveDown, "down" + n, "down"}, {g.say("Duplicate", "복제"), "copy" + n, ""}, {p.T().Calc.Delete, "del" + n, "del"}}
		}
		for k := range r.Inputs {
			r.Inputs[k].Name = fmt.Sprintf("r%d.%s", i, r.Inputs[k].Label)
		}
		if broken && i == 5 {
			r.Error = g.say("Kernel 7 is larger than the 4×4 input.", "커널 7은 4×4 입력보다 큽니다.")
			r.Fixes = []CalcFix{{g.say("Use kernel 4", "커널 4로"), "do", "fix"}}
			r.Inputs[0].Invalid = true
		}
		if broken && i > 4 {
			r.Shape, r.Params, r.MACs, r.Field = "–", "–", "–", "–"
		}
		p.Rows = append(p.Rows, r)
	}
	for _, a := range []struct {
		op     Op
		en, ko string
	}{{OpConv, "Conv", "합성곱"}, {OpDepthwise, "Depthwise", "채널별"}, {OpPool, "Pool", "풀링"}, {OpNorm, "BatchNorm", "배치 정규화"}, {OpAct, "Activation", "활성화"}, {OpAdd, "Skip add", "스킵 더하기"}, {OpConcat, "Branches", "갈래"}, {OpDense, "Dense", "완전연결"}} {
		p.Add = append(p.Add, CalcAdd{a.op, g.say(a.en, a.ko), "add", string(a.op)})
	}
	p.Totals = []Fact{{Label: g.say("Parameters", "파라미터"), Value: "78,538"}, {Label: g.say("Multiply–adds", "곱셈-덧셈"), Value: "24.81 M"}, {Label: g.say("Weights, float32", "가중치, float32"), Value: "306.8 KiB"}, {Label: g.say("Receptive field before pooling", "풀링 전 수용 영역"), Value: "18 × 18"}}
	box := func(op Op, s string) Span { return Span{Kind: SpanBox, Op: op, Text: s} }
	p.Selected = &CalcDetail{Op: OpPointwise, Title: g.say("Layer 6, Conv 1×1", "층 6, Conv 1×1"), Lines: []Rich{
		{{Text: "params = "}, box(OpPointwise, "1·1"), {Text: " · "}, box(OpNorm, "32"), {Text: " · "}, box(OpConv, "64"), {Text: " + 64 = 2,112"}}, {{Text: "mult–adds = 2,048 · 32² = 2.1 M"}},
	}, Note: g.say("With the depthwise layer above: 2,432 parameters.", "위의 채널별 층과 합해 2,432 파라미터.")}
	p.Reckoning = &ReckoningBox{Open: true, Title: g.say("Why do others write another number?", "다른 곳에서는 왜 다른 숫자를 쓸까요?"), Note: g.say("By other conventions:", "다른 기준으로는 다음과 같습니다."),
		Own:     []ReckoningLine{{Label: g.say("running means and variances", "이동 평균과 분산"), Value: "78,602"}},
		Ask:     &AskFigure{Action: "/en/calc", Label: g.say("A figure that you have read", "어디서 읽은 숫자"), Value: "80 k", Button: g.say("Explain", "설명하기"), Failed: g.say("No convention leads to 80 k.", "80 k이(가) 나오는 기준이 없습니다.")},
		Figures: []Reckoning{{Figure: "78,602", What: g.say("parameters", "파라미터"), Source: "Keras", Where: "summary()", Lines: []ReckoningLine{{Label: g.say("Our count", "여기서 센 값"), Value: "78,538"}, {Label: g.say("running means and variances", "이동 평균과 분산"), Value: "+64"}, {Label: g.say("sum", "합계"), Value: "78,602"}}}}}
	p.Shares = []ShareRow{{"Conv", OpConv, 1.1, "1.1%"}, {"Conv 1×1", OpPointwise, 2.7, "2.7%"}, {"Conv", OpConv, 94, "94.0%"}, {g.say("Dense", "완전연결"), OpDense, 1.6, "1.6%"}}
	p.Paste = PasteModel{Action: "/en/calc/parse", Text: "nn.Conv2d(3, 32, 3, padding=1)\nnn.BatchNorm2d(32)\nnn.ReLU()\nnn.MaxPool2d(2)", Open: true}
	return p
}

func (g GalleryLook) modelsPage() ModelsPage {
	p := ModelsPage{Page: g.page(g.say("Models", "모델"), NavModels, "/models"), Stored: g.say("Each file is checked against a published SHA-256 before use.", "파일마다 공개된 SHA-256과 대조한 뒤에 사용합니다.")}
	t := p.T()
	open := []Action{{Label: t.Common.Open, URL: "/en/a/x"}}
	get := []Action{{Label: t.Models.Get, URL: "/en/models", Method: "post", Icon: IconDownload, Fields: []Field{{"pull", "x"}}}}
	ready := Badge{Tone: ToneOK, Text: t.Models.Ready}
	for i, r := range []ModelRow{
		{Name: "LeNet-5", Badge: ready, Status: g.say("built in", "내장"), Size: "0.2 MB", TrainedOn: "MNIST, 99.1%", Actions: open, Facts: []Fact{{Label: t.Models.Digest, Value: "6f1ed002ab5595859014ebf0951522d9"}}},
		{Name: "VGG-16", Badge: Badge{Tone: ToneWarn, Text: t.Models.Untrained}, Status: t.Models.UntrainedText, Size: "553 MB", Actions: get},
		{Name: "ResNet-50", Pull: &PullProgress{61, "62 / 102 MB · 12 s", "61%"}, Size: "102 MB", TrainedOn: "ImageNet, 76.1%", Actions: []Action{{Label: t.Common.Stop, URL: "/en/models", Method: "post"}}},
		{Name: "DenseNet-121", Badge: Badge{Tone: ToneError, Text: g.say("checksum differs", "체크섬 불일치")}, Status: g.say("The file was damaged on the way. Nothing was installed.", "파일이 손상되었습니다. 설치된 것은 없습니다."), Size: "32 MB", Actions: []Action{{Label: t.Models.TryAgain, URL: "/en/models", Method: "post", Icon: IconRotateCcw}}},
		{Name: "EfficientNet-B0", Badge: Badge{Tone: ToneNone, Text: t.Models.Offline, Icon: IconWifiOff}, Status: g.say("Connect to fetch it, or choose a .safetensors file.", "연결하거나 .safetensors 파일을 고르세요."), Size: "21 MB", Actions: []Action{{Label: t.Models.ChooseFile, URL: "/en/models", Method: "post", Icon: IconFolderOpen, Upload: ".safetensors,.pth", File: "file"}}},
	} {
		r.ID, r.URL, r.Silhouette = fmt.Sprint(i), "/en/a/x", g.familyFixture().Networks[i].Silhouette
		p.Rows = append(p.Rows, r)
	}
	return p
}

func (g GalleryLook) layersPage() LayersPage {
	p := LayersPage{Page: g.page("ResNet-50", NavArchitectures, "/a/resnet50/layers"), Bar: g.archBarFixture(), BackURL: "/en/a/resnet50", CSVURL: "/x.csv", JSONURL: "/x.json", Columns: []string{g.say("Output", "출력"), g.say("Params", "파라미터"), g.say("Mult–adds", "연산량"), g.say("RF", "수용 영역")}}
	tile := Tile{Sheet: g.sheet("r50_a1", 8, 2, 56), Index: 3}
	p.Groups = []LayerGroup{{g.say("Stem", "입구"), []LayerRow{{ID: "conv1", Op: OpConv, Path: "conv1", URL: "?l=conv1", Kind: g.say("7×7 convolution", "7×7 합성곱"), Cells: []string{"64×112×112", "9,408", "118.0 M", "7"}, Tile: &tile}}}, {"conv2", []LayerRow{{ID: "layer1.0.add", Op: OpAdd, Path: "layer1.0.add", URL: "?l=add", Kind: g.say("add", "더하기"), Note: g.say("also receives x", "x도 받습니다"), Cells: []string{"256×56×56", "0", "0", "19"}}}}}
	p.Totals = []Fact{{Label: g.say("Total parameters", "총 파라미터"), Value: "25,557,032"}}
	return p
}

func (g GalleryLook) nodePage() NodePage {
	p := NodePage{Page: g.page("layer2.0.conv2", NavArchitectures, "/a/resnet50/n/layer2.0.conv2"), Crumbs: []Link{{"ResNet-50", "/en/a/resnet50"}, {"layer2.0.conv2", ""}}, Inspector: g.inspectorFixture(), Code: "Conv{Out: 128, Kernel: 3, Stride: 2, Pad: 1, NoBias: true}"}
	p.Inspector.Grid.Large = true
	for i := range p.Inspector.Grid.Tiles {
		p.Inspector.Grid.Tiles[i].Caption = fmt.Sprintf("%d · 0.4", i)
	}
	p.Stats = []Fact{{Label: g.say("mean", "평균"), Value: "0.41"}, {Label: g.say("zeros", "0의 비율"), Value: "38%"}}
	p.Values = &ValuesTable{Caption: g.say("Channel 26, rows 0 to 7", "채널 26, 행 0–7"), CSVURL: "/x.csv", Float32URL: "/x.f32", Pages: []Option{{Label: "0–7", URL: "?p=0", Current: true}, {Label: "8–15", URL: "?p=1"}}}
	for y := range 8 {
		var row []SumCell
		for x := range 8 {
			row = append(row, SumCell{Text: fmt.Sprintf("%.2f", float64(x*y)/9), Level: x * y / 4, URL: fmt.Sprintf("?y=%d&x=%d", y, x), Chosen: x == 3 && y == 2})
		}
		p.Values.Rows = append(p.Values.Rows, row)
	}
	return p
}

func (g GalleryLook) diffPage() DiffPage {
	return DiffPage{
		Page: g.page(g.say("GoogLeNet: paper against weights", "GoogLeNet: 논문과 가중치"), NavArchitectures, "/a/googlenet/paper"), Heading: g.say("GoogLeNet: paper against weights", "GoogLeNet: 논문과 가중치"), Left: g.say("Paper", "논문"), Right: "torchvision",
		Crumbs: []Link{{"GoogLeNet", "/en/a/googlenet"}, {g.say("paper", "논문"), ""}}, Note: T(g.say("The published weights use 3×3 where the paper has 5×5.", "공개된 가중치는 논문의 5×5 자리에 3×3을 씁니다.")),
		Rows: []DiffRow{{Name: "inception3a.branch3", Left: "5×5", Right: "3×3", Effect: []Fact{{Label: g.say("Params", "파라미터"), Value: "−8,192"}}, URL: "/en/a/googlenet?l=inception3a"}},
	}
}
