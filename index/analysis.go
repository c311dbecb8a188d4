package index

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/registry"
)

// token is one word of a text as it is looked up.
type token struct {
	term       string // the stem, which is what the index holds
	word       string // the word before stemming: lower case, one spelling, no accents
	start, end int    // byte offsets in the text, half-open
	pos        int    // place among the words of the text, stop words counted, from 1
}

// analyzer cuts text of one language into tokens. It is safe for concurrent use.
type analyzer struct {
	language string
	bleve    analysis.Analyzer
	stop     map[string]bool // folded words that carry no content
}

// newAnalyzer returns the analyzer for a BCP 47 language: our own chain for English, bleve's for the other languages
// that it has one for, and for the rest one that stems nothing.
func newAnalyzer(language string) (*analyzer, error) {
	base := baseOf(language)
	cache := registry.NewCache()
	if base == "en" {
		return english(cache)
	}
	chain, err := cache.AnalyzerNamed(analyzerName(base))
	if err != nil {
		return nil, fmt.Errorf("analyzer for language %q: %w", language, err)
	}
	return &analyzer{language: base, bleve: folding{chain}, stop: stopWords(cache, base)}, nil
}

// english is bleve's English chain with one spelling for what British, American and house styles write differently, and
// hyphenated words kept both whole and in parts.
func english(cache *registry.Cache) (*analyzer, error) {
	var filters []analysis.TokenFilter
	for _, name := range []string{en.PossessiveName, lowercase.Name, "", en.StopName, porter.Name} {
		if name == "" {
			filters = append(filters, oneSpelling{})
			continue
		}
		filter, err := cache.TokenFilterNamed(name)
		if err != nil {
			return nil, fmt.Errorf("english analyzer: %w", err)
		}
		filters = append(filters, filter)
	}
	words, err := cache.TokenizerNamed(unicode.Name)
	if err != nil {
		return nil, fmt.Errorf("english analyzer: %w", err)
	}
	chain := &analysis.DefaultAnalyzer{Tokenizer: hyphens{words}, TokenFilters: filters}
	return &analyzer{language: "en", bleve: chain, stop: stopWords(cache, "en")}, nil
}

// tokens returns the words of a text in order. Stop words are left out; a hyphenated English word comes whole, at the
// place of its first part, and then in parts.
func (a *analyzer) tokens(text string) []token {
	stream := a.bleve.Analyze([]byte(text))
	tokens := make([]token, 0, len(stream))
	for _, t := range stream {
		tokens = append(tokens, token{
			term: string(t.Term), word: a.word(text[t.Start:t.End]), start: t.Start, end: t.End, pos: t.Position,
		})
	}
	return tokens
}

// word brings one word to the form of [token.word].
func (a *analyzer) word(s string) string {
	s = dashes.Replace(fold(strings.ToLower(s)))
	if a.language != "en" {
		return s
	}
	return spelling(strings.TrimSuffix(strings.TrimSuffix(s, "'s"), "’s"))
}

var dashes = strings.NewReplacer("-", "", "‐", "", "‑", "")

// hyphens adds to a tokenizer's words those that hyphens join: "co-hosted" gives cohosted, co, hosted.
type hyphens struct{ analysis.Tokenizer }

// Tokenize implements [analysis.Tokenizer].
func (h hyphens) Tokenize(text []byte) analysis.TokenStream {
	words := h.Tokenizer.Tokenize(text)
	out := make(analysis.TokenStream, 0, len(words))
	for i := 0; i < len(words); i++ {
		if i == 0 || !hyphenated(text, words[i-1], words[i]) {
			if joined := join(text, words[i:]); joined != nil {
				out = append(out, joined)
			}
		}
		out = append(out, words[i])
	}
	return out
}

// join returns the word that the first words make together, or nil when no hyphen joins them.
func join(text []byte, words analysis.TokenStream) *analysis.Token {
	n := 1
	for n < len(words) && hyphenated(text, words[n-1], words[n]) {
		n++
	}
	if n == 1 || n > 4 {
		return nil
	}
	joined := *words[0]
	joined.Term = nil
	for _, w := range words[:n] {
		joined.Term = append(joined.Term, w.Term...)
	}
	joined.End = words[n-1].End
	return &joined
}

func hyphenated(text []byte, a, b *analysis.Token) bool {
	if b.Start <= a.End || b.Start-a.End > utf8.UTFMax {
		return false
	}
	switch string(text[a.End:b.Start]) {
	case "-", "‐", "‑": // hyphen-minus, hyphen, non-breaking hyphen
		return true
	}
	return false
}

// oneSpelling is the filter that folds accents and brings words to one spelling.
type oneSpelling struct{}

// Filter implements [analysis.TokenFilter].
func (oneSpelling) Filter(in analysis.TokenStream) analysis.TokenStream {
	for _, t := range in {
		t.Term = []byte(spelling(fold(string(t.Term))))
	}
	return in
}

// folding folds accents after another analyzer has stemmed, so that people may leave them out.
type folding struct{ analysis.Analyzer }

// Analyze implements [analysis.Analyzer].
func (f folding) Analyze(text []byte) analysis.TokenStream {
	stream := f.Analyzer.Analyze(text)
	for _, t := range stream {
		t.Term = []byte(fold(string(t.Term)))
	}
	return stream
}

// stopWords returns the folded stop words of a language; none where bleve has no list.
func stopWords(cache *registry.Cache, base string) map[string]bool {
	stop := map[string]bool{}
	words, err := cache.TokenMapNamed("stop_" + base)
	if err != nil {
		return stop
	}
	for w := range words {
		stop[fold(w)] = true
	}
	return stop
}

// unstemmed analyzes to words instead of stems.
type unstemmed struct{ *analyzer }

// Analyze implements [analysis.Analyzer].
func (u unstemmed) Analyze(text []byte) analysis.TokenStream {
	stream := u.bleve.Analyze(text)
	for _, t := range stream {
		t.Term = []byte(u.word(string(text[t.Start:t.End])))
	}
	return stream
}
