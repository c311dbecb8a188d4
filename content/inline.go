package content

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// raw returns the Markdown of a block, as the file has it.
func (r *reader) raw(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(r.source))
	}
	return b.String()
}

// line returns the line of the file on which a block begins; that of its first child that has one, where it has none.
func (r *reader) line(n ast.Node) int {
	for c := n; c != nil; c = c.FirstChild() {
		if c.Type() == ast.TypeBlock && c.Lines() != nil && c.Lines().Len() > 0 {
			return r.firstLine + strings.Count(string(r.source[:c.Lines().At(0).Start]), "\n")
		}
	}
	return r.firstLine
}

// plain returns the words of a block without markup.
func (r *reader) plain(n ast.Node) string {
	var b strings.Builder
	r.words(n, &b)
	return b.String()
}

func (r *reader) words(n ast.Node, b *strings.Builder) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unescape(c, r.source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(r.source))
		case *ast.RawHTML:
			if breaks.Match(c.Segments.Value(r.source)) {
				b.WriteByte(' ')
			}
		case *extast.FootnoteLink, *extast.FootnoteBacklink:
		default:
			r.words(c, b)
		}
	}
}

// unescape turns backslash escapes and entities into what they stand for, each once: an escaped & begins no entity.
func unescape(t *ast.Text, source []byte) []byte {
	value := t.Segment.Value(source)
	if t.IsRaw() || t.Parent().Kind() == ast.KindCodeSpan {
		return value
	}
	return escapeOrEntity.ReplaceAllFunc(value, func(m []byte) []byte {
		if m[0] == '\\' {
			return m[1:]
		}
		return []byte(html.UnescapeString(string(m)))
	})
}

var (
	escapeOrEntity = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&#?[0-9A-Za-z]+;")

	pageMark = regexp.MustCompile(`^<!--\s*page\s+(\S+)\s*-->$`)
	comment  = regexp.MustCompile(`(?s)<!--.*?-->`)
	breaks   = regexp.MustCompile(`(?i)^<(?:br|p|/p|div|/div|li)\b`)
	tag      = regexp.MustCompile(`(?s)</?[a-zA-Z][^<>]*>`)
)

// turnPages notes the pages that begin within a block.
func (r *reader) turnPages(n ast.Node) {
	for _, m := range comment.FindAllString(r.raw(n), -1) {
		r.turnPage(m)
	}
}

func (r *reader) turnPage(mark string) {
	if m := pageMark.FindStringSubmatch(mark); m != nil {
		r.page = clean(m[1])
	}
}

// html reads a block of HTML: its page marks, and its words without tags.
func (r *reader) html(n *ast.HTMLBlock) {
	raw := r.raw(n)
	if n.HasClosure() {
		raw += string(n.ClosureLine.Value(r.source))
	}
	for _, m := range comment.FindAllString(raw, -1) {
		r.turnPage(m)
	}
	words := tag.ReplaceAllString(comment.ReplaceAllString(raw, " "), " ")
	r.passage(n, html.UnescapeString(words), Paragraph)
}
