package view

// HomePage is the family: one picture through a network, the lineage of ideas, the labs, three ways to classify.
type HomePage struct {
	Page
	StartURL, OpenURL string // "Start with LeNet", "Open ResNet-50"
	OpenName          string // the network that OpenURL opens
	Flow              Flow
	Family            FamilyTable
	Labs              []LabCard
	CalculatorURL     string
	ClassifyURL       string
	TransferURL       string
	Facts             []BigFact
	Refs              []RefRow
}

// Flow is the current picture on its way through one network.
type Flow struct {
	Picker  ImagePicker
	Stages  []FlowStage
	Network Select // which network
	Preds   []Prediction
	Badge   Badge
	Notice  *Notice // in place of the predictions: untrained weights
	Stream  Stream
}

// FlowStage is one depth of the network.
type FlowStage struct {
	Name  string // "edges, colours"
	Shape string // "64 × 112²"
	URL   string
	Stack Stack
}

// ImagePicker offers samples, upload, camera and drawing. Choosing is a POST to Action that comes back to Return.
type ImagePicker struct {
	Action   string
	Return   string
	Large    string // URL of the current picture, square; "" leaves it out
	LargeAlt string
	Pixels   bool // enlarge without smoothing
	Samples  []Sample
	DrawURL  string
	Notice   *Notice
}

// Sample is a picture that comes with the product.
type Sample struct {
	Name    string // value of the form field "sample"
	Label   string
	URL     string // thumbnail, square
	Current bool
}

// FamilyTable is the lineage: a column per network in the order of years, a row per figure, a row per idea.
type FamilyTable struct {
	Networks []FamilyNetwork
	Rows     []string // headings of the figures: depth, parameters, multiply–adds, top-1
	Ideas    []IdeaLine
	GapAfter int    // index of the network before the quiet years; −1 for none
	Gap      string // "14 quiet years"
	Note     string // what the silhouettes and figures are
	URL      string // compare
}

// FamilyNetwork is a column.
type FamilyNetwork struct {
	Family     Family
	Year       string
	Name       string
	URL        string
	Silhouette Silhouette
	Figures    []FamilyFigure // as many as FamilyTable.Rows
	Idea       string         // its own idea, for the list on a phone
	IdeaOp     Op
}

// FamilyFigure is one number of a network. Unit is a small word after it ("MNIST").
type FamilyFigure struct{ Value, Unit string }

// Silhouette is a network as bars, one per layer: height follows the map's size, width the channels, colour the operation.
type Silhouette struct {
	W, H  float64
	Bars  []Bar
	Label string
}

// IdeaLine is one idea as a line through the networks.
type IdeaLine struct {
	Name  string
	Op    Op
	Stops []IdeaStop // one per network
}

// StopKind says what a network does with an idea.
type StopKind int

// The kinds of stops.
const (
	StopNone       StopKind = iota // before or after the line
	StopPasses                     // the line goes by
	StopUses                       // an open stop
	StopIntroduces                 // a filled stop, with a label
	StopEnds                       // an open stop at which the line ends
	StopOnly                       // introduced here and taken up by none of the others
)

// IdeaStop is one network on an idea's line.
type IdeaStop struct {
	Kind  StopKind
	Label string // beside the filled stop: "H(x) = F(x) + x"
	Title string // one sentence
	URL   string // the lesson step
}

// LabCard is a lab in a list.
type LabCard struct {
	Slug  string // chooses the drawing
	Title string
	Text  string
	URL   string
}

// BigFact is a figure of the ImageNet contest.
type BigFact struct {
	Value, Label string
	Link         *Link
}

// ImagePage chooses the current picture.
type ImagePage struct {
	Page
	Picker  ImagePicker
	Crops   []Crop
	Limits  string // "JPEG, PNG, WebP and GIF, up to 16 MB."
	Keeping string // where an uploaded picture is kept and for how long
	Delete  *Action
}

// Crop shows what a network sees of the picture: the part inside Kept.
type Crop struct {
	URL     string // the whole picture
	W, H    int    // its size in pixels
	Kept    Rect
	Caption string
	SeenURL string // the part as the network gets it
}

// ErrorPage says what happened, what is unchanged, what to do.
type ErrorPage struct {
	Page
	Status  int
	Heading string
	Text    string
	Detail  string // an incident number for the operator; may be empty
	Actions []Action
}

// LimitsPage lists what this server accepts.
type LimitsPage struct {
	Page
	Groups []LimitGroup
}

// LimitGroup is a topic of limits.
type LimitGroup struct {
	Title string
	Rows  []Fact
}

// LearnPage is the glossary, the references and the keyboard.
type LearnPage struct {
	Page
	Lessons  []LabCard
	Terms    []TermRow
	Refs     []RefRow
	KeyLists []KeyList
}

// TermRow is a glossary entry in both languages.
type TermRow struct {
	ID         string
	Term       string // in the page's language
	Other      string // in the other language
	OtherLang  string // "ko" or "en"
	Definition Rich
	Avoid      string
	URL        string
}

// KeyList is a group of keyboard commands.
type KeyList struct {
	Title string
	Rows  []KeyRow
}

// KeyRow is one command.
type KeyRow struct {
	Keys []string
	Does string
}

// ClassesPage is the searchable list of the 1,000 ImageNet classes.
type ClassesPage struct {
	Page
	Action string
	Query  string
	Kind   Select // all, animals, objects
	Count  string
	Rows   []ClassRow
}

// ClassRow is one class.
type ClassRow struct {
	Index     string
	Label     string
	Other     string
	OtherLang string
	Kind      string // "animal", "object", translated
}
