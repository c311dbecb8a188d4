package workspace

import (
	"encoding/json"
	"net/http"
	"time"
)

// The life of a response URL: five uses in thirty minutes (java-slack-sdk, docs/english/guides/interactive-components.md).
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL is the right to answer an interaction.
type responseURL struct {
	channel string
	user    string
	origin  *Message // the message whose button was clicked; nil for a command
	expires time.Time
	uses    int
}

// newResponseURL makes a response URL; the lock is held.
func (w *Workspace) newResponseURL(channel, user string, origin *Message) string {
	s := secret()
	w.replies[s] = &responseURL{
		channel: channel, user: user, origin: origin, expires: w.o.Clock.Now().Add(responseLife),
	}
	return w.base() + "/response/" + s
}

// serveResponseURL answers "ok" in plain text, or the code alone with status 400, as java-slack-sdk#1017 and
// laravel-slack-blocks#19 show for hooks; a URL that was used up or is too old is 404 with JSON.
func (w *Workspace) serveResponseURL(rw http.ResponseWriter, r *http.Request) {
	f := w.takeFault("response_url")
	if !w.faultBefore(rw, r, f) {
		w.record(Call{Method: "response_url", Error: f.code(), Status: f.Status})
		return
	}
	a, err := readArgs(rw, r)
	if err == nil {
		err = w.do(func() error { return w.useResponseURL(r.PathValue("secret"), a) })
	}
	c := Call{Method: "response_url", Args: a.values, Status: http.StatusOK}
	var no refusal
	if err != nil {
		no = asRefusal(err)
		c.Error, c.Messages, c.Status = no.code, no.messages, http.StatusBadRequest
	}
	gone := c.Error == "used_url" || c.Error == "expired_url"
	if gone {
		c.Status = http.StatusNotFound
	}
	w.record(c)
	switch {
	case !w.faultAfter(rw, r, f):
	case gone:
		w.write(rw, c.Status, 0, no.body())
	default:
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		rw.WriteHeader(c.Status)
		_, _ = rw.Write([]byte(or(c.Error, "ok")))
	}
}

func (w *Workspace) useResponseURL(key string, a args) error {
	u := w.replies[key]
	switch {
	case u == nil:
		return refusal{code: "invalid_url"}
	case w.o.Clock.Now().After(u.expires):
		return refusal{code: "expired_url"}
	case u.uses >= responseUses:
		return refusal{code: "used_url"}
	}
	u.uses++
	return w.respond(u, a)
}

// respond does what an answer to an interaction asks for: delete or replace the message that was clicked, or post a new
// one, for the person alone unless it says in_channel. A command has no message to replace: the answer is posted
// (bolt-python#1268). The bot need not be in the channel.
func (w *Workspace) respond(u *responseURL, a args) error {
	if a.flag("delete_original") && u.origin != nil {
		w.tellDeleted(u.origin)
		u.origin.Deleted = true
		return nil
	}
	b := a.body()
	if err := w.rules.checkBody(b); err != nil {
		return err
	}
	b = w.identified(b)
	if a.flag("replace_original") && u.origin != nil && !u.origin.Deleted {
		before := w.wire(u.origin)
		w.revise(u.origin, b)
		w.tellChanged(u.origin, before)
		return nil
	}
	kind := or(a.str("response_type"), "ephemeral")
	if kind != "ephemeral" && kind != "in_channel" {
		return refusal{code: "invalid_arguments"}
	}
	m := &Message{
		Channel: u.channel, ThreadTS: a.str("thread_ts"), User: w.o.BotUser, Bot: true,
		Text: b.text, Blocks: b.blocks, Sent: b.sent, Metadata: b.metadata,
	}
	if kind == "ephemeral" {
		m.Ephemeral = u.user
	}
	w.add(m)
	if c := w.channel(m.Channel); m.Ephemeral == "" && c.has(w.o.BotUser) {
		w.tellOwn(m)
	}
	return nil
}

// respondToCommand takes the message that came with the acknowledgement of a command. One that Slack would refuse is
// reported to the person (haruotsu/slack-review-notify#99).
func (w *Workspace) respondToCommand(u *responseURL, command string, raw json.RawMessage) {
	a := args{values: map[string]json.RawMessage{}}
	if len(raw) == 0 || json.Unmarshal(raw, &a.values) != nil || len(a.values) == 0 {
		return
	}
	if w.respond(u, a) != nil {
		w.complain(u, command, "invalid_command_response")
	}
}

// complain tells the person that their command came to nothing, as Slackbot does.
func (w *Workspace) complain(u *responseURL, command, code string) {
	w.add(&Message{
		Channel: u.channel, User: "USLACKBOT", Ephemeral: u.user,
		Text: command + ` failed with the error "` + code + `"`,
	})
}

// respondToSubmission does what the bot answers to a submitted view ([docs] surfaces/modals): nothing closes the view.
func (w *Workspace) respondToSubmission(v *View, raw json.RawMessage) {
	var r struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(raw) > 0 && json.Unmarshal(raw, &r) != nil {
		return
	}
	stack := w.modals[v.User]
	switch r.Action {
	case "":
		w.modals[v.User] = stack[:max(len(stack)-1, 0)]
	case "clear":
		w.modals[v.User] = nil
	case "errors":
		v.Errors = r.Errors
	case "update":
		_ = w.replace(v, r.View) // an invalid view leaves the old one standing; the person sees a warning sign
	case "push":
		if checkView(w.rules.modal, r.View) == nil && len(stack) > 0 {
			_, _ = w.push(v.User, r.View)
		}
	}
}
