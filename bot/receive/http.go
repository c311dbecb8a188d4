package receive

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// NewHTTP answers Slack's requests: POST to /slack/events takes events, slash commands and interactivity alike, and so do
// /slack/commands and /slack/interactions.
//
// A body over 1 MB is refused with 413 before anything else is looked at, a request that does not [Verify] at the time
// now() with 401. What keep keeps is acknowledged with an empty 200; what it does not gets 503, so that Slack sends it
// again. A nil log discards.
func NewHTTP(secret string, now func() time.Time, keep Keep, log *slog.Logger) http.Handler {
	in := &inlet{secret: secret, now: now, keep: keep, log: orDiscard(log)}
	mux := http.NewServeMux()
	mux.Handle("POST /slack/events", in)
	mux.Handle("POST /slack/commands", in)
	mux.Handle("POST /slack/interactions", in)
	return mux
}

// Health answers "ok", or 503 and in one line what is wrong, if healthy returns an error.
func Health(healthy func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if healthy() != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			say(w, "questions cannot be kept at present; the log says why\n")
			return
		}
		say(w, "ok")
	})
}

// inlet is where requests come in.
type inlet struct {
	secret string
	now    func() time.Time
	keep   Keep
	log    *slog.Logger
}

func (in *inlet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, status := read(w, r)
	if status != http.StatusOK {
		in.log.Warn("request not read", "status", status)
		w.WriteHeader(status)
		return
	}
	if err := Verify(in.secret, r.Header, body, in.now()); err != nil {
		in.log.Warn("request refused", "reason", err)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "application/x-www-form-urlencoded" {
		in.form(w, body)
		return
	}
	in.object(w, body, retryNumber(r.Header))
}

// read returns the body, or the status that says why not.
func read(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	if r.ContentLength > maxBytes {
		w.Header().Set("Connection", "close") // so that the server does not read on
		return nil, http.StatusRequestEntityTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBytes))
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		return nil, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	return body, http.StatusOK
}

// object takes a JSON body: the challenge that Slack puts to a new address, or an event.
func (in *inlet) object(w http.ResponseWriter, body []byte, retry int) {
	var shape struct{ Type, Challenge json.RawMessage }
	if json.Unmarshal(body, &shape) != nil {
		in.ignore("none")
		return
	}
	switch kind := textOf(shape.Type); kind {
	case "url_verification":
		say(w, textOf(shape.Challenge))
	case "ssl_check":
	default:
		in.hand(w, Delivery{Kind: Event, Payload: body, Retry: retry}, kind)
	}
}

// form takes a form's fields from the body only: the query of the address is not signed.
func (in *inlet) form(w http.ResponseWriter, body []byte) {
	fields, err := url.ParseQuery(string(body))
	switch {
	case err != nil:
		in.ignore("none")
	case fields.Get("ssl_check") == "1":
	case fields.Has("payload"):
		in.hand(w, Delivery{Kind: Interaction, Payload: json.RawMessage(fields.Get("payload"))}, string(Interaction))
	case fields.Has("command"):
		in.hand(w, Delivery{Kind: Command, Payload: commandObject(fields)}, string(Command))
	default:
		in.ignore("none")
	}
}

func (in *inlet) hand(w http.ResponseWriter, d Delivery, kind string) {
	if !deliverable(d.Kind, d.Payload) {
		in.ignore(kind)
		return
	}
	if err := in.kept(d); err != nil {
		in.log.Warn("delivery refused", "kind", d.Kind, "retry", d.Retry, "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// keepDeadline leaves time for the response within the three seconds that Slack waits.
const keepDeadline = 2500 * time.Millisecond

func (in *inlet) kept(d Delivery) error {
	kept := in.keep(d)
	if kept == nil {
		return nil
	}
	late := time.NewTimer(keepDeadline)
	defer late.Stop()
	select {
	case err := <-kept:
		return err
	case <-late.C:
		return errors.New("not kept in time")
	}
}

// ignore leaves the response as it is, which is an empty 200.
func (in *inlet) ignore(kind string) {
	in.log.Warn("request ignored", "type", typeName(kind))
}

// commandObject turns a command's form into the object that Socket Mode sends: every field a string, but for the one
// that is a boolean there.
func commandObject(fields url.Values) json.RawMessage {
	object := make(map[string]any, len(fields))
	for name := range fields {
		object[name] = fields.Get(name)
	}
	if fields.Has("is_enterprise_install") {
		object["is_enterprise_install"] = fields.Get("is_enterprise_install") == "true"
	}
	text, _ := json.Marshal(object) // strings and booleans always marshal
	return text
}

func retryNumber(header http.Header) int {
	n, err := strconv.Atoi(header.Get("X-Slack-Retry-Num"))
	if err != nil {
		return 0
	}
	return max(n, 0)
}

func say(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, text) // a peer that has gone is no news
}
