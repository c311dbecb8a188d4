package index

import "regexp"

// A question may hold what the person takes for so ("UNHCR co-hosted this, right?"). What the reports don't know of it is then
// to be checked, not asked for: the passage that says what is so answers. The same goes for strange names and numbers in what
// yes or no would answer.
var (
	checking = regexp.MustCompile(`(?i)\b(?:right|true|correct|really|is ?n['’]?t it|was ?n['’]?t it|did ?n['’]?t (?:it|they|he|she))\s*\?*\s*$|^(?:so\b|i(?: have|['’]ve)? (?:heard|read|was told|thought|think|believe|guess|understand)|is it (?:true|correct|right|so)|am i right|apparently|they say)\b|\b(?:n['’]est-ce pas|c['’]est vrai|verdad|¿?cierto|no es así|değil mi|doğru mu|أليس كذلك|صحيح)\b`)
	yesOrNo  = regexp.MustCompile(`(?i)^(?:(?:so|and|but|hey|hi|ok|okay)[,\s]+)*(?:is|are|was|were|did|does|do|has|have|had|est-ce que?|¿?fue|¿?es|هل)\b`)
)

// What strange words count in a question that checks something, and strange names in one that yes or no would answer.
const (
	checkedWeight = 0.1
	yesNoWeight   = 0.4
)

// premise lowers the weight of what is only to be checked, and returns the types of it.
func (x *Index) premise(s *shelf, text string, terms []term) wants {
	checks := checking.MatchString(text)
	if !checks && !yesOrNo.MatchString(text) {
		return 0
	}
	weight := yesNoWeight
	if checks {
		weight = checkedWeight
	}
	var checked wants
	for i := range terms {
		t := &terms[i]
		number := checks && t.sort() == aNumber // one that stands elsewhere in the reports confirms nothing
		if t.known || !t.name && !checks || !number && x.holds(s, token{term: t.forms[0].words[0]}) {
			continue
		}
		checked |= t.sort()
		t.weight, t.name = min(t.weight, weight), false
	}
	return checked
}

// sort is the type of answer that a name or number is; none for other words.
func (t term) sort() wants {
	switch {
	case !t.name:
		return 0
	case hasNumber.MatchString(t.word):
		return aNumber
	}
	return aName
}
