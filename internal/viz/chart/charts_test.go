package chart

import (
	"math"
	"math/rand/v2"
)

// The published figures of twenty networks (torchvision's table of weights: top-1 with the first weights of each, parameters,
// and multiply–adds at the weights' own input size).
func family() *Bubbles {
	b := &Bubbles{
		Words: Words{Title: "Accuracy against cost", Alt: "Top-1 accuracy against multiply–adds of 20 networks; EfficientNets lie up and to the left."},
		X:     Axis{Title: "multiply–adds per image", Log: "log scale", Format: SI},
		Y:     Axis{Title: "top-1", Format: Percent},
		Size:  "parameters",
	}
	for _, m := range []struct {
		name           string
		macs, params   float64
		top1           float64
		ink            Ink
		selected, this bool
	}{
		{"AlexNet", 0.714e9, 61.1e6, 0.56522, "m-alexnet", false, false},
		{"VGG-11", 7.61e9, 132.9e6, 0.69020, "m-vgg", false, false},
		{"VGG-13", 11.31e9, 133.0e6, 0.69928, "m-vgg", false, false},
		{"VGG-16", 15.47e9, 138.4e6, 0.71592, "m-vgg", true, false},
		{"VGG-19", 19.63e9, 143.7e6, 0.72376, "m-vgg", true, false},
		{"GoogLeNet", 1.498e9, 6.6e6, 0.69778, "m-inception", true, false},
		{"Inception v3", 5.71e9, 27.2e6, 0.77294, "m-inception", false, false},
		{"ResNet-18", 1.814e9, 11.7e6, 0.69758, "m-resnet", false, false},
		{"ResNet-34", 3.664e9, 21.8e6, 0.73314, "m-resnet", false, false},
		{"ResNet-50", 4.089e9, 25.6e6, 0.76130, "m-resnet", true, true},
		{"ResNet-101", 7.801e9, 44.5e6, 0.77374, "m-resnet", false, false},
		{"ResNet-152", 11.514e9, 60.2e6, 0.78312, "m-resnet", false, false},
		{"MobileNet v2", 0.301e9, 3.5e6, 0.71878, "m-mobilenet", true, false},
		{"DenseNet-121", 2.834e9, 8.0e6, 0.74434, "m-densenet", false, false},
		{"DenseNet-161", 7.728e9, 28.7e6, 0.77138, "m-densenet", false, false},
		{"DenseNet-169", 3.360e9, 14.1e6, 0.75600, "m-densenet", false, false},
		{"DenseNet-201", 4.291e9, 20.0e6, 0.76896, "m-densenet", false, false},
		{"EfficientNet-B0", 0.386e9, 5.3e6, 0.77692, "m-efficientnet", true, false},
		{"EfficientNet-B1", 0.687e9, 7.8e6, 0.78642, "m-efficientnet", false, false},
		{"EfficientNet-B4", 4.394e9, 19.3e6, 0.83384, "m-efficientnet", false, false},
	} {
		b.Points = append(b.Points, Point{Name: m.name, Detail: SI(m.params), X: m.macs, Y: m.top1, Area: m.params, Ink: m.ink, Selected: m.selected, Current: m.this})
	}
	return b
}

// curves looks like training four networks; the shape is made up, as nothing here depends on it.
func curves(names [4]string, epoch, measure string) *Lines {
	r := rand.New(rand.NewPCG(4, 2))
	l := &Lines{
		Words: Words{Title: "Test error while training", Alt: "Error of four networks over twenty epochs; only the deep plain one stays high."},
		X:     Axis{Title: epoch}, Y: Axis{Title: measure, Format: Percent, Lo: 0, Hi: 1},
	}
	for i, end := range []float64{0.27, 0.92, 0.04, 0.10} {
		s := Series{Name: names[i], End: Percent(end), Ink: Plain, Dash: Dash(i % 2)}
		if i >= 2 {
			s.Ink = Residual
		}
		for e := range 20 {
			v := end + (0.92-end)*math.Exp(-float64(e)/5) + r.NormFloat64()*0.01
			s.Y = append(s.Y, v)
			s.Low, s.High = append(s.Low, v-0.03), append(s.High, v+0.03)
		}
		s.Y[19] = end
		l.Series = append(l.Series, s)
	}
	return l
}

func gradients() *Lines {
	r := rand.New(rand.NewPCG(1, 9))
	var series []Series
	for i, s := range []Series{{Name: "plain 20", Ink: Plain}, {Name: "plain 56", Ink: Plain, Dash: Dashed}, {Name: "residual 20", Ink: Residual}, {Name: "residual 56", Ink: Residual, Dash: Dashed}} {
		n := 20 + 36*(i%2)
		for k := range n {
			s.X = append(s.X, float64(k)/float64(n-1))
			s.Y = append(s.Y, math.Pow(10, []float64{-2.5, -6, -0.8, -0.2}[i]+0.3*r.NormFloat64()))
		}
		series = append(series, s)
	}
	series[1].Y[3], series[1].Y[4], series[1].Y[9] = 0, 0, math.NaN()
	return GradientNorms(Words{Title: "Gradient reaching each layer", Alt: "Gradient norm by layer: the plain 56-layer network gets about a millionth."},
		[2]string{"first layer", "last layer"}, "gradient norm", "log scale", series)
}

func activation() *Histogram {
	h := &Histogram{
		Words: Words{Title: "Values of channel 26", Alt: "Histogram of 784 values between −1.9 and 3.1, most of them near zero."},
		X:     Axis{Title: "value"}, Y: Axis{Title: "cells", Log: "log scale", Format: Number}, Ink: "op-conv", Zero: "0",
		Clips:   []Mark{{X: -1.6, Text: "clipped below −1.6"}, {X: 1.6, Text: "clipped above 1.6"}},
		Current: &Mark{X: 1.42, Text: "this pixel 1.42"},
	}
	for i := range 41 {
		h.Edges = append(h.Edges, -2+float64(i)*0.125)
	}
	for i := range 40 {
		x := h.Edges[i]
		h.Counts = append(h.Counts, int(120*math.Exp(-x*x*1.2)))
	}
	return h
}

func stages(log string) *Bars {
	b := &Bars{
		Words: Words{Title: "Parameters by stage", Alt: "Parameters of VGG-16 by stage: 124 of 138 million lie in the dense layers."},
		Stage: "stage", Value: Axis{Title: "parameters", Format: SI, Log: log},
	}
	for i, v := range []float64{38720, 221440, 1475328, 5899776, 7079424, 123642856} {
		b.Bars = append(b.Bars, Bar{Label: []string{"conv1", "conv2", "conv3", "conv4", "conv5", "dense"}[i], Value: v, Ink: "op-conv", Current: i == 3})
	}
	b.Bars[5].Ink = "op-fc"
	return b
}

func shares(names [4]string, dense string) *Shares {
	s := &Shares{Words: Words{Title: "Where the parameters live", Alt: "Share of the parameters by map size; VGG-16 keeps 89% in its dense head."}, Whole: "network", Part: "%"}
	for i, n := range []string{"≥112²", "56²", "28²", "14²", "7²"} {
		s.Keys = append(s.Keys, Key{n, MapSizeInks[i]})
	}
	s.Keys = append(s.Keys, Key{dense, Text})
	for i, p := range [][]float64{
		{0.19, 1.07, 4.26, 5.12, 0, 89.36}, {0.14, 1.64, 7.89, 40.14, 35.54, 14.65}, {0, 0.97, 5.16, 29.32, 56.5, 8.05}, {0.07, 0.64, 2.45, 34.95, 37.66, 24.23},
	} {
		s.Shares = append(s.Shares, Share{Name: names[i], Total: []string{"138.4 M", "7.0 M", "25.6 M", "4.2 M"}[i], Parts: p})
	}
	return s
}

var english = [4]string{"plain 20", "plain 56", "residual 20", "residual 56"}

// every is one chart of each kind, and the kinds that differ in layout.
func every() map[string]Chart {
	current := curves([4]string{"일반 20층", "일반 56층", "잔차 20층", "잔차 56층"}, "에포크", "검증 오류")
	current.Current = &Mark{X: 8, Y: current.Series[2].Y[7], Text: "8번째 에포크"}
	return map[string]Chart{
		"bubbles":   family(),
		"curves":    curves(english, "epoch", "test error"),
		"curves-ko": current,
		"gradients": gradients(),
		"histogram": activation(),
		"bars":      stages(""),
		"bars-log":  stages("log scale"),
		"shares":    shares([4]string{"VGG-16", "GoogLeNet", "ResNet-50", "MobileNet"}, "dense"),
	}
}
