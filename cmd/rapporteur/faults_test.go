package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"rapporteur/bot"
	"rapporteur/bot/workspace"
)

// faults are what may go wrong with a call that Slack did not carry out, and with one that it did.
var faults = map[string]workspace.Fault{
	"limited":               {Status: 429, RetryAfter: time.Second},
	"away":                  {Status: 503},
	"cut":                   {Drop: true},
	"failing":               {Error: "internal_error"},
	"carried out, then cut": {Drop: true, After: true},
	"carried out, then 500": {Status: 500, After: true},
}

// TestFaultMatrix lets each call of the bot's go wrong in each way. What was asked is answered; once, where Slack lets us look
// whether it was (a message), and at most twice where it doesn't (a response URL). Nothing that is said about it is a secret.
func TestFaultMatrix(t *testing.T) {
	const canary = "CANARYQUESTION"
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := slackWith(t, workspace.Options{})
			log := &screen{}
			stop := startLogging(t, w, log)
			for _, method := range []string{"chat.postMessage", "response_url", "views.publish"} {
				if method != "response_url" || fault.Error == "" { // which knows no error codes
					w.Break(method, 1, fault)
				}
			}
			question, err := w.Say("ada", "general", "", "@Rapporteur where was it held? "+canary)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Command("grace", "general", "", "/recommendation", "b "+canary); err != nil {
				t.Fatal(err)
			}
			if err := w.OpenHome("ada", "home"); err != nil {
				t.Fatal(err)
			}
			count := func(private bool) int {
				return len(slices.DeleteFunc(w.Messages("general", "grace"), func(m workspace.Message) bool {
					return !m.Bot || private != (m.Ephemeral != "") || !private && m.ThreadTS != question
				}))
			}
			await(t, w, "all answers", func() bool { _, home := w.Home("ada"); return count(false) > 0 && count(true) > 0 && home })
			stop() // what is under way is finished first
			if public, private := count(false), count(true); public != 1 || private > 2 || private == 2 && !fault.After {
				t.Errorf("%d answers in the thread and %d to the command", public, private)
			}
			for _, secret := range []string{canary, "xoxb-", "xapp-", w.Options().SigningSecret, "/response/", "ticket="} {
				if strings.Contains(log.all(), secret) {
					t.Errorf("the log holds %q:\n%s", secret, log.all())
				}
			}
		})
	}
}

// startLogging runs the command in this process, away from any .env; stop ends it.
func startLogging(t *testing.T, w *workspace.Workspace, log io.Writer) (stop func()) {
	t.Helper()
	env := map[string]string{"SLACK_BOT_TOKEN": w.Options().BotToken, "SLACK_APP_TOKEN": w.Options().AppToken, "SLACK_API_URL": w.URL(), "DATA_DIR": t.TempDir()}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, nil, func(name string) string { return env[name] }, console{strings.NewReader(""), io.Discard, log})
	}()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if code := <-ended; code != exitAnswered {
			t.Errorf("the bot ended with code %d", code)
		}
	}
	t.Cleanup(stop)
	await(t, w, "a connection", func() bool { return w.Connections() > 0 })
	return stop
}

// TestScopes takes each permission away: without it, something of what the bot promises fails.
func TestScopes(t *testing.T) {
	for _, scope := range bot.Scopes() {
		t.Run(scope.Name, func(t *testing.T) {
			t.Parallel()
			if broken := promises(t, scope.Name); broken == "" {
				t.Errorf("all is well without %s: don't ask for it", scope.Name)
			}
		})
	}
	if broken := promises(t, ""); broken != "" {
		t.Errorf("with all permissions, %s", broken)
	}
}

// promises asks everywhere while posting is ambiguous, without a permission, and returns what went wrong.
func promises(t *testing.T, without string) string {
	o := workspace.Options{Channels: []workspace.Channel{
		{ID: "C0GENERAL", Name: "general", Members: []string{"U0ADA", "U0BOT"}},
		{ID: "C0SECRET", Name: "secret", Private: true, Members: []string{"U0ADA", "U0BOT"}},
	}}
	w := slackLike(t, o, func(o *workspace.Options) {
		o.Scopes = slices.DeleteFunc(o.Scopes, func(s string) bool { return s == without })
	})
	stop := startLogging(t, w, io.Discard)
	defer stop()
	_ = w.Command("ada", "general", "", "/report", "where was it held?")
	for _, channel := range []string{"general", "secret", direct(w)} {
		w.Break("chat.postMessage", 1, workspace.Fault{Drop: true, After: true})
		if _, err := w.Say("ada", channel, "", "@Rapporteur who organized it?"); err != nil {
			t.Fatal(err)
		}
		if !soon(t, w, func() bool { return said(w, channel, "Turkey") }) {
			return "no answer in " + channel
		}
	}
	if !soon(t, w, func() bool { return said(w, "general", "Vienna") }) {
		return "no answer to the command"
	}
	for _, c := range w.Calls() {
		if c.Error == "missing_scope" {
			return c.Method + " misses a scope"
		}
	}
	looked := func() bool {
		n := 0
		for _, c := range w.Calls() {
			if strings.HasPrefix(c.Method, "conversations.") && c.Error == "" {
				n++
			}
		}
		return n == 4 // before each second post, and in the direct message for what was asked before
	}
	if !soon(t, w, looked) {
		return "not looked everywhere before posting again"
	}
	return ""
}

func soon(t *testing.T, w *workspace.Workspace, holds func() bool) bool {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
	defer cancel()
	return w.Wait(ctx, "", holds) == nil
}
