package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open starts a workspace without a limit on its rate, unless the options have one.
func open(t *testing.T, o Options) *Workspace {
	t.Helper()
	if o.Rate == (Rate{}) {
		o.Rate.Off = true
	}
	w, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// answer is what a call got.
type answer struct {
	Status int
	Header http.Header
	Error  string
	Body   map[string]any
	Faults []string // response_metadata.messages
}

// call calls a method with JSON and the bot's token, or the app's where the method wants it.
func call(t *testing.T, w *Workspace, method string, args object) answer {
	t.Helper()
	token := w.o.BotToken
	if method == "apps.connections.open" {
		token = w.o.AppToken
	}
	return post(t, w.URL()+method, "Bearer "+token, args)
}

func post(t *testing.T, address, authorization string, args object) answer {
	t.Helper()
	raw, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Authorization", authorization)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Status: resp.StatusCode, Header: resp.Header}
	if json.Unmarshal(body, &a.Body) != nil {
		a.Error = strings.TrimSpace(string(body))
		return a
	}
	a.Error, _ = a.Body["error"].(string)
	metadata, _ := a.Body["response_metadata"].(map[string]any)
	messages, _ := metadata["messages"].([]any)
	for _, m := range messages {
		a.Faults = append(a.Faults, fmt.Sprint(m))
	}
	return a
}

// app is an app on Socket Mode that acknowledges what it gets, with the payload that respond makes.
type app struct {
	w    *Workspace
	got  chan envelopeIn
	conn *websocket.Conn
}

type envelopeIn struct {
	ID      string          `json:"envelope_id"`
	Type    string          `json:"type"`
	Reason  string          `json:"reason"`
	Payload json.RawMessage `json:"payload"`
	Attempt int             `json:"retry_attempt"`
	Why     string          `json:"retry_reason"`
}

// connect opens a connection and reads its hello. respond may be nil; it returns what goes with an acknowledgement, and
// whether to acknowledge at all.
func connect(t *testing.T, w *Workspace, respond func(envelopeIn) (any, bool)) *app {
	t.Helper()
	before := w.Connections()
	address, _ := call(t, w, "apps.connections.open", nil).Body["url"].(string)
	conn, _, err := websocket.Dial(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{w: w, got: make(chan envelopeIn, 1000), conn: conn}
	var hello envelopeIn
	if _, raw, err := conn.Read(t.Context()); err != nil || json.Unmarshal(raw, &hello) != nil || hello.Type != "hello" {
		t.Fatalf("want hello, got %s, %v", raw, err)
	}
	wait(t, w, "the connection", func() bool { return w.Connections() > before })
	ended := make(chan struct{})
	go func() { defer close(ended); a.listen(respond) }()
	t.Cleanup(func() { _ = conn.CloseNow(); <-ended })
	return a
}

func (a *app) listen(respond func(envelopeIn) (any, bool)) {
	for {
		_, raw, err := a.conn.Read(context.Background())
		if err != nil {
			return
		}
		var e envelopeIn
		_ = json.Unmarshal(raw, &e)
		a.got <- e
		ack, ok := object{"envelope_id": e.ID}, true
		if respond != nil {
			var payload any
			if payload, ok = respond(e); payload != nil {
				ack["payload"] = payload
			}
		}
		if raw, _ := json.Marshal(ack); ok && e.ID != "" {
			_ = a.conn.Write(context.Background(), websocket.MessageText, raw)
		}
	}
}

// next is the next envelope.
func (a *app) next(t *testing.T) (envelopeIn, map[string]any) {
	t.Helper()
	select {
	case e := <-a.got:
		var payload map[string]any
		_ = json.Unmarshal(e.Payload, &payload)
		return e, payload
	case <-time.After(10 * time.Second):
		t.Fatal("no envelope came")
		return envelopeIn{}, nil
	}
}

// quiet fails when an envelope is there. What could come was sent before, in order.
func (a *app) quiet(t *testing.T) {
	t.Helper()
	select {
	case e := <-a.got:
		t.Fatalf("unwanted envelope: %s", e.Payload)
	default:
	}
}

func wait(t *testing.T, w *Workspace, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := w.Wait(ctx, what, holds); err != nil {
		t.Fatal(err)
	}
}
