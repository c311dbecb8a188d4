package content

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// maxFile is how many bytes a file may have: a report of ten thousand pages has about thirty million.
const maxFile = 64 << 20

// Read reads one file of canonical Markdown. name is its path, for problems and for the ID. When it can't be read, the
// error is of type [Problems], with all that is wrong.
func Read(name string, data []byte) (*Document, error) {
	var problems Problems
	source := decode(name, data, &problems)
	if len(problems) > 0 {
		return nil, problems.err()
	}
	front, body, line := readFrontMatter(name, source, &problems)
	if at, open := unclosedComment(body); open {
		problems.add(name, line+at, "the comment <!-- is not closed: end it with -->")
		return nil, problems.err()
	}
	r := &reader{file: name, source: []byte(body), firstLine: line, document: front.document(name), problems: &problems}
	r.read()
	if err := problems.err(); err != nil {
		return nil, err
	}
	return r.document, nil
}

// decode turns a file's bytes into text with \n at the ends of lines.
func decode(name string, data []byte, problems *Problems) string {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > maxFile:
		problems.add(name, 0, "the file has more than 64 MB: cut it into several reports")
	case len(bytes.TrimSpace(data)) == 0:
		problems.add(name, 0, "the file is empty: write the report into it, or take the file away")
	case !utf8.Valid(data):
		problems.add(name, invalidLine(data), "this line is not valid UTF-8: save the file in the encoding UTF-8")
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n", "\n"), "\r", "\n")
}

func invalidLine(data []byte) int {
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

// unclosedComment returns the line, counted from 0, of a comment without an end.
func unclosedComment(body string) (int, bool) {
	at := 0
	for {
		start := strings.Index(body[at:], "<!--")
		if start < 0 {
			return 0, false
		}
		start += at
		end := strings.Index(body[start:], "-->")
		if end < 0 {
			return strings.Count(body[:start], "\n"), true
		}
		at = start + end
	}
}

// reader turns the Markdown of one document into sections and passages.
type reader struct {
	file      string
	source    []byte
	firstLine int // of the source in the file
	document  *Document
	problems  *Problems

	outline outline
	page    string
	leadIn  string     // of the list or the labelled paragraphs that come next
	all     []*Passage // in reading order
	anchors []anchorAt // explicit ids, in reading order
}

// anchorAt is an explicit id and the line it stands in.
type anchorAt struct {
	id   string
	line int
}

func (r *reader) read() {
	tree := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Footnote)).Parser().Parse(text.NewReader(r.source))
	r.blocks(tree, "")
	r.document.Sections = r.outline.sections
	if len(r.all) == 0 && len(*r.problems) == 0 {
		r.problems.add(r.file, r.firstLine, "the report has no text: write at least one paragraph below the front matter")
	}
	r.giveIDs()
}

// maxDepth bounds how deep lists and quotations may nest.
const maxDepth = 64

// blocks reads the children of a block. parent is the label of the item they stand in.
func (r *reader) blocks(n ast.Node, parent string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.block(c, parent)
	}
}

func (r *reader) block(n ast.Node, parent string) {
	switch n := n.(type) {
	case *ast.Heading:
		r.heading(n)
	case *ast.Paragraph, *ast.TextBlock:
		r.paragraph(n)
	case *ast.List:
		r.list(n, parent, 0)
	case *ast.Blockquote:
		r.blocks(n, parent)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		r.passage(n, clean(r.raw(n)), Paragraph)
	case *ast.HTMLBlock:
		r.html(n)
	case *extast.Table:
		r.table(n)
	case *extast.FootnoteList:
		r.blocks(n, parent)
	case *extast.Footnote:
		r.blocks(n, parent)
	}
}

func (r *reader) heading(n *ast.Heading) {
	r.leadIn = ""
	a := r.anchor(n, r.raw(n))
	words := cutAnchor(r.plain(n), a)
	if words == "" {
		r.problems.add(r.file, r.line(n), "this heading has no words: write some, or take the # away")
		return
	}
	s := &Section{ID: a.id, Heading: words, Level: n.Level}
	r.outline.open(s, a.kind)
}

// paragraph reads a paragraph, which may carry a label.
func (r *reader) paragraph(n ast.Node) {
	raw := r.raw(n)
	l, labelled := findLabel(raw, false)
	p := r.labelled(n, raw, l, labelled, "", Paragraph)
	if p == nil {
		return
	}
	if labelled {
		p.LeadIn = r.leadIn
	} else {
		r.leadIn = ""
	}
	if lead := leadSentence(p.Text); lead != "" {
		r.leadIn = lead
	}
}

// labelled makes a passage of a block that may have a label.
func (r *reader) labelled(n ast.Node, raw string, l label, has bool, parent string, otherwise Kind) *Passage {
	a := r.anchor(n, raw)
	words := cutAnchor(r.plain(n), a)
	if has {
		words = strings.TrimSpace(strings.TrimPrefix(words, clean(l.mark)))
	}
	p := r.passage(n, words, r.kind(a, l, has, otherwise))
	if p == nil {
		return nil
	}
	if has {
		p.Mark, p.Label = clean(l.mark), nested(parent, l.norm)
	}
	p.ID = a.id
	return p
}

// kind tells a passage's kind: its anchor's, its heading's anchor's, its label's own word's, its heading's words', in this order.
func (r *reader) kind(a anchor, l label, has bool, otherwise Kind) Kind {
	told, firm := r.outline.told()
	switch {
	case a.kind != "":
		return a.kind
	case !has:
		return otherwise
	case firm:
		return told
	case l.kind != "":
		return l.kind
	case told != "":
		return told
	}
	return otherwise
}

// passage adds a passage, unless it has no words.
func (r *reader) passage(n ast.Node, words string, k Kind) *Passage {
	words = clean(words)
	if words == "" {
		return nil
	}
	s := r.outline.nearest()
	p := &Passage{
		Document: r.document.ID, Section: r.outline.headings(), Text: words, Kind: k,
		Paragraph: len(r.all) + 1, Page: r.page, Line: r.line(n),
	}
	s.Passages = append(s.Passages, p)
	r.all = append(r.all, p)
	r.turnPages(n)
	return p
}

// list reads the items of a list, and what stands in them.
func (r *reader) list(n *ast.List, parent string, depth int) {
	leadIn, otherwise := r.leadIn, Item
	if n.IsOrdered() && leadIn == "" && depth == 0 {
		otherwise = Paragraph // numbered paragraphs are a list to Markdown, and none to a reader
	}
	for item := n.FirstChild(); item != nil && depth < maxDepth; item = item.NextSibling() {
		own := parent
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if deeper, ok := c.(*ast.List); ok {
				r.list(deeper, own, depth+1)
				continue
			}
			if c != item.FirstChild() {
				r.block(c, own)
				continue
			}
			r.leadIn = ""
			if p := r.item(n, c, parent, otherwise); p != nil {
				p.LeadIn = leadIn
				r.leadIn = leadSentence(p.Text)
				own = p.Label
			}
		}
	}
	r.leadIn = ""
}

// item reads the first block of a list's item.
func (r *reader) item(list *ast.List, n ast.Node, parent string, otherwise Kind) *Passage {
	raw := r.raw(n)
	if n.Kind() != ast.KindParagraph && n.Kind() != ast.KindTextBlock {
		r.block(n, parent)
		return nil
	}
	if list.IsOrdered() {
		mark := r.marker(n)
		return r.labelled(n, raw, label{mark: mark, norm: normalLabel(mark)}, mark != "", parent, otherwise)
	}
	l, ok := findLabel(raw, true)
	return r.labelled(n, raw, l, ok, parent, otherwise)
}

// marker returns the number of an ordered item as the file writes it, for Markdown would count anew.
func (r *reader) marker(n ast.Node) string {
	if n.Lines().Len() == 0 {
		return ""
	}
	start := n.Lines().At(0).Start
	from := bytes.LastIndexByte(r.source[:start], '\n') + 1
	words := strings.Fields(string(r.source[from:start]))
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// table makes a passage of each row, its cells parted by bars.
func (r *reader) table(n *extast.Table) {
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			if words := clean(r.plain(c)); words != "" {
				cells = append(cells, words)
			}
		}
		r.passage(row, strings.Join(cells, " | "), Paragraph)
	}
	r.leadIn = ""
}

// leadSentence returns the last sentence of a text that ends with a colon; "" when it does not.
func leadSentence(text string) string {
	if !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "：") {
		return ""
	}
	sentences := Sentences(text)
	if len(sentences) == 0 {
		return ""
	}
	return text[sentences[len(sentences)-1].Start:]
}

// anchor finds a block's anchor and notes its id.
func (r *reader) anchor(n ast.Node, raw string) anchor {
	a, wrong := findAnchor(strings.TrimRight(raw, " \t\n"))
	if wrong != "" {
		r.problems.add(r.file, r.line(n), "%s", wrong)
	}
	if a.id != "" {
		r.anchors = append(r.anchors, anchorAt{a.id, r.line(n)})
	}
	return a
}

// cutAnchor takes an anchor off the end of plain text.
func cutAnchor(words string, a anchor) string {
	if a.id == "" && a.kind == "" {
		return clean(words)
	}
	if at := strings.LastIndexByte(words, '{'); at >= 0 {
		words = words[:at]
	}
	return clean(words)
}

// giveIDs checks the explicit ids and makes those that are missing.
func (r *reader) giveIDs() {
	lines := map[string]int{}
	for _, a := range r.anchors {
		if first, ok := lines[a.id]; ok {
			r.problems.add(r.file, a.line, "the id %s is taken by line %d already: give one of the two another", a.id, first)
		}
		lines[a.id] = a.line
	}
	nameAll(r.document)
}
