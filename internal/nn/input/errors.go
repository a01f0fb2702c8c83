package input

import (
	"errors"
	"fmt"
	"strings"
)

// Code names one kind of refusal. Codes are public: callers translate by them, and they never change.
type Code string

// The refusals of Decode.
const (
	EmptyFile       Code = "empty_file"
	TooLarge        Code = "too_large"
	UnsupportedType Code = "unsupported_type"
	IncompleteImage Code = "incomplete_image"
	BrokenImage     Code = "broken_image"
	TooManyPixels   Code = "too_many_pixels"
	TooManyScans    Code = "too_many_scans"
	UnsupportedJPEG Code = "unsupported_jpeg"
	AnimatedWebP    Code = "animated_webp"
	DecodeTimeout   Code = "decode_timeout"
)

// Codes lists every code, for catalogues that must translate them all.
func Codes() []Code {
	return []Code{EmptyFile, TooLarge, UnsupportedType, IncompleteImage, BrokenImage, TooManyPixels, TooManyScans,
		UnsupportedJPEG, AnimatedWebP, DecodeTimeout}
}

// Hint says what the sender of an unsupported file can do. It is a code too, for callers to translate.
type Hint string

const (
	NoHint     Hint = ""
	HintPhone  Hint = "phone_format"  // HEIC, AVIF, JPEG XL: set the camera to "Most compatible", or take a screenshot
	HintExport Hint = "export_as_png" // drawings, documents, raw and archival formats: export as PNG
)

// Error is a refused picture. Which numbers are set depends on Code; all others are zero.
type Error struct {
	Code   Code
	Format Format // of the picture, where it was recognised as one of the four readable ones
	// Kind is what was found instead: for UnsupportedType a format such as "heic", "svg", "pdf" ("" when unknown);
	// for UnsupportedJPEG "arithmetic", "lossless", "hierarchical", "12-bit", "sampling" or "colours".
	Kind          string
	Hint          Hint
	Width, Height int64 // TooManyPixels: the size the header claims
	// Got and Limit: bytes for TooLarge, scans for TooManyScans, milliseconds (Limit alone) for DecodeTimeout.
	// TooManyPixels sets Limit in pixels and SideLimit in pixels per side.
	Got, Limit int64
	SideLimit  int
	// Panicked reports that the decoder did not fail but panicked: a bug worth counting, though the reader is only told
	// that the picture is damaged.
	Panicked bool
	Err      error // cause, for the log; may be nil
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Error is the refusal in English, with what to do where something can be done.
func (e *Error) Error() string {
	switch e.Code {
	case EmptyFile:
		return "The file is empty."
	case TooLarge:
		return fmt.Sprintf("%s MB; the limit is %s MB.", megabytes(e.Got), megabytes(e.Limit))
	case UnsupportedType:
		return e.unsupportedType()
	case IncompleteImage:
		return "The picture is cut off. Save or send it again."
	case BrokenImage:
		return "The picture is damaged and cannot be read."
	case TooManyPixels:
		return fmt.Sprintf("%d×%d is %s million pixels; the limit is %s million and %d per side.", e.Width, e.Height,
			millions(float64(e.Width)*float64(e.Height)), millions(float64(e.Limit)), e.SideLimit)
	case TooManyScans:
		return fmt.Sprintf("This JPEG has %d scans, the limit is %d. Save it again as an ordinary JPEG.", e.Got, e.Limit)
	case UnsupportedJPEG:
		return fmt.Sprintf("This kind of JPEG (%s) is not supported. Save it again as an ordinary JPEG.", e.Kind)
	case AnimatedWebP:
		return "Animated WebP is not supported; use one frame."
	case DecodeTimeout:
		return fmt.Sprintf("The picture took longer than %s s to open.", trim(float64(e.Limit)/1000, 2))
	}
	return "input: " + string(e.Code)
}

func (e *Error) unsupportedType() string {
	s := "Not a PNG, JPEG, GIF or WebP picture."
	if e.Kind != "" {
		s = fmt.Sprintf("Not a PNG, JPEG, GIF or WebP picture but %s.", strings.ToUpper(e.Kind))
	}
	switch e.Hint {
	case HintPhone:
		s += ` Set the phone's camera to "Most compatible", or take a screenshot of the picture.`
	case HintExport:
		s += " Export it as PNG."
	}
	return s
}

var errNoPixels = errors.New("width or height is zero")

func broken(f Format, cause error) *Error { return &Error{Code: BrokenImage, Format: f, Err: cause} }

func incomplete(f Format, cause error) *Error {
	return &Error{Code: IncompleteImage, Format: f, Err: cause}
}

// megabytes counts 2²⁰ bytes as one, as the limits do; one decimal, rounded up, so that a file just over a limit does
// not read as equal to it.
func megabytes(n int64) string {
	tenths := (n*10 + 1<<20 - 1) >> 20
	return trim(float64(tenths)/10, 1)
}

func millions(n float64) string {
	// Two decimals tell 25.01 from 25; beyond that the number speaks for itself.
	if n >= 1e9 {
		return trim(n/1e6, 0)
	}
	return trim(n/1e6, 2)
}

func trim(v float64, digits int) string {
	s := fmt.Sprintf("%.*f", digits, v)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
