package eval

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"strconv"

	"rapporteur/content"
)

// Collection is passages, questions and judgements in the layout of BEIR.
type Collection struct {
	Passages []Record
	Queries  []Query
	Judged   map[string]Judgements // by the question's id
	Spans    []Span                // where answers stand; empty when the folder has no spans.jsonl
}

// Record is a passage of a collection.
type Record struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Query is a question to a collection.
type Query struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

// Span says which words of a passage answer a question; each of Answers does.
type Span struct {
	ID      string `json:"id"`
	Passage string `json:"passage"`
	Answers []struct {
		Text  string `json:"text"`
		Start int    `json:"answer_start"` // in characters of the passage's text
	} `json:"answers"`
}

// ReadCollection reads corpus.jsonl, queries.jsonl, qrels.tsv and, where it is there, spans.jsonl.
func ReadCollection(dir fs.FS) (*Collection, error) {
	var c Collection
	var err, problem error
	c.Passages, err = readFile[Record](dir, "corpus.jsonl")
	problem = errors.Join(problem, err)
	c.Queries, err = readFile[Query](dir, "queries.jsonl")
	problem = errors.Join(problem, err)
	c.Judged, err = readJudgements(dir, "qrels.tsv")
	problem = errors.Join(problem, err)
	c.Spans, err = readFile[Span](dir, "spans.jsonl")
	if !errors.Is(err, fs.ErrNotExist) {
		problem = errors.Join(problem, err)
	}
	return &c, problem
}

func readFile[T any](dir fs.FS, name string) ([]T, error) {
	file, err := dir.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read collection: %w", err)
	}
	defer file.Close()
	return readLines[T](name, file)
}

// readJudgements reads tab-separated lines of question, passage and grade under a line of names.
func readJudgements(dir fs.FS, name string) (map[string]Judgements, error) {
	file, err := dir.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read collection: %w", err)
	}
	defer file.Close()
	lines := csv.NewReader(file)
	lines.Comma, lines.LazyQuotes, lines.FieldsPerRecord = '\t', true, 3
	judged := map[string]Judgements{}
	for first := true; ; first = false {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return judged, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		grade, err := strconv.Atoi(line[2])
		if err != nil && !first {
			return nil, fmt.Errorf("read %s: grade %q is no number", name, line[2])
		}
		if err == nil {
			judge(judged, line[0], line[1], grade)
		}
	}
}

func judge(judged map[string]Judgements, query, passage string, grade int) {
	if judged[query] == nil {
		judged[query] = Judgements{}
	}
	judged[query][passage] = grade
}

// Corpus makes reports of the passages: those of one title are one document, in the order in which they come, with a
// passage's id as its id.
func (c *Collection) Corpus() *content.Corpus {
	corpus := &content.Corpus{}
	titled := map[string]*content.Document{}
	for _, r := range c.Passages {
		d := titled[r.Title]
		if d == nil || r.Title == "" {
			d = &content.Document{
				ID: "d" + strconv.Itoa(len(corpus.Documents)+1), Title: r.Title, Language: "en", Origin: content.Verbatim,
				Sections: []*content.Section{{}},
			}
			titled[r.Title] = d
			corpus.Documents = append(corpus.Documents, d)
		}
		s := d.Sections[0]
		s.Passages = append(s.Passages, &content.Passage{
			ID: r.ID, Document: d.ID, Text: r.Text, Kind: content.Paragraph, Paragraph: len(s.Passages) + 1,
		})
	}
	return corpus
}

// dropSeed makes the passages that are dropped the same each time.
const dropSeed = 20170904

// Drop returns the collection without a share of its passages, chosen at random but the same ones each time, and which
// questions it can still answer and which it can't any more.
func (c *Collection) Drop(part float64) (rest *Collection, there, gone []Query) {
	order := rand.New(rand.NewPCG(dropSeed, 0)).Perm(len(c.Passages))
	dropped := map[string]bool{}
	for _, n := range order[:int(part*float64(len(order)))] {
		dropped[c.Passages[n].ID] = true
	}
	rest = &Collection{Judged: c.Judged, Queries: c.Queries, Spans: c.Spans}
	for _, p := range c.Passages {
		if !dropped[p.ID] {
			rest.Passages = append(rest.Passages, p)
		}
	}
	for _, q := range c.Queries {
		switch left := c.Judged[q.ID].without(dropped); {
		case left > 0:
			there = append(there, q)
		case c.Judged[q.ID].relevant() > 0:
			gone = append(gone, q)
		}
	}
	return rest, there, gone
}

// without counts the relevant that are not dropped.
func (j Judgements) without(dropped map[string]bool) int {
	n := 0
	for id, grade := range j {
		if grade > 0 && !dropped[id] {
			n++
		}
	}
	return n
}
