package engine

import (
	"errors"
	"time"
)

// Code is the machine-readable reason of an *Error; codes are public and never renamed.
type Code string

// The codes, with the HTTP status that fits.
const (
	BadRequest  Code = "bad_request"    // 400
	UnknownID   Code = "unknown_id"     // 404: no such picture, or no such node in this run
	OverBudget  Code = "over_budget"    // 422: the run would cost more than is allowed
	TooMany     Code = "too_many_yours" // 429: this session has enough runs
	Busy        Code = "server_busy"    // 503: the queue is full
	Restarting  Code = "restarting"     // 503: the server is shutting down
	RunTimeout  Code = "run_timeout"    // 503: the run took longer than allowed
	RunFailed   Code = "run_failed"     // 500: a bug, which was counted
	StorageFull Code = "storage_full"   // 503: a picture could not be kept
)

// Error is a refusal. Nothing was started, or what was started has ended.
type Error struct {
	Code Code
	Text string
	// RetryAfter is when to try again, for Busy and Restarting: the estimated drain of the queue within 2 s and 60 s,
	// with jitter, so that refused visitors do not come back together.
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string {
	if e.Err != nil {
		return "engine: " + e.Text + ": " + e.Err.Error()
	}
	return "engine: " + e.Text
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, &Error{Code: c}) compare codes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Text == ""
}

func badJob(text string) error { return &Error{Code: BadRequest, Text: text} }

// errAbandoned is the cause of the cancellation of a run that nobody watches any more.
var errAbandoned = errors.New("engine: nobody watches this run any more")
