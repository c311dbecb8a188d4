package eval

import (
	"context"
	"fmt"
	"io"

	"rapporteur/index"
)

// Ranker orders passages by how well they answer; an index.Index is one.
type Ranker interface {
	Rank(ctx context.Context, question string, n int) ([]index.Ranked, error)
}

// runDepth is how many passages of each question a run holds.
const runDepth = 100

// Run is the passages ranked for each question of a collection, best first, by the question's id.
type Run map[string][]index.Ranked

// RankingFigures are means over the questions that have relevant passages.
type RankingFigures struct {
	Questions              int
	NDCG10, MRR10          float64
	Recall10, Recall100    float64
	SuccessAt1, SuccessAt3 float64
}

// Rank ranks passages for all judged questions.
func (c *Collection) Rank(ctx context.Context, by Ranker) (Run, error) {
	run := Run{}
	for _, q := range c.Queries {
		if c.Judged[q.ID].relevant() == 0 {
			continue
		}
		ranked, err := by.Rank(ctx, q.Text, runDepth)
		if err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		run[q.ID] = ranked
	}
	return run, nil
}

// Figures measures a run against the judgements.
func (c *Collection) Figures(run Run) RankingFigures {
	var f RankingFigures
	for _, q := range c.Queries {
		ranked, ok := run[q.ID]
		if !ok {
			continue
		}
		f.add(ids(ranked), c.Judged[q.ID])
	}
	for _, sum := range []*float64{&f.NDCG10, &f.MRR10, &f.Recall10, &f.Recall100, &f.SuccessAt1, &f.SuccessAt3} {
		*sum /= max(1, float64(f.Questions))
	}
	return f
}

func (f *RankingFigures) add(ranked []string, judged Judgements) {
	f.Questions++
	f.NDCG10 += NDCG(ranked, judged, 10)
	f.MRR10 += ReciprocalRank(ranked, judged, 10)
	f.Recall10 += Recall(ranked, judged, 10)
	f.Recall100 += Recall(ranked, judged, 100)
	f.SuccessAt1 += Success(ranked, judged, 1)
	f.SuccessAt3 += Success(ranked, judged, 3)
}

func ids(ranked []index.Ranked) []string {
	out := make([]string, len(ranked))
	for i, r := range ranked {
		out[i] = r.Passage
	}
	return out
}

// WriteRun writes a run in TREC's form, a line for each passage: question, Q0, passage, rank from 1, score, tag.
func (c *Collection) WriteRun(w io.Writer, run Run, tag string) error {
	for _, q := range c.Queries {
		for i, r := range run[q.ID] {
			if _, err := fmt.Fprintf(w, "%s Q0 %s %d %.6f %s\n", q.ID, r.Passage, i+1, r.Score, tag); err != nil {
				return fmt.Errorf("write run: %w", err)
			}
		}
	}
	return nil
}
