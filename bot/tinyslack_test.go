package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapporteur/bot/receive"
)

// tinySlack is as much of Slack as a bot calls: it notes what is posted, and fails as told.
type tinySlack struct {
	mu        sync.Mutex
	posts     []url.Values             // of chat.postMessage
	replies   []map[string]any         // to response URLs
	opened    []slack.ModalViewRequest // by views.open
	pushed    []slack.ModalViewRequest // by views.push
	published []slack.PublishViewContextRequest
	waiting   []slack.AssistantThreadsSetStatusParameters
	failures  []error          // of the next calls, nil for success
	server    *httptest.Server // of response URLs
	statuses  []int            // of the next replies to response URLs
	log       bytes.Buffer
}

func newTinySlack(t *testing.T) *tinySlack {
	s := &tinySlack{}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *tinySlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.statuses) > 0 {
		status := s.statuses[0]
		s.statuses = s.statuses[1:]
		w.Header().Set("Location", "/elsewhere")
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(status)
		return
	}
	body, _ := io.ReadAll(r.Body)
	var reply map[string]any
	if json.Unmarshal(body, &reply) == nil {
		s.replies = append(s.replies, reply)
	}
}

func (s *tinySlack) fail() error {
	if len(s.failures) == 0 {
		return nil
	}
	err := s.failures[0]
	s.failures = s.failures[1:]
	return err
}

func (s *tinySlack) AuthTestContext(context.Context) (*slack.AuthTestResponse, error) {
	return &slack.AuthTestResponse{UserID: "UBOT", User: "rapporteur", TeamID: "T1"}, s.fail()
}

func (s *tinySlack) PostMessageContext(_ context.Context, channel string, options ...slack.MsgOption) (string, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail(); err != nil {
		return "", "", err
	}
	_, values, err := slack.UnsafeApplyMsgOptions("", channel, "", options...)
	s.posts = append(s.posts, values)
	return channel, "9.9", err
}

func (s *tinySlack) GetConversationRepliesContext(_ context.Context, p *slack.GetConversationRepliesParameters) ([]slack.Message, bool, string, error) {
	messages, err := s.said(p.ChannelID, p.Timestamp)
	return messages, false, "", err
}

func (s *tinySlack) GetConversationHistoryContext(_ context.Context, p *slack.GetConversationHistoryParameters) (*slack.GetConversationHistoryResponse, error) {
	messages, err := s.said(p.ChannelID, "")
	return &slack.GetConversationHistoryResponse{Messages: messages}, err
}

// said is what was posted, with its metadata.
func (s *tinySlack) said(channel, thread string) (all []slack.Message, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.posts {
		if p.Get("channel") == channel && p.Get("thread_ts") == thread {
			var m slack.Message
			_ = json.Unmarshal([]byte(p.Get("metadata")), &m.Metadata)
			m.Timestamp = strconv.Itoa(1000 + len(all))
			all = append(all, m)
		}
	}
	return all, s.fail()
}

func (s *tinySlack) SetAssistantThreadsStatusContext(_ context.Context, p slack.AssistantThreadsSetStatusParameters) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, p)
	return nil
}

func (s *tinySlack) OpenViewContext(_ context.Context, _ string, view slack.ModalViewRequest) (*slack.ViewResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = append(s.opened, view)
	return nil, s.fail()
}

func (s *tinySlack) PushViewContext(_ context.Context, _ string, view slack.ModalViewRequest) (*slack.ViewResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushed = append(s.pushed, view)
	return nil, s.fail()
}

func (s *tinySlack) PublishViewContext(_ context.Context, request slack.PublishViewContextRequest) (*slack.ViewResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.published = append(s.published, request)
	return nil, s.fail()
}

func (s *tinySlack) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// bot makes a bot on a tiny Slack that logs everything.
func (s *tinySlack) bot(c *Conversation) *Bot {
	return New(Config{
		Conversation: c, Workspaces: Alone(s), Self: "UBOT",
		Log: slog.New(slog.NewJSONHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
}

// handle reads a delivery and works on it at once.
func handle(b *Bot, d receive.Delivery) error {
	t, ok := b.Read(d)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return b.Work(ctx, t.Body, false)
}

func (s *tinySlack) secret() string { return s.server.URL + "/commands/T1/SECRET" }

func mention(ts, thread, text string) receive.Delivery {
	inner, _ := json.Marshal(map[string]string{"type": "app_mention", "channel": "C1", "user": "U2", "ts": ts, "thread_ts": thread, "text": "<@UBOT> " + text})
	return withID(string(inner), "Ev"+ts)
}

func directMessage(ts, text string) receive.Delivery {
	inner, _ := json.Marshal(map[string]string{"type": "message", "channel": "D1", "channel_type": "im", "user": "U2", "ts": ts, "text": text})
	return withID(string(inner), "Ev"+ts)
}

func withID(inner, id string) receive.Delivery {
	return receive.Delivery{Kind: receive.Event, Payload: json.RawMessage(`{"team_id":"T1","event_id":"` + id + `","event":` + inner + `}`)}
}

func (s *tinySlack) slash(name, text, trigger string) receive.Delivery {
	payload, _ := json.Marshal(map[string]string{
		"team_id": "T1", "channel_id": "C1", "user_id": "U2", "command": name, "text": text, "response_url": s.secret(), "trigger_id": trigger,
	})
	return receive.Delivery{Kind: receive.Command, Payload: payload}
}

func (s *tinySlack) click(id, value, trigger, container string) receive.Delivery {
	address := s.secret()
	if container == "view" {
		address = ""
	}
	payload, _ := json.Marshal(map[string]any{
		"type": "block_actions", "team": map[string]string{"id": "T1"}, "user": map[string]string{"id": "U2147"}, "channel": map[string]string{"id": "C1"},
		"container": map[string]string{"type": container}, "trigger_id": trigger, "response_url": address,
		"actions": []map[string]string{{"action_id": id, "value": value}},
	})
	return receive.Delivery{Kind: receive.Interaction, Payload: payload}
}

// valueOf returns what a button of a message carries.
func valueOf(t *testing.T, message map[string]any, name string) string {
	t.Helper()
	encoded, _ := json.Marshal(message["blocks"])
	var blocks []struct {
		Elements []struct {
			ID    string `json:"action_id"`
			Value string `json:"value"`
		} `json:"elements"`
	}
	if err := json.Unmarshal(encoded, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if action(e.ID) == name {
				return e.Value
			}
		}
	}
	t.Fatalf("no button %s", name)
	return ""
}
