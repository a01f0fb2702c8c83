package input

import (
	"bytes"
	"strings"
)

// Format is one of the readable file formats.
type Format string

// The four formats Decode reads.
const (
	PNG  Format = "png"
	JPEG Format = "jpeg"
	GIF  Format = "gif"
	WebP Format = "webp"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// Sniff names the format by content alone; names and declared types are not asked. It returns "" when the data is
// none of the four.
func Sniff(data []byte) Format {
	switch {
	case has(data, 0, pngMagic):
		return PNG
	case has(data, 0, "\xff\xd8\xff"), string(data) == "\xff\xd8":
		return JPEG
	case has(data, 0, "GIF87a"), has(data, 0, "GIF89a"):
		return GIF
	case has(data, 0, "RIFF") && has(data, 8, "WEBP"):
		return WebP
	}
	return ""
}

func has(data []byte, at int, magic string) bool {
	return len(data) >= at+len(magic) && string(data[at:at+len(magic)]) == magic
}

// signatures of formats that people send by mistake, so that the refusal can say what the file is.
var signatures = []struct {
	at    int
	magic string
	kind  string
	hint  Hint
}{
	{0, "\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl", HintPhone},
	{0, "\xff\x0a", "jxl", HintPhone},
	{0, "\x00\x00\x00\x0cjP  ", "jpeg 2000", HintExport},
	{0, "\xff\x4f\xff\x51", "jpeg 2000", HintExport},
	{0, "II*\x00", "tiff", HintExport},
	{0, "MM\x00*", "tiff", HintExport},
	{0, "II+\x00", "tiff", HintExport},
	{0, "II\xbc\x01", "jpeg xr", HintExport},
	{0, "FUJIFILMCCD-RAW", "camera raw", HintExport},
	{0, "BM", "bmp", HintExport},
	{0, "\x00\x00\x01\x00", "ico", HintExport},
	{0, "8BPS", "psd", HintExport},
	{0, "gimp xcf", "xcf", HintExport},
	{0, "%PDF", "pdf", HintExport},
	{0, "%!PS", "postscript", HintExport},
	{0, "P1\n", "pnm", HintExport}, {0, "P2\n", "pnm", HintExport}, {0, "P3\n", "pnm", HintExport},
	{0, "P4\n", "pnm", HintExport}, {0, "P5\n", "pnm", HintExport}, {0, "P6\n", "pnm", HintExport},
	{0, "\x1f\x8b", "gzip", HintExport}, // .svgz
	{0, "PK\x03\x04", "zip", NoHint},
	{0, "MZ", "exe", NoHint},
	{0, "\x7fELF", "elf", NoHint},
}

// brands of ISO base media files ("ftyp"), the container of HEIC and AVIF.
var brands = map[string]string{
	"heic": "heic", "heix": "heic", "heim": "heic", "heis": "heic", "hevc": "heic", "hevx": "heic", "mif1": "heic",
	"msf1": "heic", "avif": "avif", "avis": "avif", "crx ": "camera raw",
}

// foreign says what an unreadable file is, as far as its first bytes tell.
func foreign(data []byte) (kind string, hint Hint) {
	if has(data, 4, "ftyp") && len(data) >= 12 {
		kind := brands[string(data[8:12])]
		switch kind {
		case "heic", "avif":
			return kind, HintPhone
		case "":
			return "video", NoHint
		}
		return kind, HintExport
	}
	for _, s := range signatures {
		if has(data, s.at, s.magic) {
			return s.kind, s.hint
		}
	}
	return markup(data)
}

// markup recognises SVG and HTML, which have no fixed first byte.
func markup(data []byte) (kind string, hint Hint) {
	head := bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf"))
	text := strings.ToLower(string(bytes.TrimLeft(head, " \t\r\n")))
	if !strings.HasPrefix(text, "<") {
		return "", NoHint
	}
	switch {
	case strings.Contains(text, "<html") || strings.HasPrefix(text, "<!doctype html"):
		return "html", NoHint
	case strings.Contains(text, "<svg") || strings.Contains(text, "doctype svg"):
		return "svg", HintExport
	}
	return "xml", HintExport
}
