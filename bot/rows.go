package bot

import "github.com/slack-go/slack"

// Bounds of one row, in characters, and how far Slack moves a list to the right.
const (
	maxRowLabel = 100
	maxRowText  = 300
	maxIndent   = 8
)

// rows lays out a list: its headings as bold lines, all else as bullets. What doesn't fit is counted.
func (s *sheet) rows(rows []Row) {
	for at := 0; at < len(rows); {
		b, n := rowBlock(rows[at:], min(maxBlockText, s.room))
		if n == 0 || len(b.Elements) > 0 && !s.add(b) { // rows without words make no block
			s.note(moreRows(len(rows) - at))
			return
		}
		at += n
	}
}

// rowBlock makes a block of as many rows as are within limit, and returns how many.
func rowBlock(rows []Row, limit int) (*slack.RichTextBlock, int) {
	b := slack.NewRichTextBlock("")
	used := 0
	for i, r := range rows {
		line := rowLine(r)
		if used += size(line); used > limit {
			return b, i
		}
		if len(line) > 0 {
			appendRow(b, r, line)
		}
	}
	return b, len(rows)
}

func rowLine(r Row) inline {
	label, words := shorten(r.Label, maxRowLabel), shorten(r.Text, maxRowText)
	if isHeading(r) {
		return text(words, bold())
	}
	line := text(label, bold())
	if label != "" && words != "" {
		line = append(line, text(" ", nil)...)
	}
	if r.Link != "" {
		return append(line, link(r.Link, words)...)
	}
	return append(line, text(words, nil)...)
}

func isHeading(r Row) bool { return r.Label == "" && r.Indent <= 0 && r.Link == "" }

// appendRow adds a row to a block: to the list that it goes on, or as a new list or line.
func appendRow(b *slack.RichTextBlock, r Row, line inline) {
	section := slack.NewRichTextSection(line...)
	if isHeading(r) {
		b.Elements = append(b.Elements, section)
		return
	}
	indent := min(max(r.Indent-1, 0), maxIndent)
	if n := len(b.Elements); n > 0 {
		if l, ok := b.Elements[n-1].(*slack.RichTextList); ok && l.Indent == indent {
			l.Elements = append(l.Elements, section)
			return
		}
	}
	b.Elements = append(b.Elements, slack.NewRichTextList(slack.RTEListBullet, indent, section))
}
