package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/viz/export"
	"stride/web/view"
)

// exportPatience is how long a file waits for its run.
const exportPatience = 20 * time.Second

// archPlate is a picture of an architecture page.
func (s *Server) archPlate(w http.ResponseWriter, r *http.Request) error {
	t, err := s.open(w, r, exportPatience)
	if err != nil {
		return err
	}
	n, err := t.selected()
	if err != nil {
		return err
	}
	p, err := t.plate(r, n, chi.URLParam(r, "picture"))
	if err != nil {
		return err
	}
	return s.sendPlate(w, r, p)
}

// zoomNames are the zoom levels in the names of files.
var zoomNames = map[int]string{zoomBlock: "block", zoomLayer: "layer", zoomNetwork: "network", zoomStage: "stage"}

// files are the files of a picture of this page.
func (t *trace) files(picture string, kinds []string) []view.Link {
	return fileLinks("/"+t.lang.Tag()+"/a/"+t.st.Model+"/picture/"+picture, t.st.values(), kinds)
}

// plate draws a picture of the page by its name.
func (t *trace) plate(r *http.Request, n *nn.Node, picture string) (*plate, error) {
	page := view.Page{Lang: t.lang}
	x := exportWordsOf(t.lang)
	switch picture {
	case "overview":
		v := t.newOverview(n)
		return t.counted(r, picture, x.Overview, v.Label, view.OverviewView(page, v)), nil
	case "block":
		v := t.newBlock(n)
		return t.framed(r, n.Path+"-"+zoomNames[t.st.Zoom], v.Title, v.Diagram.Label, view.DiagramView(page, v.Diagram)), nil
	}
	for _, c := range t.newCharts(r.Context(), n) {
		if c.ID != picture {
			continue
		}
		p := t.counted(r, strings.TrimSuffix(picture, "-chart"), c.Title, c.Label, chartMarkup(c))
		if picture == "histogram" {
			p = t.framed(r, n.Path+"-histogram", c.Title, c.Label, chartMarkup(c))
		}
		p.table = chartTable(c)
		return p, nil
	}
	return nil, errNotFound
}

// framed puts a picture into its frame: what it shows, of which weights and picture, the paper and the page.
func (t *trace) framed(r *http.Request, name, title, shows string, markup templ.Component) *plate {
	x := exportWordsOf(t.lang)
	return t.plateOf(r, name, title, shows, markup, fmt.Sprintf(x.Weights, t.weightsText()), fmt.Sprintf(x.Picture, t.s.pictureName(t.picture, t.lang)))
}

// counted is the same for pictures of shapes and counts, which are those of any weights and picture.
func (t *trace) counted(r *http.Request, name, title, shows string, markup templ.Component) *plate {
	return t.plateOf(r, name, title, shows, markup, exportWordsOf(t.lang).Counted)
}

func (t *trace) plateOf(r *http.Request, name, title, shows string, markup templ.Component, facts ...string) *plate {
	caption := strings.TrimSuffix(shows, ".") + ". "
	if !strings.Contains(shows, t.model.Arch.Title) {
		caption = t.model.Arch.Title + ": " + caption
	}
	return &plate{name: t.st.Model + "-" + name, markup: markup, frame: export.Frame{Title: t.model.Arch.Title + " · " + title, Caption: caption + strings.Join(facts, " "),
		Sources: []string{paperText(t.lang, t.model.Arch.Paper), madeWith(r, t.lang, t.st.url(t.lang.Tag()))}}}
}

// weightsText says which weights made a picture; of untrained ones, what that means.
func (t *trace) weightsText() string {
	b := t.badge()
	if !t.model.Trained() {
		return b.Text + " (" + strings.TrimSuffix(b.Title, ".") + ")"
	}
	return b.Text
}

// chartMarkup is a chart as it stands on a wide page.
func chartMarkup(c view.Chart) templ.Component {
	return templ.Raw(`<figure class="chart">` + c.Wide + `</figure>`)
}

// chartTable is the numbers of a chart, its head first.
func chartTable(c view.Chart) [][]string {
	if c.Data == nil {
		return nil
	}
	return append([][]string{c.Data.Head}, c.Data.Rows...)
}
