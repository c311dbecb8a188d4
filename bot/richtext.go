package bot

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapporteur/content"
)

// inline is what stands in one line or paragraph of rich text.
type inline = []slack.RichTextSectionElement

// Styles of rich text. Each is made anew, since slack-go keeps the pointer.
func bold() *slack.RichTextSectionTextStyle   { return &slack.RichTextSectionTextStyle{Bold: true} }
func italic() *slack.RichTextSectionTextStyle { return &slack.RichTextSectionTextStyle{Italic: true} }

// text makes a stretch of rich text; none for no words, which Slack would refuse.
func text(s string, style *slack.RichTextSectionTextStyle) inline {
	if s = clean(s); s == "" {
		return nil
	}
	return inline{slack.NewRichTextSectionTextElement(s, style)}
}

// link makes a link, or its words alone where it doesn't lead to the web.
func link(to, label string) inline {
	if to = webLink(to); to == "" {
		return text(label, nil)
	}
	return inline{slack.NewRichTextSectionLinkElement(to, oneLine(label), nil)}
}

// userID is the form of the IDs that Slack gives to people.
var userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)

// person names someone by their ID, so that Slack shows their name; nothing for what is no ID.
func person(id string) inline {
	if !userID.MatchString(id) {
		return nil
	}
	return inline{slack.NewRichTextSectionUserElement(id, nil)}
}

// channelID is the form of the IDs that Slack gives to channels.
var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{2,20}$`)

// channel names a channel by its ID, so that Slack shows its name; nothing for what is no ID.
func channel(id string) inline {
	if !channelID.MatchString(id) {
		return nil
	}
	return inline{slack.NewRichTextSectionChannelElement(id, nil)}
}

// quote sets an excerpt apart with its marks in bold. What is longer than limit is cut, with a word on where it goes on.
func quote(e content.Excerpt, limit int, goesOn string) *slack.RichTextQuote {
	q := slack.RichTextQuote{Type: slack.RTEQuote, Elements: marked(e)}
	if size(q.Elements) <= limit {
		return &q
	}
	e.Text = strings.TrimRight(e.Text[:cutAtSentence(e.Text, limit-length(goesOn)-1)], " ")
	after := text(" "+goesOn, italic())
	q.Elements = append(marked(e), after...)
	if size(q.Elements) > limit { // many marks, each kept apart from a "<" before it
		q.Elements = append(text(e.Text, nil), after...)
	}
	return &q
}

// marked is an excerpt's words, with its marks in bold. Marks that aren't in the text, or overlap, are left out.
func marked(e content.Excerpt) inline {
	var line inline
	at := 0
	for _, m := range e.Marks {
		if !fits(e.Text, m, at) {
			continue
		}
		line = append(line, text(e.Text[at:m.Start], nil)...)
		line = append(line, text(e.Text[m.Start:m.End], bold())...)
		at = m.End
	}
	return append(line, text(e.Text[at:], nil)...)
}

func fits(s string, m content.Mark, from int) bool {
	return from <= m.Start && m.Start < m.End && m.End <= len(s) &&
		utf8.RuneStart(s[m.Start]) && (m.End == len(s) || utf8.RuneStart(s[m.End]))
}

// citation says where an excerpt stands, with a link to the original.
func citation(number int, c content.Citation) inline {
	line := text("["+strconv.Itoa(number)+"] "+place(c), nil)
	if webLink(c.Link) != "" {
		line = append(append(line, text(" · ", nil)...), link(c.Link, originalLabel)...)
	}
	return line
}

// maxPath bounds how many headings a citation names; of a deeper path it names the innermost.
const maxPath = 4

// place is a citation in words: title, section path, label or paragraph, page.
func place(c content.Citation) string {
	parts := []string{shorten(c.Title, 150)}
	for _, heading := range c.Section[max(0, len(c.Section)-maxPath):] {
		parts = append(parts, shorten(heading, maxTitle))
	}
	switch {
	case c.Label != "" && c.Kind != content.Paragraph && c.Kind != content.Item:
		parts = append(parts, shorten(capital(string(c.Kind))+" "+bracketed(c.Label), maxTitle))
	case c.Paragraph > 0:
		parts = append(parts, paragraphNumber(c.Paragraph))
	}
	where := strings.Join(parts, " › ")
	if c.Page != "" {
		where += " · " + pageNumber(shorten(c.Page, 20))
	}
	return where
}

// size counts the characters of rich text, those of its links included.
func size(line inline) int {
	n := 0
	for _, e := range line {
		switch e := e.(type) {
		case *slack.RichTextSectionTextElement:
			n += length(e.Text)
		case *slack.RichTextSectionLinkElement:
			n += length(e.Text) + length(e.URL)
		case *slack.RichTextSectionUserElement:
			n += length(e.UserID)
		}
	}
	return n
}
