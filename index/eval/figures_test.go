package eval_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapporteur/content"
	"rapporteur/index"
	"rapporteur/index/eval"
)

var update = flag.Bool("update", false, "write the figures to the golden file")

// TestFigures measures the development collections, where they are at hand, so that a change of ranking or of the verdict shows
// in the diff of testdata/figures.txt. Write it with go test ./index/eval -run Figures -update.
func TestFigures(t *testing.T) {
	sets := os.DirFS(filepath.Join("..", "..", "..", "shared", "eval"))
	if _, err := fs.Stat(sets, "articles"); err != nil {
		t.Skip("the development sets are not here")
	}
	if racing {
		t.Skip("the race detector makes this take minutes; nothing here runs at once")
	}
	var got strings.Builder
	figuresOfAbstracts(t, sets, &got)
	figuresOfArticles(t, sets, &got)
	golden := filepath.Join("testdata", "figures.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("figures moved (-want +got):\n%s", diff)
	}
}

func figuresOfAbstracts(t *testing.T, sets fs.FS, out *strings.Builder) {
	c := read(t, sets, "cranfield")
	f := ranking(t, c, opened(t, c.Corpus()))
	fmt.Fprintf(out, "cranfield  %d questions: nDCG@10 %.3f, MRR@10 %.3f, recall@100 %.3f\n", f.Questions, f.NDCG10, f.MRR10, f.Recall100)
}

func figuresOfArticles(t *testing.T, sets fs.FS, out *strings.Builder) {
	c := read(t, sets, "articles")
	x := opened(t, c.Corpus())
	f := ranking(t, c, x)
	fmt.Fprintf(out, "articles   %d questions: nDCG@10 %.3f, MRR@10 %.3f, success@1 %.3f\n", f.Questions, f.NDCG10, f.MRR10, f.SuccessAt1)
	s, err := c.Excerpts(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(out, "           answers in the first excerpt %.3f, in one of three %.3f, refused %.3f, %d words in the median\n", s.FirstShare(),
		s.ThreeShare(), s.SilentShare(), s.Words)
	answerable := judged(t, x, c.Queries)
	for _, why := range []string{"about another subject", "near miss"} {
		abstention(out, why, answerable, judged(t, x, negatives(t, sets, why)))
	}
	rest, there, gone := c.Drop(0.3)
	x = opened(t, rest.Corpus())
	abstention(out, "paragraph gone", judged(t, x, there), judged(t, x, gone))
}

func abstention(out *strings.Builder, why string, answerable, others []eval.Judged) {
	f := eval.Abstain(answerable, others)
	fmt.Fprintf(out, "           %s: AUC %.3f, refused at 95 %% answered %.3f, claimed %.3f, false refusals %.3f\n", why, f.AUC, f.RefusedAt95,
		f.Claimed, f.FalseRefusals)
}

func read(t *testing.T, sets fs.FS, name string) *eval.Collection {
	t.Helper()
	dir, err := fs.Sub(sets, name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := eval.ReadCollection(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func opened(t *testing.T, corpus *content.Corpus) *index.Index {
	t.Helper()
	x, err := index.Open(t.Context(), corpus, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func ranking(t *testing.T, c *eval.Collection, x *index.Index) eval.RankingFigures {
	t.Helper()
	run, err := c.Rank(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return c.Figures(run)
}

func judged(t *testing.T, x *index.Index, questions []eval.Query) []eval.Judged {
	t.Helper()
	out, err := eval.Judge(t.Context(), x, questions)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func negatives(t *testing.T, sets fs.FS, why string) []eval.Query {
	t.Helper()
	file, err := sets.Open("articles/unanswerable.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := eval.ReadNegatives("unanswerable.jsonl", file)
	if err != nil {
		t.Fatal(err)
	}
	var out []eval.Query
	for _, n := range all {
		if n.Why == why {
			out = append(out, eval.Query{ID: n.ID, Text: n.Text})
		}
	}
	return out
}
