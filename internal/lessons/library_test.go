package lessons

import (
	"errors"
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	lib, err := Load(files(nil), fakeNets{})
	if err != nil {
		t.Fatal(err)
	}
	ko := lib.Book("ko")
	if l := ko.Lesson(ArchLesson, "test"); l == nil || l.Lang != "ko" || l.Steps[0].Title != "하나" {
		t.Errorf("Korean lesson: got %+v", l)
	}
	term := ko.Term("residual")
	if term.Name != "잔차" || term.English != "residual" || term.Also[0] != "나머지" || term.Avoid != "오차" || Plain(term.Definition) != "모자란 만큼입니다." {
		t.Errorf("term: got %+v", term)
	}
	if m := lib.Book("en").Misconception("M18"); m == nil || m.Text != "calls it overfitting" {
		t.Errorf("misconception: got %+v", m)
	}
	if n := len(ko.Of(LabLesson)); n != 1 {
		t.Errorf("labs: got %d, want 1", n)
	}
	if got, want := lib.References[0].URL(), "https://arxiv.org/abs/1512.03385"; got != want {
		t.Errorf("URL: got %s, want %s", got, want)
	}
	if lib.Book("fr") != nil || ko.Lesson(Page, "test") != nil || ko.Term("x") != nil {
		t.Error("something was found that does not exist")
	}
}

// countingNets counts the questions that reach the resolver.
type countingNets struct {
	fakeNets
	asked map[string]int
}

func (c countingNets) Quantity(arch, path string, q Quantity) (Value, error) {
	c.asked[arch+" "+path+" "+string(q)]++
	return c.fakeNets.Quantity(arch, path, q)
}

func (c countingNets) Node(arch, path string) (NodeInfo, error) {
	c.asked[arch+" "+path]++
	return c.fakeNets.Node(arch, path)
}

func TestLoadAsksOnce(t *testing.T) {
	body := "## A {#one}\n{{number params node=conv1}} {{number params node=conv1}} {{ref node=conv1 | x}}\n"
	c := countingNets{asked: map[string]int{}}
	if _, err := Load(files(map[string]string{"en/arch/test.md": frontMatter + body, "ko/arch/test.md": frontMatter + body}), c); err != nil {
		t.Fatal(err)
	}
	if len(c.asked) == 0 {
		t.Error("nothing was asked")
	}
	for q, n := range c.asked {
		if n != 1 {
			t.Errorf("%q was asked %d times, want once", q, n)
		}
	}
}

func TestLoadComparesLanguages(t *testing.T) {
	korean := func(body string) map[string]string { return map[string]string{"ko/arch/test.md": frontMatter + body} }
	for _, c := range []struct {
		name string
		over map[string]string
		want string
	}{
		{"missing lesson", map[string]string{"ko/arch/test.md": ""}, "ko/arch: "},
		{"missing term", map[string]string{"ko/glossary.md": "## other\nterm: x\nText.\n"}, `ko: glossary entry "residual" exists in another language but not here`},
		{"missing misconception", map[string]string{"ko/misconceptions.md": "M01: x\n"}, `ko: misconception "M18"`},
		{"steps", korean("## 하나 {#one}\n글.\n## 둘 {#two}\n글.\n"), "ko/arch/test.md: 2 steps, in en 1"},
		{"step id", korean("## 하나 {#eins}\n글.\n"), `step eins: "eins" does not stand; "one" stands only in en`},
		{"directive", korean("## 하나 {#one}\n{{number params}}입니다.\n"), `ko/arch/test.md:7: step one: "number params" does not stand in en`},
		{"front matter", map[string]string{"ko/arch/test.md": strings.Replace(frontMatter, "order: 1", "order: 2", 1) + "## 하나 {#one}\n글.\n"}, "ko/arch/test.md:1: front matter differs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(files(c.over), fakeNets{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestLoadAllowsWordOrder: directives of a step may change places, and texts and labels may differ.
func TestLoadAllowsWordOrder(t *testing.T) {
	over := map[string]string{
		"en/arch/test.md": frontMatter + "## One {#one short=\"first\"}\n{{number params}} of {{ref node=conv1 | the layer}}.\n{{eq e}}\nx = \\text{one} :: word\n{{end}}\n",
		"ko/arch/test.md": frontMatter + "## 하나 {#one short=\"처음\"}\n{{ref node=conv1 | 층}}에 {{number params}}개.\n{{eq e}}\nx = \\text{하나} :: 말\n{{end}}\n",
	}
	if _, err := Load(files(over), fakeNets{}); err != nil {
		t.Error(err)
	}
}

func TestLoadBadSources(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"not JSON", "references.json", "{", "references.json: "},
		{"unknown field", "references.json", `[{"id":"a","colour":"red"}]`, "unknown field"},
		{"no title", "references.json", `[{"id":"a","short":"A","authors":"A","year":2000,"venue":"V"}]`, "are needed"},
		{"bad page", "references.json", `[{"id":"a","short":"A","authors":"A","year":2000,"venue":"V","title":"T","page":"javascript:x"}]`, "not an https address"},
		{"result without source", "results.json", `[{"id":"r","value":"1","source":"nobody","where":"table=1","what":{"en":"a","ko":"b"}}]`, `there is no reference "nobody"`},
		{"result in one language", "results.json", `[{"id":"r","value":"1","source":"he2015","where":"table=1","what":{"en":"a"}}]`, `missing in "ko"`},
		{"result nowhere", "results.json", `[{"id":"r","value":"1","source":"he2015","where":"page=1","what":{"en":"a","ko":"b"}}]`, "there is no place"},
		{"glossary without definition", "en/glossary.md", "## residual\nterm: residual\n", "needs a term and a definition"},
		{"misconception form", "en/misconceptions.md", "M1 x\n", "en/misconceptions.md:1: write"},
		{"file name", "en/arch/Test_1.md", frontMatter + "## A {#one}\n", "file's name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(files(map[string]string{c.file: c.text}), fakeNets{})
			var probs Problems
			if !errors.As(err, &probs) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}
