package view

// ModelsPage is the networks and their weights.
type ModelsPage struct {
	Page
	Rows   []ModelRow
	Stored string // how weights come here
	Notice *Notice
}

// ModelRow is one set of weights, or a network without any.
type ModelRow struct {
	ID         string
	Name       string
	URL        string
	Silhouette Silhouette
	Badge      Badge
	Status     string // beside the badge
	Pull       *PullProgress
	Size       string
	TrainedOn  string
	Title      string // source, licence, digest
	Actions    []Action
	Facts      []Fact // unfolded: source, licence, SHA-256, preprocessing
}

// PullProgress is a running download.
type PullProgress struct {
	Percent float64
	Text    string // "62 / 102 MB · 12 s left"
	Label   string // "61%"
}

// PresentPage is the presenter's screen: one sentence, one picture.
type PresentPage struct {
	Page
	Network   string
	Weights   Badge // what the maps come from
	StepText  string
	Following string // "28 follow"
	Heading   string
	Stages    []PresentStage
	Body      []Block // in place of Stages
	Code      *QR
	Join      string // "Follow on your phone"
	Address   string // "192.168.0.12:8080/c/7K2"
	Steps     []LessonStep
	Current   int
	PrevURL   string
	NextURL   string
	EndURL    string
}

// PresentStage is one picture of the presenter's row.
type PresentStage struct {
	Photo    string
	Tile     Tile
	Size     float64
	Name     string
	Shape    string
	Selected bool
	URL      string
}

// PrintPage is a lesson as a document, for paper and PDF.
type PrintPage struct {
	Page
	Heading  string
	Weights  Badge // what the maps come from
	Lead     []Block
	Facts    []Fact
	Overview Overview
	Steps    []PrintStep
	Layers   []LayerGroup
	Columns  []string
	Totals   []Fact
	Answers  []Fact
	Refs     []RefRow
	Code     *QR
	Address  string
}

// PrintStep is one step with its figure.
type PrintStep struct {
	Title   string
	Blocks  []Block
	Diagram *Diagram
	Code    *QR
}

// DiffPage is paper against weights: two columns for every difference.
type DiffPage struct {
	Page
	Crumbs  []Link
	Heading string
	Left    string
	Right   string
	Rows    []DiffRow
	Totals  []DiffRow
	Note    Rich
	CSVURL  string // the same as a table; "" leaves the link out
}

// DiffRow is one difference and its effect.
type DiffRow struct {
	Name        string
	Left, Right string
	Effect      []Fact
	URL         string
}
