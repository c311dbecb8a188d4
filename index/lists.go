package index

import (
	"regexp"
	"slices"
	"strconv"

	"rapporteur/content"
)

var (
	listing = regexp.MustCompile(`(?i)\b(?:list\w*|all|every|each|what (?:are|were)|which (?:are|were)|give me|show me|name the|enumerate|quelles? sont|toutes?|tous|cuáles son|todas|todos|nelerdir|tüm|bütün)\b|ما هي|جميع|كل`)
	eachOne = regexp.MustCompile(`(?i)\b(?:every|each)\b`)
)

// inOwnWords puts the glossary's names in place of what a question says in another language, and leaves out that language's stop
// words.
func (x *Index) inOwnWords(text string) string {
	matches := x.glossary.find(text)
	speaks := x.glossary.language(text, matches, x.shelves[0].analyzer)
	if speaks == x.shelves[0].analyzer {
		return text
	}
	out := listing.FindString(text)
	for _, word := range speaks.tokens(text) {
		at := slices.IndexFunc(matches, func(m match) bool { return word.start < m.end && m.start < word.end })
		switch {
		case at < 0:
			out += " " + text[word.start:word.end]
		case word.start == matches[at].start:
			out += " " + matches[at].term.Name
		}
	}
	return out
}

// listed returns the points of the kind that a question asks for as a whole: "all conclusions", "what were the three questions?".
// A question that asks for some of them, by words of its own, gets none.
func (x *Index) listed(text string) []*content.Passage {
	s := x.shelves[0]
	text = x.inOwnWords(text)
	tokens := s.tokens(text)
	for i, t := range tokens {
		kind, ok := content.KindNamed(text[t.start:t.end])
		if !ok || text[t.end-1] != 's' && !eachOne.MatchString(text) || asksNumber.MatchString(text) {
			continue
		}
		points := x.kind(kind)
		if len(points) > 1 && x.onlyThese(s, slices.Delete(slices.Clone(tokens), i, i+1), text, points) {
			return points
		}
	}
	return nil
}

// kind returns all points of a kind; where there are no recommendations, the conclusions.
func (x *Index) kind(k content.Kind) []*content.Passage {
	var points []*content.Passage
	for _, p := range x.corpus.Points() {
		if p.Kind == k {
			points = append(points, p)
		}
	}
	if len(points) == 0 && k == content.Recommendation {
		return x.kind(content.Conclusion)
	}
	return points
}

// onlyThese reports whether the other words of a question add nothing that would choose among the points: they frame the
// list, count it, or say how it is asked. One strange word is let pass in a question that plainly asks for a list.
func (x *Index) onlyThese(s *shelf, others []token, text string, points []*content.Passage) bool {
	framing := map[string]bool{strconv.Itoa(len(points)): true}
	for _, p := range points {
		for _, t := range s.tokens(p.LeadIn + "\n" + join2(p.Section)) {
			framing[t.term] = true
		}
	}
	chosen := 0
	for _, t := range others {
		switch {
		case framing[t.term] || framing[t.word] || furniture[t.word] || comesBy[t.word]:
		case x.holds(s, t):
			return false
		default:
			chosen++
		}
	}
	return chosen == 0 || chosen == 1 && listing.MatchString(text)
}

// comesBy is words that say how a list came about, and choose nothing from it.
var comesBy = set(`reached drawn adopted agreed made arrived emerged came formulated listed asked posed main principal key principales`)

func join2(section []string) string {
	out := ""
	for _, s := range section {
		out += s + "\n"
	}
	return out
}

var (
	asksOverview = regexp.MustCompile(`(?i)\btl;?\s?dr\b|\b(?:gist|summary|summari[sz]e|sum up|overview|in short|in brief|in a nutshell|bottom line|takeaways?|main (?:points?|messages?|ideas?|findings)|key (?:points?|messages?|findings))\b|\bwhat came out\b|\bwhat(?:'s| is| was) (?:it|this|this report|the report|the document|this document) (?:all )?about\b|\bde quoi (?:parle|s'agit)|\bde qué trata\b`)
	sumsUp       = regexp.MustCompile(`(?i)\b(?:conclusions?|summary|overview|abstract|sum(?:s|med)? up|summari[sz]es?|key (?:messages|findings|points)|main (?:findings|points|messages)|recommendations)\b`)
)

// overview returns the passages that sum the reports up, for a question that asks for nothing narrower: those that say they
// do, else each report's first; at most a few, in reading order.
func (x *Index) overview(text string) []*content.Passage {
	if !asksOverview.MatchString(text) || len(x.chosenBy(asksOverview.ReplaceAllString(text, ""))) > 0 {
		return nil
	}
	var found []*content.Passage
	for _, p := range x.passages {
		if !p.IsPoint() && sumsUp.MatchString(p.Text) && !contentsHeading.MatchString(last(p.Section)) {
			found = append(found, p.Passage)
		}
	}
	for _, d := range x.corpus.Documents {
		for p := range d.Passages() {
			if len(found) == 0 {
				found = append(found, p)
			}
		}
	}
	return found[:min(nearest, len(found))]
}

func last(section []string) string {
	if len(section) == 0 {
		return ""
	}
	return section[len(section)-1]
}
