package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"stride/internal/nn"
	"stride/internal/viz"
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
	if p, err := t.inspectorPlate(r, n, picture); p != nil || err != nil {
		return p, err
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

// inspectorPlate is a picture of the selected layer; nil when it has none of that name.
func (t *trace) inspectorPlate(r *http.Request, n *nn.Node, picture string) (*plate, error) {
	if picture == "cam" {
		return t.camPlate(r, n), nil
	}
	in, err := t.newInspector(r.Context(), n)
	if err != nil {
		return nil, err
	}
	at := n.Path + ", " + t.kindText(n) + ", " + shapeText(n.Shape)
	switch {
	case picture == "channel" && in.Channel != nil:
		c := *in.Channel
		cm, _ := viz.ColormapByName(string(c.Colours))
		name := fmt.Sprintf("%s-channel-%d", n.Path, t.shownChannel(r, n))
		return t.framed(r, name, n.Path+", "+c.Title, at+". "+c.MapAlt, view.ChannelFile(c, cm.Stops(48))), nil
	case picture == "channels" && in.Grid != nil:
		shows := at + ". " + in.Grid.Title
		if in.Grid.Shown != "" {
			shows += ", " + in.Grid.Shown
		}
		shows += "; " + t.w.Orders[t.st.Order] + ". " + in.Grid.Clip
		return t.framed(r, n.Path+"-channels", n.Path+", "+in.Grid.Title, shows, view.GridFile(*in.Grid)), nil
	case picture == "vector" && in.Strip != nil:
		return t.framed(r, n.Path+"-values", n.Path+", "+in.Strip.Title, at+". "+in.Strip.Label, view.StripFile(*in.Strip)), nil
	case picture == "pixel" && in.Pixel != nil && len(in.Pixel.Parts) > 0:
		shows := at + ". "
		if in.Channel != nil {
			shows += in.Channel.Title + ", " + in.Channel.Place + "."
		}
		return t.framed(r, n.Path+"-value", in.Pixel.Title, shows, view.PixelFile(*in.Pixel)), nil
	}
	return nil, nil
}

// offer puts the files of a worked value on it, where it is drawn.
func (t *trace) offer(p *view.PixelSum) {
	if p != nil && len(p.Parts) > 0 {
		p.Files = t.files("pixel", pictureKinds)
	}
}

// shownChannel is the channel that the page shows.
func (t *trace) shownChannel(r *http.Request, n *nn.Node) int {
	if x := t.out(r.Context(), n); x != nil {
		if c, err := t.channel(n, x); err == nil {
			return c
		}
	}
	return 0
}

// camPlate is the Grad-CAM of the page; nil where there is none.
func (t *trace) camPlate(r *http.Request, n *nn.Node) *plate {
	var p view.ArchPage
	on := *t
	on.st = t.st.with(func(s *archState) { s.CAM = true })
	on.addCAM(&p, n)
	if p.Result.CAM == nil {
		return nil
	}
	return t.framed(r, p.Result.CAM.Layer+"-grad-cam", t.w.GradCAM, p.Result.CAM.Alt, view.CAMFile(*p.Result.CAM))
}

// layerFiles are the files of a picture of the selected layer, and its whole output for NumPy.
func (t *trace) layerFiles(n *nn.Node, picture string) []view.Link {
	return append(t.files(picture, pictureKinds), view.Link{Label: "NPY", URL: nodeBase(t.run, n.Path) + "/activation.npy"})
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
