package web

import (
	"fmt"

	"stride/internal/engine"
	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/internal/viz/diagram"
	"stride/web/view"
)

var koreanWords = words{
	Params: "파라미터", MACs: "곱셈-덧셈", Depth: "가중치가 있는 층", Output: "출력", Field: "수용 영역",
	OtherSize:  "%d×%d 크기로 실행했습니다. 가중치와 발표된 수치는 %d×%d 기준입니다.",
	ZoomLevels: []string{"블록", "층", "신경망", "단계"}, StageTitle: "단계 %s, 블록 %d개",
	Kind: "종류", ClassKinds: map[string]string{"": "전체", kindAnimal: "동물", kindObject: "사물"},
	StrideOf: "스트라이드 %d", PaddingOf: "패딩 %d", DilationOf: "팽창 %d", PaperAgainst: "논문과 공개 가중치의 차이",
	WithAux: "보조 분류기를 포함하면 %s", NoParams: "파라미터 없음", NotCounted: "세지 않음", WholePicture: "이미지 전체", DepthwiseConv: "채널별 합성곱", Groups: "%d개 그룹",
	Kinds: map[nn.Kind]string{
		"input": "이미지", "conv": "합성곱", "convtable": "일부 활성맵만 읽는 합성곱", "linear": "완전연결층", "rbf": "그려 둔 숫자와의 거리", "maxpool": "최대 풀링", "avgpool": "평균 풀링",
		"adaptiveavgpool": "활성맵 전체의 평균", "subsample": "학습되는 서브샘플링", "stride": "한 행, 한 열씩 건너뛰기", "padchannels": "0으로 채운 채널 덧붙이기", "batchnorm": "배치 정규화",
		"lrn": "국소 응답 정규화", "add": "덧셈", "mul": "곱", "concat": "이어붙이기", "flatten": "1차원으로 변환", "dropout": "드롭아웃 (그대로 통과)", "stochasticdepth": "확률적 깊이 (그대로 통과)",
		"softmax": "softmax", "relu": "ReLU", "relu6": "ReLU6", "silu": "SiLU", "tanh": "tanh", "scaledtanh": "크기를 조절한 tanh", "sigmoid": "시그모이드", "hardswish": "hard swish", "hardsigmoid": "hard sigmoid",
	},
	WithoutGates: "맵 전체를 보는 게이트는 제외", LargerMaps: "더 큰 활성맵을 보려면 입력을 바꾸십시오:", ForLooking: "%s 입력은 활성맵을 살펴보기 위한 크기입니다. 답은 학습한 크기인 %s에서 보십시오.", CAMLayer: "층 훑어보기", Edited: "바꾼 배율", Pending: "이 층을 계산하고 있습니다.", Stopped: "멈춤", Channel: "채널 %d", Place: "%d행 %d열", MapAlt: "%d×%d 활성맵, 가장 밝은 곳은 %d행 %d열입니다",
	Sees: "이 픽셀이 보는 영역: %s", Channels: "채널 %s개", Shown: "%d / %d", ShowAll: "%s개 모두 보기", Silent: "반응이 없는 채널 %d개는 맨 뒤에 둡니다", Clip: "색은 백분위수 %.1f에서 끝나고, 더 밝은 픽셀은 마지막 색으로 칠합니다.",
	Sort: "정렬", Scale: "색 범위", Colours: "색", Values: "값 %s개", StripLabel: "값 %d개를 정렬했습니다. %s부터 %s까지입니다",
	Scopes: map[viz.Scope]string{viz.Channel: "채널마다", viz.Layer: "층 전체", viz.Network: "신경망 전체"},
	Orders: map[viz.Order]string{viz.Strongest: "강한 순서", viz.Varied: "변화가 큰 순서", viz.ByIndex: "번호 순서"},

	Mean: "평균", Std: "표준편차", Range: "범위", Zeros: "0인 값",
	HowMade: "이 픽셀은 어떻게 만들어졌나", InputChannel: "입력 채널", InputOf: "입력 %d / %d", InputShort: "입력 %d", OthersTogether: "나머지 %d개의 합", InputValue: "입력", Weight: "가중치", Patch: "입력의 조각", Kernel: "커널",
	Window: "창", Neighbours: "이웃한 채널", SumTitle: "모든 입력 채널의 합", SoftmaxNote: "지수는 로짓에서 가장 큰 로짓(%s)을 뺀 값입니다. 비율은 달라지지 않습니다.",

	AsTable: "층을 표로 보기", UntrainedBadge: "학습되지 않음, 시드 %d", UntrainedTitle: "학습되지 않은 가중치", UntrainedLong: "무작위 가중치입니다. 크기와 개수는 맞지만 활성맵과 예측은 잡음입니다.", OpenTrained: "학습된 %s 열기", GetWeights: "가중치 받기",
	HadToAnswer: "신경망은 클래스 %s개 가운데 하나로 답할 수밖에 없습니다.", NotSure: "확실하지 않습니다.", KnowsDrawings: "이 작은 신경망은 그림으로 학습했습니다. 사진에서는 앞쪽 활성맵은 믿을 수 있지만 답은 믿을 수 없습니다.",
	TookMS: "%d ms", Image: "이미지", Head: "헤드",
	Forms: map[arch.Form]string{
		arch.AsPaper: "논문의 형태입니다.", arch.AsWeights: "공개된 가중치의 형태로, 논문과 다릅니다.", arch.AsBoth: "",
		arch.AsVariant: "비교를 위한 변형입니다.", arch.AsMiniature: "축소판입니다. 계열의 아이디어를 작은 신경망에 담아, 합성한 그림으로 직접 학습했습니다.",
	},
	FormNotes: map[string]string{
		"alexnet":         "공개된 가중치: 필터가 64, 192, 384, 256, 256개인 한 줄 구조이고, 그룹과 정규화가 없습니다. 논문은 두 그룹에 96, 256, 384, 384, 256개입니다.",
		"alexnet_paper":   "논문: conv2, conv4, conv5가 두 그룹이고 국소 응답 정규화를 씁니다. 본문에는 224×224라고 적혀 있지만 계산이 맞으려면 227이어야 합니다.",
		"googlenet":       "공개된 가중치: 편향 대신 배치 정규화를 쓰고, 논문의 5×5 자리에 3×3 커널이 있습니다.",
		"googlenet_paper": "논문: 실제 5×5 갈래, 편향, 국소 응답 정규화가 있습니다.",
		"resnet50":        "공개된 가중치는 단계 첫 블록의 3×3에 스트라이드를 두고(v1.5), 논문은 그 앞의 1×1에 둡니다.",
		"resnet101":       "공개된 가중치는 단계 첫 블록의 3×3에 스트라이드를 두고(v1.5), 논문은 그 앞의 1×1에 둡니다.",
		"resnet152":       "공개된 가중치는 단계 첫 블록의 3×3에 스트라이드를 두고(v1.5), 논문은 그 앞의 1×1에 둡니다.",
		"lenet5":          "흔히 배우는 형태: C3이 모든 활성맵을 읽고, 풀링에 계수가 없으며, 출력은 완전연결층입니다. 논문의 형태는 변형에 있습니다.",
		"lenet5_paper":    "논문: C3이 일부 활성맵만 읽고, 서브샘플링에 계수가 있으며, 출력은 그려 둔 숫자와 비교합니다.",
	},

	Top1: "Top-1, ImageNet", FamilyNote: "윤곽 그림: 막대 하나가 한 층입니다. 높이는 활성맵의 크기, 너비는 채널 수, 색은 연산을 나타냅니다. 파라미터와 곱셈-덧셈은 각 신경망의 입력 크기에서 엔진이 계산한 값입니다. Top-1은 torchvision 첫 가중치의 단일 크롭 검증 정확도이고, MobileNet은 논문의 값입니다.",
	Quiet: "조용했던 %d년", TrainImages: "128만 장", TrainImagesLabel: "ImageNet(ILSVRC) 학습 데이터", ValImagesLabel: "성능을 재는 이미지", ClassesLabel: "클래스, 그 가운데 동물 %d종",
	Ideas: map[string]ideaText{
		"lenet":        {"합성곱 → 풀링 → 완전연결", "활성맵", "필터가 활성맵을 만들고, 풀링이 줄이고, 완전연결층이 답합니다."},
		"alexnet":      {"tanh 대신 ReLU", "ReLU", "포화되지 않는 활성화 함수는 깊은 신경망을 몇 배 빠르게 학습시킵니다."},
		"vgg":          {"작은 3×3 커널 쌓기", "3×3 쌓기", "3×3 두 층은 5×5 한 층만큼 보면서 가중치가 적고 비선형 단계가 하나 더 있습니다."},
		"inception":    {"1×1 병목 구조", "1×1 먼저", "비싼 필터 앞에서 채널 수를 줄입니다."},
		"resnet":       {"스킵 연결", "H(x) = F(x) + x", "블록은 차이만 배우고 입력은 그대로 통과시킵니다."},
		"mobilenet":    {"채널별 분리 합성곱", "채널마다 필터 1개", "채널마다 필터 하나를 쓰고, 1×1로 섞습니다."},
		"densenet":     {"앞선 층을 모두 읽기", "모든 맵 유지", "모든 층이 앞선 활성맵을 모두 읽습니다."},
		"branches":     {"갈래를 이어붙이기", "인셉션 모듈", "크기가 다른 필터가 나란히 일하고, 그 활성맵을 차례로 이어붙입니다."},
		"efficientnet": {"게이트와 복합 스케일링", "d × w × r", "깊이, 너비, 해상도를 함께 키우고, squeeze-and-excitation 게이트가 채널의 비중을 정합니다."},
	},
	Depths: []string{"윤곽, 색", "질감", "무늬", "부분", "사물"},
	Count:  "세는 값", CostOfMid: "중간 채널 수에 따른 파라미터: %s보다 적으면 병목 구조가 더 저렴합니다.", ModuleTotals: "%s: 축소하면 가중치 %s개, 축소하지 않으면 %s개", WithReduction: "축소 있음", WithoutReduction: "축소 없음", Saved: "절감",
	BoxIn: "입력", BoxMid: "중간", BoxOut: "출력", SqueezeFirst: "1×1로 줄인 뒤 %s", VolumeScale: "모든 상자는 같은 축척으로 그렸습니다. 앞면은 활성맵의 크기, 두께는 채널 수입니다.",
	InDepth: "입력 채널", MidDepth: "중간 채널", OutDepth: "출력 채널", KernelSize: "커널", MapSize: "활성맵", Biases: "편향", With: "포함", Without: "제외", BreakEven: "손익분기점", SavesUpTo: "중간 채널이 %d개 이하이면 파라미터가 줄어듭니다.", Direct: "바로 적용", Bottleneck: "병목 구조",
	WorkAndMemory: "%d×%d 활성맵에서 곱셈-덧셈은 %s 대 %s, 저장하는 값은 %s 대 %s입니다.",
	Saves:         "병목 구조: %s%% 감소 (%s).", CostsMore: "병목 구조: %s%% 증가 (%s).", Products: "가중치의 곱", Form: "형태", OfDirect: "바로 적용 대비", MapValues: "저장하는 값", LadderNote: "모든 형태가 같은 입력에서 같은 크기의 출력을 만듭니다. 계산하는 함수는 저마다 다릅니다.",
	FormNames:     map[string]string{"direct": "바로 적용", "bottleneck": "1×1 병목 구조", "grouped": "%d개 그룹", "asymmetric": "1×%d 다음 %d×1, 중간 %d", "sandwich": "1×1, %d×%d, 1×1, 중간 %d", "separable": "채널별 분리 합성곱"},
	LimitPictures: "이미지", LimitFile: "파일 크기", LimitPixels: "픽셀 수", LimitSide: "긴 변", LimitScans: "JPEG의 스캔 수", LimitTime: "여는 시간", LimitRuns: "실행", LimitSession: "한 사람당: 실행 + 대기", LimitQueue: "전체 대기", LimitRunTime: "실행 한 번의 시간", LimitMACs: "실행 한 번의 곱셈-덧셈",
	PerStage: "%[2]s의 단계별 %[1]s", Stage: "단계", Histogram: "선택한 층의 값", HistogramAlt: "%s의 출력에서 각 값이 얼마나 자주 나오는지 보여 줍니다. 모두 %d개입니다.", ValueAxis: "값", CountAxis: "개수", Gradients: "되돌아오는 기울기", GradientsAlt: "학습 전, 시드 %d: 층마다 출력에 도달하는 기울기의 크기를 로그 눈금으로 나타냈습니다. 왼쪽이 첫 층입니다.", FirstLayer: "첫 층", LastLayer: "마지막 층", GradientNorm: "기울기의 크기", LogAxis: "로그 눈금", WhereParams: "파라미터가 있는 곳", Network: "신경망", ConvLayers: "합성곱", DenseLayers: "완전연결층", OtherLayers: "나머지",
	Filter: "필터 %d", ParamsCount: "파라미터 %s개",
	OverviewAlt: "%s, %d단계, 가장 긴 경로에 가중치가 있는 층 %d개. 막대 하나가 한 층입니다.",
	Legend:      map[view.Op]string{view.OpConv: "합성곱", view.OpPointwise: "1×1", view.OpDepthwise: "채널별", view.OpPool: "풀링", view.OpAdd: "스킵", view.OpConcat: "이어붙이기", view.OpDense: "완전연결"},
	BlockTitle:  "블록 %s, %s", BlockAlt: "%s: 층 %d개, %s에서 %s까지.", GroupTitle: "층 %d개 더", FromInputs: "%s에서", AlsoReceives: "%s도 받음", OpenOnPhone: "휴대전화에서 열기", Handout: "인쇄용 자료", Browse: "찾아보기",
	BlockKinds: map[diagram.BlockKind]string{
		diagram.BlockInput: "이미지", diagram.BlockChain: "층을 차례로 쌓음", diagram.BlockResidual: "잔차 블록", diagram.BlockBottleneck: "잔차 병목 블록", diagram.BlockInverted: "역잔차 블록", diagram.BlockSeparable: "채널별 분리 합성곱",
		diagram.BlockInception: "인셉션 모듈", diagram.BlockDenseLayer: "밀집 블록의 층", diagram.BlockTransition: "전이층", diagram.BlockHead: "활성맵에서 클래스로", diagram.BlockGraph: "그래프",
	},
	GradCAM: "Grad-CAM", CAMAlt: "%s에서 ‘%s’의 근거가 되는 곳. 뜨거운 색일수록 근거가 큽니다.", ExplainClass: "설명할 클래스",
	StageKinds:  map[diagram.StageKind]string{diagram.StageInput: "이미지", diagram.StageStem: "앞부분", diagram.StageHead: "헤드"},
	Trained:     map[arch.Labels]string{arch.ImageNet: "ImageNet으로 학습", arch.Digits: "MNIST로 학습", arch.CIFAR10: "CIFAR-10으로 학습", arch.Drawings: "그림으로 학습"},
	CardCommand: "명령", TrainedPictures: "그림 %s장", WeightsKept: "내 가중치: explorer weights import MODEL FILE이 구조에 맞는지 검사해서 데이터 폴더에 보관합니다.", CardExamples: "학습 이미지", CardTime: "학습 시간", CardSplit: "상위 세 답 안에 정답이 %s, 이미지 %s장", CardNotSure: "‘확실하지 않음’ 기준", CardSure: "그 이상이면 %s가 맞고, 답의 %s가 기준을 넘습니다", CardLimit: "한계",
	NotThat:     "그 수가 아닙니다. 맞는 수:",
	SurgeryNote: "갈래가 더하는 값을 줄이거나 끊어 봅니다. 그 뒤쪽만 달라집니다.", SkipScale: "x + α·F(x)의 α", BranchScale: "이 갈래의 배율", MuteChannel: "채널 %d 끄기", UnmuteChannel: "채널 %d 다시 켜기",
	YourPicture: "내 이미지", YourDrawing: "내가 그린 숫자", HintPhone: "휴대전화 카메라 설정에서 ‘높은 호환성’을 고르거나 화면을 캡처해 주세요.", HintExport: "먼저 PNG로 내보내 주세요.", ToHome: "첫 페이지로",
	Errors: map[string]message{
		"internal":           {"서버에 문제가 생겼습니다", "서버의 잘못입니다. 이미지와 보던 곳은 그대로입니다.", "다시 시도해 주세요. 계속되면 아래 번호를 서버 관리자에게 알려 주세요."},
		"bad_size":           {"쓸 수 없는 크기입니다", fmt.Sprintf("{arg}×{arg} 픽셀 입력으로는 실행할 수 없습니다. 아무것도 바뀌지 않았습니다. %d의 배수로 %[1]d에서 %d까지, 신경망에 충분한 크기를 고르십시오.", engine.SizeStep, engine.MaxSize), ""},
		"bad_request":        {"주소가 맞지 않습니다", "주소의 “{arg}” 부분에 쓸 수 없는 값이 있습니다. 아무것도 바뀌지 않았습니다.", ""},
		"unknown_id":         {"여기에는 아무것도 없습니다", "페이지나 이미지가 없거나 보관 시간이 지났습니다.", ""},
		"method":             {"여기서는 할 수 없습니다", "이 주소는 그런 요청을 받지 않습니다.", ""},
		"no_layer":           {"그런 층이 없습니다", "이 신경망에는 “{arg}” 층이 없습니다.", "층 목록에서 고를 수 있습니다."},
		"no_channel":         {"그런 채널이 없습니다", "이 층에는 채널 {arg}번이 없습니다.", ""},
		"no_pixel":           {"그런 픽셀이 없습니다", "이 활성맵에는 {arg} 위치의 픽셀이 없습니다.", ""},
		"weights_missing":    {"그 가중치가 없습니다", "이 서버에는 {arg}의 해당 가중치가 없습니다.", "모델 페이지에서 설치된 가중치를 볼 수 있습니다."},
		"empty_file":         {"빈 파일입니다", "파일에 아무것도 없습니다. 쓰던 이미지는 그대로입니다.", ""},
		"unsupported_type":   {"읽을 수 없는 파일입니다", "PNG, JPEG, GIF, WebP 이미지를 쓸 수 있습니다. 쓰던 이미지는 그대로입니다.", ""},
		"incomplete_image":   {"이미지가 잘렸습니다", "파일이 너무 일찍 끝납니다. 쓰던 이미지는 그대로입니다.", "다시 저장하거나 다시 보내 주세요."},
		"broken_image":       {"이미지가 손상되었습니다", "파일을 읽을 수 없습니다. 쓰던 이미지는 그대로입니다.", ""},
		"too_many_pixels":    {"픽셀이 너무 많습니다", "이 이미지({w}×{h})는 {mp}메가픽셀입니다. 한도는 {limitmp}메가픽셀, 한 변 {side}픽셀입니다. 쓰던 이미지는 그대로입니다.", ""},
		"too_many_scans":     {"스캔이 너무 많습니다", "이 JPEG에는 스캔이 {n}개 있고 한도는 {limit}개입니다. 쓰던 이미지는 그대로입니다.", "보통 JPEG로 다시 저장해 주세요."},
		"unsupported_jpeg":   {"특이한 JPEG입니다", "이 종류의 JPEG는 지원하지 않습니다. 쓰던 이미지는 그대로입니다.", "보통 JPEG로 다시 저장해 주세요."},
		"animated_webp":      {"움직이는 WebP입니다", "움직이는 WebP는 지원하지 않습니다. 쓰던 이미지는 그대로입니다.", "한 장면만 저장해 주세요."},
		"decode_timeout":     {"여는 데 너무 오래 걸립니다", "이미지를 여는 데 {seconds}초가 넘게 걸렸습니다. 쓰던 이미지는 그대로입니다.", ""},
		"too_large":          {"파일이 너무 큽니다", "한도는 {size}입니다. 쓰던 이미지는 그대로입니다.", ""},
		"bad_drawing":        {"그림판의 그림이 아닙니다", "캔버스 밖의 점이 있습니다. 그리던 것은 그대로입니다.", ""},
		"quota":              {"공간을 모두 썼습니다", "한 사람이 저장할 수 있는 만큼 이미지를 저장했습니다. 새로 저장된 것은 없습니다.", "하나를 지우거나 오래된 이미지가 사라질 때까지 기다려 주세요."},
		"too_many_yours":     {"한 번에 하나씩 실행해 주세요", "한 사람이 실행하고 기다릴 수 있는 수를 모두 쓰고 있습니다.", "탭을 닫거나 잠시 기다려 주세요."},
		"server_busy":        {"서버가 가득 찼습니다", "기다리는 실행이 너무 많습니다. 잃은 것은 없습니다.", "페이지가 스스로 다시 시도합니다."},
		"restarting":         {"서버를 다시 시작하고 있습니다", "곧 돌아옵니다. 잃은 것은 없습니다.", ""},
		"run_timeout":        {"실행이 너무 오래 걸렸습니다", "이 서버가 허용하는 시간보다 오래 걸렸습니다.", "더 작은 신경망이나 입력을 써 보세요."},
		"run_failed":         {"실행하지 못했습니다", "신경망을 계산할 수 없었습니다. 이미지는 그대로입니다.", ""},
		"over_budget":        {"계산이 너무 많습니다", "이 서버가 허용하는 것보다 계산이 많습니다.", "더 작은 신경망이나 입력을 써 보세요."},
		"storage_full":       {"공간이 없습니다", "지금은 이미지를 저장할 수 없습니다. 예시 이미지는 쓸 수 있습니다.", ""},
		"image_not_computed": {"아직 계산되지 않았습니다", "실행이 아직 이 층에 이르지 않았습니다.", ""},
	},
}
