package index

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"rapporteur/content"
)

// origin says how a form came to count for a term.
type origin int

// The origins, from nearest to what was typed to farthest.
const (
	typed   origin = iota
	alias          // the glossary says it means the same
	foreign        // the glossary says it means the same in another language
	near           // the glossary says that whoever says the one may mean the other
	partial        // another word of the same family: smuggler, smuggling
)

// weights says how much a form counts beside the words typed. Near words count about half, as synonyms that are not
// exact should (RETRIEVAL: full weight costs); the others were set on the development questions.
var weights = [...]float64{typed: 1, alias: 1, foreign: 0.95, near: 0.6, partial: 0.6}

// glossary finds the glossary's terms in questions.
type glossary struct {
	analyzers []*analyzer // of the languages in which it has words, the shelves' first
	entries   []entry
	byFirst   map[first][]int // numbers of the entries that begin with a stem
	words     map[string]bool // all its words in their unstemmed form
	stems     map[string]bool // and stemmed
	own       map[string]bool // those of the first shelf's language, in their unstemmed form
}

// entry is one way to say one term.
type entry struct {
	term   *content.Term
	in     *analyzer
	words  []string // stems in order
	origin origin   // how it leads to the term's name; typed for the name itself
	never  bool     // it is something else, and must not be taken apart: "drug smuggling"
	as     string   // only in this very spelling, for an acronym that is a common word in small letters: "GoT"; "" for any
}

// first is how an entry begins.
type first struct {
	in   *analyzer
	stem string
}

// match is an entry found in a question.
type match struct {
	*entry
	start, end int // byte offsets in the question, half-open
}

func newGlossary(terms []content.Term, shelves []*shelf) (*glossary, error) {
	out := &glossary{words: map[string]bool{}, stems: map[string]bool{}, own: map[string]bool{}, byFirst: map[first][]int{}}
	for _, s := range shelves {
		out.analyzers = append(out.analyzers, s.analyzer)
	}
	main, err := out.analyzer("en")
	if err != nil {
		return nil, err
	}
	for i := range terms {
		if err := out.add(&terms[i], main); err != nil {
			return nil, err
		}
	}
	// Longer wordings are tried first, so that "global compact for migration" is not met as "migration"; of equals the
	// nearer to the name.
	slices.SortStableFunc(out.entries, func(a, b entry) int {
		if len(a.words) != len(b.words) {
			return len(b.words) - len(a.words)
		}
		if a.never != b.never { // what one term is never may be the name of another
			return map[bool]int{true: 1, false: -1}[a.never]
		}
		return int(a.origin) - int(b.origin)
	})
	for i, e := range out.entries {
		at := first{e.in, e.words[0]}
		out.byFirst[at] = append(out.byFirst[at], i)
	}
	return out, nil
}

// add adds all wordings of a term. Those without a language are in the main one.
func (g *glossary) add(t *content.Term, main *analyzer) error {
	g.say(t, main, typed, t.Name)
	g.say(t, main, alias, t.Aliases...)
	g.say(t, main, alias, t.Misspelt...)
	g.say(t, main, near, t.Near...)
	for _, language := range slices.Sorted(maps.Keys(t.Foreign)) { // in an order that is the same each time
		wordings := t.Foreign[language]
		a, err := g.analyzer(language)
		if err != nil {
			return err
		}
		g.say(t, a, foreign, wordings...)
	}
	for _, wording := range t.Never {
		if tokens := main.tokens(wording); len(tokens) > 0 {
			g.entries = append(g.entries, entry{term: t, in: main, words: stems(tokens), never: true})
		}
	}
	return nil
}

func (g *glossary) say(t *content.Term, a *analyzer, o origin, wordings ...string) {
	for _, wording := range wordings {
		tokens := a.tokens(wording)
		if len(tokens) == 0 {
			continue
		}
		g.entries = append(g.entries, entry{term: t, in: a, words: stems(tokens), origin: o, as: caseOf(wording)})
		for _, token := range tokens {
			g.words[token.word] = true
			g.stems[token.term] = true
			if a == g.analyzers[0] {
				g.own[token.word] = true
			}
		}
	}
}

// caseOf returns an acronym that in small letters is a common English word, or "".
func caseOf(wording string) string {
	if lower := strings.ToLower(wording); strings.ToLower(wording[1:]) != wording[1:] && ranks()[lower] > 0 {
		return wording
	}
	return ""
}

// analyzer returns the analyzer of a language, made when it is the first of that language.
func (g *glossary) analyzer(language string) (*analyzer, error) {
	base := baseOf(language)
	for _, a := range g.analyzers {
		if a.language == base {
			return a, nil
		}
	}
	a, err := newAnalyzer(base)
	if err != nil {
		return nil, err
	}
	g.analyzers = append(g.analyzers, a)
	return a, nil
}

// find returns the terms that a text names, in any of the glossary's languages, in the order of the text and not
// overlapping; longer wordings win over shorter.
func (g *glossary) find(text string) []match {
	cut := map[*analyzer][]token{}
	var may []int
	for _, a := range g.analyzers {
		cut[a] = a.tokens(text)
		for _, t := range cut[a] {
			may = append(may, g.byFirst[first{a, t.term}]...)
		}
	}
	slices.Sort(may)
	var found []match
	for _, i := range slices.Compact(may) {
		e := &g.entries[i]
		tokens := cut[e.in]
		for _, at := range occurrences(tokens, e.words) {
			m := match{e, tokens[at].start, tokens[at+len(e.words)-1].end}
			if e.as != "" && e.as != text[m.start:m.end] {
				continue
			}
			if !slices.ContainsFunc(found, func(o match) bool { return overlaps(m, o) }) {
				found = append(found, m)
			}
		}
	}
	slices.SortFunc(found, func(a, b match) int { return a.start - b.start })
	return found
}

func overlaps(a, b match) bool { return a.start < b.end && b.start < a.end }

// occurrences returns where a run of stems stands among tokens, by the place of its first.
func occurrences(tokens []token, words []string) []int {
	var at []int
	for i := 0; i+len(words) <= len(tokens); i++ {
		if runAt(tokens[i:], words) {
			at = append(at, i)
		}
	}
	return at
}

func runAt(tokens []token, words []string) bool {
	for i, w := range words {
		if tokens[i].term != w {
			return false
		}
	}
	return true
}

func stems(tokens []token) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.term
	}
	return out
}

// language guesses the language of a question: the one with the most stop words in it, and of whose words in the glossary there
// are some that are no words of the shelf's own language; of equals the shelf's own.
func (g *glossary) language(text string, matches []match, own *analyzer) *analyzer {
	words := strings.FieldsFunc(fold(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) })
	best, most := own, count(words, own.stop)
	for _, a := range g.analyzers {
		if n := count(words, a.stop) + len(g.strange(text, matches, a, own)); a != own && n > most {
			best, most = a, n
		}
	}
	return best
}

// strange returns the matches of a language that hold a word which the shelf's own language does not have, as far as is known.
func (g *glossary) strange(text string, matches []match, of, own *analyzer) []string {
	var out []string
	for _, m := range matches {
		if m.origin == foreign && m.in == of && !slices.ContainsFunc(of.tokens(text[m.start:m.end]), func(t token) bool { return g.native(t.word, own) }) {
			out = append(out, text[m.start:m.end])
		}
	}
	return out
}

// native reports whether a word is one of the shelf's own language.
func (g *glossary) native(word string, own *analyzer) bool {
	return g.own[word] || own.language == "en" && ranks()[spelling(word)] > 0
}

func count(words []string, in map[string]bool) int {
	n := 0
	for _, w := range words {
		if in[w] {
			n++
		}
	}
	return n
}
