package bot

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// What a button does: the first part of its action ID, before the colon.
const (
	showContext  = "show_context"
	moreExcerpts = "more_excerpts"
	share        = "share"
	try          = "try"
	helpful      = "helpful"
	unhelpful    = "unhelpful"
	openSettings = "settings"
)

// Slack's limits for what can be clicked (docs.slack.dev/reference/block-kit/block-elements/button-element).
const (
	maxButtonText  = 75
	maxButtonValue = 2000
	maxLink        = 1000 // ours: longer links are left out, for they would use up a message's text
)

// maxTries bounds how many questions a reply offers to try.
const maxTries = 4

// button returns a button, or nil when what it has to carry doesn't fit: better none than one that asks another thing.
func button(action string, n int, label string, carried any) slack.BlockElement {
	value, ok := packed(carried)
	if !ok {
		return nil
	}
	text := slack.NewTextBlockObject(slack.PlainTextType, shorten(label, maxButtonText-1), false, false)
	return slack.NewButtonBlockElement(action+":"+strconv.Itoa(n), value, text)
}

// packed writes what a button carries as JSON, if it fits and is as clean as what is shown.
func packed(v any) (string, bool) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", false
	}
	value := strings.TrimSuffix(b.String(), "\n")
	return value, length(value) <= maxButtonValue && clean(value) == value
}

// portable is what was asked, made to fit into a button: first the question before it is cut, then given up. Without a
// question before it the question fits, see MaxQuestion.
func portable(asked Asked) Asked {
	asked, _ = read(asked)
	asked.Command = shorten(asked.Command, len(recommendationCommand))
	for asked.After != "" {
		if _, ok := packed(asked); ok {
			break
		}
		asked.After = strings.TrimSpace(asked.After[:cutAtWord(asked.After, length(asked.After)*3/4)])
	}
	return asked
}

// action splits an action ID into what it does and which it is.
func action(id string) string {
	name, _, _ := strings.Cut(id, ":")
	return name
}

// webLink returns a link as it may be shown: absolute, http or https, without a password, not too long; "" otherwise.
func webLink(link string) string {
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	if s := u.String(); clean(s) == s && length(s) <= maxLink {
		return s
	}
	return ""
}
