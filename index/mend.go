package index

import (
	"context"
	"unicode/utf8"
)

// mend returns a question with its misspellings put right: words that neither the reports nor the glossary know, and that
// are one slip away from one they know, or two for long words. A question in another language than the reports' is left
// as it is.
func (x *Index) mend(ctx context.Context, text string) (string, error) {
	s := x.shelves[0]
	if len(x.shelves) > 1 || x.glossary.language(text, x.glossary.find(text), s.analyzer) != s.analyzer {
		return text, nil
	}
	mended, at := "", 0
	for _, t := range s.tokens(text) {
		if t.start < at || x.knows(s, t) || furniture[t.word] || isName(text, t) && utf8.RuneCountInString(t.word) < 6 {
			continue
		}
		word, err := x.closest(s, t.word)
		if err != nil {
			return "", err
		}
		if word != "" {
			mended, at = mended+text[at:t.start]+word, t.end
		}
	}
	_ = ctx
	return mended + text[at:], nil
}

// knows reports whether a word stands in the reports or in the glossary, in any form, or is a frequent word of English.
func (x *Index) knows(s *shelf, t token) bool {
	if x.glossary.words[t.word] || x.glossary.stems[t.term] || s.language == "en" && ranks()[t.word] > 0 {
		return true
	}
	return x.holds(s, t)
}

// holds reports whether a word stands in the reports, in any form.
func (x *Index) holds(s *shelf, t token) bool {
	for f := range fields {
		if n, err := x.engine.Load().count(s.language, f, t.term); err == nil && n > 0 {
			return true
		}
	}
	return false
}

// closest returns the known word nearest to one that is not: the fewest slips, then the most passages. "" for none near enough.
func (x *Index) closest(s *shelf, word string) (string, error) {
	allowed := slips(word)
	if allowed == 0 {
		return "", nil
	}
	near, err := x.engine.Load().near(s.language, word, 2)
	if err != nil {
		return "", err
	}
	for w := range x.glossary.own {
		if _, ok := near[w]; !ok && abs(len(w)-len(word)) <= allowed {
			near[w] = 0
		}
	}
	best, fewest, most := "", allowed+1, -1
	for w, passages := range near {
		n := distance([]rune(word), []rune(w))
		if utf8.RuneCountInString(w) < 4 || n > allowed || utf8.RuneCountInString(word) < 5 && w[0] != word[0] {
			continue
		}
		if n < fewest || n == fewest && (passages > most || passages == most && w < best) {
			best, fewest, most = w, n, passages
		}
	}
	return best, nil
}

// slips is how many slips a word of its length may hold: none in short ones, where a slip makes another word.
func slips(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 4:
		return 0
	case n < 9:
		return 1
	}
	return 2
}

// distance counts the letters to insert, leave out, change or swap with the next to get from one word to the other
// (Damerau 1964, in the form that changes no letter twice).
func distance(a, b []rune) int {
	prior, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], prior[j-1]+1)
			}
		}
		prior, last = last, row
	}
	return last[len(b)]
}

func abs(n int) int { return max(n, -n) }
