package receive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

// sample is one payload that Slack, or its own tests, published.
type sample struct {
	name string
	Delivery
}

// samples returns all payloads of the shared folder.
func samples(t testing.TB) []sample {
	t.Helper()
	var all []sample
	for pattern, kind := range map[string]Kind{"events/*.json": Event, "backend/*.json": Interaction} {
		names, err := filepath.Glob(filepath.Join(shared(t, "slack/payloads"), pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("no payloads in %s: %v", pattern, err)
		}
		for _, name := range names {
			of := kind
			if strings.HasPrefix(filepath.Base(name), "SlashCommand") {
				of = Command
			}
			all = append(all, sample{filepath.Base(name), Delivery{Kind: of, Payload: compact(t, load(t, name))}})
		}
	}
	for i, e := range envelopes(t) {
		all = append(all, sample{fmt.Sprint("envelope ", i), Delivery{Kind: e.Type, Payload: compact(t, e.Payload)}})
	}
	return all
}

type sampleEnvelope struct {
	ID      string `json:"envelope_id"`
	Type    Kind
	Payload json.RawMessage
}

func envelopes(t testing.TB) []sampleEnvelope {
	t.Helper()
	var all []sampleEnvelope
	if err := json.Unmarshal(load(t, shared(t, "slack/payloads/socket-envelopes.json")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func load(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compact(t testing.TB, text []byte) json.RawMessage {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// request returns the content type and the body that the delivery has over HTTP.
func (s sample) request(t testing.TB) (contentType, body string) {
	t.Helper()
	switch s.Kind {
	case Interaction:
		return formType, url.Values{"payload": {string(s.Payload)}}.Encode()
	case Command:
		var fields map[string]any
		if err := json.Unmarshal(s.Payload, &fields); err != nil {
			t.Fatal(err)
		}
		form := url.Values{}
		for name, value := range fields {
			form.Set(name, fmt.Sprint(value))
		}
		return formType, form.Encode()
	}
	return jsonType, string(s.Payload)
}

func TestSamplesOverHTTP(t *testing.T) {
	in := &inbox{}
	server := httptest.NewServer(NewHTTP(testSecret, atVector, keeping(in.deliver), nil))
	defer server.Close()
	for _, s := range samples(t) {
		contentType, body := s.request(t)
		w := post(server.Config.Handler, "/slack/events", contentType, body)
		got := in.all()
		if w.Code != 200 || w.Body.Len() > 0 || len(got) != 1 {
			t.Errorf("%s: status %d with %q, %d delivered", s.name, w.Code, w.Body, len(got))
			continue
		}
		if diff := cmp.Diff(inOrder(t, got[0]), inOrder(t, s.Delivery)); diff != "" {
			t.Errorf("%s: delivered (-got +want):\n%s", s.name, diff)
		}
		in.taken = nil
	}
}

// inOrder writes a delivery with its fields in order, to be compared.
func inOrder(t testing.TB, d Delivery) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(d.Payload, &object); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s, retry %d: %s", d.Kind, d.Retry, text)
}

func TestSamplesOverSocket(t *testing.T) {
	all := samples(t)
	running0 := goleak.IgnoreCurrent()
	var got []string
	done := make(chan struct{})
	in, log := &inbox{}, &journal{}
	slack, s := overLoopback(t, func(_ int, p *fakePeer) {
		p.hello()
		for i, s := range all {
			p.say(fmt.Sprintf(`{"type":%q,"envelope_id":"%d","payload":%s,"accepts_response_payload":false}`, s.Kind, i, s.Payload))
		}
		for range all {
			got = append(got, p.acked())
		}
		close(done)
		p.linger()
	}, in, log)
	stop := running(s)
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("not all acknowledged within a minute")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	slack.playing.Wait()
	var want []string
	for i := range all {
		want = append(want, fmt.Sprint(i))
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("acknowledged (-got +want):\n%s", diff)
	}
	for i, d := range in.all() {
		if d.Kind != all[i].Kind || d.Retry != 0 || string(d.Payload) != string(all[i].Payload) {
			t.Errorf("%s: not delivered as it was sent, but as %s", all[i].name, d.Kind)
		}
	}
	if n := len(in.all()); n != len(all) {
		t.Errorf("got %d delivered, want %d", n, len(all))
	}
	log.leaksNone(t, ticket, "U111", "testxyz", "verification-token")
	goleak.VerifyNone(t, running0, goleak.IgnoreAnyFunction("net/http.(*Server).Serve"))
}

// The envelopes as they were published, other fields included.
func TestSampleEnvelopes(t *testing.T) {
	var frames []json.RawMessage
	if err := json.Unmarshal(load(t, shared(t, "slack/payloads/socket-envelopes.json")), &frames); err != nil {
		t.Fatal(err)
	}
	for i, want := range envelopes(t) {
		e := parseEnvelope(frames[i])
		got := sampleEnvelope{ID: e.id, Type: Kind(e.kind), Payload: e.payload}
		if diff := cmp.Diff(got, want); diff != "" || !deliverable(got.Type, got.Payload) {
			t.Errorf("envelope %d: deliverable %v (-got +want):\n%s", i, deliverable(got.Type, got.Payload), diff)
		}
	}
}
