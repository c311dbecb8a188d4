// Package receive takes in what Slack delivers, over Socket Mode or HTTP: it verifies, keeps, acknowledges, and hands
// over. What to say is not decided here, and a payload is not read beyond what acknowledging it takes.
//
// [Socket] and [NewHTTP] are the two transports. Both hand each [Delivery] to a function, [Keep], and acknowledge only what
// that function kept: what it did not, Slack sends again.
//
// Anything signed or sent over the socket is acknowledged, however odd, for Slack counts what is not against the app. What
// is no delivery is logged by its type and goes no further. No log line and no error holds words of a payload, a secret,
// a signature or the address of a socket.
package receive

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"regexp"
)

// Kind says what was delivered.
type Kind string

// The three kinds, named as Socket Mode names the types of its envelopes.
const (
	Event       Kind = "events_api"
	Command     Kind = "slash_commands"
	Interaction Kind = "interactive"
)

// Delivery is one thing that Slack delivered, already verified and acknowledged, or about to be.
type Delivery struct {
	Kind    Kind
	Payload json.RawMessage // the object as Slack sent it; over HTTP, a command's form is turned into the same object
	Retry   int             // which repetition this is, 0 for the first delivery
}

// Keep takes a delivery in, without waiting until it is kept. What comes from the channel, well within the three seconds
// that Slack waits, is nil when it is; a nil channel says that nothing had to be kept. Otherwise the delivery is not
// acknowledged, and Slack sends it again. To be safe for concurrent use.
type Keep func(Delivery) <-chan error

// maxBytes bounds a request's body and a socket's frame. Slack's largest, a view with a hundred blocks, stay well below.
const maxBytes = 1 << 20

// deliverable reports whether a payload has the shape of its kind: an object and, for an event, one whose type and
// inner event are what they should be where they are there. Which event it is, is not asked.
func deliverable(kind Kind, payload json.RawMessage) bool {
	switch kind {
	case Event:
		return eventLike(payload)
	case Command, Interaction:
		return isObject(payload) && json.Valid(payload)
	}
	return false
}

func eventLike(payload json.RawMessage) bool {
	var shape struct{ Type, Event json.RawMessage }
	if !isObject(payload) || json.Unmarshal(payload, &shape) != nil {
		return false
	}
	return (shape.Type == nil || shape.Type[0] == '"') && (shape.Event == nil || isObject(shape.Event))
}

// isObject reports whether JSON text begins as an object does.
func isObject(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
}

// textOf returns the JSON string, "" when it is none.
func textOf(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// countOf returns the JSON number, 0 when it is none, broken or negative.
func countOf(raw json.RawMessage) int {
	var n int
	if json.Unmarshal(raw, &n) != nil {
		return 0
	}
	return max(n, 0)
}

var typeForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// typeName makes a type fit for a log line: whatever does not look like one of Slack's is not repeated.
func typeName(s string) string {
	if s == "" {
		return "none"
	}
	if !typeForm.MatchString(s) {
		return "malformed"
	}
	return s
}

func orDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
