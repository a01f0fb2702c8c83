package browsertest

import (
	"slices"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// traffic is what a tab has fetched.
type traffic map[network.RequestID]*transfer

// transfer is one answer: its address, its kind and the bytes of its body as they came over the wire, compressed.
type transfer struct {
	url, kind string
	status    int64
	head      float64 // bytes before the body
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
		if b.net == nil {
			b.net = traffic{}
		}
		kind, _, _ := strings.Cut(e.Response.MimeType, ";")
		b.net[e.RequestID] = &transfer{url: e.Response.URL, kind: kind, status: e.Response.Status, head: e.Response.EncodedDataLength}
	case *network.EventLoadingFinished:
		if t := b.net[e.RequestID]; t != nil {
			t.bytes, t.finished = e.EncodedDataLength-t.head, true
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
