package eval

import (
	"context"
	"fmt"
	"io"

	"rapporteur/content"
)

// Negative is a question that a collection does not answer.
type Negative struct {
	ID   string `json:"id"`
	Text string `json:"question"`
	Why  string `json:"why"` // any words; figures are given for each
}

// ReadNegatives reads JSON lines of questions that are not answered. name is the file's, for errors.
func ReadNegatives(name string, r io.Reader) ([]Negative, error) {
	negatives, err := readLines[Negative](name, r)
	if err != nil {
		return nil, fmt.Errorf(`%w; want lines of {"id","question","why"}`, err)
	}
	return negatives, nil
}

// Judged is a question with how sure the answer to it is.
type Judged struct {
	ID         string
	Confidence float64 // 0 to 1
	Verdict    content.Verdict
}

// AbstainFigures compares the questions that are answered with one group of those that are not.
type AbstainFigures struct {
	Answerable, Unanswerable int
	AUC                      float64
	RefusedAt95, RefusedAt90 float64 // of the unanswerable, where 95 % or 90 % of the answerable are answered
	Claimed                  float64 // share of the unanswerable whose verdict is answered
	FalseRefusals            float64 // share of the answerable whose verdict is not
}

// Judge asks all questions; with the same order of answers.
func Judge(ctx context.Context, by Answerer, questions []Query) ([]Judged, error) {
	var out []Judged
	for _, q := range questions {
		a, err := by.Answer(ctx, content.Question{Text: q.Text})
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		out = append(out, Judged{q.ID, a.Confidence, a.Verdict})
	}
	return out, nil
}

// Abstain compares answerable questions with others.
func Abstain(answerable, unanswerable []Judged) AbstainFigures {
	high, low := confidences(answerable), confidences(unanswerable)
	f := AbstainFigures{Answerable: len(high), Unanswerable: len(low), AUC: AUC(high, low)}
	f.RefusedAt95, _ = RefusedAt(0.95, high, low)
	f.RefusedAt90, _ = RefusedAt(0.90, high, low)
	f.Claimed = share(claimed(unanswerable), len(low))
	f.FalseRefusals = share(len(high)-claimed(answerable), len(high))
	return f
}

func confidences(judged []Judged) []float64 {
	out := make([]float64, len(judged))
	for i, j := range judged {
		out[i] = j.Confidence
	}
	return out
}

func claimed(judged []Judged) int {
	n := 0
	for _, j := range judged {
		n += one(j.Verdict == content.Answered)
	}
	return n
}

// WriteScores writes a line for each question: id, confidence, verdict, parted by tabs.
func WriteScores(w io.Writer, judged []Judged) error {
	for _, j := range judged {
		if _, err := fmt.Fprintf(w, "%s\t%.6f\t%s\n", j.ID, j.Confidence, j.Verdict); err != nil {
			return fmt.Errorf("write scores: %w", err)
		}
	}
	return nil
}
