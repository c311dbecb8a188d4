package index

import "math"

// What the signals beside BM25F count, in units of idf. Neighbours in the question that are neighbours in the passage, side by
// side in the same order or within a few words, after the sequential dependence model (Metzler and Croft, 2005); the best
// sentence; and there the longest run of words that it shares with the question, small words included, by its logarithm. Set on
// Cranfield and the encyclopaedia questions.
const (
	orderedPair  = 0.25
	nearPair     = 0.1
	pairWindow   = 8 // words
	bestSentence = 0.4
	rightType    = 1.2 // in a sentence: a date for when, a number for how many, a name for who
	sharedPhrase = 2.5
	phrasesOf    = 20 // candidates are looked at for phrases
)

// Long questions describe a subject, short ones ask for a fact: from so many telling terms on sentences and phrases count less,
// with the cube of their number, and words that only look alike no more (candidates.go, partial.go, feedback.go).
const wordy = 6

// rescore adds to the candidates' scores what only their words in their order tell, and sorts them anew.
func rescore(candidates []candidate, q weighed, l *ledger) {
	addPairs(candidates, q, l)
	fact := min(1, math.Pow(wordy/float64(max(1, len(contentful(q.terms)))), 3))
	for i := range candidates {
		_, best := candidates[i].bestSentence(q)
		candidates[i].score += fact * bestSentence * best
	}
	order(candidates)
	for i := range candidates[:min(phrasesOf, len(candidates))] {
		candidates[i].score += fact * sharedPhrase * candidates[i].phrase(q)
	}
	order(candidates)
}

// phrase is the logarithm of the longest run of words that the best sentence shares with the question; 0 for one word or none.
func (c *candidate) phrase(q weighed) float64 {
	if len(c.text.sentences) == 0 {
		return 0
	}
	best, _ := c.bestSentence(q)
	s := c.text.sentences[best]
	return math.Log(float64(max(1, sharedRun(q.text, c.text.text[s.start:s.end]))))
}

// addPairs adds what terms that are neighbours count.
func addPairs(candidates []candidate, q weighed, l *ledger) {
	pairs := make([][]closeness, len(candidates))
	for i := range candidates {
		pairs[i] = candidates[i].pairs(len(q.terms))
	}
	idf := pairIDF(pairs, l)
	for i := range candidates {
		c := &candidates[i]
		length := 0.25 + 0.75*float64(len(c.text.tokens))/max(1, l.shelf.average[textField])
		for j, p := range pairs[i] {
			weight := math.Sqrt(q.terms[j].weight * q.terms[j+1].weight)
			c.score += weight * orderedPair * idf[j].ordered * saturated(p.ordered/length)
			c.score += weight * nearPair * idf[j].near * saturated(p.near/length)
		}
	}
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
		if sum := c.counts(q, s); sum > counts {
			best, counts = i, sum
		}
	}
	return best, counts
}

// cover sums up what the terms found in part of a text count.
func cover(hits []hit, within stretch, q weighed) float64 {
	sum := 0.0
	for i, s := range most(hits, within, len(q.terms), func(h hit) float64 { return h.strength }) {
		sum += s * q.idf[i]
	}
	return sum
}
