package bot

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rapporteur/bot/receive"
)

// TestTeam is the one that let the bot in, also for what happened in another that shares the channel.
func TestTeam(t *testing.T) {
	payload := `{"team_id":"T9","event_id":"Ev1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],
		"event":{"type":"app_mention","channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> who?"}}`
	got := hear(receive.Delivery{Kind: receive.Event, Payload: json.RawMessage(payload)}, "")
	want := message{Team: "T1", Channel: "C1", User: "U2", TS: "1.2", Text: "who?", EventID: "Ev1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// event wraps an inner event as the Events API does.
func event(inner string) receive.Delivery {
	return receive.Delivery{Kind: receive.Event, Payload: json.RawMessage(`{"team_id":"T1","event_id":"Ev1","type":"event_callback","event":` + inner + `}`)}
}

func TestHear(t *testing.T) {
	said := func(text string) heard {
		return message{Team: "T1", Channel: "C1", User: "U2", TS: "1.2", Text: text, EventID: "Ev1"}
	}
	direct := message{Team: "T1", Channel: "D1", User: "U2", TS: "1.2", Text: "who?", EventID: "Ev1", Direct: true}
	for _, test := range []struct {
		name, inner string
		want        heard
	}{
		{"mention", `{"type":"app_mention","channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> who organized it?"}`, said("who organized it?")},
		{"message with mention", `{"type":"message","channel":"C1","channel_type":"channel","user":"U2","ts":"1.2","text":"hey <@UBOT|rap>: who?"}`, said("hey: who?")},
		{"in a thread", `{"type":"app_mention","channel":"C1","user":"U2","ts":"1.2","thread_ts":"1.0","text":"<@UBOT> who?"}`,
			message{Team: "T1", Channel: "C1", User: "U2", TS: "1.2", Thread: "1.0", Text: "who?", EventID: "Ev1"}},
		{"direct", `{"type":"message","channel":"D1","channel_type":"im","user":"U2","ts":"1.2","text":"who?"}`, direct},
		{"direct by its channel", `{"type":"message","channel":"D1","user":"U2","ts":"1.2","text":"who?"}`, direct},
		{"file with words", `{"type":"message","subtype":"file_share","channel":"D1","user":"U2","ts":"1.2","text":"who?","files":[{}]}`, direct},
		{"also sent to the channel", `{"type":"app_mention","subtype":"thread_broadcast","channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> who?"}`, said("who?")},
		{"odd fields", `{"type":"app_mention","channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> who?","blocks":"none","bot_id":null,"edited":null,"channel_type":7}`, said("who?")},
		{"message without mention", `{"type":"message","channel":"C1","channel_type":"channel","user":"U2","ts":"1.2","text":"who?"}`, unheard("not addressed to the bot")},
		{"mention of another", `{"type":"message","channel":"C1","channel_type":"channel","user":"U2","ts":"1.2","text":"<@UBOTH> who?"}`, unheard("not addressed to the bot")},
		{"bot", `{"type":"app_mention","channel":"C1","user":"U2","bot_id":"B1","ts":"1.2","text":"<@UBOT> who?"}`, unheard("from a bot")},
		{"slackbot", `{"type":"message","channel":"D1","user":"USLACKBOT","ts":"1.2","text":"who?"}`, unheard("from a bot")},
		{"itself", `{"type":"message","channel":"D1","user":"UBOT","ts":"1.2","text":"who?"}`, unheard("from the bot itself")},
		{"uninstalled", `{"type":"app_uninstalled"}`, left{Team: "T1", EventID: "Ev1", At: time.Unix(0, 0), Uninstalled: true}},
		{"tokens taken back", `{"type":"tokens_revoked","tokens":{"oauth":[],"bot":["UBOT"]}}`, left{Team: "T1", EventID: "Ev1", At: time.Unix(0, 0)}},
		{"somebody's own token taken back", `{"type":"tokens_revoked","tokens":{"oauth":["U2"]}}`, unheard("another event")},
		{"join", `{"type":"message","subtype":"channel_join","channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> has joined"}`, unheard("not a person's new message")},
		{"changed", `{"type":"message","subtype":"message_changed","hidden":true,"channel":"D1","ts":"1.2","message":{"text":"who?"}}`, unheard("not a person's new message")},
		{"hidden", `{"type":"message","hidden":true,"channel":"D1","user":"U2","ts":"1.2","text":"who?"}`, unheard("hidden or edited")},
		{"edited", `{"type":"app_mention","edited":{"user":"U2","ts":"1.3"},"channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> who?"}`, unheard("hidden or edited")},
		{"mention alone", `{"type":"app_mention","channel":"C1","user":"U2","ts":"1.2","text":" <@UBOT> "}`, message{Team: "T1", Channel: "C1", User: "U2", TS: "1.2", EventID: "Ev1"}},
		{"direct message without words", `{"type":"message","channel":"D1","user":"U2","ts":"1.2","text":""}`, unheard("no words")},
		{"nobody", `{"type":"message","channel":"D1","ts":"1.2","text":"who?"}`, unheard("no person, channel or time")},
		{"another event", `{"type":"reaction_added","user":"U2"}`, unheard("another event")},
		{"null", `null`, unheard("another event")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, hear(event(test.inner), "UBOT")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHearOthers(t *testing.T) {
	for _, test := range []struct {
		name    string
		kind    receive.Kind
		payload string
		want    heard
	}{
		{"command", receive.Command, `{"team_id":"T1","channel_id":"C1","user_id":"U2","command":"/Report","text":" who &amp; why ","response_url":"https://hooks.example.com/x","trigger_id":"1.2"}`,
			command{Team: "T1", Channel: "C1", User: "U2", Name: "/report", Text: "who & why", ResponseURL: "https://hooks.example.com/x", Trigger: "1.2"}},
		{"command without answer", receive.Command, `{"command":"/report"}`, unheard("a command without a name or a place to answer")},
		{"button", receive.Interaction, `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U2"},"channel":{"id":"C1"},"container":{"type":"message","thread_ts":"1.0"},"trigger_id":"t","response_url":"https://hooks.example.com/x","actions":[{"action_id":"share:1","value":"{}"}]}`,
			press{Team: "T1", Channel: "C1", User: "U2", Action: "share", Value: "{}", ResponseURL: "https://hooks.example.com/x", Trigger: "t", Thread: "1.0"}},
		{"button in a modal", receive.Interaction, `{"type":"block_actions","team":null,"user":{"id":"U2","team_id":"T1"},"container":{"type":"view"},"view":{"state":{"values":[]}},"trigger_id":"t","actions":[{"action_id":"show_context:2","value":"{}"}]}`,
			press{Team: "T1", User: "U2", Action: "show_context", Value: "{}", Trigger: "t", InModal: true}},
		{"button on the home page", receive.Interaction, `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U2"},"container":{"type":"view"},"view":{"type":"home"},"trigger_id":"t","actions":[{"action_id":"try:1","value":"{}"}]}`,
			press{Team: "T1", User: "U2", Action: "try", Value: "{}", Trigger: "t"}},
		{"home page", receive.Event, `{"team_id":"T1","event":{"type":"app_home_opened","user":"U2","tab":"home","channel":"D1","view":{"state":{"values":[]}}}}`, homeOpened{"T1", "U2", ""}},
		{"messages tab", receive.Event, `{"team_id":"T1","event":{"type":"app_home_opened","user":"U2","tab":"messages","channel":"D1"}}`, unheard("another event")},
		{"shortcut", receive.Interaction, `{"type":"shortcut"}`, unheard("another interaction")},
		{"no object", receive.Interaction, `[]`, unheard("another interaction")},
		{"no JSON", receive.Event, `{`, unheard("not JSON")},
		{"no kind", "", `{}`, unheard("unknown kind of delivery")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, hear(receive.Delivery{Kind: test.kind, Payload: json.RawMessage(test.payload)}, "UBOT")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSelfFromAuthorizations(t *testing.T) {
	payload := `{"team_id":"T1","authorizations":[{"user_id":"U9","is_bot":false},{"user_id":"UBOT","is_bot":true}],"event":{"type":"message","channel":"C1","user":"U2","ts":"1.2","text":"<@UBOT> who?"}}`
	m, ok := hear(receive.Delivery{Kind: receive.Event, Payload: json.RawMessage(payload)}, "").(message)
	if !ok || m.Text != "who?" {
		t.Errorf("got %+v, %v", m, ok)
	}
}

func TestPlain(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"<@UBOT> who?", "who?"},
		{"<@UBOT>, who?", "who?"},
		{"<@UBOT>: <@UBOT|rap> who?", "who?"},
		{"what does <@U1> say, and <@U2|kim>?", "what does @someone say, and @kim?"},
		{"in <#C1|general> or <#C2>", "in #general or #channel"},
		{"see <https://example.org/a|the page> or <https://example.org/b>.", "see the page or https://example.org/b."},
		{"<!here> <!channel> <!subteam^S1|@group> <!subteam^S2> <!date^1^{date}|Monday>", "@here @channel @group @group Monday"},
		{"<mailto:a@example.org|a@example.org>", "a@example.org"},
		{"a &lt; b &amp;&amp; c &gt; d &amp;lt;", "a < b && c > d &lt;"},
		{"two\nlines\tand  blanks", "two lines and blanks"},
		{"/recommendation b", "/recommendation b"},
		{"<", "<"},
		{"", ""},
	} {
		if got := plain(test.text, "UBOT"); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func FuzzHear(f *testing.F) {
	for _, kind := range []receive.Kind{receive.Event, receive.Command, receive.Interaction} {
		f.Add(string(kind), `{"event":{"type":"app_mention","text":"<@UBOT> x","user":"U","channel":"C","ts":"1"}}`, "UBOT")
		f.Add(string(kind), `{"type":"block_actions","actions":[{"action_id":"try:1"}]}`, "")
		f.Add(string(kind), `{"type":"view_submission","user":{"id":"U"},"view":{"callback_id":"settings","state":{"values":{"a":{"b":{"value":"c"}}}}}}`, "")
		f.Add(string(kind), `{"command":"/x","response_url":"y","text":"<`+"\\u0000"+`"}`, "")
	}
	f.Fuzz(func(t *testing.T, kind, payload, self string) {
		switch h := hear(receive.Delivery{Kind: receive.Kind(kind), Payload: json.RawMessage(payload)}, self).(type) {
		case message:
			if h.Direct && h.Text == "" || h.User == "" || h.Channel == "" || h.TS == "" || (self != "" && h.User == self) {
				t.Errorf("heard %+v", h)
			}
		case command:
			if h.Name == "" || h.ResponseURL == "" {
				t.Errorf("heard %+v", h)
			}
		case homeOpened:
			if h.User == "" {
				t.Errorf("heard %+v", h)
			}
		case submission:
			if h.User == "" || h.Form == "" {
				t.Errorf("heard %+v", h)
			}
		case press, left, unheard:
		default:
			t.Errorf("heard %T", h)
		}
	})
}
