package content_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stride/content"
	"stride/internal/lessons"
)

func load(t *testing.T) *lessons.Library {
	t.Helper()
	lib, err := lessons.Load(content.FS, readTable(t))
	if err != nil {
		t.Fatalf("the content has problems:\n%v", err)
	}
	return lib
}

// TestEveryFamilyHasALesson also keeps the order of the course and the steps that pages link to.
func TestEveryFamilyHasALesson(t *testing.T) {
	lib := load(t)
	families := []string{"lenet", "alexnet", "vgg", "googlenet", "resnet", "mobilenet", "densenet", "efficientnet"}
	for _, lang := range lessons.Langs {
		var got []string
		for _, l := range lib.Book(lang).Of(lessons.ArchLesson) {
			got = append(got, l.Slug)
			if len(l.Steps) < 4 || l.Arch == "" || len(l.Sources) == 0 {
				t.Errorf("%s/%s: %d steps, architecture %q, %d sources", lang, l.Slug, len(l.Steps), l.Arch, len(l.Sources))
			}
			for _, s := range l.Steps {
				if s.Node == "" && len(s.Questions()) == 0 {
					t.Errorf("%s/%s: step %s neither selects a node nor asks a question", lang, l.Slug, s.ID)
				}
			}
		}
		if strings.Join(got, " ") != strings.Join(families, " ") {
			t.Errorf("%s: families %v, want %v", lang, got, families)
		}
	}
	if n := len(lib.Book("en").Lesson(lessons.ArchLesson, "resnet").Steps); n != 9 {
		t.Errorf("the ResNet lesson has %d steps, want 9", n)
	}
}

// TestEveryLessonPredictsAndAsks holds the course's loop: predict, then check, with a cause behind wrong answers.
func TestEveryLessonPredictsAndAsks(t *testing.T) {
	for _, lang := range lessons.Langs {
		for _, l := range load(t).Book(lang).Lessons {
			if l.Kind == lessons.Page {
				continue
			}
			predict, check, causes := 0, 0, 0
			for _, s := range l.Steps {
				for _, q := range s.Questions() {
					if q.Predict {
						predict++
					} else {
						check++
					}
					for _, c := range q.Choices {
						if c.Misconception != "" {
							causes++
						}
					}
				}
			}
			if predict < 1 || check < 2 || causes < 4 {
				t.Errorf("%s/%s: %d predictions, %d check questions, %d misconceptions; want 1, 2, 4 or more", lang, l.Slug, predict, check, causes)
			}
		}
	}
}

// TestNumbersOfTheCurriculum looks up answers and numbers that the course is known for. Sources: the golden counts and,
// for the 1×1 bottleneck, the arithmetic of the lecture notes.
func TestNumbersOfTheCurriculum(t *testing.T) {
	lib := load(t)
	answers := map[string]string{
		"arch/lenet/c1-params":               "156",
		"arch/lenet/c3-params":               "2,416",
		"arch/alexnet/conv2-params":          "307,456",
		"arch/vgg/count-layers":              "16",
		"arch/vgg/stack-of-two":              "10",
		"arch/googlenet/naive-depth":         "416",
		"arch/googlenet/total-loss":          "2.5",
		"arch/resnet/waist-weights":          "69,632",
		"arch/resnet/skip-params":            "0",
		"arch/mobilenet/separable-weights":   "2,336",
		"arch/densenet/fourth-layer":         "160",
		"arch/densenet/block-connections":    "78",
		"arch/densenet/first-layer-params":   "45,440",
		"arch/efficientnet/round-channels":   "48",
		"lab/bottleneck/bottleneck-weights":  "9,728",
		"lab/bottleneck/largest-saving":      "30",
		"lab/bottleneck/five-branch":         "15,872",
		"arch/efficientnet/gate-values":      "96",
		"arch/googlenet/five-padding":        "2",
		"arch/resnet/derivative":             "1",
		"arch/lenet/s2-params":               "0",
		"arch/mobilenet/half-picture":        "The work falls to about a quarter, the parameters stay",
		"arch/resnet/bn-gradients":           "Not necessarily; in the paper they were healthy",
		"arch/resnet/training-error":         "The deeper one",
		"lab/bottleneck/may-be-31":           "No",
		"lab/bottleneck/map-memory":          "More, because there is one more map",
		"arch/alexnet/where-parameters":      "In the dense layers",
		"arch/densenet/less-memory":          "DenseNet-121",
		"arch/efficientnet/which-letter":     "φ",
		"arch/googlenet/which-parts":         "The main one only",
		"arch/vgg/sees-more":                 "Both see the same, the 7×7 costs more",
		"arch/mobilenet/depthwise-share":     "A few percent",
		"lab/bottleneck/cheapest-rung":       "A depthwise separable convolution",
		"arch/lenet/larger-input":            "Nothing",
		"arch/resnet/two-curves":             "First overfitting, then degradation",
		"arch/resnet/f-is-zero":              "What came over the shortcut",
		"arch/densenet/still-readable":       "Joining",
		"arch/mobilenet/which-inputs":        "Nine, all from one channel",
		"arch/efficientnet/twice-resolution": "4",
		"arch/efficientnet/twice-width":      "4",
		"arch/efficientnet/inverted":         "In the middle",
		"arch/vgg/two-for-five":              "28,672",
		"arch/vgg/pool-params":               "0",
		"arch/alexnet/relu-value":            "0",
		"arch/googlenet/what-changes":        "The depth",
		"arch/lenet/reconcile":               "C3 sees all inputs",
		"arch/resnet/which-removable":        "All but the first of each stage",
		"arch/lenet/most-parameters":         "C5, because it sees most channels and makes most",
		"arch/densenet/transition-does":      "The 1×1 halves the channels, the pooling halves width and height",
		"arch/resnet/beat-humans":            "An ensemble of them, on this test, against one trained annotator",
		"lab/bottleneck/twice-output":        "Up, but barely",
		"lab/bottleneck/half-the-channels":   "They stay recognisable, and their error is less than half",
		"lab/bottleneck/sees-what":           "One pixel of all channels",
		"arch/alexnet/half-stride":           "Weights as before, multiplications about four times as many",
		"arch/alexnet/which-one":             "Both: these are two networks under one name",
		"arch/alexnet/dropout-test":          "Nothing",
		"arch/mobilenet/half-time":           "Not necessarily",
		"arch/mobilenet/half-width":          "The dense layer shrinks only on one side",
		"arch/googlenet/strongest":           "That depends on the picture and on the weights",
		"arch/googlenet/free-branch":         "The pooling",
		"arch/efficientnet/spend":            "A sharper picture",
	}
	for _, l := range lib.Book("en").Lessons {
		for _, s := range l.Steps {
			for _, q := range s.Questions() {
				key := fmt.Sprintf("%s/%s/%s", l.Kind, l.Slug, q.ID)
				if got := lessons.Plain(q.Choices[q.Right()].Label); got != answers[key] {
					t.Errorf("%s: right answer %q, want %q", key, got, answers[key])
				}
				delete(answers, key)
			}
		}
	}
	for key := range answers {
		t.Errorf("there is no question %s", key)
	}
}

func TestTextShowsComputedNumbers(t *testing.T) {
	lib := load(t)
	for _, c := range []struct {
		kind       lessons.Kind
		slug, step string
		want       []string
	}{
		{lessons.ArchLesson, "lenet", "counts", []string{"60,000", "61,706"}},
		{lessons.ArchLesson, "alexnet", "later", []string{"60,965,224", "96.2%"}},
		{lessons.ArchLesson, "vgg", "bills", []string{"102,764,544", "74.3%", "99.2%"}},
		{lessons.ArchLesson, "googlenet", "variants", []string{"6,998,552", "6,624,904", "715", "379"}},
		{lessons.ArchLesson, "resnet", "degradation", []string{"27.94%", "28.54%", "27.88%", "25.03%"}},
		{lessons.ArchLesson, "resnet", "vanishing", []string{"1.1·10⁻⁸"}},
		{lessons.ArchLesson, "resnet", "projection", []string{"131,072", "10.9%", "3.86\u00a0G", "4.09\u00a0G"}},
		{lessons.ArchLesson, "mobilenet", "cost", []string{"4,231,976", "569\u00a0M", "8.6"}},
		{lessons.ArchLesson, "densenet", "transition", []string{"256", "128", "0.31"}},
		{lessons.ArchLesson, "efficientnet", "family", []string{"12.5", "97.8"}},
		{lessons.LabLesson, "bottleneck", "breakeven", []string{"18,432", "18,240", "18,848", "608", "30.3", "31.1"}},
		{lessons.LabLesson, "bottleneck", "module", []string{"163,328", "387,072", "416"}},
	} {
		for _, lang := range lessons.Langs {
			s, _, ok := lib.Book(lang).Lesson(c.kind, c.slug).Step(c.step)
			if !ok {
				t.Errorf("%s/%s has no step %s", lang, c.slug, c.step)
				continue
			}
			var text strings.Builder
			lessons.WalkBlocks(s.Blocks, func(x []lessons.Inline) { text.WriteString(lessons.Plain(x) + "\n") })
			for _, w := range c.want {
				if !strings.Contains(text.String(), w) {
					t.Errorf("%s/%s, step %s does not show %q:\n%s", lang, c.slug, c.step, w, text.String())
				}
			}
		}
	}
}

// TestGlossaryIsUsed: an entry that no text links to is either missing a link or not needed; the basic words below stand
// in the interface.
func TestGlossaryIsUsed(t *testing.T) {
	book := load(t).Book("en")
	used := map[string]bool{}
	for _, id := range strings.Fields("activation-map activation-function depth pooling main-classifier vanishing-gradient loss skip-connection identity-mapping batch-normalisation response-normalisation transfer-learning pretrained-model") {
		used[id] = true
	}
	for _, l := range book.Lessons {
		blocks := slices.Clone(l.Lead)
		for _, s := range l.Steps {
			blocks = append(blocks, s.Blocks...)
		}
		for _, term := range lessons.TermsOf(blocks) {
			used[term.ID] = true
		}
	}
	for _, term := range book.Glossary {
		if !used[term.ID] {
			t.Errorf("no lesson links to the glossary entry %s", term.ID)
		}
	}
}
