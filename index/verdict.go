package index

import (
	"regexp"

	"rapporteur/content"
)

// The thresholds of the verdict, in shares of the question's weight that the evidence covers. Set on the development
// questions and the encyclopaedia questions; TestFigures prints what they give.
const (
	answeredFrom = 0.55
	relatedFrom  = 0.30

	// What confidence loses when a name or number of the question stands nowhere in the passage, and when the passage holds
	// nothing of the type asked for.
	missingName = 0.15
	missingType = 0.20
)

// confidence says how well evidence answers a question, from 0 to 1. It compares across questions.
func confidence(e evidence, q weighed, w wants) float64 {
	c := e.coverage
	for i, t := range q.terms {
		if t.name && e.sums[i] == 0 {
			c -= missingName
		}
	}
	if !e.typed {
		c -= missingType
	}
	return max(0, min(1, c))
}

// decide turns evidence into a verdict. What the glossary says the reports don't use can't be answered; nor does a contents
// list answer what its chapters say, or a passage that says of something that it is not given.
func decide(c *candidate, e evidence, q weighed, w wants, p *content.Passage) content.Verdict {
	sure := confidence(e, q, w)
	switch {
	case sure >= answeredFrom && !absent(e, q) && !evades(c, e, p, q):
		return content.Answered
	case sure >= relatedFrom:
		return content.Related
	}
	return content.None
}

var (
	contentsHeading = regexp.MustCompile(`(?i)^(?:table of )?contents$|^(?:outline|chapters|sommaire|table des matières|índice|contenido|inhalt(?:sverzeichnis)?|içindekiler|المحتويات)$`)
	asksContents    = regexp.MustCompile(`(?i)\b(?:chapters?|contents?|toc|sections?|annex(?:es)?|structure|outline|part of|include[ds]?|contain(?:s|ed)?|have|has|how many|appendix|headings?)\b`)
	notGiven        = regexp.MustCompile(`(?i)\b(?:(?:is|are|was|were|left|leaves?|leaving)\b[^.;]{0,40}\b(?:empty|blank|unknown|unspecified)|not (?:given|stated|specified|provided|known|available)|no (?:information|data|figures?) (?:is|are|was|were|on|about))\b`)
)

// evades reports whether a passage only names what is asked for, or says that it is not there.
func evades(c *candidate, e evidence, p *content.Passage, q weighed) bool {
	if n := len(p.Section); n > 0 && contentsHeading.MatchString(p.Section[n-1]) && !asksContents.MatchString(q.text) {
		return true
	}
	return notGiven.MatchString(c.text.text[e.start:e.end]) && !notGiven.MatchString(q.text) && e.lacks(c, q)
}

// lacks reports whether the sentence that says something is missing, or the one before it, is what matched best.
func (e evidence) lacks(c *candidate, q weighed) bool {
	most, lacking := 0.0, false
	for _, s := range c.text.sentences {
		if sum := cover(c.hits, s, q); sum > most {
			most, lacking = sum, notGiven.MatchString(c.text.text[s.start:s.end])
		}
	}
	return lacking
}

func absent(e evidence, q weighed) bool {
	for i, t := range q.terms {
		if t.absent && e.sums[i] == 0 {
			return true
		}
	}
	return false
}
