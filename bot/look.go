package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"
)

// answerTo is where an answer goes, and which message it answers; question is "" for what nobody asked.
type answerTo struct{ channel, thread, question string }

// answerEvent names the metadata that an answer carries (docs.slack.dev/messaging/message-metadata): which message it
// answers. Only apps can see it.
const answerEvent = "rapporteur_answer"

func (to answerTo) metadata() slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: answerEvent, EventPayload: map[string]any{"question": to.question}})
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
		messages, err = b.since(ctx, to)
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

// since returns what was said where the answer goes, since the question.
func (b *member) since(ctx context.Context, to answerTo) ([]slack.Message, error) {
	if to.thread == "" {
		r, err := b.slack.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: to.channel, Oldest: to.question, Limit: lookMost, IncludeAllMetadata: true,
		})
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		return r.Messages, nil
	}
	messages, _, _, err := b.slack.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: to.channel, Timestamp: to.thread, Oldest: to.question, Limit: lookMost, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, fmt.Errorf("read thread: %w", err)
	}
	return messages, nil
}
