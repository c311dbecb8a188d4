package index

import (
	"regexp"
	"slices"
	"strings"

	"rapporteur/content"
)

// evidence is the part of a passage that answers best, and how well.
type evidence struct {
	start, end int // bytes of the passage's text, half-open
	marks      []content.Mark
	found      []float64 // how far each of the question's terms is found: in the excerpt, its passage, what frames it
	coverage   float64   // share of the question's weight that is found
	untyped    bool      // it holds nothing of the type that an answer must have
}

// excerptWords is how long an excerpt may grow by taking in sentences beside the best: the median paragraph answer on the
// encyclopaedia questions stays under sixty words.
const excerptWords = 67

// witness picks the words of a candidate that answer.
func witness(c *candidate, q weighed) evidence {
	at := bestStretch(c, q)
	found := c.found(at, besideExcerpt, len(q.terms))
	untyped := q.wants&certain != 0 && c.text.holds(at, q.wants&certain) == 0
	return evidence{at.start, at.end, marks(c, q, at), found, q.share(found), untyped}
}

// besideExcerpt is how far a term counts as found that stands beside the excerpt or above it: both are shown with it.
const besideExcerpt = 0.8

// bestStretch returns the sentence that covers most of the question, grown by what it needs: the sentence before when it leans on
// it, and neighbours while it stays short. A point is quoted whole when it is short enough.
func bestStretch(c *candidate, q weighed) stretch {
	if len(c.text.sentences) == 0 {
		return c.text.all()
	}
	best, _ := c.bestSentence(q)
	return grow(c, q, best)
}

// grow takes in neighbours of a sentence while the excerpt stays short, first the one that holds more of the question.
func grow(c *candidate, q weighed, best int) stretch {
	all := c.text.sentences
	from, to := best, best+1
	if from > 0 && leans(c.text.text[all[from].start:]) {
		from--
	}
	fits := func(from, to int) bool {
		return from >= 0 && to <= len(all) && words(c.text.text[all[from].start:all[to-1].end]) <= excerptWords
	}
	for {
		before, after := fits(from-1, to), fits(from, to+1)
		switch {
		case !before && !after:
			return span(all[from:to])
		case before && (!after || c.counts(q, all[from-1]) > c.counts(q, all[to])):
			from--
		default:
			to++
		}
	}
}

// counts is what a sentence counts for a question: the words of it that it holds, and an answer of the right type.
func (c *candidate) counts(q weighed, s stretch) float64 {
	sum := cover(c.hits, s, q)
	if sum > 0 && c.text.holds(s, q.wants) != 0 {
		sum += rightType
	}
	return sum
}

// span is sentences in a row as one stretch.
func span(sentences []stretch) stretch {
	whole := sentences[0]
	for _, s := range sentences[1:] {
		whole.end, whole.to, whole.last = s.end, s.to, s.last
	}
	return whole
}

func words(s string) int { return len(strings.Fields(s)) }

var leaning = regexp.MustCompile(`^(?:It|Its|They|Their|Them|This|These|Those|That|Such|He|She|His|Her|Both|However|Therefore|Moreover|Furthermore|In addition|In particular|Also|Thus|Hence|Here|There)\b`)

// leans reports whether a sentence needs the one before to be understood.
func leans(sentence string) bool { return leaning.MatchString(sentence) }

// marks returns what to set in bold in an excerpt: the words that matched, and in the best sentence what may be the answer to a
// who, when, where or how many; neighbours joined.
func marks(c *candidate, q weighed, at stretch) []content.Mark {
	var found []content.Mark
	for _, h := range c.hits {
		if h.from < at.from || h.to > at.to || q.terms[h.term].weight <= furnitureWeight || h.trust < markFrom {
			continue
		}
		for _, t := range c.text.tokens[h.from:h.to] {
			if q.terms[h.term].has(t.term) {
				found = append(found, content.Mark{Start: t.start - at.start, End: t.end - at.start})
			}
		}
	}
	if best, counts := c.bestSentence(q); counts > 0 {
		s := c.text.sentences[best]
		for _, a := range answersIn(c.text.text[s.start:s.end], q.wants) {
			found = append(found, content.Mark{Start: s.start + a[0] - at.start, End: s.start + a[1] - at.start})
		}
	}
	slices.SortFunc(found, func(a, b content.Mark) int { return a.Start - b.Start })
	return joined(found, c.text.text[at.start:at.end])
}

// markFrom is how much a word must look like one that was asked for to be marked.
const markFrom = 0.6

func (t term) has(stem string) bool {
	return slices.ContainsFunc(t.forms, func(f form) bool { return slices.Contains(f.words, stem) })
}

// joined merges marks that overlap or that only a blank parts.
func joined(marks []content.Mark, text string) []content.Mark {
	var out []content.Mark
	for _, m := range marks {
		if n := len(out); n > 0 && (m.Start <= out[n-1].End || text[out[n-1].End:m.Start] == " ") {
			out[n-1].End = max(out[n-1].End, m.End)
			continue
		}
		out = append(out, m)
	}
	return out
}
