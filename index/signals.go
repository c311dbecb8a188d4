package index

import (
	"context"
	"math"
	"strings"

	"rapporteur/content"
)

// Signals is what tells a question that the reports answer from one that they don't. All are shares from 0 to 1 unless said
// otherwise, so that they mean the same in any corpus. The window is the one or two sentences, of the first three passages,
// that hold most of the question; words are weighed by how much they tell in English at large.
type Signals struct {
	Cover        float64 `json:"cover"`         // of the question, what the window holds; less for what stands beside it or above it
	First        float64 `json:"first"`         // the same of the whole first passage
	Exact        float64 `json:"exact"`         // the same of the window, counting only the words asked for and what means the same
	Unknown      float64 `json:"unknown"`       // of the question's weight, what no passage holds
	UnknownWords float64 `json:"unknown_words"` // of the question's words, each counted alike, those that no passage holds
	Lost         float64 `json:"lost"`          // of the question's words, each counted alike, those that the window lacks
	Missing      float64 `json:"missing"`       // weight of the most telling word that the window lacks
	Name         float64 `json:"name"`          // how far the name or number that is found worst is missing
	Matched      float64 `json:"matched"`       // weight of the words in the window itself, a fifth each; may pass 1
	Near         float64 `json:"near"`          // how close together they stand
	Phrase       float64 `json:"phrase"`        // log of one more than the words of the longest run shared with the question
	Untyped      float64 `json:"untyped"`       // 1 when a who, when, where or how many finds nothing of the kind in the window
	Score        float64 `json:"score"`         // the first passage's rank score over the best that the question's words could give; may pass 1
	Margin       float64 `json:"margin"`        // by how much of its score the first passage leads the second; a lone one by no more than its score
	Agrees       float64 `json:"agrees"`        // 1 when the window is of the first passage
}

// fields returns the signals in order.
func (s *Signals) fields() []*float64 {
	return []*float64{&s.Cover, &s.First, &s.Exact, &s.Unknown, &s.UnknownWords, &s.Lost, &s.Missing, &s.Name, &s.Matched, &s.Near,
		&s.Phrase, &s.Untyped, &s.Score, &s.Margin, &s.Agrees}
}

// Values returns the signals in the order of the fields.
func (s Signals) Values() []float64 {
	var out []float64
	for _, field := range s.fields() {
		out = append(out, *field)
	}
	return out
}

// SignalsOf is the inverse of [Signals.Values]; it takes as many values as there are signals.
func SignalsOf(values []float64) Signals {
	var s Signals
	for i, field := range s.fields() {
		*field = values[i]
	}
	return s
}

// Signals returns what is measured of a question, for calibration. ok is false for a question that is not searched for: small
// talk, a point named by its label, a whole list, nothing.
func (x *Index) Signals(ctx context.Context, q content.Question) (s Signals, ok bool, err error) {
	q = tidy(q)
	if _, short := x.shortcut(q); short {
		return s, false, nil
	}
	_, s, err = x.search(ctx, q)
	return s, err == nil, err
}

// window is a stretch of a candidate and how well each of the question's terms is found there.
type window struct {
	*candidate
	stretch
	found []float64 // 0 to 1, by term
	share float64   // of the question's weight
}

// How far a term counts as found that stands beside the window, and in or above the first passage as a whole.
const (
	besideWindow = 0.4
	aroundFirst  = 0.7
	windowsOf    = 3 // passages
)

// signals measures candidates, best first.
func signals(candidates []candidate, q weighed) Signals {
	if len(candidates) == 0 {
		return Signals{Unknown: 1, UnknownWords: 1, Lost: 1, Untyped: flag(q.wants&mustHold != 0)}
	}
	first, best := &candidates[0], bestWindow(candidates, q)
	s := Signals{
		Cover:   best.share,
		First:   q.share(first.found(first.text.all(), aroundFirst, len(q.terms))),
		Exact:   q.share(best.exact(len(q.terms))),
		Agrees:  flag(best.candidate == first),
		Phrase:  math.Log(1 + float64(sharedRun(q.text, best.words()))),
		Near:    best.closeness(q),
		Untyped: flag(q.wants&mustHold != 0 && best.text.holds(best.stretch, q.wants&mustHold) == 0),
	}
	s.count(q, best)
	if ideal := q.ideal(); ideal > 0 {
		s.Score = first.score / ideal
		s.Margin = min(1, s.Score)
		if len(candidates) > 1 {
			s.Margin = (first.score - candidates[1].score) / first.score
		}
	}
	return s
}

// count adds up the signals that go term by term.
func (s *Signals) count(q weighed, best window) {
	inside := trusts(best.hits, best.stretch, len(q.terms))
	unknown, content := make([]float64, len(q.terms)), 0.0
	for i, t := range q.terms {
		unknown[i] = flag(q.df[i] == 0)
		if t.name {
			s.Name = max(s.Name, 1-best.found[i])
		}
		if t.weight > furnitureWeight {
			content++
			s.Lost += 1 - best.found[i]
			s.UnknownWords += unknown[i]
		}
		switch tells := q.tells(i); {
		case tells > telltale && inside[i] > 0.5:
			s.Matched += tells / 5
		case tells > telltale && best.found[i] < 0.3:
			s.Missing = max(s.Missing, tells)
		}
	}
	s.Unknown = q.share(unknown)
	s.Lost /= max(1, content)
	s.UnknownWords /= max(1, content)
}

// ideal is the best BM25F score that the question's words could give.
func (q weighed) ideal() float64 {
	sum := 0.0
	for _, idf := range q.idf {
		sum += idf * (k1 + 1)
	}
	return sum
}

// telltale is the weight above which a word says something of the subject.
const telltale = 0.3

// typedWindow is how much of the question a window may lack beside another and still be better, by holding the type of answer
// asked for.
const typedWindow = 0.15

// bestWindow returns the window that holds most of a question, the type of answer included; of equals the first.
func bestWindow(candidates []candidate, q weighed) window {
	best, most := window{}, -1.0
	for i := range candidates[:min(windowsOf, len(candidates))] {
		c := &candidates[i]
		for _, at := range c.text.windows() {
			found := c.found(at, besideWindow, len(q.terms))
			share := q.share(found)
			if worth := share + typedWindow*flag(share > 0 && c.text.holds(at, q.wants&mustHold) != 0); worth > most {
				best, most = window{c, at, found, share}, worth
			}
		}
	}
	return best
}

// found says for each term how well it is found in a stretch, or, counting only so much, around it.
func (c *candidate) found(at stretch, around float64, terms int) []float64 {
	out := trusts(c.hits, at, terms)
	passage := trusts(c.hits, c.text.all(), terms)
	frame := trusts(c.frame, stretch{to: len(c.text.frame)}, terms)
	title := trusts(c.title, stretch{to: len(c.text.title)}, terms)
	for i := range out {
		out[i] = max(out[i], around*max(passage[i], frame[i], title[i]))
	}
	return out
}

// exact says for each term whether it, or what means the same, stands in the window.
func (w window) exact(terms int) []float64 {
	out := trusts(w.hits, w.stretch, terms)
	for i := range out {
		out[i] = math.Floor(out[i])
	}
	return out
}

func (w window) words() string { return w.text.text[w.start:w.end] }

// closeness is 1 for telling words side by side and falls with the logarithm of the stretch they need; 0 for none.
func (w window) closeness(q weighed) float64 {
	from, to := -1, -1
	for _, h := range w.hits {
		if h.from < w.from || h.to > w.to || q.tells(h.term) <= telltale {
			continue
		}
		if from < 0 || h.from < from {
			from = h.from
		}
		to = max(to, h.to)
	}
	if from < 0 {
		return 0
	}
	return 1 / (1 + math.Log(float64(to-from)))
}

// tells is how much a term tells of what is asked.
func (q weighed) tells(term int) float64 { return q.terms[term].weight * q.terms[term].telling }

// share is the part of a question's weight that is found.
func (q weighed) share(found []float64) float64 {
	sum, total := 0.0, 0.0
	for i := range q.terms {
		sum += found[i] * q.tells(i)
		total += q.tells(i)
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// sharedRun counts the words of the longest run that two texts share, whatever their case and punctuation.
func sharedRun(a, b string) int {
	x, y := plainWords(a), plainWords(b)
	longest, last := 0, make([]int, len(y)+1)
	for i := range x {
		row := make([]int, len(y)+1)
		for j := range y {
			if x[i] == y[j] {
				row[j+1] = last[j] + 1
				longest = max(longest, row[j+1])
			}
		}
		last = row
	}
	return longest
}

func plainWords(s string) []string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = strings.Trim(w, `.,;:?!()"'“”`)
	}
	return words
}

func flag(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
