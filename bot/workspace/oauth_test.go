package workspace

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const redirect = "https://bot.example.org/slack/oauth"

func installable(t *testing.T, o Options) (*Workspace, *ManualClock) {
	t.Helper()
	clock := NewManualClock(time.Unix(1_700_000_000, 0))
	o.Clock, o.ClientID, o.ClientSecret, o.Redirects = clock, "1.2", "secret", []string{redirect}
	return open(t, o), clock
}

// authorization is an address of the page, changed by pairs of names and values.
func authorization(w *Workspace, pairs ...string) string {
	q := url.Values{"client_id": {"1.2"}, "redirect_uri": {redirect}, "scope": {"chat:write,commands"}, "state": {"s"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return w.base() + "/oauth/v2/authorize?" + q.Encode()
}

// access calls oauth.v2.access with a form.
func access(t *testing.T, w *Workspace, form url.Values) (answer struct {
	OK           bool
	Error        string
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
	Team         struct{ ID string }
	User         struct{ ID string } `json:"authed_user"`
}) {
	t.Helper()
	r, err := http.PostForm(w.URL()+"oauth.v2.access", form)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// approved lets a person allow, and returns the form that asks for the token.
func approved(t *testing.T, w *Workspace, pairs ...string) url.Values {
	t.Helper()
	next, err := w.Approve("ada", authorization(w, pairs...), true)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(next)
	if err != nil || !strings.HasPrefix(next, redirect+"?") || u.Query().Get("state") != "s" {
		t.Fatalf("sent to %s, %v", next, err)
	}
	return url.Values{"client_id": {"1.2"}, "client_secret": {"secret"}, "redirect_uri": {redirect}, "code": {u.Query().Get("code")}}
}

func TestOAuth(t *testing.T) {
	w, clock := installable(t, Options{})
	form := approved(t, w)
	got := access(t, w, form)
	if !got.OK || got.Team.ID != "T0LOCAL" || got.User.ID != "U0ADA" || got.ExpiresIn != 0 || works(t, w, got.AccessToken) != "" {
		t.Errorf("got %+v", got)
	}
	if again := access(t, w, form); again.Error != "code_already_used" {
		t.Errorf("a code was good for two uses: %+v", again)
	}
	late := approved(t, w)
	clock.Advance(codeLife + time.Second)
	if got := access(t, w, late); got.Error != "invalid_code" {
		t.Errorf("an old code: %+v", got)
	}
	for name, wrong := range map[string]string{"client_id": "invalid_client_id", "client_secret": "bad_client_secret", "redirect_uri": "bad_redirect_uri", "code": "invalid_code"} {
		form := approved(t, w)
		form.Set(name, "other")
		if got := access(t, w, form); got.Error != wrong {
			t.Errorf("another %s: %+v", name, got)
		}
	}
	for _, pair := range [][2]string{{"client_id", "9"}, {"redirect_uri", "https://example.com/"}, {"scope", ""}, {"scope", "admin"}, {"code_challenge", "c"}} {
		if next, err := w.Approve("ada", authorization(w, pair[0], pair[1]), true); err == nil {
			t.Errorf("%s %q was allowed: %s", pair[0], pair[1], next)
		}
	}
	if next, err := w.Approve("ada", authorization(w), false); err != nil || !strings.Contains(next, "error=access_denied") {
		t.Errorf("declined: %s, %v", next, err)
	}
}

// works calls a method with a token, and returns Slack's error.
func works(t *testing.T, w *Workspace, token string) string {
	t.Helper()
	r, err := http.PostForm(w.URL()+"auth.test", url.Values{"token": {token}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct{ Error string }
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.Error
}

func TestOAuthRotation(t *testing.T) {
	w, clock := installable(t, Options{Rotation: true, PKCE: true})
	form := approved(t, w, "code_challenge", challengeOf("verifier"), "code_challenge_method", "S256")
	form.Set("code_verifier", "another")
	if got := access(t, w, form); got.Error != "invalid_code_verifier" {
		t.Errorf("another verifier: %+v", got)
	}
	form.Set("code_verifier", "verifier")
	first := access(t, w, form)
	if !first.OK || first.ExpiresIn != 43200 || first.RefreshToken == "" {
		t.Fatalf("got %+v", first)
	}
	refresh := url.Values{"client_id": {"1.2"}, "client_secret": {"secret"}, "grant_type": {"refresh_token"}, "refresh_token": {first.RefreshToken}}
	second := access(t, w, refresh)
	if !second.OK || works(t, w, first.AccessToken) != "" || works(t, w, second.AccessToken) != "" {
		t.Errorf("the next: %+v", second)
	}
	if got := access(t, w, refresh); got.Error != "invalid_refresh_token" {
		t.Errorf("a refresh token was good for two uses: %+v", got)
	}
	clock.Advance(tokenLife + time.Second)
	if got := works(t, w, second.AccessToken); got != "token_expired" {
		t.Errorf("after twelve hours: %q", got)
	}
	w.Uninstall()
	if got := works(t, w, w.Options().BotToken); got != "account_inactive" {
		t.Errorf("after it was uninstalled: %q", got)
	}
}

// TestOAuthPage goes the way of a browser.
func TestOAuthPage(t *testing.T) {
	w, _ := installable(t, Options{})
	page := get(t, authorization(w))
	if !strings.Contains(page, "It would be allowed to") || !strings.Contains(page, "/oauth/v2/decide/allow?") {
		t.Errorf("the page: %s", page)
	}
	if page := get(t, authorization(w, "client_id", "<script>")); strings.Contains(page, "<script>") || !strings.Contains(page, "invalid_client_id") {
		t.Errorf("a bad address: %s", page)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
