package content

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// label is a passage's label as it stands in Markdown.
type label struct {
	mark string // as printed: "(a)", "12.", "Recommendation 3:"
	norm string // as cited: "a", "12", "3"
	kind Kind   // told by the label's own word, or ""
	end  int    // bytes of the Markdown that it takes, with the blanks behind it
}

var (
	wordLabel    = regexp.MustCompile(`^(\pL+)\s+(?:[Nn]o\.?\s*|[Nn]°\s*)?(\(?[0-9]+(?:\.[0-9]+)*[a-z]?\)?|\(?[a-zA-Z]\)?|[ivxIVX]+)\s?([:.)–—-])(?:\s|$)`)
	bracketLabel = regexp.MustCompile(`^(?:\([0-9a-zA-Z]{1,4}\)|[0-9]{1,4}\([a-z]{1,4}\)\.?|[a-zA-Z0-9]{1,3}\))(?:\s|$)`)
	dottedLabel  = regexp.MustCompile(`^[0-9]{1,4}(?:\.[0-9]{1,4})+\.?(?:\s|$)`)
	stopLabel    = regexp.MustCompile(`^(?:[0-9]{1,4}|[a-z]|[ivx]{1,5})\.(?:\s|$)`)
)

// findLabel finds the label at the beginning of a passage's Markdown; false when there is none. What only looks like one is told
// apart by what follows: "3.5 million" is a figure, for a small letter follows; in bold, or in a list, a number with a
// stop is a label too. A backslash before the label makes it plain text.
func findLabel(text string, inList bool) (label, bool) {
	inside, bold := strings.CutPrefix(text, "**")
	if bold {
		end := strings.Index(inside, "**")
		if end < 0 {
			return label{}, false
		}
		l, ok := labelIn(inside[:end]+" ", true)
		if !ok || l.end < end {
			return label{}, false
		}
		l.end = blanksAfter(text, len("**")+end+len("**"))
		return l, true
	}
	l, ok := labelIn(text, inList)
	if ok {
		l.end = blanksAfter(text, len(l.mark))
	}
	return l, ok && l.end < len(text)
}

func labelIn(text string, stops bool) (label, bool) {
	if m := wordLabel.FindStringSubmatch(text); m != nil && toldByLabel(m[1]) != "" {
		mark := strings.TrimSpace(m[0])
		return label{mark: mark, norm: normalLabel(m[2]), kind: toldByLabel(m[1]), end: len(mark)}, true
	}
	mark := strings.TrimSpace(bracketLabel.FindString(text))
	if mark == "" {
		if mark = strings.TrimSpace(dottedLabel.FindString(text)); mark != "" && smallLetterNext(text[len(mark):]) {
			mark = ""
		}
	}
	if mark == "" && stops {
		mark = strings.TrimSpace(stopLabel.FindString(text))
	}
	return label{mark: mark, norm: normalLabel(mark), end: len(mark)}, mark != ""
}

func smallLetterNext(text string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(text))
	return unicode.IsLower(r) || unicode.IsDigit(r) || r == '%'
}

func blanksAfter(text string, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n') {
		at++
	}
	return at
}

// nested joins the label of an item to that of the item it stands under: (a) under 12 is 12(a); 12.1 under 12 stays.
func nested(parent, own string) string {
	switch {
	case parent == "" || own == "" || strings.HasPrefix(own, parent+"."):
		return own
	}
	return parent + "(" + own + ")"
}
