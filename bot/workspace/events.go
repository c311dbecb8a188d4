package workspace

import (
	"encoding/json"
	"slices"
	"strings"
)

// scopeOf is the scope that an event needs besides its subscription ([docs] reference/events); "" for none.
func scopeOf(event string) string {
	return map[string]string{
		"app_mention": "app_mentions:read", "message.im": "im:history", "message.channels": "channels:history",
		"message.groups": "groups:history", "member_joined_channel": "channels:read",
	}[event]
}

// subscribed says whether the app gets an event of this name.
func (w *Workspace) subscribed(event string) bool {
	scope := scopeOf(event)
	return slices.Contains(w.o.Events, event) && (scope == "" || w.granted(scope))
}

// tell puts an event into the outbox, if the app is subscribed to it; the lock is held.
func (w *Workspace) tell(name string, event object) {
	if !w.subscribed(name) {
		return
	}
	id := w.id("Ev")
	w.outbox = append(w.outbox, w.event(id, event))
	switch w.takeDuplicate() {
	case SameEventID:
		w.outbox = append(w.outbox, w.event(id, event))
	case NewEventID: // node-slack-sdk#2141: one message, several events
		w.outbox = append(w.outbox, w.event(w.id("Ev"), event))
	}
}

// event wraps an event as Slack does; the keys are those of java-slack-sdk at 86ff7ca, json-logs/samples/events.
func (w *Workspace) event(id string, event object) *delivery {
	channel, _ := event["channel"].(string)
	kind, _ := event["type"].(string)
	raw, err := json.Marshal(object{
		"token": "verification-token", "team_id": w.o.Team, "api_app_id": w.o.App, "event": event,
		"type": "event_callback", "event_id": id, "event_time": w.o.Clock.Now().Unix(),
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": w.o.Team, "user_id": w.o.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false,
		"event_context":         strings.Join([]string{"1", kind, w.o.Team, channel}, "-"),
	})
	if err != nil {
		raw = json.RawMessage("null") // not reached: all of it came from JSON or from strings
	}
	return &delivery{id: w.id("dlv-"), kind: kindEvent, eventID: id, payload: raw}
}

// messageEvent is the name under which messages of a channel are subscribed to.
func messageEvent(c *Channel) string {
	return map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}[c.kind()]
}

// tellSaid tells of a person's message: in a channel with the bot in it app_mention when it mentions the bot, and
// message.channels besides; in a direct message message.im alone, mention or not ([docs] events/app_mention).
func (w *Workspace) tellSaid(c *Channel, m *Message) {
	if !c.has(w.o.BotUser) {
		return
	}
	if c.IM == "" && strings.Contains(m.Text, w.Mention()) && m.Subtype == "" {
		o := w.said(c, m)
		o["type"] = "app_mention"
		delete(o, "channel_type")
		w.tell("app_mention", o)
	}
	w.tell(messageEvent(c), w.said(c, m))
}

// said is a message as its event has it.
func (w *Workspace) said(c *Channel, m *Message) object {
	o := w.wire(m)
	o["channel"], o["event_ts"], o["channel_type"] = c.ID, m.TS, c.kind()
	if !m.Bot && m.Subtype == "" {
		o["client_msg_id"] = clientID(m.TS)
	}
	if m.Subtype != "" {
		delete(o, "team")
	}
	return o
}

// tellOwn tells the bot of its own message, as Slack does where it is subscribed to messages.
func (w *Workspace) tellOwn(m *Message) {
	c := w.channel(m.Channel)
	w.tell(messageEvent(c), w.said(c, m))
}

// tellChanged tells of an edit; before is the message as it was.
func (w *Workspace) tellChanged(m *Message, before object) {
	c := w.channel(m.Channel)
	if !c.has(w.o.BotUser) || m.Ephemeral != "" {
		return
	}
	w.tell(messageEvent(c), object{
		"type": "message", "subtype": "message_changed", "channel": c.ID, "hidden": true, "message": w.wire(m),
		"previous_message": before, "ts": m.Edited, "event_ts": m.Edited, "channel_type": c.kind(),
	})
}

// tellDeleted tells of a message that is about to be deleted.
func (w *Workspace) tellDeleted(m *Message) {
	c := w.channel(m.Channel)
	if !c.has(w.o.BotUser) || m.Ephemeral != "" {
		return
	}
	ts := w.ts()
	w.tell(messageEvent(c), object{
		"type": "message", "subtype": "message_deleted", "channel": c.ID, "hidden": true, "deleted_ts": m.TS,
		"previous_message": w.wire(m), "ts": ts, "event_ts": ts, "channel_type": c.kind(),
	})
}

// clientID looks like the UUID that a client gives a message.
func clientID(ts string) string {
	d := strings.ReplaceAll(ts, ".", "") + strings.Repeat("0", 32)
	return d[:8] + "-" + d[8:12] + "-4" + d[12:15] + "-8" + d[15:18] + "-" + d[18:30]
}
