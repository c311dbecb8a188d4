package receive

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Law: what is not signed is refused and delivers nothing; what is signed is acknowledged, whatever it is; and what is
// delivered is a JSON object.
func FuzzHTTP(f *testing.F) {
	f.Add(true, `{"type":"event_callback","event":{}}`, jsonType, "1531420618", vectorSignature, "1", "")
	f.Add(true, `payload={"type":"block_actions"}`, formType, "", "", "", "payload={}")
	f.Add(true, `command=/report&text=a&is_enterprise_install=true`, formType+"; charset=utf-8", "", "", "x", "")
	f.Add(true, `ssl_check=1`, formType, "", "", "-1", "%zz")
	f.Add(false, vectorBody, formType, "1531420618", vectorSignature, "", "")
	f.Add(true, `{"type":"url_verification","challenge":"c"}`, "text/plain; =", "-1", "v0=", "9e9", "")
	f.Fuzz(func(t *testing.T, sign bool, body, contentType, stamp, signature, retry, query string) {
		in := &inbox{}
		h := NewHTTP(testSecret, atVector, keeping(in.deliver), nil)
		r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(body))
		r.URL.RawQuery = query
		r.Header = headerOf(stamp, signature)
		if sign {
			r.Header = signed(testSecret, body, vectorTime)
		}
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Slack-Retry-Num", retry)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		want := http.StatusUnauthorized
		if sign {
			want = http.StatusOK
		}
		if len(body) > maxBytes {
			want = http.StatusRequestEntityTooLarge
		}
		if w.Code != want {
			t.Errorf("got status %d, want %d", w.Code, want)
		}
		got := in.all()
		if len(got) > 1 || (len(got) > 0 && want != http.StatusOK) {
			t.Errorf("%d delivered with status %d", len(got), w.Code)
		}
		for _, d := range got {
			mustBeObject(t, d)
		}
	})
}

func mustBeObject(t *testing.T, d Delivery) {
	t.Helper()
	var object map[string]json.RawMessage
	if err := json.Unmarshal(d.Payload, &object); err != nil || object == nil || d.Retry < 0 {
		t.Errorf("delivered %s with retry %d and payload %q: %v", d.Kind, d.Retry, d.Payload, err)
	}
}

// Law: an envelope that has an id gives it up, however it is read, and its acknowledgement names it; and what is
// delivered is a JSON object.
func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(`{"type":"events_api","envelope_id":"e","payload":{"event":{}},"retry_attempt":1,"retry_reason":"timeout"}`))
	f.Add([]byte(`{"type":"hello","num_connections":1,"debug_info":{"approximate_connection_time":18060}}`))
	f.Add([]byte(`{"type":"disconnect","reason":"warning"}`))
	f.Add([]byte(`{"payload":[[[{"envelope_id":"inner"}]]],"envelope_id":"outer","type":{"type":"x"}}`))
	f.Add([]byte(`{"envelope_id":"a","envelope_id":{"type":"b"},"payload":null`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		e := parseEnvelope(frame)
		if d := (Delivery{Kind: Kind(e.kind), Payload: e.payload, Retry: e.retry}); deliverable(d.Kind, d.Payload) {
			mustBeObject(t, d)
		}
		var ack struct {
			ID string `json:"envelope_id"`
		}
		if err := json.Unmarshal(acknowledgement(e.id), &ack); err != nil || ack.ID != e.id {
			t.Errorf("the acknowledgement of %q names %q: %v", e.id, ack.ID, err)
		}
		id, kind, plain := outermost(frame)
		if !plain {
			return
		}
		if s := salvage(frame); e.id != id || s.id != id || e.kind != kind || s.kind != kind {
			t.Errorf("got %q of type %q, salvaged %q of type %q, want %q of type %q", e.id, e.kind, s.id, s.kind, id, kind)
		}
	})
}

// outermost reads the id and the type as plainly as can be. A frame that is no object, or that spells one of the names in
// capitals, for which the readers may differ, is not plain.
func outermost(frame []byte) (id, kind string, plain bool) {
	var object map[string]any
	if json.Unmarshal(frame, &object) != nil || object == nil {
		return "", "", false
	}
	for name := range object {
		for _, known := range []string{"type", "envelope_id"} {
			if name != known && strings.EqualFold(name, known) {
				return "", "", false
			}
		}
	}
	id, _ = object["envelope_id"].(string)
	kind, _ = object["type"].(string)
	return id, kind, true
}
