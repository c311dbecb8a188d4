package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// term is one thing that a question asks for, in the words of one shelf.
type term struct {
	forms      []form // what counts as it; the words as typed come first
	weight     float64
	telling    float64 // how much the word tells of the subject in English at large, from 0.1 to 1
	start, end int     // where it was typed, in bytes of the question; both 0 when it comes from the question before
	word       string  // the first word as typed, folded
	absent     bool    // the glossary says that the reports don't use it
	known      bool    // the glossary knows it
	name       bool    // a name or a number, which nothing else can stand for
}

// form is one wording of a term: one word, or several that must stand together.
type form struct {
	words  []string // stems in order
	word   string   // for a single word, the unstemmed word when known: the same word counts a little more than the same stem
	weight float64
	origin origin
	alike  float64 // for a word that only looks like the one typed: how much, up to 1
}

// How much words count that say how something is asked rather than what: "what does the report say on …".
const furnitureWeight = 0.25

// terms cuts a question into what it asks for, in the words of a shelf. Words that the glossary joins make one term;
// so do the parts of a hyphenated word. Of a question in another language its stop words are left out, and what the glossary
// does not know counts little: it may be anything.
func (x *Index) terms(s *shelf, text string) []term {
	matches := x.glossary.find(text)
	var out []term
	for _, m := range matches {
		out = append(out, s.named(m, text))
	}
	speaks := x.glossary.language(text, matches, s.analyzer)
	for _, group := range groups(s.tokens(text)) {
		covered := func(m match) bool { return group[0].start < m.end && m.start < group[0].end }
		if slices.ContainsFunc(matches, covered) || speaks.stop[group[0].word] {
			continue
		}
		t := s.plain(group, text)
		if speaks != s.analyzer && !t.name {
			t.weight *= strangeWeight
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b term) int { return a.start - b.start })
	return slices.DeleteFunc(out, func(t term) bool { return len(t.forms) == 0 })
}

// strangeWeight is what a word counts of a question in another language than the report's.
const strangeWeight = 0.3

// named makes a term of what the glossary found. Of what the glossary says is something else, or never written, only the words themselves count, together.
func (s *shelf) named(m match, text string) term {
	t := term{start: m.start, end: m.end, weight: 1, telling: 1, known: true, absent: m.term.Unwritten && !m.never}
	t.add(s, text[m.start:m.end], typed)
	if len(t.forms) > 0 {
		t.word = t.forms[0].word
	}
	if m.never || t.absent {
		return t
	}
	from := max(m.origin, alias)
	t.add(s, m.term.Name, from)
	for _, wording := range m.term.Aliases {
		t.add(s, wording, from)
	}
	return t
}

// add adds a wording as a form, unless it is there already.
func (t *term) add(s *shelf, wording string, o origin) {
	tokens := s.tokens(wording)
	if len(tokens) == 0 {
		return
	}
	f := form{words: stems(tokens), weight: weights[o], origin: o}
	if len(tokens) == 1 {
		f.word = tokens[0].word
	}
	same := func(g form) bool { return slices.Equal(g.words, f.words) }
	if !slices.ContainsFunc(t.forms, same) {
		t.forms = append(t.forms, f)
	}
}

// plain makes a term of one word, or of a hyphenated word and its parts.
func (s *shelf) plain(group []token, text string) term {
	whole := group[0]
	t := term{start: whole.start, end: whole.end, weight: 1, word: whole.word, name: isName(text, whole), telling: 1}
	switch {
	case furniture[whole.word]:
		t.weight, t.telling = furnitureWeight, furnitureWeight
	case s.language == "en" && !t.name:
		t.telling = telling(whole.word)
	}
	t.forms = []form{{words: []string{whole.term}, word: whole.word, weight: 1}}
	if len(group) > 1 {
		t.forms = append(t.forms, form{words: stems(group[1:]), weight: 1})
	}
	return t
}

// groups puts the parts of a hyphenated word with the whole, which stands before them.
func groups(tokens []token) [][]token {
	var out [][]token
	for _, t := range tokens {
		if n := len(out); n > 0 && t.start < out[n-1][0].end {
			out[n-1] = append(out[n-1], t)
			continue
		}
		out = append(out, []token{t})
	}
	return out
}

// isName reports whether a word is written as a name or a number: with a digit, in capitals, or with one capital and not
// at the question's beginning.
func isName(text string, t token) bool {
	word := text[t.start:t.end]
	if strings.ContainsAny(word, "0123456789") {
		return true
	}
	first, size := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) || text == strings.ToUpper(text) {
		return false
	}
	begins := strings.IndexFunc(text, unicode.IsLetter) >= t.start
	return !begins || word[size:] != strings.ToLower(word[size:])
}

// merge adds to a question's terms those of the question before, at a lower weight, so that a follow-up has what it
// leaves out.
func merge(own, before []term, weight float64) []term {
	merged := slices.Clone(own)
	for _, t := range before {
		if slices.ContainsFunc(own, t.sameAs) {
			continue
		}
		t.weight *= weight
		t.start, t.end, t.name = 0, 0, false
		merged = append(merged, t)
	}
	return merged
}

func (t term) sameAs(o term) bool { return slices.Equal(t.forms[0].words, o.forms[0].words) }

// contentful returns the terms that are not furniture.
func contentful(terms []term) []term {
	return slices.DeleteFunc(slices.Clone(terms), func(t term) bool { return t.weight <= furnitureWeight })
}
