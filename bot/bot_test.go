package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapporteur/bot/receive"
	"rapporteur/content"
)

func TestAnswersWhereAsked(t *testing.T) {
	for _, test := range []struct {
		name            string
		delivery        receive.Delivery
		channel, thread string
	}{
		{"mention", mention("1.2", "", "about smuggling"), "C1", "1.2"},
		{"mention in a thread", mention("1.2", "1.0", "about smuggling"), "C1", "1.0"},
		{"direct message", directMessage("1.2", "about smuggling"), "D1", ""},
		{"command in a mention", mention("1.2", "", "/recommendation b"), "C1", "1.2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTinySlack(t)
			handle(s.bot(conversation(sideEvent())), test.delivery)
			if len(s.posts) != 1 {
				t.Fatalf("got %d posts, want 1; log: %s", len(s.posts), s.log.String())
			}
			p := s.posts[0]
			if p.Get("channel") != test.channel || p.Get("thread_ts") != test.thread {
				t.Errorf("posted to %s, thread %q", p.Get("channel"), p.Get("thread_ts"))
			}
			if !strings.Contains(p.Get("text"), "Judicial cooperation") {
				t.Errorf("the text is %q", p.Get("text"))
			}
			for name, want := range map[string]string{"unfurl_links": "false", "unfurl_media": "false", "link_names": "false", "mrkdwn": "false"} {
				if got := p.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

// TestKeys gives what is the same the same key: Slack sends one message as two kinds of event, and under several IDs.
func TestKeys(t *testing.T) {
	inner := `{"type":"%","channel":"C1","channel_type":"channel","user":"U2","ts":"1.2","thread_ts":"1.0","text":"<@UBOT> about smuggling"}`
	asMention, asMessage := strings.Replace(inner, "%", "app_mention", 1), strings.Replace(inner, "%", "message", 1)
	s := newTinySlack(t)
	b := s.bot(conversation(sideEvent()))
	for _, test := range []struct {
		delivery     receive.Delivery
		keys         []string
		conversation string
	}{
		{withID(asMention, "Ev1"), []string{"event T1 Ev1", "message T1 C1/1.2"}, "T1 C1 1.0"},
		{withID(asMessage, "Ev2"), []string{"event T1 Ev2", "message T1 C1/1.2"}, "T1 C1 1.0"},
		{withID(asMention, ""), []string{"message T1 C1/1.2"}, "T1 C1 1.0"},
		{mention("1.2", "", "what?"), []string{"event T1 Ev1.2", "message T1 C1/1.2"}, "T1 C1 1.2"},
		{directMessage("1.2", "what?"), []string{"event T1 Ev1.2", "message T1 D1/1.2"}, "T1 D1 "},
		{s.slash("/report", "what?", "t1"), []string{"trigger T1 t1"}, "T1 C1 U2"},
		{s.click("share:1", "{}", "t2", "message"), []string{"trigger T1 t2"}, "T1 C1 U2147"},
		{withID(`{"type":"app_home_opened","user":"U2","tab":"home"}`, "Ev3"), []string{"event T1 Ev3"}, "T1 home U2"},
	} {
		task, ok := b.Read(test.delivery)
		if !ok || !slices.Equal(task.Keys, test.keys) || task.Conversation != test.conversation {
			t.Errorf("%s: %q in %q; want %q in %q", test.delivery.Payload, task.Keys, task.Conversation, test.keys, test.conversation)
		}
	}
	if _, ok := b.Read(withID(`{"type":"reaction_added","user":"U2"}`, "Ev4")); ok {
		t.Error("what is not for the bot became a task")
	}
}

// TestAgain does not say again what it finds said.
func TestAgain(t *testing.T) {
	for _, d := range []receive.Delivery{mention("1.2", "", "about smuggling"), mention("1.3", "1.0", "about smuggling"), directMessage("1.4", "about smuggling")} {
		s := newTinySlack(t)
		b := s.bot(conversation(sideEvent()))
		task, _ := b.Read(d)
		for i, want := range []int{1, 1, 1} {
			if err := b.Work(t.Context(), task.Body, true); err != nil || len(s.posts) != want {
				t.Errorf("try %d: %d posts, %v", i, len(s.posts), err)
			}
		}
		s.failures = []error{slack.SlackErrorResponse{Err: "internal_error"}}
		if err := b.Work(t.Context(), task.Body, true); err == nil || errors.Is(err, ErrHopeless) || len(s.posts) != 1 {
			t.Errorf("Slack is away: %d posts, %v", len(s.posts), err)
		}
		s.failures = []error{slack.SlackErrorResponse{Err: "missing_scope"}}
		if err := b.Work(t.Context(), task.Body, true); err != nil || len(s.posts) != 2 {
			t.Errorf("not allowed to look: %d posts, %v; want twice rather than never", len(s.posts), err)
		}
	}
}

// TestReplyHosts sends nothing to an address that isn't Slack's.
func TestReplyHosts(t *testing.T) {
	for host, want := range map[string]int{"": 0, "hooks.slack.com": 0, "own": 1} {
		s := newTinySlack(t)
		if host == "own" {
			host = strings.TrimPrefix(s.server.URL, "http://")
		}
		b := New(Config{Conversation: conversation(sideEvent()), Workspaces: Alone(s), Self: "UBOT", ReplyHosts: []string{host}})
		err := handle(b, s.slash("/report", "about smuggling", "t1"))
		if len(s.replies) != want || errors.Is(err, ErrHopeless) != (want == 0) {
			t.Errorf("%q: %d replies, %v", host, len(s.replies), err)
		}
	}
}

// TestErrors tells what passes from what doesn't.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		err      error
		hopeless bool
	}{
		{slack.SlackErrorResponse{Err: "channel_not_found"}, true},
		{slack.SlackErrorResponse{Err: "invalid_blocks"}, true},
		{slack.SlackErrorResponse{Err: "internal_error"}, false},
		{slack.StatusCodeError{Code: 503}, false},
		{slack.StatusCodeError{Code: 404}, true},
		{errors.New("connection reset"), false},
	} {
		s := newTinySlack(t)
		s.failures = []error{test.err}
		err := handle(s.bot(conversation(sideEvent())), mention("1.2", "", "about smuggling"))
		if err == nil || errors.Is(err, ErrHopeless) != test.hopeless {
			t.Errorf("%v became %v", test.err, err)
		}
	}
	if err := newTinySlack(t).bot(conversation(sideEvent())).Work(t.Context(), []byte("nonsense"), false); !errors.Is(err, ErrHopeless) {
		t.Errorf("nonsense: %v", err)
	}
}

func TestFollowUps(t *testing.T) {
	var got []string
	s := newTinySlack(t)
	c := corpus(sideEvent())
	b := s.bot(&Conversation{Corpus: c, Answerer: answererFunc(func(q content.Question) (content.Answer, error) {
		got = append(got, q.Text+" < "+q.After)
		return content.Answer{Verdict: content.None, Small: q.Text == "thanks!"}, nil
	})})
	for _, d := range []receive.Delivery{
		mention("1.0", "", "one"), mention("2.0", "", "two"), mention("3.0", "1.0", "three"), mention("4.0", "1.0", "help"),
		mention("5.0", "1.0", "thanks!"), mention("6.0", "1.0", "four"), directMessage("7.0", "five"), directMessage("8.0", "six"),
		s.slash("/report", "seven", "a"), s.slash("/report", "contents", "b"), s.slash("/recommendation", "eight words", "c"),
	} {
		handle(b, d)
	}
	want := "one < |two < |three < one|thanks! < three|four < three|five < |six < five|seven < |eight words < seven"
	if joined := strings.Join(got, "|"); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

func TestCommandsArePrivateAndShared(t *testing.T) {
	s := newTinySlack(t)
	b := s.bot(conversation(sideEvent()))
	handle(b, s.slash("/recommendation", "b", "t1"))
	if len(s.replies) != 1 || s.replies[0]["response_type"] != "ephemeral" {
		t.Fatalf("got %v", s.replies)
	}
	value := valueOf(t, s.replies[0], share)
	handle(b, s.click("share:1", value, "t2", "message"))
	if len(s.replies) != 3 {
		t.Fatalf("got %d replies, want 3; log: %s", len(s.replies), s.log.String())
	}
	public, note := s.replies[1], s.replies[2]
	if public["response_type"] != "in_channel" || public["replace_original"] != false {
		t.Errorf("shared as %v, replacing %v", public["response_type"], public["replace_original"])
	}
	encoded, _ := json.Marshal(public["blocks"])
	for _, want := range []string{`"user_id":"U2147"`, "/recommendation b", "Judicial cooperation"} {
		if !bytes.Contains(encoded, []byte(want)) {
			t.Errorf("what is shared lacks %s", want)
		}
	}
	if bytes.Contains(encoded, []byte(shareLabel)) {
		t.Error("what is shared can be shared again")
	}
	if note["replace_original"] != true || note["text"] != sharedNote {
		t.Errorf("the note is %v", note)
	}
}

func TestButtons(t *testing.T) {
	ref, asked := `{"d":"side-event","p":"conclusion-b"}`, `{"t":"every e"}`
	for _, test := range []struct {
		name, id, value, container string
		opened, pushed, replies    int
		says                       string
	}{
		{"context", "show_context:1", ref, "message", 1, 0, 0, "Just before"},
		{"context in a modal", "show_context:1", ref, "view", 0, 1, 0, "Just before"},
		{"context gone", "show_context:1", `{"d":"x","p":"y"}`, "message", 1, 0, 0, passageGone},
		{"more", "more_excerpts:1", asked, "message", 1, 0, 0, "[4] "},
		{"try", "try:2", `{"t":"/recommendation b"}`, "message", 0, 0, 1, shareLabel},
		{"try in a modal", "try:2", `{"t":"/recommendation b"}`, "view", 0, 1, 0, "Judicial"},
		{"share in a modal", "share:1", asked, "view", 0, 0, 0, ""},
		{"another", "open_settings", "", "message", 0, 0, 0, ""},
		{"odd value", "show_context:1", "x", "message", 0, 0, 0, ""},
		{"odd value to share", "share:1", "[]", "message", 0, 0, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTinySlack(t)
			handle(s.bot(conversation(sideEvent())), s.click(test.id, test.value, "t", test.container))
			if len(s.opened) != test.opened || len(s.pushed) != test.pushed || len(s.replies) != test.replies {
				t.Errorf("got %d opened, %d pushed, %d replies", len(s.opened), len(s.pushed), len(s.replies))
			}
			said, _ := json.Marshal([]any{s.opened, s.pushed, s.replies})
			if !bytes.Contains(said, []byte(test.says)) {
				t.Errorf("%s lacks %q", said, test.says)
			}
		})
	}
}

func TestRateLimitIsWaitedOut(t *testing.T) {
	limited := &slack.RateLimitedError{RetryAfter: time.Millisecond}
	for _, test := range []struct {
		name     string
		failures []error
		posts    int
	}{
		{"twice limited", []error{limited, limited}, 1},
		{"ambiguous", []error{errors.New("connection reset"), nil}, 0},
		{"limited for longer than there is time", []error{&slack.RateLimitedError{RetryAfter: time.Hour}}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTinySlack(t)
			s.failures = test.failures
			handle(s.bot(conversation(sideEvent())), mention("1.2", "", "about smuggling"))
			if len(s.posts) != test.posts {
				t.Errorf("got %d posts, want %d", len(s.posts), test.posts)
			}
			if failed := strings.Contains(s.log.String(), `"level":"ERROR"`); failed != (test.posts == 0) {
				t.Errorf("log: %s", s.log.String())
			}
		})
	}
}

func TestNothingLeaks(t *testing.T) {
	for _, test := range []struct {
		name     string
		statuses []int
		address  string
	}{
		{"refused", []int{404}, ""},
		{"redirected", []int{302}, ""},
		{"limited", []int{429}, ""},
		{"no such host", nil, "http://127.0.0.1:1/SECRET"},
		{"malformed", nil, "http://SECRET\x7f/"},
		{"no scheme", nil, "SECRET"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTinySlack(t)
			s.statuses = test.statuses
			b := s.bot(conversation(sideEvent()))
			d := s.slash("/report", "CANARY floods", "t1")
			if test.address != "" {
				quoted, _ := json.Marshal(test.address)
				d.Payload = json.RawMessage(`{"command":"/report","text":"CANARY floods","response_url":` + string(quoted) + `}`)
			}
			handle(b, d)
			log := s.log.String()
			if strings.Contains(log, "SECRET") || strings.Contains(log, "CANARY") || log == "" {
				t.Errorf("log: %s", log)
			}
		})
	}
}

func TestFailureIsSaid(t *testing.T) {
	s := newTinySlack(t)
	b := s.bot(&Conversation{Corpus: corpus(sideEvent()), Answerer: answererFunc(func(content.Question) (content.Answer, error) {
		return content.Answer{}, errors.New("index closed")
	})})
	handle(b, mention("1.2", "", "CANARY?"))
	if len(s.posts) != 1 || s.posts[0].Get("text") != tryAgain {
		t.Errorf("got %v", s.posts)
	}
	if log := s.log.String(); !strings.Contains(log, "index closed") || strings.Contains(log, "CANARY") {
		t.Errorf("log: %s", log)
	}
	handle(b, s.click("share:1", `{"c":"/report","t":"x"}`, "t", "message"))
	if len(s.replies) != 1 || s.replies[0]["response_type"] != "ephemeral" {
		t.Errorf("got %v", s.replies)
	}
}

func TestIdentify(t *testing.T) {
	s := newTinySlack(t)
	if got, err := Identify(context.Background(), s); err != nil || got.User != "UBOT" || got.Team != "T1" {
		t.Errorf("got %+v, %v", got, err)
	}
	s.failures = []error{errors.New("invalid_auth")}
	if _, err := Identify(context.Background(), s); err == nil {
		t.Error("no error for a bad token")
	}
}

// Every payload that Slack's own SDKs keep as a sample goes through: none panics, and none but questions is answered.
func TestSamplePayloads(t *testing.T) {
	s := newTinySlack(t)
	b := s.bot(conversation(sideEvent()))
	folder := shared(t, "slack/payloads")
	events, _ := filepath.Glob(filepath.Join(folder, "events", "*.json"))
	others, _ := filepath.Glob(filepath.Join(folder, "backend", "*.json"))
	if len(events) == 0 || len(others) == 0 {
		t.Fatal("no samples")
	}
	seen := map[string]bool{}
	once := func(d receive.Delivery) {
		if task, ok := b.Read(d); ok && len(task.Keys) > 0 && !seen[task.Keys[len(task.Keys)-1]] {
			seen[task.Keys[len(task.Keys)-1]] = true
			_ = handle(b, d) // what cannot be answered is an error, and no panic
		}
	}
	for _, name := range append(events, others...) {
		payload, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []receive.Kind{receive.Event, receive.Command, receive.Interaction} {
			once(receive.Delivery{Kind: kind, Payload: payload})
		}
	}
	for _, e := range envelopes(t, folder) {
		once(receive.Delivery{Kind: e.Type, Payload: e.Payload})
	}
	if len(s.posts) != 1 || !strings.Contains(s.posts[0].Get("text"), "How to ask") {
		t.Errorf("got %d posts, want 1, to the mention without words: %v", len(s.posts), s.posts)
	}
}

type envelope struct {
	Type    receive.Kind    `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// envelopes returns the samples of Socket Mode, addressed to this test's bot.
func envelopes(t *testing.T, folder string) []envelope {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(folder, "socket-envelopes.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []envelope
	if err := json.Unmarshal(bytes.ReplaceAll(b, []byte("<@U111>"), []byte("<@UBOT>")), &all); err != nil {
		t.Fatal(err)
	}
	return all
}
