package index

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// field is one of the texts under which a passage can be found.
type field int

// The fields of a passage.
const (
	textField  field = iota // its own words
	frameField              // what frames them: headings, the lead-in, the words for its kind
	titleField              // the title of its document
	fields                  // how many there are
)

var fieldNames = [fields]string{"text", "frame", "title"}

// posting says how often a term stands in one field of a passage, and how long that field is in tokens.
type posting struct {
	passage     int // number of the passage in the corpus, from 0
	freq, total float64
}

// engine is the bleve index seen as what ranking needs of it: postings and a vocabulary. Its content never changes,
// so it reads from one snapshot; it is safe for concurrent use.
type engine struct {
	index    bleve.Index
	reader   bleveindex.IndexReader
	passages []int // passage number by bleve's internal document number
}

// openEngine takes its snapshot of a finished index and owns the index from then on.
func openEngine(index bleve.Index) (*engine, error) {
	advanced, err := index.Advanced()
	if err != nil {
		return nil, fmt.Errorf("open bleve: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, fmt.Errorf("open bleve reader: %w", err)
	}
	e := &engine{index: index, reader: reader}
	return e, e.number()
}

// number learns which internal number stands for which passage.
func (e *engine) number() error {
	all, err := e.reader.DocIDReaderAll()
	if err != nil {
		return fmt.Errorf("list passages: %w", err)
	}
	defer all.Close()
	for {
		internal, err := all.Next()
		if err != nil || internal == nil {
			return err
		}
		id, err := e.reader.ExternalID(internal)
		if err != nil {
			return fmt.Errorf("passage id: %w", err)
		}
		n, err := strconv.Atoi(id)
		if err != nil {
			return fmt.Errorf("passage id %q is no number", id)
		}
		at := int(internal.Value())
		for len(e.passages) <= at {
			e.passages = append(e.passages, -1)
		}
		e.passages[at] = n
	}
}

func (e *engine) close() error {
	return joinErrors(e.reader.Close(), e.index.Close())
}

// postings yields where a term stands in one field of the passages of one language, in no particular order.
func (e *engine) postings(ctx context.Context, language string, f field, term string) ([]posting, error) {
	return e.postingsOf(ctx, fieldName(language, f), term)
}

func (e *engine) postingsOf(ctx context.Context, field string, term string) ([]posting, error) {
	reader, err := e.reader.TermFieldReader(ctx, []byte(term), field, true, true, false)
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	defer reader.Close()
	found := make([]posting, 0, reader.Count())
	var doc bleveindex.TermFieldDoc
	for {
		next, err := reader.Next(doc.Reset())
		if err != nil {
			return nil, fmt.Errorf("read postings: %w", err)
		}
		if next == nil {
			return found, nil
		}
		// bleve keeps 1/sqrt(length) as the norm of a field.
		total := math.Round(1 / (next.Norm * next.Norm))
		found = append(found, posting{e.passages[next.ID.Value()], float64(next.Freq), total})
	}
}

// near returns the terms of a field within an edit distance of a term, with the number of passages that hold each.
func (e *engine) near(language, word string, distance int) (map[string]int, error) {
	fuzzy, ok := e.reader.(bleveindex.IndexReaderFuzzy)
	if !ok {
		return nil, nil
	}
	dict, err := fuzzy.FieldDictFuzzy(wordsName(language), word, distance, "")
	if err != nil {
		return nil, fmt.Errorf("look for words like it: %w", err)
	}
	defer dict.Close()
	words := map[string]int{}
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return words, err
		}
		words[entry.Term] = int(entry.Count)
	}
}

// asDocument turns a passage into what bleve indexes. Only postings are kept, no stored text and no doc values: the
// corpus has the words.
func asDocument(number int, a *analyzer, texts [fields]string) *document.Document {
	doc := document.NewDocument(strconv.Itoa(number))
	for f, text := range texts {
		doc.AddField(document.NewTextFieldCustom(fieldName(a.language, field(f)), nil, []byte(text), bleveindex.IndexField, a.bleve))
	}
	doc.AddField(document.NewTextFieldCustom(wordsName(a.language), nil, []byte(texts[textField]),
		bleveindex.IndexField|bleveindex.SkipFreqNorm, unstemmed{a}))
	return doc
}

func fieldName(language string, f field) string { return fieldNames[f] + "." + language }

// wordsName names the field of words before stemming, against which misspellings are mended.
func wordsName(language string) string { return "words." + language }

// count returns how many passages hold a term in a field.
func (e *engine) count(language string, f field, term string) (int, error) {
	reader, err := e.reader.TermFieldReader(context.Background(), []byte(term), fieldName(language, f), false, false, false)
	if err != nil {
		return 0, fmt.Errorf("count passages: %w", err)
	}
	defer reader.Close()
	return int(reader.Count()), nil
}
