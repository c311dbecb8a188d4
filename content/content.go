// Package content is the vocabulary of the house: what a report is made of, what a person asks, and what is answered.
//
// A [Corpus] holds documents in the order of their file names. A [Document] is a tree of sections; a [Section] holds
// passages; a [Passage] is the smallest thing that can be cited. A [Question] comes in, an [Answer] goes out, and each
// [Excerpt] of an answer carries the [Citation] that says where its words stand.
//
// All of these are plain values. They are made once, when the content is read, and only read afterwards, so they may be
// shared between goroutines. [Open] reads a folder of canonical Markdown (its grammar is in FORMAT.md) and [Write]
// writes it.
//
// A type belongs here if it can be explained to a reader of the report; scores, analyzers and blocks live elsewhere.
package content

import "iter"

// Corpus is everything that can be asked about: one document or several, and the glossary that serves them all.
type Corpus struct {
	Documents []*Document // in the order of their file names
	Glossary  Glossary    // empty when the folder has no glossary.yaml
}

// Document is one report.
type Document struct {
	ID        string // unique in the corpus; the file name without its ending, unless the front matter gives one
	Title     string // never empty
	Publisher string
	Date      string   // as the front matter gives it, usually 2006-01-02
	Language  string   // BCP 47, such as "en" or "pt-BR"; never empty, "en" when the front matter has none
	Source    string   // where the original can be read, an absolute http or https link; may be empty
	Origin    Origin   // whose words the passages are
	Try       []string // questions that it answers, to be offered to who is new; may be empty
	Sections  []*Section
}

// Origin says whose words a document's passages are. An excerpt always shows it, so that a summary is never taken for
// a quotation.
type Origin string

// The two origins, as the front matter writes them in its field "text".
const (
	Summary  Origin = "summary"  // our words about the document
	Verbatim Origin = "verbatim" // the document's own words
)

// Section is a heading and what stands under it. What stands before a document's first heading is a section with no
// heading and level 0.
type Section struct {
	ID       string // the heading's anchor, or made from its words; unique in the document, passages included
	Heading  string // plain text
	Level    int    // 1 to 6, the number of # signs; 0 before the first heading
	Passages []*Passage
	Sections []*Section // deeper headings under this one
}

// Passage is the smallest thing that can be cited: a paragraph, or one item of a list. A paragraph that leads a list in
// is a passage of its own as well.
type Passage struct {
	ID       string   // unique in its document: the anchor, or made from kind, label and place
	Document string   // the document's ID
	Section  []string // headings from the outermost to the nearest; empty before the first heading
	Text     string   // plain text in NFC, one line, without the label
	LeadIn   string   // the sentence that leads in the list of which this is an item; empty otherwise

	Kind  Kind
	Label string // as cited, without brackets or final stop: "b", "12", "115.1"; nested labels joined: "12(a)"; "" for none
	Mark  string // the label as the document prints it: "(b)", "12.", "Recommendation 3:"; "" for none

	Paragraph int    // the passage's place in its document, counted from 1 in reading order
	Page      string // the label of the page on which it begins, such as "12" or "xii"; "" where unknown
	Line      int    // line in its file, counted from 1
}

// Kind says what sort of passage one is. Files may name kinds of their own, in lower case.
type Kind string

// The kinds that the house knows. All but Paragraph and Item are points of the report when they carry a label.
const (
	Paragraph      Kind = "paragraph"
	Item           Kind = "item" // an item of a list whose kind is not known
	Recommendation Kind = "recommendation"
	Conclusion     Kind = "conclusion"
	Panel          Kind = "question" // a question that the report itself letters or numbers
)

// IsPoint reports whether the report letters or numbers the passage as one of its points: a recommendation, a
// conclusion, a question. A numbered paragraph is none.
func (p *Passage) IsPoint() bool {
	return p.Label != "" && p.Kind != Paragraph && p.Kind != Item
}

// Question is what a person asks.
type Question struct {
	Text     string // plain words, as typed, without Slack's markup
	After    string // the question asked just before in the same conversation; "" for none
	Document string // ID of the only document to look in; "" for all
	Points   bool   // look among points only, as /recommendation does
}

// Verdict says how far an answer goes.
type Verdict string

// The three verdicts, from most to least.
const (
	Answered Verdict = "answered" // the excerpts answer the question
	Related  Verdict = "related"  // the excerpts are on the subject, but what was asked is not among them
	None     Verdict = "none"     // the report is silent; there are no excerpts
)

// Answer is what the report says to a question.
type Answer struct {
	Verdict  Verdict
	Excerpts []Excerpt // best first, or in the report's order when Whole; empty when the verdict is None
	Whole    bool      // the excerpts are a whole list of points, to be shown together
	Nearest  []Excerpt // when the verdict is None: what comes nearest, offered only as that, best first
	Small    bool      // small talk ("thanks!"): nothing was looked up

	Confidence float64 // how sure it is that the report answers, from 0 to 1; it compares across questions
	ReadAs     string  // the question with its misspellings mended; "" when it was read as typed
}

// Excerpt is words quoted from one passage. Text is always literally part of the passage's text.
type Excerpt struct {
	Text     string
	Start    int    // byte offset of Text in the passage's text
	Marks    []Mark // what matched, in order, not overlapping
	LeadIn   string // the sentence that leads in the passage's list; "" for none
	Citation Citation
}

// Mark is a stretch of an excerpt's text: byte offsets, half-open, on letter boundaries.
type Mark struct{ Start, End int }

// Citation says where a passage stands.
type Citation struct {
	Document  string   // the document's ID
	Passage   string   // the passage's ID
	Title     string   // the document's title
	Section   []string // headings from the outermost to the nearest
	Kind      Kind
	Label     string
	Paragraph int    // counted from 1
	Page      string // "" where unknown
	Link      string // the document's source; "" where unknown
	Origin    Origin
}

// Document returns the document with the ID, or nil.
func (c *Corpus) Document(id string) *Document {
	for _, d := range c.Documents {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// Passages yields the passages of all documents in reading order.
func (c *Corpus) Passages() iter.Seq[*Passage] {
	return func(yield func(*Passage) bool) {
		for _, d := range c.Documents {
			for p := range d.Passages() {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// Passages yields the document's passages in reading order.
func (d *Document) Passages() iter.Seq[*Passage] {
	return func(yield func(*Passage) bool) { walk(d.Sections, yield) }
}

func walk(sections []*Section, yield func(*Passage) bool) bool {
	for _, s := range sections {
		for _, p := range s.Passages {
			if !yield(p) {
				return false
			}
		}
		if !walk(s.Sections, yield) {
			return false
		}
	}
	return true
}

// Passage returns the passage with the ID, or nil.
func (d *Document) Passage(id string) *Passage {
	for p := range d.Passages() {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// Around returns the passage with the ID and up to n passages on each side of it, in reading order; nil if there is no
// such passage.
func (d *Document) Around(id string, n int) []*Passage {
	var all []*Passage
	at := -1
	for p := range d.Passages() {
		if p.ID == id {
			at = len(all)
		}
		all = append(all, p)
	}
	if at < 0 {
		return nil
	}
	return all[max(0, at-n):min(len(all), at+n+1)]
}

// Cite returns the citation of one of the document's passages.
func (d *Document) Cite(p *Passage) Citation {
	return Citation{
		Document: d.ID, Passage: p.ID, Title: d.Title, Section: p.Section,
		Kind: p.Kind, Label: p.Label, Paragraph: p.Paragraph, Page: p.Page,
		Link: d.Source, Origin: d.Origin,
	}
}
