package install

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Routes serves the two pages.
func (in *Installer) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /slack/install", in.begin)
	mux.HandleFunc("GET /slack/oauth", in.end)
}

// visit is what the cookie holds of a browser that was sent to Slack.
type visit struct {
	State    string    `json:"s"`
	Verifier string    `json:"v,omitempty"` // of PKCE
	Ends     time.Time `json:"e"`
}

// visitFor is as long as Slack's codes live.
const visitFor = 10 * time.Minute

// visitPlace is what cookies are sealed for.
const visitPlace = "visit to slack"

// begin sends a browser to Slack.
func (in *Installer) begin(w http.ResponseWriter, r *http.Request) {
	v := visit{State: rand.Text(), Ends: in.config.Now().Add(visitFor)}
	asked := url.Values{
		"client_id": {in.config.ClientID}, "scope": {strings.Join(in.config.Scopes, ",")}, "state": {v.State}, "redirect_uri": {in.back()},
	}
	if in.config.PKCE {
		verifier, err := slack.GenerateCodeVerifier()
		if err != nil {
			in.fail(w, http.StatusInternalServerError, pageTrouble, err)
			return
		}
		v.Verifier = verifier
		asked.Set("code_challenge", slack.GenerateCodeChallenge(verifier))
		asked.Set("code_challenge_method", "S256")
	}
	page, err := in.authorizePage(asked)
	if err != nil {
		in.fail(w, http.StatusInternalServerError, pageTrouble, err)
		return
	}
	plain, _ := json.Marshal(v) // strings and a time always marshal
	http.SetCookie(w, in.cookie(in.config.Keys.Seal(plain, visitPlace), int(visitFor.Seconds())))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, page, http.StatusFound)
}

// cookie is sent back by the browser that it was given to alone, also when Slack sends it here (SameSite=Lax); with the
// prefix __Host-, no other host under the same name can set it (RFC 6265bis, 4.1.3.2).
func (in *Installer) cookie(value string, maxAge int) *http.Cookie {
	c := &http.Cookie{ // #nosec G124 -- not secure where there is no TLS to secure it: on loopback
		Name: "rapporteur-install", Value: value, Path: "/", MaxAge: maxAge,
		Secure: strings.HasPrefix(in.config.PublicURL, "https:"), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if c.Secure {
		c.Name = "__Host-" + c.Name
	}
	return c
}

// end takes a browser that comes back from Slack.
func (in *Installer) end(w http.ResponseWriter, r *http.Request) {
	v, ok := in.visit(r)
	http.SetCookie(w, in.cookie("", -1))
	asked := r.URL.Query()
	switch {
	case !ok:
		in.fail(w, http.StatusBadRequest, pageStranger, nil)
	case asked.Get("error") != "":
		in.show(w, http.StatusOK, pageDeclined)
	case asked.Get("code") == "":
		in.fail(w, http.StatusBadRequest, pageStranger, nil)
	case !in.codes.Allow():
		in.fail(w, http.StatusTooManyRequests, pageBusy, nil)
	default:
		in.install(w, r, v)
	}
}

func (in *Installer) install(w http.ResponseWriter, r *http.Request, v visit) {
	i, err := in.exchanged(r.Context(), r.URL.Query().Get("code"), v.Verifier)
	if err != nil {
		in.fail(w, http.StatusBadGateway, pageTrouble, err)
		return
	}
	done := pageDone
	done.Title += " " + i.Name
	in.show(w, http.StatusOK, done)
}

// visit opens the cookie, and reports whether it is of this visit.
func (in *Installer) visit(r *http.Request) (v visit, ok bool) {
	c, err := r.Cookie(in.cookie("", 0).Name)
	if err != nil {
		return v, false
	}
	plain, err := in.config.Keys.Open(c.Value, visitPlace)
	if err != nil || json.Unmarshal(plain, &v) != nil {
		return v, false
	}
	same := subtle.ConstantTimeCompare([]byte(v.State), []byte(r.URL.Query().Get("state"))) == 1
	return v, same && in.config.Now().Before(v.Ends)
}

// page is what a browser shows.
type page struct {
	Title, Text string
	Again       bool // offer to begin anew
}

var (
	pageDone     = page{"Rapporteur is now in", "Close this page and open Slack. Write to Rapporteur there, or invite it to a channel with /invite @Rapporteur and mention it with a question.", false}
	pageDeclined = page{"Nothing was installed", "It was not allowed at Slack, so nothing has changed.", true}
	pageStranger = page{"This has to begin here", "Installing takes ten minutes at most, in one browser, from beginning to end. What arrived was begun elsewhere, or too long ago; nothing was installed.", true}
	pageBusy     = page{"Too many at once", "Please wait a minute, then begin again. Nothing was installed.", true}
	pageTrouble  = page{"That did not work", "Slack did not complete the installation, or it could not be kept. Nothing is lost: please begin again. If it happens twice, tell who runs this bot; the reason is in its log.", true}
)

// style is all that the page looks like; the policy allows it by its hash.
const style = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1.5rem;color:#1d1c1d;background:#fff}
a{color:#1264a3}@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#1a1d21}a{color:#6cb2eb}}`

var layout = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{.Title}}</title><style>` + style + `</style>
<main><h1>{{.Title}}</h1><p>{{.Text}}</p>{{if .Again}}<p><a href="/slack/install">Begin again</a></p>{{end}}</main></html>
`))

var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// fail shows a page and logs why, with nothing of what arrived.
func (in *Installer) fail(w http.ResponseWriter, status int, p page, err error) {
	in.config.Log.Warn("not installed", "why", p.Title, "error", err)
	in.show(w, status, p)
}

func (in *Installer) show(w http.ResponseWriter, status int, p page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = layout.Execute(w, p) // a browser that went away is no news
}
