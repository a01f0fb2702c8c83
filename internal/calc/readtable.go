package calc

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// tableHeader is the head of every version of Keras's summary, of torchsummary and of torchinfo.
	tableHeader = regexp.MustCompile(`(?m)^.*Layer \(type.*Output Shape.*Param #.*$`)
	nameType    = regexp.MustCompile(`^(.*?)\s*\((\w+)…?\)?$`)
	// kerasName is a layer's name that fills its column, so that its type is cut off.
	kerasName = regexp.MustCompile(`^[A-Za-z_][\w./\-]*…?$`)
	// comment is what R and notebooks print before every line of an answer.
	comment = regexp.MustCompile(`(?m)^[ \t]*#+>?[ \t]?`)
	// torchName is a module of torchsummary ("Conv2d-1") or torchinfo ("├─Conv2d: 1-1", with names "├─Conv2d (conv1): 1-1").
	torchName = regexp.MustCompile(`^[│├└─|\s+\-]*([A-Za-z]\w*)(?: \(\w+\))?(?:-\d+|: [\d\-]+)$`)
	// readsFrom is a layer in "Connected to", without the indices of its output.
	readsFrom = regexp.MustCompile(`([A-Za-z_][\w./\-]*)[\[…]`)
	totalLine = regexp.MustCompile(`(?i)^\s*│?\s*(total params|trainable params|non-trainable params|optimizer params|total mult-adds|input size|forward/backward pass size|params size|estimated total size|model:)`)
	wholes    = regexp.MustCompile(`\d[\d,]*`)
	// torchRow is a row of torchsummary or torchinfo, whose columns do not stand where their headings do.
	torchRow = regexp.MustCompile(`^\s*(\S.*?)\s+(\[[^\]]*\]|--)\s+([\d,]+|--|\(recursive\))$`)
	rule     = regexp.MustCompile(`^[\s_=\-─━┄┏┳┓┡╇┩├┼┤└┴┘┌┬┐╞╪╡]*$`)
)

// tableRow is one layer of a table, its wrapped cells put together.
type tableRow struct {
	line              int
	name, shape, from string
	params            string
}

// readTable reads a summary table, whichever library printed it.
func (p *Paste) readTable(text string) {
	if h := tableHeader.FindString(text); strings.HasPrefix(strings.TrimSpace(h), "#") {
		text = comment.ReplaceAllString(text, "")
	}
	lines := strings.Split(text, "\n")
	head := 0
	for !tableHeader.MatchString(lines[head]) {
		if t := strings.TrimSpace(lines[head]); !rule.MatchString(t) && !totalLine.MatchString(t) {
			p.unknown(head+1, lines[head])
		}
		head++
	}
	var rows []tableRow
	if strings.ContainsAny(lines[head], "┃│") {
		rows = p.boxRows(lines, head)
	} else {
		rows = p.columnRows(lines, head)
	}
	if strings.Contains(lines[head], "(type:depth-idx)") || len(rows) > 0 && torchName.MatchString(strings.TrimSpace(rows[0].name)) {
		p.Format = TorchTable
		p.torchTable(rows)
		return
	}
	p.Format = KerasTable
	p.keras(rows, strings.Contains(lines[head], "Connected to"))
}

// total remembers what the text says about all parameters. ok is false for a line that says nothing of the kind.
func (p *Paste) total(line string) bool {
	m := totalLine.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	if strings.EqualFold(m[1], "total params") {
		if n, ok := whole64(line[len(m[0]):]); ok {
			p.note("stated", n)
		}
	}
	return true
}

// whole64 is the first whole number of a text, commas allowed.
func whole64(s string) (int64, bool) {
	v, err := strconv.ParseInt(strings.ReplaceAll(wholes.FindString(s), ",", ""), 10, 64)
	return v, err == nil
}

// boxRows reads the tables that Keras 3 draws with lines: a rule ends a row, so cells may have several lines.
func (p *Paste) boxRows(lines []string, head int) []tableRow {
	var out []tableRow
	fresh := true
	for i := head + 1; i < len(lines); i++ {
		t := strings.TrimSpace(lines[i])
		if rule.MatchString(t) {
			fresh = true
			continue
		}
		if !strings.HasPrefix(t, "│") {
			if !p.total(t) {
				p.unknown(i+1, t)
			}
			continue
		}
		cells := strings.Split(strings.Trim(t, "│"), "│")
		if len(cells) < 3 {
			p.unknown(i+1, t)
			continue
		}
		if fresh {
			out = append(out, tableRow{line: i + 1})
			fresh = false
		}
		r := &out[len(out)-1]
		r.name = joinCell(r.name, cells[0], " ")
		r.shape = joinCell(r.shape, cells[1], " ")
		r.params = joinCell(r.params, cells[2], "")
		if len(cells) > 3 {
			r.from = joinCell(r.from, cells[3], " ")
		}
	}
	return out
}

func joinCell(a, b, sep string) string {
	b = strings.TrimSpace(b)
	if a == "" || b == "" {
		return a + b
	}
	return a + sep + b
}

// columnRows reads the tables that align their columns with spaces. A line without a parameter count continues the row
// above it: its cells were too long for their columns.
func (p *Paste) columnRows(lines []string, head int) []tableRow {
	h := []rune(lines[head])
	at := [4]int{0, runeIndex(h, "Output Shape"), runeIndex(h, "Param #"), len(h) + 1000}
	if c := runeIndex(h, "Connected to"); c > 0 {
		at[3] = c
	}
	var out []tableRow
	ended := false
	for i := head + 1; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " ")
		switch m := torchRow.FindStringSubmatch(line); {
		case rule.MatchString(line):
			continue
		case totalLine.MatchString(line):
			p.total(strings.TrimSpace(line))
			ended = true
			continue
		case m != nil && torchName.MatchString(m[1]):
			out = append(out, tableRow{line: i + 1, name: m[1], shape: m[2], params: m[3]})
			continue
		}
		r := []rune(line)
		cell := func(a, b int) string { return strings.TrimSpace(string(r[min(a, len(r)):min(b, len(r))])) }
		row := tableRow{i + 1, cell(at[0], at[1]), cell(at[1], at[2]), cell(at[3], len(r)), cell(at[2], at[3])}
		if row.name+row.shape+row.from == "" && row.params == "" {
			continue
		}
		switch {
		case ended:
			p.unknown(i+1, line)
		case wholes.MatchString(row.params) || row.params == "--" || row.params == "(recursive)":
			out = append(out, row)
		case row.params == "" && len(out) > 0 && (row.name == "" || !strings.HasSuffix(out[len(out)-1].name, ")")):
			last := &out[len(out)-1]
			last.name += row.name
			last.shape += row.shape
			last.from = joinCell(last.from, row.from, "")
		default:
			p.unknown(i+1, line)
		}
	}
	return out
}

func runeIndex(h []rune, s string) int {
	if i := strings.Index(string(h), s); i >= 0 {
		return len([]rune(string(h)[:i]))
	}
	return -1
}

// torchTable counts the modules of torchsummary and torchinfo. Their tables do not tell the wiring.
func (p *Paste) torchTable(rows []tableRow) {
	for _, r := range rows {
		m := torchName.FindStringSubmatch(strings.TrimSpace(r.name))
		if m == nil {
			p.unknown(r.line, r.name+" "+r.shape)
			continue
		}
		n, ok := whole64(r.params)
		if !ok { // a container, or a module that was counted before
			continue
		}
		p.count(r.line, "", m[1], n, 0)
	}
	p.settle()
	p.note("params_only")
}

// settle compares the sum of the lines with the total that the text states.
func (p *Paste) settle() {
	kept := p.Notes[:0]
	for _, n := range p.Notes {
		if n.Code != "stated" {
			kept = append(kept, n)
			continue
		}
		if said := n.Args[0].(int64); said != p.Params+p.Buffers {
			kept = append(kept, Message{"total_differs", []any{p.Params + p.Buffers, said}})
		}
	}
	p.Notes = kept
}
