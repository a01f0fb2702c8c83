package browsertest

import (
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// traffic is what a tab has fetched.
type traffic struct {
	kinds map[network.RequestID]*transfer
	order []network.RequestID
}

// transfer is one answer: its address, its kind and the bytes of its body as they came over the wire.
type transfer struct {
	url, kind string
	status    int64
	bytes     float64
	finished  bool
}

// listen takes the events of a tab. It must be quick and ask nothing.
func (b *tab) listen(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		text := d.Text
		if d.Exception != nil {
			text += " " + d.Exception.Description
		}
		b.console = append(b.console, "exception: "+text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			text := string(e.Type) + ":"
			for _, a := range e.Args {
				text += " " + string(a.Value) + a.Description
			}
			b.console = append(b.console, text)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.console = append(b.console, string(e.Entry.Source)+": "+e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventResponseReceived:
		if b.net.kinds == nil {
			b.net.kinds = map[network.RequestID]*transfer{}
		}
		kind, _, _ := strings.Cut(e.Response.MimeType, ";")
		b.net.kinds[e.RequestID] = &transfer{url: e.Response.URL, kind: kind, status: e.Response.Status}
		b.net.order = append(b.net.order, e.RequestID)
	case *network.EventLoadingFinished:
		if t := b.net.kinds[e.RequestID]; t != nil {
			t.bytes, t.finished = e.EncodedDataLength, true
		}
	}
}

// messages are what the console said so far.
func (b *tab) messages() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.console)
}

// forgive takes away the messages that a test provoked on purpose.
func (b *tab) forgive(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.console = slices.DeleteFunc(b.console, func(m string) bool { return strings.Contains(m, part) })
}

// fetched counts the addresses that contain a part.
func (b *tab) fetched(part string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for t := range maps.Values(b.net.kinds) {
		if strings.Contains(t.url, part) {
			n++
		}
	}
	return n
}
