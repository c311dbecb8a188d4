package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/slack-go/slack"

	"rapporteur/bot/receive"
	"rapporteur/bot/store"
)

// keeping makes a bot with a store of its own, in which U0EDITOR may change settings.
func keeping(t *testing.T, s *tinySlack, days int) (*Bot, *store.Store) {
	t.Helper()
	kept, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	b := s.bot(conversation(sideEvent()))
	b.config.Keeper, b.config.QuestionDays, b.config.Editors = kept, days, []string{"U0EDITOR"}
	return b, kept
}

// sent is a form that somebody sent; values are Slack's, in JSON.
func sent(user, form, metadata, values, trigger string) receive.Delivery {
	payload, _ := json.Marshal(map[string]any{
		"type": "view_submission", "team": map[string]string{"id": "T1"}, "user": map[string]string{"id": user}, "trigger_id": trigger,
		"view": map[string]any{"callback_id": form, "private_metadata": metadata, "state": map[string]any{"values": json.RawMessage(values)}},
	})
	return receive.Delivery{Kind: receive.Interaction, Payload: payload}
}

const allSettings = `{
	"editors":{"people":{"type":"multi_users_select","selected_users":["U0GRACE","nonsense","U0EDITOR"]}},
	"ask_in":{"channel":{"type":"channels_select","selected_channel":"C0HELP"}},
	"feedback":{"feedback":{"type":"checkboxes","selected_options":[]}},
	"keep":{"days":{"type":"static_select","selected_option":{"text":{"type":"plain_text","text":"7 days"},"value":"7"}}}}`

func TestSettings(t *testing.T) {
	s := newTinySlack(t)
	b, kept := keeping(t, s, 30)
	handle(b, sent("U2", settingsForm, "", allSettings, "t1"))
	if set, err := kept.Settings(t.Context(), "T1"); err != nil || !cmp.Equal(set, store.Settings{}) {
		t.Errorf("somebody who may not changed them: %+v, %v", set, err)
	}
	handle(b, sent("U0EDITOR", settingsForm, "", allSettings, "t2"))
	seven := 7
	want := store.Settings{Editors: []string{"U0EDITOR", "U0GRACE"}, KeepDays: &seven, AskIn: "C0HELP", NoFeedback: true}
	if set, err := kept.Settings(t.Context(), "T1"); err != nil || !cmp.Equal(set, want) {
		t.Errorf("%v (-want +got):\n%s", err, cmp.Diff(want, set))
	}
	if set, err := kept.Settings(t.Context(), "T2"); err != nil || !cmp.Equal(set, store.Settings{}) {
		t.Errorf("another workspace has them: %+v, %v", set, err)
	}
	if len(s.published) != 1 || !strings.Contains(fmt.Sprint(toJSON(t, s.published[0].View)), "kept for 7 days") {
		t.Errorf("the home page was not renewed: %v", s.published)
	}
	for user, allowed := range map[string]bool{"U0EDITOR": true, "U0GRACE": true, "U2": false} {
		s.published, s.opened = nil, nil
		handle(b, withID(`{"type":"app_home_opened","user":"`+user+`","tab":"home","channel":"D1"}`, "Ev"+user))
		if got := strings.Contains(toJSON(t, s.published[0].View), openSettings+":1"); got != allowed {
			t.Errorf("%s is offered settings: %v", user, got)
		}
		click := s.click(openSettings+":1", "{}", "t"+user, "view")
		click.Payload = json.RawMessage(strings.Replace(string(click.Payload), "U2147", user, 1))
		handle(b, click)
		opened := append(s.opened, s.pushed...)
		s.pushed = nil
		if len(opened) != 1 || (opened[0].CallbackID == settingsForm) != allowed {
			t.Errorf("%s was shown %+v", user, opened)
		}
		if allowed && !strings.Contains(toJSON(t, opened[0]), `"initial_channel":"C0HELP"`) {
			t.Errorf("the form does not show what holds: %s", toJSON(t, opened[0]))
		}
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestChoices(t *testing.T) {
	for _, test := range []struct {
		now, most int
		want      []int
	}{{0, 7, []int{0, 7}}, {14, 30, []int{0, 7, 14, 30}}, {30, 45, []int{0, 7, 30, 45}}, {365, 365, []int{0, 7, 30, 90, 365}}} {
		if got := choices(test.now, test.most); !slices.Equal(got, test.want) {
			t.Errorf("%d of %d: %v, want %v", test.now, test.most, got, test.want)
		}
	}
}

// TestFeedback keeps what people think of an answer: their last word, and their words where words are kept.
func TestFeedback(t *testing.T) {
	for days, comment := range map[int]string{0: "", 30: "nothing on fees"} {
		s := newTinySlack(t)
		b, kept := keeping(t, s, days)
		handle(b, s.slash("/report", "about smuggling", "t1"))
		carried := valueOf(t, s.replies[0], unhelpful)
		handle(b, s.click(helpful+":1", carried, "t2", "message"))
		handle(b, s.click(unhelpful+":1", carried, "t3", "message"))
		if got := len(s.opened); got != min(days, 1) {
			t.Errorf("%d days: %d forms for words", days, got)
		}
		handle(b, sent("U2147", commentForm, carried, `{"comment":{"text":{"type":"plain_text_input","value":"nothing on\u0000 fees"}}}`, "t4"))
		want := []store.Feedback{{Team: "T1", Exchange: "C1 t1", Person: "U2147", Verdict: "answered", Comment: comment}}
		got, err := kept.Feedback(t.Context(), "T1")
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Feedback{}, "Given")); err != nil || diff != "" {
			t.Errorf("%d days: %v (-want +got):\n%s", days, err, diff)
		}
		if last := s.replies[1]["text"]; last != thanks || s.replies[1]["response_type"] != "ephemeral" {
			t.Errorf("said %q", last)
		}
	}
}

// TestQuestionsKept keeps questions where that is switched on, once, and tells who asks.
func TestQuestionsKept(t *testing.T) {
	for _, days := range []int{0, 30} {
		s := newTinySlack(t)
		b, kept := keeping(t, s, days)
		handle(b, mention("1.2", "", "about smuggling"))
		handle(b, mention("1.2", "", "about smuggling"))
		handle(b, mention("1.3", "", "help"))
		handle(b, s.slash("/recommendation", "b", "t1"))
		got, err := kept.Questions(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, q := range got {
			words = append(words, q.Person+" "+q.Channel+": "+q.Words+" "+q.Verdict+" "+strings.Join(q.Passages, ","))
		}
		want := []string{"U2 C1: about smuggling answered e#b", "U2 C1: /recommendation b answered e#b"}
		if days == 0 {
			want = nil
		}
		if len(words) != len(want) {
			t.Errorf("%d days: kept %q; want %q", days, words, want)
		}
		s.replies = nil
		handle(b, s.slash("/report", "about", "t2"))
		if said := fmt.Sprint(s.replies[0]["text"]); !strings.Contains(said, keptNotice(days)) {
			t.Errorf("%d days: %q does not say so", days, said)
		}
	}
}

// TestAskIn points people to a channel where the report is silent, and nowhere else.
func TestAskIn(t *testing.T) {
	s := newTinySlack(t)
	b, kept := keeping(t, s, 0)
	if err := kept.SaveSettings(t.Context(), "T1", store.Settings{AskIn: "C0HELP"}, 0); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{"what does a passport cost?": true, "about smuggling": false} {
		s.replies = nil
		handle(b, s.slash("/report", text, "t"+text))
		said, shown := fmt.Sprint(s.replies[0]["text"]), toJSON(t, s.replies[0]["blocks"])
		if got := strings.Contains(said, "<#C0HELP>"); got != want {
			t.Errorf("%s: %q", text, said)
		}
		if got := strings.Contains(shown, `"channel_id":"C0HELP"`); got != want {
			t.Errorf("%s: %s", text, shown)
		}
	}
}

// broken is a keeper whose database is gone.
type broken struct{ Keeper }

var errGone = errors.New("the database is gone")

func (broken) Settings(context.Context, string) (store.Settings, error) {
	return store.Settings{}, errGone
}

// TestAnswersWithoutKeeper answers also when nothing can be read or kept, and keeps nothing of which it can't know that it may.
func TestAnswersWithoutKeeper(t *testing.T) {
	s := newTinySlack(t)
	b, _ := keeping(t, s, 30)
	b.config.Keeper = broken{}
	if err := handle(b, s.slash("/report", "about smuggling", "t1")); err != nil || len(s.replies) != 1 {
		t.Fatalf("%d replies, %v", len(s.replies), err)
	}
	if shown := toJSON(t, s.replies[0]["blocks"]); strings.Contains(shown, helpful) || !strings.Contains(shown, share) {
		t.Errorf("asks for what can't be kept: %s", shown)
	}
}

// several are workspaces of a bot that is in some.
type several map[string]Slack

func (w several) In(_ context.Context, team string) (Slack, error) {
	if s, ok := w[team]; ok {
		return s, nil
	}
	return nil, fmt.Errorf("find: %w", store.ErrNotInstalled)
}

// TestSentAway forgets at once what it kept of a workspace that sent it away, and says no more there.
func TestSentAway(t *testing.T) {
	s := newTinySlack(t)
	b, kept := keeping(t, s, 30)
	workspaces := several{"T1": s}
	b.config.Workspaces = workspaces
	handle(b, mention("1.2", "", "about smuggling"))
	delete(workspaces, "T1")
	gone := receive.Delivery{Kind: receive.Event, Payload: json.RawMessage(fmt.Sprintf(
		`{"team_id":"T1","event_id":"Ev9","event_time":%d,"event":{"type":"app_uninstalled"}}`, time.Now().Unix()))}
	if err := handle(b, gone); err != nil {
		t.Error(err)
	}
	if err := handle(b, mention("1.3", "", "about smuggling")); err != nil || len(s.posts) != 1 {
		t.Errorf("%d posts, %v; want silence where it was sent away", len(s.posts), err)
	}
	if questions, err := kept.Questions(t.Context(), "T1"); err != nil || len(questions) != 0 {
		t.Errorf("kept %v, %v", questions, err)
	}
}

// FuzzForm sends any form: what becomes of it holds nothing that can't be.
func FuzzForm(f *testing.F) {
	f.Add(allSettings, settingsForm, "U0EDITOR")
	f.Add(`{"comment":{"text":{"value":"words"}}}`, commentForm, "U2")
	f.Add(`{"keep":{"days":{"selected_option":{"value":"-99999999999999999999"}}},"editors":{"p":{"selected_users":["<!channel>"]}}}`, settingsForm, "U0EDITOR")
	f.Add(`{"ask_in":{"c":{"selected_channel":"C1> <!here"}},"feedback":[1]}`, settingsForm, "U0EDITOR")
	f.Fuzz(func(t *testing.T, values, form, user string) {
		if !json.Valid([]byte(values)) {
			values = "{}"
		}
		s, ok := hear(sent(user, form, "{}", values, "t"), "").(submission)
		if !ok {
			return
		}
		set := chosen(s)
		for _, id := range set.Editors {
			if !userID.MatchString(id) {
				t.Errorf("editor %q", id)
			}
		}
		if len(set.Editors) > maxEditors || set.AskIn != "" && !channelID.MatchString(set.AskIn) || set.KeepDays != nil && *set.KeepDays < 0 {
			t.Errorf("chosen %+v", set)
		}
		view := SettingsModal(set, 0, 30)
		if raw, err := json.Marshal(view); err != nil || strings.Contains(string(raw), "<!") {
			t.Errorf("%s, %v", raw, err)
		}
		var _ slack.ModalViewRequest = view
	})
}
