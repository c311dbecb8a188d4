package index

import "math"

// What the signals beside BM25F count. Neighbours in the question that are neighbours in the passage, side by side in the same
// order or within a few words, after the sequential dependence model (Metzler and Croft, 2005); and the best sentence. Set on
// Cranfield and the encyclopaedia questions.
const (
	orderedPair  = 0.25
	nearPair     = 0.1
	pairWindow   = 8 // words
	bestSentence = 0.4
	rightType    = 0.6 // a date for when, a number for how many, a name for who: in units of idf
)

// Long questions describe a subject, short ones ask for a fact: from so many telling terms on the best sentence counts less,
// with the cube of their number, and words that only look alike no more (candidates.go, partial.go, feedback.go).
const wordy = 6

// rescore adds to the candidates' scores what only their words in their order tell, and sorts them anew.
func rescore(candidates []candidate, q weighed, l *ledger) {
	pairs := make([][]closeness, len(candidates))
	for i := range candidates {
		pairs[i] = candidates[i].pairs(len(q.terms))
	}
	idf := pairIDF(pairs, l)
	sentence := bestSentence * min(1, math.Pow(wordy/float64(max(1, len(contentful(q.terms)))), 3))
	for i := range candidates {
		c := &candidates[i]
		length := 0.25 + 0.75*float64(len(c.text.tokens))/max(1, l.shelf.average[textField])
		for j, p := range pairs[i] {
			weight := math.Sqrt(q.terms[j].weight * q.terms[j+1].weight)
			c.score += weight * orderedPair * idf[j].ordered * saturated(p.ordered/length)
			c.score += weight * nearPair * idf[j].near * saturated(p.near/length)
		}
		_, best := c.bestSentence(q)
		c.score += sentence * best
	}
	order(candidates)
}

// closeness is how often two terms stand side by side in order, and how often within a window.
type closeness struct{ ordered, near float64 }

// pairs returns the closeness of each term to the next.
func (c *candidate) pairs(terms int) []closeness {
	byTerm := make([][]hit, terms)
	for _, h := range c.hits {
		byTerm[h.term] = append(byTerm[h.term], h)
	}
	pairs := make([]closeness, max(0, terms-1))
	for i := range pairs {
		pairs[i] = together(byTerm[i], byTerm[i+1], c.text.tokens)
	}
	return pairs
}

func together(a, b []hit, tokens []token) (c closeness) {
	for _, x := range a {
		for _, y := range b {
			gap := tokens[y.from].pos - tokens[x.to-1].pos
			if gap >= 1 && gap <= 2 {
				c.ordered++
			}
			if max(gap, -gap) <= pairWindow {
				c.near++
			}
		}
	}
	return c
}

// pairIDF returns the idf of each pair, from the candidates that hold it: others hardly do, or they would be candidates.
func pairIDF(pairs [][]closeness, l *ledger) []closeness {
	if len(pairs) == 0 {
		return nil
	}
	idf := make([]closeness, len(pairs[0]))
	for j := range idf {
		ordered, near := 0, 0
		for _, p := range pairs {
			if p[j].ordered > 0 {
				ordered++
			}
			if p[j].near > 0 {
				near++
			}
		}
		idf[j] = closeness{l.idf(ordered), l.idf(near)}
	}
	return idf
}

// bestSentence returns the number of the sentence that holds most of a question, and what that counts; 0, 0 for none.
func (c *candidate) bestSentence(q weighed) (best int, counts float64) {
	for i, s := range c.text.sentences {
		sum := cover(c.hits, s, q)
		if sum > 0 && q.wants&s.holds != 0 {
			sum += rightType
		}
		if sum > counts {
			best, counts = i, sum
		}
	}
	return best, counts
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
