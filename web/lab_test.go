package web

import (
	"net/url"
	"strings"
	"testing"

	"stride/internal/lessons"
	"stride/internal/nn/arch"
)

// TestLabs: every bench has a text in both languages and every text a bench, and an address comes back from its state.
func TestLabs(t *testing.T) {
	s := newSite(t)
	for _, lang := range []string{"en", "ko"} {
		texts := s.s.library.Book(lang).Of(lessons.LabLesson)
		if len(texts) != len(labsOf) {
			t.Errorf("%s: %d texts for %d labs", lang, len(texts), len(labsOf))
		}
		for _, l := range labsOf {
			if s.s.library.Book(lang).Lesson(lessons.LabLesson, l.slug) == nil {
				t.Errorf("%s: the lab %s has no text", lang, l.slug)
			}
		}
	}
	for _, q := range []string{"", "in=192&mid=96&out=128", "bias=1&k=5&size=7", "mid=8&show=macs", "in=1&mid=2048", "layer=mini_vgg%3Aconv2_2.conv&rank=5"} {
		want, _ := url.ParseQuery(q)
		st, err := bottleneckLab.open(want)
		if err != nil || st.values().Encode() != want.Encode() {
			t.Errorf("%q comes back as %q, %v", q, st.values().Encode(), err)
		}
	}
	if _, err := bottleneckLab.open(url.Values{"k": {"12"}}); err == nil {
		t.Error("a kernel of 12 is taken")
	}
}

// TestModuleBranches holds the branches of inception 3a to Szegedy et al. 2014, table 1.
func TestModuleBranches(t *testing.T) {
	a, err := arch.ByName("googlenet_paper")
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	cat := g.Node("inception_3a.cat")
	in := source(cat)
	var with, without int64
	for i, want := range []moduleBranch{{weights: 12288, bare: 12288, bareChannels: 64}, {weights: 129024, bare: 221184, bareChannels: 128}, {weights: 15872, bare: 153600, bareChannels: 32}, {weights: 6144, bareChannels: 192}} {
		got := branchOf(in, cat.In[i])
		if got.weights != want.weights || got.bare != want.bare || got.bareChannels != want.bareChannels {
			t.Errorf("branch %d: %d weights, %d without reduction to %d channels; want %+v", i+1, got.weights, got.bare, got.bareChannels, want)
		}
		with, without = with+got.weights, without+got.bare
	}
	if with != 163328 || without != 387072 {
		t.Errorf("%d weights with reductions and %d without", with, without)
	}
}

// TestBottleneckCounts holds what the bench shows to L08: the parts are the products, and the sums those of the forms.
func TestBottleneckCounts(t *testing.T) {
	for _, bias := range []bool{false, true} {
		st := bottleneckState{In: 32, Mid: 16, Out: 64, Kernel: 3, Size: 56, Bias: bias}
		c := st.contract()
		for _, f := range c.Ladder(st.Mid) {
			for show, want := range map[string]int64{showParams: f.Params, showMACs: f.MACs, showMaps: f.MapValues} {
				if st.Show = show; st.total(f) != want {
					t.Errorf("%s, %s: %d, want %d", f.Name, show, st.total(f), want)
				}
			}
		}
	}
}

// TestBenchIsLive: the stage, the chart and the answers follow the address.
func TestBenchIsLive(t *testing.T) {
	s := newSite(t)
	for _, lang := range []string{"en", "ko"} {
		resp, page := s.get(t, "/"+lang+"/labs/bottleneck?mid=31&bias=1&q.bottleneck-weights=9808")
		if resp.StatusCode != 200 {
			t.Fatalf("status %d", resp.StatusCode)
		}
		for _, want := range []string{"18,943", "18,496", "31 → 18,943", "30.3", `name="q.bottleneck-weights" value="9808"`, `class="volumes wide"`, `class="volumes slim"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
	}
}
