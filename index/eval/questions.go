package eval

import (
	"context"
	"fmt"
	"io"
	"slices"

	"rapporteur/content"
)

// Question is a question put to reports, and the passages that answer it.
type Question struct {
	ID    string   `json:"id"`
	Text  string   `json:"question"`
	After string   `json:"after_question"` // what was asked just before in the same conversation; "" for nothing
	Kind  string   `json:"kind"`           // any word; figures are given for each
	Gold  []string `json:"gold"`           // passage ids; empty when the reports don't answer
	Mode  string   `json:"gold_mode"`      // "any" of Gold answers, or "all" are wanted, which is the default
}

// ReadQuestions reads JSON lines of questions. name is the file's, for errors.
func ReadQuestions(name string, r io.Reader) ([]Question, error) {
	questions, err := readLines[Question](name, r)
	if err != nil {
		return nil, fmt.Errorf(`%w; want lines of {"id","question","kind","gold":["passage id"],"gold_mode","after_question"}`, err)
	}
	return questions, nil
}

// Tally counts questions of one kind. First, Three, Related and None are counts of the answerable, Refused of the others.
type Tally struct {
	Answerable int
	First      int // the first excerpt is from a wanted passage
	Three      int // the wanted passages are among the first three excerpts, or as many as are wanted when that is more
	Related    int // not claimed to be answered, though excerpts are shown
	None       int // refused though the reports answer

	Unanswerable int
	Refused      int // not claimed to be answered
}

// Miss is a question that did not go as wanted.
type Miss struct {
	Question
	What    string // "hit@1", "hit@3", "refused" or "claimed"; of several the gravest
	Verdict content.Verdict
	Shown   []string // ids of the passages quoted, best first
}

// QuestionFigures is how a set of questions was answered.
type QuestionFigures struct {
	All    Tally
	Kinds  map[string]Tally
	Misses []Miss // in the order of the questions
}

// Questions asks all questions and counts.
func Questions(ctx context.Context, by Answerer, questions []Question) (QuestionFigures, error) {
	f := QuestionFigures{Kinds: map[string]Tally{}}
	for _, q := range questions {
		a, err := by.Answer(ctx, content.Question{Text: q.Text, After: q.After})
		if err != nil {
			return f, fmt.Errorf("question %s: %w", q.ID, err)
		}
		f.count(q, a)
	}
	return f, nil
}

func (f *QuestionFigures) count(q Question, a content.Answer) {
	shown := shownBy(a)
	tally := q.tally(a.Verdict, shown)
	f.All.add(tally)
	kind := f.Kinds[q.Kind]
	kind.add(tally)
	f.Kinds[q.Kind] = kind
	if what := tally.miss(); what != "" {
		f.Misses = append(f.Misses, Miss{q, what, a.Verdict, shown})
	}
}

func shownBy(a content.Answer) []string {
	var ids []string
	for _, e := range a.Excerpts {
		ids = append(ids, e.Citation.Passage)
	}
	return ids
}

// tally judges one question.
func (q Question) tally(v content.Verdict, shown []string) Tally {
	if len(q.Gold) == 0 {
		return Tally{Unanswerable: 1, Refused: one(v != content.Answered)}
	}
	top := shown[:min(max(3, len(q.Gold)), len(shown))]
	found := 0
	for _, id := range q.Gold {
		found += one(slices.Contains(top, id))
	}
	return Tally{
		Answerable: 1,
		First:      one(len(shown) > 0 && slices.Contains(q.Gold, shown[0])),
		Three:      one(found == len(q.Gold) || found > 0 && q.Mode == "any"),
		Related:    one(v == content.Related),
		None:       one(v == content.None),
	}
}

func (t *Tally) add(o Tally) {
	t.Answerable += o.Answerable
	t.First += o.First
	t.Three += o.Three
	t.Related += o.Related
	t.None += o.None
	t.Unanswerable += o.Unanswerable
	t.Refused += o.Refused
}

// miss names what went wrong with the one question that was counted; "" for nothing.
func (t Tally) miss() string {
	switch {
	case t.Unanswerable == 1 && t.Refused == 0:
		return "claimed"
	case t.Answerable == 0:
		return ""
	case t.None == 1 || t.Related == 1:
		return "refused"
	case t.Three == 0:
		return "hit@3"
	case t.First == 0:
		return "hit@1"
	}
	return ""
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// HitAt1 is the share of the answerable whose first excerpt is a wanted one.
func (t Tally) HitAt1() float64 { return share(t.First, t.Answerable) }

// HitAt3 is the share of the answerable with the wanted among the first three.
func (t Tally) HitAt3() float64 { return share(t.Three, t.Answerable) }

// FalseRefusals is the share of the answerable that were not claimed to be answered.
func (t Tally) FalseRefusals() float64 { return share(t.Related+t.None, t.Answerable) }

// RefusedShare is the share of the unanswerable that were not claimed to be answered.
func (t Tally) RefusedShare() float64 { return share(t.Refused, t.Unanswerable) }
