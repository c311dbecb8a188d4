package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"

	"rapporteur/bot"
	"rapporteur/content"
)

// pen draws replies as text.
type pen struct {
	out    io.Writer
	width  int  // columns
	styled bool // bold and faint may be used
}

// widest is how many columns a line takes on a wide terminal: what reads well.
const widest = 96

// pen returns one for the session's output: styled on a terminal only, and not where NO_COLOR is set (no-color.org).
func (s *session) pen() *pen {
	p := &pen{out: s.out, width: 80}
	file, ok := s.out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return p
	}
	if columns, _, err := term.GetSize(int(file.Fd())); err == nil {
		p.width = max(30, min(columns, widest))
	}
	p.styled = s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb"
	return p
}

// draw writes a reply from top to bottom.
func (p *pen) draw(r bot.Reply) {
	if r.Title != "" {
		p.line(p.bold(plain(r.Title)), "")
	}
	if r.Lead != "" {
		p.line(plain(r.Lead), "")
	}
	p.excerpts(r.Excerpts, r.From)
	if len(r.Nearest) > 0 {
		p.line("", "")
		p.line(p.faint(bot.NearestHeading), "")
		p.excerpts(r.Nearest, 0)
	}
	for _, row := range r.Rows {
		p.row(row)
	}
	if n := len(r.More); n > 0 {
		p.line("", "")
		p.line(p.faint(fmt.Sprintf("%d more, less close, not shown here.", n)), "")
	}
	if r.Hint != "" {
		p.line("", "")
		p.line(p.faint(plain(r.Hint)), "")
	}
}

// excerpts draws excerpts with their citations, numbered on from a number.
func (p *pen) excerpts(excerpts []content.Excerpt, from int) {
	for i, e := range excerpts {
		p.line("", "")
		if e.LeadIn != "" {
			p.line(p.faint(plain(e.LeadIn)), "  │ ")
		}
		p.line(p.marked(e), "  │ ")
		p.line(fmt.Sprintf("[%d] %s", from+i+1, plain(bot.Place(e.Citation))), "  ")
		if e.Citation.Link != "" {
			fmt.Fprintln(p.out, "      "+p.faint(plain(e.Citation.Link)))
		}
		p.line(p.faint(bot.Whose(e.Citation.Origin)), "      ")
	}
}

func (p *pen) row(r bot.Row) {
	indent := strings.Repeat("  ", r.Indent)
	text := plain(r.Text)
	if r.Label != "" {
		text = p.bold(plain(r.Label)) + "  " + text
	}
	p.line(text, indent)
}

// marked sets an excerpt's marks in bold.
func (p *pen) marked(e content.Excerpt) string {
	var b strings.Builder
	at := 0
	for _, m := range e.Marks {
		b.WriteString(plain(e.Text[at:m.Start]))
		b.WriteString(p.bold(plain(e.Text[m.Start:m.End])))
		at = m.End
	}
	b.WriteString(plain(e.Text[at:]))
	return b.String()
}

// line writes a text, wrapped at blanks, each line after a margin.
func (p *pen) line(text, margin string) {
	wrapped := ansi.Wordwrap(text, p.width-ansi.StringWidth(margin), "")
	for l := range strings.SplitSeq(wrapped, "\n") {
		fmt.Fprintln(p.out, strings.TrimRight(margin+l, " "))
	}
}

func (p *pen) bold(s string) string { return p.style(s, "\x1b[1m", "\x1b[22m") }

func (p *pen) faint(s string) string { return p.style(s, "\x1b[2m", "\x1b[22m") }

func (p *pen) style(s, on, off string) string {
	if !p.styled || s == "" {
		return s
	}
	return on + s + off
}

// plain takes out control characters, so that no report can steer the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}
