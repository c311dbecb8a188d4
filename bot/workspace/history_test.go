package workspace

import (
	"fmt"
	"strings"
	"testing"
)

func texts(t *testing.T, a answer) string {
	t.Helper()
	if a.Error != "" {
		return a.Error + " " + fmt.Sprint(a.Body["needed"])
	}
	var all []string
	for _, m := range a.Body["messages"].([]any) {
		m := m.(map[string]any)
		text := m["text"].(string)
		if m["metadata"] != nil {
			text += "+"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestHistory(t *testing.T) {
	w := open(t, Options{Scopes: []string{"chat:write", "channels:history"}})
	root, _ := w.Say("ada", "general", "", "question")
	call(t, w, "chat.postMessage", object{"channel": "C0GENERAL", "text": "answer", "thread_ts": root, "metadata": object{"event_type": "e", "event_payload": object{"k": "v"}}})
	call(t, w, "chat.postEphemeral", object{"channel": "C0GENERAL", "user": "U0ADA", "text": "private"})
	second, _ := w.Say("ada", "general", "", "second")
	im := w.directMessage("U0ADA").ID
	for _, test := range []struct {
		method string
		args   object
		want   string
	}{
		{"conversations.history", object{"channel": "C0GENERAL"}, "second question"},
		{"conversations.history", object{"channel": "C0GENERAL", "limit": 1}, "second"},
		{"conversations.history", object{"channel": "C0GENERAL", "oldest": root}, "second"},
		{"conversations.history", object{"channel": "C0GENERAL", "oldest": root, "inclusive": true}, "second question"},
		{"conversations.replies", object{"channel": "C0GENERAL", "ts": root}, "question answer"},
		{"conversations.replies", object{"channel": "C0GENERAL", "ts": root, "include_all_metadata": true}, "question answer+"},
		{"conversations.replies", object{"channel": "C0GENERAL", "ts": root, "oldest": second}, "question"},
		{"conversations.replies", object{"channel": "C0GENERAL", "ts": "1.000001"}, "thread_not_found <nil>"},
		{"conversations.history", object{"channel": "C0RANDOM"}, "not_in_channel <nil>"},
		{"conversations.history", object{"channel": "nowhere"}, "channel_not_found <nil>"},
		{"conversations.history", object{"channel": im}, "missing_scope im:history"},
	} {
		if got := texts(t, call(t, w, test.method, test.args)); got != test.want {
			t.Errorf("%s %v: %q; want %q", test.method, test.args, got, test.want)
		}
	}
}
