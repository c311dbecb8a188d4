package index

import (
	"cmp"
	"context"
	"slices"
)

// candidate is a passage that may answer, with what was found in it.
type candidate struct {
	passage int
	score   float64 // BM25F at first, then with what its words tell; comparable within one question only
	text    *analyzed
	hits    []hit // the question's terms in the text
	frame   []hit // and in what frames it
	title   []hit
}

// weighed is a question with what each of its terms counts.
type weighed struct {
	text  string // the question's own words
	wants wants
	terms []term
	where []spread  // by term
	idf   []float64 // by term, times the term's weight
	df    []int     // by term, passages that hold it
}

// weigh looks a question's terms up.
func (l *ledger) weigh(ctx context.Context, text string, terms []term, w wants) (weighed, error) {
	q := weighed{text: text, wants: w, terms: terms}
	for _, t := range terms {
		s, err := l.term(ctx, t)
		if err != nil {
			return q, err
		}
		q.where = append(q.where, s)
		q.idf = append(q.idf, t.weight*l.idf(s.df))
		q.df = append(q.df, s.df)
	}
	return q, nil
}

// candidates returns the passages that score best by BM25F and by their reports' own scores.
func (l *ledger) candidates(q weighed, admits func(int) bool) []candidate {
	scores := make([]float64, len(l.index.passages))
	own := l.reports()
	for i, s := range q.where {
		for _, f := range s.at {
			scores[f.passage] += q.idf[i] * saturated(f.tf)
		}
		own.add(s, q.terms[i].weight)
	}
	var found []candidate
	for p, score := range scores {
		if score > 0 && admits(p) {
			found = append(found, candidate{passage: p, score: score + own.score(p)})
		}
	}
	order(found)
	return found[:min(depth, len(found))]
}

// saturated is BM25's part of a frequency: the tenth time a word stands there tells less than the first.
func saturated(tf float64) float64 { return tf * (k1 + 1) / (tf + k1) }

// order sorts candidates best first; of equals, the one that stands earlier.
func order(candidates []candidate) {
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.passage, b.passage))
	})
}

// readWords analyzes the candidates and finds the terms in them.
func (l *ledger) readWords(candidates []candidate, q weighed) {
	idf := func(stem string) float64 { return l.idf(l.words[stem].df) } // read before, for the same terms
	by := wordings(q.terms)
	for i := range candidates {
		c := &candidates[i]
		c.text = l.index.analyze(c.passage)
		c.hits = hits(by, c.text.tokens, idf)
		c.frame = hits(by, c.text.frame, idf)
		c.title = hits(by, c.text.title, idf)
	}
}
