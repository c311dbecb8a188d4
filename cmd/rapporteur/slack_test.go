package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// fakeSlack is a Slack on loopback: Socket Mode, and a Web API that refuses blocks over Slack's limits.
type fakeSlack struct {
	*httptest.Server
	send chan string // envelopes to deliver

	mu     sync.Mutex
	acked  map[string]time.Duration // by envelope, from sending
	sent   map[string]time.Time
	posts  []map[string]string
	change chan struct{} // holds one when something came in
}

func newFakeSlack(t *testing.T) *fakeSlack {
	f := &fakeSlack{send: make(chan string, 1000), acked: map[string]time.Duration{}, sent: map[string]time.Time{}, change: make(chan struct{}, 1)}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// ServeHTTP implements [http.Handler].
func (f *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := map[string]any{"ok": true}
	switch r.URL.Path {
	case "/socket":
		f.socket(w, r)
		return
	case "/api/auth.test":
		answer["user_id"], answer["team_id"] = "U111", "T111"
	case "/api/apps.connections.open":
		answer["url"] = "ws" + strings.TrimPrefix(f.URL, "http") + "/socket"
	case "/api/chat.postMessage", "/respond":
		if wrong := f.take(r); wrong != "" {
			answer = map[string]any{"ok": false, "error": wrong}
		}
		answer["channel"], answer["ts"] = "C111", "1.1"
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// take notes a message, and says what Slack would hold against it.
func (f *fakeSlack) take(r *http.Request) string {
	post := map[string]string{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var body map[string]json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&body)
		for k, v := range body {
			post[k] = string(v)
		}
	} else {
		_ = r.ParseForm()
		for k := range r.Form {
			post[k] = r.Form.Get(k)
		}
	}
	f.mu.Lock()
	f.posts = append(f.posts, post)
	f.mu.Unlock()
	f.changed()
	return wrongBlocks(post["blocks"])
}

// wrongBlocks holds the limits of docs.slack.dev/reference/block-kit that all messages share.
func wrongBlocks(text string) string {
	var blocks []map[string]any
	if err := json.Unmarshal([]byte(text), &blocks); err != nil || len(blocks) > 50 {
		return "invalid_blocks"
	}
	ids := map[any]bool{}
	for _, b := range blocks {
		if id := b["block_id"]; id != nil && ids[id] {
			return "invalid_blocks"
		} else if id != nil {
			ids[id] = true
		}
		elements, _ := b["elements"].([]any)
		if b["type"] == "actions" && (len(elements) == 0 || len(elements) > 25) {
			return "invalid_blocks"
		}
	}
	total := 0
	for _, b := range blocks {
		if overLimit(b, &total) {
			return "invalid_blocks"
		}
	}
	if total > 13_200 { // measured by others: bolt-js#2509
		return "msg_blocks_too_long"
	}
	return ""
}

// overLimit looks at an object and all in it: 75 characters of a button's text, 2,000 of a value, 255 of an id, 3,000 of a
// section's text, and no empty text. total adds up all text.
func overLimit(object map[string]any, total *int) bool {
	length := func(key string) int {
		s, _ := object[key].(string)
		return utf8.RuneCountInString(s)
	}
	*total += length("text")
	_, has := object["text"].(string)
	if has && (length("text") == 0 || length("text") > 3000) || length("value") > 2000 || length("action_id") > 255 || length("block_id") > 255 {
		return true
	}
	if label, ok := object["text"].(map[string]any); ok && object["type"] == "button" && utf8.RuneCountInString(fmt.Sprint(label["text"])) > 75 {
		return true
	}
	for _, v := range object {
		inner, _ := v.([]any)
		if one, ok := v.(map[string]any); ok {
			inner = []any{one}
		}
		for _, i := range inner {
			if deeper, ok := i.(map[string]any); ok && overLimit(deeper, total) {
				return true
			}
		}
	}
	return false
}

// TestFakeRefuses checks that the fake holds the limits that it claims.
func TestFakeRefuses(t *testing.T) {
	section := func(n int) string {
		return fmt.Sprintf(`{"type":"section","text":{"type":"plain_text","text":%q}}`, strings.Repeat("x", n))
	}
	for _, test := range []struct{ blocks, want string }{
		{"[" + section(3000) + "]", ""},
		{"[" + section(3001) + "]", "invalid_blocks"},
		{"[" + section(0) + "]", "invalid_blocks"},
		{"[" + strings.TrimSuffix(strings.Repeat(section(1)+",", 50), ",") + "]", ""},
		{"[" + strings.TrimSuffix(strings.Repeat(section(1)+",", 51), ",") + "]", "invalid_blocks"},
		{"[" + strings.TrimSuffix(strings.Repeat(section(2700)+",", 5), ",") + "]", "msg_blocks_too_long"},
		{`[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"` + strings.Repeat("x", 76) + `"}}]}]`, "invalid_blocks"},
		{`[{"type":"actions","elements":[]}]`, "invalid_blocks"},
		{"nonsense", "invalid_blocks"},
	} {
		if got := wrongBlocks(test.blocks); got != test.want {
			t.Errorf("%.80s: %q; want %q", test.blocks, got, test.want)
		}
	}
}

func (f *fakeSlack) socket(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	_ = c.Write(ctx, websocket.MessageText, []byte(`{"type":"hello","num_connections":1,"connection_info":{"app_id":"A1"}}`))
	go func() {
		defer cancel()
		for {
			_, data, err := c.Read(ctx)
			if err != nil {
				return
			}
			f.ack(data)
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case envelope := <-f.send:
			if c.Write(ctx, websocket.MessageText, []byte(envelope)) != nil {
				return
			}
		}
	}
}

func (f *fakeSlack) ack(data []byte) {
	var a struct {
		ID string `json:"envelope_id"`
	}
	_ = json.Unmarshal(data, &a)
	f.mu.Lock()
	f.acked[a.ID] = time.Since(f.sent[a.ID])
	f.mu.Unlock()
	f.changed()
}

func (f *fakeSlack) changed() {
	select {
	case f.change <- struct{}{}:
	default:
	}
}

func (f *fakeSlack) deliver(id, envelope string) {
	f.mu.Lock()
	f.sent[id] = time.Now()
	f.mu.Unlock()
	f.send <- envelope
}

// wait waits until the condition holds, which is looked at under the lock whenever something came in.
func (f *fakeSlack) wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		f.mu.Lock()
		ok := holds()
		f.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-f.change:
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// start runs the real command against the fake, and stops it when the test ends.
func (f *fakeSlack) start(t *testing.T) {
	t.Chdir(t.TempDir())
	env := map[string]string{"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary", "SLACK_API_URL": f.URL + "/api/"}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, nil, func(name string) string { return env[name] }, console{strings.NewReader(""), io.Discard, io.Discard})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitAnswered {
			t.Errorf("the bot ended with code %d", code)
		}
	})
}

func envelope(id, kind, payload string) string {
	return fmt.Sprintf(`{"envelope_id":%q,"type":%q,"accepts_response_payload":false,"payload":%s}`, id, kind, payload)
}

func event(kind, text, ts, more string) string {
	return fmt.Sprintf(`{"type":"event_callback","team_id":"T111","event_id":"Ev%s%s","event":{"type":%q,"user":"U222","text":%q,"ts":%q,"channel":"C111","event_ts":%q%s}}`, kind, ts, kind, text, ts, ts, more)
}

// TestSocketMode asks over the wire, as Slack would deliver it.
func TestSocketMode(t *testing.T) {
	f := newFakeSlack(t)
	f.start(t)
	f.deliver("1", envelope("1", "events_api", event("app_mention", "<@U111> who organized the side event?", "10.1", "")))
	f.deliver("2", envelope("2", "events_api", event("message", "<@U111> who organized the side event?", "10.1", `,"channel_type":"channel"`)))
	f.deliver("3", envelope("3", "slash_commands", fmt.Sprintf(`{"command":"/recommendation","text":"b","team_id":"T111","channel_id":"C111","user_id":"U222","trigger_id":"1.1","response_url":%q}`, f.URL+"/respond")))
	f.deliver("4", envelope("4", "events_api", event("message", "joined", "10.3", `,"subtype":"channel_join"`)))
	f.deliver("5", envelope("5", "events_api", event("message", "my own words", "10.4", `,"bot_id":"B1","channel_type":"im"`)))
	f.wait(t, "five acknowledgements and two replies", func() bool { return len(f.acked) == 5 && len(f.posts) >= 2 })
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, took := range f.acked {
		if took > 3*time.Second {
			t.Errorf("envelope %s was acknowledged after %s", id, took)
		}
	}
	if len(f.posts) != 2 {
		t.Fatalf("%d replies; want 2: one for the mention, one for the command", len(f.posts))
	}
	for _, p := range f.posts {
		if wrong := wrongBlocks(p["blocks"]); wrong != "" {
			t.Errorf("Slack would refuse this: %s\n%s", wrong, p["blocks"])
		}
		switch {
		case p["channel"] != "" && (p["thread_ts"] != "10.1" || !strings.Contains(p["text"], "Government of Turkey")):
			t.Errorf("the mention was answered with %q in thread %q", p["text"], p["thread_ts"])
		case p["channel"] == "" && !strings.Contains(p["text"], "conclusion (b)"):
			t.Errorf("the command was answered with %q", p["text"])
		}
	}
}

// TestAllEnvelopes delivers every sample payload that is at hand: all are acknowledged, and the bot lives on.
func TestAllEnvelopes(t *testing.T) {
	samples, _ := filepath.Glob("../../../shared/slack/payloads/*/*.json")
	if len(samples) == 0 {
		t.Skip("the sample payloads are not here")
	}
	kinds := map[string]string{"events": "events_api", "backend": "interactive"}
	var envelopes []string
	for _, file := range samples {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := kinds[filepath.Base(filepath.Dir(file))]
		if strings.Contains(file, "SlashCommand") {
			kind = "slash_commands"
		}
		envelopes = append(envelopes, envelope(filepath.Base(file), kind, string(data)))
	}
	for i, odd := range []string{`null`, `[]`, `"text"`, `{"type":"app_home_opened","view":{"state":{"values":[]}}}`} {
		envelopes = append(envelopes, envelope(fmt.Sprint("odd-", i), "events_api", odd))
	}
	f := newFakeSlack(t)
	f.start(t)
	for _, e := range envelopes {
		f.deliver(idOf(e), strings.ReplaceAll(e, "\n", " "))
	}
	f.wait(t, "every envelope acknowledged", func() bool { return len(f.acked) == len(envelopes) })
	f.deliver("after", envelope("after", "events_api", event("app_mention", "<@U111> Vienna?", "99.1", "")))
	f.wait(t, "an answer after all that", func() bool {
		return slices.ContainsFunc(f.posts, func(p map[string]string) bool { return strings.Contains(p["text"], "Vienna") })
	})
}

func idOf(envelope string) string {
	_, rest, _ := strings.Cut(envelope, `"envelope_id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}
