package index

import (
	"context"
	"math"

	"slices"
)

// BM25F's constants: k1 and b as Robertson and Zaragoza give them ("The Probabilistic Relevance Framework", 2009),
// b of the short fields and the weights of the fields as measured on Cranfield and the encyclopaedia questions.
const k1 = 1.2

var (
	fieldWeight = [fields]float64{textField: 1, frameField: 0.6, titleField: 0.5}
	fieldB      = [fields]float64{textField: 0.75, frameField: 0.5, titleField: 0.5}
)

// spread is where one word stands: by passage, its frequency weighed and normalized by field as BM25F does.
type spread struct {
	at map[int]float64
	df int // passages that hold it in their text or frame; the title, which all passages of a document share, aside
}

// ledger reads each word of a question once.
type ledger struct {
	index *Index
	shelf *shelf
	words map[string]spread
}

func (x *Index) ledger(s *shelf) *ledger { return &ledger{x, s, map[string]spread{}} }

// word returns the spread of a stem.
func (l *ledger) word(ctx context.Context, stem string) (spread, error) {
	if known, ok := l.words[stem]; ok {
		return known, nil
	}
	s := spread{at: map[int]float64{}}
	for f := range fields {
		postings, err := l.index.engine.postings(ctx, l.shelf.language, f, stem)
		if err != nil {
			return s, err
		}
		for _, p := range postings {
			s.at[p.passage] += normalized(p, f, l.shelf.average[f])
		}
		if f == frameField {
			s.df = len(s.at)
		}
	}
	l.words[stem] = s
	return s, nil
}

// normalized is a field's part of BM25F's frequency.
func normalized(p posting, f field, average float64) float64 {
	return fieldWeight[f] * p.freq / (1 - fieldB[f] + fieldB[f]*p.total/max(1, average))
}

// term returns the spread of a term: the sum of its forms. Of a form of several words all must be there, or at least
// those that carry most of its weight.
func (l *ledger) term(ctx context.Context, t term) (spread, error) {
	sum := spread{at: map[int]float64{}}
	exact := map[int]bool{}
	for _, f := range t.forms {
		s, err := l.form(ctx, f)
		if err != nil {
			return sum, err
		}
		for p, tf := range s.at {
			sum.at[p] += tf * f.weight
			exact[p] = exact[p] || f.origin <= foreign
		}
		sum.df = max(sum.df, s.df)
	}
	return sum, nil
}

func (l *ledger) form(ctx context.Context, f form) (spread, error) {
	if len(f.words) == 1 {
		return l.word(ctx, f.words[0])
	}
	share := spread{at: map[int]float64{}}
	total := 0.0
	for _, w := range unique(f.words) {
		s, err := l.word(ctx, w)
		if err != nil {
			return share, err
		}
		idf := l.idf(s.df)
		total += idf
		for p := range s.at {
			share.at[p] += idf
		}
	}
	for p, sum := range share.at {
		if sum/total < enoughOfForm {
			delete(share.at, p)
			continue
		}
		share.at[p] = sum / total * l.least(f, p)
	}
	share.df = len(share.at)
	return share, nil
}

// enoughOfForm is the share of a wording's weight that must be there for it to count, so that long names in the
// glossary are met when the report says them a little otherwise.
const enoughOfForm = 0.65

// least returns the lowest frequency among those words of a form that stand in a passage.
func (l *ledger) least(f form, passage int) float64 {
	least := math.Inf(1)
	for _, w := range f.words {
		if tf := l.words[w].at[passage]; tf > 0 {
			least = min(least, tf)
		}
	}
	return least
}

// idf is BM25's inverse document frequency in the form that is never negative (Lucene's).
func (l *ledger) idf(df int) float64 {
	n := float64(l.shelf.passages)
	return math.Log(1 + (n-float64(df)+0.5)/(float64(df)+0.5))
}

func unique(words []string) []string {
	out := slices.Clone(words)
	slices.Sort(out)
	return slices.Compact(out)
}
