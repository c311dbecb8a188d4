package index

import (
	"cmp"
	"maps"
	"slices"
)

// A question of many words describes a subject, and the words of the passages that rank first describe it further: in the
// manner of relevance models (Lavrenko and Croft, 2001), with the number of passages and words measured for the recipe and
// the weight set on Cranfield. Questions for a fact gain nothing by it.
const (
	feedbackFrom   = 5  // passages
	feedbackWords  = 40 // at most
	feedbackWeight = 0.5
	feedbackTitle  = 2 // what a word of the title counts
)

// feedBack adds to the candidates' scores what they share with the first of them, and sorts them anew.
func (l *ledger) feedBack(candidates []candidate, q weighed) error {
	if len(contentful(q.terms)) < wordy || len(candidates) == 0 {
		return nil
	}
	words, err := l.subject(candidates[:min(feedbackFrom, len(candidates))])
	if err != nil {
		return err
	}
	ideal := 0.0
	for _, idf := range q.idf {
		ideal += idf
	}
	for i := range candidates {
		c := &candidates[i]
		length := 0.25 + 0.75*float64(len(c.text.tokens))/max(1, l.shelf.average[textField])
		c.score += feedbackWeight * ideal * words.share(c.text, length)
	}
	order(candidates)
	return nil
}

// subjectWord is a word that describes what some passages are about, and its share of all such words.
type subjectWord struct {
	stem   string
	counts float64
}

// subject is such words, most telling first.
type subject []subjectWord

// share is how much of the subject a text of some relative length holds.
func (s subject) share(of *analyzed, length float64) float64 {
	places := make(map[string]int, len(s))
	for i, w := range s {
		places[w.stem] = i + 1
	}
	tf := make([]float64, len(s)+1) // 0 for all other words
	for _, t := range of.tokens {
		tf[places[t.term]]++
	}
	for _, t := range of.title {
		tf[places[t.term]] += feedbackTitle
	}
	share := 0.0
	for i, w := range s {
		share += w.counts * saturated(tf[i+1]/length)
	}
	return share
}

// subject returns the words that describe passages best, by frequency and idf. Those of one passage alone say little.
func (l *ledger) subject(of []candidate) (subject, error) {
	sums, in := map[string]float64{}, map[string]int{}
	for _, c := range of {
		length := float64(len(c.text.tokens) + len(c.text.title))
		for stem, tf := range c.text.frequencies() {
			sums[stem] += c.score / of[0].score * tf / length
			in[stem]++
		}
	}
	maps.DeleteFunc(sums, func(stem string, _ float64) bool { return in[stem] < 2 && len(of) > 1 })
	var words subject
	for _, stem := range slices.Sorted(maps.Keys(sums)) {
		df, err := l.index.engine.Load().count(l.shelf.language, textField, stem)
		if err != nil {
			return nil, err
		}
		words = append(words, subjectWord{stem, sums[stem] * l.idf(df)})
	}
	slices.SortStableFunc(words, func(a, b subjectWord) int { return cmp.Compare(b.counts, a.counts) })
	words = words[:min(feedbackWords, len(words))]
	total := 0.0
	for _, w := range words {
		total += w.counts
	}
	for i := range words {
		words[i].counts /= total
	}
	return words, nil
}

// frequencies counts the stems of a text, and of its title.
func (a *analyzed) frequencies() map[string]float64 {
	tf := map[string]float64{}
	for _, t := range a.tokens {
		tf[t.term]++
	}
	for _, t := range a.title {
		tf[t.term] += feedbackTitle
	}
	return tf
}
