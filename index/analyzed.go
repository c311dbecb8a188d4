package index

import (
	"slices"
	"sync/atomic"

	"rapporteur/content"
)

// analyzed is a passage's text cut into words and sentences, ready to be weighed.
type analyzed struct {
	text      string
	tokens    []token
	sentences []stretch
	held      []heldTypes // by sentence
	frame     []token     // of headings, lead-in and kind
	title     []token
}

// stretch is part of a text.
type stretch struct {
	start, end  int // bytes, half-open
	from, to    int // tokens, half-open
	first, last int // sentences, half-open; both 0 for a stretch that is not made of sentences
}

// read returns a passage analyzed, from the last ones read if it is among them.
func (x *Index) analyze(n int) *analyzed {
	if a, ok := x.analyzed.Get(n); ok {
		return a
	}
	p := x.passages[n]
	a := analyzePassage(p.shelf.analyzer, p.texts())
	x.analyzed.Add(n, a)
	return a
}

func analyzePassage(by *analyzer, texts [fields]string) *analyzed {
	a := &analyzed{text: texts[textField], tokens: by.tokens(texts[textField])}
	a.frame, a.title = by.tokens(texts[frameField]), by.tokens(texts[titleField])
	at := 0
	for _, s := range content.Sentences(a.text) {
		n := len(a.sentences)
		cut := stretch{start: s.Start, end: s.End, from: at, first: n, last: n + 1}
		for at < len(a.tokens) && a.tokens[at].start < s.End {
			at++
		}
		cut.to = at
		a.sentences = append(a.sentences, cut)
	}
	a.held = make([]heldTypes, len(a.sentences))
	return a
}

// all is the whole text as one stretch.
func (a *analyzed) all() stretch { return stretch{end: len(a.text), to: len(a.tokens)} }

// windows returns each sentence, and each with the next.
func (a *analyzed) windows() []stretch {
	var out []stretch
	for i, s := range a.sentences {
		out = append(out, s)
		if i+1 < len(a.sentences) {
			out = append(out, span(a.sentences[i:i+2]))
		}
	}
	return out
}

// trusts returns how far each term is taken for found in part of a text.
func trusts(hits []hit, within stretch, terms int) []float64 {
	return most(hits, within, terms, func(h hit) float64 { return h.trust })
}

// most returns for each term the most that a hit of it is worth in part of a text; 0 for a term that is not there.
func most(hits []hit, within stretch, terms int, worth func(hit) float64) []float64 {
	found := make([]float64, terms)
	for _, h := range hits {
		if h.from >= within.from && h.to <= within.to {
			found[h.term] = max(found[h.term], worth(h))
		}
	}
	return found
}

// heldTypes remembers which types of answer a sentence was read for, in its low half, and which of them it holds, in its high half:
// reading them all for all passages would take longer than answering.
type heldTypes struct{ atomic.Uint32 }

// holds returns which of some types of answer the sentences of a stretch hold.
func (a *analyzed) holds(s stretch, w wants) wants {
	if w == 0 {
		return 0
	}
	var found wants
	for n := s.first; n < s.last; n++ {
		found |= a.sentenceHolds(n, w)
	}
	return found
}

func (a *analyzed) sentenceHolds(n int, w wants) wants {
	known := a.held[n].Load()
	if unread := w &^ wants(known); unread != 0 {
		s := a.sentences[n]
		known |= uint32(unread) | uint32(held(a.text[s.start:s.end], unread))<<16
		a.held[n].Or(known)
	}
	return wants(known>>16) & w
}

// hit is a term found in a passage.
type hit struct {
	term     int     // which of the question's terms
	from, to int     // tokens, half-open
	strength float64 // 1 for the term as typed
	trust    float64 // how far it is taken for found as evidence
}

// wording is one form of one of a question's terms.
type wording struct {
	*form
	term int
}

// wordings returns the forms of a question's terms by each stem in them.
func wordings(terms []term) map[string][]wording {
	by := map[string][]wording{}
	for i := range terms {
		for j := range terms[i].forms {
			f := &terms[i].forms[j]
			for _, stem := range unique(f.words) {
				by[stem] = append(by[stem], wording{f, i})
			}
		}
	}
	return by
}

// hits finds the terms of a question among tokens, in the order of the tokens. idf weighs the words of wordings of
// which only a part may be there.
func hits(by map[string][]wording, tokens []token, idf func(string) float64) []hit {
	var found []hit
	for at := range tokens {
		for _, w := range by[tokens[at].term] {
			if h, ok := w.hit(tokens, at, idf); ok {
				found = append(found, h)
			}
		}
	}
	return found
}

// nearTrust is how far a near word is taken for found as evidence: it ranks lower than that, and is still an answer.
const nearTrust = 0.9

// trust says how far a wording is taken for what was asked.
func (f form) trust() float64 {
	switch f.origin {
	case near:
		return nearTrust
	case partial:
		return f.alike
	}
	return 1
}

// sameStem is how much a word counts that has the stem asked for but is another word: "organizations" for "organized".
const sameStem = 0.8

// hit reports whether a wording begins at a token that has one of its stems.
func (w wording) hit(tokens []token, at int, idf func(string) float64) (hit, bool) {
	if len(w.words) > 1 {
		return w.run(tokens, at, idf)
	}
	strength := w.weight
	if w.word != "" && w.word != tokens[at].word && !inflected(w.word, tokens[at].word) {
		strength *= sameStem
	}
	return hit{w.term, at, at + 1, strength, w.trust()}, true
}

// inflected reports whether two words of one stem differ by a plural or a tense only.
func inflected(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case len(b)-len(a) <= 2 && b[:len(a)] == a:
		return true // report, reported; state, states
	case len(b)-len(a) == 1 && len(a) > 3 && b[:len(a)-1] == a[:len(a)-1]:
		return true // organize, organized
	}
	return false
}

// run finds a wording of several words: all of them, or enough, close together.
func (w wording) run(tokens []token, at int, idf func(string) float64) (hit, bool) {
	total := 0.0
	for _, stem := range unique(w.words) {
		total += idf(stem)
	}
	to, sum := w.window(tokens, at, idf)
	share := sum / total
	return hit{w.term, at, to, w.weight * share, w.trust() * share}, share >= enoughOfForm
}

// slack is how many other words may stand among the words of a wording.
const slack = 4

// window adds up the weight of the wording's words from a token on, and says behind which token the last of them is.
func (f form) window(tokens []token, at int, idf func(string) float64) (to int, sum float64) {
	var seen []string
	last := tokens[at].pos + len(f.words) + slack
	for i := at; i < len(tokens) && tokens[i].pos <= last; i++ {
		w := tokens[i].term
		if slices.Contains(f.words, w) && !slices.Contains(seen, w) {
			seen = append(seen, w)
			sum += idf(w)
			to = i + 1
		}
	}
	return to, sum
}
