package index

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold takes the accents off lower-case letters, so that "Türkiye" and "Turkiye" meet, and writes the Turkish dotless ı as i.
func fold(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// spelling brings a lower-case English word to one spelling for what is written in several: organise and organize,
// labour and labor, centre and center, programme and program, I.O.M. and iom, 4th and 4, three and 3. The word need
// not be one afterwards ("exercise" turns into "exercize"): it only has to turn into the same in question and report.
func spelling(w string) string {
	if strings.ContainsRune(w, '.') {
		w = initials(w)
	}
	if n, ok := numberWords[w]; ok {
		return n
	}
	if v, ok := variants[w]; ok {
		return v
	}
	if n := ordinal(w); n != "" {
		return n
	}
	return americanEnding(w)
}

// initials takes the stops out of an acronym: "i.o.m" is "iom". Other words with stops, such as numbers, stay.
func initials(w string) string {
	for _, part := range strings.Split(strings.Trim(w, "."), ".") {
		if len([]rune(part)) != 1 || part[0] >= '0' && part[0] <= '9' {
			return w
		}
	}
	return strings.ReplaceAll(w, ".", "")
}

// ordinal returns the number of "4th" or "22nd", or "".
func ordinal(w string) string {
	digits := strings.TrimRight(w, "stndrh")
	if digits == "" || len(w)-len(digits) != 2 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return digits
}

// endings pairs British endings with American ones; the letters before must be at least three, so that "rise" and "four"
// stay. Longer endings come first.
var endings = [][2]string{
	{"isations", "izations"}, {"isation", "ization"}, {"ising", "izing"}, {"isers", "izers"}, {"iser", "izer"},
	{"ised", "ized"}, {"ises", "izes"}, {"ise", "ize"}, {"ysing", "yzing"}, {"ysed", "yzed"}, {"yse", "yze"},
	{"ourable", "orable"}, {"ouring", "oring"}, {"oured", "ored"}, {"ours", "ors"}, {"our", "or"},
}

func americanEnding(w string) string {
	for _, e := range endings {
		if stem, ok := strings.CutSuffix(w, e[0]); ok && len(stem) >= 3 {
			return stem + e[1]
		}
	}
	return w
}

// variants lists words whose two spellings follow no rule of endings.
var variants = map[string]string{
	"programme": "program", "programmes": "programs", "centre": "center", "centres": "centers", "theatre": "theater",
	"theatres": "theaters", "metre": "meter", "metres": "meters", "kilometre": "kilometer", "kilometres": "kilometers",
	"litre": "liter", "litres": "liters", "fibre": "fiber", "fibres": "fibers", "offence": "offense", "offences": "offenses",
	"defence": "defense", "licence": "license", "licences": "licenses", "pretence": "pretense", "cheque": "check",
	"cheques": "checks", "grey": "gray", "mould": "mold", "catalogue": "catalog", "catalogues": "catalogs",
	"dialogue": "dialog", "dialogues": "dialogs", "labelled": "labeled", "judgement": "judgment", "judgements": "judgments",
	"ageing": "aging", "tyre": "tire", "tyres": "tires", "plough": "plow", "sceptical": "skeptical", "aluminium": "aluminum",
	"panellist": "panelist", "panellists": "panelists", "counsellor": "counselor", "counsellors": "counselors",
	"women": "woman", "men": "man", "children": "child", "people": "person",
}

var numberWords = map[string]string{
	"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
	"nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
	"sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40",
	"fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}
