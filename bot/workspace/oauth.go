package workspace

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The rules of this file are [docs] authentication/installing-with-oauth, authentication/using-token-rotation and
// authentication/using-pkce; codes that expire after ten minutes and are good for one use are there, the words of errors are
// [ref] oauth.v2.access. How a wrong code_verifier is refused is [inf].

const (
	codeLife  = 10 * time.Minute
	tokenLife = 12 * time.Hour // of rotated tokens
)

// grant is what an installation was given a code for, and later its tokens.
type grant struct {
	user, redirect, challenge string
	expires                   time.Time // of the code
	used                      bool
}

// issued is a bot token that an installation got.
type issued struct {
	expires time.Time // zero for never
	refresh string
}

// Approve is what a person does who is sent to the authorization page and allows it, or not: it returns where the browser is
// sent next.
func (w *Workspace) Approve(user, address string, allow bool) (next string, err error) {
	err = w.do(func() error {
		next, err = w.approve(user, address, allow)
		return err
	})
	return next, err
}

func (w *Workspace) approve(user, address string, allow bool) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read address: %w", err)
	}
	asked := u.Query()
	if err := w.authorizable(asked); err != nil {
		return "", err
	}
	p := w.person(user)
	if p == nil {
		return "", fmt.Errorf("nobody called %q in the workspace", user)
	}
	back, answer := asked.Get("redirect_uri"), url.Values{"state": {asked.Get("state")}}
	if !allow {
		answer.Set("error", "access_denied")
		return back + "?" + answer.Encode(), nil
	}
	code := secret()
	w.grants[code] = &grant{user: p.ID, redirect: back, challenge: asked.Get("code_challenge"), expires: w.o.Clock.Now().Add(codeLife)}
	answer.Set("code", code)
	return back + "?" + answer.Encode(), nil
}

// authorizable says what the authorization page shows instead of its question.
func (w *Workspace) authorizable(asked url.Values) error {
	switch {
	case asked.Get("client_id") != w.o.ClientID:
		return fmt.Errorf("invalid_client_id: no app has this client ID")
	case !slices.Contains(w.o.Redirects, asked.Get("redirect_uri")):
		return fmt.Errorf("bad_redirect_uri: %s is not among the redirect URLs of the app", asked.Get("redirect_uri"))
	case asked.Get("scope") == "":
		return fmt.Errorf("no_scopes: the app asks for nothing")
	case asked.Has("code_challenge") && (!w.o.PKCE || asked.Get("code_challenge_method") != "S256"):
		return fmt.Errorf("invalid_code_challenge: PKCE is not switched on for this app, or the method is not S256")
	}
	for _, scope := range strings.Split(asked.Get("scope"), ",") {
		if !slices.Contains(w.o.Scopes, scope) {
			return fmt.Errorf("invalid_scope: %s is not in the app's manifest", scope)
		}
	}
	return nil
}

// accessToken is oauth.v2.access: a code, or a refresh token, for a bot token.
func accessToken(w *Workspace, a args) (object, error) {
	switch {
	case w.o.ClientID == "" || a.str("client_id") != w.o.ClientID:
		return nil, refusal{code: "invalid_client_id"}
	case a.str("client_secret") != w.o.ClientSecret:
		return nil, refusal{code: "bad_client_secret"}
	case a.str("grant_type") == "refresh_token":
		return w.refreshed(a.str("refresh_token"))
	}
	g := w.grants[a.str("code")]
	switch {
	case g == nil || w.o.Clock.Now().After(g.expires):
		return nil, refusal{code: "invalid_code"}
	case g.used:
		return nil, refusal{code: "code_already_used"}
	case a.str("redirect_uri") != g.redirect:
		return nil, refusal{code: "bad_redirect_uri"}
	case g.challenge != "" && challengeOf(a.str("code_verifier")) != g.challenge:
		return nil, refusal{code: "invalid_code_verifier"}
	}
	g.used, w.uninstalled = true, false
	return w.issue(g.user), nil
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// issue makes a bot token; the keys are those of [docs] reference/methods/oauth.v2.access.
func (w *Workspace) issue(user string) object {
	token, given := "xoxb-"+secret(), issued{}
	answer := object{
		"token_type": "bot", "scope": strings.Join(w.o.Scopes, ","), "bot_user_id": w.o.BotUser, "app_id": w.o.App,
		"team": object{"id": w.o.Team, "name": w.o.Domain}, "enterprise": nil, "is_enterprise_install": false,
	}
	if user != "" {
		answer["authed_user"] = object{"id": user}
	}
	if w.o.Rotation {
		token = "xoxe." + token
		given = issued{expires: w.o.Clock.Now().Add(tokenLife), refresh: "xoxe-1-" + secret()}
		answer["refresh_token"], answer["expires_in"] = given.refresh, int(tokenLife.Seconds())
	}
	w.tokens[token] = given
	answer["access_token"] = token
	return answer
}

// refreshed gives the next token for a refresh token, which is good for one use.
func (w *Workspace) refreshed(refresh string) (object, error) {
	for token, t := range w.tokens {
		if t.refresh != "" && t.refresh == refresh && !w.uninstalled {
			t.refresh = ""
			w.tokens[token] = t
			return w.issue(""), nil
		}
	}
	return nil, refusal{code: "invalid_refresh_token"}
}

// tokenTrouble is what is wrong with a bot token; "" for nothing.
func (w *Workspace) tokenTrouble(given string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	t, ok := w.tokens[given]
	switch {
	case given != w.o.BotToken && !ok:
		return "invalid_auth"
	case w.uninstalled:
		return "account_inactive"
	case !t.expires.IsZero() && w.o.Clock.Now().After(t.expires):
		return "token_expired"
	}
	return ""
}

// Uninstall takes the app out of the workspace: its tokens are good for nothing, and it is told so by two events, in no
// certain order ([docs] events/app_uninstalled).
func (w *Workspace) Uninstall() {
	_ = w.do(func() error {
		w.tell("tokens_revoked", object{"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{w.o.BotUser}}, "event_ts": w.ts()})
		w.tell("app_uninstalled", object{"type": "app_uninstalled", "event_ts": w.ts()})
		w.uninstalled = true
		return nil
	})
}
