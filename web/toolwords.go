package web

import (
	"fmt"
	"strings"

	"stride/internal/calc"
	"stride/web/i18n"
)

// toolWords are the texts of the calculator and of the comparison.
type toolWords struct {
	// The calculator.
	Own, On, Off, AddPool, AddActivation, AddDense, AddBranches, AddSkip, FLOPs, WeightsIn, PeakIn, FieldBefore, WithStatistics               string
	LayerTitle, ParamsAre, WorkIs, SeparableNote, OpenBlock, Copy, AddPath, Export, Markdown, Bad, BadAt, Refused, ReadFrom, ReadOnly, Others string
	FactorTitles                                                                                                                              [4]string
	// The comparison.
	Against, XMACs, XParams, XTime, LogScale, Caption, CaptionTime, Untimed, NotTimed, NoAccuracy, MostDense, ShareNote, DenseBand, SmallBand, Name, Year, LayersHead, Presets, ByLayer, TooMany string
	StandIn, Untrained, NotYet, Source, DiffHeading, DiffNote, TotalDifference, Plus, ChooseX                                                                                                    string
	// Figures in circulation.
	Reckon, ReckonNote, OwnCount, CountOf, CalledThere, YourFigure, AskFigure, Explain, NoFigure, Unexplained string
	Conventions                                                                                               map[string]string
	Roundings                                                                                                 map[calc.Rounding]string
	DiffFields                                                                                                map[string]string
}

// badAt says where a compact text cannot be read. The reason is the parser's own, in English.
func (t *toolWords) badAt(e *calc.SyntaxError) string {
	at := fmt.Sprintf(t.BadAt, e.Offset+1, e.Near)
	if t == &englishTools {
		at += " (" + e.What + ")"
	}
	return at
}

// where is a place in a source in the reader's words.
func (t *toolWords) where(place string) string {
	if t == &koreanTools {
		return strings.NewReplacer("Table", "표", "Abstract", "초록").Replace(place)
	}
	return place
}

func toolWordsOf(l i18n.Lang) *toolWords {
	if l == i18n.Korean {
		return &koreanTools
	}
	return &englishTools
}

var englishTools = toolWords{
	Own: "my own", On: "on", Off: "off", AddPool: "Pool", AddActivation: "Activation", AddDense: "Dense", AddBranches: "Branches", AddSkip: "Skip add",
	FLOPs: "FLOPs: multiplications and additions apart", WeightsIn: "Weights, %s", PeakIn: "Peak activations, %s", FieldBefore: "Receptive field before pooling", WithStatistics: "With BatchNorm statistics",
	LayerTitle: "Layer %s, %s", ParamsAre: "params", WorkIs: "mult–adds", SeparableNote: "With the depthwise layer above: %s parameters. A plain %s would take %s, %s times more.",
	OpenBlock: "Open the block", Copy: "Duplicate", AddPath: "Add a path", Export: "More formats", Markdown: "Markdown table", Bad: "This address holds no stack that can be read.", BadAt: "Reading stops at character %d, near “%s”. Mend the address, or start with one of the networks below.", Refused: "That cannot be done here.",
	ReadFrom: "Read %s parameters from the text.", ReadOnly: "The layers themselves could not be told.", Others: "%d more layers",
	FactorTitles: [4]string{"kernel rows", "kernel columns", "input channels", "filters"},

	Against: "Accuracy against cost", XMACs: "multiply–adds per image", XParams: "parameters", XTime: "milliseconds on this machine", LogScale: "log scale",
	Caption: "Circle area is the parameter count. Up and to the left is better.", CaptionTime: "Times are those of the last runs on this page's picture, on this machine; a network without weights is timed with random ones, which take as long. Circle area is the parameter count.",
	Untimed: "Not timed, because large and without weights: %s.", NotTimed: "The networks are running. Their times appear here as they arrive.",
	NoAccuracy: "None of the chosen networks has a published ImageNet accuracy to draw.", MostDense: "%s keeps %s in its dense layers.", ShareNote: "Share by feature-map size.", DenseBand: "dense", SmallBand: "smaller", Name: "Network", Year: "Year", LayersHead: "Layers",
	Presets: "Pairs worth a look", ByLayer: "%s and %s, layer by layer", TooMany: "At most %d networks can be in focus; the first ones were kept.",
	StandIn: "in place of %s", Untrained: "untrained", NotYet: "not computed yet", Source: "Top-1, ImageNet: single-crop validation accuracy of torchvision's first weights; MobileNet v1 as in its paper.",
	DiffHeading: "%s and %s, layer by layer", DiffNote: "Layers are matched by what they are and where they stand, not by their names. %s of them are the same in both.", TotalDifference: "Difference", Plus: "+%s", ChooseX: "Cost",
	Reckon: "Why do others write another number?", ReckonNote: "Counters follow different conventions. By them, the same layers are:", OwnCount: "Our count", CountOf: "Our count of %s", CalledThere: "The source calls them %s, but counts a multiplication and its addition once.",
	YourFigure: "Your figure", AskFigure: "A figure that you have read", Explain: "Explain", NoFigure: "“%s” is no number that can be read here. Write it like 25,636,712 or 25.6 M or 3.8×10⁹.",
	Unexplained: "None of the conventions that are known here leads from these layers to %s. They have %s parameters and take %s multiply–adds, so the figure is probably about another form of the network.",
	Conventions: map[string]string{"statistics": "running means and variances of batch normalisation", "no_scale": "batch normalisation without a scale", "input_statistics": "mean, variance and counter of an input normalisation", "all_biases": "a bias on every convolution and dense layer",
		"last_bias": "no bias on the last layer", "no_biases": "no biases", "aux": "auxiliary classifiers", "norm_channels": "two operations per channel of batch normalisation", "norm_values": "two operations per value of batch normalisation", "activations": "one operation per activation",
		"pools": "one operation per value that a pool reads", "flops": "multiplications and additions counted apart"},
	Roundings:  map[calc.Rounding]string{calc.Exactly: "sum", calc.RoundedTo: "rounded", calc.CutOff: "further digits left out", calc.Below: "less than that"},
	DiffFields: map[string]string{"kernel": "kernel", "stride": "stride", "padding": "padding", "dilation": "dilation", "groups": "groups", "bias": "bias", "channels": "channels", "size": "map"},
}

var koreanTools = toolWords{
	Own: "직접 만든 것", On: "켬", Off: "끔", AddPool: "풀링", AddActivation: "활성화", AddDense: "완전연결", AddBranches: "분기", AddSkip: "스킵 더하기",
	FLOPs: "FLOP: 곱셈과 덧셈을 따로", WeightsIn: "가중치, %s", PeakIn: "최대 활성 메모리, %s", FieldBefore: "풀링 전 수용 영역", WithStatistics: "배치 정규화 통계량 포함",
	LayerTitle: "층 %s, %s", ParamsAre: "파라미터", WorkIs: "곱셈-덧셈", SeparableNote: "위의 채널별 층과 합하면 파라미터 %s개입니다. 일반 %s 합성곱이라면 %s개로 %s배입니다.",
	OpenBlock: "블록 펼치기", Copy: "복제", AddPath: "경로 추가", Export: "다른 형식", Markdown: "Markdown 표", Bad: "이 주소에는 읽을 수 있는 층 목록이 없습니다.", BadAt: "%d번째 글자(“%s”) 부근에서 읽기를 멈췄습니다. 주소를 고치거나 아래 신경망으로 시작해 주세요.", Refused: "여기서는 할 수 없는 동작입니다.",
	ReadFrom: "텍스트에서 파라미터 %s개를 읽었습니다.", ReadOnly: "층 구조까지는 알 수 없었습니다.", Others: "그 밖의 층 %d개",
	FactorTitles: [4]string{"커널 행", "커널 열", "입력 채널", "필터 수"},

	Against: "정확도와 비용", XMACs: "이미지당 곱셈-덧셈", XParams: "파라미터", XTime: "이 컴퓨터에서 걸린 밀리초", LogScale: "로그 눈금",
	Caption: "원의 넓이는 파라미터 수입니다. 왼쪽 위일수록 좋습니다.", CaptionTime: "시간은 이 페이지의 이미지를 이 컴퓨터에서 마지막으로 실행한 값입니다. 가중치가 없는 신경망은 무작위 가중치로 재며, 걸리는 시간은 같습니다. 원의 넓이는 파라미터 수입니다.",
	Untimed: "크고 가중치가 없어 재지 않은 신경망: %s.", NotTimed: "신경망을 실행하고 있습니다. 시간은 나오는 대로 여기에 표시됩니다.",
	NoAccuracy: "고른 신경망 가운데 공개된 ImageNet 정확도가 있는 것이 없습니다.", MostDense: "%s: 파라미터의 %s가 완전연결층에 있습니다.", ShareNote: "활성맵 크기별 비중입니다.", DenseBand: "완전연결", SmallBand: "더 작은 맵", Name: "신경망", Year: "연도", LayersHead: "층 수",
	Presets: "비교해 볼 만한 짝", ByLayer: "%s, %s 층별 비교", TooMany: "한 번에 최대 %d개까지 고를 수 있어 앞의 것만 남겼습니다.",
	StandIn: "%s 대신", Untrained: "학습되지 않음", NotYet: "아직 계산하지 않음", Source: "Top-1(ImageNet): torchvision 첫 가중치의 단일 크롭 검증 정확도이고, MobileNet v1은 논문의 값입니다.",
	DiffHeading: "%s, %s 층별 비교", DiffNote: "층은 이름이 아니라 종류와 위치로 짝지었습니다. 두 신경망에서 같은 층은 %s개입니다.", TotalDifference: "차이", Plus: "+%s", ChooseX: "비용",
	Reckon: "다른 곳에서는 왜 다른 숫자를 쓸까요?", ReckonNote: "세는 기준은 서로 다릅니다. 같은 층을 다른 기준으로 세면 다음과 같습니다.", OwnCount: "여기서 센 값", CountOf: "%s에서 센 값", CalledThere: "출처에서는 %s라고 부르지만 곱셈과 덧셈을 묶어 한 번으로 셉니다.",
	YourFigure: "입력한 숫자", AskFigure: "어디서 읽은 숫자", Explain: "설명하기", NoFigure: "“%s”은(는) 읽을 수 있는 수가 아닙니다. 25,636,712, 25.6 M, 3.8×10⁹처럼 적어 주세요.",
	Unexplained: "여기서 아는 어떤 기준으로도 이 층들에서 %s라는 수는 나오지 않습니다. 이 층들의 파라미터는 %s개, 곱셈-덧셈은 %s번이므로 다른 형태의 신경망에 관한 숫자일 가능성이 큽니다.",
	Conventions: map[string]string{"statistics": "배치 정규화의 이동 평균과 분산", "no_scale": "스케일 없는 배치 정규화", "input_statistics": "입력 정규화의 평균, 분산, 카운터", "all_biases": "모든 합성곱과 완전연결층의 편향",
		"last_bias": "마지막 층의 편향 제외", "no_biases": "편향 제외", "aux": "보조 분류기", "norm_channels": "배치 정규화 채널마다 연산 2번", "norm_values": "배치 정규화 값마다 연산 2번", "activations": "활성화 값마다 연산 1번",
		"pools": "풀링이 읽는 값마다 연산 1번", "flops": "곱셈과 덧셈을 따로 셈"},
	Roundings:  map[calc.Rounding]string{calc.Exactly: "합계", calc.RoundedTo: "반올림", calc.CutOff: "뒷자리 버림", calc.Below: "이보다 작음"},
	DiffFields: map[string]string{"kernel": "커널", "stride": "스트라이드", "padding": "패딩", "dilation": "팽창", "groups": "그룹", "bias": "편향", "channels": "채널", "size": "맵"},
}
