package content

import "iter"

// outline grows a document's tree of sections while its headings are read.
type outline struct {
	sections []*Section // the tree
	path     []branch   // from the outermost open section to the nearest
}

// branch is an open section and what its heading tells of the kind of its labelled passages.
type branch struct {
	section *Section
	told    Kind // "" when the heading tells nothing
	firm    bool // told by the heading's anchor, not only by its words
}

// open begins a section: it closes those of the same and deeper levels. kind is what the anchor gives, or "".
func (o *outline) open(s *Section, kind Kind) {
	for len(o.path) > 0 && o.path[len(o.path)-1].section.Level >= s.Level {
		o.path = o.path[:len(o.path)-1]
	}
	if n := len(o.path); n > 0 {
		parent := o.path[n-1].section
		parent.Sections = append(parent.Sections, s)
	} else {
		o.sections = append(o.sections, s)
	}
	b := branch{section: s, told: kind, firm: kind != ""}
	if !b.firm {
		b.told = toldByHeading(s.Heading)
	}
	o.path = append(o.path, b)
}

// nearest returns the section that passages now go to. Before the first heading it opens the one without heading.
func (o *outline) nearest() *Section {
	if len(o.path) == 0 {
		o.open(&Section{}, "")
	}
	return o.path[len(o.path)-1].section
}

// told returns the kind that the nearest heading which tells one tells, and whether its anchor does.
func (o *outline) told() (kind Kind, firm bool) {
	for i := len(o.path) - 1; i >= 0; i-- {
		if b := o.path[i]; b.told != "" {
			return b.told, b.firm
		}
	}
	return "", false
}

// headings returns the headings from the outermost to the nearest, nil before the first.
func (o *outline) headings() []string {
	var hs []string
	for _, b := range o.path {
		if b.section.Level > 0 {
			hs = append(hs, b.section.Heading)
		}
	}
	return hs
}

// everySection yields the sections and all that stand under them, in reading order.
func everySection(sections []*Section) iter.Seq[*Section] {
	return func(yield func(*Section) bool) { walkSections(sections, yield) }
}

func walkSections(sections []*Section, yield func(*Section) bool) bool {
	for _, s := range sections {
		if !yield(s) || !walkSections(s.Sections, yield) {
			return false
		}
	}
	return true
}
