package plan_test

import (
	"context"
	"fmt"
	"testing"

	"stride/internal/nn/plan"
)

// BenchmarkRun is one image through the networks that the plan is measured on, without and with every activation kept.
func BenchmarkRun(b *testing.B) {
	keeps := map[string]plan.Keep{"none": plan.KeepNone, "all": plan.KeepAll}
	for _, name := range []string{"alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "mobilenet_v1", "mobilenet_v2", "densenet121", "efficientnet_b0"} {
		for keep, k := range keeps {
			for _, threads := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/keep=%s/threads=%d", name, keep, threads), func(b *testing.B) {
					g, w, x := build(b, name)
					p := compile(b, g, w, plan.Options{Keep: k, Threads: threads})
					run(b, p, x, nil)
					for b.Loop() {
						if _, err := p.Run(context.Background(), x, nil); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(macs(g))*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
				})
			}
		}
	}
}
