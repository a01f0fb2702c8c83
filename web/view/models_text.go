package view

// Rich is running text with marked parts.
type Rich []Span

// SpanKind says how a part of a text is marked.
type SpanKind int

// The kinds of a span.
const (
	SpanText   SpanKind = iota
	SpanStrong          // Inner or Text
	SpanEmph            // Inner or Text
	SpanCode            // a name from the program, a path
	SpanNumber          // a computed value; Title shows how it is made, URL leads there
	SpanTerm            // a glossary entry; Title is the definition
	SpanRef             // selects a part of the diagram; Op colours it
	SpanCite            // a citation; Title is the full reference
	SpanLink            // leads elsewhere
	SpanMath            // Markup is MathML, Title the same in words
	SpanBox             // a coloured factor of a formula; Op colours it
	SpanSub             // lowered
	SpanSup             // raised
)

// Span is a part of a text.
type Span struct {
	Kind   SpanKind
	Text   string
	Inner  Rich
	URL    string
	Op     Op
	Title  string
	Markup string
	Lang   string // language of the text where it differs from the page's
}

// T makes a text of one plain part.
func T(s string) Rich { return Rich{{Text: s}} }

// Block is one part of a lesson step, in reading order. The types below are all there are.
type Block interface{ viewBlock() }

// Paragraph is running text.
type Paragraph struct{ Text Rich }

// List is a flat list.
type List struct {
	Ordered bool
	Items   []Rich
}

// RichTable is a table whose cells are running text.
type RichTable struct {
	Head []Rich
	Rows [][]Rich
}

// Equation is one or more displayed formulas.
type Equation struct{ Lines []EquationLine }

// EquationLine is a formula, as MathML or as coloured parts, with an optional word beside it ("forward").
type EquationLine struct {
	MathML string
	Parts  Rich // used when MathML is empty
	Label  string
}

// Note sets right a statement of the lecture notes: what they say, what the source says, how to try it.
type Note struct{ Notes, Source, Try Rich }

// Figure is a picture of a lesson: exactly one of Chart, Diagram, Stack and Image is set.
type Figure struct {
	Chart    *Chart
	Diagram  *Diagram
	Tiles    []Tile
	Nets     []FigureNet
	Grid     *MarkGrid
	ImageURL string
	Alt      string
	Caption  Rich
	URL      string // where the figure leads; may be empty
	Files    []Link // the figure as a file
}

// FigureNet is a network of a figure that compares shapes. The silhouettes of one figure share a scale.
type FigureNet struct {
	Name, URL  string
	Silhouette Silhouette
	Arcs       []Arc
}

// MarkGrid says for every row which columns it goes with.
type MarkGrid struct {
	Corner        string // "S2 \\ C3"
	Columns, Rows []string
	Marks         [][]bool // rows × columns
}

// LabLink leads to a lab.
type LabLink struct{ Title, Text, URL string }

// Question asks; each choice is a button that sends its value, so that the answer is in the address.
type Question struct {
	ID      string
	Prompt  Rich
	Action  string  // where the form goes (GET)
	Fields  []Field // the rest of the page's state
	Name    string  // of the answer's field
	Choices []Choice
	Numeric bool   // ask for a number instead of a choice
	Value   string // what was entered
	Predict bool   // asked before the reveal: "no idea yet" is offered, nothing counts as wrong
	// Verdict explains after an answer; Right tells its tone. Both empty before.
	Verdict Rich
	Right   bool
	Cause   string // the recognised misconception, named; may be empty
}

// Answered reports whether the question shows its verdict.
func (q Question) Answered() bool { return len(q.Verdict) > 0 }

// Choice is one answer of a question.
type Choice struct {
	Label  Rich
	Value  string
	Chosen bool
	Right  bool // shown only once the question is answered
}

func (Paragraph) viewBlock() {}
func (List) viewBlock()      {}
func (RichTable) viewBlock() {}
func (Equation) viewBlock()  {}
func (Note) viewBlock()      {}
func (Figure) viewBlock()    {}
func (LabLink) viewBlock()   {}
func (Question) viewBlock()  {}
