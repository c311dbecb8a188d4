package content

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
)

// Write writes a document in its canonical form: what [Read] makes of it is the same document, but for the lines. Known to
// fail this: a labelled item nested in one that no sentence leads in, which is written beside it.
func Write(w io.Writer, d *Document) error {
	out := &writer{Writer: bufio.NewWriter(w)}
	fields := yaml.MapSlice{
		{Key: "id", Value: d.ID}, {Key: "title", Value: d.Title}, {Key: "publisher", Value: d.Publisher}, {Key: "date", Value: d.Date},
		{Key: "language", Value: d.Language}, {Key: "source", Value: d.Source}, {Key: "text", Value: string(d.Origin)},
	}
	if len(d.Try) > 0 {
		fields = append(fields, yaml.MapItem{Key: "try", Value: d.Try})
	}
	front, err := yaml.Marshal(fields)
	if err != nil {
		return fmt.Errorf("write front matter of %q: %w", d.ID, err)
	}
	out.WriteString("---\n" + withoutEmpty(string(front)) + "---\n")
	for _, s := range d.Sections {
		out.section(s, "", false)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write report %q: %w", d.ID, err)
	}
	return nil
}

// withoutEmpty leaves out the fields that say nothing.
func withoutEmpty(front string) string {
	return regexp.MustCompile(`(?m)^\w+: ""\n`).ReplaceAllString(front, "")
}

// writer writes one document. An error of the underlying writer is kept until Flush.
type writer struct {
	*bufio.Writer
	page  string
	items []*Passage // the open list's items, from the outermost to the innermost
}

// section writes a heading and what stands under it. told is what the headings above tell of the kind.
func (w *writer) section(s *Section, told Kind, firm bool) {
	w.items = nil
	if s.Level > 0 {
		kind := commonKind(s)
		w.WriteString("\n" + strings.Repeat("#", s.Level) + " " + escape(s.Heading, false) + anchorText(s.ID, kind) + "\n")
		switch heading := toldByHeading(s.Heading); {
		case kind != "":
			told, firm = kind, true
		case heading != "":
			told, firm = heading, false
		}
	}
	for i, p := range s.Passages {
		var next *Passage
		if i+1 < len(s.Passages) {
			next = s.Passages[i+1]
		}
		w.passage(p, next, told, firm)
	}
	for _, deeper := range s.Sections {
		w.section(deeper, told, firm)
	}
}

// commonKind returns the kind of all labelled passages right under a heading, if they are points and of one kind.
func commonKind(s *Section) Kind {
	var common Kind
	for _, p := range s.Passages {
		switch {
		case p.Label == "":
		case common != "" && p.Kind != common || !p.IsPoint():
			return ""
		default:
			common = p.Kind
		}
	}
	return common
}

func (w *writer) passage(p, next *Passage, told Kind, firm bool) {
	inList := p.Kind == Item || p.IsPoint() && p.LeadIn != ""
	if inList && len(w.items) > 0 && depth(w.items, p) == 0 && p.LeadIn != w.items[0].LeadIn {
		w.WriteString("\n<!-- another list -->\n") // or Markdown would take the two for one
		w.items = nil
	}
	goesOn := len(w.items) > 0 && next != nil && next.LeadIn != "" && next.LeadIn == w.items[0].LeadIn
	inside := !inList && p.Label == "" && goesOn // a further paragraph of an item
	if !inList && !inside {
		w.items = nil
	}
	first := inList && len(w.items) == 0
	if inList {
		w.items = append(w.items[:depth(w.items, p)], p)
	}
	indent := strings.Repeat("  ", max(0, len(w.items)-1))
	if inside {
		indent = strings.Repeat("  ", len(w.items))
	}
	if !inList || first {
		w.WriteString("\n")
	}
	w.turn(p, inList && !first || inside)
	w.WriteString(indent + body(p, inList) + pageAfter(p, next, len(w.items) > 0))
	w.WriteString(anchorText(p.ID, w.explicit(p, inList, told, firm)) + "\n")
	if len(w.items) > 0 && next != nil {
		w.page = next.Page
	}
}

// turn writes a page mark before a passage where one is due; within a list it stands at the end of the passage before.
func (w *writer) turn(p *Passage, within bool) {
	if p.Page != w.page && p.Page != "" && !within {
		w.WriteString("<!-- page " + p.Page + " -->\n\n")
	}
	w.page = p.Page
}

func pageAfter(p, next *Passage, inList bool) string {
	if !inList || next == nil || next.Page == p.Page || next.Page == "" {
		return ""
	}
	return " <!-- page " + next.Page + " -->"
}

// body is a passage's label and words.
func body(p *Passage, inList bool) string {
	switch {
	case inList && p.Label == "":
		return "- " + escape(p.Text, true)
	case inList:
		return "- **" + escape(p.Mark, false) + "** " + escape(p.Text, false)
	case p.Label != "":
		return "**" + escape(p.Mark, false) + "** " + escape(p.Text, false)
	}
	return escape(p.Text, true)
}

// depth returns how many of the open items a passage stands under: the innermost by whose label or colon it goes on.
func depth(items []*Passage, p *Passage) int {
	for i := len(items); i > 0; i-- {
		parent := items[i-1]
		under := parent.Label != "" && strings.HasPrefix(p.Label, parent.Label+"(")
		led := p.LeadIn != "" && p.LeadIn == leadSentence(parent.Text)
		if under || led {
			return i
		}
	}
	return 0
}

// explicit returns the kind to write with a passage's anchor, "" where reading tells it anyway.
func (w *writer) explicit(p *Passage, inList bool, told Kind, firm bool) Kind {
	natural := Paragraph
	if inList {
		natural = Item
	}
	l, _ := findLabel("**"+p.Mark+"** x", true)
	switch {
	case p.Label == "":
	case firm:
		natural = told
	case l.kind != "":
		natural = l.kind
	case told != "":
		natural = told
	}
	if natural == p.Kind {
		return ""
	}
	return p.Kind
}

func anchorText(id string, kind Kind) string {
	if id == "" {
		return ""
	}
	if kind != "" {
		return " {#" + id + " ." + string(kind) + "}"
	}
	return " {#" + id + "}"
}

var (
	special     = regexp.MustCompile("[\\\\`*_\\[\\]<>{}|~]")
	entity      = regexp.MustCompile(`&(#?\w+;)`)
	blockStart  = regexp.MustCompile(`^([-+=#:]|\d+[.)])`)
	lastOfStart = regexp.MustCompile(`^(\d*)([.)-]|[+=#:])`)
)

// escape writes words so that Markdown takes them for words. A beginning that looks like a label or a list is written so that
// it is none, where asked.
func escape(words string, beginning bool) string {
	out := entity.ReplaceAllString(special.ReplaceAllString(words, `\$0`), `\&$1`)
	if !beginning {
		return out
	}
	if blockStart.MatchString(out) {
		return lastOfStart.ReplaceAllString(out, `$1\$2`)
	}
	if l, ok := findLabel(out+" x", true); ok {
		if at := strings.IndexAny(l.mark, "().:–—-"); at >= 0 && l.mark[at] < 0x80 {
			return out[:at] + `\` + out[at:]
		}
	}
	return out
}
