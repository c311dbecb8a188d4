package content

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// clean returns text as passages hold it: NFC, one line, single blanks, nothing at the ends, and none of the signs that
// cannot be seen but can mislead (controls, soft hyphens, zero-width and direction signs). Cleaning twice changes nothing.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(visible, s)
	s = joiners(s)
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// isClean is the quick way out for plain ASCII.
func isClean(s string) bool {
	blank := true // as if a blank stood before the text
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return !blank || s == ""
}

// visible drops a rune that shows nothing by returning -1, and keeps the white space for folding.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return r
	case r == zwj, r == zwnj:
		return r
	case unicode.In(r, unicode.Cc):
		return -1
	case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return -1
	}
	return r
}

const (
	zwnj = '\u200C' // zero-width non-joiner
	zwj  = '\u200D' // zero-width joiner
)

// joiners keeps the zero-width joiner and non-joiner only where they shape what is seen: inside words of the scripts
// that join letters, and the joiner between emoji.
func joiners(s string) string {
	if !strings.ContainsRune(s, zwj) && !strings.ContainsRune(s, zwnj) {
		return s
	}
	runes := []rune(s)
	kept := runes[:0]
	last := rune(' ')
	for i, r := range runes {
		if (r == zwj || r == zwnj) && !(i+1 < len(runes) && joins(r, last, runes[i+1])) {
			continue
		}
		kept = append(kept, r)
		last = r
	}
	return string(kept)
}

// joins reports whether the joiner r does something between the two runes.
func joins(r, before, after rune) bool {
	if r == zwj && unicode.In(before, unicode.So, unicode.Sk, unicode.Mn) && unicode.Is(unicode.So, after) {
		return true
	}
	if !unicode.In(before, unicode.L, unicode.M) || !unicode.In(after, unicode.L, unicode.M) {
		return false
	}
	return !unicode.In(before, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian,
		unicode.Hebrew, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana, unicode.Inherited)
}
