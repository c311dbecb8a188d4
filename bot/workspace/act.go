package workspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Say writes a person's message into a channel, in a thread unless that is "", and returns its timestamp. The person and
// the channel are given by ID or name; "@" and the bot's name in the text become its mention, as when a client completes
// it.
func (w *Workspace) Say(user, channel, thread, text string) (ts string, err error) {
	err = w.do(func() error {
		c, p, err := w.place(channel, user)
		if err != nil {
			return err
		}
		if thread != "" && w.message(c.ID, thread) == nil {
			return fmt.Errorf("no message %s in channel %s", thread, c.ID)
		}
		if text = strings.TrimSpace(text); text == "" {
			return fmt.Errorf("a message needs words")
		}
		m := w.add(&Message{Channel: c.ID, ThreadTS: thread, User: p.ID, Text: w.typed(text)})
		ts = m.TS
		if !c.has(w.o.BotUser) && strings.Contains(m.Text, w.Mention()) {
			w.whisper(c.ID, thread, p.ID, w.Mention()+" is not in this channel, and does not see what is written here. Type /invite to let it in.")
		}
		w.tellSaid(c, m)
		return nil
	})
	return ts, err
}

// typed is a text as a client sends it: &, < and > escaped ([docs] messaging/formatting-message-text), and the bot's name
// after an @ as its mention.
func (w *Workspace) typed(text string) string {
	text = strings.ReplaceAll(text, w.Mention(), "@"+w.o.BotName)
	text = escape.Replace(text)
	at := "@" + w.o.BotName
	for from := 0; ; {
		i := strings.Index(strings.ToLower(text[from:]), strings.ToLower(at))
		if i < 0 || len(strings.ToLower(text)) != len(text) { // a rare letter whose lower case has another length
			return text
		}
		text = text[:from+i] + w.Mention() + text[from+i+len(at):]
		from += i + len(w.Mention())
	}
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// whisper is a message of Slackbot's to one person; the lock is held.
func (w *Workspace) whisper(channel, thread, user, text string) {
	w.add(&Message{Channel: channel, ThreadTS: thread, User: "USLACKBOT", Ephemeral: user, Text: text})
}

// Invite lets the bot into a channel.
func (w *Workspace) Invite(user, channel string) error {
	return w.do(func() error {
		c, p, err := w.place(channel, user)
		if err != nil || c.has(w.o.BotUser) {
			return err
		}
		c.Members = append(c.Members, w.o.BotUser)
		m := w.add(&Message{Channel: c.ID, User: w.o.BotUser, Subtype: "channel_join", Text: w.Mention() + " has joined the channel"})
		w.tell("member_joined_channel", object{
			"type": "member_joined_channel", "user": w.o.BotUser, "channel": c.ID, "channel_type": strings.ToUpper(c.kind()[:1]),
			"team": w.o.Team, "inviter": p.ID, "event_ts": m.TS,
		})
		return nil
	})
}

// Command types a slash command, such as "/report", and the words after it. In a thread Slack refuses the app's commands
// ([docs] interactivity/implementing-slash-commands), and so does this.
func (w *Workspace) Command(user, channel, thread, command, text string) error {
	if command == "/invite" {
		return w.Invite(user, channel)
	}
	return w.do(func() error {
		c, p, err := w.place(channel, user)
		switch {
		case err != nil:
			return err
		case !w.registered(command):
			w.whisper(c.ID, thread, p.ID, escape.Replace(command)+" is not a valid command.")
			return nil
		case thread != "":
			w.whisper(c.ID, thread, p.ID, command+" is not supported in threads. Sorry!")
			return nil
		}
		w.outbox = append(w.outbox, w.commandDelivery(c, p, command, w.typed(strings.TrimSpace(text))))
		return nil
	})
}

// registered reports whether the app has a command, and the scope for it ([docs] reference/scopes/commands).
func (w *Workspace) registered(command string) bool {
	return slices.Contains(w.o.Scopes, "commands") && slices.ContainsFunc(w.o.Commands, func(c Command) bool { return c.Name == command })
}

// commandDelivery has the keys of java-slack-sdk at 86ff7ca, SlashCommandPayload.json; the lock is held.
func (w *Workspace) commandDelivery(c *Channel, p *Person, command, text string) *delivery {
	address := w.newResponseURL(c.ID, p.ID, nil)
	u := w.replies[address[strings.LastIndex(address, "/")+1:]]
	return w.delivery(kindCommand, object{
		"token": "verification-token", "api_app_id": w.o.App, "team_id": w.o.Team, "team_domain": w.o.Domain,
		"channel_id": c.ID, "channel_name": c.shown(), "user_id": p.ID, "user_name": p.Name, "command": command, "text": text,
		"response_url": address, "trigger_id": w.newTrigger(p.ID, ""), "is_enterprise_install": "false",
	}, func(raw json.RawMessage) { w.respondToCommand(u, command, raw) },
		func() { w.complain(u, command, "dispatch_failed") })
}

// delivery makes a delivery of our own JSON; the lock is held.
func (w *Workspace) delivery(kind string, payload object, respond func(json.RawMessage), failed func()) *delivery {
	raw, err := json.Marshal(payload)
	if err != nil {
		raw = json.RawMessage("null") // not reached: all of it came from JSON or from strings
	}
	return &delivery{id: w.id("dlv-"), kind: kind, payload: raw, respond: respond, failed: failed}
}

// Use is what a person does with an element of a message or a view: a click on a button, a choice in a menu.
type Use struct {
	Channel, TS string // of a message
	View        string // or the ID of a view
	Block       string // its block_id; may be "" where only one element has the action_id
	Action      string // the element's action_id
	Choice      string // of a menu, the value chosen; of feedback buttons, "positive" or "negative"
}

// Click uses an element. It is an error when there is no such element in what the person sees.
func (w *Workspace) Click(user string, u Use) error {
	return w.do(func() error {
		p := w.person(user)
		if p == nil {
			return fmt.Errorf("nobody called %q in the workspace", user)
		}
		payload := w.interaction("block_actions", p)
		from, failed, err := w.where(p, u, payload)
		if err != nil {
			return err
		}
		used, err := w.used(from, u)
		if err != nil {
			return err
		}
		payload["actions"], payload["state"] = []object{used}, object{"values": object{}}
		w.outbox = append(w.outbox, w.delivery(kindInteraction, payload, nil, failed))
		return nil
	})
}

// interaction has what all interactions have (java-slack-sdk at 86ff7ca, json-logs/samples/app-backend).
func (w *Workspace) interaction(kind string, p *Person) object {
	return object{
		"type": kind, "token": "verification-token", "api_app_id": w.o.App, "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": w.o.Team, "domain": w.o.Domain},
		"user": object{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": w.o.Team},
	}
}

// where adds to a payload where an element was used, and returns the blocks in which it must be.
func (w *Workspace) where(p *Person, u Use, payload object) (json.RawMessage, func(), error) {
	if u.View != "" {
		v := w.views[u.View]
		if v == nil || v.User != p.ID {
			return nil, nil, fmt.Errorf("%s sees no view %s", p.ID, u.View)
		}
		payload["container"] = object{"type": "view", "view_id": v.ID}
		payload["view"], payload["trigger_id"] = w.wireView(v), w.newTrigger(p.ID, v.ID)
		return v.Blocks, func() { v.Errors = map[string]string{"": trouble} }, nil
	}
	m, c := w.message(u.Channel, u.TS), w.channel(u.Channel)
	if m == nil || !m.visible(p.ID) {
		return nil, nil, fmt.Errorf("%s sees no message %s in channel %s", p.ID, u.TS, u.Channel)
	}
	container := object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.Ephemeral != ""}
	set(container, "thread_ts", m.ThreadTS)
	payload["container"], payload["channel"] = container, object{"id": c.ID, "name": c.shown()}
	payload["trigger_id"], payload["response_url"] = w.newTrigger(p.ID, ""), w.newResponseURL(c.ID, p.ID, m)
	if m.Ephemeral == "" { // an ephemeral message is kept nowhere, and not repeated
		payload["message"] = w.wire(m)
	}
	return m.Blocks, func() { w.whisper(c.ID, m.ThreadTS, p.ID, trouble) }, nil
}

// trouble stands for the sign that Slack shows when an app does not answer.
const trouble = "We had some trouble connecting. Try again?"

// used is the entry of "actions" for an element.
func (w *Workspace) used(raw json.RawMessage, u Use) (object, error) {
	var blocks []map[string]any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return nil, fmt.Errorf("nothing to use there: %w", err)
	}
	for _, b := range blocks {
		for _, e := range interactive(b) {
			if e["action_id"] == u.Action && (u.Block == "" || u.Block == b["block_id"]) {
				return w.action(b, e, u.Choice), nil
			}
		}
	}
	return nil, fmt.Errorf("no element with the action_id %q there", u.Action)
}

func (w *Workspace) action(block, element map[string]any, choice string) object {
	o := object{"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"], "action_ts": w.ts()}
	switch element["type"] {
	case "button":
		maps.Copy(o, some(element, "text", "value", "style", "url"))
	case "feedback_buttons":
		pressed, _ := element[or(choice, "positive")+"_button"].(map[string]any)
		maps.Copy(o, some(pressed, "text", "value"))
	default:
		maps.Copy(o, chosen(element, []string{choice}))
	}
	return o
}

// some is part of an object.
func some(o map[string]any, keys ...string) object {
	part := object{}
	for _, k := range keys {
		if v, ok := o[k]; ok {
			part[k] = v
		}
	}
	return part
}
