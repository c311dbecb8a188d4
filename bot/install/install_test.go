package install

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rapporteur/bot/keyring"
	"rapporteur/bot/store"
	"rapporteur/bot/store/storetest"
	"rapporteur/bot/workspace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a workspace, a store, and an installer with its pages.
type house struct {
	slack  *workspace.Workspace
	clock  *workspace.ManualClock
	store  *store.Store
	in     *Installer
	server *httptest.Server
	log    safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}
func (s *safeBuffer) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func newHouse(t *testing.T, where store.Options, o workspace.Options) *house {
	t.Helper()
	h := &house{clock: workspace.NewManualClock(time.Now())}
	mux := http.NewServeMux()
	h.server = httptest.NewServer(mux)
	t.Cleanup(h.server.Close)
	o.Clock, o.ClientID, o.Redirects = h.clock, "1.2", []string{h.server.URL + "/slack/oauth"}
	var err error
	if h.slack, err = workspace.Start(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.slack.Close)
	keys, err := keyring.Parse(keyring.New())
	if err != nil {
		t.Fatal(err)
	}
	where.Keys = keys
	if h.store, err = store.Open(t.Context(), where); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	h.in = h.installer(keys)
	h.in.Routes(mux)
	return h
}

func (h *house) installer(keys *keyring.Ring) *Installer {
	o := h.slack.Options()
	return New(Config{
		ClientID: o.ClientID, ClientSecret: o.ClientSecret, Scopes: []string{"chat:write", "commands"}, PublicURL: h.server.URL,
		APIURL: h.slack.URL(), Keys: keys, Store: h.store, PKCE: o.PKCE, Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		Log: slog.New(slog.NewTextHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: h.clock.Now,
	})
}

// browser keeps cookies and follows no redirect.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func get(t *testing.T, c *http.Client, address string) (*http.Response, string) {
	t.Helper()
	r, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// toSlack opens the first page in a browser and decides at Slack; it returns where the browser is sent then.
func (h *house) toSlack(t *testing.T, c *http.Client, allow bool) string {
	t.Helper()
	r, _ := get(t, c, h.server.URL+"/slack/install")
	next, err := h.slack.Approve("ada", r.Header.Get("Location"), allow)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func (h *house) installed(t *testing.T) bool {
	t.Helper()
	_, err := h.store.Installation(t.Context(), "T0LOCAL")
	if err != nil && !errors.Is(err, store.ErrNotInstalled) {
		t.Fatal(err)
	}
	return err == nil
}

func TestInstall(t *testing.T) {
	for name, o := range map[string]workspace.Options{"plain": {}, "PKCE and rotation": {PKCE: true, Rotation: true}} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, store.Options{Dir: t.TempDir()}, o)
			c := browser(t)
			r, page := get(t, c, h.toSlack(t, c, true))
			if r.StatusCode != http.StatusOK || !strings.Contains(page, "Rapporteur is now in local") {
				t.Errorf("%s: %s", r.Status, page)
			}
			i, err := h.in.Installation(t.Context(), "T0LOCAL")
			if err != nil || i.Name != "local" || i.BotUser != "U0BOT" || i.Installer != "U0ADA" || (i.Tokens.Refresh != "") != o.Rotation {
				t.Errorf("kept %+v, %v", i, err)
			}
			for _, secret := range []string{i.Tokens.Access, "xoxe-", h.slack.Options().ClientSecret} {
				if strings.Contains(h.log.String()+page, secret) {
					t.Errorf("a secret in %s or %s", h.log.String(), page)
				}
			}
			for header, want := range map[string]string{"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
				if got := r.Header.Get(header); !strings.Contains(got, want) {
					t.Errorf("%s: %q", header, got)
				}
			}
		})
	}
}

// TestNotInstalled lets nobody in who did not begin here, in this browser, just now, and was allowed.
func TestNotInstalled(t *testing.T) {
	for name, test := range map[string]struct {
		come   func(t *testing.T, h *house) *http.Response
		status int
	}{
		"declined": {func(t *testing.T, h *house) *http.Response {
			c := browser(t)
			r, _ := get(t, c, h.toSlack(t, c, false))
			return r
		}, http.StatusOK},
		"another browser": {func(t *testing.T, h *house) *http.Response {
			next := h.toSlack(t, browser(t), true)
			r, _ := get(t, browser(t), next)
			return r
		}, http.StatusBadRequest},
		"another visit of the same browser": {func(t *testing.T, h *house) *http.Response {
			c := browser(t)
			next := h.toSlack(t, c, true)
			h.toSlack(t, c, true)
			r, _ := get(t, c, next)
			return r
		}, http.StatusBadRequest},
		"somebody else's code": {func(t *testing.T, h *house) *http.Response {
			c := browser(t)
			_, code, _ := strings.Cut(h.toSlack(t, browser(t), true), "code=")
			_, state, _ := strings.Cut(h.toSlack(t, c, false), "state=")
			code, _, _ = strings.Cut(code, "&")
			r, _ := get(t, c, h.server.URL+"/slack/oauth?code="+code+"&state="+state)
			return r
		}, http.StatusBadGateway},
		"too late": {func(t *testing.T, h *house) *http.Response {
			c := browser(t)
			next := h.toSlack(t, c, true)
			h.clock.Advance(visitFor + time.Second)
			r, _ := get(t, c, next)
			return r
		}, http.StatusBadRequest},
		"no code": {func(t *testing.T, h *house) *http.Response {
			c := browser(t)
			_, state, _ := strings.Cut(h.toSlack(t, c, false), "state=")
			r, _ := get(t, c, h.server.URL+"/slack/oauth?state="+state)
			return r
		}, http.StatusBadRequest},
		"nothing at all": {func(t *testing.T, h *house) *http.Response {
			r, _ := get(t, browser(t), h.server.URL+"/slack/oauth")
			return r
		}, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, store.Options{Dir: t.TempDir()}, workspace.Options{PKCE: true})
			if r := test.come(t, h); r.StatusCode != test.status || h.installed(t) {
				t.Errorf("%s, installed: %v; want %d", r.Status, h.installed(t), test.status)
			}
		})
	}
}

// TestOnceOnly takes the way back once: the cookie is gone, and the code is used.
func TestOnceOnly(t *testing.T) {
	h := newHouse(t, store.Options{Dir: t.TempDir()}, workspace.Options{})
	c := browser(t)
	next := h.toSlack(t, c, true)
	get(t, c, next)
	if r, _ := get(t, c, next); r.StatusCode != http.StatusBadRequest {
		t.Errorf("again: %s", r.Status)
	}
}

// TestFewExchanges asks Slack for no more than it should, whoever comes.
func TestFewExchanges(t *testing.T) {
	h := newHouse(t, store.Options{Dir: t.TempDir()}, workspace.Options{})
	c, busy := browser(t), 0
	for range 15 {
		next := h.toSlack(t, c, true)
		if r, _ := get(t, c, strings.Replace(next, "code=", "code=wrong", 1)); r.StatusCode == http.StatusTooManyRequests {
			busy++
		}
	}
	if busy < 4 {
		t.Errorf("%d of 15 were told to wait", busy)
	}
}

// TestRotation renews tokens before they expire, once, however many ask.
func TestRotation(t *testing.T) {
	for name, where := range map[string]func(t *testing.T) store.Options{
		"sqlite":   func(t *testing.T) store.Options { return store.Options{Dir: t.TempDir()} },
		"postgres": func(t *testing.T) store.Options { return store.Options{URL: storetest.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, where(t), workspace.Options{Rotation: true})
			c := browser(t)
			get(t, c, h.toSlack(t, c, true))
			first := h.token(t)
			h.clock.Advance(10 * time.Hour)
			if h.token(t) != first {
				t.Error("renewed too early")
			}
			h.clock.Advance(90 * time.Minute)
			var all sync.Map
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					i, err := h.in.Installation(t.Context(), "T0LOCAL")
					if err != nil {
						t.Error(err)
					}
					all.Store(i.Tokens.Access, true)
				})
			}
			wg.Wait()
			second := h.token(t)
			all.Range(func(token, _ any) bool {
				if token != first && token != second {
					t.Error("a third token")
				}
				return true
			})
			if n := h.refreshes(); n != 1 || second == first {
				t.Errorf("asked %d times for the next tokens", n)
			}
		})
	}
}

// TestRotationFails keeps on with the old token while it is good, and says what to do when it no longer is.
func TestRotationFails(t *testing.T) {
	h := newHouse(t, store.Options{Dir: t.TempDir()}, workspace.Options{Rotation: true})
	c := browser(t)
	get(t, c, h.toSlack(t, c, true))
	first := h.token(t)
	h.slack.Uninstall()
	h.clock.Advance(11*time.Hour + time.Minute)
	if got := h.token(t); got != first || !strings.Contains(h.log.String(), "tokens not renewed") {
		t.Errorf("log: %s", h.log.String())
	}
	h.clock.Advance(time.Hour)
	if _, err := h.in.Installation(t.Context(), "T0LOCAL"); !errors.Is(err, errBusy) { // the claim of before still holds
		t.Errorf("expired, while another asks: %v", err)
	}
}

func (h *house) token(t *testing.T) string {
	t.Helper()
	i, err := h.in.Installation(t.Context(), "T0LOCAL")
	if err != nil {
		t.Fatal(err)
	}
	return i.Tokens.Access
}

func (h *house) refreshes() (n int) {
	for _, c := range h.slack.Calls() {
		if c.Method == "oauth.v2.access" && len(c.Args["refresh_token"]) > 2 {
			n++
		}
	}
	return n
}
