package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rapporteur/content"
)

// point pulls up the point that the words after /recommendation name; false when they name none and are words to look for.
func (c *Conversation) point(asked Asked) (Reply, bool) {
	ref, ok := content.ParseReference(asked.Text)
	if !ok {
		return Reply{}, false
	}
	found := c.Corpus.Lookup(ref)
	if len(found) > 0 {
		return c.pulledUp(asked, ref, found), true
	}
	// "HR" and "UN" have the form of a label, and are words to look for where no point is called so.
	if ref.Kind == "" && utf8.RuneCountInString(ref.Label) > 1 && !startsWithDigit(ref.Label) {
		return Reply{}, false
	}
	return c.noSuchPoint(asked), true
}

// namedPoint pulls up the point that a plain question names by its kind ("conclusion b"); false when it names none, so
// that the question is looked up like any other.
func (c *Conversation) namedPoint(asked Asked) (Reply, bool) {
	ref, ok := content.ParseReference(asked.Text)
	if !ok || ref.Kind == "" {
		return Reply{}, false
	}
	found := c.Corpus.Lookup(ref)
	if len(found) == 0 {
		return Reply{}, false
	}
	return c.pulledUp(asked, ref, found), true
}

func (c *Conversation) pulledUp(asked Asked, ref content.Reference, found []*content.Passage) Reply {
	reply := Reply{Verdict: content.Answered, Asked: asked}
	for _, p := range found {
		reply.Excerpts = append(reply.Excerpts, c.Corpus.Excerpt(p))
	}
	if ref.Kind == "" || ref.Kind == content.Recommendation {
		reply.Lead = c.insteadOf(found)
	}
	reply.Hint = rivals(c.rivals(found))
	reply.Excerpts, reply.More = split(reply.Excerpts, maxExcerpts)
	return reply
}

// insteadOf says, where recommendations were asked for and the report has other points, which they are.
func (c *Conversation) insteadOf(found []*content.Passage) string {
	i := slices.IndexFunc(found, func(p *content.Passage) bool { return p.Kind != content.Recommendation })
	if i < 0 || c.hasKind(found[i].Document, content.Recommendation) {
		return ""
	}
	return noRecommendations(c.subject(), found[i])
}

// insteadOfNamed is the same for a question that names a recommendation in passing ("show me recommendation c") and is
// answered by another point.
func (c *Conversation) insteadOfNamed(question string, best content.Citation) string {
	ref, _, ok := content.FindReference(question)
	d := c.Corpus.Document(best.Document)
	if !ok || ref.Kind != content.Recommendation || d == nil {
		return ""
	}
	p := d.Passage(best.Passage)
	if p == nil || !p.IsPoint() {
		return ""
	}
	return c.insteadOf([]*content.Passage{p})
}

func (c *Conversation) hasKind(document string, kind content.Kind) bool {
	return slices.ContainsFunc(c.Corpus.Points(), func(p *content.Passage) bool {
		return p.Document == document && p.Kind == kind
	})
}

// rivals returns the points that have the same label as those found, and are others.
func (c *Conversation) rivals(found []*content.Passage) []*content.Passage {
	var rivals []*content.Passage
	for _, p := range c.Corpus.Points() {
		same := func(q *content.Passage) bool {
			return q.Label == p.Label && q.Kind != p.Kind && q.Document == p.Document
		}
		if slices.ContainsFunc(found, same) && len(rivals) < maxRivals {
			rivals = append(rivals, p)
		}
	}
	return rivals
}

// maxRivals bounds how many points with the same label a hint names.
const maxRivals = 3

func (c *Conversation) noSuchPoint(asked Asked) Reply {
	reply := Reply{
		Verdict: content.None, Asked: asked, Try: c.tries(),
		Lead: noPointCalled(c.subject(), asked.Text) + " " + c.labels(), Hint: seeAllPoints,
	}
	if len(c.Corpus.Points()) == 0 {
		reply.Hint = c.askable()
	}
	return reply
}

// labels says which points there are by their labels, kind by kind.
func (c *Conversation) labels() string {
	var sentences []string
	for _, l := range c.lists() {
		sentences = append(sentences, labelsOf(l.kind, l.points, len(c.Corpus.Documents) > 1, c.title(l.document)))
		if len(sentences) == maxLists {
			break
		}
	}
	if len(sentences) == 0 {
		return noPoints(c.subject())
	}
	return strings.Join(sentences, " ")
}

// maxLists bounds how many lists of points a sentence tells of.
const maxLists = 6

func (c *Conversation) title(document string) string {
	if d := c.Corpus.Document(document); d != nil {
		return d.Title
	}
	return document
}

// list is all points of one kind in one document.
type list struct {
	document string
	kind     content.Kind
	points   []*content.Passage
}

// lists groups the points by document and kind: recommendations first, then conclusions, then all else, and otherwise in
// the order in which each list begins.
func (c *Conversation) lists() []list {
	var lists []list
	for _, p := range c.Corpus.Points() {
		i := slices.IndexFunc(lists, func(l list) bool { return l.document == p.Document && l.kind == p.Kind })
		if i < 0 {
			i = len(lists)
			lists = append(lists, list{document: p.Document, kind: p.Kind})
		}
		lists[i].points = append(lists[i].points, p)
	}
	slices.SortStableFunc(lists, func(a, b list) int { return rank(a.kind) - rank(b.kind) })
	return lists
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
