package eval

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"rapporteur/content"
)

// SpanFigures says how often excerpts hold the words that answer. Only what is quoted counts; of a refused question nothing.
type SpanFigures struct {
	Questions    int
	First, Three int // the first excerpt, or one of the first three, holds an answer
	Silent       int // refused: the verdict is none
	Words        int // of an excerpt, in the median
}

// Excerpts asks all questions whose answers' places are known.
func (c *Collection) Excerpts(ctx context.Context, by Answerer) (SpanFigures, error) {
	texts, questions := map[string]string{}, map[string]string{}
	for _, r := range c.Passages {
		texts[r.ID] = r.Text
	}
	for _, q := range c.Queries {
		questions[q.ID] = q.Text
	}
	var f SpanFigures
	var lengths []int
	for _, s := range c.Spans {
		a, err := by.Answer(ctx, content.Question{Text: questions[s.ID]})
		if err != nil {
			return f, fmt.Errorf("question %s: %w", s.ID, err)
		}
		f.count(s, a, texts[s.Passage])
		for _, e := range a.Excerpts {
			lengths = append(lengths, len(strings.Fields(e.Text)))
		}
	}
	f.Words = Median(lengths)
	return f, nil
}

func (f *SpanFigures) count(s Span, a content.Answer, text string) {
	f.Questions++
	f.Silent += one(a.Verdict == content.None)
	for i, e := range a.Excerpts[:min(3, len(a.Excerpts))] {
		if s.within(e, text) {
			f.First += one(i == 0)
			f.Three++
			return
		}
	}
}

// within reports whether an excerpt holds one of the answers, where it stands in the passage's text.
func (s Span) within(e content.Excerpt, text string) bool {
	if e.Citation.Passage != s.Passage {
		return false
	}
	for _, a := range s.Answers {
		start := bytesOf(text, a.Start)
		if start >= e.Start && start+len(a.Text) <= e.Start+len(e.Text) {
			return true
		}
	}
	return false
}

// bytesOf returns how many bytes the first characters of a text take.
func bytesOf(text string, characters int) int {
	n := 0
	for range characters {
		_, size := utf8.DecodeRuneInString(text[n:])
		n += size
	}
	return n
}

// FirstShare is the share of questions whose first excerpt holds an answer.
func (f SpanFigures) FirstShare() float64 { return share(f.First, f.Questions) }

// ThreeShare is the share of questions of which one of the first three excerpts holds an answer.
func (f SpanFigures) ThreeShare() float64 { return share(f.Three, f.Questions) }

// SilentShare is the share of questions that were refused.
func (f SpanFigures) SilentShare() float64 { return share(f.Silent, f.Questions) }
