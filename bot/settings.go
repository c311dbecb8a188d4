package bot

import (
	"context"
	"slices"
	"strconv"

	"rapporteur/bot/store"
)

// The form in which settings are changed: its name, and its fields' block IDs.
const (
	settingsForm  = "settings"
	editorsBlock  = "editors"
	keepBlock     = "keep"
	askInBlock    = "ask_in"
	feedbackBlock = "feedback"

	asksFeedback = "ask" // the value of its only option
	maxEditors   = 20
)

// openSettings shows the settings to who may change them.
func (b *member) openSettings(ctx context.Context, p press) error {
	set := b.settings(ctx)
	view := noticeModal(notAllowed)
	if b.mayEdit(set, p.User) {
		view = SettingsModal(set, b.keepDays(set), b.config.QuestionDays)
	}
	err := b.view(ctx, p, view)
	b.pressed(ctx, p, err)
	return err
}

// submitted takes what was filled into a form.
func (b *member) submitted(ctx context.Context, s submission) error {
	switch s.Form {
	case settingsForm:
		return b.changeSettings(ctx, s)
	case commentForm:
		return b.comment(ctx, s)
	}
	b.log.DebugContext(ctx, "another form")
	return nil
}

// changeSettings keeps what was decided, and shows it. A form that somebody sends who may not is no form of ours.
func (b *member) changeSettings(ctx context.Context, s submission) error {
	if !b.mayEdit(b.settings(ctx), s.User) {
		b.log.WarnContext(ctx, "settings not changed: not allowed", "team", b.team, "person", s.User)
		return nil
	}
	set := chosen(s)
	if err := b.config.Keeper.SaveSettings(ctx, b.team, set, b.keepDays(set)); err != nil {
		return err
	}
	b.log.InfoContext(ctx, "settings changed", "team", b.team, "person", s.User)
	return b.home(ctx, homeOpened{Team: b.team, User: s.User})
}

// chosen reads the form of settings, and leaves out what can't be. Who changes settings goes on being allowed to.
func chosen(s submission) store.Settings {
	set := store.Settings{NoFeedback: s.first(feedbackBlock) != asksFeedback}
	for _, id := range append([]string{s.User}, s.Values[editorsBlock]...) {
		if userID.MatchString(id) && !slices.Contains(set.Editors, id) && len(set.Editors) < maxEditors {
			set.Editors = append(set.Editors, id)
		}
	}
	if days, err := strconv.Atoi(s.first(keepBlock)); err == nil && days >= 0 {
		set.KeepDays = &days
	}
	if id := s.first(askInBlock); channelID.MatchString(id) {
		set.AskIn = id
	}
	return set
}
