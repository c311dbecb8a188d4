package index

import (
	"cmp"
	"math"
	"slices"
)

// candidate is a passage that may answer, with what was found in it.
type candidate struct {
	passage int
	score   float64 // BM25F at first, then with proximity and the best sentence; comparable within one question only
	text    *analyzed
	hits    []hit // the question's terms in the text
	frame   []hit // and in what frames it
	title   []hit
}

// What the signals beside BM25F count, as measured for the recipe in the repository's notes on retrieval: neighbours in the
// question that are neighbours in the passage, in the same order or within eight words; and the best sentence.
const (
	orderedPair  = 0.3
	nearPair     = 0.15
	pairWindow   = 8
	bestSentence = 0.4
	rightType    = 0.6 // a date for when, a number for how many, a name for who: in units of idf
)

// weighed is a question's terms with what each counts.
type weighed struct {
	text  string // the question's own words
	terms []term
	idf   []float64 // by term, times the term's weight
}

// rescore adds to a candidate's BM25F what only its words in their order tell.
func rescore(c *candidate, q weighed, w wants) {
	c.score += pairs(c.hits, c.text.tokens, q)
	best := 0.0
	for _, s := range c.text.sentences {
		sum := cover(c.hits, s, q)
		if sum > 0 && w.fits(c.text.text[s.start:s.end]) {
			sum += rightType
		}
		best = max(best, sum)
	}
	c.score += bestSentence * best
}

// order sorts candidates best first; of equals, the one that stands earlier.
func order(candidates []candidate) {
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.passage, b.passage))
	})
}

// strengths returns how strongly each term is found in part of a text.
func strengths(hits []hit, within stretch, terms int) []float64 {
	found := make([]float64, terms)
	for _, h := range hits {
		if h.from >= within.from && h.to <= within.to {
			found[h.term] = max(found[h.term], h.strength)
		}
	}
	return found
}

// cover sums up what the terms found in part of a text count.
func cover(hits []hit, within stretch, q weighed) float64 {
	sum := 0.0
	for i, s := range strengths(hits, within, len(q.terms)) {
		sum += s * q.idf[i]
	}
	return sum
}

// pairs scores terms that are neighbours in the question and close in the passage, as sequential dependence does
// (Metzler and Croft, 2005), with BM25's saturation.
func pairs(hits []hit, tokens []token, q weighed) float64 {
	byTerm := make([][]hit, len(q.terms))
	for _, h := range hits {
		byTerm[h.term] = append(byTerm[h.term], h)
	}
	sum := 0.0
	for i := 0; i+1 < len(q.terms); i++ {
		ordered, close := together(byTerm[i], byTerm[i+1], tokens)
		idf := math.Min(q.idf[i], q.idf[i+1])
		sum += idf * (orderedPair*saturated(ordered) + nearPair*saturated(close))
	}
	return sum
}

// together counts how often two terms stand side by side in order, and how often within a window.
func together(a, b []hit, tokens []token) (ordered, close float64) {
	for _, x := range a {
		for _, y := range b {
			gap := tokens[y.from].pos - tokens[x.to-1].pos
			if gap >= 1 && gap <= 2 {
				ordered++
			}
			if max(gap, -gap) <= pairWindow {
				close++
			}
		}
	}
	return ordered, close
}

func saturated(tf float64) float64 { return tf * (k1 + 1) / (tf + k1) }
