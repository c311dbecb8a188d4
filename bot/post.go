package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// post puts a reply where it goes, when the channel's turn comes. Who waits for longer than a second is told.
func (b *member) post(ctx context.Context, to answerTo, r Reply) error {
	options := []slack.MsgOption{
		slack.MsgOptionText(Fallback(r), false), // escaped already
		slack.MsgOptionBlocks(Blocks(r)...),
		slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionLinkNames(false),
	}
	if to.thread != "" {
		options = append(options, slack.MsgOptionTS(to.thread))
	}
	if to.question != "" {
		options = append(options, to.metadata())
	}
	gate := b.gates.channel(joined(b.team, to.channel))
	for {
		if err := gate.pass(ctx, patience, func() { b.showWaiting(ctx, to) }); err != nil {
			return wrapped("wait for the channel's turn", err)
		}
		err := once(ctx, func(ctx context.Context) error {
			_, _, err := b.slack.PostMessageContext(ctx, to.channel, options...)
			return err
		})
		var limited *slack.RateLimitedError
		if !errors.As(err, &limited) {
			return wrapped("post message", err)
		}
		gate.close(max(limited.RetryAfter, minWait))
	}
}

// patience is how long somebody waits without a word.
const patience = time.Second

// waiting is shown under a question whose answer waits for its turn; Slack puts the bot's name before it, and takes it away
// when the answer comes.
const waiting = "is coming to your question…"

// showWaiting is a courtesy: where it fails, the answer comes all the same.
func (b *member) showWaiting(ctx context.Context, to answerTo) {
	thread := firstOf(to.thread, to.question)
	if thread == "" {
		return
	}
	err := once(ctx, func(ctx context.Context) error {
		return b.slack.SetAssistantThreadsStatusContext(ctx, slack.AssistantThreadsSetStatusParameters{ChannelID: to.channel, ThreadTS: thread, Status: waiting})
	})
	if err != nil {
		b.log.DebugContext(ctx, "status not shown", "channel", to.channel, "error", err.Error())
	}
}

// private is a reply for the asker alone.
func private(r Reply, thread string) *slack.WebhookMessage {
	return webhook(slack.ResponseTypeEphemeral, Fallback(r), Blocks(r), thread)
}

// public is a reply for everyone, shared by a user.
func public(r Reply, user, thread string) *slack.WebhookMessage {
	r.Private = false
	fallback := r
	question, _ := cutQuestion(r.Asked.Line())
	fallback.Title = wasAsked + " " + question
	return webhook(slack.ResponseTypeInChannel, Fallback(fallback), Shared(r, user), thread)
}

// inPlace is a note that takes the place of the message whose button was pressed.
func inPlace(note string) *slack.WebhookMessage {
	m := webhook(slack.ResponseTypeEphemeral, note, []slack.Block{paragraph(text(note, nil))}, "")
	m.ReplaceOriginal = true
	return m
}

// note is a word for the asker alone.
func note(words, thread string) *slack.WebhookMessage {
	return webhook(slack.ResponseTypeEphemeral, words, []slack.Block{paragraph(text(words, nil))}, thread)
}

func webhook(kind, fallback string, blocks []slack.Block, thread string) *slack.WebhookMessage {
	off := false
	return &slack.WebhookMessage{
		ResponseType: kind, Text: fallback, Blocks: &slack.Blocks{BlockSet: blocks}, ThreadTimestamp: thread,
		UnfurlLinks: &off, UnfurlMedia: &off,
	}
}

// errNotSlacks says that a reply was to go to somebody else.
var errNotSlacks = fmt.Errorf("the reply address isn't one of Slack's: %w", ErrHopeless)

// replyable reports whether a response URL leads where it should. Deliveries come from Slack; that one leads elsewhere should
// not happen, and if it does, nothing is sent there.
func (b *Bot) replyable(address string) bool {
	if b.config.ReplyHosts == nil {
		return true
	}
	u, err := url.Parse(address)
	return err == nil && slices.Contains(b.config.ReplyHosts, u.Host)
}

// respond posts to a response URL. Whoever knows that address can post, so no error holds it.
func (b *Bot) respond(ctx context.Context, address string, m *slack.WebhookMessage) error {
	if !b.replyable(address) {
		return errNotSlacks
	}
	return b.patiently(ctx, "respond", func(ctx context.Context) error {
		return withoutAddress(slack.PostWebhookCustomHTTPContext(ctx, address, b.client, m))
	})
}

// withoutAddress strips an error of the address that was called. What net/http adds to an address is all in [url.Error];
// an address that can't be parsed is repeated by the error inside as well.
func withoutAddress(err error) error {
	var called *url.Error
	if !errors.As(err, &called) {
		return err
	}
	if called.Op == "parse" {
		return errors.New("malformed response url")
	}
	return called.Err
}

// patiently makes a call to Slack under a deadline. Only when Slack says that it took nothing in because of its rate
// limit is the call made again, after the time that Slack names: any other error may hide what was done, see [Bot.Work].
func (b *Bot) patiently(ctx context.Context, what string, call func(context.Context) error) error {
	for {
		err := once(ctx, call)
		var limited *slack.RateLimitedError
		if !errors.As(err, &limited) {
			return wrapped(what, err)
		}
		if !wait(ctx, limited.RetryAfter) {
			return wrapped(what, err)
		}
	}
}

func once(ctx context.Context, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	return call(ctx)
}

func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// minWait keeps a limit that names no time from being asked again at once.
const minWait = 50 * time.Millisecond

// wait waits for a time, and reports false at once when the context would end before it.
func wait(ctx context.Context, d time.Duration) bool {
	d = max(d, minWait)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
