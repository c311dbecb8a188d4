package content

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Sentences cuts a text into sentences: byte offsets, in order, without the blanks between them. The rules of Unicode (UAX 29)
// decide, and ours undo what they do after abbreviations ("Art. 5", "e.g."), initials, enumerators ("12. The …") and
// stops before a small letter or a number. A semicolon or colon ends no sentence.
func Sentences(text string) []Span {
	var spans []Span
	cut := sentences.FromString(text)
	start := 0
	for cut.Next() {
		end := start + len(cut.Value())
		spans = appendSentence(spans, text, start, end)
		start = end
	}
	return spans
}

// appendSentence adds a stretch that Unicode's rules found: as a sentence, or to the last one when that does not end there.
func appendSentence(spans []Span, text string, start, end int) []Span {
	trimmed := strings.TrimSpace(text[start:end])
	if trimmed == "" {
		return spans
	}
	from := start + strings.Index(text[start:end], trimmed)
	s := Span{from, from + len(trimmed)}
	if n := len(spans); n > 0 && goesOn(text[spans[n-1].Start:spans[n-1].End], trimmed) {
		spans[n-1].End = s.End
		return spans
	}
	return append(spans, s)
}

var (
	// abbreviated ends in an abbreviation that is always followed by more of the sentence.
	abbreviated = regexp.MustCompile(`(?:^|[\s(\[“"«])(?i:art|arts|no|nos|nr|para|paras|pp?|vol|vols|ch|chap|sec|sect|fig|figs|eq|ed|eds|cf|vs|viz|dr|mr|mrs|ms|prof|gen|col|lt|sgt|rev|hon|st|e\.g|i\.e|resp|approx|ca|incl|esp|mme|mlle|sra?|srta|z\.b|d\.h|bzw|abs|nº|n°|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|janv|févr|juil|déc)\.$`)
	initial     = regexp.MustCompile(`(?:^|[\s(.])\p{Lu}\.$`)
	enumerator  = regexp.MustCompile(`^(?:\(?[0-9]{1,4}(?:\.[0-9]+)*[.)]|\(?[a-zA-Z]{1,2}[.)]|[ivxIVX]{1,5}[.)])$`)
	innerStop   = regexp.MustCompile(`(?i:et al|etc|u\.s|u\.n|a\.m|p\.m|inc|ltd|co|corp)\.$`)
)

// goesOn reports whether a sentence goes on with what Unicode's rules take for the next.
func goesOn(sentence, next string) bool {
	end := lastWords(sentence)
	switch {
	case len(sentence) <= longestEnumerator && enumerator.MatchString(sentence):
		return true
	case abbreviated.MatchString(end):
		return true
	case initial.MatchString(end):
		return !startsAnew(next)
	case innerStop.MatchString(end):
		return !startsUpper(next)
	case strings.HasSuffix(sentence, ";"), strings.HasSuffix(sentence, ":"):
		return true
	}
	return startsLower(next)
}

// longestEnumerator is the length of the longest that the pattern matches in practice, such as "(1234.5.6)".
const longestEnumerator = 24

// lastWords returns the end of a sentence, from the blank before its last two words: the patterns look at no more, and
// regular expressions that end in $ read all that they are given.
func lastWords(sentence string) string {
	last := strings.LastIndexAny(sentence, " \t\n")
	if last < 0 {
		return sentence
	}
	return sentence[max(0, strings.LastIndexAny(sentence[:last], " \t\n")):]
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// opener begins a sentence and no name: after it an initial was the end ("… to plan B. The next step").
var opener = regexp.MustCompile(`^(?:The|This|That|These|It|In|A|An|We|They|He|She|There|But|And|For|As|At|On|When|If)\b`)

func startsAnew(s string) bool { return opener.MatchString(s) }
