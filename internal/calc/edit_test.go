package calc

import (
	"slices"
	"testing"
)

func TestEdits(t *testing.T) {
	const text = "i3x32;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"
	for _, tt := range []struct {
		name string
		edit Edit
		want string // "" for an error
	}{
		{"append", Edit{Do: Insert, Address: "6", Value: "relu;sm"}, text + ";relu;sm"},
		{"insert in front", Edit{Do: Insert, Address: "0", Value: "bn"}, "i3x32;bn;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"insert into an empty path", Edit{Do: Insert, Address: "1.1.0", Value: "c8k1"}, "i3x32;c8k3p1;add(c8k3p1;relu|c8k1);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"change", Edit{Do: Change, Address: "0", Field: "kernel", Value: "1x7"}, "i3x32;c8k1x7p1;add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"bias off", Edit{Do: Change, Address: "5", Field: "bias", Value: "0"}, "i3x32;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10n"},
		{"repeat", Edit{Do: Change, Address: "3", Field: "count", Value: "5"}, "i3x32;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);5xbt32m8;fl;fc10"},
		{"member", Edit{Do: Change, Address: "1.0.0", Field: "out", Value: "16"}, "i3x32;c8k3p1;add(c16k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"channels", Edit{Do: Change, Field: "channels", Value: "1"}, "i1x32;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"size", Edit{Do: Change, Field: "size", Value: "28×20"}, "i3x28x20;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"delete", Edit{Do: Delete, Address: "2"}, "i3x32;c8k3p1;add(c8k3p1;relu|);2xbt32m8;fl;fc10"},
		{"copy", Edit{Do: Duplicate, Address: "1"}, "i3x32;c8k3p1;add(c8k3p1;relu|);add(c8k3p1;relu|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"up", Edit{Do: Up, Address: "1"}, "i3x32;add(c8k3p1;relu|);c8k3p1;cat(c4k1|);2xbt32m8;fl;fc10"},
		{"down in a path", Edit{Do: Down, Address: "1.0.0"}, "i3x32;c8k3p1;add(relu;c8k3p1|);cat(c4k1|);2xbt32m8;fl;fc10"},
		{"path", Edit{Do: AddPath, Address: "2"}, "i3x32;c8k3p1;add(c8k3p1;relu|);cat(c4k1||);2xbt32m8;fl;fc10"},
		{"open a repetition", Edit{Do: Open, Address: "3"}, "i3x32;c8k3p1;add(c8k3p1;relu|);cat(c4k1|);bt32m8;bt32m8;fl;fc10"},
		{"up at the top", Edit{Do: Up, Address: "0"}, ""},
		{"down at the end", Edit{Do: Down, Address: "5"}, ""},
		{"beyond the end", Edit{Do: Delete, Address: "6"}, ""},
		{"no such path", Edit{Do: Delete, Address: "1.2.0"}, ""},
		{"half an address", Edit{Do: Delete, Address: "1.0"}, ""},
		{"negative", Edit{Do: Delete, Address: "-1"}, ""},
		{"out of range", Edit{Do: Change, Address: "0", Field: "kernel", Value: "0"}, ""},
		{"no such setting", Edit{Do: Change, Address: "4", Field: "kernel", Value: "3"}, ""},
		{"not a number", Edit{Do: Change, Address: "0", Field: "out", Value: "many"}, ""},
		{"bad layer", Edit{Do: Insert, Address: "0", Value: "zz"}, ""},
		{"bad size", Edit{Do: Change, Field: "size", Value: "0"}, ""},
		{"nothing to open", Edit{Do: Open, Address: "0"}, ""},
		{"no join", Edit{Do: AddPath, Address: "0"}, ""},
		{"count of a join", Edit{Do: Change, Address: "1", Field: "count", Value: "2"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := parse(t, text)
			e, err := ParseEdit(tt.edit.String())
			if err != nil || e != tt.edit {
				t.Fatalf("%q read as %+v, %v", tt.edit, e, err)
			}
			got, err := s.Apply(e)
			if s.String() != text {
				t.Fatalf("the stack itself became %s", s)
			}
			switch {
			case tt.want == "" && err == nil:
				t.Errorf("got %s, want an error", got)
			case tt.want == "" && got.String() != text:
				t.Errorf("an error came with %s", got)
			case tt.want != "" && (err != nil || got.String() != tt.want):
				t.Errorf("%v\n got %s\nwant %s", err, got, tt.want)
			}
		})
	}
}

// TestEditDoesNotShare changes the copy of a copied join and looks at the original.
func TestEditDoesNotShare(t *testing.T) {
	s, err := parse(t, "i3x8;add(c3k3p1|)").Apply(Edit{Do: Duplicate, Address: "0"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.Apply(Edit{Do: Change, Address: "1.0.0", Field: "kernel", Value: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if s.String() != "i3x8;add(c3k3p1|);add(c3k3p1|)" || u.String() != "i3x8;add(c3k3p1|);add(c3k1p1|)" {
		t.Errorf("%s and %s", s, u)
	}
}

func TestHistory(t *testing.T) {
	var h History
	s := fromArch(t, "efficientnet_b7")
	for i := range MaxHistory + 3 {
		h = h.Push(s)
		var err error
		if s, err = s.Apply(Edit{Do: Change, Address: "0", Field: "out", Value: number(float64(i + 8))}); err != nil {
			t.Fatal(err)
		}
	}
	if len(h) != MaxHistory {
		t.Fatalf("%d steps, want %d", len(h), MaxHistory)
	}
	text := h.Encode()
	if len(text) > 1000 {
		t.Errorf("%d steps of EfficientNet-B7 take %d characters of an address", len(h), len(text))
	}
	back, err := DecodeHistory(text)
	if err != nil || !slices.Equal(back, h) {
		t.Fatalf("read back as %v, %v", back, err)
	}
	prev, rest, ok := back.Pop()
	if !ok || len(rest) != MaxHistory-1 || prev.Layers[0].Out != MaxHistory+9 {
		t.Errorf("undone to %s, %d left", prev, len(rest))
	}
	if _, _, ok := History(nil).Pop(); ok {
		t.Error("undid nothing")
	}
	for _, bad := range []string{"!", "AAAA", text[:len(text)/2]} {
		if _, err := DecodeHistory(bad); err == nil {
			t.Errorf("%.10q was read", bad)
		}
	}
	bomb := History{string(make([]byte, maxHistoryBytes+1))}
	if _, err := DecodeHistory(bomb.Encode()); err == nil {
		t.Error("more than the limit was unpacked")
	}
}

func TestWords(t *testing.T) {
	for code, s := range sentences {
		if s[0] == "" || s[1] == "" || s[0] == s[1] {
			t.Errorf("%s: %q", code, s)
		}
	}
	for _, k := range kindList {
		if _, ok := kindTexts[k.Name]; !ok {
			t.Errorf("kind %s has no words", k.Name)
		}
		for _, f := range k.Fields {
			if _, ok := fieldTexts[f.Name]; !ok {
				t.Errorf("setting %s of %s has no words", f.Name, k.Name)
			}
		}
	}
}
