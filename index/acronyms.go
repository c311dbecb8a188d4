package index

import (
	"regexp"
	"strings"
	"unicode"

	"rapporteur/content"
)

// bracketed is an acronym as reports introduce it once, behind the name: "the World Health Organization (WHO)".
var bracketed = regexp.MustCompile(`\((\p{Lu}[\p{Lu}\pN]{1,9})s?\)`)

// longestName is how many words before an acronym may be its name.
const longestName = 14

// acronyms learns from the corpus which names have which acronyms. Names that the glossary has already are left to it.
func acronyms(c *content.Corpus) []content.Term {
	known := map[string]bool{}
	for _, t := range c.Glossary.Terms {
		for _, wording := range append([]string{t.Name}, t.Aliases...) {
			known[strings.ToLower(wording)] = true
		}
	}
	var learnt []content.Term
	for p := range c.Passages() {
		for _, at := range bracketed.FindAllStringSubmatchIndex(p.Text, -1) {
			acronym := p.Text[at[2]:at[3]]
			name := spelledOut(p.Text[:at[0]], acronym)
			if name == "" || known[strings.ToLower(name)] || known[strings.ToLower(acronym)] {
				continue
			}
			known[strings.ToLower(acronym)] = true
			learnt = append(learnt, content.Term{Name: name, Aliases: []string{acronym}})
		}
	}
	return learnt
}

// spelledOut returns those last words of a text whose initials are the acronym, small words such as "of" left out or not; ""
// for none.
func spelledOut(text, acronym string) string {
	words := strings.Fields(text)
	words = words[max(0, len(words)-longestName):]
	want := []rune(strings.ToLower(acronym))
	for from := len(words) - 1; from >= 0; from-- {
		if initial(words[from]) == want[0] && initialsAre(words[from:], want) {
			return strings.Join(words[from:], " ")
		}
	}
	return ""
}

// initialsAre reports whether the words have these initials in order; words in small letters may have none.
func initialsAre(words []string, want []rune) bool {
	for _, w := range words {
		for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == ',' }) {
			switch {
			case len(want) > 0 && initial(part) == want[0]:
				want = want[1:]
			case unicode.IsUpper([]rune(part)[0]):
				return false
			}
		}
	}
	return len(want) == 0
}

func initial(word string) rune { return unicode.ToLower([]rune(word)[0]) }
