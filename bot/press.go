package bot

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/slack-go/slack"
)

// press does what a button says. Buttons that aren't the bot's, or carry what it can't read, do nothing.
func (b *member) press(ctx context.Context, p press) error {
	switch p.Action {
	case showContext:
		return b.showContext(ctx, p)
	case moreExcerpts:
		return b.moreExcerpts(ctx, p)
	case share:
		return b.share(ctx, p)
	case try:
		return b.try(ctx, p)
	case helpful, unhelpful:
		return b.rate(ctx, p)
	case openSettings:
		return b.openSettings(ctx, p)
	}
	b.log.DebugContext(ctx, "another button", "channel", p.Channel)
	return nil
}

func (b *member) showContext(ctx context.Context, p press) error {
	var ref Ref
	if !b.unpack(ctx, p, &ref) {
		return nil
	}
	view := noticeModal(passageGone)
	around, ok := b.config.Conversation.Context(ref)
	if ok {
		view = ContextModal(around)
	}
	err := b.view(ctx, p, view)
	b.pressed(ctx, p, err)
	return err
}

func (b *member) moreExcerpts(ctx context.Context, p press) error {
	var asked Asked
	if !b.unpack(ctx, p, &asked) {
		return nil
	}
	began := b.config.Now()
	reply, err := b.config.Conversation.More(ctx, asked)
	posted := b.view(ctx, p, MoreModal(reply))
	b.answered(ctx, p.Action, p.Channel, began, reply, err, posted)
	return posted
}

// share posts a private answer for everyone in the channel, and then replaces the private one by a note. It is looked
// up anew, so that what is shared is what the report says now.
func (b *member) share(ctx context.Context, p press) error {
	var asked Asked
	if p.ResponseURL == "" || !b.unpack(ctx, p, &asked) {
		return nil
	}
	began := b.config.Now()
	reply, err := b.config.Conversation.Again(ctx, asked)
	var posted error
	if err != nil {
		posted = b.respond(ctx, p.ResponseURL, private(reply, p.Thread))
	} else {
		posted = b.shareReply(ctx, p, reply)
	}
	b.answered(ctx, p.Action, p.Channel, began, reply, err, posted)
	return posted
}

func (b *member) shareReply(ctx context.Context, p press, reply Reply) error {
	if err := b.respond(ctx, p.ResponseURL, public(reply, p.User, p.Thread)); err != nil {
		return err
	}
	if err := b.respond(ctx, p.ResponseURL, inPlace(sharedNote)); err != nil { // to try again would share it again
		b.log.WarnContext(ctx, "shared, but the note is missing", "channel", p.Channel, "error", err.Error())
	}
	return nil
}

// try answers a question that was offered, to the one who clicked alone.
func (b *member) try(ctx context.Context, p press) error {
	var asked Asked
	if !b.unpack(ctx, p, &asked) {
		return nil
	}
	began := b.config.Now()
	reply, err := b.config.Conversation.Line(ctx, asked.Text, "")
	reply.Private = true
	var posted error
	if p.ResponseURL == "" {
		posted = b.view(ctx, p, MoreModal(reply))
	} else {
		posted = b.respond(ctx, p.ResponseURL, private(reply, p.Thread))
	}
	b.answered(ctx, p.Action, p.Channel, began, reply, err, posted)
	return posted
}

// view opens a modal, or lays it upon the one in which the button is. Slack lets it be opened for three seconds after the
// click; when those are over, whoever clicked is asked to do so again.
func (b *member) view(ctx context.Context, p press, view slack.ModalViewRequest) error {
	err := b.patiently(ctx, "open modal", func(ctx context.Context) error {
		open := b.slack.OpenViewContext
		if p.InModal {
			open = b.slack.PushViewContext
		}
		_, err := open(ctx, p.Trigger, view)
		return err
	})
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Err != "expired_trigger_id" && refused.Err != "exchanged_trigger_id" {
		return err
	}
	b.log.WarnContext(ctx, "too late for a modal", "action", p.Action, "channel", p.Channel, "error", refused.Err)
	if p.ResponseURL == "" || refused.Err == "exchanged_trigger_id" { // exchanged: it was opened before
		return nil
	}
	return b.respond(ctx, p.ResponseURL, note(pressAgain, p.Thread))
}

func (b *Bot) unpack(ctx context.Context, p press, into any) bool {
	if json.Unmarshal([]byte(p.Value), into) == nil {
		return true
	}
	b.log.DebugContext(ctx, "button carries something else", "channel", p.Channel)
	return false
}

func (b *Bot) pressed(ctx context.Context, p press, err error) {
	if err != nil {
		b.log.ErrorContext(ctx, "pressed", "action", p.Action, "channel", p.Channel, "error", err.Error())
		return
	}
	b.log.InfoContext(ctx, "pressed", "action", p.Action, "channel", p.Channel)
}
