package bot

import (
	"regexp"
	"strings"
)

// control is what Slack writes between angle brackets: mentions, channels, links, special words. People's own brackets
// arrive escaped.
var control = regexp.MustCompile(`<([^<>]*)>`)

// entities decodes the three characters that Slack escapes.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// plain returns a message's words without Slack's markup and without mentions of the bot itself, on one line.
func plain(text, self string) string {
	text = control.ReplaceAllStringFunc(text, func(s string) string {
		return " " + said(s[1:len(s)-1], self) + " "
	})
	text = spaceBeforeStop.ReplaceAllString(text, "$1")
	text = strings.Join(strings.Fields(entities.Replace(text)), " ")
	return strings.TrimSpace(strings.TrimLeft(text, ",:;.–—- "))
}

// spaceBeforeStop is the blank that is left between a mention and the stop after it.
var spaceBeforeStop = regexp.MustCompile(`\s+([,.;:?!])`)

// said is what stands between angle brackets, in words. A label, after "|", is what people saw.
func said(inner, self string) string {
	target, label, _ := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(target, "@"):
		if self != "" && target[1:] == self {
			return ""
		}
		return "@" + orWord(strings.TrimPrefix(label, "@"), "someone")
	case strings.HasPrefix(target, "#"):
		return "#" + orWord(strings.TrimPrefix(label, "#"), "channel")
	case strings.HasPrefix(target, "!date"):
		return label
	case strings.HasPrefix(target, "!subteam"):
		return "@" + orWord(strings.TrimPrefix(label, "@"), "group")
	case strings.HasPrefix(target, "!"):
		return "@" + strings.TrimPrefix(target, "!")
	}
	return orWord(label, strings.TrimPrefix(target, "mailto:"))
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// mentions reports whether a text mentions the user.
func mentions(text, user string) bool {
	return user != "" && (strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|"))
}
