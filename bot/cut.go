package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"

	"rapporteur/content"
)

// length counts as Slack may: in UTF-16 units, the most that any reading of its "characters" comes to.
func length(s string) int {
	n := 0
	for _, r := range s {
		if r > 0xFFFF {
			n++
		}
		n++
	}
	return n
}

// cutAtSentence returns the byte offset at which to cut a text so that it is no longer than limit once cleaned: the end
// of its last whole sentence that fits or, where not even the first fits, as cutAtWord. A text that fits isn't cut.
func cutAtSentence(text string, limit int) int {
	text = start(text, limit)
	if length(clean(text)) <= limit {
		return len(text)
	}
	fits, at := firstRunes(text, limit), 0
	for _, s := range content.Sentences(head(text, fits+ahead)) {
		if s.End > fits {
			break
		}
		at = s.End
	}
	if at == 0 {
		return cutAtWord(text, limit)
	}
	return at
}

// ahead is how many bytes beyond what fits are read for the end of the last sentence that does.
const ahead = 200

// cutAtWord is as cutAtSentence for words; where not even the first word fits, it cuts between two letters as people
// see them.
func cutAtWord(text string, limit int) int {
	text = start(text, limit)
	if length(clean(text)) <= limit {
		return len(text)
	}
	spaces := words.FromString(text)
	at := lastFitting(limit, func() (string, bool) { ok := spaces.Next(); return spaces.Value(), ok })
	if strings.TrimSpace(text[:at]) != "" {
		return at
	}
	letters := graphemes.FromString(text)
	at = lastFitting(limit, func() (string, bool) { ok := letters.Next(); return letters.Value(), ok })
	if at > 0 {
		return at
	}
	return firstRunes(text, limit)
}

// start returns as much of a text's beginning as can matter where it is cut to limit, so that the cost of a cut doesn't
// grow with the text. Only in a text made of almost nothing but control characters is this a cut by itself.
func start(text string, limit int) string {
	return head(text, 8*max(limit, 0)+64)
}

// head returns the first n bytes of a text, or a few fewer so that no character is cut.
func head(text string, n int) string {
	if n >= len(text) {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// lastFitting adds up pieces until they are longer than limit, and returns how many bytes fit.
func lastFitting(limit int, next func() (string, bool)) int {
	at, used := 0, 0
	for piece, ok := next(); ok; piece, ok = next() {
		if used += length(clean(piece)); used > limit {
			break
		}
		at += len(piece)
	}
	return at
}

// firstRunes returns how many bytes of a text fit, in whole characters. A letter and its combining marks may be parted.
func firstRunes(text string, limit int) int {
	at, used := 0, 0
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if used += length(clean(string(r))); used > limit {
			break
		}
		at += n
	}
	return at
}

// wordJoiner is an invisible character that takes no room and keeps its neighbours apart for a machine.
const wordJoiner = "\u2060"

// clean makes a text from people or content safe to show: valid UTF-8, no control characters but line breaks, no
// characters that reorder what stands beside them, and no control sequence of Slack's.
//
// In rich text and plain text Slack takes "<!channel>" for the letters they are. They are broken all the same: the same
// strings may one day travel through a client, an export or a notification that reads them otherwise, and an invisible
// character after "<" costs nothing.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	open := false // the last character written is "<"
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		r = shownAs(r)
		if r < 0 {
			continue
		}
		if open && beginsControl(r) {
			b.WriteString(wordJoiner)
		}
		b.WriteRune(r)
		open = r == '<'
	}
	if open { // what is written next isn't known here
		b.WriteString(wordJoiner)
	}
	return b.String()
}

func isClean(s string) bool {
	for _, r := range s {
		if r == '<' || r == utf8.RuneError || shownAs(r) != r {
			return false
		}
	}
	return true
}

// shownAs returns the character to show for one, or -1 for none.
func shownAs(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case r == '\u2028', r == '\u2029':
		return '\n'
	case r == '\n':
		return r
	case unicode.IsControl(r), '\u202A' <= r && r <= '\u202E', '\u2066' <= r && r <= '\u2069', r == '\uFEFF':
		return -1
	}
	return r
}

// beginsControl reports whether "<" before this character could begin a mention, a channel or a link.
func beginsControl(r rune) bool {
	return r == '!' || r == '@' || r == '#' || unicode.IsLetter(r)
}

// oneLine is clean with all blanks, line breaks too, made single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// shorten makes a text one clean line of at most limit characters and, where it was longer, "…".
func shorten(text string, limit int) string {
	line := oneLine(start(text, limit))
	if at := cutAtWord(line, limit); at < len(line) {
		return strings.TrimRight(line[:at], " ,;:–-.") + "…"
	}
	return line
}
