package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

// post puts a reply into a channel, in a thread unless that is "".
func (b *Bot) post(ctx context.Context, channel, thread string, r Reply) error {
	options := []slack.MsgOption{
		slack.MsgOptionText(Fallback(r), false), // escaped already
		slack.MsgOptionBlocks(Blocks(r)...),
		slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionDisableLinkUnfurl(),
		slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionLinkNames(false),
	}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return b.patiently(ctx, "post message", func(ctx context.Context) error {
		_, _, err := b.config.Slack.PostMessageContext(ctx, channel, options...)
		return err
	})
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

func webhook(kind, fallback string, blocks []slack.Block, thread string) *slack.WebhookMessage {
	off := false
	return &slack.WebhookMessage{
		ResponseType: kind, Text: fallback, Blocks: &slack.Blocks{BlockSet: blocks}, ThreadTimestamp: thread,
		UnfurlLinks: &off, UnfurlMedia: &off,
	}
}

// respond posts to a response URL. Whoever knows that address can post, so no error holds it.
func (b *Bot) respond(ctx context.Context, address string, m *slack.WebhookMessage) error {
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
// limit is the call made again, after the time that Slack names: any other error may hide a message that was posted, and
// to post it twice is worse than to log the error.
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
