package workspace

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// SetEndpoints gives the app request URLs, from the next delivery on: with them, deliveries go over HTTP.
func (w *Workspace) SetEndpoints(e Endpoints) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endpoints = e
}

func (w *Workspace) endpoint(kind string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch kind {
	case kindEvent:
		return w.endpoints.Events
	case kindCommand:
		return w.endpoints.Commands
	}
	return w.endpoints.Interactions
}

// post delivers over HTTP and judges the answer: 2xx in time is an acknowledgement.
func (w *Workspace) post(d *delivery, n int, reason, to string) {
	ctx, cancel := context.WithCancelCause(w.ctx)
	defer cancel(nil)
	w.mu.Lock()
	a := w.begin(d, n, reason)
	a.timer = w.later(w.o.AckDeadline, func() { cancel(errTimeout) })
	w.mu.Unlock()
	status, header, body, err := w.exchangeHTTP(ctx, d, n, reason, to)
	again := header.Get("X-Slack-No-Retry") != "1"
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		w.lost(a, TimedOut, "http_timeout", true)
	case err != nil:
		w.lost(a, Unreachable, "connection_failed", true)
	case status < 200 || status > 299:
		w.lost(a, Refused, "http_error", again)
	case w.loseAck():
		w.lost(a, TimedOut, "http_timeout", true)
	default:
		w.acked(a, asJSON(body))
	}
}

var errTimeout = errors.New("no acknowledgement in time")

// asJSON is a response's body: JSON as it is, plain words as the text of a message ([docs] interactivity/implementing-slash-commands).
func asJSON(body []byte) json.RawMessage {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return nil
	}
	if body[0] == '{' && json.Valid(body) {
		return body
	}
	raw, _ := json.Marshal(object{"text": string(body)}) // strings always marshal
	return raw
}

func (w *Workspace) exchangeHTTP(ctx context.Context, d *delivery, n int, reason, to string) (int, http.Header, []byte, error) {
	body, kind, err := encode(d)
	if err != nil {
		return 0, nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	Sign(r.Header, w.o.SigningSecret, w.o.Clock.Now(), body)
	if n > 0 {
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
		r.Header.Set("X-Slack-Retry-Reason", reason)
	}
	resp, err := w.client.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, bodyMost))
	return resp.StatusCode, resp.Header, answer, err
}

// encode is a delivery's body: JSON for events, a form for commands, a form with one JSON field for interactions.
func encode(d *delivery) (body []byte, contentType string, err error) {
	const form = "application/x-www-form-urlencoded"
	switch d.kind {
	case kindEvent:
		return d.payload, "application/json", nil
	case kindInteraction:
		return []byte(url.Values{"payload": {string(d.payload)}}.Encode()), form, nil
	}
	var fields map[string]any
	if err := json.Unmarshal(d.payload, &fields); err != nil {
		return nil, "", fmt.Errorf("encode command: %w", err)
	}
	v := url.Values{}
	for key, value := range fields {
		v.Set(key, fmt.Sprint(value))
	}
	return []byte(v.Encode()), form, nil
}

// Sign sets the two headers that prove a request to come from Slack: v0= and the HMAC-SHA256 of v0:timestamp:body, in
// hexadecimal ([docs] authentication/verifying-requests-from-slack).
func Sign(h http.Header, secret string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body) // a hash never fails
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// VerifyEndpoint does what Slack does when a request URL is entered: it sends a challenge, and reports an answer that does
// not repeat it, in plain words or in JSON.
func (w *Workspace) VerifyEndpoint(ctx context.Context) error {
	challenge := secret()
	raw, err := json.Marshal(object{"type": "url_verification", "token": "verification-token", "challenge": challenge})
	if err != nil {
		return fmt.Errorf("verify endpoint: %w", err)
	}
	d := &delivery{kind: kindEvent, payload: raw}
	status, _, body, err := w.exchangeHTTP(ctx, d, 0, "", w.endpoint(kindEvent))
	if err != nil {
		return fmt.Errorf("verify endpoint: %w", err)
	}
	var in struct{ Challenge string }
	if json.Unmarshal(body, &in) != nil {
		in.Challenge = string(bytes.TrimSpace(body))
	}
	if status != http.StatusOK || in.Challenge != challenge {
		return fmt.Errorf("verify endpoint: your URL didn't respond with the value of the challenge parameter (HTTP %d)", status)
	}
	return nil
}
