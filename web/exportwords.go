package web

import "stride/web/i18n"

// exportWords are the texts of files that are saved from pages.
type exportWords struct {
	// Weights says which weights, Picture which picture.
	Weights, Picture string
	// Paper introduces the source of an architecture, Made the page that a file is from.
	Paper, Made string
	// Overview titles the picture of a network, which has no heading of its own.
	Overview string
	// Counted says that a picture follows from the declaration alone, without weights.
	Counted string
	// Stack describes a stack of the calculator: its first and last shape, parameters, multiply–adds. Broken is added when
	// not all of it works.
	Stack, Broken string
}

func exportWordsOf(l i18n.Lang) *exportWords {
	if l == i18n.Korean {
		return &koreanExport
	}
	return &englishExport
}

var englishExport = exportWords{
	Weights: "Weights: %s.", Picture: "Picture: %s.", Paper: "Architecture: %s", Made: "Made with %s, %s",
	Overview: "The whole network", Counted: "Computed from the declaration of the network; no weights are involved.",
	Stack: "A stack of layers from %s to %s: %s parameters, %s multiply–adds.", Broken: "Drawn up to the first layer that does not work.",
}

var koreanExport = exportWords{
	Weights: "가중치: %s.", Picture: "이미지: %s.", Paper: "아키텍처: %s", Made: "%s로 만듦, %s",
	Overview: "신경망 전체", Counted: "신경망의 정의에서 계산한 값이며 가중치와는 무관합니다.",
	Stack: "%s에서 %s까지 쌓은 층: 파라미터 %s개, 곱셈-덧셈 %s번.", Broken: "처음으로 맞지 않는 층 앞까지 그렸습니다.",
}
