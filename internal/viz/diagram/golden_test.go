package diagram_test

import (
	"testing"

	"stride/internal/nn/arch"
	"stride/internal/viz/diagram"
)

func TestDrawingGolden(t *testing.T) {
	for _, c := range []struct{ file, net, block string }{
		{"bottleneck", "resnet50", "layer2.0"},
		{"identity", "resnet50", "layer2.1"},
		{"shortcut", "cifar_resnet20", "layer2.0"},
		{"inception", "googlenet_paper", "inception_3a"},
		{"inception_nested", "inception_v3", "Mixed_7b"},
		{"mbconv", "efficientnet_b0", "features.3.1"},
		{"denselayer", "densenet121", "features.denseblock1.denselayer3"},
		{"vgg", "vgg16", "features.17"},
	} {
		o := diagram.New(graph(t, c.net))
		b := o.Find(c.block)
		golden(t, "draw_"+c.file, drawingText(o.Draw(b)))
		golden(t, "twin_"+c.file, twinText(o.Twin(b)))
	}
	o := diagram.New(graph(t, "densenet201"))
	golden(t, "stage_dense", drawingText(o.DrawStage(o.Stages[4])))
	golden(t, "network_lenet5", drawingText(diagram.New(graph(t, "lenet5")).DrawNetwork()))
}

// TestStages draws the stages, the single layers and the whole of every architecture.
func TestStages(t *testing.T) {
	every(t, func(t *testing.T, o *diagram.Outline) {
		checkDrawing(t, "network", o.DrawNetwork(), true)
		for _, s := range o.Stages {
			checkDrawing(t, s.Name, o.DrawStage(s), true)
			for _, b := range s.Blocks {
				for _, l := range b.Layers {
					checkDrawing(t, l.Name, o.DrawLayer(b, l), true)
				}
			}
		}
	})
}

// TestTwin: a list names every input and layer once, and everything that a layer reads stands before it.
func TestTwin(t *testing.T) {
	every(t, func(t *testing.T, o *diagram.Outline) {
		for _, b := range o.Blocks() {
			seen := map[any]bool{}
			var params int64
			for i, l := range o.Twin(b) {
				for _, s := range l.From {
					if !seen[s.Node] {
						t.Errorf("%s reads %s, which the list has not named", l.Layer.Name, s.Node.Path)
					}
					if s.Before != (i > 0 && o.Twin(b)[i-1].Node == s.Node) {
						t.Errorf("%s: %s is marked as the line before", l.Layer.Name, s.Node.Path)
					}
				}
				if seen[l.Node] {
					t.Errorf("%s is listed twice", l.Node.Path)
				}
				seen[l.Node] = true
				params += l.Params
			}
			if params != b.Params {
				t.Errorf("the lines of %s add up to %d params, want %d", b.Name, params, b.Params)
			}
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for _, name := range []string{"resnet50", "densenet201", "efficientnet_b7", "inception_v3"} {
		g := graph(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				diagram.New(g)
			}
		})
	}
}

func BenchmarkSilhouette(b *testing.B) {
	for _, name := range []string{"resnet50", "densenet201", "efficientnet_b7"} {
		o := diagram.New(graph(b, name))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				o.Silhouette(diagram.Wide)
			}
		})
	}
}

// BenchmarkDraw draws the largest block of every architecture, one after the other.
func BenchmarkDraw(b *testing.B) {
	type work struct {
		o *diagram.Outline
		b *diagram.Block
	}
	var all []work
	for _, a := range arch.All() {
		o := diagram.New(graph(b, a.Name))
		var most *diagram.Block
		for _, k := range o.Blocks() {
			if most == nil || len(k.Nodes)+len(k.Inputs) > len(most.Nodes)+len(most.Inputs) {
				most = k
			}
		}
		all = append(all, work{o, most})
	}
	i := 0
	for b.Loop() {
		w := all[i%len(all)]
		w.o.Draw(w.b)
		i++
	}
}
