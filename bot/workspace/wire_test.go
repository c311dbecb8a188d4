package workspace

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestMention(t *testing.T) {
	w := open(t, Options{BotName: "Rapporteur", Scopes: []string{"app_mentions:read", "channels:history", "chat:write"}, Events: []string{"app_mention", "message.channels"}})
	a := connect(t, w, nil)
	ts, err := w.Say("ada", "general", "", "@rapporteur who <held> it?")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"app_mention", "message"} {
		e, payload := a.next(t)
		event := payload["event"].(map[string]any)
		if event["type"] != want || event["text"] != "<@U0BOT> who &lt;held&gt; it?" || event["ts"] != ts || event["user"] != "U0ADA" {
			t.Errorf("want %s, got %v", want, event)
		}
		if e.Type != kindEvent || payload["event_id"] == "" || payload["team_id"] != "T0LOCAL" {
			t.Errorf("odd wrapper: %s", e.Payload)
		}
	}
	if _, err := w.Say("ada", "general", "", "no mention"); err != nil {
		t.Fatal(err)
	}
	if _, payload := a.next(t); payload["event"].(map[string]any)["type"] != "message" {
		t.Errorf("a message without a mention came as %v", payload["event"])
	}
}

func TestNotMember(t *testing.T) {
	w := open(t, Options{})
	if a := call(t, w, "chat.postMessage", object{"channel": "random", "text": "t"}); a.Error != "not_in_channel" {
		t.Errorf("posted outside: %q", a.Error)
	}
	if _, err := w.Say("ada", "random", "", "@rapporteur hello"); err != nil {
		t.Fatal(err)
	}
	if m := w.Messages("random", "ada"); len(m) != 2 || m[1].User != "USLACKBOT" || m[1].Ephemeral != "U0ADA" {
		t.Errorf("want a word from Slackbot, got %+v", m)
	}
	if err := w.Command("ada", "random", "", "/invite", ""); err != nil {
		t.Fatal(err)
	}
	if a := call(t, w, "chat.postMessage", object{"channel": "random", "text": "t"}); a.Error != "" {
		t.Errorf("after the invitation: %q", a.Error)
	}
}

// TestRefusals is about tokens, scopes and names: an error code for each.
func TestRefusals(t *testing.T) {
	w := open(t, Options{Scopes: []string{"commands"}})
	for _, test := range []struct{ method, token, want string }{
		{"auth.test", w.o.BotToken, ""},
		{"auth.test", "", "not_authed"},
		{"auth.test", "xoxb-another", "invalid_auth"},
		{"apps.connections.open", w.o.BotToken, "not_allowed_token_type"},
		{"chat.postMessage", w.o.BotToken, "missing_scope"},
		{"chat.conjure", w.o.BotToken, "unknown_method"},
	} {
		a := post(t, w.URL()+test.method, "Bearer "+test.token, object{"channel": "general", "text": "t"})
		if a.Error != test.want {
			t.Errorf("%s: %q; want %q", test.method, a.Error, test.want)
		}
		if test.want == "missing_scope" && (a.Body["needed"] != "chat:write" || a.Body["provided"] != "commands") {
			t.Errorf("missing_scope without its scopes: %v", a.Body)
		}
	}
	w = open(t, Options{})
	for _, test := range []struct {
		method string
		args   object
		want   string
	}{
		{"chat.postMessage", object{"channel": "nowhere", "text": "t"}, "channel_not_found"},
		{"chat.postMessage", object{"channel": "general", "text": "t", "thread_ts": "yesterday"}, "invalid_thread_ts"},
		{"chat.postMessage", object{"channel": "general", "text": "t", "thread_ts": "1.000001"}, "thread_not_found"},
		{"chat.postEphemeral", object{"channel": "general", "text": "t", "user": "U0NOBODY"}, "user_not_found"},
		{"chat.update", object{"channel": "general", "text": "t", "ts": "1.000001"}, "message_not_found"},
		{"chat.delete", object{"channel": "general", "ts": "1.000001"}, "message_not_found"},
		{"views.open", object{"trigger_id": "1.1.x", "view": view("", `[]`)["view"]}, "invalid_trigger_id"},
		{"views.publish", object{"user_id": "U0NOBODY", "view": json.RawMessage(`{"type":"home","blocks":[]}`)}, "user_not_found"},
	} {
		if a := call(t, w, test.method, test.args); a.Error != test.want {
			t.Errorf("%s %v: %q; want %q", test.method, test.args, a.Error, test.want)
		}
	}
}

func TestRate(t *testing.T) {
	clock := NewManualClock(noon)
	w := open(t, Options{Clock: clock, Rate: Rate{Every: time.Second, Burst: 1}})
	say := func(channel string) answer {
		return call(t, w, "chat.postMessage", object{"channel": channel, "text": "t"})
	}
	if a := say("general"); a.Error != "" {
		t.Fatal(a.Error)
	}
	if a := say("general"); a.Error != "ratelimited" || a.Status != 429 || a.Header.Get("Retry-After") != "1" {
		t.Errorf("second message at once: %d %q, Retry-After %q", a.Status, a.Error, a.Header.Get("Retry-After"))
	}
	if a := say(w.DirectMessage("ada")); a.Error != "" {
		t.Errorf("another channel was held up: %q", a.Error)
	}
	clock.Advance(time.Second)
	if a := say("general"); a.Error != "" {
		t.Errorf("a second later: %q", a.Error)
	}
}

// TestRetries has the app acknowledge nothing: Slack sends an event again at once, after one minute, after five.
func TestRetries(t *testing.T) {
	clock := NewManualClock(noon)
	w := open(t, Options{Clock: clock, BotName: "bot"})
	a := connect(t, w, func(envelopeIn) (any, bool) { return nil, false })
	if _, err := w.Say("ada", "general", "", "@bot hello"); err != nil {
		t.Fatal(err)
	}
	first, payload := a.next(t)
	for attempt, after := range []time.Duration{3 * time.Second, 63 * time.Second, 303 * time.Second} {
		clock.Advance(after)
		e, again := a.next(t)
		if e.Attempt != attempt+1 || e.Why != "timeout" || e.ID == first.ID || again["event_id"] != payload["event_id"] {
			t.Errorf("attempt %d: attempt %d for %q", attempt+1, e.Attempt, e.Why)
		}
	}
	clock.Advance(time.Hour)
	a.quiet(t)
	for _, k := range w.Acks() {
		if k.Outcome != TimedOut {
			t.Errorf("attempt %d: %s", k.Attempt, k.Outcome)
		}
	}
}

func TestResponseURL(t *testing.T) {
	clock := NewManualClock(noon)
	w := open(t, Options{Clock: clock})
	a := connect(t, w, nil)
	address := func() string {
		if err := w.Command("ada", "general", "", "/report", "who & where"); err != nil {
			t.Fatal(err)
		}
		e, payload := a.next(t)
		if e.Type != kindCommand || payload["text"] != "who &amp; where" || payload["channel_name"] != "general" {
			t.Fatalf("odd command: %s", e.Payload)
		}
		wait(t, w, "the acknowledgement", func() bool { return !slices.ContainsFunc(w.Acks(), func(k Ack) bool { return k.Outcome == Pending }) })
		return payload["response_url"].(string)
	}
	used := address()
	for i := range 5 {
		if a := post(t, used, "", object{"text": "t"}); a.Error != "ok" || a.Status != 200 {
			t.Errorf("use %d: %d %q", i+1, a.Status, a.Error)
		}
	}
	if a := post(t, used, "", object{"text": "t"}); a.Error != "used_url" || a.Status != 404 {
		t.Errorf("use 6: %d %q", a.Status, a.Error)
	}
	late := address()
	clock.Advance(30 * time.Minute)
	if a := post(t, late, "", object{"text": "t"}); a.Error != "ok" {
		t.Errorf("after 30 minutes: %q", a.Error)
	}
	clock.Advance(time.Second)
	if a := post(t, late, "", object{"text": "t"}); a.Error != "expired_url" {
		t.Errorf("after 30 minutes and a second: %q", a.Error)
	}
	if n := len(w.Messages("general", "ada")); n != 6 {
		t.Errorf("%d messages for Ada; want 6", n)
	}
	if n := len(w.Messages("general", "grace")); n != 0 {
		t.Errorf("Grace sees %d of Ada's private answers", n)
	}
	if a := post(t, address(), "", object{"blocks": json.RawMessage(`[{"type":"section"}]`)}); a.Error != "invalid_blocks" {
		t.Errorf("bad blocks: %q", a.Error)
	}
}

func TestCommandRefused(t *testing.T) {
	clock := NewManualClock(noon)
	w := open(t, Options{Clock: clock})
	a := connect(t, w, func(envelopeIn) (any, bool) { return nil, false })
	for _, err := range []error{
		w.Command("ada", "general", "", "/conjure", ""),
		w.Command("ada", "general", "1.1", "/report", "x"),
		w.Command("ada", "general", "", "/report", "x"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	a.next(t)
	clock.Advance(3 * time.Second)
	var said []string
	for _, m := range w.Messages("general", "ada") {
		said = append(said, m.Text)
	}
	want := []string{"/conjure is not a valid command.", "/report is not supported in threads. Sorry!", `/report failed with the error "dispatch_failed"`}
	if !slices.Equal(said, want) {
		t.Errorf("Slackbot said %q; want %q", said, want)
	}
}

func TestTrigger(t *testing.T) {
	clock := NewManualClock(noon)
	w := open(t, Options{Clock: clock})
	open := func(trigger string) string {
		return call(t, w, "views.open", object{"trigger_id": trigger, "view": view("", `[]`)["view"]}).Error
	}
	fresh, old := triggerOf(w), triggerOf(w)
	clock.Advance(3 * time.Second)
	if e := open(fresh); e != "" {
		t.Errorf("after three seconds: %q", e)
	}
	if e := open(fresh); e != "exchanged_trigger_id" {
		t.Errorf("used twice: %q", e)
	}
	clock.Advance(time.Millisecond)
	if e := open(old); e != "expired_trigger_id" {
		t.Errorf("after more than three seconds: %q", e)
	}
	if a := call(t, w, "views.push", object{"trigger_id": triggerOf(w), "view": view("", `[]`)["view"]}); a.Error != "not_found" {
		t.Errorf("pushed from outside a view: %q", a.Error)
	}
}

// TestModal clicks its way up to the third view, fills one in and submits it.
func TestModal(t *testing.T) {
	w := open(t, Options{})
	a := connect(t, w, func(e envelopeIn) (any, bool) {
		if strings.Contains(string(e.Payload), `"view_submission"`) {
			return object{"response_action": "errors", "errors": object{"in": "too short"}}, true
		}
		return nil, true
	})
	blocks := json.RawMessage(actionsOf(`[` + buttonOf(`,"action_id":"go","value":"7"`) + `]`))
	posted := call(t, w, "chat.postMessage", object{"channel": "general", "text": "t", "blocks": blocks})
	if err := w.Click("ada", Use{Channel: "C0GENERAL", TS: posted.Body["ts"].(string), Action: "go"}); err != nil {
		t.Fatal(err)
	}
	_, payload := a.next(t)
	action := payload["actions"].([]any)[0].(map[string]any)
	if payload["type"] != "block_actions" || action["value"] != "7" || action["type"] != "button" || payload["response_url"] == nil {
		t.Fatalf("odd click: %v", payload)
	}
	content := `[{"type":"input","block_id":"in","label":` + plainText(1) + `,"element":{"type":"plain_text_input","action_id":"words"}},` +
		strings.Trim(string(blocks), "[]") + `]`
	content = strings.Replace(content, `"block_id":"in"`, `"block_id":"in","optional":false`, 1)
	sent := view(`,"submit":`+plainText(1)+`,"notify_on_close":true`, content)
	method := "views.open"
	for depth, want := range []string{"", "", "", "push_limit_reached"} {
		sent["trigger_id"] = payload["trigger_id"]
		if got := call(t, w, method, sent).Error; got != want {
			t.Fatalf("view %d: %q; want %q", depth+1, got, want)
		}
		top := w.Modals("ada")[min(depth, 2)]
		if err := w.Click("ada", Use{View: top.ID, Action: "go"}); err != nil {
			t.Fatal(err)
		}
		if _, payload = a.next(t); payload["response_url"] != nil || payload["container"].(map[string]any)["view_id"] != top.ID {
			t.Fatalf("odd click in a view: %v", payload)
		}
		method = "views.push"
	}
	top := w.Modals("ada")[2]
	if err := w.Submit("ada", top.ID, nil); err == nil {
		t.Error("a view was submitted with nothing in it")
	}
	if err := w.Submit("ada", top.ID, Values{"in": {"hi"}}); err != nil {
		t.Fatal(err)
	}
	wait(t, w, "the app's objection", func() bool { return w.Modals("ada")[2].Errors["in"] == "too short" })
	a.next(t)
	if err := w.CloseView("ada", top.ID); err != nil {
		t.Fatal(err)
	}
	if _, payload = a.next(t); payload["type"] != "view_closed" || len(w.Modals("ada")) != 2 {
		t.Errorf("after closing: %v, %d views", payload["type"], len(w.Modals("ada")))
	}
}
