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
	coverage   float64 // share of what the question's terms count that is found: in the excerpt, its passage and what frames it
	typed      bool    // it holds the type of answer that is asked for
	sums       []float64
}

// excerptWords is how long an excerpt may grow by taking in sentences beside the best: the median paragraph answer on the
// encyclopaedia questions stays under sixty words.
const excerptWords = 55

// witness picks the words of a candidate that answer.
func witness(c *candidate, q weighed, w wants) evidence {
	at := bestStretch(c, q, w)
	text := c.text.text[at.start:at.end]
	e := evidence{start: at.start, end: at.end, marks: marks(c, q, at), typed: !w.any() || w.fits(text)}
	e.sums = credit(c, q, at)
	sum, total := 0.0, 0.0
	for i, s := range e.sums {
		counts := q.idf[i] * q.terms[i].telling
		sum, total = sum+trusted(s)*counts, total+counts
	}
	if total > 0 {
		e.coverage = sum / total
	}
	return e
}

// trusted turns the strength of a term found into how far it is taken for found: a near word ranks lower than the
// word itself, and is still an answer.
func trusted(strength float64) float64 { return min(1, 1.35*strength) }

// What a term counts that stands beside the excerpt: elsewhere in the passage, in what frames it, in the title.
const (
	inPassage = 0.8
	inFrame   = 0.8
	inTitle   = 0.5
)

// credit says for each term how well it is found.
func credit(c *candidate, q weighed, at stretch) []float64 {
	n := len(q.terms)
	whole := func(tokens []token) stretch { return stretch{to: len(tokens)} }
	out := strengths(c.hits, at, n)
	around := strengths(c.hits, whole(c.text.tokens), n)
	frame := strengths(c.frame, whole(c.text.frame), n)
	title := strengths(c.title, whole(c.text.title), n)
	for i := range out {
		out[i] = max(out[i], inPassage*around[i], inFrame*frame[i], inTitle*title[i])
	}
	return out
}

// bestStretch returns the sentence that covers most of the question, grown by what it needs: the sentence before when it leans on
// it, and neighbours while it stays short. A point is quoted whole when it is short enough.
func bestStretch(c *candidate, q weighed, w wants) stretch {
	sentences := c.text.sentences
	if len(sentences) == 0 {
		return stretch{end: len(c.text.text), to: len(c.text.tokens)}
	}
	best, most := 0, -1.0
	for i, s := range sentences {
		sum := cover(c.hits, s, q)
		if sum > 0 && w.fits(c.text.text[s.start:s.end]) {
			sum += rightType
		}
		if sum > most {
			best, most = i, sum
		}
	}
	return grow(c, q, best)
}

// grow takes in neighbours of a sentence.
func grow(c *candidate, q weighed, best int) stretch {
	sentences := c.text.sentences
	from, to := best, best+1
	if from > 0 && leans(c.text.text[sentences[from].start:]) {
		from--
	}
	for from > 0 || to < len(sentences) {
		before, after := from > 0, to < len(sentences)
		if before && after {
			before = cover(c.hits, sentences[from-1], q) > cover(c.hits, sentences[to], q)
		}
		f, t := from, to
		if before {
			f--
		} else {
			t++
		}
		if words(c.text.text[sentences[f].start:sentences[t-1].end]) > excerptWords {
			break
		}
		from, to = f, t
	}
	return span(sentences[from:to])
}

func span(sentences []stretch) stretch {
	first, last := sentences[0], sentences[len(sentences)-1]
	return stretch{first.start, last.end, first.from, last.to}
}

func words(s string) int { return len(strings.Fields(s)) }

var leaning = regexp.MustCompile(`^(?:It|Its|They|Their|Them|This|These|Those|That|Such|He|She|His|Her|Both|However|Therefore|Moreover|Furthermore|In addition|In particular|Also|Thus|Hence|Here|There)\b`)

// leans reports whether a sentence needs the one before to be understood.
func leans(sentence string) bool { return leaning.MatchString(sentence) }

// marks returns what to set in bold in an excerpt: the words that matched, neighbours joined.
func marks(c *candidate, q weighed, at stretch) []content.Mark {
	var found []content.Mark
	for _, h := range c.hits {
		if h.from < at.from || h.to > at.to || q.terms[h.term].weight <= furnitureWeight {
			continue
		}
		for _, t := range c.text.tokens[h.from:h.to] {
			if q.terms[h.term].has(t.term) {
				found = append(found, content.Mark{Start: t.start - at.start, End: t.end - at.start})
			}
		}
	}
	slices.SortFunc(found, func(a, b content.Mark) int { return a.Start - b.Start })
	return joined(found, c.text.text[at.start:at.end])
}

func (t term) has(stem string) bool {
	return slices.ContainsFunc(t.forms, func(f form) bool { return has(f.words, stem) })
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
