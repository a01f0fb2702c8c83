package calc

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stride/internal/nn"
	"stride/internal/nn/arch"
	"stride/internal/nn/op"
)

// kerasOld is what TensorFlow 2 up to 2.9 prints for the classic digit network.
const kerasOld = `Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
conv2d (Conv2D)              (None, 26, 26, 32)        320       
_________________________________________________________________
max_pooling2d (MaxPooling2D) (None, 13, 13, 32)        0         
_________________________________________________________________
conv2d_1 (Conv2D)            (None, 11, 11, 64)        18496     
_________________________________________________________________
max_pooling2d_1 (MaxPooling2 (None, 5, 5, 64)          0         
_________________________________________________________________
flatten (Flatten)            (None, 1600)              0         
_________________________________________________________________
dropout (Dropout)            (None, 1600)              0         
_________________________________________________________________
dense (Dense)                (None, 10)                16010     
=================================================================
Total params: 34,826
Trainable params: 34,826
Non-trainable params: 0
_________________________________________________________________
`

// kerasWrapped is TensorFlow 2.10 and later: long cells go on in the next line.
const kerasWrapped = `Model: "model"
__________________________________________________________________________________________________
 Layer (type)                   Output Shape         Param #     Connected to                     
==================================================================================================
 input_1 (InputLayer)           [(None, 32, 32, 3)]  0           []                               
                                                                                                  
 conv1_conv (Conv2D)            (None, 16, 16, 64)   1792        ['input_1[0][0]']                
                                                                                                  
 batch_normalization (BatchNorm  (None, 16, 16, 64)  256         ['conv1_conv[0][0]']             
 alization)                                                                                       
                                                                                                  
 re_lu (ReLU)                   (None, 16, 16, 64)   0           ['batch_normalization[0][0]']    
                                                                                                  
 conv2d (Conv2D)                (None, 16, 16, 64)   36928       ['re_lu[0][0]']                  
                                                                                                  
 add (Add)                      (None, 16, 16, 64)   0           ['conv2d[0][0]',                 
                                                                  're_lu[0][0]']                  
                                                                                                  
 global_average_pooling2d (Glob  (None, 64)          0           ['add[0][0]']                    
 alAveragePooling2D)                                                                              
                                                                                                  
 dense (Dense)                  (None, 10)           650         ['global_average_pooling2d[0][0]'
                                                                 ]                                
                                                                                                  
==================================================================================================
Total params: 39,626
Trainable params: 39,498
Non-trainable params: 128
__________________________________________________________________________________________________
`

// kerasBox is Keras 3.
const kerasBox = `Model: "functional"
┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
│ input_layer         │ (None, 32, 32, 3) │          0 │ -                 │
│ (InputLayer)        │                   │            │                   │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ conv2d (Conv2D)     │ (None, 32, 32,    │        448 │ input_layer[0][0] │
│                     │ 16)               │            │                   │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ conv2d_1 (Conv2D)   │ (None, 32, 32,    │      6,416 │ conv2d[0][0]      │
│                     │ 16)               │            │                   │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ depthwise_conv2d    │ (None, 32, 32,    │        160 │ conv2d[0][0]      │
│ (DepthwiseConv2D)   │ 16)               │            │                   │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ concatenate         │ (None, 32, 32,    │          0 │ conv2d_1[0][0],   │
│ (Concatenate)       │ 32)               │            │ depthwise_conv2d… │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ global_average_poo… │ (None, 32)        │          0 │ concatenate[0][0] │
│ (GlobalAveragePool… │                   │            │                   │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ dense (Dense)       │ (None, 10)        │        330 │ global_average_p… │
└─────────────────────┴───────────────────┴────────────┴───────────────────┘
 Total params: 7,354 (28.73 KB)
 Trainable params: 7,354 (28.73 KB)
 Non-trainable params: 0 (0.00 B)
`

func TestKeras(t *testing.T) {
	for _, tt := range []struct {
		name, text, stack, notes string
		params, buffers          int64
	}{
		{"old", kerasOld, "i1x28;c32k3;mp2;c64k3;mp2;fl;do0.5;fc10", "pool_assumed rate_assumed", 34826, 0},
		{"wrapped", kerasWrapped, "i3x32;c64k3s2q;bne0.001;relu;add(c64k3p1|);gap;fc10", "counts_buffers", 39498, 128},
		{"box", kerasBox, "i3x32;c16k3p1;cat(c16k5p2|dw3p1);gap;fc10", "", 7354, 0},
		{"wrong total", strings.Replace(kerasOld, "34,826", "34,827", 1), "i1x28;c32k3;mp2;c64k3;mp2;fl;do0.5;fc10", "total_differs pool_assumed rate_assumed", 34826, 0},
		{"unknown layer", strings.Replace(kerasOld, "flatten (Flatten) ", "flatten (Flattery)", 1), "", "unknown_counted pool_assumed wiring_failed", 34826, 0},
		{"unknown line", "What is this?\n" + kerasOld + "And this?\n", "i1x28;c32k3;mp2;c64k3;mp2;fl;do0.5;fc10", "pool_assumed rate_assumed unknown_lines", 34826, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Read(tt.text)
			stack := ""
			if p.HasStack {
				stack = p.Stack.String()
			}
			if p.Format != KerasTable || stack != tt.stack || codes(p.Notes) != tt.notes || p.Params != tt.params || p.Buffers != tt.buffers {
				t.Errorf("%s %q, %q, %d + %d\nwant %q, %q, %d + %d", p.Format, stack, codes(p.Notes), p.Params, p.Buffers, tt.stack, tt.notes, tt.params, tt.buffers)
			}
		})
	}
}

// TestKerasSummaries reads summaries of Keras's own models (testdata/keras): the counts are the totals, no line is lost, and
// where the table tells the wiring, the layers that it becomes do the same work as the house's own network, also through code.
func TestKerasSummaries(t *testing.T) {
	raw, err := os.ReadFile("testdata/keras/totals.json")
	if err != nil {
		t.Fatal(err)
	}
	var totals map[string]struct{ Total, Trainable int64 }
	if err := json.Unmarshal(raw, &totals); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/keras/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	same := map[string]string{"resnet50": "resnet50_v1", "vgg16": "vgg16", "mobilenet": "mobilenet_v1", "mobilenet_v2": "mobilenet_v2", "densenet121": "densenet121", "inception_v3": "inception_v3"}
	// At 80 columns the connections of MobileNet v2 are cut off beyond recognition.
	unwired := map[string]string{"nested.keras3-wide": "unknown_counted unknown_counted unknown_counted wiring_failed", "mobilenet_v2.keras3": "names_cut counts_buffers wiring_failed"}
	for _, f := range files {
		base := strings.TrimSuffix(filepath.Base(f), ".txt")
		t.Run(base, func(t *testing.T) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			name, _, _ := strings.Cut(base, ".")
			want := totals[name]
			p := Read(string(text))
			if p.Format != KerasTable || p.Params+p.Buffers != want.Total || len(p.Unknown) > 0 || strings.Contains(codes(p.Notes), "total_differs") {
				t.Errorf("%s: %d + %d, want %d; not understood: %v; %q", p.Format, p.Params, p.Buffers, want.Total, p.Unknown, codes(p.Notes))
			}
			if notes, ok := unwired[base]; ok {
				if p.HasStack || codes(p.Notes) != notes {
					t.Errorf("stack %v, notes %q", p.HasStack, codes(p.Notes))
				}
				return
			}
			if p.Params != want.Trainable {
				t.Errorf("%d parameters, want %d", p.Params, want.Trainable)
			}
			if !p.HasStack {
				t.Fatalf("not wired: %q", codes(p.Notes))
			}
			r := Compile(p.Stack)
			scales := int64(0)
			if strings.Contains(codes(p.Notes), "norm_no_scale") { // the layer here always has one
				scales = p.Buffers / 2
			}
			if r.Totals.Params-scales != want.Trainable {
				t.Errorf("the layers have %d parameters, want %d", r.Totals.Params, want.Trainable)
			}
			if own := same[name]; own != "" && r.Totals.MACs != Compile(fromArch(t, own)).Totals.MACs {
				t.Errorf("the layers take %d MACs, not those of %s", r.Totals.MACs, own)
			}
			throughCode(t, r)
		})
	}
	// R puts its comment sign before every line.
	p := Read("## " + strings.ReplaceAll(strings.TrimSpace(kerasBox), "\n", "\n## "))
	if !p.HasStack || p.Params != 7354 || len(p.Unknown) > 0 {
		t.Errorf("with comment signs: %d parameters, %v, %v", p.Params, p.HasStack, p.Unknown)
	}
	// expand_nested prints a model's layers below its own row, which has their parameters too.
	p = Read(strings.Replace(kerasBox, "│ dense (Dense)       │ (None, 10)        │        330 │ global_average_p… │", "│ head (Functional)   │ (None, 10)        │        330 │ global_average_p… │\n├─────────────────────┼───────────────────┼────────────┼───────────────────┤\n│    └ dense (Dense)  │ (None, 10)        │        330 │ -                 │", 1))
	if p.Params != 7354 || len(p.Unknown) > 0 {
		t.Errorf("nested: %d parameters, %v", p.Params, p.Unknown)
	}
}

func TestTorchTables(t *testing.T) {
	p := Read(`----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1         [-1, 64, 112, 112]           9,408
       BatchNorm2d-2         [-1, 64, 112, 112]             128
              ReLU-3         [-1, 64, 112, 112]               0
================================================================
Total params: 9,536
Trainable params: 9,536
`)
	if p.Format != TorchTable || p.Params != 9536 || p.HasStack || codes(p.Notes) != "params_only" || len(p.Unknown) > 0 {
		t.Errorf("torchsummary: %+v", p)
	}
	p = Read(`==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
Net                                      [1, 10]                   --
├─Sequential: 1-1                        [1, 8, 6, 6]              --
│    └─Conv2d: 2-1                       [1, 8, 6, 6]              224
├─Linear: 1-2                            [1, 10]                   2,890
==========================================================================================
Total params: 3,114
Trainable params: 3,114
Non-trainable params: 0
`)
	if p.Format != TorchTable || p.Params != 3114 || codes(p.Notes) != "params_only unknown_lines" {
		t.Errorf("torchinfo: %d, %q, %v", p.Params, codes(p.Notes), p.Unknown)
	}
}

// kerasNames are Keras's layers for our operations; what is missing has none.
var kerasNames = map[nn.Kind]string{"conv": "Conv2D", "linear": "Dense", "batchnorm": "BatchNormalization", "relu": "ReLU", "relu6": "ReLU", "silu": "Activation", "sigmoid": "Activation", "tanh": "Activation",
	"maxpool": "MaxPooling2D", "avgpool": "AveragePooling2D", "adaptiveavgpool": "GlobalAveragePooling2D", "flatten": "Flatten", "dropout": "Dropout", "add": "Add", "concat": "Concatenate", "mul": "Multiply", "softmax": "Softmax", "stochasticdepth": "Dropout"}

// kerasSummary prints a graph in the layout of Keras's print_summary for models with joins: columns at given shares of
// the width, over-long cells cut off there, every further input on a line of its own. It is written after the layout's
// description, not by Keras.
func kerasSummary(g *nn.Graph) string {
	const width = 150
	at := [4]int{width * 33 / 100, width * 55 / 100, width * 67 / 100, width}
	var b strings.Builder
	line := func(cells ...string) {
		s := ""
		for i, c := range cells {
			if s += c; len(s) > at[i]-1 {
				s = s[:at[i]-1]
			}
			s += strings.Repeat(" ", at[i]-len(s))
		}
		b.WriteString(s + "\n")
	}
	rule := strings.Repeat("_", width) + "\n"
	b.WriteString("Model: \"model\"\n" + rule)
	line("Layer (type)", "Output Shape", "Param #", "Connected to")
	var total int64
	for _, n := range g.Main() {
		typ, shape := string(n.Op.Kind()), fmt.Sprintf("(None, %d, %d, %d)", n.Shape.H, n.Shape.W, n.Shape.C)
		if k, ok := kerasNames[n.Op.Kind()]; ok {
			typ = k
		}
		if c, ok := n.Op.(op.Conv); ok && c.Depthwise(n.In[0].Shape) {
			typ = "DepthwiseConv2D"
		}
		if n.Shape.PlaneLen() == 1 && typ != "Conv2D" {
			shape = fmt.Sprintf("(None, %d)", n.Shape.C)
		}
		if n == g.Input {
			typ, shape = "InputLayer", "["+shape+"]"
		}
		var params int64
		for _, p := range n.Params {
			params += int64(p.Len())
		}
		total += params
		from := []string{""}
		for i, x := range n.In {
			from = append(from[:i], x.Path+"[0][0]")
		}
		line(n.Path+" ("+typ+")", shape, fmt.Sprint(params), from[0])
		for _, f := range from[1:] {
			line("", "", "", f)
		}
		b.WriteString(rule)
	}
	fmt.Fprintf(&b, "Total params: %d\n", total)
	return b.String()
}

// TestKerasTablesOfArchitectures prints networks as Keras would and reads them back: the same counts, and where Keras has
// all their operations the same wiring.
func TestKerasTablesOfArchitectures(t *testing.T) {
	wired := 0
	for _, a := range arch.All() {
		if strings.Contains("lenet5_paper cifar_resnet110 cifar_plain110 resnet101 resnet152 resnet101_v1 resnet152_v1 densenet161 densenet169 efficientnet_b3 efficientnet_b4 efficientnet_b5 efficientnet_b6", a.Name) {
			continue // more of the same
		}
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		p := Read(kerasSummary(g))
		want := Compile(fromArch(t, a.Name)).Totals
		if p.Params != want.Params || p.Buffers != want.Buffers || len(p.Unknown) > 0 || strings.Contains(codes(p.Notes), "total_differs") {
			t.Errorf("%s: %d and %d, want %d and %d; %v %q", a.Name, p.Params, p.Buffers, want.Params, want.Buffers, p.Unknown, codes(p.Notes))
		}
		if !p.HasStack {
			continue
		}
		wired++
		if r := Compile(p.Stack); r.Totals.Params != want.Params || r.Totals.MACs != want.MACs || r.Totals.Depth != want.Depth {
			t.Errorf("%s: wired to %d parameters, %d MACs, depth %d, want %d, %d, %d", a.Name, r.Totals.Params, r.Totals.MACs, r.Totals.Depth, want.Params, want.MACs, want.Depth)
		}
	}
	if wired < 30 {
		t.Errorf("only %d networks were wired", wired)
	}
	t.Logf("%d wired", wired)
}
