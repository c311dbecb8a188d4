// Package index finds what a corpus says to a question: it builds a bleve index of the passages, ranks them, picks the words
// that answer, and decides whether they do.
//
// bleve analyzes, keeps the postings and finds near spellings. Ranking, evidence and the verdict are ours, and pure: they
// work on plain values (terms, postings, analyzed passages), so that each can be read, tested and changed alone.
//
//	question ─► terms ─► candidates (bleve) ─► rank ─► evidence, signals ─► verdict ─► answer
//	(ask.go)   (terms.go) (candidates.go)    (rank.go) (evidence.go,        (verdict.go,
//	                                                    signals.go)          calibration.go)
//
// A question that names points, asks for a whole list, follows up on another or is small talk takes a shorter way
// (ask.go says which).
package index

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"rapporteur/content"
)

// Index answers questions about one corpus, which must not change any more. It is safe for concurrent use.
type Index struct {
	corpus   *content.Corpus
	passages []passage // by number
	lengths  []int     // of the documents, in passages
	shelves  []*shelf  // one a language, in the order in which the languages occur
	glossary *glossary
	engine   atomic.Pointer[engine] // replaced when it breaks
	healing  sync.Mutex             // held while it is
	dir      string                 // where a large one is stored
	analyzed *lru.Cache[int, *analyzed]

	calibration Calibration
}

// passage is a passage with where it belongs.
type passage struct {
	*content.Passage
	document *content.Document
	number   int // of the document
	shelf    *shelf
}

// shelf is the passages of one language, and their words.
type shelf struct {
	*analyzer
	passages int             // how many
	average  [fields]float64 // tokens in each field of a passage on average
	vocabulary
}

// keptAnalyzed is how many analyzed passages are kept for the next question: about 10 kB each, so 20 MB at most.
const keptAnalyzed = 2048

// Open indexes a corpus and returns its index, which the caller closes. A corpus above [MemoryLimit] is kept on disk in
// folder dir, which is made when missing, under a name made from the content; when it stands there already it is only
// opened. With an empty dir the index is always in memory. A folder that can't be written is an error; an index in it
// that can't be read is built again.
func Open(ctx context.Context, corpus *content.Corpus, dir string) (*Index, error) {
	x := &Index{corpus: corpus, dir: dir}
	for _, d := range corpus.Documents {
		if err := x.shelve(d); err != nil {
			return nil, err
		}
	}
	var err error
	if x.glossary, err = newGlossary(slices.Concat(corpus.Glossary.Terms, acronyms(corpus)), x.shelves); err != nil {
		return nil, err
	}
	if x.calibration, err = DefaultCalibration(); err != nil {
		return nil, err
	}
	if x.analyzed, err = lru.New[int, *analyzed](keptAnalyzed); err != nil {
		return nil, err
	}
	e, err := x.store(ctx, dir)
	if err != nil {
		return nil, err
	}
	x.engine.Store(e)
	return x, x.learn()
}

// learn reads the vocabulary of each shelf.
func (x *Index) learn() error {
	for _, s := range x.shelves {
		var err error
		if s.vocabulary, err = x.engine.Load().learn(s.language); err != nil {
			return joinErrors(err, x.Close())
		}
	}
	return nil
}

// Close releases the index. No question may be under way.
func (x *Index) Close() error { return x.engine.Load().close() }

// shelve puts a document's passages on the shelf of its language, which is made when it is the first of that language.
func (x *Index) shelve(d *content.Document) error {
	base := baseOf(d.Language)
	at := x.shelf(base)
	if at == nil {
		a, err := newAnalyzer(base)
		if err != nil {
			return fmt.Errorf("document %q: %w", d.ID, err)
		}
		at = &shelf{analyzer: a}
		x.shelves = append(x.shelves, at)
	}
	n := 0
	for p := range d.Passages() {
		x.passages = append(x.passages, passage{p, d, len(x.lengths), at})
		n++
	}
	x.lengths = append(x.lengths, n)
	return nil
}

// shelf returns the shelf of a language, or nil.
func (x *Index) shelf(base string) *shelf {
	for _, s := range x.shelves {
		if s.language == base {
			return s
		}
	}
	return nil
}

// baseOf returns the language of a BCP 47 tag without region or script.
func baseOf(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return base
}

// texts returns what a passage can be found by.
func (p passage) texts() [fields]string {
	return [fields]string{
		textField:  p.Text,
		frameField: strings.Join(append(p.Section[:len(p.Section):len(p.Section)], p.LeadIn, kindName(p.Passage)), "\n"),
		titleField: p.document.Title,
	}
}

// kindName returns the word for a point's kind, by which people ask for it; "" for what is no point.
func kindName(p *content.Passage) string {
	if !p.IsPoint() {
		return ""
	}
	return string(p.Kind)
}

func joinErrors(errs ...error) error { return errors.Join(errs...) }
