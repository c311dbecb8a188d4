package index

import "rapporteur/content"

// analyzed is a passage's text cut into words and sentences, ready to be weighed.
type analyzed struct {
	text      string
	tokens    []token
	sentences []stretch
	frame     []token // of headings, lead-in and kind
	title     []token
}

// stretch is part of a text.
type stretch struct {
	start, end int // bytes, half-open
	from, to   int // tokens, half-open
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
		cut := stretch{start: s.Start, end: s.End, from: at}
		for at < len(a.tokens) && a.tokens[at].start < s.End {
			at++
		}
		cut.to = at
		a.sentences = append(a.sentences, cut)
	}
	return a
}

// hit is a term found in a passage.
type hit struct {
	term     int     // which of the question's terms
	from, to int     // tokens, half-open
	strength float64 // 1 for the term as typed
}

// hits finds the terms of a question among tokens, in the order of the tokens. idf weighs the words of wordings of
// which only a part may be there.
func hits(terms []term, tokens []token, idf func(string) float64) []hit {
	places := map[string][]int{}
	for i, t := range tokens {
		places[t.term] = append(places[t.term], i)
	}
	var found []hit
	for i, t := range terms {
		for _, f := range t.forms {
			found = append(found, f.hits(i, tokens, places, idf)...)
		}
	}
	return found
}

// sameStem is how much a word counts that has the stem asked for but is another word: "organizations" for "organized".
const sameStem = 0.8

func (f form) hits(term int, tokens []token, places map[string][]int, idf func(string) float64) []hit {
	if len(f.words) > 1 {
		return f.runs(term, tokens, places, idf)
	}
	var found []hit
	for _, at := range places[f.words[0]] {
		strength := f.weight
		if f.word != "" && f.word != tokens[at].word && !inflected(f.word, tokens[at].word) {
			strength *= sameStem
		}
		found = append(found, hit{term, at, at + 1, strength})
	}
	return found
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

// runs finds a wording of several words: all of them, or enough, close together.
func (f form) runs(term int, tokens []token, places map[string][]int, idf func(string) float64) []hit {
	total := 0.0
	for _, w := range unique(f.words) {
		total += idf(w)
	}
	var found []hit
	for _, w := range f.words {
		for _, at := range places[w] {
			to, sum := f.window(tokens, at, idf)
			if sum/total >= enoughOfForm {
				found = append(found, hit{term, at, to, f.weight * sum / total})
			}
		}
	}
	return found
}

// slack is how many other words may stand among the words of a wording.
const slack = 4

// window adds up the weight of the wording's words from a token on, and says behind which token the last of them is.
func (f form) window(tokens []token, at int, idf func(string) float64) (to int, sum float64) {
	seen := map[string]bool{}
	last := tokens[at].pos + len(f.words) + slack
	for i := at; i < len(tokens) && tokens[i].pos <= last; i++ {
		w := tokens[i].term
		if !seen[w] && has(f.words, w) {
			seen[w] = true
			sum += idf(w)
			to = i + 1
		}
	}
	return to, sum
}

func has(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}
