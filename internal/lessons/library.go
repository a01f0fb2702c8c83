package lessons

import (
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Langs are the languages of the content. Every text exists in all of them or not at all.
var Langs = []string{"en", "ko"}

// Library is the whole content in all languages. It is immutable.
type Library struct {
	// References and Results in the order of their files.
	References []*Reference
	Results    []*Result

	books map[string]*Book
}

// Book is the content in one language.
type Book struct {
	Lang string
	// Lessons in their order, of all kinds.
	Lessons        []*Lesson
	Glossary       []*Term // in the order of the file
	Misconceptions []*Misconception

	lessons        map[string]*Lesson
	terms          map[string]*Term
	references     map[string]*Reference
	results        map[string]*Result
	misconceptions map[string]*Misconception
}

// Load reads and checks the content:
//
//	references.json  results.json
//	<lang>/glossary.md  <lang>/misconceptions.md  <lang>/arch/*.md  <lang>/lab/*.md  <lang>/*.md
//
// The error is of type Problems and lists everything that is wrong with file and line.
func Load(fsys fs.FS, r Resolver) (*Library, error) {
	var probs Problems
	lib := &Library{books: map[string]*Book{}}
	refs, results := lib.sources(fsys, &probs)
	r = newMemo(r)
	for _, lang := range Langs {
		b := &Book{Lang: lang, lessons: map[string]*Lesson{}, terms: map[string]*Term{}, misconceptions: map[string]*Misconception{}, references: refs, results: results}
		lib.books[lang] = b
		l := loader{fsys: fsys, res: r, book: b, probs: &probs}
		l.load()
	}
	lib.compare(&probs)
	if err := probs.err(); err != nil {
		return nil, err
	}
	return lib, nil
}

// Book gives the content in a language; nil for a language that does not exist.
func (l *Library) Book(lang string) *Book { return l.books[lang] }

// Lesson finds a lesson, or nil.
func (b *Book) Lesson(k Kind, slug string) *Lesson { return b.lessons[lessonKey(k, slug)] }

// Term finds a glossary entry, or nil.
func (b *Book) Term(id string) *Term { return b.terms[id] }

// Misconception finds one by its code, or nil.
func (b *Book) Misconception(code string) *Misconception { return b.misconceptions[code] }

// Of lists the lessons of a kind in their order.
func (b *Book) Of(k Kind) []*Lesson {
	var out []*Lesson
	for _, l := range b.Lessons {
		if l.Kind == k {
			out = append(out, l)
		}
	}
	return out
}

func lessonKey(k Kind, slug string) string { return string(k) + "/" + slug }

// sources reads the bibliography and the published results.
func (l *Library) sources(fsys fs.FS, probs *Problems) (map[string]*Reference, map[string]*Result) {
	refs, results := map[string]*Reference{}, map[string]*Result{}
	data, err := fs.ReadFile(fsys, "references.json")
	if err == nil {
		l.References, err = readReferences(data)
	}
	if err != nil {
		probs.add("references.json", 0, "%v", err)
	}
	for _, r := range l.References {
		refs[r.ID] = r
	}
	data, err = fs.ReadFile(fsys, "results.json")
	if err == nil {
		l.Results, err = readResults(data, refs, Langs)
	}
	if err != nil {
		probs.add("results.json", 0, "%v", err)
	}
	for _, r := range l.Results {
		results[r.ID] = r
	}
	return refs, results
}

// loader fills one book.
type loader struct {
	fsys  fs.FS
	res   Resolver
	book  *Book
	probs *Problems
}

func (l *loader) read(name string) (string, bool) {
	data, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		l.probs.add(name, 0, "%v", err)
		return "", false
	}
	return string(data), true
}

func (l *loader) problems(file string) func(int, string, ...any) {
	return func(line int, format string, args ...any) { l.probs.add(file, line, format, args...) }
}

func (l *loader) load() {
	name := l.book.Lang + "/misconceptions.md"
	if text, ok := l.read(name); ok {
		l.book.Misconceptions = readMisconceptions(text, l.problems(name))
	}
	for _, m := range l.book.Misconceptions {
		l.book.misconceptions[m.Code] = m
	}
	l.glossary()
	for _, kind := range []Kind{ArchLesson, LabLesson, Page} {
		dir := path.Join(l.book.Lang, string(kind))
		if kind == Page {
			dir = l.book.Lang
		}
		l.folder(kind, dir)
	}
	sort.SliceStable(l.book.Lessons, func(i, j int) bool { return l.book.Lessons[i].Order < l.book.Lessons[j].Order })
}

func (l *loader) glossary() {
	name := l.book.Lang + "/glossary.md"
	text, ok := l.read(name)
	if !ok {
		return
	}
	sources := readGlossary(text, l.problems(name))
	for _, s := range sources {
		if l.book.terms[s.term.ID] != nil {
			l.probs.add(name, s.line, "glossary entry %q is given twice", s.term.ID)
		}
		l.book.terms[s.term.ID] = s.term
		l.book.Glossary = append(l.book.Glossary, s.term)
	}
	b := &builder{book: l.book, res: l.res, md: newMarkdown(), file: name, probs: l.probs}
	for _, s := range sources {
		s.term.Definition = b.inlines(s.line, s.text)
	}
}

func (l *loader) folder(kind Kind, dir string) {
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		l.probs.add(dir, 0, "%v", err)
		return
	}
	for _, e := range entries {
		slug, isMarkdown := strings.CutSuffix(e.Name(), ".md")
		if !isMarkdown || e.IsDir() || kind == Page && (slug == "glossary" || slug == "misconceptions") {
			continue
		}
		name := path.Join(dir, e.Name())
		text, ok := l.read(name)
		if !ok {
			continue
		}
		lesson := l.lesson(name, text)
		lesson.Kind, lesson.Slug = kind, slug
		if !isID(slug) {
			l.probs.add(name, 0, "the file's name is not of the form a-b-1")
		}
		l.book.Lessons = append(l.book.Lessons, lesson)
		l.book.lessons[lessonKey(kind, slug)] = lesson
	}
}

// lesson builds one file.
func (l *loader) lesson(name, text string) *Lesson {
	src := parseSource(text, l.problems(name))
	b := &builder{book: l.book, res: l.res, md: newMarkdown(), file: name, probs: l.probs}
	lesson := l.front(b, src.front)
	lesson.Lead = b.blocks(src.lead)
	lesson.leadSigs = b.lead
	ids := map[string]bool{}
	for _, s := range src.steps {
		step := &Step{line: s.line}
		b.step = step
		b.stepHead(step, s)
		if id := step.ID; id != "" && ids[id] {
			b.problem(s.line, "step %q is given twice", id)
		}
		ids[step.ID] = true
		step.Blocks = b.blocks(s.chunks)
		lesson.Steps = append(lesson.Steps, step)
	}
	lesson.citeSources()
	b.uniqueQuestions(lesson)
	b.variants(lesson)
	return lesson
}

// stepHead reads the title and the attributes of a step.
func (b *builder) stepHead(step *Step, s stepSource) {
	b.digits(s.line, s.title)
	b.sign(s.attrs.signature())
	step.ID, step.Title, step.Channel = s.attrs.name, s.title, -1
	step.Short = s.attrs.attrs["short"]
	if step.Short == "" {
		step.Short = step.Title
	}
	step.Arch, step.Node = b.archOf(s.attrs), s.attrs.attrs["node"]
	step.Focus = listOf(s.attrs.attrs["focus"])
	for _, p := range step.Focus {
		if _, err := b.node(s.line, step.Arch, p); err != nil {
			b.problem(s.line, "focus: %v", err)
		}
	}
	if step.Node == "" {
		return
	}
	_, err := b.node(s.line, step.Arch, step.Node)
	if err == nil {
		step.Channel, err = b.channel(step.Arch, step.Node, s.attrs.attrs["channel"])
	}
	if err != nil {
		b.problem(s.line, "step: %v", err)
	}
}

// uniqueQuestions makes sure that answers can be told apart by question.
func (b *builder) uniqueQuestions(l *Lesson) {
	ids := map[string]bool{}
	for _, s := range l.Steps {
		for _, q := range s.Questions() {
			if ids[q.ID] {
				b.problem(s.line, "question %q is given twice", q.ID)
			}
			ids[q.ID] = true
		}
	}
}

// variants checks that every path of the lesson exists in the architectures it promises.
func (b *builder) variants(l *Lesson) {
	for _, v := range l.Variants {
		for _, use := range b.nodes {
			there, _ := l.Path(v, use.path)
			if _, err := b.res.Node(v, there); err != nil {
				b.problem(use.line, "variant %s: %v; translate it in the front matter, paths.%s: %s=…", v, err, v, use.path)
			}
		}
	}
}
