package content

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Reference names points of a report as people do: by kind and label ("conclusion b"), or by place in their list ("the
// second conclusion", "the last one").
type Reference struct {
	Kind  Kind   // "" for any kind
	Label string // as Passage.Label; "" when Place says which
	Place int    // counted from 1, from the end when negative; 0 when Label says which
}

// ParseReference reads a text that names a point and nothing else: "b", "(B)", "2", "conclusion b", "Recommendation (c)",
// "question no. 2", "115.1", "the last recommendation".
func ParseReference(text string) (Reference, bool) {
	r, span, ok := FindReference(text)
	if ok && !saysMore.MatchString(article.ReplaceAllString(text[:span.Start], "")+" "+text[span.End:]) {
		return r, true
	}
	if m := bareLabel.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		return Reference{Label: normalLabel(m[1])}, true
	}
	return Reference{}, false
}

// Span is a stretch of a text: byte offsets, half-open.
type Span struct{ Start, End int }

// FindReference finds the first point named in a sentence ("what does conclusion (b) say?") and where its name stands.
// A lone letter counts only beside the word for a kind, and "a" only where it can't be the article.
func FindReference(text string) (Reference, Span, bool) {
	for _, m := range kindThenLabel.FindAllStringSubmatchIndex(text, -1) {
		start, end := m[4], m[5]
		if start < 0 { // no blank before the bracket: "conclusion(b)"
			start, end = m[6], m[7]
		}
		if !articleLike(text[start:end], text[end:]) {
			return Reference{Kind: kindOf(text[m[2]:m[3]]), Label: normalLabel(text[start:end])}, Span{m[2], end}, true
		}
	}
	if m := placeThenKind.FindStringSubmatchIndex(text); m != nil {
		place := places[strings.ToLower(text[m[2]:m[3]])]
		return Reference{Kind: kindOf(text[m[4]:m[5]]), Place: place}, Span{m[2], m[5]}, true
	}
	return Reference{}, Span{}, false
}

// Points returns all points of the corpus in reading order.
func (c *Corpus) Points() []*Passage {
	var points []*Passage
	for p := range c.Passages() {
		if p.IsPoint() {
			points = append(points, p)
		}
	}
	return points
}

// Lookup returns the points that a reference names, in reading order: of each document those of one kind only, the one
// asked for or, for no kind, recommendations before conclusions before other kinds before questions before numbered
// paragraphs. A number that no label has counts the points of the list from 1; a recommendation that the document
// does not have by that name is looked for among its conclusions. Empty when nothing is so named.
func (c *Corpus) Lookup(r Reference) []*Passage {
	var found []*Passage
	for _, d := range c.Documents {
		found = append(found, d.lookup(r)...)
	}
	return found
}

func (d *Document) lookup(r Reference) []*Passage {
	lists := d.labelled()
	for _, kind := range d.kindsFor(r.Kind) {
		if found := pick(lists[kind], r); len(found) > 0 {
			return found
		}
	}
	return nil
}

// labelled returns the document's labelled passages by kind, in reading order.
func (d *Document) labelled() map[Kind][]*Passage {
	lists := map[Kind][]*Passage{}
	for p := range d.Passages() {
		if p.Label != "" {
			lists[p.Kind] = append(lists[p.Kind], p)
		}
	}
	return lists
}

// kindsFor returns the kinds to look in, in order.
func (d *Document) kindsFor(asked Kind) []Kind {
	switch asked {
	case "":
		return slices.Concat([]Kind{Recommendation, Conclusion}, d.otherKinds(), []Kind{Panel, Item, Paragraph})
	case Recommendation:
		if len(d.labelled()[Recommendation]) == 0 {
			return []Kind{Conclusion}
		}
	}
	return []Kind{asked}
}

// otherKinds returns the kinds that the document itself names, in the order in which they occur.
func (d *Document) otherKinds() []Kind {
	known := []Kind{Recommendation, Conclusion, Panel, Item, Paragraph}
	var kinds []Kind
	for p := range d.Passages() {
		if p.IsPoint() && !slices.Contains(known, p.Kind) && !slices.Contains(kinds, p.Kind) {
			kinds = append(kinds, p.Kind)
		}
	}
	return kinds
}

func pick(list []*Passage, r Reference) []*Passage {
	if r.Label != "" {
		if found := labelledAs(list, r.Label); len(found) > 0 {
			return found
		}
		n, err := strconv.Atoi(r.Label)
		if err != nil || numbered(list) {
			return nil
		}
		r.Place = n
	}
	if r.Place < 0 {
		r.Place += len(list) + 1
	}
	if r.Place < 1 || r.Place > len(list) {
		return nil
	}
	return list[r.Place-1 : r.Place]
}

func labelledAs(list []*Passage, label string) []*Passage {
	var found []*Passage
	for _, p := range list {
		if p.Label == label {
			found = append(found, p)
		}
	}
	return found
}

// numbered reports whether the labels of a list are numbers, so that a number which none of them is names nothing.
func numbered(list []*Passage) bool {
	for _, p := range list {
		if p.Label[0] >= '0' && p.Label[0] <= '9' {
			return true
		}
	}
	return false
}

// Excerpt returns the whole passage as an excerpt without marks.
func (c *Corpus) Excerpt(p *Passage) Excerpt {
	return Excerpt{Text: p.Text, LeadIn: p.LeadIn, Citation: c.Document(p.Document).Cite(p)}
}

// kindWords lists how people call the kinds of points, in the languages of the report's readers.
var kindWords = map[Kind]string{
	Recommendation: `recommendations?|recs?|recommandations?|recomendaci(?:ón|on|ones)|empfehlung(?:en)?|raccomandazion[ei]|tavsiye(?:ler)?|öneri(?:ler)?|рекомендаци[яи]|(?:ال)?توصي(?:ة|ات)`,
	Conclusion:     `conclusions?|conclusi(?:ón|ones)|schlussfolgerung(?:en)?|conclusion[ei]|sonuç(?:lar)?|вывод[ы]?|(?:ال)?استنتاج(?:ات)?`,
	Panel:          `questions?|preguntas?|fragen?|domand[ae]|soru(?:lar)?|вопрос[ы]?|(?:ال)?سؤال|(?:ال)?أسئلة`,
	Paragraph:      `paragraphs?|paras?\.?|paragraphes?|párrafos?`,
	"":             `points?|items?|punkt|puntos?|madde`,
}

var (
	anyKind    = kindWords[Recommendation] + "|" + kindWords[Conclusion] + "|" + kindWords[Panel] + "|" + kindWords[Paragraph] + "|" + kindWords[""]
	labelForm  = `\(?\d{1,4}(?:\.\d{1,3})*(?:\([a-z]{1,4}\))?\)?|\(?[ivx]{1,5}\)|\([a-z]{1,2}\)|[a-z]\)?`
	byLabel    = `(?i)(?:^|[^\pL\pN])(` + anyKind + `)(?:[\s:#]+(?:(?:no|number|nr|n°|lettered|letter)\b\.?\s*)?(` + labelForm + `)|(\([a-z0-9]{1,4}\)))(?:[^\pL\pN]|$)`
	placeWords = `first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|1st|2nd|3rd|4th|5th|6th|7th|8th|9th`

	kindThenLabel = regexp.MustCompile(byLabel)
	placeThenKind = regexp.MustCompile(`(?i)\b(` + placeWords + `)\s+(?:panel\s+|main\s+|key\s+)?(` + anyKind + `)(?:[^\pL\pN]|$)`)
	bareLabel     = regexp.MustCompile(`(?i)^(?:#|no\.?\s*)?(\(?(?:\d{1,4}(?:\.\d{1,3})*(?:\([a-z]{1,4}\))?|[a-z]|[ivx]{1,5}|[a-z]{2})\)?)[.:?!]*$`)
	article       = regexp.MustCompile(`(?i)\bthe\b`)
	saysMore      = regexp.MustCompile(`(?i)\pL{3,}|\d`)

	places = map[string]int{
		"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
		"sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8, "ninth": 9, "9th": 9, "tenth": 10, "last": -1, "final": -1,
	}
	kindForms = map[Kind]*regexp.Regexp{
		Recommendation: wholeWord(kindWords[Recommendation]), Conclusion: wholeWord(kindWords[Conclusion]),
		Panel: wholeWord(kindWords[Panel]), Paragraph: wholeWord(kindWords[Paragraph]),
	}
	notAnArticle = regexp.MustCompile(`(?i)^\)|^\s*$|^\s*[?.!,;:–—)]|^\s+(?:say|says|said|mean|means|about|and|or|again|please|is|in|on|of|for|exactly|again|read|reads)\b`)
)

func wholeWord(words string) *regexp.Regexp { return regexp.MustCompile(`(?i)^(?:` + words + `)$`) }

// KindNamed returns the kind that a word names, in the singular or the plural: "recs" is [Recommendation].
func KindNamed(word string) (Kind, bool) {
	for kind, form := range kindForms {
		if form.MatchString(word) {
			return kind, true
		}
	}
	return "", false
}

func kindOf(word string) Kind {
	kind, _ := KindNamed(word)
	return kind
}

// articleLike reports whether a label is more likely the word "a" or "I" of the sentence: "the question a person asks".
func articleLike(label, after string) bool {
	return (strings.EqualFold(label, "a") || label == "I") && !notAnArticle.MatchString(after)
}

// normalLabel brings a label as people write it to the form of [Passage.Label].
func normalLabel(s string) string {
	s = strings.ToLower(strings.TrimRight(strings.TrimSpace(s), ".:"))
	if inner, ok := strings.CutPrefix(s, "("); ok {
		return strings.TrimSuffix(inner, ")")
	}
	if strings.Contains(s, "(") {
		return s
	}
	return strings.TrimSuffix(s, ")")
}
