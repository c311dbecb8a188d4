package index

import (
	"regexp"
	"strings"

	"rapporteur/content"
)

var (
	nextPoint   = regexp.MustCompile(`(?i)\b(?:next|following)\b`)
	priorPoint  = regexp.MustCompile(`(?i)\b(?:previous|prior|one before|preceding)\b`)
	placeOf     = regexp.MustCompile(`(?i)\b(first|second|third|fourth|fifth|sixth|seventh|last|final|1st|2nd|3rd|4th|5th)\b`)
	loneLabel   = regexp.MustCompile(`(?i)^(?:(?:and|or|what about|how about|now|then|ok|okay)[\s,]+)*(?:the\s+)?(?:letter\s+|number\s+|no\.?\s+)?(\(?[a-z0-9]{1,2}\)?|\d{1,3}(?:\.\d{1,3})*)(?:\s+(?:one|please|then|too|now))*[\s?.!]*$`)
	backPointer = regexp.MustCompile(`(?i)^(?:and|or|but|also|so|what about|how about|what else|who else|where else|et|y|ve|und|why|when|where|who|how)\b|\b(?:it|its|that|this|they|them|their|those|these|there|then|he|she|one|ones|else|same)\b`)
	placeNumber = map[string]int{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
		"fifth": 5, "5th": 5, "sixth": 6, "seventh": 7, "last": -1, "final": -1}
)

// followed returns the points that a follow-up names by what was asked before: "and c?", "the next one", "the second one in full".
func (x *Index) followed(q content.Question) []*content.Passage {
	if q.After == "" {
		return nil
	}
	list, at := x.before(q.After)
	if len(list) == 0 || len(x.chosenBy(q.Text)) > 0 {
		return nil
	}
	if m := loneLabel.FindStringSubmatch(q.Text); m != nil {
		return x.sameList(list, m[1])
	}
	n := len(list)
	switch m := placeOf.FindString(q.Text); {
	case nextPoint.MatchString(q.Text):
		return nth(list, at+1, at >= 0)
	case priorPoint.MatchString(q.Text):
		return nth(list, at-1, at >= 0)
	case m != "":
		place := placeNumber[strings.ToLower(m)]
		if place < 0 {
			place = n
		}
		return nth(list, place-1, true)
	}
	return nil
}

// before returns the list of points that the question before was about, and which of them it named, -1 for none.
func (x *Index) before(after string) ([]*content.Passage, int) {
	words := strings.TrimSpace(after)
	if command, rest, ok := strings.Cut(words, " "); ok && strings.HasPrefix(command, "/") {
		words = strings.TrimSpace(rest)
	}
	r, ok := content.ParseReference(words)
	if !ok {
		r, _, ok = content.FindReference(words)
	}
	if !ok {
		return x.listed(words), -1
	}
	named := x.corpus.Lookup(r)
	if len(named) == 0 {
		return nil, -1
	}
	list := x.kind(named[0].Kind)
	for i, p := range list {
		if p == named[0] {
			return list, i
		}
	}
	return nil, -1
}

// chosenBy returns the words of a follow-up that choose by their content, not by place.
func (x *Index) chosenBy(text string) []token {
	s := x.shelves[0]
	var words []token
	for _, t := range s.tokens(text) {
		if !furniture[t.word] && !placing[t.word] && len(t.word) > 2 && x.knows(s, t) {
			words = append(words, t)
		}
	}
	return words
}

// placing is words that choose from a list by place.
var placing = set(`next following previous prior preceding first second third fourth fifth sixth seventh last final one ones before after again another`)

func (x *Index) sameList(list []*content.Passage, label string) []*content.Passage {
	r, ok := content.ParseReference(label)
	if !ok {
		return nil
	}
	r.Kind = list[0].Kind
	return x.corpus.Lookup(r)
}

func nth(list []*content.Passage, i int, ok bool) []*content.Passage {
	if !ok || i < 0 || i >= len(list) {
		return nil
	}
	return list[i : i+1]
}

// leansBack reports whether a question needs the one before: it begins like a follow-up, points back with a pronoun, or has
// hardly a word of its own.
func leansBack(text string, own []term) bool {
	return backPointer.MatchString(text) && len(contentful(own)) <= 4 || len(contentful(own)) <= 1
}
