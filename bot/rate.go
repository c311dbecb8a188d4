package bot

import (
	"context"
	"encoding/json"

	"rapporteur/bot/store"
)

// rated is what the buttons carry that ask whether an answer helped.
type rated struct {
	Exchange string `json:"e"`
	Verdict  string `json:"v"`
}

// The form in which people say what was missing.
const (
	commentForm  = "comment"
	commentBlock = "comment"
	maxComment   = 1000
)

// rate keeps whether an answer helped. Who says that it did not may say what was missing, where words are kept.
func (b *member) rate(ctx context.Context, p press) error {
	var r rated
	if b.config.Keeper == nil || !b.unpack(ctx, p, &r) || r.Exchange == "" {
		return nil
	}
	helped := p.Action == helpful
	f := store.Feedback{Team: b.team, Exchange: r.Exchange, Person: p.User, Helpful: helped, Verdict: r.Verdict}
	days := b.keepDays(b.settings(ctx))
	err := b.config.Keeper.KeepFeedback(ctx, f, days)
	switch {
	case err != nil:
	case !helped && days > 0:
		err = b.view(ctx, p, CommentModal(p.Value))
	case p.ResponseURL != "":
		err = b.respond(ctx, p.ResponseURL, note(thanks, p.Thread))
	}
	b.pressed(ctx, p, err)
	return err
}

// comment keeps what was missing. Nothing is kept where words aren't any more.
func (b *member) comment(ctx context.Context, s submission) error {
	var r rated
	if b.config.Keeper == nil || json.Unmarshal([]byte(s.Metadata), &r) != nil || r.Exchange == "" {
		return nil
	}
	words := s.first(commentBlock)
	f := store.Feedback{
		Team: b.team, Exchange: r.Exchange, Person: s.User, Verdict: r.Verdict, Comment: clean(words[:cutAtWord(words, maxComment)]),
	}
	return b.config.Keeper.KeepFeedback(ctx, f, b.keepDays(b.settings(ctx)))
}
