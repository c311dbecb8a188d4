package index

import (
	"regexp"

	"rapporteur/content"
)

// verdict says how far the reports answer: by how sure it is, and never by passages that are only on the subject.
func (x *Index) verdict(r reading) content.Verdict {
	switch {
	case len(r.found) == 0 || r.confidence < x.calibration.Related:
		return content.None
	case r.confidence < x.calibration.Answered || r.silent():
		return content.Related
	}
	return content.Answered
}

// rivals is how many passages may bear the answer, and rivalCoverage the share of the best coverage that they need for it.
const (
	rivals        = 3
	rivalCoverage = 0.8
)

func (r reading) rivals() []finding { return r.found[:min(rivals, len(r.found))] }

// silent reports whether all passages that cover the question best are on the subject and don't answer.
func (r reading) silent() bool {
	rivals := r.rivals()
	most := 0.0
	for _, f := range rivals {
		most = max(most, f.coverage)
	}
	for _, f := range rivals {
		if f.coverage >= rivalCoverage*most && !f.silent {
			return false
		}
	}
	return true
}

var (
	contentsHeading = regexp.MustCompile(`(?i)^(?:table of )?contents$|^(?:outline|chapters|sommaire|table des matières|índice|contenido|inhalt(?:sverzeichnis)?|içindekiler|المحتويات)$`)
	asksContents    = regexp.MustCompile(`(?i)\b(?:chapters|contents|toc|sections|annexes|structure|outline|headings|sommaire|chapitres|capítulos|bölümler)\b|\bhow many\b|\b(?:is|are) there\b|^(?:\W*(?:and|so|but|also)\W+)*(?:is|are|does|do|did|has|have|had)\b|\bpart of\b|فصول`)
	notGiven        = regexp.MustCompile(`(?i)\b(?:(?:is|are|was|were|left|leaves?|leaving)\b[^.;]{0,40}\b(?:empty|blank|unknown|unspecified)|not (?:given|stated|specified|provided|known|available)|no (?:information|data|figures?) (?:is|are|was|were|on|about))\b`)
)

// silent reports whether a passage does not answer though it is on the subject: the glossary says that the reports never use a
// word that is asked for; a contents list does not say what its chapters say; or the passage says of something that it is not
// given.
func silent(c *candidate, found []float64, q weighed, p *content.Passage) bool {
	for i, t := range q.terms {
		if t.absent && found[i] < absentFrom {
			return true
		}
	}
	if n := len(p.Section); n > 0 && contentsHeading.MatchString(p.Section[n-1]) && !asksContents.MatchString(q.text) {
		return true
	}
	return len(c.text.sentences) > 0 && lacks(c, q)
}

// absentFrom is how much a word of the passage must look like one that the reports never use to stand for it: smuggled migrants for
// smugglers, nothing for corruption.
const absentFrom = 0.5

// lacks reports whether the sentence that matched best says that something is missing, and the question does not.
func lacks(c *candidate, q weighed) bool {
	best, _ := c.bestSentence(q)
	return c.text.holds(c.text.sentences[best], aLack) != 0 && !notGiven.MatchString(q.text)
}
