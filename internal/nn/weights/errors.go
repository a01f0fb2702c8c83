package weights

import (
	"fmt"
	"strconv"
)

// Code is the machine-readable reason of a refusal. Codes are public (the HTTP API and messages use them) and never renamed.
type Code string

// The codes.
const (
	EmptyFile     Code = "empty_file"
	UnknownFormat Code = "unknown_model_format"
	LFSPointer    Code = "lfs_pointer"
	PickleRefused Code = "pickle_refused"
	BadHeader     Code = "bad_header" // the bytes that describe the tensors are wrong
	BadLayout     Code = "bad_layout" // the tensors do not lie in the file as they must
	BadShape      Code = "bad_shape"
	BadDType      Code = "bad_dtype"
	TooLarge      Code = "too_large"
)

// Error is why a file was refused. Nothing of the file is used when one is returned.
type Error struct {
	Code Code
	// Tensor names the tensor (or the container's member) at fault; "" when the file as a whole is.
	Tensor string
	// Class is the global that a pickle asked for, with PickleRefused.
	Class string
	// Text says which rule is broken, with the numbers.
	Text string
	// Hint says what to do, or is "".
	Hint string
	Err  error
}

func (e *Error) Error() string {
	s := "weights: " + string(e.Code)
	if e.Tensor != "" {
		s += ": " + strconv.QuoteToGraphic(clip(e.Tensor))
	}
	s += ": " + e.Text
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, &Error{Code: c}) compare codes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Text == ""
}

func refuse(c Code, tensor, format string, args ...any) *Error {
	return &Error{Code: c, Tensor: tensor, Text: fmt.Sprintf(format, args...)}
}

// clip bounds a name from a file before it goes into a message.
func clip(s string) string {
	if len(s) > MaxName {
		return s[:MaxName] + "…"
	}
	return s
}
