package index

import (
	_ "embed"
	"math"
	"strings"
	"sync"
)

// english holds the 12,000 most frequent words of English books, most frequent first: an order computed from the Google
// Books Ngrams (books.google.com/ngrams), whose figures may be used freely.
//
//go:embed english.txt
var english12k string

// ranks gives the place of each frequent word, from 1, in the form of [token.word].
var ranks = sync.OnceValue(func() map[string]int {
	m := make(map[string]int, 12000)
	for i, w := range strings.Fields(english12k) {
		if w = spelling(w); m[w] == 0 {
			m[w] = i + 1
		}
	}
	return m
})

// Words up to the rank of commonest say nothing of what a question is about; from that of rarest on they say all they can.
const (
	commonest = 100
	rarest    = 12000
)

// telling says from 0.1 to 1 how much an English word tells of the subject, by how common it is in English at large: a small
// report can't show that "big" is a common word and "audience" is not. By Zipf's law the logarithm of the rank
// stands for that of the frequency.
func telling(word string) float64 {
	rank, ok := ranks()[word]
	if !ok {
		return 1
	}
	part := (math.Log(float64(rank)) - math.Log(commonest)) / (math.Log(rarest) - math.Log(commonest))
	return max(0.1, part)
}
