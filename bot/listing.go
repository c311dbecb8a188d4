package bot

import (
	"slices"
	"strconv"
	"time"

	"rapporteur/content"
)

// openingWords is how many characters of a point a list shows: about a line on a narrow screen.
const openingWords = 90

// points lists all points, kind by kind.
func (c *Conversation) points(asked Asked) Reply {
	reply := Reply{Verdict: content.Answered, Title: pointsTitle, Asked: asked, Try: c.tries()}
	lists := c.lists()
	if len(lists) == 0 {
		reply.Verdict, reply.Lead, reply.Hint = content.None, noPoints(c.subject()), c.askable()
		return reply
	}
	for _, l := range lists {
		reply.Rows = append(reply.Rows, Row{Text: c.listName(l)})
		for _, p := range l.points {
			reply.Rows = append(reply.Rows, Row{Label: bracketed(p.Label), Text: opening(p.Text), Indent: 1})
		}
	}
	reply.Hint = pullUp(lists[0].points[0])
	return reply
}

// rank orders kinds as a reader looks for them: 0 recommendations, 1 conclusions, 2 all others.
func rank(k content.Kind) int {
	switch k {
	case content.Recommendation:
		return 0
	case content.Conclusion:
		return 1
	}
	return 2
}

func (c *Conversation) listName(l list) string {
	name := capital(plural(l.kind))
	if len(c.Corpus.Documents) > 1 {
		return name + " – " + shorten(c.title(l.document), maxTitle)
	}
	return name
}

func opening(text string) string { return shorten(text, openingWords) }

// contents lists the documents, their sections as a tree, and the labels of the points in each.
func (c *Conversation) contents(asked Asked) Reply {
	reply := Reply{Verdict: content.Answered, Title: contentsTitle, Hint: contentsHint(c.lists()), Try: c.tries(), Asked: asked}
	for _, d := range c.Corpus.Documents {
		reply.Rows = append(reply.Rows, Row{Text: d.Title})
		reply.Rows = appendSections(reply.Rows, d.Sections, 1)
	}
	return reply
}

func appendSections(rows []Row, sections []*content.Section, indent int) []Row {
	for _, s := range sections {
		below := indent
		if s.Heading != "" {
			rows = append(rows, Row{Text: s.Heading, Indent: indent})
			below++
		}
		rows = append(rows, pointRows(s.Passages, below)...)
		rows = appendSections(rows, s.Sections, below)
	}
	return rows
}

// pointRows has one row for each kind of point among the passages: which labels there are.
func pointRows(passages []*content.Passage, indent int) []Row {
	var kinds []content.Kind
	points := map[content.Kind][]*content.Passage{}
	for _, p := range passages {
		if !p.IsPoint() {
			continue
		}
		if len(points[p.Kind]) == 0 {
			kinds = append(kinds, p.Kind)
		}
		points[p.Kind] = append(points[p.Kind], p)
	}
	var rows []Row
	for _, k := range kinds {
		rows = append(rows, Row{Text: capital(counted(k, len(points[k]))) + " " + span(points[k]), Indent: indent})
	}
	return rows
}

// about says what each document is, and what the bot does and does not do.
func (c *Conversation) about(asked Asked) Reply {
	reply := Reply{Verdict: content.Answered, Title: aboutTitle, Lead: aboutBot, Hint: aboutHint, Asked: asked}
	for _, d := range c.Corpus.Documents {
		reply.Rows = append(reply.Rows, aboutRows(d)...)
	}
	return reply
}

func aboutRows(d *content.Document) []Row {
	passages := 0
	for range d.Passages() {
		passages++
	}
	rows := []Row{{Text: d.Title}}
	for _, r := range []Row{
		{Label: "Publisher", Text: d.Publisher},
		{Label: "Date", Text: date(d.Date)},
		{Label: "Language", Text: d.Language},
		{Label: "Original", Text: d.Source, Link: d.Source},
		{Label: "Words", Text: whoseWords(d.Origin)},
		{Label: "Passages", Text: strconv.Itoa(passages)},
	} {
		if r.Text != "" {
			r.Indent = 1
			rows = append(rows, r)
		}
	}
	return rows
}

// date writes 2006-01-02 as people do, and leaves every other form as it is.
func date(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("2 January 2006")
}

// askable names what can be asked, from the corpus itself: its documents if there are several, or its sections.
func (c *Conversation) askable() string {
	names := c.sectionNames()
	if len(c.Corpus.Documents) > 1 {
		names = nil
		for _, d := range c.Corpus.Documents {
			names = append(names, shorten(d.Title, maxTitle))
		}
	}
	return canAsk(c.subject(), names)
}

func (c *Conversation) sectionNames() []string {
	var names []string
	for _, d := range c.Corpus.Documents {
		for _, s := range d.Sections {
			if s.Heading != "" {
				names = append(names, shorten(s.Heading, maxTitle))
			}
		}
	}
	return names
}

// firstTries returns three things for who is new: questions that the reports name, and commands.
func (c *Conversation) firstTries() []string {
	var questions []string
	for _, d := range c.Corpus.Documents {
		questions = append(questions, d.Try...)
	}
	all := append(questions[:min(len(questions), 2)], c.tries()...)
	return all[:min(len(all), 3)]
}

// tries returns commands that work on this corpus.
func (c *Conversation) tries() []string {
	if points := c.Corpus.Points(); len(points) > 0 {
		first := slices.MinFunc(points, func(a, b *content.Passage) int { return rank(a.Kind) - rank(b.Kind) })
		return []string{pullUpCommand(first), recommendationCommand, contentsCommand}
	}
	return []string{contentsCommand, aboutCommand}
}

func (c *Conversation) subject() subject { return subject(len(c.Corpus.Documents)) }
