package workspace

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func authTest(w *Workspace, _ args) (object, error) {
	return object{
		"url": "https://" + w.o.Domain + ".slack.com/", "team": w.o.Domain, "user": w.o.BotName, "team_id": w.o.Team,
		"user_id": w.o.BotUser, "bot_id": w.o.BotID, "is_enterprise_install": false,
	}, nil
}

// channelInfo is conversations.info. The scope that counts is the one of the channel's kind ([docs]).
func channelInfo(w *Workspace, a args) (object, error) {
	c := w.channel(a.str("channel"))
	if c == nil {
		return nil, refusal{code: "channel_not_found"}
	}
	need := map[string]string{"im": "im:read", "group": "groups:read", "channel": "channels:read"}[c.kind()]
	switch {
	case !w.granted(need):
		return nil, refusal{code: "missing_scope", needed: need, provided: strings.Join(w.o.Scopes, ",")}
	case c.kind() == "group" && !c.has(w.o.BotUser):
		return nil, refusal{code: "channel_not_found"}
	}
	return object{"channel": w.describe(c)}, nil
}

func (w *Workspace) describe(c *Channel) object {
	o := object{
		"id": c.ID, "name": c.Name, "is_channel": c.kind() == "channel", "is_group": c.kind() == "group",
		"is_im": c.kind() == "im", "is_private": c.Private || c.IM != "", "is_member": c.has(w.o.BotUser),
		"is_archived": false, "is_general": c.Name == "general", "context_team_id": w.o.Team,
	}
	set(o, "user", c.IM)
	return o
}

// openChannel is conversations.open for one person; direct messages between several people are not part of this Slack.
func openChannel(w *Workspace, a args) (object, error) {
	c := w.channel(a.str("channel"))
	if c == nil {
		c = w.directMessage(a.str("users"))
	}
	switch {
	case a.str("users") == "" && a.str("channel") == "":
		return nil, refusal{code: "users_list_not_supplied"}
	case c == nil && a.str("channel") != "":
		return nil, refusal{code: "channel_not_found"}
	case c == nil:
		return nil, refusal{code: "user_not_found"}
	case c.IM == "":
		return nil, refusal{code: "method_not_supported_for_channel_type"}
	case a.flag("return_im"):
		return object{"channel": w.describe(c), "already_open": true}, nil
	}
	return object{"channel": object{"id": c.ID}, "no_op": true, "already_open": true}, nil
}

func userInfo(w *Workspace, a args) (object, error) {
	if a.str("user") == w.o.BotUser {
		return object{"user": w.user(&Person{ID: w.o.BotUser, Name: w.o.BotName, RealName: w.o.BotName}, true)}, nil
	}
	p := w.person(a.str("user"))
	if p == nil {
		return nil, refusal{code: "user_not_found"}
	}
	return object{"user": w.user(p, false)}, nil
}

func (w *Workspace) user(p *Person, bot bool) object {
	return object{
		"id": p.ID, "team_id": w.o.Team, "name": p.Name, "real_name": p.RealName, "deleted": false, "is_bot": bot,
		"is_admin": false, "tz": "Etc/UTC", "locale": "en-GB",
		"profile": object{"real_name": p.RealName, "display_name": p.Name, "team": w.o.Team},
	}
}

func addReaction(w *Workspace, a args) (object, error) {
	m, name, err := w.reacted(a)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	switch {
	case i < 0:
		m.Reactions = append(m.Reactions, Reaction{name, []string{w.o.BotUser}})
	case slices.Contains(m.Reactions[i].Users, w.o.BotUser):
		return nil, refusal{code: "already_reacted"}
	default:
		m.Reactions[i].Users = append(m.Reactions[i].Users, w.o.BotUser)
	}
	return object{}, nil
}

func removeReaction(w *Workspace, a args) (object, error) {
	m, name, err := w.reacted(a)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	if i < 0 || !slices.Contains(m.Reactions[i].Users, w.o.BotUser) {
		return nil, refusal{code: "no_reaction"}
	}
	r := &m.Reactions[i]
	r.Users = slices.DeleteFunc(r.Users, func(u string) bool { return u == w.o.BotUser })
	m.Reactions = slices.DeleteFunc(m.Reactions, func(r Reaction) bool { return len(r.Users) == 0 })
	return object{}, nil
}

// reacted finds the message and the emoji that a reaction is about.
func (w *Workspace) reacted(a args) (*Message, string, error) {
	c, err := w.writable(a.str("channel"))
	if err != nil {
		return nil, "", err
	}
	m, name := w.message(c.ID, a.str("timestamp")), a.str("name")
	switch {
	case name == "" || strings.Contains(name, ":"):
		return nil, "", refusal{code: "invalid_name"}
	case m == nil || m.Ephemeral != "":
		return nil, "", refusal{code: "message_not_found"}
	}
	return m, name, nil
}

// Status is the line "… is thinking" under a thread.
type Status struct {
	Text    string
	Loading []string // messages shown in turn
}

// Prompts are questions to be tried by a click.
type Prompts struct {
	Title   string
	Prompts []Prompt
}

// Prompt is one of them.
type Prompt struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

func threadKey(channel, thread string) string { return channel + " " + thread }

// setStatus is assistant.threads.setStatus; an empty status clears it. At most ten loading messages ([docs]).
func setStatus(w *Workspace, a args) (object, error) {
	key, err := w.thread(a)
	if err != nil {
		return nil, err
	}
	var loading []string
	if raw := a.raw("loading_messages"); raw != nil && unmarshalList(raw, &loading) != nil || len(loading) > 10 {
		return nil, refusal{code: "invalid_arguments"}
	}
	delete(w.status, key)
	if s := a.str("status"); s != "" {
		w.status[key] = Status{s, loading}
	}
	return object{}, nil
}

// setPrompts is assistant.threads.setSuggestedPrompts; one to four ([docs]).
func setPrompts(w *Workspace, a args) (object, error) {
	c, err := w.writable(a.str("channel_id"))
	if err != nil {
		return nil, err
	}
	var prompts []Prompt
	if raw := a.raw("prompts"); raw == nil || unmarshalList(raw, &prompts) != nil || len(prompts) > 4 || len(prompts) == 0 {
		return nil, refusal{code: "invalid_arguments"}
	}
	for _, p := range prompts {
		if p.Title == "" || p.Message == "" {
			return nil, refusal{code: "invalid_arguments"}
		}
	}
	w.prompts[threadKey(c.ID, a.str("thread_ts"))] = Prompts{a.str("title"), prompts}
	return object{}, nil
}

// setTitle is assistant.threads.setTitle; 1 to 200 characters ([docs]). The title is not kept: nothing shows it.
func setTitle(w *Workspace, a args) (object, error) {
	n := utf8.RuneCountInString(a.str("title"))
	if n < 1 || n > 200 {
		return nil, refusal{code: "invalid_arguments"}
	}
	_, err := w.thread(a)
	return object{}, err
}

// thread is the key of the thread that the arguments name, which must be there.
func (w *Workspace) thread(a args) (string, error) {
	c, err := w.writable(a.str("channel_id"))
	if err != nil {
		return "", err
	}
	ts := a.str("thread_ts")
	if w.message(c.ID, ts) == nil {
		return "", refusal{code: "invalid_thread_ts"}
	}
	return threadKey(c.ID, ts), nil
}
