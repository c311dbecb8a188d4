package index

import (
	"regexp"
	"strings"
)

// wants is a set of types of answer: those that a question asks for, or those that a sentence holds.
type wants uint8

const (
	aName   wants = 1 << iota // who, where
	aDate                     // when
	aNumber                   // how many
	aDuty                     // what should be done
	aPurpose
	aSubject // what about
	aMeaning // what is meant
	aLack    // nobody asks for it: that something is not given

	mustHold = aName | aDate | aNumber // the answer is such a thing; the others are only told by certain words, often
)

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

// types pairs ways of asking with what tells the answer.
var types = []struct {
	is        wants
	asks, has *regexp.Regexp
}{
	{aName, asksWho, nil}, {aName, asksWhere, nil}, {aDate, asksWhen, hasDate}, {aNumber, asksNumber, hasNumber},
	{
		aDuty,
		regexp.MustCompile(`(?i)\b(?:should|must|ought|shall|recommend\w*|advi[sc]e\w*|need(?:s|ed)? to|have to|duty|duties|oblig\w*|responsib\w*)\b`),
		regexp.MustCompile(`(?i)\b(?:should|must|shall|need\w*|recommend\w*|urg\w+|call(?:s|ed)? (?:on|for)|duty|duties|oblig\w*|responsib\w*|requir\w*)\b`),
	},
	{
		aPurpose,
		regexp.MustCompile(`(?i)\b(?:why|purposes?|aims?|goals?|objectives?|reasons?|what for)\b`),
		regexp.MustCompile(`(?i)\b(?:because|so that|in order to|so as to|due to|aim\w*|purposes?|goals?|objectives?|therefore|reasons?)\b`),
	},
	{
		aSubject,
		regexp.MustCompile(`(?i)\b(?:about|topics?|themes?|subjects?|focus)\W*$`),
		regexp.MustCompile(`(?i)\b(?:discuss\w*|debat\w*|topics?|themes?|subjects?|focus\w*|concern(?:s|ed)|deal(?:s|t)? with)\b`),
	},
	{
		aMeaning,
		regexp.MustCompile(`(?i)\b(?:stands? for|abbreviat\w*|acronym|short for|in full|defin\w+|what (?:is|are|does)\b.*\bmeans?|meaning)\b`),
		regexp.MustCompile(`\(\p{Lu}[\p{Lu}\d]+\)|(?i:\b(?:means?|refers? to|defin\w+|known as|called)\b)`),
	},
}

// wanted reads the types of answer off a question.
func wanted(text string) wants {
	if asksPlaceInText.MatchString(text) {
		return 0
	}
	var w wants
	for _, t := range types {
		if t.asks.MatchString(text) {
			w |= t.is
		}
	}
	return w
}

// held reads off a sentence which types of answer it holds.
func held(sentence string) wants {
	var w wants
	for _, t := range types {
		if t.has != nil && t.has.MatchString(sentence) {
			w |= t.is
		}
	}
	if len(names(sentence)) > 0 {
		w |= aName
	}
	if notGiven.MatchString(sentence) {
		w |= aLack
	}
	return w
}

// answersIn returns the parts of a sentence that are of the types wanted, as byte offsets.
func answersIn(sentence string, w wants) [][]int {
	var found [][]int
	for _, t := range types {
		if w&t.is&mustHold != 0 && t.has != nil {
			found = append(found, t.has.FindAllStringIndex(sentence, -1)...)
		}
	}
	if w&aName != 0 {
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
