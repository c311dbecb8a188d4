package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"rapporteur/bot"
	"rapporteur/content"
	"rapporteur/index/eval"
)

type evalCommand struct {
	Questions  evalQuestions  `cmd:"" help:"Ask questions whose passages are known of the reports, and count how they were answered."`
	Collection evalCollection `cmd:"" help:"Rank the passages of a collection in BEIR's layout, and measure the ranking."`
	Abstain    evalAbstain    `cmd:"" help:"Measure how well questions that a collection answers are told from those that it doesn't."`
	Calibrate  evalCalibrate  `cmd:"" help:"Learn from questions how sure an answer must be, and print the calibration."`
	Spans      evalSpans      `cmd:"" help:"Measure how often excerpts hold the words that answer."`
}

type evalQuestions struct {
	File    string `arg:"" help:"JSON lines of {\"id\",\"question\",\"kind\",\"gold\":[\"passage id\"],\"gold_mode\",\"after_question\"}."`
	Content string `help:"Folder of the reports asked; CONTENT_DIR or the embedded report without it."`
	Misses  bool   `help:"List the questions that did not go as wanted."`
}

// Run asks and prints a line for each kind of question.
func (e *evalQuestions) Run(s *session) error {
	questions, err := readQuestions(e.File)
	if err != nil {
		return err
	}
	c, err := s.settings()
	if err != nil {
		return err
	}
	if e.Content != "" {
		c.contentDir = e.Content
	}
	conversation, closeIndex, err := s.openWith(c)
	if err != nil {
		return err
	}
	defer closeIndex()
	figures, err := eval.Questions(s.ctx, lines{conversation}, questions)
	if err != nil {
		return err
	}
	e.print(s.out, figures)
	return nil
}

func readQuestions(name string) ([]eval.Question, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return eval.ReadQuestions(name, file)
}

// lines asks a conversation as its line for typing does, so that slash commands are understood.
type lines struct{ *bot.Conversation }

// Answer implements [eval.Answerer].
func (l lines) Answer(ctx context.Context, q content.Question) (content.Answer, error) {
	r, err := l.Line(ctx, q.Text, q.After)
	return content.Answer{Verdict: r.Verdict, Excerpts: slices.Concat(r.Excerpts, r.More), Nearest: r.Nearest}, err
}

func (e *evalQuestions) print(out io.Writer, f eval.QuestionFigures) {
	t := table(out, "kind", "answerable", "hit@1", "hit@3", "false refusals", "unanswerable", "refused")
	for _, kind := range slices.Sorted(maps.Keys(f.Kinds)) {
		tallyRow(t, kind, f.Kinds[kind])
	}
	tallyRow(t, "all", f.All)
	t.Flush()
	if !e.Misses {
		return
	}
	fmt.Fprintln(out)
	t = table(out, "miss", "id", "verdict", "wanted", "shown", "question")
	for _, m := range f.Misses {
		shown := m.Shown[:min(4, len(m.Shown))]
		row(t, m.What, m.ID, m.Verdict, strings.Join(m.Gold, " "), strings.Join(shown, " "), m.Text)
	}
	t.Flush()
}

func tallyRow(t io.Writer, kind string, n eval.Tally) {
	row(t, kind, n.Answerable, part(n.HitAt1(), n.Answerable), part(n.HitAt3(), n.Answerable), part(n.FalseRefusals(), n.Answerable),
		n.Unanswerable, part(n.RefusedShare(), n.Unanswerable))
}

// part prints a share, or a dash for that of nothing.
func part(share float64, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", share)
}

type evalCollection struct {
	Dir string `arg:"" help:"Folder with corpus.jsonl, queries.jsonl and qrels.tsv."`
	To  string `name:"run" placeholder:"FILE" help:"Write the ranking to this file, 100 passages a question, in TREC's form."`
}

// Run ranks and prints the figures.
func (e *evalCollection) Run(s *session) error {
	c, x, err := s.openCollection(e.Dir)
	if err != nil {
		return err
	}
	defer x.Close()
	run, err := c.Rank(s.ctx, x)
	if err != nil {
		return err
	}
	f := c.Figures(run)
	t := table(s.out, "questions", "nDCG@10", "MRR@10", "recall@10", "recall@100", "success@1", "success@3")
	row(t, f.Questions, f.NDCG10, f.MRR10, f.Recall10, f.Recall100, f.SuccessAt1, f.SuccessAt3)
	t.Flush()
	return writeTo(e.To, func(w io.Writer) error { return c.WriteRun(w, run, "rapporteur") })
}

type evalAbstain struct {
	Dir       string  `arg:"" help:"Folder with corpus.jsonl, queries.jsonl and qrels.tsv."`
	Negatives string  `help:"JSON lines of {\"id\",\"question\",\"why\"}: questions that the collection does not answer."`
	Drop      float64 `help:"Take out this share of the passages, the same ones each time, and compare the questions whose passage is gone with the others."`
	Scores    string  `placeholder:"FILE" help:"Write id, confidence and verdict of each question to this file, parted by tabs."`
}

// Run asks both sorts of questions and prints a line for each group of the unanswerable.
func (e *evalAbstain) Run(s *session) error {
	c, err := eval.ReadCollection(os.DirFS(e.Dir))
	if err != nil {
		return err
	}
	rest, there, gone := c.Drop(e.Drop)
	groups, err := unanswerable(gone, e.Negatives)
	if err != nil {
		return err
	}
	x, err := s.collection(rest)
	if err != nil {
		return err
	}
	defer x.Close()
	answerable, err := eval.Judge(s.ctx, x, there)
	if err != nil {
		return err
	}
	all := answerable
	t := table(s.out, "unanswerable", "questions", "answerable", "AUC", "refused at 95 %", "at 90 %", "claimed", "false refusals")
	for _, why := range slices.Sorted(maps.Keys(groups)) {
		judged, err := eval.Judge(s.ctx, x, groups[why])
		if err != nil {
			return err
		}
		all = append(all, judged...)
		f := eval.Abstain(answerable, judged)
		row(t, why, f.Unanswerable, f.Answerable, f.AUC, f.RefusedAt95, f.RefusedAt90, f.Claimed, f.FalseRefusals)
	}
	t.Flush()
	return writeTo(e.Scores, func(w io.Writer) error { return eval.WriteScores(w, all) })
}

// unanswerable returns the questions that are not answered by why they aren't: those whose passage is gone, and those of a file,
// if one is named.
func unanswerable(gone []eval.Query, name string) (map[string][]eval.Query, error) {
	sorts := map[string][]eval.Query{}
	if len(gone) > 0 {
		sorts["passage gone"] = gone
	}
	if name == "" {
		return sorts, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	negatives, err := eval.ReadNegatives(name, file)
	for _, n := range negatives {
		sorts[n.Why] = append(sorts[n.Why], eval.Query{ID: n.ID, Text: n.Text})
	}
	return sorts, err
}

type evalSpans struct {
	Dir string `arg:"" help:"Folder with corpus.jsonl, queries.jsonl, qrels.tsv and spans.jsonl."`
}

// Run asks and prints how often the words that answer were quoted.
func (e *evalSpans) Run(s *session) error {
	c, x, err := s.openCollection(e.Dir)
	if err != nil {
		return err
	}
	defer x.Close()
	f, err := c.Excerpts(s.ctx, x)
	if err != nil {
		return err
	}
	t := table(s.out, "questions", "in the first", "in one of three", "silent", "words in the median")
	row(t, f.Questions, f.FirstShare(), f.ThreeShare(), f.SilentShare(), f.Words)
	return t.Flush()
}

// table starts a table with its head.
func table(out io.Writer, head ...any) *tabwriter.Writer {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(t, head...)
	return t
}

// row prints cells, shares with three digits.
func row(t io.Writer, cells ...any) {
	words := make([]string, len(cells))
	for i, c := range cells {
		words[i] = fmt.Sprint(c)
		if f, ok := c.(float64); ok {
			words[i] = fmt.Sprintf("%.3f", f)
		}
	}
	fmt.Fprintln(t, strings.Join(words, "\t"))
}

// writeTo writes to a file, if one is named.
func writeTo(name string, write func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
