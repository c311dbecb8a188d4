package content

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// slug makes an id of words: lower case, what is neither letter nor digit becomes a hyphen, at most 64 bytes, cut
// between words where it can. It may be empty.
func slug(words string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(strings.ToLower(clean(words))) {
		if !idRune(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	return cutSlug(norm.NFC.String(b.String()), 64)
}

func cutSlug(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if i := strings.LastIndexByte(s[:most+1], '-'); i > 0 {
		return s[:i]
	}
	return strings.ToValidUTF8(s[:most], "")
}

// names gives out ids that are unique in a document.
type names struct {
	taken map[string]bool
	next  map[string]int // where to go on counting, so that a thousand equal names take no million looks
}

// free returns the wish if nobody has it, or the wish with the first free number from 2 behind it.
func (n *names) free(wish string) string {
	id := wish
	for i := max(n.next[wish], 2); n.taken[id]; i++ {
		id = wish + "-" + strconv.Itoa(i)
		n.next[wish] = i + 1
	}
	n.taken[id] = true
	return id
}

// nameAll gives an id to every section and passage that has none, in reading order. Ids that the file gives are never
// given again.
func nameAll(d *Document) {
	n := names{taken: map[string]bool{}, next: map[string]int{}}
	for s := range everySection(d.Sections) {
		n.taken[s.ID] = true
		for _, p := range s.Passages {
			n.taken[p.ID] = true
		}
	}
	for s := range everySection(d.Sections) {
		if s.ID == "" {
			s.ID = n.free(sectionName(s))
		}
		for i, p := range s.Passages {
			if p.ID == "" {
				p.ID = n.free(passageName(s, p, i+1))
			}
		}
	}
}

func sectionName(s *Section) string {
	switch name := slug(s.Heading); {
	case s.Level == 0:
		return "start"
	case name == "":
		return "section"
	default:
		return name
	}
}

func passageName(s *Section, p *Passage, place int) string {
	if label := labelSlug(p.Label); label != "" {
		return string(p.Kind) + "-" + label
	}
	return s.ID + "-" + strconv.Itoa(place)
}

// labelSlug is slug for labels, which keeps the dots inside: "115.1", "12(a)" becomes "12-a".
func labelSlug(label string) string {
	parts := strings.Split(label, ".")
	for i, part := range parts {
		parts[i] = slug(part)
	}
	return strings.Trim(strings.Join(parts, "."), ".")
}
