package calc

import (
	"errors"
	"strings"
	"testing"

	"stride/internal/nn/arch"
)

func fromArch(t testing.TB, name string) Stack {
	t.Helper()
	a, err := arch.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	g, err := a.Graph()
	if err != nil {
		t.Fatal(err)
	}
	s, err := FromGraph(g)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTextRoundTrip(t *testing.T) {
	for _, text := range []string{
		"i3x64", "i120;fc10", "i1x28x20;c6k5;tanh",
		"i3x64;c32k3p1;bn;relu;mp2;dw3p1;c64k1;relu;mp2;c128k3p1;relu;gap;fc10",
		"i3x64;c32k1x7s2p0x3d2g4nq;dw5s2p2d2m3nq;bne0.001;lrn5k2a0.00002b0.5s",
		"i3x64;mp3s2p1c;ap3s1p1cz;aap7;gap;gmp;do0.25;sd0.125;fl;sm;fc10n",
		"i3x64;zpt1b2l3r4;st2;pc64;ss;ct5t7.e.1c;rbf10",
		"i3x64;add(c3k3p1|);cat(c8k1|c4k1;c8k3p1|mp3s1p1);mul(gap;c3k1;sigmoid|);dense(c8k3p1|c8k3p1)",
		"i3x64;add(cat(relu|add(tanh|))|c6k1);3xbt256m64s2v;rb64s2o;pb64;cb64k3s2p1g2a6e0.001q",
		"i3x64;inc64r96t128u16f32o32k3be0.001c;se16arh;mb24t6k5s2r8arse0.001d;ir24t1k3ar;dl32;db6g32;tr128;ds64k5s2a6q",
	} {
		s, err := Parse(text)
		if text == "i3x64;inc64r96t128u16f32o32k3be0.001c;se16arh;mb24t6k5s2r8arse0.001d;ir24t1k3ar;dl32;db6g32;tr128;ds64k5s2a6q" {
			if err == nil {
				t.Error("a setting given twice was read")
			}
			text = strings.Replace(text, "r8arse", "r8are", 1)
			s, err = Parse(text)
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := s.String(); got != text {
			t.Errorf("read %s\nwrote %s", text, got)
		}
		if strings.ContainsAny(s.Link(), ";+&=# ") {
			t.Errorf("link %q", s.Link())
		}
		if back, err := Parse(s.Link()); err != nil || back.String() != text {
			t.Errorf("link of %s: %v %s", text, err, back)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, tt := range []struct {
		text   string
		offset int
		what   string
	}{
		{"", 0, "begins with the input"},
		{"v2;i3x64", 0, "version"},
		{"i3x64x64x64", 1, "channels x rows x columns"},
		{"i0x64", 1, "not a size"},
		{"i3x64;q9", 6, "no layer"},
		{"i3x64;c", 7, "out has no value"},
		{"i3x64;c0k3", 7, "a number from 1 to 65536"},
		{"i3x64;c8k3y2", 10, "no setting"},
		{"i3x64;c8k3k5", 10, "twice"},
		{"i3x64;add", 9, "brackets"},
		{"i3x64;add(relu|", 15, "not closed"},
		{"i3x64;relu)", 10, "ends here"},
		{"i3x64;999xrelu", 6, "repeated"},
		{"i3x64;2xadd(relu|)", 11, "stands once"},
		{"i3x64;mp2x3", 9, "no setting"},
		{"i3x64;" + strings.Repeat("add(", 9), 33, "deep"},
		{strings.Repeat("i", MaxText+1), MaxText, "at most"},
	} {
		_, err := Parse(tt.text)
		var e *SyntaxError
		if !errors.As(err, &e) {
			t.Errorf("%.40s: %v", tt.text, err)
			continue
		}
		if e.Offset != tt.offset || !strings.Contains(e.What, tt.what) {
			t.Errorf("%.40s: %v, want position %d and %q", tt.text, err, tt.offset+1, tt.what)
		}
	}
}

// FuzzParse: whatever is read is written so that it is read again equally, and compiling never panics.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"i3x64;c32k3p1;bn;relu;mp2", "i3x8;add(c3k3p1|);cat(relu|tanh;2xbt8m4)", "v1~i3x32~db4g8~tr16~gap~fc10", "i1x4;ct3t1.1;lrn5a0.1;sd0.5;aap3;zpt4"} {
		f.Add(s)
	}
	for _, a := range arch.All() {
		f.Add(fromArch(f, a.Name).String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 300 {
			text = text[:300]
		}
		s, err := Parse(text)
		if err != nil {
			return
		}
		back, err := Parse(s.String())
		if err != nil || back.String() != s.String() {
			t.Fatalf("%q became %q: %v", s, back, err)
		}
		r := Compile(s)
		if want := 1 + pathRows(s.Layers); len(r.Rows) != want {
			t.Fatalf("%d rows, want %d", len(r.Rows), want)
		}
		if !r.OK() && r.Rows[r.Problem].Problem.Text(Korean) == "" {
			t.Fatal("a problem without words")
		}
		var params, macs, bytes int64
		for _, row := range r.Rows {
			params, macs, bytes = params+row.Params, macs+row.MACs, bytes+row.Bytes
		}
		if params != r.Totals.Params || macs != r.Totals.MACs || bytes != r.Totals.ActivationBytes {
			t.Fatalf("rows add up to %d, %d, %d, totals are %+v", params, macs, bytes, r.Totals)
		}
	})
}
