package workspace

import (
	"encoding/json"
	"slices"
)

// postMessage is chat.postMessage. A person's ID as the channel means their direct message.
func postMessage(w *Workspace, a args) (object, error) {
	c, err := w.writable(a.str("channel"))
	if err != nil {
		return nil, err
	}
	if err := w.allow(c.ID); err != nil {
		return nil, err
	}
	m, err := w.compose(c, a.body(), a.str("thread_ts"))
	if err != nil {
		return nil, err
	}
	m.Broadcast = a.flag("reply_broadcast") && m.ThreadTS != ""
	w.add(m)
	w.tellOwn(m)
	delete(w.status, threadKey(c.ID, m.ThreadTS)) // an answer ends "is thinking…" ([docs] assistant.threads.setStatus)
	return object{"channel": c.ID, "ts": m.TS, "message": w.wire(m)}, nil
}

// postEphemeral is chat.postEphemeral. The person must be in the channel ([ref]: user_not_in_channel).
func postEphemeral(w *Workspace, a args) (object, error) {
	c, err := w.writable(a.str("channel"))
	if err != nil {
		return nil, err
	}
	p := w.person(a.str("user"))
	switch {
	case p == nil:
		return nil, refusal{code: "user_not_found"}
	case !c.has(p.ID):
		return nil, refusal{code: "user_not_in_channel"}
	}
	m, err := w.compose(c, a.body(), a.str("thread_ts"))
	if err != nil {
		return nil, err
	}
	m.Ephemeral = p.ID
	w.add(m)
	return object{"message_ts": m.TS}, nil
}

// updateMessage is chat.update. Blocks that are not given stay, an empty array removes them ([docs] chat.update). An
// ephemeral message can't be found here: only its response URL changes it.
func updateMessage(w *Workspace, a args) (object, error) {
	m, err := w.own(a, "cant_update_message")
	if err != nil {
		return nil, err
	}
	b := a.body()
	if !a.has("text") {
		b.text = m.Text
	}
	if b.blocks == nil {
		b.blocks, b.sent = m.Blocks, m.Sent
	}
	if escaped(b.text) > updateText && a.has("text") {
		return nil, refusal{code: "msg_too_long"}
	}
	if err := w.rules.checkBody(b); err != nil {
		return nil, err
	}
	before := w.wire(m)
	w.revise(m, w.identified(b))
	w.tellChanged(m, before)
	return object{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": w.wire(m)}, nil
}

func deleteMessage(w *Workspace, a args) (object, error) {
	m, err := w.own(a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.tellDeleted(m)
	m.Deleted = true
	return object{"channel": m.Channel, "ts": m.TS}, nil
}

// own finds the bot's message that the arguments name.
func (w *Workspace) own(a args, denied string) (*Message, error) {
	c := w.channel(a.str("channel"))
	if c == nil {
		return nil, refusal{code: "channel_not_found"}
	}
	m := w.message(c.ID, a.str("ts"))
	switch {
	case m == nil || m.Ephemeral != "":
		return nil, refusal{code: "message_not_found"}
	case !m.Bot:
		return nil, refusal{code: denied}
	}
	return m, nil
}

// writable finds a channel that the bot may write in.
func (w *Workspace) writable(name string) (*Channel, error) {
	c := w.channel(name)
	if c == nil {
		c = w.directMessage(name)
	}
	switch {
	case c == nil:
		return nil, refusal{code: "channel_not_found"}
	case !c.has(w.o.BotUser):
		return nil, refusal{code: "not_in_channel"}
	}
	return c, nil
}

// compose makes the bot's message without adding it. A thread that is not there is refused: what Slack does then is not
// documented [inf], and no bot means it.
func (w *Workspace) compose(c *Channel, b body, thread string) (*Message, error) {
	if err := w.rules.checkBody(b); err != nil {
		return nil, err
	}
	switch {
	case thread != "" && !isTS(thread):
		return nil, refusal{code: "invalid_thread_ts"}
	case thread != "" && w.message(c.ID, thread) == nil:
		return nil, refusal{code: "thread_not_found"}
	}
	b = w.identified(b)
	return &Message{
		Channel: c.ID, ThreadTS: thread, User: w.o.BotUser, Bot: true,
		Text: b.text, Blocks: b.blocks, Sent: b.sent, Metadata: b.metadata,
	}, nil
}

// identified gives every block a block_id and every interactive element an action_id, as Slack does where a bot gave none.
func (w *Workspace) identified(b body) body {
	if empty(b.blocks) {
		b.blocks, b.sent = nil, nil
		return b
	}
	b.blocks = w.identify(b.blocks)
	return b
}

// identify fills in the IDs of an array of blocks, which was checked before.
func (w *Workspace) identify(raw json.RawMessage) json.RawMessage {
	var blocks []map[string]any
	if json.Unmarshal(raw, &blocks) != nil {
		return raw
	}
	for _, b := range blocks {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = w.id("b")
		}
		for _, e := range interactive(b) {
			if id, _ := e["action_id"].(string); id == "" {
				e["action_id"] = w.id("a")
			}
		}
	}
	filled, err := json.Marshal(blocks)
	if err != nil {
		return raw
	}
	return filled
}

// interactive are the elements of a block that a person can use.
func interactive(block map[string]any) []map[string]any {
	members, _ := block["elements"].([]any)
	members = append(slices.Clone(members), block["accessory"], block["element"])
	var all []map[string]any
	for _, m := range members {
		e, _ := m.(map[string]any)
		switch e["type"] {
		case nil, "image", "plain_text", "mrkdwn":
			continue
		}
		if block["type"] != "rich_text" {
			all = append(all, e)
		}
	}
	return all
}
