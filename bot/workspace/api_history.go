package workspace

import (
	"slices"
	"strconv"
	"strings"
)

// pageMost is how many messages a page of history holds at most, and when nothing is said ([ref]
// conversations.history: limit).
const (
	pageMost  = 999
	pageUsual = 100
)

// readHistory is conversations.history: what stands in a channel, newest first, without replies in threads.
func readHistory(w *Workspace, a args) (object, error) {
	c, err := w.readable(a.str("channel"))
	if err != nil {
		return nil, err
	}
	found := w.openly(c, a, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast })
	slices.Reverse(found)
	return w.page(found, a), nil
}

// readReplies is conversations.replies: a thread, its first message first, which stands there whatever "oldest" says.
func readReplies(w *Workspace, a args) (object, error) {
	c, err := w.readable(a.str("channel"))
	if err != nil {
		return nil, err
	}
	ts := a.str("ts")
	root := w.message(c.ID, ts)
	if root == nil || root.Ephemeral != "" {
		return nil, refusal{code: "thread_not_found"}
	}
	replies := w.openly(c, a, func(m *Message) bool { return m.ThreadTS == ts && m.TS != ts })
	return w.page(append([]*Message{root}, replies...), a), nil
}

// readable is a channel that the bot may read: its scope depends on the kind ([ref] conversations.history).
func (w *Workspace) readable(id string) (*Channel, error) {
	c := w.channel(id)
	if c == nil {
		return nil, refusal{code: "channel_not_found"}
	}
	need := map[string]string{"im": "im:history", "group": "groups:history", "channel": "channels:history"}[c.kind()]
	switch {
	case !slices.Contains(w.o.Scopes, need):
		return nil, refusal{code: "missing_scope", needed: need, provided: strings.Join(w.o.Scopes, ",")}
	case !c.has(w.o.BotUser) && c.IM == "":
		return nil, refusal{code: "not_in_channel"}
	}
	return c, nil
}

// openly is what everyone sees, of a kind and after "oldest".
func (w *Workspace) openly(c *Channel, a args, kind func(*Message) bool) (found []*Message) {
	oldest, inclusive := a.str("oldest"), a.flag("inclusive")
	for _, m := range w.messages[c.ID] {
		if m.Deleted || m.Ephemeral != "" || !kind(m) || m.TS < oldest || m.TS == oldest && !inclusive {
			continue
		}
		found = append(found, m)
	}
	return found
}

func (w *Workspace) page(found []*Message, a args) object {
	limit, _ := strconv.Atoi(a.str("limit"))
	if limit <= 0 {
		limit = pageUsual
	}
	limit = min(limit, pageMost)
	messages := []object{}
	for _, m := range found[:min(limit, len(found))] {
		o := w.wire(m)
		if !a.flag("include_all_metadata") {
			delete(o, "metadata")
		}
		messages = append(messages, o)
	}
	return object{"messages": messages, "has_more": len(found) > limit}
}
