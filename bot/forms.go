package bot

import (
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"rapporteur/bot/store"
)

// CommentModal asks what was missing in an answer; carried is what the button carried.
func CommentModal(carried string) slack.ModalViewRequest {
	input := slack.NewPlainTextInputBlockElement(nil, "text")
	input.Multiline, input.MaxLength = true, maxComment
	block := slack.NewInputBlock(commentBlock, label(commentLabel), label(commentHint), input)
	block.Optional = true
	return form(commentForm, commentTitle, sendLabel, carried, block)
}

// SettingsModal shows a workspace's settings to be changed. keepDays is what holds now, most what the operator allows.
func SettingsModal(set store.Settings, keepDays, most int) slack.ModalViewRequest {
	people := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, label(choosePeople), "people")
	people.InitialUsers = set.Editors
	limit := maxEditors
	people.MaxSelectedItems = &limit
	channel := slack.NewOptionsSelectBlockElement(slack.OptTypeChannels, label(chooseChannel), "channel")
	channel.InitialChannel = set.AskIn
	ask := slack.NewOptionBlockObject(asksFeedback, label(askFeedback), nil)
	feedback := slack.NewCheckboxGroupsBlockElement("feedback", ask)
	if !set.NoFeedback {
		feedback.InitialOptions = []*slack.OptionBlockObject{ask}
	}
	return form(settingsForm, settingsTitle, saveLabel, "",
		optional(slack.NewInputBlock(editorsBlock, label(editorsLabel), label(editorsHint), people)),
		optional(slack.NewInputBlock(askInBlock, label(askInLabel), label(askInHint), channel)),
		optional(slack.NewInputBlock(feedbackBlock, label(feedbackLabel), nil, feedback)),
		keepFor(keepDays, most),
	)
}

// keepFor asks for how long questions are kept, or says that they aren't.
func keepFor(days, most int) slack.Block {
	if most == 0 {
		return paragraph(text(keepsNothing, italic()))
	}
	choice := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "days")
	for _, n := range choices(days, most) {
		option := slack.NewOptionBlockObject(strconv.Itoa(n), label(kept(n)), nil)
		choice.Options = append(choice.Options, option)
		if n == days {
			choice.InitialOption = option
		}
	}
	return slack.NewInputBlock(keepBlock, label(keepLabel), label(keepHint), choice)
}

// choices are for how many days questions may be kept: some usual ones, what holds now, and the most.
func choices(now, most int) []int {
	all := slices.DeleteFunc([]int{0, 7, 30, 90, 365, now, most}, func(n int) bool { return n > most })
	slices.Sort(all)
	return slices.Compact(all)
}

func optional(b *slack.InputBlock) *slack.InputBlock {
	b.Optional = true
	return b
}

// label is plain text of our own.
func label(words string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, words, false, false)
}

// form is a modal with something to fill in.
func form(name, title, submit, metadata string, blocks ...slack.Block) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: name, Title: label(title), Submit: label(submit), Close: label(cancelLabel),
		PrivateMetadata: metadata, Blocks: slack.Blocks{BlockSet: blocks},
	}
}
