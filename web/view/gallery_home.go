package view

import "fmt"

func (g GalleryLook) picker() ImagePicker {
	k := ImagePicker{Action: "/" + g.Lang.Tag() + "/image", Return: "/" + g.Lang.Tag() + "/", Large: g.photo("cat"), LargeAlt: g.say("Current image: a cat", "현재 이미지: 고양이"), DrawURL: "/" + g.Lang.Tag() + "/a/lenet5"}
	for i, s := range [][3]string{{"cat", "Cat", "고양이"}, {"espresso", "Coffee", "커피"}, {"moto", "Motorcycle", "오토바이"}, {"dahlia", "Dahlia", "달리아"}, {"pagoda", "Pagoda", "탑"}, {"rocket", "Rocket", "로켓"}} {
		k.Samples = append(k.Samples, Sample{Name: s[0], Label: g.say(s[1], s[2]), URL: g.photo(s[0]), Current: i == 0})
	}
	return k
}

func (g GalleryLook) homePage() HomePage {
	p := HomePage{Page: g.page("", NavFamily, "/"), StartURL: "/en/a/lenet5", OpenURL: "/en/a/resnet50", OpenName: "ResNet-50", CalculatorURL: "/en/calc", ClassifyURL: "/en/a/resnet50", TransferURL: "/en/labs/transfer"}
	p.PresentURL = ""
	stage := func(en, ko, shape, sheet string, face float64, index ...int) FlowStage {
		return FlowStage{Name: g.say(en, ko), Shape: shape, URL: "?l=" + sheet, Stack: Stack{Tiles: tilesOf(g.sheet(sheet, 8, 2, 56), index...), Face: face}}
	}
	p.Flow = Flow{
		Picker: g.picker(),
		Stages: []FlowStage{
			stage("edges, colours", "모서리와 색", "64 × 112²", "r50_c1", 112, 5, 3, 0), stage("textures", "질감", "256 × 56²", "r50_l1", 94, 8, 5, 0),
			stage("patterns", "무늬", "512 × 28²", "r50_l2", 76, 9, 7, 3, 2), stage("parts", "부분", "1024 × 14²", "r50_l3", 60, 9, 6, 4, 1), stage("objects", "물체", "2048 × 7²", "r50_l4", 46, 9, 7, 3, 2),
		},
		Network: Select{Label: g.say("Network", "신경망"), Options: []Option{{Label: "ResNet-50", URL: "?m=resnet50", Current: true}, {Label: "VGG-16", URL: "?m=vgg16"}}},
		Preds:   g.predictions()[:4],
		Badge:   Badge{Tone: ToneOK, Text: g.say("weights ready", "가중치 준비됨")},
	}
	p.Family = g.familyFixture()
	p.Labs = g.labsFixture()
	p.Facts = []BigFact{
		{Value: g.say("1.28 million", "128만 장"), Label: g.say("ImageNet (ILSVRC) training images", "ImageNet(ILSVRC) 학습 이미지")},
		{Value: g.say("50,000", "5만 장"), Label: g.say("images to measure with", "평가용 이미지")},
		{Value: g.say("1,000", "1,000개"), Label: g.say("classes, many of them animals", "클래스, 상당수가 동물"), Link: &Link{g.say("browse", "보기"), "/en/learn/classes"}},
	}
	return p
}

func (g GalleryLook) familyFixture() FamilyTable {
	f := FamilyTable{
		Rows:     []string{g.say("Depth", "깊이"), g.say("Parameters", "파라미터"), g.say("Multiply–adds", "곱셈-덧셈"), "Top-1, ImageNet"},
		GapAfter: 0, Gap: g.say("14 quiet years", "14년의 침체기"), URL: "/en/compare",
		Note: g.say("Silhouettes: one bar per layer; height follows the feature-map size, width the channels, colour the operation.", "실루엣: 막대 하나가 층 하나입니다. 높이는 활성맵 크기, 너비는 채널 수, 색은 연산 종류입니다."),
	}
	rows := []struct {
		family                  Family
		year, name, depth, p, m string
		top, en, ko             string
		op                      Op
		ops                     []Op
		bars                    int
	}{
		{LeNet, "1998", "LeNet", "5", "61.7 k", "416.5 k", "99.1%", "Convolution → pooling → softmax", "합성곱 → 풀링 → softmax", OpDense, []Op{OpConv, OpPool, OpConv, OpPool, OpConv, OpDense}, 7},
		{AlexNet, "2012", "AlexNet", "8", "61.0 M", "724 M", "56.5%", "ReLU instead of tanh", "tanh 대신 ReLU", OpAct, []Op{OpConv, OpConv, OpPool}, 11},
		{VGG, "2014", "VGGNet", "16", "138.4 M", "15.5 G", "71.6%", "Small 3×3 kernels, stacked", "작은 3×3 커널 쌓기", OpConv, []Op{OpConv, OpConv, OpPool}, 21},
		{Inception, "2014", "InceptionNet", "22", "7.00 M", "1.58 G", "69.8%", "Inception module", "인셉션 모듈", OpConcat, []Op{OpPointwise, OpConv}, 57},
		{ResNet, "2015", "ResNet", "50", "25.6 M", "4.09 G", "76.1%", "Skip connection", "스킵 연결", OpAdd, []Op{OpPointwise, OpConv, OpPointwise}, 52},
		{MobileNet, "2017", "MobileNet", "28", "4.23 M", "569 M", "70.6%", "Depthwise separable", "깊이별 분리 합성곱", OpDepthwise, []Op{OpDepthwise, OpPointwise}, 28},
		{DenseNet, "2017", "DenseNet", "121", "7.98 M", "2.83 G", "74.4%", "Concat every earlier map", "앞의 활성맵을 모두 이어붙이기", OpConcat, []Op{OpPointwise, OpConv}, 121},
		{EfficientNet, "2019", "EfficientNet", "82", "5.29 M", "386 M", "77.7%", "Compound scaling", "복합 스케일링", OpPool, []Op{OpPointwise, OpDepthwise, OpPool}, 81},
	}
	for _, r := range rows {
		s := Silhouette{W: 120, H: 62, Label: r.name}
		step := 120 / float64(r.bars)
		for i := range r.bars {
			h := 60 - 44*float64(i)/float64(r.bars)
			op := r.ops[i%len(r.ops)]
			if i > r.bars-3 && r.family != MobileNet {
				op, h = OpDense, 6
			}
			s.Bars = append(s.Bars, Bar{Box: Box{float64(i) * step, 31 - h/2, step * 0.82, h}, Op: op})
		}
		n := FamilyNetwork{Family: r.family, Year: r.year, Name: r.name, URL: "/en/a/" + string(r.family), Silhouette: s, Idea: g.say(r.en, r.ko), IdeaOp: r.op}
		n.Figures = []FamilyFigure{{Value: r.depth + g.say(" layers", "층")}, {Value: r.p}, {Value: r.m}, {Value: r.top}}
		if r.family == LeNet {
			n.Figures[3].Unit = "MNIST"
		}
		f.Networks = append(f.Networks, n)
	}
	for _, r := range []struct {
		en, ko, stops string // a stop per network: . none, - passes, o uses, O introduces, ) ends, @ introduced and ended
		labelEn       string
		labelKo       string
		op            Op
	}{
		{"Convolution → pooling → softmax", "합성곱 → 풀링 → softmax", "Ooooooo)", "feature maps", "활성맵", OpDense},
		{"ReLU instead of tanh", "tanh 대신 ReLU", ".Oooooo)", "ReLU", "ReLU", OpAct},
		{"Small 3×3 kernels, stacked", "작은 3×3 커널 쌓기", "..Ooooo)", "3×3 stacks", "3×3 반복", OpConv},
		{"1×1 bottleneck", "1×1 병목 구조", "...Oooo)", "1×1 first", "1×1로 축소", OpPointwise},
		{"Branches joined by concat", "갈래를 이어붙이기(concat)", "...O--).", "Inception module", "인셉션 모듈", OpConcat},
		{"Skip connection", "스킵 연결", "....O--)", "H(x) = F(x) + x", "H(x) = F(x) + x", OpAdd},
		{"Depthwise separable", "깊이별 분리 합성곱", ".....O-)", "1 filter / channel", "채널마다 필터 하나", OpDepthwise},
		{"Compound scaling", "복합 스케일링", ".......@", "d × w × r", "d × w × r", OpPool},
	} {
		line := IdeaLine{Name: g.say(r.en, r.ko), Op: r.op}
		for i, c := range r.stops {
			s := IdeaStop{URL: fmt.Sprintf("/en/a/%d?step=1", i), Title: line.Name}
			switch c {
			case '-':
				s.Kind = StopPasses
			case 'o':
				s.Kind = StopUses
			case 'O':
				s.Kind, s.Label = StopIntroduces, g.say(r.labelEn, r.labelKo)
			case ')':
				s.Kind = StopEnds
			case '@':
				s.Kind, s.Label = StopOnly, g.say(r.labelEn, r.labelKo)
			}
			line.Stops = append(line.Stops, s)
		}
		f.Ideas = append(f.Ideas, line)
	}
	return f
}

func (g GalleryLook) labsFixture() []LabCard {
	var cards []LabCard
	for _, l := range [][5]string{
		{"convolution", "Convolution basics", "합성곱 기초", "Pixels, RGB, kernels, stride and padding, worked by hand.", "픽셀, RGB, 커널, 스트라이드, 패딩을 손으로 계산해 봅니다."},
		{"dense-or-convolution", "Dense or convolution?", "완전연결 대 합성곱", "Flattening an image loses its shape and costs parameters.", "이미지를 펼치면 형태를 잃고 파라미터가 폭증합니다."},
		{"draw-a-digit", "Draw a digit", "숫자 그리기", "Write a digit and watch LeNet-5 read it, map by map.", "숫자를 쓰면 LeNet-5가 읽는 과정을 한 장씩 봅니다."},
		{"kernel-and-stride", "Kernel size and stride", "커널 크기와 스트라이드", "Why AlexNet’s 11×11, stride 4 gave way to 3×3.", "AlexNet의 11×11, stride 4가 3×3으로 바뀐 까닭."},
		{"stacked-3x3", "Stacked 3×3", "3×3 쌓기", "Two 3×3 see as far as one 5×5, for 28% fewer weights.", "3×3 두 번이면 5×5 한 번과 같은 범위, 가중치는 28% 적게."},
		{"bottleneck", "1×1 bottleneck", "1×1 병목", "18,432 parameters become 9,728. Move the sliders.", "파라미터 18,432개가 9,728개로. 슬라이더를 움직여 보세요."},
		{"auxiliary-classifiers", "Auxiliary classifiers", "보조 분류기", "Total loss = main + 0.3 × aux. Used only in training.", "총 비용 = 주 + 0.3 × 보조. 학습할 때만 씁니다."},
		{"skip-connections", "Skip connections", "스킵 연결", "Train plain and residual nets side by side; compare gradients.", "일반망과 잔차망을 나란히 학습시켜 기울기를 비교합니다."},
		{"depthwise-separable", "Depthwise separable", "깊이별 분리 합성곱", "One filter per channel, then 1×1. About 8× cheaper.", "채널마다 필터 하나, 그다음 1×1. 약 8배 저렴."},
		{"add-or-concat", "Add or concat?", "더하기와 이어붙이기", "DenseNet keeps every map: C, C+4, C+8 …", "DenseNet은 모든 활성맵을 보존: C, C+4, C+8 …"},
		{"compound-scaling", "Compound scaling", "복합 스케일링", "One slider φ for depth, width and resolution.", "슬라이더 φ 하나로 깊이, 너비, 해상도를 함께."},
		{"transfer", "Transfer learning", "전이학습", "Keep the body, replace the head, train on your few photos.", "몸통은 두고 머리만 바꿔, 내 사진 몇 장으로 학습."},
	} {
		cards = append(cards, LabCard{Slug: l[0], Title: g.say(l[1], l[2]), Text: g.say(l[3], l[4]), URL: "/en/labs/" + l[0]})
	}
	return cards
}
