package content

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// anchor is the block at the end of a heading or passage, such as {#venue} or {#question-a .question}.
type anchor struct {
	id   string
	kind Kind
	at   int // where the block begins in the text it was found in; the text's length when there is none
}

// anchorForm finds what is meant as an anchor: braces at the very end that hold a # or a dot first.
var anchorForm = regexp.MustCompile(`\{[ \t]*([#.][^{}]*)\}[ \t]*$`)

// findAnchor looks for an anchor at the end of Markdown text. What is wrong with it is told in the second value, which
// is empty when all is well. A backslash before the brace makes it plain text, and so does a word that runs up to
// braces which begin with a dot: x{.5} is none.
func findAnchor(text string) (anchor, string) {
	none := anchor{at: len(text)}
	m := anchorForm.FindStringSubmatchIndex(text)
	if m == nil || escaped(text, m[0]) {
		return none, ""
	}
	inside := text[m[2]:m[3]]
	if inside[0] == '.' && m[0] > 0 && !strings.ContainsAny(text[m[0]-1:m[0]], " \t\n") {
		return none, ""
	}
	a, wrong := readAnchor(inside)
	if wrong != "" && inside[0] == '.' {
		return none, ""
	}
	a.at = m[0]
	return a, wrong
}

func readAnchor(inside string) (a anchor, wrong string) {
	for word := range strings.FieldsSeq(inside) {
		name := norm.NFC.String(word[1:])
		switch {
		case word[0] == '#' && a.id == "" && validID(name):
			a.id = name
		case word[0] == '.' && a.kind == "" && validKind(name):
			a.kind = Kind(name)
		case word[0] == '#' && a.id != "", word[0] == '.' && a.kind != "":
			return a, "the anchor {" + inside + "} has two of a sort: give one #id and at most one .kind"
		default:
			return a, "the anchor {" + inside + "} is not of the form {#id} or {#id .kind}: " + idRule
		}
	}
	return a, ""
}

const idRule = "an id has only lower-case letters, digits, dots and hyphens"

// validID reports whether an id is one: lower-case letters (or letters of a script that has no case), digits, dots and
// hyphens, at most 200 bytes.
func validID(id string) bool {
	if id == "" || len(id) > 200 || clean(id) != id {
		return false
	}
	for _, r := range id {
		if r != '.' && r != '-' && !idRune(r) {
			return false
		}
	}
	return true
}

// validKind reports whether a kind is one: letters as in an id, and hyphens after the first.
func validKind(kind string) bool {
	for i, r := range kind {
		if !(i > 0 && r == '-') && !(unicode.IsLetter(r) && idRune(r)) {
			return false
		}
	}
	return kind != "" && len(kind) <= 40
}

func idRune(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd) && !unicode.In(r, unicode.Lu, unicode.Lt)
}

// escaped reports whether an odd number of backslashes stands before the offset.
func escaped(text string, at int) bool {
	n := 0
	for at-n > 0 && text[at-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}
