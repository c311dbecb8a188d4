package workspace

import (
	"encoding/json"
	"slices"
)

// Message is something that stands in a channel. Times are Slack timestamps, by the workspace's clock.
type Message struct {
	Channel   string
	TS        string
	ThreadTS  string // of a reply, the timestamp of the thread's first message; "" otherwise
	User      string // who wrote it; the bot's user ID for the bot's own
	Bot       bool
	Subtype   string          // such as "channel_join"; usually ""
	Text      string          // as it was sent, Slack's markup and escapes included
	Blocks    json.RawMessage // with the block and action IDs that Slack fills in; nil when there are none
	Sent      json.RawMessage // the blocks exactly as they were sent
	Metadata  json.RawMessage
	Ephemeral string     // who alone sees it; "" for everyone
	Edited    string     // when it was last edited; "" for never
	Edits     []Revision // what it was before each edit, oldest first
	Deleted   bool
	Broadcast bool // a reply that stands in the channel as well
	Reactions []Reaction
}

// Revision is what a message said before an edit.
type Revision struct {
	Text   string
	Blocks json.RawMessage
}

// Reaction is an emoji under a message.
type Reaction struct {
	Name  string // without colons
	Users []string
}

func (m *Message) copy() Message {
	c := *m
	c.Edits = slices.Clone(m.Edits)
	c.Reactions = nil
	for _, r := range m.Reactions {
		c.Reactions = append(c.Reactions, Reaction{r.Name, slices.Clone(r.Users)})
	}
	return c
}

// visible says whether the user sees the message.
func (m *Message) visible(user string) bool { return m.Ephemeral == "" || m.Ephemeral == user }

// add puts a message at the end of its channel; the lock is held.
func (w *Workspace) add(m *Message) *Message {
	m.TS = w.ts()
	w.messages[m.Channel] = append(w.messages[m.Channel], m)
	if m.Bot {
		w.posted++
	}
	return m
}

// message finds a message that was not deleted; nil when there is none. The lock is held.
func (w *Workspace) message(channel, ts string) *Message {
	for _, m := range w.messages[channel] {
		if m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

// revise changes what a message says and keeps what it said; the lock is held.
func (w *Workspace) revise(m *Message, to body) {
	m.Edits = append(m.Edits, Revision{m.Text, m.Blocks})
	m.Text, m.Blocks, m.Sent = to.text, to.blocks, to.sent
	m.Edited = w.ts()
}

// wire is the message as Slack writes it in answers, events and interactions; the lock is held.
func (w *Workspace) wire(m *Message) object {
	o := object{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": w.o.Team}
	if m.Bot {
		o["bot_id"], o["app_id"], o["bot_profile"] = w.o.BotID, w.o.App, w.botProfile()
	}
	set(o, "subtype", m.Subtype)
	set(o, "thread_ts", m.ThreadTS)
	if parent := w.message(m.Channel, m.ThreadTS); parent != nil && parent != m {
		o["parent_user_id"] = parent.User
	}
	if m.Blocks != nil {
		o["blocks"] = m.Blocks
	}
	if m.Metadata != nil {
		o["metadata"] = m.Metadata
	}
	if m.Edited != "" {
		o["edited"] = object{"user": m.User, "ts": m.Edited}
	}
	return o
}

func (w *Workspace) botProfile() object {
	icon := w.base() + "/icon.png"
	return object{
		"id": w.o.BotID, "app_id": w.o.App, "name": w.o.BotName, "team_id": w.o.Team, "deleted": false, "updated": 1,
		"icons": object{"image_36": icon, "image_48": icon, "image_72": icon},
	}
}

func set(o object, key, value string) {
	if value != "" {
		o[key] = value
	}
}
