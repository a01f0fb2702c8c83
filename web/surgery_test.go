package web

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stride/internal/nn"
	"stride/internal/nn/arch"
)

// TestSurgery cuts a branch as the form does and mutes a channel by its link: the page shows the answer before the change
// beside the new one, and the link undoes itself.
func TestSurgery(t *testing.T) {
	s := newSite(t)
	const page = "/en/a/mini_resnet?l=block3.conv2"
	_, body := s.get(t, page)
	if strings.Contains(body, `class="twin"`) {
		t.Error("an answer before the change, without a change")
	}
	_, cut := s.get(t, page+"&cut=block3.bn2&alpha=0")
	if !strings.Contains(cut, `class="twin"`) || !strings.Contains(cut, "block3.add</a>") {
		t.Error("a cut branch: want both answers and the changed layers")
	}
	mute := linkNamed(t, body, "Mute channel")
	_, muted := s.get(t, mute)
	if !strings.Contains(muted, `class="twin"`) {
		t.Errorf("%s: want both answers", mute)
	}
	back, err := url.Parse(linkNamed(t, muted, "Unmute channel"))
	if err != nil || back.Query().Has("edit") {
		t.Errorf("unmuting leads to %v", back)
	}
}

// linkNamed is the address of the first link whose text begins with a name.
func linkNamed(t *testing.T, body, name string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Data == "a" && n.FirstChild != nil && strings.HasPrefix(n.FirstChild.Data, name) {
			return attr(n, "href")
		}
	}
	t.Fatalf("no link %q", name)
	return ""
}

// TestBranchEnd finds where the branch of a node ends.
func TestBranchEnd(t *testing.T) {
	for _, c := range []struct{ model, node, end, joint string }{
		{"mini_resnet", "block3.conv1", "block3.bn2", "block3.add"},
		{"mini_resnet", "block3.add", "block3.bn2", "block3.add"},
		{"mini_googlenet", "inception_3a.b2_reduce.conv", "inception_3a.b2.relu", "inception_3a.cat"},
		{"lenet5", "c1", "", ""},
	} {
		a, err := arch.ByName(c.model)
		if err != nil {
			t.Fatal(err)
		}
		g, err := a.Graph()
		if err != nil {
			t.Fatal(err)
		}
		end, joint := branchEnd(g.Node(c.node))
		if pathOf(end) != c.end || pathOf(joint) != c.joint {
			t.Errorf("%s in %s: %q at %q, want %q at %q", c.node, c.model, pathOf(end), pathOf(joint), c.end, c.joint)
		}
	}
}

func pathOf(n *nn.Node) string {
	if n == nil {
		return ""
	}
	return n.Path
}
