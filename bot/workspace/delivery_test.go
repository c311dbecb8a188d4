package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestHTTP(t *testing.T) {
	type request struct {
		header http.Header
		body   string
	}
	got := make(chan request, 10)
	status := make(chan int, 10)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var c struct{ Challenge string }
		if json.Unmarshal(body, &c) == nil && c.Challenge != "" {
			_, _ = rw.Write([]byte(c.Challenge))
			return
		}
		got <- request{r.Header, string(body)}
		rw.WriteHeader(<-status)
	}))
	defer server.Close()
	w := open(t, Options{BotName: "bot", Endpoints: Endpoints{server.URL, server.URL, server.URL}, Retries: []time.Duration{0}})
	if err := w.VerifyEndpoint(t.Context()); err != nil {
		t.Error(err)
	}
	status <- 500
	status <- 200
	if _, err := w.Say("ada", "general", "", "@bot hello"); err != nil {
		t.Fatal(err)
	}
	first, again := <-got, <-got
	for _, r := range []request{first, again} {
		h := http.Header{}
		seconds, _ := time.ParseDuration(r.header.Get("X-Slack-Request-Timestamp") + "s")
		Sign(h, w.o.SigningSecret, time.Unix(int64(seconds.Seconds()), 0), []byte(r.body))
		if h.Get("X-Slack-Signature") != r.header.Get("X-Slack-Signature") {
			t.Error("the signature does not hold")
		}
	}
	if n, reason := again.header.Get("X-Slack-Retry-Num"), again.header.Get("X-Slack-Retry-Reason"); n != "1" || reason != "http_error" {
		t.Errorf("retry %q for %q", n, reason)
	}
	status <- 200
	if err := w.Command("ada", "general", "", "/report", "a b"); err != nil {
		t.Fatal(err)
	}
	if form, _ := url.ParseQuery((<-got).body); form.Get("command") != "/report" || form.Get("text") != "a b" {
		t.Errorf("odd form: %v", form)
	}
}

// TestSign uses the vector of Slack's documentation (authentication/verifying-requests-from-slack).
func TestSign(t *testing.T) {
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	h := http.Header{}
	Sign(h, "8f742231b10e8888abcd99yyyzzz85a5", time.Unix(1531420618, 0), []byte(body))
	if got := h.Get("X-Slack-Signature"); got != "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503" {
		t.Error(got)
	}
}

func TestFaults(t *testing.T) {
	w := open(t, Options{BotName: "bot"})
	a := connect(t, w, nil)
	w.Break("auth.test", 1, Fault{Status: 429, RetryAfter: 7 * time.Second})
	w.Break("auth.test", 1, Fault{Error: "fatal_error"})
	if r := call(t, w, "auth.test", nil); r.Status != 429 || r.Header.Get("Retry-After") != "7" {
		t.Errorf("%d, Retry-After %q", r.Status, r.Header.Get("Retry-After"))
	}
	if r := call(t, w, "auth.test", nil); r.Error != "fatal_error" {
		t.Errorf("%q", r.Error)
	}
	if r := call(t, w, "auth.test", nil); r.Error != "" {
		t.Errorf("%q after the faults", r.Error)
	}
	say := func(text string) {
		if _, err := w.Say("ada", "general", "", text); err != nil {
			t.Fatal(err)
		}
	}
	id := func() any { _, payload := a.next(t); return payload["event_id"] }
	w.Duplicate(1, SameEventID)
	say("@bot one")
	if first, second := id(), id(); first != second {
		t.Errorf("%v and %v", first, second)
	}
	w.Duplicate(1, NewEventID)
	say("@bot two")
	if first, second := id(), id(); first == second {
		t.Errorf("twice %v", first)
	}
	w.LoseAcks(1)
	say("@bot three")
	a.next(t)
	w.Hold()
	say("@bot four")
	say("@bot five")
	a.quiet(t)
	w.Release(Reversed)
	for _, want := range []string{"five", "four"} {
		if _, payload := a.next(t); !strings.HasSuffix(payload["event"].(map[string]any)["text"].(string), want) {
			t.Errorf("want %s, got %v", want, payload["event"])
		}
	}
}

func TestSockets(t *testing.T) {
	w := open(t, Options{})
	var apps []*app
	for range socketsMost {
		apps = append(apps, connect(t, w, nil))
	}
	wait(t, w, "ten connections", func() bool { return w.Connections() == socketsMost })
	address := call(t, w, "apps.connections.open", nil).Body["url"].(string)
	conn, _, err := websocket.Dial(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if _, raw, _ := conn.Read(t.Context()); !strings.Contains(string(raw), "too_many_websockets") {
		t.Errorf("the eleventh got %s", raw)
	}
	if _, _, err := websocket.Dial(t.Context(), address, nil); err == nil {
		t.Error("an address was used twice")
	}
	w.Disconnect("refresh_requested")
	for _, a := range apps {
		if e, _ := a.next(t); e.Type != "disconnect" || e.Reason != "refresh_requested" {
			t.Errorf("want a disconnect, got %+v", e)
		}
	}
	w.DropConnections()
	wait(t, w, "no connection", func() bool { return w.Connections() == 0 })
}

// TestSamples delivers payloads of others through the workspace, over the socket.
func TestSamples(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/slack/payloads/*/*.json")
	if len(files) == 0 {
		t.Skip("the sample payloads are not here")
	}
	w := open(t, Options{})
	a := connect(t, w, nil)
	kinds := map[string]string{"events": kindEvent, "backend": kindInteraction}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := kinds[filepath.Base(filepath.Dir(file))]
		id := w.Push(kind, raw)
		a.next(t)
		wait(t, w, "an acknowledgement of "+file, func() bool {
			return slices.ContainsFunc(w.Acks(), func(k Ack) bool { return k.Delivery == id && k.Outcome == Acked })
		})
	}
}

// TestShapes compares what the workspace sends with payloads of others: each key of ours is one of theirs.
func TestShapes(t *testing.T) {
	const folder = "../../../shared/slack/payloads/"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the sample payloads are not here")
	}
	w := open(t, Options{BotName: "bot"})
	a := connect(t, w, nil)
	blocks := json.RawMessage(actionsOf(`[` + buttonOf(`,"action_id":"go"`) + `]`))
	ts := call(t, w, "chat.postMessage", object{"channel": "general", "text": "t", "blocks": blocks}).Body["ts"].(string)
	_, said := w.Say("ada", "general", "", "@bot hello")
	for _, err := range []error{
		said, w.Command("ada", "general", "", "/report", "x"), w.Click("ada", Use{Channel: "C0GENERAL", TS: ts, Action: "go"}), w.OpenHome("ada", "home"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	known := map[string][]string{ // newer than the samples; docs.slack.dev
		"events/AppHomeOpenedPayload.json": {}, "events/AppMentionPayload.json": {"event_context", "is_ext_shared_channel"},
	}
	for _, file := range []string{"events/AppMentionPayload.json", "backend/SlashCommandPayload.json", "backend/BlockActionPayload.json", "events/AppHomeOpenedPayload.json"} {
		_, ours := a.next(t)
		raw, err := os.ReadFile(folder + file)
		if err != nil {
			t.Fatal(err)
		}
		var theirs map[string]any
		if err := json.Unmarshal(raw, &theirs); err != nil {
			t.Fatal(err)
		}
		for key := range ours {
			if _, ok := theirs[key]; !ok && !slices.Contains(known[file], key) {
				t.Errorf("%s has no key %q", file, key)
			}
		}
	}
}

// TestClose leaves nothing behind: see TestMain.
func TestClose(t *testing.T) {
	w, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = w.Wait(ctx, "nothing", func() bool { return false }) })
	connect(t, w, nil)
	if _, err := w.Say("ada", "general", "", fmt.Sprint("hello ", w.Mention())); err != nil {
		t.Fatal(err)
	}
	w.Close()
	w.Close()
	cancel()
	wg.Wait()
}
