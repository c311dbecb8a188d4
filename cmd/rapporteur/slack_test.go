package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rapporteur/bot"
	"rapporteur/bot/workspace"
)

// slackWith is a workspace in which our app is installed, and which sends more than the app asks for: every message.
func slackWith(t *testing.T, o workspace.Options) *workspace.Workspace {
	t.Helper()
	return slackLike(t, o, func(o *workspace.Options) {
		o.Events = append(o.Events, "message.channels", "member_joined_channel")
	})
}

// slackLike is a workspace in which our app is installed, changed before it opens.
func slackLike(t *testing.T, o workspace.Options, change func(*workspace.Options)) *workspace.Workspace {
	t.Helper()
	manifest, err := bot.Manifest(bot.App{Transport: bot.SocketMode})
	if err != nil {
		t.Fatal(err)
	}
	o, err = o.WithManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	o.Rate.Off = true
	change(&o)
	w, err := workspace.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// start runs the command in a workspace, with these settings beside the tokens, until the test ends.
func start(t *testing.T, w *workspace.Workspace, settings map[string]string) {
	t.Chdir(t.TempDir())
	env := map[string]string{"SLACK_BOT_TOKEN": w.Options().BotToken, "SLACK_API_URL": w.URL()}
	for k, v := range settings {
		env[k] = v
	}
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

// startSocket runs it over Socket Mode, and waits for the connection.
func startSocket(t *testing.T, w *workspace.Workspace) {
	t.Helper()
	start(t, w, map[string]string{"SLACK_APP_TOKEN": w.Options().AppToken})
	await(t, w, "a connection", func() bool { return w.Connections() > 0 })
}

func await(t *testing.T, w *workspace.Workspace, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := w.Wait(ctx, what, holds); err != nil {
		t.Fatal(err)
	}
}

// said is whether the bot said something with these words to Ada or to everybody.
func said(w *workspace.Workspace, channel, words string) bool {
	return slices.ContainsFunc(w.Messages(channel, "ada"), func(m workspace.Message) bool { return m.Bot && strings.Contains(m.Text, words) })
}

// settled is whether everything was acknowledged, and at the first try.
func settled(t *testing.T, w *workspace.Workspace, deliveries int) bool {
	acks := w.Acks()
	for _, a := range acks {
		if a.Attempt > 0 || a.Late {
			t.Fatalf("not acknowledged in time: %s", a.Payload)
		}
	}
	return len(acks) >= deliveries && !slices.ContainsFunc(acks, func(a workspace.Ack) bool { return a.Outcome == workspace.Pending })
}

// wantSlackContent fails for each call that Slack would have refused.
func wantSlackContent(t *testing.T, w *workspace.Workspace) {
	t.Helper()
	t.Logf("%d calls", len(w.Calls()))
	for _, c := range w.Calls() {
		if c.Error != "" {
			t.Errorf("%s: %s %v\n%s", c.Method, c.Error, c.Messages, c.Args)
		}
	}
}

// converse is what every transport must do.
func converse(t *testing.T, w *workspace.Workspace) {
	question, err := w.Say("ada", "general", "", "@Rapporteur who organized the side event?")
	if err != nil {
		t.Fatal(err)
	}
	await(t, w, "the answer", func() bool { return said(w, "general", "Government of Turkey") })
	if err := w.Command("ada", "general", "", "/recommendation", "b"); err != nil {
		t.Fatal(err)
	}
	await(t, w, "the private answer", func() bool { return said(w, "general", "conclusion (b)") })
	if err := w.Invite("ada", "random"); err != nil {
		t.Fatal(err)
	}
	if err := w.OpenHome("ada", "home"); err != nil {
		t.Fatal(err)
	}
	await(t, w, "the Home tab", func() bool { _, ok := w.Home("ada"); return ok })
	await(t, w, "acknowledgements", func() bool { return settled(t, w, 5) })
	replies := slices.DeleteFunc(w.Messages("general", "ada"), func(m workspace.Message) bool { return !m.Bot })
	if len(replies) != 2 || replies[0].ThreadTS != question || replies[1].Ephemeral != "U0ADA" {
		t.Errorf("want an answer in the thread of %s and one for Ada alone, got %+v", question, replies)
	}
	wantSlackContent(t, w)
}

func TestSocketMode(t *testing.T) {
	w := slackWith(t, workspace.Options{})
	startSocket(t, w)
	converse(t, w)
}

func TestHTTPMode(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	all := "http://" + address + "/slack/events"
	w := slackWith(t, workspace.Options{Endpoints: workspace.Endpoints{Events: all, Commands: all, Interactions: all}})
	start(t, w, map[string]string{"SLACK_SIGNING_SECRET": w.Options().SigningSecret, "ADDR": address})
	for range 500 {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	converse(t, w)
}

// TestEveryReplyPasses sends each kind of answer that the bot has through the rules of Slack, and presses every button.
func TestEveryReplyPasses(t *testing.T) {
	w := slackWith(t, workspace.Options{})
	startSocket(t, w)
	for i, text := range []string{
		"who organized the side event?", "what does a passport cost?", "hello", "thanks!", "what does the report recommend?", "what about children?",
		"¿Quién organizó el evento?", "was it held in Paris?", "and when?", strings.Repeat("why judicial cooperation? ", 200), "*_~`<!channel>&lt;@U0ADA> https://example.org", "?!",
	} {
		before := len(w.Messages(direct(w), "ada"))
		if _, err := w.Say("ada", direct(w), "", text); err != nil {
			t.Fatal(err)
		}
		await(t, w, fmt.Sprintf("answer %d", i), func() bool { return len(w.Messages(direct(w), "ada")) >= before+2 })
	}
	for _, text := range []string{"help", "contents", "about", "who took part?", "", "question b", "a", "z", "judicial cooperation", "?"} {
		for _, command := range []string{"/report", "/recommendation"} {
			if err := w.Command("ada", "general", "", command, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	await(t, w, "all private answers", func() bool { return len(w.Messages("general", "ada")) >= 20 })
	for _, m := range append(w.Messages("general", "ada"), w.Messages(direct(w), "ada")...) {
		if !m.Bot {
			continue
		}
		for _, action := range buttons(t, m.Blocks) {
			if err := w.Click("ada", workspace.Use{Channel: m.Channel, TS: m.TS, Block: action[0], Action: action[1]}); err != nil {
				t.Fatal(err)
			}
		}
	}
	await(t, w, "acknowledgements", func() bool { return settled(t, w, 1) })
	wantSlackContent(t, w)
}

// direct is the channel in which Ada writes to the bot alone.
func direct(w *workspace.Workspace) string {
	channels := w.Channels()
	return channels[slices.IndexFunc(channels, func(c workspace.Channel) bool { return c.IM == "U0ADA" })].ID
}

// buttons are the block_id and action_id of every button.
func buttons(t *testing.T, raw json.RawMessage) (ids [][2]string) {
	t.Helper()
	var blocks []struct {
		ID        string `json:"block_id"`
		Accessory struct {
			Action string `json:"action_id"`
		} `json:"accessory"`
		Elements []struct {
			Action string `json:"action_id"`
		} `json:"elements"`
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		for _, e := range append(b.Elements, b.Accessory) {
			if e.Action != "" {
				ids = append(ids, [2]string{b.ID, e.Action})
			}
		}
	}
	return ids
}

// TestAllEnvelopes delivers every sample payload that is at hand: all are acknowledged, and the bot lives on.
func TestAllEnvelopes(t *testing.T) {
	samples, _ := filepath.Glob("../../../shared/slack/payloads/*/*.json")
	if len(samples) == 0 {
		t.Skip("the sample payloads are not here")
	}
	w := slackWith(t, workspace.Options{})
	kinds := map[string]string{"events": "events_api", "backend": "interactive"}
	var payloads [][2]string
	for _, file := range samples {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind := kinds[filepath.Base(filepath.Dir(file))]
		if strings.Contains(file, "SlashCommand") {
			kind = "slash_commands"
		}
		here := strings.ReplaceAll(string(data), "https://hooks.slack.com/", w.URL()) // nothing leaves this machine
		payloads = append(payloads, [2]string{kind, here})
	}
	for _, odd := range []string{`null`, `[]`, `"text"`, `{"type":"app_home_opened","view":{"state":{"values":[]}}}`} {
		payloads = append(payloads, [2]string{"events_api", odd})
	}
	startSocket(t, w)
	for _, p := range payloads {
		w.Push(p[0], json.RawMessage(p[1]))
	}
	await(t, w, "every envelope acknowledged", func() bool { return settled(t, w, len(payloads)) })
	if _, err := w.Say("ada", "general", "", "@Rapporteur Vienna?"); err != nil {
		t.Fatal(err)
	}
	await(t, w, "an answer after all that", func() bool { return said(w, "general", "Vienna") })
}

// TestFollowUpAfterRestart goes on in a thread and in a direct message where the process before left off.
func TestFollowUpAfterRestart(t *testing.T) {
	w := slackWith(t, workspace.Options{})
	stop := startLogging(t, w, io.Discard)
	question, err := w.Say("ada", "general", "", "@Rapporteur /recommendation b")
	if err != nil {
		t.Fatal(err)
	}
	await(t, w, "the answer", func() bool { return said(w, "general", "Conclusion (b)") })
	ask(t, w, "/recommendation a")
	stop()
	startLogging(t, w, io.Discard)
	if _, err := w.Say("ada", "general", question, "@Rapporteur and c?"); err != nil {
		t.Fatal(err)
	}
	await(t, w, "the follow-up's", func() bool { return said(w, "general", "Conclusion (c)") })
	if got := ask(t, w, "and d?"); !strings.Contains(got, "Conclusion (d)") {
		t.Errorf("in the direct message: %q", got)
	}
}
