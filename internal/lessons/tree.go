package lessons

// Block is one part of a step, in reading order. The types below are all there are.
type Block interface{ block() }

// Paragraph is running text.
type Paragraph struct{ Text []Inline }

// List is a flat list; an item is one paragraph.
type List struct {
	Ordered bool
	Items   [][]Inline
}

// Table has one header row. Cells are running text.
type Table struct {
	Head []Cell
	Rows [][]Cell
}

// Cell is the text of one table cell.
type Cell = []Inline

// Equation is one or more displayed formulas.
type Equation struct {
	ID    string
	Lines []EquationLine
}

// EquationLine is one formula with an optional word beside it ("forward").
type EquationLine struct {
	Formula
	Label string
}

// Formula is a formula in three forms: MathML for the page (safe to insert as it is; a displayed one in several parts), the TeX it was written in, and the
// same as words for a screen reader or a plain-text export.
type Formula struct{ MathML, TeX, Plain string }

// Note sets right a statement of the lecture notes: what they say, what the source says, how to test it here.
type Note struct {
	ID                 string
	Notes, Source, Try []Inline
}

// Figure is a picture that the page draws by its identifier.
type Figure struct {
	ID      string
	Archs   []string
	Attrs   map[string]string // further attributes, as written
	Caption []Inline
}

// Activation is a map of the current picture at a node. Channel is −1 for all channels.
type Activation struct {
	Arch, Node string
	Channel    int
	Caption    []Inline
}

// Diagram is the part of a graph between two nodes, both included.
type Diagram struct {
	Arch, From, To string
	Caption        []Inline
}

// LabLink leads to a lab.
type LabLink struct {
	Slug string
	Text []Inline
}

func (Paragraph) block()  {}
func (List) block()       {}
func (Table) block()      {}
func (Equation) block()   {}
func (Note) block()       {}
func (Question) block()   {}
func (Figure) block()     {}
func (Activation) block() {}
func (Diagram) block()    {}
func (LabLink) block()    {}

// Inline is a part of running text. The types below are all there are.
type Inline interface{ inline() }

// Text is plain text, not HTML: whoever renders it escapes it.
type Text string

// Strong and Emph mark a stretch of text.
type Strong struct{ Text []Inline }
type Emph struct{ Text []Inline }

// Code is a name from the program: a node path, an option.
type Code string

// Link leads out of the product; URL is https.
type Link struct {
	URL  string
	Text []Inline
}

// Number is a value computed while loading. For a plain quantity Arch, Node and Quantity say what it is, so that a page
// can open its derivation; for an expression Expr does.
type Number struct {
	Text       string // as shown, in the lesson's language
	Value      float64
	Product    string
	Arch, Node string
	Quantity   Quantity
	Expr       string
}

// TermLink is a glossary entry; Term.Definition makes the tooltip.
type TermLink struct {
	Term *Term
	Text string
}

// Ref selects a part of the diagram. Kind is the operation (see NodeInfo) and decides the colour unless Role is set, one
// of the quantity roles such as "r-x".
type Ref struct {
	Arch, Node string
	Kind       string
	Role       string
	Text       []Inline
}

// Cite is a citation: "He et al. 2015, section 4.1".
type Cite struct {
	Reference *Reference
	Locator   string
	Text      string
}

// Math is a formula within a sentence.
type Math struct{ Formula }

// Published is a figure quoted from a paper, with its source.
type Published struct {
	Result *Result
	Text   string
}

func (Text) inline()      {}
func (Strong) inline()    {}
func (Emph) inline()      {}
func (Code) inline()      {}
func (Link) inline()      {}
func (Number) inline()    {}
func (TermLink) inline()  {}
func (Ref) inline()       {}
func (Cite) inline()      {}
func (Math) inline()      {}
func (Published) inline() {}
