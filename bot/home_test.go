package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"rapporteur/bot/receive"
)

func TestHome(t *testing.T) {
	s := newTinySlack(t)
	b := s.bot(embedded(t))
	handle(b, withID(`{"type":"app_home_opened","user":"U2","tab":"home","channel":"D1"}`, "Ev1"))
	if len(s.published) != 1 || s.published[0].UserID != "U2" {
		t.Fatalf("published %v", s.published)
	}
	view := s.published[0].View
	lawful(t, view.Blocks.BlockSet, 100, maxMessageText)
	raw, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"type":"home"`, "/recommendation b", "Who organized the side event?", "I do not interpret"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the home page lacks %s", want)
		}
	}
}

// A question offered on the home page opens a modal: there is no message to answer, and nothing to lay a modal upon.
func TestTryOnHome(t *testing.T) {
	s := newTinySlack(t)
	b := s.bot(embedded(t))
	value, _ := packed(Asked{Text: "/report contents"})
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]string{"id": "U2"}, "container": map[string]string{"type": "view"},
		"view": map[string]string{"type": "home"}, "trigger_id": "t", "actions": []map[string]string{{"action_id": "try:1", "value": value}},
	})
	if err != nil {
		t.Fatal(err)
	}
	handle(b, receive.Delivery{Kind: receive.Interaction, Payload: payload})
	if len(s.opened) != 1 || len(s.pushed) != 0 {
		t.Errorf("opened %d, pushed %d modals", len(s.opened), len(s.pushed))
	}
}

func TestWelcome(t *testing.T) {
	s := newTinySlack(t)
	c := embedded(t)
	if err := s.bot(c).Welcome(t.Context(), "T1", "C1"); err != nil || len(s.posts) != 1 {
		t.Fatalf("posted %d messages, %v", len(s.posts), err)
	}
	blocks := Blocks(c.Welcome())
	lawful(t, blocks, maxBlocks, maxMessageText)
	raw, err := json.Marshal(blocks)
	if n := strings.Count(string(raw), `"action_id":"try:`); err != nil || n != 3 {
		t.Errorf("%d things to try; want 3: %s", n, raw)
	}
}
