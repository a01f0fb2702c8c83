package view

// CalcPage is the calculator: a stack of layers with every shape and count. All edits are submit buttons of one form.
type CalcPage struct {
	Page
	Action    string // POST or GET of the whole form
	Method    string
	Fields    []Field
	Start     Select
	UndoURL   string // takes the last edit back; "" when there is none
	Export    Select // forms beside CSV and JSON
	ShareURL  string
	CSVURL    string
	JSONURL   string
	Rows      []CalcRow
	Add       []CalcAdd
	Totals    []Fact // the first is shown large
	Reckoning *ReckoningBox
	Selected  *CalcDetail
	Shares    []ShareRow
	Paste     PasteModel
	Empty     []Action // starters when there are no rows
	Notice    *Notice
}

// CalcRow is one layer.
type CalcRow struct {
	Index    int
	Address  string // of the button that selects the row, or leaves it
	Depth    int    // indentation inside skips and branches
	Op       Op
	Name     string
	Inputs   []CalcInput
	Shape    string
	Params   string
	MACs     string
	Field    string     // receptive field
	Menu     []CalcMenu // nothing for rows that stay where they are: the input, the head of a path
	Selected bool
	Error    string // a row that cannot work: one sentence
	Fixes    []CalcFix
}

// CalcInput is a setting of a layer: a number or a size, or one of a few choices.
type CalcInput struct {
	Name    string // of the form field
	Label   string // "kernel"
	Value   string
	Options []CalcChoice
	Invalid bool
}

// CalcChoice is a value of a setting.
type CalcChoice struct{ Value, Label string }

// CalcMenu is something that can be done with a row as a whole.
type CalcMenu struct {
	Label string
	Value string // of the button "do"
	Key   string // "up", "down", "del": it has a key too
}

// CalcFix repairs a row.
type CalcFix struct{ Label, Name, Value string }

// CalcAdd is a button that appends a layer.
type CalcAdd struct {
	Op    Op
	Label string
	Name  string
	Value string
}

// CalcDetail is the arithmetic of the selected row.
type CalcDetail struct {
	Op    Op
	Title string
	Lines []Rich
	Note  string
}

// ShareRow is one layer's share of the parameters.
type ShareRow struct {
	Label   string
	Op      Op
	Percent float64
	Text    string
}

// PasteModel reads layers from pasted text.
type PasteModel struct {
	Action  string
	Text    string
	Example string
	Open    bool
	Note    string
	Unknown []string // lines that were not understood
}
