package view

import "github.com/a-h/templ"

// LabsPage lists the labs.
type LabsPage struct {
	Page
	Labs    []LabCard
	Lessons []LabCard // texts without a bench
}

// LabPage is the template of every lab: a claim, a bench, explanations, a question, the neighbours.
type LabPage struct {
	Page
	Crumbs   []Link
	Heading  string // the claim
	Lead     Rich
	Bench    Bench
	Sections []LabSection
	Prev     *Link
	Next     *Link
}

// Bench is the controls of a lab and what they drive. With JavaScript every input redraws the parts marked as live.
type Bench struct {
	ID       string  // of the part that is swapped; "" is "bench"
	Label    string  // of the controls; "" is the general one
	Action   string  // GET
	Fields   []Field // state that no control holds
	Controls []Control
	Note     string
	Reset    *Link
	Stage    templ.Component // BottleneckStage, SkipStage, … or any component
	Files    []Link          // as files
}

// ControlKind says how a control looks.
type ControlKind string

// The kinds of controls.
const (
	ControlRange  ControlKind = "range"
	ControlChoice ControlKind = "choice"
	ControlSelect ControlKind = "select" // of many, in groups
	ControlNote   ControlKind = "note"   // only its label, as small text
	ControlResult ControlKind = "result" // a computed value among the controls
)

// Control is an input of a bench.
type Control struct {
	Kind    ControlKind
	Name    string
	Label   string
	Op      Op
	Min     float64
	Max     float64
	Step    float64
	Value   float64
	Unit    string        // after the number; may be empty
	Options []Choice      // of a choice
	Groups  []ChoiceGroup // of a select
	Text    string        // of a note or result
	Hint    string
}

// ChoiceGroup is options under a heading.
type ChoiceGroup struct {
	Label   string
	Options []PickOption
}

// PickOption is one option of a select.
type PickOption struct {
	Text, Value string
	Chosen      bool
}

// LabSection is a part of a lab under the bench. Exactly the fields that are set are drawn, in this order.
type LabSection struct {
	ID       string
	Heading  string
	Meta     string
	Blocks   []Block
	Question *Question
	Chart    *Chart // beside the text
	Body     templ.Component
	Panel    bool   // on a panel of its own
	Files    []Link // as files
}

// BottleneckStage compares two ways to the same output: volumes to scale, formulas, counts, bars.
type BottleneckStage struct {
	Paths  []VolumePath
	Bars   []ShareBar // one per path, on one scale
	Legend []LegendItem
	Note   string // what the bars are
	Meta   string // "Mult–adds at 28×28: 14.45 M → 7.63 M"
	Scale  string // how the volumes are drawn
}

// VolumePath is one way: volumes with operations between them.
type VolumePath struct {
	Title   string
	Volumes []Volume
	Steps   []string // between the volumes: "3×3"
	Formula Rich
	Value   string // "18,432"
	Unit    string // "parameters", "parameters, 47% fewer"
}

// Volume is a map drawn as a box in parallel projection: a square of cells, as thick as it has channels. A figure draws all
// its volumes to one scale.
type Volume struct {
	Cells, Channels int
	Op              Op
	Shape           string
	Name            string
}

// ShareBar is a bar of coloured parts. Percent values are parts of the widest bar of the figure.
type ShareBar struct {
	Label string
	Value string
	Parts []SharePart
	URL   string
}

// SharePart is one part of a bar.
type SharePart struct {
	Percent float64
	Class   string // CSS class of the colour: an Op's or a Family's Class, "seq-1" … "seq-5", "c-ink"
	Label   string
	Title   string
}

// ModuleFigure is an inception module: branches with their maps, and the concat.
type ModuleFigure struct {
	Input    Stack
	Shape    string
	Branches []Branch
	Heads    [3]string  // of With, Without and Saved
	Concat   []ShareBar // the channels of the output, with and without reductions, on one scale
	Name     string     // "concat"
	Meta     string     // totals
	Note     string
}

// Branch is one path through a module.
type Branch struct {
	Pills []Pill // only operation and text are used
	Tiles []Tile
	URL   string
	Count string // of channels
	// With and Without are its weights as it is and without its reduction; Saved is the share that this saves, "" for none.
	With, Without, Saved string
}

// MapRow is a captioned row of tiles.
type MapRow struct {
	Tiles   []Tile
	Name    string
	Caption string
	URL     string // may be empty
}

// RealLayer is a layer of a network and what stands in its place, on the current picture. Without Rows it waits for a run.
type RealLayer struct {
	Stream   Stream
	Notice   *Notice
	Rows     []MapRow // one below the other: map under map
	Scale    string   // how the maps are drawn
	About    string   // whose layer and which picture
	Contract *Link    // the layer as the lab's own contract
	Files    []Link   // the maps as files
	Answers  []Answers
	Charts   []Chart
}

// Answers is what a network takes the picture for.
type Answers struct {
	Title string
	Preds []Prediction
}

// FormTable is the ladder of factorisations: one row per form.
type FormTable struct {
	Head []string
	Rows []FormRow
	Note string
}

// FormRow is one form with its products.
type FormRow struct {
	Name     string
	Terms    Rich
	Cells    []string
	Selected bool
	Percent  float64 // bar of the first count
}
