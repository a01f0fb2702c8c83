package lessons

import (
	"fmt"
	"regexp"
	"strings"
)

// source is a lesson file cut at the level of lines.
type source struct {
	front   map[string]frontLine
	lead    []chunk
	steps   []stepSource
	problem func(line int, format string, args ...any)
}

type frontLine struct {
	value string
	line  int
}

type stepSource struct {
	title  string
	attrs  directive
	line   int
	chunks []chunk
}

// chunk is running Markdown (no directive name), or a directive on its own line with its body.
type chunk struct {
	line int // of the first line
	text string
	dir  directive
	body []string
}

// Names of the directives that stand on lines of their own; true for those that {{end}} closes.
var blockDirectives = map[string]bool{"eq": true, "note": true, "question": true, "figure": false, "diagram": false, "activation": false, "lab": false}

var (
	stepLine = regexp.MustCompile(`^## +(.*?)\s*\{#([^}]*)\}\s*$`)
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

func isID(s string) bool { return idForm.MatchString(s) }

// maxFile bounds a lesson file; the longest real one has a tenth of it.
const maxFile = 256 << 10

// parseSource cuts a file into front matter, lead and steps. Problems go to problem; what could be read is returned.
func parseSource(text string, problem func(line int, format string, args ...any)) source {
	s := source{front: map[string]frontLine{}, problem: problem}
	if len(text) > maxFile {
		problem(0, "longer than %d bytes", maxFile)
		return s
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	at := s.frontMatter(lines)
	for at < len(lines) {
		at = s.block(lines, at)
	}
	return s
}

// frontMatter reads "key: value" lines between two "---" and returns the index of the line after them.
func (s *source) frontMatter(lines []string) int {
	if len(lines) == 0 || lines[0] != "---" {
		s.problem(1, "the file starts with front matter between two lines of ---")
		return 0
	}
	for i := 1; i < len(lines); i++ {
		if lines[i] == "---" {
			return i + 1
		}
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		k, v, ok := strings.Cut(lines[i], ":")
		k = strings.TrimSpace(k)
		if _, dup := s.front[k]; !ok || dup {
			s.problem(i+1, "front matter: %q is no \"key: value\" or comes twice", lines[i])
			continue
		}
		s.front[k] = frontLine{strings.TrimSpace(v), i + 1}
	}
	s.problem(1, "front matter is not closed by ---")
	return len(lines)
}

// block reads one step heading, directive or stretch of Markdown and returns the index of the line after it.
func (s *source) block(lines []string, at int) int {
	line := lines[at]
	if strings.HasPrefix(line, "## ") {
		s.step(line, at+1)
		return at + 1
	}
	if d, ok := s.blockDirective(line, at+1); ok {
		return s.directive(d, lines, at)
	}
	end := at + 1
	for end < len(lines) && !strings.HasPrefix(lines[end], "## ") {
		if _, ok := s.blockDirective(lines[end], 0); ok {
			break
		}
		end++
	}
	if text := strings.Join(lines[at:end], "\n"); strings.TrimSpace(text) != "" {
		s.append(chunk{line: at + 1, text: text})
	}
	return end
}

func (s *source) append(c chunk) {
	if len(s.steps) == 0 {
		s.lead = append(s.lead, c)
		return
	}
	last := &s.steps[len(s.steps)-1]
	last.chunks = append(last.chunks, c)
}

func (s *source) step(line string, n int) {
	m := stepLine.FindStringSubmatch(line)
	if m == nil {
		s.problem(n, "a step is \"## Title {#id …}\"")
		s.steps = append(s.steps, stepSource{title: strings.TrimSpace(line[2:]), line: n, attrs: directive{name: "step"}})
		return
	}
	d, err := parseDirective(m[2])
	if err == nil {
		err = d.only(0, "focus", "arch", "node", "channel", "short")
	}
	if err == nil && !isID(d.name) {
		err = fmt.Errorf("the identifier %q is not of the form a-b-1", d.name)
	}
	if err != nil {
		s.problem(n, "step: %v", err)
	}
	s.steps = append(s.steps, stepSource{title: m[1], attrs: d, line: n})
}

// blockDirective tells whether the line is a directive that stands alone. With n > 0 it reports what is wrong with it.
func (s *source) blockDirective(line string, n int) (directive, bool) {
	t := strings.TrimSpace(line)
	if !strings.HasPrefix(t, "{{") || directiveEnd(t) != len(t) {
		return directive{}, false
	}
	d, err := parseDirective(t[2 : len(t)-2])
	if _, ok := blockDirectives[d.name]; !ok && d.name != "end" {
		return d, false
	}
	if n > 0 && err != nil {
		s.problem(n, "%v", err)
	}
	return d, true
}

func (s *source) directive(d directive, lines []string, at int) int {
	if d.name == "end" {
		s.problem(at+1, "{{end}} closes nothing")
		return at + 1
	}
	c := chunk{line: at + 1, dir: d}
	end := at + 1
	if blockDirectives[d.name] {
		for end < len(lines) && strings.TrimSpace(lines[end]) != "{{end}}" {
			if strings.HasPrefix(lines[end], "## ") {
				end = len(lines)
				break
			}
			end++
		}
		if end == len(lines) {
			s.problem(at+1, "{{%s}} is not closed by {{end}}", d.name)
			return at + 1
		}
		c.body = append([]string(nil), lines[at+1:end]...)
		end++
	}
	s.append(c)
	return end
}
