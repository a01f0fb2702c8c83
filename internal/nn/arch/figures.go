package arch

import (
	"strconv"
	"strings"
)

// Figure is a number about a network that people meet: in its paper, or printed by a framework.
type Figure struct {
	// Arch is the network that the figure is quoted for; Of the form of it that the source counts, where that is another.
	Arch, Of string
	// Work tells multiply–adds from parameters.
	Work bool
	// Text is the figure as its source writes it. Value is the number, Step the unit of its last digit: 1 where the figure
	// is exact.
	Text        string
	Value, Step int64
	// Below is set for "less than". Called is what the source calls multiply–adds where it says something else.
	Below  bool
	Called string
	// By are the conventions that the source is known to follow, as package analyze names them, separated by spaces.
	By string
	// Source is whose figure it is, Where its place there; Paper is the source where it is one.
	Source, Where string
	Paper         Paper
}

// The sources of figures.
const (
	keras       = "Keras"
	torchvision = "torchvision"
	printed     = "keras.applications, summary()"
	metadata    = "num_params"
)

// figures are in the order of the architectures. Every one is accounted for exactly, up to its own rounding, by a test.
var figures = []Figure{
	{Arch: "lenet5", Of: "lenet5_paper", Text: "60,000", Value: 60_000, Step: 1, Source: lecun1998.cited(), Where: "§II.B", Paper: lecun1998},
	million("alexnet", "alexnet_paper", "60 million", 60e6, 1e6, krizhevsky2012, "Abstract"),
	exact("alexnet", "61,100,840", 61_100_840, torchvision, metadata),
	million("vgg11", "", "133 million", 133e6, 1e6, simonyan2014, "Table 2"),
	million("vgg13", "", "133 million", 133e6, 1e6, simonyan2014, "Table 2"),
	million("vgg16", "", "138 million", 138e6, 1e6, simonyan2014, "Table 2"),
	million("vgg19", "", "144 million", 144e6, 1e6, simonyan2014, "Table 2"),
	exact("vgg16", "138,357,544", 138_357_544, keras, printed),
	exact("vgg19", "143,667,240", 143_667_240, keras, printed),
	work("googlenet", "googlenet_paper", "1.5 billion", 1.5e9, 1e8, szegedy2014, "§1"),
	exact("googlenet", "6,624,904", 6_624_904, torchvision, metadata),
	exact("googlenet", "13,004,888", 13_004_888, torchvision, "GoogLeNet(aux_logits=True)").by("aux"),
	{Arch: "inception_v3", Text: "< 25 million", Value: 25e6, Step: 1e6, Below: true, Source: szegedy2015.cited(), Where: "Abstract", Paper: szegedy2015},
	work("inception_v3", "", "5 billion", 5e9, 1e9, szegedy2015, "Abstract"),
	exact("inception_v3", "27,161,264", 27_161_264, torchvision, metadata).by("aux"),
	exact("inception_v3", "23,851,784", 23_851_784, keras, printed).by("statistics no_scale"),
	work("resnet18", "", "1.8×10⁹", 1.8e9, 1e8, he2015, "Table 1"),
	work("resnet34", "plain34", "3.6×10⁹", 3.6e9, 1e8, he2015, "Table 1"),
	work("resnet50", "resnet50_v1", "3.8×10⁹", 3.8e9, 1e8, he2015, "Table 1"),
	work("resnet101", "resnet101_v1", "7.6×10⁹", 7.6e9, 1e8, he2015, "Table 1"),
	work("resnet152", "resnet152_v1", "11.3×10⁹", 11.3e9, 1e8, he2015, "Table 1"),
	exact("resnet50", "25,557,032", 25_557_032, torchvision, metadata),
	exact("resnet50", "25,636,712", 25_636_712, keras, printed).by("statistics all_biases"),
	exact("resnet101", "44,707,176", 44_707_176, keras, printed).by("statistics all_biases"),
	exact("resnet152", "60,419,944", 60_419_944, keras, printed).by("statistics all_biases"),
	million("mobilenet_v1", "", "4.2 million", 4.2e6, 1e5, howard2017, "Table 6"),
	work("mobilenet_v1", "", "569 million", 569e6, 1e6, howard2017, "Table 6"),
	exact("mobilenet_v1", "4,253,864", 4_253_864, keras, printed).by("statistics"),
	work("mobilenet_v2", "", "300 million", 300e6, 1e6, sandler2018, "Table 4"),
	exact("mobilenet_v2", "3,538,984", 3_538_984, keras, printed).by("statistics"),
	exact("densenet121", "8,062,504", 8_062_504, keras, printed).by("statistics"),
	exact("densenet169", "14,307,880", 14_307_880, keras, printed).by("statistics"),
	exact("densenet201", "20,242,984", 20_242_984, keras, printed).by("statistics"),
	million("efficientnet_b0", "", "5.3 million", 5.3e6, 1e5, tan2019, "Table 2"),
	work("efficientnet_b0", "", "0.39 billion", 0.39e9, 1e7, tan2019, "Table 2"),
	exact("efficientnet_b0", "5,330,571", 5_330_571, keras, printed).by("statistics input_statistics"),
	million("efficientnet_b7", "", "66 million", 66e6, 1e6, tan2019, "Table 2"),
	work("efficientnet_b7", "", "37 billion", 37e9, 1e9, tan2019, "Table 2"),
	million("cifar_resnet20", "", "0.27 million", 0.27e6, 1e4, he2015, "Table 6"),
	million("cifar_resnet56", "", "0.85 million", 0.85e6, 1e4, he2015, "Table 6"),
	million("cifar_resnet110", "", "1.7 million", 1.7e6, 1e5, he2015, "Table 6"),
}

// cited is the usual short form of a reference.
func (p Paper) cited() string {
	authors := strings.Split(p.Authors, ", ")
	who := authors[0]
	switch n := len(authors); {
	case n > 2:
		who += " et al."
	case n == 2:
		who += ", " + authors[1]
	}
	return who + " " + strconv.Itoa(p.Year)
}

func million(of, form, text string, value, step int64, p Paper, where string) Figure {
	return Figure{Arch: of, Of: form, Text: text, Value: value, Step: step, Source: p.cited(), Where: where, Paper: p}
}

func work(of, form, text string, value, step int64, p Paper, where string) Figure {
	f := million(of, form, text, value, step, p, where)
	f.Work = true
	f.Called = map[string]string{he2015.Title: "FLOPs", tan2019.Title: "FLOPS"}[p.Title]
	return f
}

func exact(of, text string, value int64, source, where string) Figure {
	return Figure{Arch: of, Text: text, Value: value, Step: 1, Source: source, Where: where}
}

// by says which conventions the source follows.
func (f Figure) by(conventions string) Figure {
	f.By = conventions
	return f
}

// Figures are the figures in circulation that are quoted for a network, or that count the form that it is.
func Figures(name string) []Figure {
	var l []Figure
	for _, f := range figures {
		if f.Arch == name || f.Of == name {
			l = append(l, f)
		}
	}
	return l
}
