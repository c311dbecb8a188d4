package index

import (
	"regexp"
	"strings"
)

// wants is the type of answer that a question asks for; several may be set.
type wants struct {
	who, when, where, number bool
}

var (
	asksWho    = regexp.MustCompile(`(?i)\b(?:who|whom|whose|which (?:organi[sz]ations?|countr(?:y|ies)|governments?|agenc(?:y|ies)|states?)|by whom|qui|quién|quienes|quiénes|kim|wer)\b|(?:^|\s)من نظم`)
	asksWhen   = regexp.MustCompile(`(?i)\b(?:when|(?:what|which) (?:year|date|day|month)|how long after|quand|cuándo|wann)\b|ne zaman|متى`)
	asksWhere  = regexp.MustCompile(`(?i)\b(?:where|(?:what|which) (?:city|country|place|venue|location)|où|dónde|nerede|wo)\b|أين`)
	asksNumber = regexp.MustCompile(`(?i)\b(?:how (?:many|much|big|large)|number of|figures?|combien|cuánt[oa]s?|kaç|wie ?viele?)\b|كم`)

	asksPlaceInText = regexp.MustCompile(`(?i)\b(?:come up|comes up|mention(?:s|ed)?|in the (?:text|report|document)|discussed|written)\b`)

	hasDate   = regexp.MustCompile(`(?i)\b(?:1[5-9]\d\d|20\d\d)\b|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b|\d{1,2}/\d{1,2}`)
	hasNumber = regexp.MustCompile(`(?i)\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|half|third|quarter|percent)\b`)
	name      = regexp.MustCompile(`\p{Lu}[\pL\pN'’&.-]*(?:\s+(?:(?:of|the|for|and|on|de|la|du|des|al|bin|von)\s+)*\p{Lu}[\pL\pN'’&.-]*)*`)
)

// wanted reads the type of answer off a question.
func wanted(text string) wants {
	if asksPlaceInText.MatchString(text) {
		return wants{}
	}
	return wants{
		who: asksWho.MatchString(text), when: asksWhen.MatchString(text),
		where: asksWhere.MatchString(text), number: asksNumber.MatchString(text),
	}
}

func (w wants) any() bool { return w.who || w.when || w.where || w.number }

// fits reports whether a sentence holds what is wanted. A question that wants nothing in particular is never fitted.
func (w wants) fits(sentence string) bool { return len(w.fitting(sentence)) > 0 }

// fitting returns the parts of a sentence that are of the type wanted, as byte offsets.
func (w wants) fitting(sentence string) [][]int {
	var found [][]int
	if w.when {
		found = append(found, hasDate.FindAllStringIndex(sentence, -1)...)
	}
	if w.number {
		found = append(found, hasNumber.FindAllStringIndex(sentence, -1)...)
	}
	if w.who || w.where {
		found = append(found, names(sentence)...)
	}
	return found
}

// names returns the capitalized names of a sentence, its first word only when more of a name follows or it is an acronym.
func names(sentence string) [][]int {
	var found [][]int
	for _, at := range name.FindAllStringIndex(sentence, -1) {
		words := sentence[at[0]:at[1]]
		if at[0] > 0 || strings.Contains(words, " ") || len(words) > 1 && strings.ToUpper(words) == words {
			found = append(found, at)
		}
	}
	return found
}
