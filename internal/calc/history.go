package calc

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// History is the stacks before the present one, as compact texts, the latest last. It lives in the address of a page, so
// that undo needs no session: texts of one network differ little and compress to a few bytes each.
type History []string

// MaxHistory is how many steps back are kept.
const MaxHistory = 12

// maxHistoryBytes bounds what a crafted address can unpack to.
const maxHistoryBytes = MaxHistory * MaxText

// Push adds the stack that an edit replaced and forgets the oldest beyond MaxHistory.
func (h History) Push(s Stack) History {
	out := append(h[:len(h):len(h)], s.String())
	return out[max(len(out)-MaxHistory, 0):]
}

// Pop is the stack to go back to and the history before it; ok is false when there is none or it cannot be read.
func (h History) Pop() (s Stack, rest History, ok bool) {
	if len(h) == 0 {
		return s, nil, false
	}
	s, err := Parse(h[len(h)-1])
	return s, h[:len(h)-1], err == nil
}

// Encode packs the history for an address; "" for none.
func (h History) Encode() string {
	if len(h) == 0 {
		return ""
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	io.WriteString(w, strings.Join(h, "\n")) // writes to memory do not fail
	w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// DecodeHistory unpacks what Encode packed.
func DecodeHistory(text string) (History, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("calc: history: %w", err)
	}
	all, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), maxHistoryBytes+1))
	if err != nil {
		return nil, fmt.Errorf("calc: history: %w", err)
	}
	if len(all) > maxHistoryBytes {
		return nil, fmt.Errorf("calc: history: more than %d bytes", maxHistoryBytes)
	}
	h := History(strings.Split(string(all), "\n"))
	return h[max(len(h)-MaxHistory, 0):], nil
}
