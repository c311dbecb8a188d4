package workspace

import (
	"encoding/json"
	"time"
)

// The three kinds of delivery, as Socket Mode names the types of its envelopes.
const (
	kindEvent       = "events_api"
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"
)

// delivery is something to tell the app, in one or several attempts.
type delivery struct {
	id       string
	kind     string
	eventID  string // of an event
	payload  json.RawMessage
	envelope map[string]json.RawMessage // of a pushed envelope, the fields to keep; nil otherwise
	respond  func(json.RawMessage)      // what the payload of an acknowledgement does, under the lock; may be nil
	failed   func()                     // what comes of no acknowledgement, under the lock; may be nil
}

// Outcome is what came of an attempt to deliver.
type Outcome string

// The outcomes of an attempt.
const (
	Pending     Outcome = "pending"     // sent, and the deadline has not passed
	Acked       Outcome = "acked"       // acknowledged in time
	TimedOut    Outcome = "timed out"   // not acknowledged in time
	Unreachable Outcome = "unreachable" // no connection, or it broke
	Refused     Outcome = "refused"     // over HTTP, answered with something else than 2xx
)

// Ack is one attempt to deliver something to the app, and what came of it.
type Ack struct {
	Delivery string // the ID of what was delivered, the same for each attempt
	Envelope string // the envelope ID; new for each attempt
	Kind     string // "events_api", "slash_commands" or "interactive"
	EventID  string // of an event
	Attempt  int    // 0 for the first
	Reason   string // why it was sent again: "timeout" over a socket; http_timeout, http_error or connection_failed
	Sent     time.Time
	Latency  time.Duration // from sending to acknowledgement, by the workspace's clock
	Outcome  Outcome
	Late     bool            // an acknowledgement came after the deadline
	Payload  json.RawMessage // what was delivered
	Response json.RawMessage // what came with the acknowledgement; nil for nothing
}

// attempt is an Ack whose outcome is open.
type attempt struct {
	ack    *Ack
	d      *delivery
	timer  *timer
	socket *socket // nil over HTTP
}

// send delivers over HTTP where there is a request URL, and over a socket otherwise.
func (w *Workspace) send(d *delivery, n int, reason string) {
	if w.kept(d, n) {
		return
	}
	if url := w.endpoint(d.kind); url != "" {
		w.spawn(func() { w.post(d, n, reason, url) })
		return
	}
	w.sendSocket(d, n, reason)
}

// begin records an attempt; the lock is held.
func (w *Workspace) begin(d *delivery, n int, reason string) *attempt {
	a := &attempt{d: d, ack: &Ack{
		Delivery: d.id, Envelope: w.id("env-"), Kind: d.kind, EventID: d.eventID, Attempt: n, Reason: reason,
		Sent: w.o.Clock.Now(), Outcome: Pending, Payload: d.payload,
	}}
	w.acks = append(w.acks, a.ack)
	w.pending[a.ack.Envelope] = a
	w.touch()
	return a
}

// end closes an attempt that is open, under the lock, and says whether it was.
func (w *Workspace) end(a *attempt, o Outcome, response json.RawMessage) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending[a.ack.Envelope] != a {
		a.ack.Late = a.ack.Late || o == Acked
		return false
	}
	delete(w.pending, a.ack.Envelope)
	if a.timer != nil {
		w.stopTimer(a.timer)
	}
	a.ack.Outcome, a.ack.Response = o, response
	a.ack.Latency = w.o.Clock.Now().Sub(a.ack.Sent)
	w.touch()
	return true
}

// acked takes an acknowledgement in.
func (w *Workspace) acked(a *attempt, response json.RawMessage) {
	if w.end(a, Acked, response) && a.d.respond != nil {
		_ = w.do(func() error { a.d.respond(response); return nil })
	}
}

// lost gives an attempt up and tries again where Slack would: events only, three times, at once, after one minute, after
// five (vercel/chat#666). People who typed a command are told, those who clicked see a warning sign.
func (w *Workspace) lost(a *attempt, o Outcome, reason string, again bool) {
	if !w.end(a, o, nil) {
		return
	}
	n := a.ack.Attempt
	switch {
	case a.d.kind != kindEvent:
		if a.d.failed != nil {
			_ = w.do(func() error { a.d.failed(); return nil })
		}
	case !again || n >= len(w.o.Retries):
	case w.o.Retries[n] == 0:
		w.send(a.d, n+1, reason)
	default:
		w.mu.Lock()
		defer w.mu.Unlock()
		w.later(w.o.Retries[n], func() { w.send(a.d, n+1, reason) })
	}
}
