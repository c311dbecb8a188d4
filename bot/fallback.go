package bot

import (
	"regexp"
	"strconv"
	"strings"

	"rapporteur/content"
)

// maxFallback is how long a reply's plain text may be, in characters. Slack advises 4,000 at most and cuts at 40,000;
// nobody listens to more than this in a notification.
const maxFallback = 3000

// Fallback returns a reply as the plain text that notifications and screen readers have: what the answer amounts to
// first, then each excerpt and its citation. It is at most 3,000 characters, and escaped and unformatted as mrkdwn.
func Fallback(r Reply) string {
	f := fallback{}
	f.line(r.Title)
	f.line(verdictSaid(r))
	f.line(r.Lead)
	f.excerpts(r.Excerpts, r.From)
	if len(r.Nearest) > 0 {
		f.line(nearestHeading)
		f.excerpts(r.Nearest, r.From+len(r.Excerpts))
	}
	for _, row := range r.Rows {
		f.line(shorten(row.Label, maxRowLabel) + " " + shorten(row.Text, maxRowText))
	}
	f.line(r.Hint)
	f.askIn(r.AskIn)
	return f.b.String()
}

// askIn names a channel; the brackets are ours.
func (f *fallback) askIn(id string) {
	if channelID.MatchString(id) && f.put("\n") {
		f.put(askThere + "<#" + id + ">.")
	}
}

// verdictSaid is the verdict in words where the lead, which comes next, doesn't say it.
func verdictSaid(r Reply) string {
	if r.Verdict == content.Answered && len(r.Excerpts) > 0 {
		return foundExcerpts(len(r.Excerpts))
	}
	return ""
}

// fallback is a plain text in the making.
type fallback struct {
	b    strings.Builder
	used int
	full bool
}

func (f *fallback) excerpts(excerpts []content.Excerpt, from int) {
	for i, e := range excerpts {
		if f.full {
			return
		}
		f.line("[" + strconv.Itoa(from+i+1) + "] " + start(e.LeadIn, maxLeadIn) + " " + e.Text)
		f.line("(" + place(e.Citation) + ". " + whoseWords(e.Citation.Origin) + ")")
	}
}

// line adds a line, cut where the text is full. Each character is escaped by itself, so that no entity is ever cut.
func (f *fallback) line(s string) {
	if f.full {
		return
	}
	s = oneLine(start(s, maxFallback))
	for range 2 { // ":a:b:" holds two names, which share a colon
		s = emojiCode.ReplaceAllString(s, ":"+wordJoiner+"$1:")
	}
	s = strings.ReplaceAll(s, "://", ":"+wordJoiner+"//") // mrkdwn makes links of addresses
	if s == "" {
		return
	}
	if f.used > 0 {
		f.put("\n")
	}
	for i, r := range s {
		if !f.put(escaped(r, i == 0)) {
			f.b.WriteString("…")
			return
		}
	}
}

// put writes a piece if there is room for it and for a "…" after it.
func (f *fallback) put(piece string) bool {
	n := length(piece)
	if f.used+n > maxFallback-1 {
		f.full = true
	}
	if f.full {
		return false
	}
	f.used += n
	f.b.WriteString(piece)
	return true
}

// emojiCode is a name that Slack shows as a picture.
var emojiCode = regexp.MustCompile(`:([a-z0-9_'+-]+):`)

// escaped writes a character so that mrkdwn shows it as it is. The characters that format are written in their full
// width, which readers and screen readers take for the same: mrkdwn has no escape for them.
func escaped(r rune, first bool) string {
	switch {
	case r == '>' && first:
		return "＞" // at the beginning of a line even an escaped one quotes
	case r == '&':
		return "&amp;"
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case strings.ContainsRune("*_~`", r):
		return string(r - '!' + '！')
	}
	return string(r)
}
