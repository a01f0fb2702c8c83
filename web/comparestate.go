package web

import (
	"net/url"
	"slices"
	"strings"

	"stride/internal/nn/arch"
	"stride/internal/viz"
	"stride/web/i18n"
)

// maxCompared is how many networks can be in focus.
const maxCompared = 5

// compareState is everything that the address of the comparison says.
type compareState struct {
	Models  []string
	X       string // what cost is: "macs", "params", "ms"
	Sort    string // column of the table
	Down    bool
	Sample  string
	Colours string
	Order   viz.Order
	// Dropped tells that more networks were asked for than fit.
	Dropped bool
}

// chosenFirst are the networks in focus for a visitor without an address.
var chosenFirst = []string{"vgg16", "googlenet", "resnet50", "mobilenet_v1"}

// compareColumns are the columns that the table can be sorted by; numbers begin with the largest.
var compareColumns = []string{"name", "year", "layers", "top1", "params", "macs", "bytes"}

func parseCompare(q url.Values) (st compareState, err error) {
	for _, v := range q["m"] {
		for _, name := range strings.Split(v, ",") {
			if name == "" || slices.Contains(st.Models, name) {
				continue
			}
			if _, err := arch.ByName(name); err != nil {
				return st, &Error{Status: 404, Code: "unknown_id", Arg: name}
			}
			if len(st.Models) == maxCompared {
				st.Dropped = true
				continue
			}
			st.Models = append(st.Models, name)
		}
	}
	if !q.Has("m") {
		st.Models = chosenFirst
	}
	if st.X, err = choiceParam(q, "x", "macs", "params", "ms"); err != nil {
		return st, err
	}
	if st.Sort, err = choiceParam(q, "by", append([]string{"params"}, compareColumns...)...); err != nil {
		return st, err
	}
	dir, err := choiceParam(q, "dir", "down", "up")
	if err != nil {
		return st, err
	}
	st.Down, st.Sample = dir == "down", q.Get("img")
	cm, _, order, err := lookOf(q)
	if err != nil {
		return st, err
	}
	st.Colours, st.Order = cm.Name, order
	return st, nil
}

func (st compareState) values() url.Values {
	q := st.fields()
	q.Set("m", strings.Join(st.Models, ","))
	return q
}

// fields are the parameters without the networks, which the form's boxes choose.
func (st compareState) fields() url.Values {
	q := url.Values{}
	if st.X != "macs" {
		q.Set("x", st.X)
	}
	if st.Sort != "params" {
		q.Set("by", st.Sort)
	}
	if !st.Down {
		q.Set("dir", "up")
	}
	if st.Sample != "" {
		q.Set("img", st.Sample)
	}
	if st.Colours != viz.Mako.Name {
		q.Set("cm", st.Colours)
	}
	if st.Order != viz.Strongest {
		q.Set("sort", string(st.Order))
	}
	return q
}

func (st compareState) url(l i18n.Lang, f func(*compareState)) string {
	st.Models = slices.Clone(st.Models)
	if f != nil {
		f(&st)
	}
	return query("/"+l.Tag()+"/compare", st.values())
}
