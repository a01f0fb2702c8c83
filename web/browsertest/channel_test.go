package browsertest

import (
	"slices"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// menu chooses an entry of a menu of links by a part of its address.
func (b *tab) menu(sel, href string) {
	b.t.Helper()
	b.click(sel + " summary")
	b.wait(element(sel) + ".open")
	b.click(sel + ` a[href*="` + href + `"]`)
}

// param waits for a parameter of the address; "" is its absence.
func (b *tab) param(name, want string) {
	b.t.Helper()
	if want == "" {
		b.wait(`!new URL(location).searchParams.has('` + name + `')`)
		return
	}
	b.wait(`new URL(location).searchParams.get('` + name + `') === '` + want + `'`)
}

// TestChannels walks through channels, orders, colours and layers in place: the address says all of it, going back goes back,
// and a copied link is the same view.
func TestChannels(t *testing.T) {
	b := newTab(t, desktop)
	b.visit("/en/a/mini_resnet?l=block1.relu")
	eval[bool](b, `window.stays = true`)
	tile := "#insp [data-grid] a:nth-child(4)"
	name := eval[string](b, element(tile)+".getAttribute('aria-label')")
	b.click(tile)
	b.wait(`new URL(location).searchParams.has('c')`)
	c := b.query().Get("c")
	b.wait(`document.getElementById('channel-h').textContent.includes('` + c + `')`)
	if !strings.Contains(name, c) {
		t.Errorf("the tile %q leads to channel %s", name, c)
	}
	if got := eval[int](b, `document.querySelectorAll('#insp [data-grid] a[aria-current]').length`); got != 1 {
		t.Errorf("%d tiles are marked as selected", got)
	}

	strongest := eval[[]string](b, `[...document.querySelectorAll('#insp [data-grid] a')].map((a) => a.getAttribute('aria-label'))`)
	b.menu("#insp .ctl > .sel:nth-of-type(1)", "sort=index")
	b.param("sort", "index")
	b.wait(`document.querySelector('#insp [data-grid] a').getAttribute('aria-label').includes('0')`)
	if slices.Equal(strongest, eval[[]string](b, `[...document.querySelectorAll('#insp [data-grid] a')].map((a) => a.getAttribute('aria-label'))`)) {
		t.Error("sorting changes nothing")
	}
	b.menu("#insp .cmsel", "cm=viridis")
	b.param("cm", "viridis")
	b.wait(`document.querySelector('#insp [data-map]').src.includes('viridis')`)
	b.key("n")
	b.param("scale", "layer")
	b.key(kb.ArrowDown)
	b.wait(`new URL(location).searchParams.get('c') !== '` + c + `'`)
	b.key(kb.ArrowRight)
	b.param("l", "block1.conv2")
	b.wait(`document.querySelector('#insp').dataset.layer === 'block1.conv2'`)
	b.key(kb.ArrowLeft)
	b.wait(`document.querySelector('#insp').dataset.layer === 'block1.bn1' || document.querySelector('#insp').dataset.layer === 'block1.relu'`)

	// Back through the layers, then to the state before the colour.
	for _, l := range []string{"block1.conv2", "block1.relu", "block1.relu"} {
		from := eval[string](b, `location.href`)
		eval[bool](b, `(history.back(), true)`)
		b.wait(`location.href !== "` + from + `" && document.querySelector('#insp').dataset.layer === '` + l + `'`)
	}
	b.param("cm", "viridis")
	if !eval[bool](b, `window.stays === true`) {
		t.Error("the page was loaded again")
	}

	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := chromedp.CallBrowser(b.ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{Permission: &cdpbrowser.PermissionDescriptor{Name: name},
			Setting: cdpbrowser.PermissionSettingGranted, Origin: site.URL, BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID}); err != nil {
			t.Fatal(err)
		}
	}
	b.wait(`[...new URL(location.href).searchParams].every(([k, v]) => new URL(document.querySelector('[data-copy]').href).searchParams.get(k) === v)`)
	b.click("[data-copy]")
	b.wait(`document.getElementById('say').textContent !== ''`)
	link := eval[string](b, `navigator.clipboard.readText()`)
	other := newTab(t, desktop)
	other.visit(strings.TrimPrefix(link, site.URL))
	same := eval[string](other, `document.getElementById('insp').textContent`)
	b.wait(`document.getElementById('insp').textContent === ` + quote(same)) // going back may still be under way
}
