package diagram_test

import (
	"testing"

	"stride/internal/nn"
	"stride/internal/viz/diagram"
)

// TestReadingOrder walks every network from end to end and back.
func TestReadingOrder(t *testing.T) {
	every(t, func(t *testing.T, o *diagram.Outline) {
		count, last := 0, (*nn.Node)(nil)
		for n := o.Graph.Input; n != nil; n = o.Next(n) {
			if o.Prev(n) != last {
				t.Fatalf("the node before %s is %v, want %v", n.Path, o.Prev(n), last)
			}
			last = n
			count++
		}
		if count != len(o.Graph.Nodes) {
			t.Errorf("the walk passes %d of %d nodes", count, len(o.Graph.Nodes))
		}
		for _, b := range o.Blocks() {
			if got := o.Find(b.Path); got != b {
				t.Errorf("Find(%q) is another block", b.Path)
			}
			for _, n := range b.Nodes {
				if o.Find(n.Path) != b {
					t.Errorf("%s is not found in block %s", n.Path, b.Name)
				}
			}
		}
	})
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ from, node, to, want string }{
		{"resnet50", "layer2.0.conv2", "resnet101", "layer2.0.conv2"},
		{"resnet50", "layer2.0.conv2", "resnet18", "layer2.0.conv2"},
		{"resnet50", "layer3.5.relu_2", "resnet101", "layer3.5.relu_2"},
		{"resnet101", "layer3.22.add", "resnet50", "layer3.5.add"},
		{"resnet152", "layer3.35.bn2", "resnet34", "layer3.5.bn2"},
		{"resnet34", "layer4.2.conv2", "plain34", "layer4.2.conv2"},
		{"vgg16", "features.10", "vgg19", "features.10"},
		{"vgg16", "features.17", "vgg19", "features.19"}, // conv4.1
		{"vgg16", "features.24", "vgg16_bn", "features.34"},
		{"vgg19", "classifier.6", "vgg11", "classifier.6"},
		{"googlenet", "inception4c.branch2.1.conv", "googlenet_paper", "inception_4c.b2"},
		{"googlenet_paper", "inception_3a.cat", "googlenet", "inception3a.cat"},
		{"densenet121", "features.denseblock3.denselayer24.conv2", "densenet201", "features.denseblock3.denselayer24.conv2"},
		{"densenet201", "features.denseblock3.denselayer48.conv2", "densenet121", "features.denseblock3.denselayer24.conv2"},
		{"efficientnet_b0", "features.4.1.block.2.mul", "efficientnet_b4", "features.4.1.block.2.mul"},
		{"alexnet", "features.3", "alexnet_paper", "conv2"},
		{"lenet5", "tanh", "lenet5_relu_max", "relu"},
		{"lenet5", "s2", "lenet5_relu_max", "s2"},
		{"resnet50", "input", "vgg16", "input"},
		{"resnet50", "softmax", "vgg16", "softmax"},
	} {
		a, b := diagram.New(graph(t, c.from)), diagram.New(graph(t, c.to))
		got := "nothing"
		if n := a.Nearest(b, a.Graph.Node(c.node)); n != nil {
			got = n.Path
		}
		if got != c.want {
			t.Errorf("%s of %s is like %s of %s, want %s", c.node, c.from, got, c.to, c.want)
		}
	}
}

// TestCounterpart: a layer is not taken for another one that only stands nearest.
func TestCounterpart(t *testing.T) {
	for _, c := range []struct{ from, node, to, want string }{
		{"resnet50", "layer2.0.add", "mini_resnet", "block1.add"},
		{"resnet50", "layer2.0.downsample.0", "mini_resnet", "block1.downsample.0"},
		{"resnet50", "layer1.1.conv1", "mini_resnet", "nothing"}, // nearest is the 1×1 of a shortcut
		{"resnet50", "layer1.1.conv1", "resnet18", "nothing"},    // a 3×3 of the same name
		{"alexnet_paper", "conv4", "mini_alexnet", "conv4.conv"},
		{"alexnet_paper", "conv5", "mini_alexnet", "nothing"},
		{"googlenet_paper", "pool2", "mini_googlenet", "pool1"}, // what the first module reads
		{"googlenet_paper", "inception_4d.cat", "mini_googlenet", "nothing"},
		{"googlenet_paper", "inception_3a.b2", "googlenet", "inception3a.branch2.1.conv"},
	} {
		a, b := diagram.New(graph(t, c.from)), diagram.New(graph(t, c.to))
		got := "nothing"
		if n := a.Counterpart(b, a.Graph.Node(c.node)); n != nil {
			got = n.Path
		}
		if got != c.want {
			t.Errorf("%s of %s has the counterpart %s in %s, want %s", c.node, c.from, got, c.to, c.want)
		}
	}
}
