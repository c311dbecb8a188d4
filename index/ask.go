package index

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rapporteur/content"
)

const (
	depth    = 100 // candidates that are read word by word; the rest are too far behind to win
	excerpts = 10  // passages quoted at most
	nearest  = 3   // passages offered when nothing answers
)

// Answer finds what the corpus says to a question. An empty corpus of words, small talk and silence are answers like
// any other; an error means that the index could not be read or that ctx ended.
func (x *Index) Answer(ctx context.Context, q content.Question) (content.Answer, error) {
	q = tidy(q)
	if a, ok := x.shortcut(q); ok {
		return a, nil
	}
	return x.answerSafely(ctx, q)
}

func tidy(q content.Question) content.Question {
	q.Text, q.After = strings.TrimSpace(q.Text), strings.TrimSpace(q.After)
	return q
}

// shortcut answers what needs no search: small talk, and points by their names.
func (x *Index) shortcut(q content.Question) (content.Answer, bool) {
	if isSmallTalk(q.Text) {
		return content.Answer{Verdict: content.None, Small: true}, true
	}
	if points := x.pointed(q); len(points) > 0 {
		return x.whole(points), true
	}
	if _, ok := content.ParseReference(q.Text); ok { // it names a point that there isn't
		return content.Answer{Verdict: content.None}, true
	}
	return content.Answer{}, false
}

// pointed returns the points that a question names or asks for as a list, also by what was asked before.
func (x *Index) pointed(q content.Question) []*content.Passage {
	if r, _, ok := content.FindReference(q.Text); ok {
		return x.within(q, x.corpus.Lookup(r))
	}
	if points := x.followed(q); len(points) > 0 {
		return x.within(q, points)
	}
	if points := x.listed(q.Text); len(points) > 0 {
		return x.within(q, points)
	}
	return x.within(q, x.overview(q.Text))
}

// within keeps the passages of the document that a question is limited to.
func (x *Index) within(q content.Question, points []*content.Passage) []*content.Passage {
	return slices.DeleteFunc(points, func(p *content.Passage) bool { return q.Document != "" && p.Document != q.Document })
}

// whole answers with passages as they stand.
func (x *Index) whole(points []*content.Passage) content.Answer {
	a := content.Answer{Verdict: content.Answered, Whole: len(points) > 1, Confidence: 1}
	for _, p := range points {
		a.Excerpts = append(a.Excerpts, x.corpus.Excerpt(p))
	}
	return a
}

// search answers from the passages that rank best.
func (x *Index) search(ctx context.Context, q content.Question) (content.Answer, Signals, error) {
	text, err := x.mend(ctx, q.Text)
	if err != nil {
		return content.Answer{}, Signals{}, err
	}
	var all reading
	for i, s := range x.shelves {
		r, err := x.read(ctx, s, text, q)
		if err != nil {
			return content.Answer{}, Signals{}, err
		}
		all.found = append(all.found, r.found...)
		if i == 0 || r.confidence > all.confidence {
			all.confidence, all.signals = r.confidence, r.signals
		}
	}
	slices.SortStableFunc(all.found, func(a, b finding) int { return cmp.Compare(b.score, a.score) })
	a := x.answer(all)
	if text != q.Text {
		a.ReadAs = text
	}
	return a, all.signals, nil
}

// reading is what was found for a question, best first, and how sure that makes.
type reading struct {
	found      []finding
	signals    Signals
	confidence float64
}

// finding is a candidate with its evidence.
type finding struct {
	candidate
	evidence
	silent bool // it is on the subject and does not answer
}

// read ranks the passages of one language and finds the evidence in the best.
func (x *Index) read(ctx context.Context, s *shelf, text string, q content.Question) (reading, error) {
	candidates, asks, err := x.ranked(ctx, s, text, q)
	if err != nil {
		return reading{}, err
	}
	r := reading{signals: signals(candidates, asks)}
	r.confidence = x.calibration.Confidence(r.signals)
	for _, c := range candidates[:min(excerpts, len(candidates))] {
		e := witness(&c, asks)
		r.found = append(r.found, finding{c, e, e.untyped || silent(&c, e.found, asks, x.passages[c.passage].Passage)})
	}
	r.prefer()
	return r, nil
}

// prefer puts first, of the passages that may bear the answer, one that holds the type of answer asked for.
func (r reading) prefer() {
	rivals := r.rivals()
	for i, f := range rivals {
		if !f.untyped && f.coverage >= rivalCoverage*rivals[0].coverage {
			copy(rivals[1:i+1], rivals[:i])
			rivals[0] = f
			return
		}
	}
}

// ranked returns the passages of one language that may answer, best first, with what the question asks for.
func (x *Index) ranked(ctx context.Context, s *shelf, text string, q content.Question) ([]candidate, weighed, error) {
	terms, w := x.asked(s, text, q.After)
	s.partly(terms)
	l := x.ledger(s)
	asks, err := l.weigh(ctx, text, terms, w)
	if err != nil {
		return nil, asks, err
	}
	candidates := l.candidates(asks, x.admits(q))
	l.readWords(candidates, asks)
	rescore(candidates, asks, l)
	return candidates, asks, l.feedBack(candidates, asks)
}

// Ranked is a passage in the order in which a question finds it.
type Ranked struct {
	Passage string  // the passage's ID
	Score   float64 // comparable within one question only
}

// Rank returns up to n passages, best first, by ranking alone: without the shorter ways of [Index.Answer], without evidence or
// verdict. It serves to measure; beyond the first hundred nothing is ranked. An error is as there.
func (x *Index) Rank(ctx context.Context, question string, n int) ([]Ranked, error) {
	var out []Ranked
	for _, s := range x.shelves {
		found, _, err := x.ranked(ctx, s, question, content.Question{Text: question})
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			out = append(out, Ranked{x.passages[c.passage].ID, c.score})
		}
	}
	slices.SortStableFunc(out, func(a, b Ranked) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(n, len(out))], nil
}

// asked returns the terms of a question and the type of answer it wants. A follow-up has the terms of the question before as
// well: at less than half their weight, or in full when it has none of its own ("and where?").
func (x *Index) asked(s *shelf, text, after string) ([]term, wants) {
	own, w := x.terms(s, text), wanted(text)
	w |= x.premise(s, text, own)
	typeWords(text, own)
	if after == "" || !leansBack(text, own) {
		return own, w
	}
	weight := beforeWeight
	if len(contentful(own)) == 0 {
		weight = 1
	}
	return merge(own, x.terms(s, after), weight), w
}

// beforeWeight is what a word of the question before counts in a follow-up that has words of its own.
const beforeWeight = 0.4

// admits says which passages a question may be answered from.
func (x *Index) admits(q content.Question) func(int) bool {
	return func(n int) bool {
		p := x.passages[n]
		return (q.Document == "" || p.Document == q.Document) && (!q.Points || p.IsPoint())
	}
}

// answer turns what was found into an answer.
func (x *Index) answer(r reading) content.Answer {
	a := content.Answer{Verdict: x.verdict(r), Confidence: r.confidence}
	if a.Verdict == content.None {
		for _, f := range r.found[:min(nearest, len(r.found))] {
			a.Nearest = append(a.Nearest, x.excerpt(f))
		}
		return a
	}
	for _, f := range r.found {
		if f.coverage >= companion*r.found[0].coverage {
			a.Excerpts = append(a.Excerpts, x.excerpt(f))
		}
	}
	return a
}

// companion is the share of the first's coverage that another passage needs to be quoted beside it.
const companion = 0.55

func (x *Index) excerpt(f finding) content.Excerpt {
	p := x.passages[f.passage]
	return content.Excerpt{
		Text: p.Text[f.start:f.end], Start: f.start, Marks: f.marks, LeadIn: p.LeadIn, Citation: p.document.Cite(p.Passage),
	}
}
