package index

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// vocabulary is the words of the passages of one language, in the form of [token.word], by their trigrams.
type vocabulary struct {
	words  []string
	grams  []int            // how many trigrams each word has
	byGram map[string][]int // numbers of the words that have one
}

// Words look alike from a Dice coefficient of their trigrams of alikeFrom on (Adamson and Boreham, 1974), and count a part of
// it for ranking: both as measured on the encyclopaedia questions. Words of fewer letters than shortest look like too much.
const (
	alikeFrom   = 0.45
	alikeWeight = 0.3
	shortest    = 4
)

// learn reads the vocabulary of a language.
func (e *engine) learn(language string) (vocabulary, error) {
	v := vocabulary{byGram: map[string][]int{}}
	words, err := e.reader.FieldDict(wordsName(language))
	if err != nil {
		return v, fmt.Errorf("read vocabulary: %w", err)
	}
	defer words.Close()
	for {
		entry, err := words.Next()
		if err != nil || entry == nil {
			return v, err
		}
		v.add(entry.Term)
	}
}

func (v *vocabulary) add(word string) {
	if utf8.RuneCountInString(word) < shortest {
		return
	}
	grams := trigrams(word)
	for _, g := range grams {
		v.byGram[g] = append(v.byGram[g], len(v.words))
	}
	v.words, v.grams = append(v.words, word), append(v.grams, len(grams))
}

// trigrams returns the runs of three letters of a word and its edges, each once.
func trigrams(word string) []string {
	letters := []rune("^" + word + "$")
	var grams []string
	for i := 0; i+3 <= len(letters); i++ {
		grams = append(grams, string(letters[i:i+3]))
	}
	return unique(grams)
}

// alike is a word that looks like another, and how much.
type alike struct {
	word string
	dice float64 // alikeFrom to 1
}

// alike returns the words that look like one, in the order of the vocabulary.
func (v *vocabulary) alike(word string) []alike {
	grams := trigrams(word)
	shared := make([]int, len(v.words))
	for _, g := range grams {
		for _, n := range v.byGram[g] {
			shared[n]++
		}
	}
	var out []alike
	for n, both := range shared {
		if dice := 2 * float64(both) / float64(len(grams)+v.grams[n]); dice >= alikeFrom {
			out = append(out, alike{v.words[n], dice})
		}
	}
	slices.SortFunc(out, func(a, b alike) int { return strings.Compare(a.word, b.word) })
	return out
}

// partly adds to each plain term the words that look like it. In a wordy question they are evidence only.
func (s *shelf) partly(terms []term) {
	weight := alikeWeight
	if len(contentful(terms)) >= wordy {
		weight = 0
	}
	for i := range terms {
		t := &terms[i]
		if t.known && !t.absent || t.weight <= furnitureWeight || len(t.forms) != 1 || len(t.forms[0].words) != 1 || utf8.RuneCountInString(t.word) < shortest {
			continue
		}
		for _, a := range s.stemsLike(t.word) {
			t.forms = append(t.forms, form{words: []string{a.word}, weight: weight * a.dice, origin: partial, alike: a.dice})
		}
	}
}

// stemsLike returns the stems of the words that look like one, but for its own stem, each as much as its likest word.
func (s *shelf) stemsLike(word string) []alike {
	var out []alike
	own := s.stem(word)
	for _, a := range s.vocabulary.alike(word) {
		stem := s.stem(a.word)
		if stem == "" || stem == own {
			continue
		}
		at := slices.IndexFunc(out, func(o alike) bool { return o.word == stem })
		if at < 0 {
			out = append(out, alike{stem, a.dice})
			continue
		}
		out[at].dice = max(out[at].dice, a.dice)
	}
	return out
}

// stem returns the stem of one word; "" for what is none.
func (a *analyzer) stem(word string) string {
	tokens := a.tokens(word)
	if len(tokens) != 1 {
		return ""
	}
	return tokens[0].term
}
