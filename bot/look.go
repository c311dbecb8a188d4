package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// answerTo is where an answer goes, and which message it answers; question is "" for what nobody asked. asked is what it
// answers in words, for what is asked next.
type answerTo struct{ channel, thread, question, asked string }

// answerEvent names the metadata that an answer carries (docs.slack.dev/messaging/message-metadata): which message it
// answers, and the question as a follow-up is read after. Only apps can see it, those that see the question itself.
const answerEvent = "rapporteur_answer"

func (to answerTo) metadata() slack.MsgOption {
	payload := map[string]any{"question": to.question}
	if asked, _ := cutQuestion(to.asked); asked != "" {
		payload["asked"] = asked
	}
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: answerEvent, EventPayload: payload})
}

func (to answerTo) is(m slack.Message) bool {
	return m.Metadata.EventType == answerEvent && m.Metadata.EventPayload["question"] == to.question
}

// lookMost is how many messages since the question are looked at.
const lookMost = 200

// said looks whether a question is answered already. Where Slack doesn't let us look, it isn't, as far as we know: to say
// a thing twice is better than never; the log counts these.
func (b *member) said(ctx context.Context, to answerTo) (bool, error) {
	var messages []slack.Message
	err := b.patiently(ctx, "look for the answer", func(ctx context.Context) (err error) {
		messages, err = b.since(ctx, to, to.question)
		return err
	})
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) && !passing[refused.Err] {
		b.log.WarnContext(ctx, "may be answered twice", "channel", to.channel, "error", err.Error())
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, m := range messages {
		if to.is(m) {
			b.log.InfoContext(ctx, "answered before", "channel", to.channel)
			return true, nil
		}
	}
	return false, nil
}

// recallDeadline bounds how long an answer waits for what was asked before it: without that it is still an answer.
const recallDeadline = 2 * time.Second

// before returns the question asked last in a conversation. What this process does not remember, because it was asked before
// it started, or of another replica, stands in the metadata of the last answer.
func (b *member) before(ctx context.Context, where spot, m message, to answerTo) string {
	last := b.recent.before(where)
	goesOn := m.Thread != "" || m.Direct
	if !goesOn || last != "" && !b.config.Replicas {
		return last
	}
	ctx, cancel := context.WithTimeout(ctx, recallDeadline)
	defer cancel()
	messages, err := b.since(ctx, to, earlier(m.TS, recentFor))
	if err != nil {
		b.log.DebugContext(ctx, "what was asked before is not known", "channel", to.channel, "error", err.Error())
		return last
	}
	return orWord(lastAsked(messages), last)
}

// lastAsked is the question of the last answer among messages, in whatever order they come; "" for none.
func lastAsked(messages []slack.Message) (asked string) {
	latest := ""
	for _, m := range messages {
		if words, ok := m.Metadata.EventPayload["asked"].(string); ok && m.Metadata.EventType == answerEvent && m.Timestamp >= latest {
			asked, latest = words, m.Timestamp
		}
	}
	return asked
}

// earlier is a timestamp some time before another; "" for what is none.
func earlier(ts string, by time.Duration) string {
	seconds, _, _ := strings.Cut(ts, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(max(n-int64(by.Seconds()), 0), 10) + ".000000"
}

// since returns what was said where the answer goes, since a timestamp.
func (b *member) since(ctx context.Context, to answerTo, oldest string) ([]slack.Message, error) {
	if to.thread == "" {
		r, err := b.slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: to.channel, Oldest: oldest, Limit: lookMost, IncludeAllMetadata: true,
		})
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		return r.Messages, nil
	}
	messages, _, _, err := b.slack.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: to.channel, Timestamp: to.thread, Oldest: oldest, Limit: lookMost, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, fmt.Errorf("read thread: %w", err)
	}
	return messages, nil
}
