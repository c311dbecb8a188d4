package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapporteur/bot"
	"rapporteur/bot/keyring"
	"rapporteur/bot/store/storetest"
	"rapporteur/bot/workspace"
)

// exchange is one Web API for several workspaces, as Slack's is: the code or the token in a call says which one is meant.
type exchange struct {
	mu     sync.Mutex
	belong map[string]*workspace.Workspace // by code or token
}

func (x *exchange) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	w := x.meant(string(body) + r.Header.Get("Authorization"))
	if w == nil {
		_, _ = io.WriteString(rw, `{"ok":false,"error":"invalid_auth"}`)
		return
	}
	there, err := url.Parse(w.PageURL())
	if err != nil {
		panic(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { p.SetURL(there) },
		ModifyResponse: func(r *http.Response) error { return x.learn(w, r) },
	}
	proxy.ServeHTTP(rw, r)
}

func (x *exchange) meant(text string) *workspace.Workspace {
	x.mu.Lock()
	defer x.mu.Unlock()
	for secret, w := range x.belong {
		if strings.Contains(text, secret) {
			return w
		}
	}
	return nil
}

// learn remembers the token that a workspace gave.
func (x *exchange) learn(w *workspace.Workspace, r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		Token string `json:"access_token"`
	}
	if json.Unmarshal(body, &answer) == nil && answer.Token != "" {
		x.owns(w, answer.Token)
	}
	return nil
}

func (x *exchange) owns(w *workspace.Workspace, secret string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.belong[secret] = w
}

// estate is a bot that workspaces install, and two of them. Their people and channels have the same IDs.
type estate struct {
	slack   *exchange
	address string // of the bot
	teams   []*workspace.Workspace
	log     *screen
	data    string
}

func newEstate(t *testing.T, settings map[string]string) *estate {
	t.Helper()
	t.Chdir(t.TempDir())
	e := &estate{slack: &exchange{belong: map[string]*workspace.Workspace{}}, log: &screen{}, data: t.TempDir()}
	api := httptest.NewServer(e.slack)
	t.Cleanup(api.Close)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e.address = "http://" + free.Addr().String()
	manifest, err := bot.Manifest(bot.App{Transport: bot.HTTP, PublicURL: e.address, Install: true, Rotation: true, PKCE: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, team := range []string{"T0ONE", "T0TWO"} {
		o, err := workspace.Options{Team: team, Domain: strings.ToLower(team), ClientID: "1.2", ClientSecret: "client-secret", SigningSecret: "signing-secret"}.WithManifest(manifest)
		if err != nil {
			t.Fatal(err)
		}
		o.Rate.Off = true
		w, err := workspace.Start(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Close)
		e.teams = append(e.teams, w)
	}
	env := map[string]string{
		"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "client-secret", "SLACK_SIGNING_SECRET": "signing-secret", "SLACK_PKCE": "on",
		"SECRET_KEY": keyring.New(), "PUBLIC_URL": e.address, "ADDR": free.Addr().String(), "SLACK_API_URL": api.URL + "/api/", "DATA_DIR": e.data,
	}
	for name, value := range settings {
		env[name] = value
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	e.start(t, env)
	return e
}

func (e *estate) start(t *testing.T, env map[string]string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, nil, func(name string) string { return env[name] }, console{strings.NewReader(""), io.Discard, e.log})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitAnswered {
			t.Errorf("the bot ended with code %d", code)
		}
	})
	for range 1000 {
		if r, err := http.Get(e.address + "/healthz"); err == nil {
			_ = r.Body.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the bot did not start: %s", e.log.all())
}

// install lets the bot into a workspace, by the way that a browser goes.
func (e *estate) install(t *testing.T, w *workspace.Workspace) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	open := func(address string) *http.Response {
		r, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		return r
	}
	back, err := w.Approve("ada", open(e.address+"/slack/install").Header.Get("Location"), true)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	e.slack.owns(w, u.Query().Get("code"))
	if r := open(back); r.StatusCode != http.StatusOK {
		t.Fatalf("installing: %s; %s", r.Status, e.log.all())
	}
}

// ask asks in a direct message, and returns the answer.
func ask(t *testing.T, w *workspace.Workspace, text string) string {
	t.Helper()
	before := len(w.Messages(direct(w), "ada"))
	if _, err := w.Say("ada", direct(w), "", text); err != nil {
		t.Fatal(err)
	}
	await(t, w, "an answer to "+text, func() bool { return len(w.Messages(direct(w), "ada")) >= before+2 })
	all := w.Messages(direct(w), "ada")
	return all[len(all)-1].Text
}

// TestSeveralWorkspaces is in two workspaces at once, in which everything has the same name: what is asked, decided and kept
// in one never shows in the other, and the one that sends the bot away is left in silence.
func TestSeveralWorkspaces(t *testing.T) {
	for name, settings := range map[string]func(t *testing.T) map[string]string{
		"sqlite":   func(*testing.T) map[string]string { return nil },
		"postgres": func(t *testing.T) map[string]string { return map[string]string{"DATABASE_URL": storetest.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEstate(t, settings(t))
			one, two := e.teams[0], e.teams[1]
			e.install(t, one)
			e.install(t, two)
			if got := ask(t, one, "/recommendation b"); !strings.Contains(got, "Judicial cooperation") {
				t.Errorf("one: %q", got)
			}
			if got := ask(t, two, "and c?"); strings.Contains(got, "(c)") || strings.Contains(got, "Found 1 excerpt") {
				t.Errorf("two was answered after what was asked in one: %q", got)
			}
			if got := ask(t, one, "and c?"); !strings.Contains(got, "Found 1 excerpt") {
				t.Errorf("one lost its thread: %q", got)
			}
			changeSettings(t, one)
			if a, b := ask(t, one, "what does a passport cost?"), ask(t, two, "what does a passport cost?"); !strings.Contains(a, "<#C0GENERAL>") || strings.Contains(b, "<#C0GENERAL>") {
				t.Errorf("settings: %q in one, %q in two", a, b)
			}
			one.Uninstall()
			await(t, one, "acknowledgements", func() bool { return settled(t, one, 1) })
			silent := len(one.Messages(direct(one), "ada"))
			if _, err := one.Say("ada", direct(one), "", "who organized the side event?"); err != nil {
				t.Fatal(err)
			}
			if got := ask(t, two, "who organized the side event?"); !strings.Contains(got, "Government of Turkey") {
				t.Errorf("two: %q", got)
			}
			await(t, one, "acknowledgements", func() bool { return settled(t, one, 1) })
			if got := len(one.Messages(direct(one), "ada")); got != silent+1 {
				t.Errorf("said something where it was sent away")
			}
			e.install(t, one)
			if got := ask(t, one, "what does a passport cost?"); strings.Contains(got, "<#C0GENERAL>") {
				t.Errorf("settings outlived the workspace's leave: %q", got)
			}
			e.wantNoSecrets(t)
		})
	}
}

// changeSettings points people to a channel, on the page of the bot, by who installed it.
func changeSettings(t *testing.T, w *workspace.Workspace) {
	t.Helper()
	if err := w.OpenHome("ada", "home"); err != nil {
		t.Fatal(err)
	}
	await(t, w, "the Home tab", func() bool { _, ok := w.Home("ada"); return ok })
	home, _ := w.Home("ada")
	if err := w.Click("ada", workspace.Use{View: home.ID, Action: "settings:1"}); err != nil {
		t.Fatal(err)
	}
	await(t, w, "the form", func() bool { return len(w.Modals("ada")) == 1 })
	if err := w.Submit("ada", w.Modals("ada")[0].ID, workspace.Values{"ask_in": {"C0GENERAL"}, "feedback": {"ask"}}); err != nil {
		t.Fatal(err)
	}
	await(t, w, "that it closes", func() bool { return len(w.Modals("ada")) == 0 })
	await(t, w, "that it is kept", func() bool {
		return slices.ContainsFunc(w.Calls()[len(w.Calls())-1:], func(c workspace.Call) bool { return c.Method == "views.publish" })
	})
}

// wantNoSecrets looks for them in the log, and in all files.
func (e *estate) wantNoSecrets(t *testing.T) {
	t.Helper()
	e.slack.mu.Lock()
	defer e.slack.mu.Unlock()
	kept := e.log.all()
	files, err := filepath.Glob(filepath.Join(e.data, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.IsDir() {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		kept += string(text)
	}
	for secret := range e.slack.belong {
		if strings.Contains(kept, secret) {
			t.Errorf("%s… stands in the log or in a file", secret[:10])
		}
	}
	for _, secret := range []string{"client-secret", "signing-secret", "xoxe-"} {
		if strings.Contains(kept, secret) {
			t.Errorf("%s stands in the log or in a file", secret)
		}
	}
}
