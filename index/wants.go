package index

import (
	"regexp"
	"strings"
)

// wants is a set of types of answer: those that a question asks for, or those that a sentence holds.
type wants uint16

const (
	aName     wants = 1 << iota // who, where
	aDate                       // when
	aNumber                     // how many
	aDuration                   // how long
	aPrice                      // what it costs
	aReason                     // why
	aMeaning                    // what is meant
	aDuty                       // what should be done
	aPurpose                    // what for
	aSubject                    // what about
	aLack                       // nobody asks for it: that something is not given

	// mustHold is the types that an answer is made of, or told by; the others are told by certain words, often.
	mustHold = aName | aDate | aNumber | aDuration | aPrice | aReason | aMeaning
	// certain is those of them that a text can be seen not to hold.
	certain = aDate | aNumber | aDuration | aPrice | aMeaning
	// marked is the types of which the very words can be shown.
	marked = aName | aDate | aNumber | aDuration | aPrice
)

// months leaves May out, which is more often a verb.
const months = `january|february|march|april|june|july|august|september|october|november|december`

var (
	asksWho    = regexp.MustCompile(`(?i)\b(?:who|whom|whose|which (?:organi[sz]ations?|countr(?:y|ies)|governments?|agenc(?:y|ies)|states?)|by whom|qui|quién|quienes|quiénes|kim|wer)\b|(?:^|\s)من نظم`)
	asksWhen   = regexp.MustCompile(`(?i)^\W*(?:(?:and|so|but|or|since|until|ok|also|exactly|by)\W+)*when\b|\bwhen (?:did|was|were|is|are|does|do|has|have|had|will|would|exactly)\b|\b(?:(?:what|which) (?:year|date|day|month)|what (?:was|is) the (?:year|date|day|month)|how long after|quand|cuándo|wann)\b|ne zaman|متى`)
	asksWhere  = regexp.MustCompile(`(?i)\b(?:where|(?:what|which) (?:city|country|place|venue|location)|où|dónde|nerede|wo)\b|أين`)
	asksNumber = regexp.MustCompile(`(?i)\b(?:how (?:many|much|big|large)|number of|figures?|combien|cuánt[oa]s?|kaç|wie ?viele?)\b|كم`)

	asksPlaceInText = regexp.MustCompile(`(?i)\b(?:come up|comes up|mention(?:s|ed)?|in the (?:text|report|document)|discussed|written)\b`)

	hasDate   = regexp.MustCompile(`(?i)\b(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:` + months + `|may\s\d)(?:\s+\d{1,2}\b)?(?:,?\s+\d{4})?\b|\b(?:1\d|20)\d\d(?:s|['’]s)?\b|\b\d{1,4}\s?(?:AD|BC|CE|BCE)\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:\pL+(?:st|nd|rd|th)|\d0s) (?:century|centuries|decade)\b|\b(?:century|centuries|decades?|[1-9]0s)\b|\b(?:spring|summer|autumn|winter|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|yesterday|daily|weekly|monthly|annually|yearly|years?|months?|weeks?|days?)\b|\bMay \d|\d May\b|\d{1,2}[/.:]\d{1,2}\b`)
	hasNumber = regexp.MustCompile(`(?i)\d|\b(?:one|single|both|pair|couple|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:thir|four|fif|six|seven|eigh|nine)teen|dozens?|hundreds?|thousands?|millions?|billions?|half|third|quarter|percent|majority|none|several|once|twice)\b`)
	name      = regexp.MustCompile(`\p{Lu}[\pL\pN'’&.-]*(?:\s+(?:(?:of|the|for|and|on|de|la|du|des|al|bin|von)\s+)*\p{Lu}[\pL\pN'’&.-]*)*`)
)

// types pairs ways of asking with what tells the answer.
var types = []struct {
	is        wants
	asks, has *regexp.Regexp
}{
	{aName, asksWho, nil}, {aName, asksWhere, nil}, {aDate, asksWhen, hasDate}, {aNumber, asksNumber, hasNumber},
	{
		aDuration,
		regexp.MustCompile(`(?i)\bhow long (?:did|does|do|was|is|were|will|has|have|had|it|the)\b|\bduration\b|\bcombien de temps\b|\bcuánto (?:tiempo )?dur|ne kadar sür|كم استغرق`),
		regexp.MustCompile(`(?i)\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|several|half|few|many)[ -](?:\pL+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|century|centuries)\b|\b(?:from|between|until|since|during) [^.;]{0,24}\d|\d{4}\s?[–-]\s?\d{2,4}`),
	},
	{
		aPrice,
		regexp.MustCompile(`(?i)\bhow much (?:money|do(?:es)?|did|is|are|was|were|it)\b[^?]*\b(?:cost|charge|pay|paid|spend|spent|worth|earn|make)|\b(?:costs?|prices?|fees?|budget)\b|\bcombien (?:coûte|a coûté)|\bcuánto cuesta|kaça mal|كم تكلف`),
		regexp.MustCompile(`(?i)[$€£¥]\s?\d|\d[\d.,]*\s*(?:million |billion )?(?:dollars?|euros?|pounds?|USD|EUR|GBP|cents?|francs?|marks?|lira)\b`),
	},
	{
		aReason,
		regexp.MustCompile(`(?i)\b(?:why|for what reason|how come|pourquoi|por qué|warum|neden|niçin)\b|لماذا`),
		regexp.MustCompile(`(?i)\b(?:because|so that|in order to|so as to|due to|owing to|thanks to|therefore|thus|since|as a result|reasons?|caus\w+|led to|to (?:avoid|prevent|protect|ensure|help|make|get|allow|enable|keep|stop|show|find|gain|escape)|for fear|as it|as they)\b`),
	},
	{
		aDuty,
		regexp.MustCompile(`(?i)\b(?:should|must|ought|shall|recommend\w*|advi[sc]e\w*|need(?:s|ed)? to|have to|duty|duties|oblig\w*|responsib\w*)\b`),
		regexp.MustCompile(`(?i)\b(?:should|must|shall|need\w*|recommend\w*|urg\w+|call(?:s|ed)? (?:on|for)|duty|duties|oblig\w*|responsib\w*|requir\w*)\b`),
	},
	{
		aPurpose,
		regexp.MustCompile(`(?i)\b(?:purposes?|aims?|goals?|objectives?|reasons?|what for)\b`),
		regexp.MustCompile(`(?i)\b(?:because|so that|in order to|so as to|due to|aim\w*|purposes?|goals?|objectives?|therefore|reasons?)\b`),
	},
	{
		aSubject,
		regexp.MustCompile(`(?i)\b(?:about|topics?|themes?|subjects?|focus)\W*$`),
		regexp.MustCompile(`(?i)\b(?:discuss\w*|debat\w*|topics?|themes?|subjects?|focus\w*|concern(?:s|ed)|deal(?:s|t)? with)\b`),
	},
	{
		aMeaning,
		regexp.MustCompile(`(?i)\b(?:stands? for|abbreviat\w*|acronym|short for|definition|defined? |define\b|what (?:is|are) meant|meaning of|what (?:do|does)\b.*\bmean)\b`),
		regexp.MustCompile(`\(\p{Lu}[\p{Lu}\d]+\)|(?i:\b(?:means?|meant|refers? to|defin\w+|known as|called|termed|stands? for|is (?:a|an|the) \w+ (?:of|that|which|in|for))\b)`),
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

// typeWords lowers the weight of words that only name the type of answer: the month of "in what month".
func typeWords(text string, terms []term) {
	for _, t := range types {
		at := t.asks.FindStringIndex(text)
		if at == nil || t.is&mustHold == 0 {
			continue
		}
		for i := range terms {
			if terms[i].start >= at[0] && terms[i].end <= at[1] && terms[i].end > 0 {
				terms[i].weight = min(terms[i].weight, furnitureWeight)
			}
		}
	}
}

// held reads off a sentence which of some types of answer it holds.
func held(sentence string, w wants) wants {
	var found wants
	for _, t := range types {
		if w&t.is != 0 && t.has != nil && t.has.MatchString(sentence) {
			found |= t.is
		}
	}
	if w&aName != 0 && len(names(sentence)) > 0 {
		found |= aName
	}
	if w&aLack != 0 && notGiven.MatchString(sentence) {
		found |= aLack
	}
	return found
}

// answersIn returns the parts of a sentence that are of the types wanted, as byte offsets.
func answersIn(sentence string, w wants) [][]int {
	var found [][]int
	for _, t := range types {
		if w&t.is&marked != 0 && t.has != nil {
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
