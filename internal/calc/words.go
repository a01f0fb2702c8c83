package calc

import (
	"fmt"
	"strconv"
	"strings"

	"stride/internal/nn/tensor"
)

// Lang is a language of the package's own sentences.
type Lang string

// The languages.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// Text puts the message into words. "{0}" in a text is the first value.
func (m Message) Text(l Lang) string {
	t, ok := sentences[m.Code]
	if !ok {
		return m.Code
	}
	s := t[0]
	if l == Korean {
		s = t[1]
	}
	for i, a := range m.Args {
		s = strings.ReplaceAll(s, "{"+strconv.Itoa(i)+"}", value(a, l))
	}
	return s
}

func value(a any, l Lang) string {
	switch a := a.(type) {
	case tensor.Shape:
		if a.H == 1 && a.W == 1 {
			return strconv.Itoa(a.C)
		}
		return a.String()
	case mapSize:
		return fmt.Sprintf("%d×%d", a.H, a.W)
	case Message:
		return a.Text(l)
	case string:
		return strings.ReplaceAll(a, "x", "×")
	case quoted:
		return string(a)
	case kindName:
		return KindText(string(a), l)
	case fieldName:
		return FieldText(string(a), l)
	}
	return fmt.Sprint(a)
}

// mapSize is a shape of which only the sides are told, quoted a string that is shown as it stands, kindName and fieldName
// the names of a kind and of a setting in the reader's words.
type (
	mapSize   tensor.Shape
	quoted    string
	kindName  string
	fieldName string
)

// sentences are the messages in English and Korean. In Korean a particle follows the noun, with the value in brackets,
// so that it never depends on the value.
var sentences = map[string][2]string{
	"kernel":           {"Kernel {0} is larger than the {1} input.", "커널({0})이 {1} 입력보다 큽니다."},
	"kernel_padded":    {"Kernel {0} is larger than the {1} input, even with its padding ({2}).", "커널({0})이 패딩을 더한 {1} 입력({2})보다도 큽니다."},
	"kernel_dilated":   {"Kernel {0} with dilation {1} spans {2} values, more than the {3} input has.", "커널({0})은 팽창 {1}에서 {2}칸에 걸쳐 있어 {3} 입력보다 큽니다."},
	"kernel_on_vector": {"Kernel {0} needs a map, but the input here is a vector: only kernel 1 fits.", "커널({0})에는 활성맵이 필요한데 여기 입력은 벡터입니다. 커널 1만 맞습니다."},
	"groups":           {"{0} groups do not divide {1} input and {2} output channels evenly.", "그룹 {0}개로는 입력 {1}채널과 출력 {2}채널을 똑같이 나눌 수 없습니다."},
	"table":            {"The table reads input maps beyond the {0} that are there.", "연결표가 입력 맵 {0}장을 넘는 맵을 읽습니다."},
	"pool_padding":     {"Padding {0} is more than half of the pooling window {1}.", "패딩({0})이 풀링 창({1})의 절반보다 큽니다."},
	"needs_vector":     {"A dense layer takes a vector, not {0} maps.", "완전연결층은 {0} 활성맵이 아니라 벡터를 받습니다."},
	"not_square":       {"Global max pooling takes square maps here, not {0}.", "전역 최대 풀링은 정사각형 맵만 받습니다. 지금 입력은 {0}입니다."},
	"odd_map":          {"Sub-sampling halves the map, but {0} has an odd side.", "서브샘플링은 맵을 반으로 줄이는데 {0} 맵의 한 변이 홀수입니다."},
	"fewer_channels":   {"{0} channels are fewer than the {1} that come in.", "채널 {0}개는 들어오는 {1}개보다 적습니다."},
	"too_much":         {"The output or the work of this layer is too large to count here.", "이 층의 출력이나 연산량이 너무 커서 여기서 셀 수 없습니다."},
	"few_paths":        {"{0} path ends here; a join needs at least two.", "여기서 끝나는 경로가 {0}개입니다. 합치려면 두 개 이상이 필요합니다."},
	"add_shapes":       {"Only equal shapes can be added: {0} and {1}.", "모양이 같아야 더할 수 있습니다: {0}, {1}."},
	"concat_shapes":    {"Only maps of equal size can be concatenated: {0} and {1}.", "맵 크기가 같아야 이어붙일 수 있습니다: {0}, {1}."},
	"dense_shapes":     {"Every path must keep the map size: {0} and {1}.", "모든 경로에서 맵 크기가 같아야 합니다: {0}, {1}."},
	"mul_shapes":       {"A gate has one value per channel of the map: {0} and {1} do not match.", "게이트는 채널마다 값이 하나여야 합니다: {0}, {1}은 맞지 않습니다."},
	"value_range":      {"The setting “{0}” takes a number from {1} to {2}, not “{3}”.", "“{0}” 값은 {1}부터 {2}까지의 수여야 합니다. 입력한 값: “{3}”."},
	"value_table":      {"“{0}” is no connection table: sets of input maps in hexadecimal, separated by dots.", "“{0}”은(는) 연결표가 아닙니다. 16진수로 쓴 입력 맵 집합을 점으로 나누어 적습니다."},
	"value_size":       {"“{0}” is no input size: one number, or rows × columns, up to {1}.", "“{0}”은(는) 입력 크기가 아닙니다. 수 하나 또는 행×열로 {1} 이하를 적습니다."},
	"no_activation":    {"No activation is called “{0}”.", "“{0}”(이)라는 활성화 함수는 없습니다."},
	"inside":           {"Inside the block: {0}", "블록 안: {0}"},
	"other":            {"This layer cannot work here: {0}.", "이 층은 여기서 쓸 수 없습니다: {0}."},

	"use_kernel":     {"Use kernel {0}", "커널 {0} 사용"},
	"use_padding":    {"Use padding {0}", "패딩 {0} 사용"},
	"use_groups":     {"Use {0} groups", "그룹 {0}개 사용"},
	"use_channels":   {"Use {0} channels", "채널 {0}개 사용"},
	"insert_flatten": {"Flatten first", "먼저 펼치기(flatten)"},
	"insert_pool":    {"Average each map first", "먼저 전역 평균 풀링"},
	"project":        {"Project the shortcut with a 1×1", "지름길에 1×1 합성곱 넣기"},
	"open_block":     {"Open the block", "블록 펼치기"},

	"params_only":     {"The printed form does not tell how the modules are wired. Only parameters are counted.", "출력된 형태만으로는 모듈이 어떻게 이어지는지 알 수 없습니다. 파라미터만 셉니다."},
	"code_partly":     {"Part of the code has no layer here, so the wiring is not known. Only parameters are counted.", "코드 일부에 해당하는 층이 없어 연결을 알 수 없습니다. 파라미터만 셉니다."},
	"recognised":      {"Names and sizes are those of {0}; its wiring is used.", "이름과 크기가 {0}과(와) 같아 그 연결을 사용합니다."},
	"aux_apart":       {"{0} parameters belong to auxiliary classifiers, which the layers leave out.", "파라미터 {0}개는 보조 분류기의 것이며 층 목록에서는 뺍니다."},
	"input_assumed":   {"The text does not tell the input size; {0} is assumed.", "텍스트에 입력 크기가 없어 {0}(으)로 가정합니다."},
	"input_found":     {"The input size {0} was found from the first dense layer.", "첫 완전연결층에서 입력 크기 {0}을(를) 구했습니다."},
	"order_assumed":   {"The layers are taken in the order in which they are defined.", "층은 정의된 순서대로 이어진 것으로 봅니다."},
	"width_mismatch":  {"Line {0} expects {1} inputs, but {2} arrive.", "{0}번째 줄은 입력 {1}개를 기대하지만 {2}개가 들어옵니다."},
	"pool_assumed":    {"The table does not tell pooling windows; the smallest that gives the printed size is used.", "표에 풀링 창 크기가 없어, 출력 크기에 맞는 가장 작은 창을 사용합니다."},
	"act_assumed":     {"The table does not tell which function an activation layer is; ReLU is used.", "표에 활성화 함수의 종류가 없어 ReLU로 봅니다."},
	"rate_assumed":    {"The table does not tell dropout rates; 0.5 is used. No count depends on it.", "표에 드롭아웃 비율이 없어 0.5로 봅니다. 세는 값에는 영향이 없습니다."},
	"counts_buffers":  {"Keras counts batch-norm statistics as parameters: {0} of the total.", "Keras는 배치 정규화 통계량도 파라미터로 셉니다: 총수 중 {0}개입니다."},
	"names_cut":       {"{0} connections name a layer whose name the table cuts off; the nearest layer above that begins so is taken.", "연결 {0}개는 표에서 잘린 이름을 가리킵니다. 같은 글자로 시작하는 바로 위의 층으로 봅니다."},
	"norm_no_scale":   {"Batch normalisation without a scale has fewer parameters than the layer here, which always has one.", "스케일 없는 배치 정규화는, 항상 스케일이 있는 여기의 층보다 파라미터가 적습니다."},
	"total_differs":   {"The lines add up to {0} parameters, the text says {1}.", "줄들을 더하면 파라미터가 {0}개인데 텍스트에는 {1}개로 적혀 있습니다."},
	"unknown_lines":   {"{0} lines were not understood.", "{0}줄을 이해하지 못했습니다."},
	"wiring_failed":   {"The connections do not form layers that this calculator has: only parameters are counted.", "이 계산기가 다루는 층 구조로 옮길 수 없는 연결이 있어 파라미터만 셉니다."},
	"nothing":         {"No layer was found in the text.", "텍스트에서 층을 찾지 못했습니다."},
	"not_identical":   {"Line {0}: {1} changes no shape and was left out of the layers.", "{0}번째 줄: {1}은(는) 모양을 바꾸지 않아 층 목록에서 뺐습니다."},
	"unknown_counted": {"Line {0}: {1} has no layer here; its parameters are counted, its wiring is not known.", "{0}번째 줄: {1}에 해당하는 층이 없습니다. 파라미터는 셌지만 연결은 알 수 없습니다."},
}

// kindTexts are what a reader calls the kinds of layers.
var kindTexts = map[string][2]string{
	"input": {"Input", "입력"}, "conv": {"Conv", "합성곱"}, "pointwise": {"Conv 1×1", "1×1 합성곱"}, "depthwise": {"Depthwise", "채널별 합성곱"}, "linear": {"Dense", "완전연결"},
	"batchnorm": {"BatchNorm", "배치 정규화"}, "lrn": {"LRN", "국소 응답 정규화"}, "relu": {"ReLU", "ReLU"}, "relu6": {"ReLU6", "ReLU6"}, "silu": {"SiLU", "SiLU"}, "hardswish": {"Hard-swish", "Hard-swish"},
	"sigmoid": {"Sigmoid", "시그모이드"}, "hardsigmoid": {"Hard sigmoid", "하드 시그모이드"}, "tanh": {"tanh", "tanh"}, "scaledtanh": {"Scaled tanh", "스케일 tanh"},
	"gelu": {"GELU", "GELU"}, "leakyrelu": {"Leaky ReLU", "Leaky ReLU"}, "elu": {"ELU", "ELU"}, "softplus": {"Softplus", "Softplus"}, "mish": {"Mish", "Mish"},
	"maxpool": {"MaxPool", "최대 풀링"}, "avgpool": {"AvgPool", "평균 풀링"}, "adaptiveavgpool": {"Adaptive avg", "적응형 평균 풀링"}, "globalavgpool": {"Global avg", "전역 평균 풀링"}, "globalmaxpool": {"Global max", "전역 최대 풀링"},
	"dropout": {"Dropout", "드롭아웃"}, "stochasticdepth": {"Stochastic depth", "확률적 깊이"}, "flatten": {"Flatten", "펼치기"}, "softmax": {"Softmax", "소프트맥스"}, "zeropad": {"Zero padding", "제로 패딩"},
	"stride": {"Keep every n-th", "n칸마다 남기기"}, "padchannels": {"Pad channels", "채널 채우기"}, "subsample": {"Sub-sampling", "서브샘플링"}, "convtable": {"Partial conv", "부분 연결 합성곱"}, "rbf": {"RBF output", "RBF 출력"},
	"add": {"Skip add", "스킵 더하기"}, "concat": {"Branches, concatenated", "분기 이어붙이기"}, "mul": {"Gate", "게이트 곱"}, "dense": {"Dense connections", "조밀 연결"},
	"convunit": {"Conv–BN–activation", "합성곱–정규화–활성화"}, "separable": {"Depthwise separable", "깊이별 분리 합성곱"}, "basicblock": {"Residual block", "잔차 블록"}, "plainblock": {"Plain block", "일반 블록"},
	"bottleneck": {"Bottleneck block", "병목 블록"}, "inception": {"Inception module", "인셉션 모듈"}, "squeezeexcite": {"Squeeze-excite", "스퀴즈-익사이트"}, "mbconv": {"MBConv", "MBConv"}, "invertedresidual": {"Inverted residual", "역잔차 블록"},
	"denselayer": {"Dense layer (DenseNet)", "덴스 층"}, "denseblock": {"Dense block", "덴스 블록"}, "transition": {"Transition", "전이층"},
	"path": {"Path {0}", "경로 {0}"}, "shortcut": {"Shortcut", "지름길"}, "norm": {"Normalisation", "정규화"}, "none": {"none", "없음"}, "other": {"Other", "기타"},
}

// KindText is what a reader calls a kind of layer, by Kind.Name, "input" or "pointwise"; the name itself for an unknown one.
func KindText(name string, l Lang) string { return pick(kindTexts, name, l) }

// fieldTexts are the labels of the settings.
var fieldTexts = map[string][2]string{
	"channels": {"channels", "채널"}, "size": {"size", "크기"}, "count": {"times", "반복"}, "out": {"out", "출력"}, "kernel": {"kernel", "커널"}, "stride": {"stride", "스트라이드"}, "padding": {"pad", "패딩"},
	"dilation": {"dilation", "팽창"}, "groups": {"groups", "그룹"}, "multiplier": {"per channel", "채널당"}, "bias": {"bias", "편향"}, "same": {"TF same", "TF same"}, "ceil": {"round up", "올림"}, "exclude_padding": {"without pad", "패딩 제외"},
	"eps": {"ε", "ε"}, "activation": {"activation", "활성화"}, "rate": {"rate", "비율"}, "step": {"step", "간격"}, "table": {"table", "연결표"}, "top": {"top", "위"}, "bottom": {"bottom", "아래"}, "left": {"left", "왼쪽"}, "right": {"right", "오른쪽"},
	"k": {"k", "k"}, "alpha": {"α", "α"}, "beta": {"β", "β"}, "sum": {"α of sum", "합의 α"}, "mid": {"middle", "중간"}, "stride_first": {"stride first", "첫 1×1에 스트라이드"}, "pad_skip": {"zero skip", "0 채움 지름길"},
	"filters_1x1": {"1×1", "1×1"}, "reduce_3x3": {"3×3 reduce", "3×3 축소"}, "filters_3x3": {"3×3", "3×3"}, "reduce_5x5": {"5×5 reduce", "5×5 축소"}, "filters_5x5": {"5×5", "5×5"}, "pool_proj": {"pool", "풀링"},
	"norm": {"batch norm", "배치 정규화"}, "hard_gate": {"hard gate", "하드 게이트"}, "expand": {"expand", "확장"}, "squeeze": {"gate ÷", "게이트 ÷"}, "drop": {"drop path", "드롭 패스"}, "growth": {"growth", "성장률"}, "layers": {"layers", "층 수"},
}

// FieldText is the label of a setting.
func FieldText(name string, l Lang) string { return pick(fieldTexts, name, l) }

func pick(m map[string][2]string, name string, l Lang) string {
	t, ok := m[name]
	switch {
	case !ok:
		return name
	case l == Korean:
		return t[1]
	}
	return t[0]
}

// Title is what a reader calls the row.
func (r *Row) Title(l Lang) string {
	switch {
	case r.IsInput():
		return KindText("input", l)
	case r.IsPath():
		return strings.ReplaceAll(KindText("path", l), "{0}", strconv.Itoa(r.Path+1))
	}
	name := r.Layer.name()
	if r.Layer.Code == "c" && r.Layer.Kernel == Square(1) && r.Layer.Groups <= 1 {
		name = "pointwise"
	}
	t := KindText(name, l)
	if n := r.Layer.Times(); n > 1 {
		t += " ×" + strconv.Itoa(n)
	}
	return t
}
