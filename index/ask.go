package index

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rapporteur/content"
)

const (
	depth    = 60 // candidates that are read word by word; the rest are too far behind to win
	excerpts = 10 // passages quoted at most
	nearest  = 3  // passages offered when nothing answers
)

// Answer finds what the corpus says to a question. An empty corpus of words, small talk and silence are answers like
// any other; an error means that the index could not be read or that ctx ended.
func (x *Index) Answer(ctx context.Context, q content.Question) (content.Answer, error) {
	q.Text, q.After = strings.TrimSpace(q.Text), strings.TrimSpace(q.After)
	if isSmallTalk(q.Text) {
		return content.Answer{Verdict: content.None, Small: true}, nil
	}
	if points := x.pointed(q); len(points) > 0 {
		return x.whole(points), nil
	}
	if _, ok := content.ParseReference(q.Text); ok { // it names a point that there isn't
		return content.Answer{Verdict: content.None}, nil
	}
	return x.search(ctx, q)
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
	a := content.Answer{Verdict: content.Answered, Whole: len(points) > 1}
	for _, p := range points {
		a.Excerpts = append(a.Excerpts, x.corpus.Excerpt(p))
	}
	return a
}

// search answers from the passages that rank best.
func (x *Index) search(ctx context.Context, q content.Question) (content.Answer, error) {
	var found []finding
	text, err := x.mend(ctx, q.Text)
	if err != nil {
		return content.Answer{}, err
	}
	for _, s := range x.shelves {
		more, err := x.onShelf(ctx, s, text, q)
		if err != nil {
			return content.Answer{}, err
		}
		found = append(found, more...)
	}
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(b.score, a.score) })
	a := x.answer(found)
	if text != q.Text {
		a.ReadAs = text
	}
	return a, nil
}

// finding is a candidate with its evidence.
type finding struct {
	candidate
	evidence
	confidence float64
	verdict    content.Verdict
}

// onShelf ranks the passages of one language and finds the evidence in the best.
func (x *Index) onShelf(ctx context.Context, s *shelf, text string, q content.Question) ([]finding, error) {
	l := x.ledger(s)
	terms, w := x.asked(s, text, q.After)
	candidates, idf, err := x.candidates(ctx, l, terms, x.admits(q))
	if err != nil {
		return nil, err
	}
	asks := weighed{text, terms, idf}
	x.readWords(ctx, l, candidates, terms)
	for i := range candidates {
		rescore(&candidates[i], asks, w)
	}
	order(candidates)
	var found []finding
	for _, c := range candidates[:min(excerpts, len(candidates))] {
		found = append(found, judge(c, asks, w, x.passages[c.passage].Passage))
	}
	return found, nil
}

func judge(c candidate, q weighed, w wants, p *content.Passage) finding {
	e := witness(&c, q, w)
	return finding{c, e, confidence(e, q, w), decide(&c, e, q, w, p)}
}

// asked returns the terms of a question and the type of answer it wants. A follow-up has the terms of the question before as
// well: at half their weight, or in full when it has none of its own ("and where?").
func (x *Index) asked(s *shelf, text, after string) ([]term, wants) {
	own, w := x.terms(s, text), wanted(text)
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

// candidates returns the passages that score best by BM25F, and what each term counts.
func (x *Index) candidates(ctx context.Context, l *ledger, terms []term, admits func(int) bool) ([]candidate, []float64, error) {
	scores := map[int]float64{}
	idf := make([]float64, len(terms))
	for i, t := range terms {
		s, err := l.term(ctx, t)
		if err != nil {
			return nil, nil, err
		}
		idf[i] = t.weight * l.idf(s.df)
		for p, tf := range s.at {
			if admits(p) {
				scores[p] += idf[i] * saturated(tf)
			}
		}
	}
	found := make([]candidate, 0, len(scores))
	for p, score := range scores {
		found = append(found, candidate{passage: p, score: score})
	}
	order(found)
	return found[:min(depth, len(found))], idf, nil
}

// readWords analyzes the candidates and finds the terms in them.
func (x *Index) readWords(ctx context.Context, l *ledger, candidates []candidate, terms []term) {
	idf := func(stem string) float64 {
		s, _ := l.word(ctx, stem) // read before, for the same terms
		return l.idf(s.df)
	}
	for i := range candidates {
		c := &candidates[i]
		c.text = x.analyze(c.passage)
		c.hits = hits(terms, c.text.tokens, idf)
		c.frame = hits(terms, c.text.frame, idf)
		c.title = hits(terms, c.text.title, idf)
	}
}

// answer turns findings, best first, into an answer. The verdict is that of the best evidence among the first three; a
// passage of better verdict is moved up.
func (x *Index) answer(found []finding) content.Answer {
	a := content.Answer{Verdict: content.None}
	for _, f := range found[:min(3, len(found))] {
		a.Verdict = better(a.Verdict, f.verdict)
	}
	if a.Verdict == content.None {
		for _, f := range found[:min(nearest, len(found))] {
			a.Nearest = append(a.Nearest, x.excerpt(f))
		}
		return a
	}
	for _, f := range found {
		if f.confidence >= companion*found[0].confidence {
			a.Excerpts = append(a.Excerpts, x.excerpt(f))
		}
	}
	return a
}

// companion is the share of the first's confidence that another passage needs to be quoted beside it.
const companion = 0.55

func better(a, b content.Verdict) content.Verdict {
	rank := map[content.Verdict]int{content.None: 0, content.Related: 1, content.Answered: 2}
	if rank[b] > rank[a] {
		return b
	}
	return a
}

func (x *Index) excerpt(f finding) content.Excerpt {
	p := x.passages[f.passage]
	return content.Excerpt{
		Text: p.Text[f.start:f.end], Start: f.start, Marks: f.marks, LeadIn: p.LeadIn, Citation: p.document.Cite(p.Passage),
	}
}
