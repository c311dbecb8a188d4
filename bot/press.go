package bot

import (
	"context"
	"encoding/json"

	"github.com/slack-go/slack"
)

// press does what a button says. Buttons that aren't the bot's, or carry what it can't read, do nothing.
func (b *Bot) press(ctx context.Context, p press) {
	if !b.seen.take(key("trigger", p.Trigger)) {
		return
	}
	switch p.Action {
	case showContext:
		b.showContext(ctx, p)
	case moreExcerpts:
		b.moreExcerpts(ctx, p)
	case share:
		b.share(ctx, p)
	case try:
		b.try(ctx, p)
	default:
		b.log.DebugContext(ctx, "another button", "channel", p.Channel)
	}
}

func (b *Bot) showContext(ctx context.Context, p press) {
	var ref Ref
	if !b.unpack(ctx, p, &ref) {
		return
	}
	view := noticeModal(passageGone)
	around, ok := b.config.Conversation.Context(ref)
	if ok {
		view = ContextModal(around)
	}
	b.pressed(ctx, p, b.view(ctx, p, view))
}

func (b *Bot) moreExcerpts(ctx context.Context, p press) {
	var asked Asked
	if !b.unpack(ctx, p, &asked) {
		return
	}
	began := b.config.Now()
	reply, err := b.config.Conversation.More(ctx, asked)
	b.answered(ctx, p.Action, p.Channel, began, reply, err, b.view(ctx, p, MoreModal(reply)))
}

// share posts a private answer for everyone in the channel, and then replaces the private one by a note. It is looked
// up anew, so that what is shared is what the report says now.
func (b *Bot) share(ctx context.Context, p press) {
	var asked Asked
	if p.ResponseURL == "" || !b.unpack(ctx, p, &asked) {
		return
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
}

func (b *Bot) shareReply(ctx context.Context, p press, reply Reply) error {
	if err := b.respond(ctx, p.ResponseURL, public(reply, p.User, p.Thread)); err != nil {
		return err
	}
	return b.respond(ctx, p.ResponseURL, inPlace(sharedNote))
}

// try answers a question that was offered, to the one who clicked alone.
func (b *Bot) try(ctx context.Context, p press) {
	var asked Asked
	if !b.unpack(ctx, p, &asked) {
		return
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
}

// view opens a modal, or lays it upon the one in which the button is.
func (b *Bot) view(ctx context.Context, p press, view slack.ModalViewRequest) error {
	return b.patiently(ctx, "open modal", func(ctx context.Context) error {
		open := b.config.Slack.OpenViewContext
		if p.InModal {
			open = b.config.Slack.PushViewContext
		}
		_, err := open(ctx, p.Trigger, view)
		return err
	})
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
