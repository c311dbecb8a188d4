package index

// reports scores whole documents: a passage of a report that is on the subject counts more than a like passage of one that
// is not. Of a single report, or where each passage is a document of its own, it says nothing.
type reports struct {
	*ledger
	scores []float64 // by document
	sums   []float64 // by document; all 0 between uses
	mean   float64   // passages of a document
}

// ownReport is what a document's score counts beside the passage's, as measured for the recipe.
const ownReport = 0.4

// reports returns nil where it would say nothing.
func (l *ledger) reports() *reports {
	n := len(l.index.corpus.Documents)
	if n < 2 || len(l.index.passages) < 2*n {
		return nil
	}
	return &reports{l, make([]float64, n), make([]float64, n), float64(len(l.index.passages)) / float64(n)}
}

// add adds what a term counts in each document, by BM25 with the sum of its passages' frequencies as the document's.
func (r *reports) add(s spread, weight float64) {
	if r == nil {
		return
	}
	var at []int
	for _, f := range s.at {
		d := r.index.passages[f.passage].number
		if r.sums[d] == 0 {
			at = append(at, d)
		}
		r.sums[d] += f.tf
	}
	counts := weight * idf(len(at), len(r.sums))
	for _, d := range at {
		length := 0.25 + 0.75*float64(r.index.lengths[d])/r.mean
		r.scores[d] += counts * saturated(r.sums[d]/length)
		r.sums[d] = 0
	}
}

// score returns what the document of a passage adds to the passage's score.
func (r *reports) score(passage int) float64 {
	if r == nil {
		return 0
	}
	return ownReport * r.scores[r.index.passages[passage].number]
}
