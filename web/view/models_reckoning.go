package view

// ReckoningBox explains why others write another number for the same layers.
type ReckoningBox struct {
	Open    bool
	Title   string
	Note    string
	Own     []ReckoningLine // the counts of this page by other conventions
	Ask     *AskFigure
	Figures []Reckoning
}

// AskFigure is the form for a figure that the reader brings.
type AskFigure struct {
	Action string
	Fields []Field
	Label  string
	Value  string
	Button string
	Failed string // why the figure that was asked for has no explanation
}

// Reckoning is how one figure comes about: the lines add up to it.
type Reckoning struct {
	Figure, What  string // "60 million", "parameters"
	Source, Where string
	URL           string // of the source; may be empty
	Note          string
	Lines         []ReckoningLine
}

// ReckoningLine is one summand; Title says more, such as where it comes from, and URL leads to what is counted.
type ReckoningLine struct{ Label, Value, Title, URL string }

// source is whose figure it is and where it stands.
func (r Reckoning) source() string {
	if r.Where == "" {
		return r.Source
	}
	return r.Source + ", " + r.Where
}
