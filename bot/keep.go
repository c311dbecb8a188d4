package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapporteur/bot/store"
	"rapporteur/content"
)

// Keeper keeps what workspaces decide and what people think of answers; *store.Store does. What it keeps of one workspace is
// never told to another.
type Keeper interface {
	Settings(ctx context.Context, team string) (store.Settings, error)
	SaveSettings(ctx context.Context, team string, set store.Settings, keepDays int) error
	KeepQuestion(ctx context.Context, q store.Question, days int) error
	KeepFeedback(ctx context.Context, f store.Feedback, days int) error
	Revoke(ctx context.Context, team string, at time.Time) error
	Leave(ctx context.Context, team string, at time.Time) error
}

// keepDeadline is how long an answer waits for what is kept: without it, it is as good.
const keepDeadline = time.Second

// settings returns what the workspace decided. Where that can't be read, it is as if it had decided to be asked and kept
// nothing.
func (b *member) settings(ctx context.Context) store.Settings {
	if b.config.Keeper == nil {
		return store.Settings{NoFeedback: true}
	}
	ctx, cancel := context.WithTimeout(ctx, keepDeadline)
	defer cancel()
	set, err := b.config.Keeper.Settings(ctx, b.team)
	if err != nil {
		b.log.WarnContext(ctx, "settings not read", "team", b.team, "error", err.Error())
		none := 0
		return store.Settings{NoFeedback: true, KeepDays: &none}
	}
	return set
}

// keepDays is for how long questions are kept: as long as the workspace says, and no longer than the operator does.
func (b *Bot) keepDays(set store.Settings) int {
	if set.KeepDays == nil {
		return b.config.QuestionDays
	}
	return max(0, min(*set.KeepDays, b.config.QuestionDays))
}

// mayEdit reports whether somebody may change the workspace's settings.
func (b *Bot) mayEdit(set store.Settings, user string) bool {
	return b.config.Keeper != nil && user != "" && (slices.Contains(b.config.Editors, user) || slices.Contains(set.Editors, user))
}

// adapted adds to a reply what the workspace decided: whom to ask where the report is silent, and whether to ask if the
// answer helped. exchange names the question and its answer.
func adapted(r Reply, set store.Settings, exchange string) Reply {
	if r.Verdict == content.None || r.Verdict == content.Related {
		r.AskIn = set.AskIn
	}
	if !set.NoFeedback && rateable(r) {
		r.Exchange = exchange
	}
	return r
}

// rateable reports whether a reply is an answer, not a list or small talk.
func rateable(r Reply) bool {
	return r.Verdict != "" && r.Asked.Question() != "" && len(r.Rows) == 0
}

// keepQuestion keeps what was asked and what came of it, where that is switched on.
func (b *member) keepQuestion(ctx context.Context, set store.Settings, q store.Question, r Reply) {
	days := b.keepDays(set)
	if days == 0 || b.config.Keeper == nil || r.Asked.Question() == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, keepDeadline)
	defer cancel()
	q.Team, q.Verdict = b.team, string(r.Verdict)
	q.Words, _ = cutQuestion(r.Asked.Line())
	for _, e := range r.Excerpts {
		q.Passages = append(q.Passages, e.Citation.Document+"#"+e.Citation.Passage)
	}
	if err := b.config.Keeper.KeepQuestion(ctx, q, days); err != nil {
		b.log.WarnContext(ctx, "question not kept", "team", b.team, "error", err.Error())
	}
}

// told says of the bot itself that questions are kept, where they are and somebody asks about it.
func (b *Bot) told(r Reply, set store.Settings) Reply {
	if r.Asked.Command == reportCommand && isAbout(r.Asked.Text) {
		r.Hint = strings.TrimSpace(r.Hint + " " + b.keptNotice(set))
	}
	return r
}

func (b *Bot) keptNotice(set store.Settings) string {
	if b.config.Keeper == nil {
		return ""
	}
	return keptNotice(b.keepDays(set))
}
