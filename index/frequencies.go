package index

import (
	"context"
	"math"
	"slices"
)

// BM25F's constants: k1 and b of the text as Robertson and Zaragoza give them ("The Probabilistic Relevance Framework", 2009),
// the weights of the fields and b of the short ones as measured on Cranfield and the encyclopaedia questions.
const k1 = 1.2

var (
	fieldWeight = [fields]float64{textField: 1, frameField: 0.6, titleField: 2}
	fieldB      = [fields]float64{textField: 0.75, frameField: 0.5, titleField: 0.5}
)

// frequency is how often something stands in a passage, weighed and normalized by field as BM25F does.
type frequency struct {
	passage int
	tf      float64
}

// spread is where one word, wording or term stands: each passage once, in no order.
type spread struct {
	at []frequency
	df int // passages that hold it in their text or frame; the title, which all passages of a document share, aside
}

// ledger reads each word of a question once. It serves one question on one shelf, and not concurrently.
type ledger struct {
	index *Index
	shelf *shelf
	words map[string]spread
	sums  []float64 // by passage; all 0 between uses
}

func (x *Index) ledger(s *shelf) *ledger {
	return &ledger{x, s, map[string]spread{}, make([]float64, len(x.passages))}
}

// word returns the spread of a stem.
func (l *ledger) word(ctx context.Context, stem string) (spread, error) {
	if known, ok := l.words[stem]; ok {
		return known, nil
	}
	var s spread
	var at []int
	for f := range fields {
		postings, err := l.index.engine.Load().postings(ctx, l.shelf.language, f, stem)
		if err != nil {
			l.drain(at)
			return s, err
		}
		for _, p := range postings {
			at = l.put(at, p.passage, normalized(p, f, l.shelf.average[f]))
		}
		if f == frameField {
			s.df = len(at)
		}
	}
	s.at = l.drain(at)
	l.words[stem] = s
	return s, nil
}

// put adds to a passage's sum, and to the list of passages that have one.
func (l *ledger) put(at []int, passage int, tf float64) []int {
	if l.sums[passage] == 0 {
		at = append(at, passage)
	}
	l.sums[passage] += tf
	return at
}

// raise lifts a passage's sum to at least so much.
func (l *ledger) raise(at []int, passage int, tf float64) []int {
	return l.put(at, passage, max(0, tf-l.sums[passage]))
}

// drain takes the sums out again.
func (l *ledger) drain(at []int) []frequency {
	out := make([]frequency, len(at))
	for i, p := range at {
		out[i] = frequency{p, l.sums[p]}
		l.sums[p] = 0
	}
	return out
}

// normalized is a field's part of BM25F's frequency.
func normalized(p posting, f field, average float64) float64 {
	return fieldWeight[f] * p.freq / (1 - fieldB[f] + fieldB[f]*p.total/max(1, average))
}

// term returns the spread of a term: in each passage that of the wording which stands there most, for wordings overlap. Words
// that only look like it add to that and don't make it more common.
func (l *ledger) term(ctx context.Context, t term) (spread, error) {
	forms := make([]spread, len(t.forms))
	for i, f := range t.forms {
		if f.weight == 0 {
			continue
		}
		var err error
		if forms[i], err = l.form(ctx, f); err != nil {
			return spread{}, err
		}
	}
	var whole spread
	var at []int
	for i, s := range forms {
		collect := l.raise
		if t.forms[i].origin == partial {
			collect = l.put
		} else {
			whole.df = max(whole.df, s.df)
		}
		for _, f := range s.at {
			at = collect(at, f.passage, f.tf*t.forms[i].weight)
		}
	}
	whole.at = l.drain(at)
	return whole, nil
}

// form returns the spread of a wording. Of several words all must be there, or at least those that carry most of its weight.
func (l *ledger) form(ctx context.Context, f form) (spread, error) {
	if len(f.words) == 1 {
		return l.word(ctx, f.words[0])
	}
	carried, least, total := map[int]float64{}, map[int]float64{}, 0.0
	for _, w := range unique(f.words) {
		s, err := l.word(ctx, w)
		if err != nil {
			return spread{}, err
		}
		idf := l.idf(s.df)
		total += idf
		for _, at := range s.at {
			if carried[at.passage] == 0 || at.tf < least[at.passage] {
				least[at.passage] = at.tf
			}
			carried[at.passage] += idf
		}
	}
	var whole spread
	for p, idf := range carried {
		if idf/total >= enoughOfForm {
			whole.at = append(whole.at, frequency{p, idf / total * least[p]})
		}
	}
	whole.df = len(whole.at)
	return whole, nil
}

// enoughOfForm is the share of a wording's weight that must be there for it to count, so that long names in the
// glossary are met when the report says them a little otherwise.
const enoughOfForm = 0.65

// idf is BM25's inverse document frequency in the form that is never negative (Lucene's).
func (l *ledger) idf(df int) float64 { return idf(df, l.shelf.passages) }

func idf(df, of int) float64 {
	return math.Log(1 + (float64(of-df)+0.5)/(float64(df)+0.5))
}

func unique(words []string) []string {
	out := slices.Clone(words)
	slices.Sort(out)
	return slices.Compact(out)
}
