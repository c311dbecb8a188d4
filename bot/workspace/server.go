package workspace

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// refusal is an answer with "ok": false.
type refusal struct {
	code             string
	messages         []string // for response_metadata, "[ERROR] " in front
	needed, provided string   // of missing_scope
	retryAfter       time.Duration
}

func (r refusal) Error() string { return r.code }

// token says which token a method wants.
type token int

const (
	botToken token = iota
	appToken
	noToken
)

// method is one of the Web API's. Its function runs under the lock.
type method struct {
	token  token
	scopes []string // one of them is enough; none needed when empty
	call   func(*Workspace, args) (object, error)
}

// methods is what this Slack can do. Anything else is unknown_method. The scopes are [docs] reference/methods; that
// setStatus needs chat:write alone is the changelog of 2026/03/05.
func methods() map[string]method {
	write := []string{"chat:write"}
	histories := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	reads := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	return map[string]method{
		"auth.test":             {call: authTest},
		"apps.connections.open": {token: appToken, call: openConnection},
		"oauth.v2.access":       {token: noToken, call: accessToken},

		"chat.postMessage":   {scopes: write, call: postMessage},
		"chat.postEphemeral": {scopes: write, call: postEphemeral},
		"chat.update":        {scopes: write, call: updateMessage},
		"chat.delete":        {scopes: write, call: deleteMessage},

		"views.open":    {call: openView},
		"views.push":    {call: pushView},
		"views.update":  {call: updateView},
		"views.publish": {call: publishView},

		"conversations.history": {scopes: histories, call: readHistory},
		"conversations.replies": {scopes: histories, call: readReplies},
		"conversations.info":    {scopes: reads, call: channelInfo},
		"conversations.open":    {scopes: []string{"im:write", "mpim:write", "channels:manage", "groups:write"}, call: openChannel},
		"users.info":            {scopes: []string{"users:read"}, call: userInfo},
		"reactions.add":         {scopes: []string{"reactions:write"}, call: addReaction},
		"reactions.remove":      {scopes: []string{"reactions:write"}, call: removeReaction},

		"assistant.threads.setStatus":           {scopes: []string{"chat:write", "assistant:write"}, call: setStatus},
		"assistant.threads.setSuggestedPrompts": {scopes: []string{"assistant:write"}, call: setPrompts},
		"assistant.threads.setTitle":            {scopes: []string{"assistant:write"}, call: setTitle},
	}
}

// Call is one use of the Web API, or of a response URL.
type Call struct {
	Method   string                     // such as "chat.postMessage"; "response_url" for a response URL
	Args     map[string]json.RawMessage // without the token; a form's values are JSON strings
	Error    string                     // Slack's error code; "" for success
	Messages []string                   // what response_metadata said
	Status   int                        // of HTTP; 0 when a fault left the call without an answer
	At       time.Time                  // by the workspace's clock
}

func (w *Workspace) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveAPI)
	mux.HandleFunc("GET /link/", w.serveSocket)
	mux.HandleFunc("POST /response/{secret}", w.serveResponseURL)
	w.pageRoutes(mux)
	w.oauthRoutes(mux)
	return mux
}

func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	f := w.takeFault(name)
	if !w.faultBefore(rw, r, f) {
		w.record(Call{Method: name, Error: f.code(), Status: f.Status})
		return
	}
	a, err := readArgs(rw, r)
	var answer object
	if err == nil {
		answer, err = w.answer(name, a)
	}
	c := Call{Method: name, Args: a.values, Status: http.StatusOK}
	var no refusal
	if err != nil {
		no = asRefusal(err)
		answer = no.body()
		c.Error, c.Messages = no.code, no.messages
	}
	if no.retryAfter > 0 {
		c.Status = http.StatusTooManyRequests
	}
	w.record(c)
	if w.faultAfter(rw, r, f) {
		w.write(rw, c.Status, no.retryAfter, answer)
	}
}

// record keeps a call for Calls.
func (w *Workspace) record(c Call) {
	_ = w.do(func() error {
		c.At = w.o.Clock.Now()
		w.calls = append(w.calls, c)
		return nil
	})
}

// answer finds the method, checks token and scope, and calls it.
func (w *Workspace) answer(name string, a args) (object, error) {
	m, ok := w.methods[name]
	if !ok {
		return nil, refusal{code: "unknown_method"}
	}
	if err := w.authorize(m, a.token); err != nil {
		return nil, err
	}
	var answer object
	err := w.do(func() (err error) {
		answer, err = m.call(w, a)
		return err
	})
	if err == nil {
		answer["ok"] = true
	}
	return answer, err
}

// authorize answers with the codes of [ref]: not_authed, invalid_auth, account_inactive, token_expired,
// not_allowed_token_type, missing_scope.
func (w *Workspace) authorize(m method, given string) error {
	wrong := w.tokenTrouble(given)
	switch {
	case m.token == noToken:
		return nil
	case given == "":
		return refusal{code: "not_authed"}
	case given != w.o.AppToken && wrong != "":
		return refusal{code: wrong}
	case (given == w.o.AppToken) != (m.token == appToken):
		return refusal{code: "not_allowed_token_type"}
	case len(m.scopes) > 0 && !w.granted(m.scopes...):
		return refusal{code: "missing_scope", needed: m.scopes[0], provided: strings.Join(w.o.Scopes, ",")}
	}
	return nil
}

// granted says whether the bot token has one of the scopes.
func (w *Workspace) granted(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(w.o.Scopes, s) })
}

func asRefusal(err error) refusal {
	if r, ok := err.(refusal); ok {
		return r
	}
	return refusal{code: "internal_error", messages: []string{"[ERROR] " + err.Error()}}
}

// body is the refusal as Slack words it: "errors" holds the messages without "[ERROR] "
// (playwright-slack-report#180).
func (r refusal) body() object {
	o := object{"ok": false, "error": r.code}
	set(o, "needed", r.needed)
	set(o, "provided", r.provided)
	if len(r.messages) == 0 {
		return o
	}
	var errors []string
	for _, m := range r.messages {
		errors = append(errors, strings.TrimPrefix(m, "[ERROR] "))
	}
	o["errors"], o["response_metadata"] = errors, object{"messages": r.messages}
	return o
}

// write answers in JSON, with Retry-After in whole seconds, rounded up, on 429.
func (w *Workspace) write(rw http.ResponseWriter, status int, retryAfter time.Duration, answer object) {
	h := rw.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-OAuth-Scopes", strings.Join(w.o.Scopes, ","))
	if retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((retryAfter+time.Second-1)/time.Second)))
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		status, raw = http.StatusInternalServerError, fmt.Appendf(nil, `{"ok":false,"error":"internal_error"}`)
	}
	rw.WriteHeader(status)
	_, _ = rw.Write(raw) // a client that went away is its own affair
}
