package main

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"

	"rapporteur/content"
	"rapporteur/index"
	"rapporteur/index/eval"
)

type evalCalibrate struct {
	Questions  []string `placeholder:"FILE" help:"Questions on the reports, as for eval questions."`
	Content    string   `help:"Folder of the reports that they are on; CONTENT_DIR or the embedded report without it."`
	Collection string   `placeholder:"DIR" help:"A collection in BEIR's layout as well."`
	Negatives  string   `placeholder:"FILE" help:"Questions that the collection does not answer, as for eval abstain."`
	Drop       float64  `default:"0.3" help:"Share of the collection's passages to take out for questions whose passage is gone."`
	Cost       float64  `default:"3" help:"What it costs to refuse a question that is answered, when a false claim costs 1."`
	To         string   `name:"to" placeholder:"FILE" help:"Write the calibration to this file instead of printing it; CALIBRATION names it to the bot."`
}

// Run measures all questions, fits a calibration and prints how each sort of questions fares with it.
func (e *evalCalibrate) Run(s *session) error {
	groups, err := e.onReports(s)
	if err != nil {
		return err
	}
	more, err := e.onCollection(s)
	if err != nil {
		return err
	}
	groups = append(groups, more...)
	c, err := eval.Fit(groups, e.Cost)
	if err != nil {
		return err
	}
	printGroups(s.err, c, groups)
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if e.To == "" {
		_, err = s.out.Write(text)
		return err
	}
	return os.WriteFile(e.To, text, 0o644)
}

func printGroups(out io.Writer, c index.Calibration, groups []eval.Group) {
	t := table(out, "questions", "searched", "answered", "related", "none")
	for _, g := range groups {
		answered, related := 0, 0
		for _, confidence := range g.Confidences(c) {
			switch {
			case confidence >= c.Answered:
				answered++
			case confidence >= c.Related:
				related++
			}
		}
		row(t, g.Name, len(g.Samples), answered, related, len(g.Samples)-answered-related)
	}
	t.Flush()
}

func (e *evalCalibrate) onReports(s *session) ([]eval.Group, error) {
	if len(e.Questions) == 0 {
		return nil, nil
	}
	x, err := s.openIndex(e.Content)
	if err != nil {
		return nil, err
	}
	defer x.Close()
	sorts := map[bool][]content.Question{}
	for _, name := range e.Questions {
		questions, err := readQuestions(name)
		if err != nil {
			return nil, err
		}
		for _, q := range questions {
			answered := len(q.Gold) > 0
			sorts[answered] = append(sorts[answered], content.Question{Text: q.Text, After: q.After})
		}
	}
	there, err := eval.Measure(s.ctx, x, "reports, answerable", true, sorts[true])
	if err != nil {
		return nil, err
	}
	gone, err := eval.Measure(s.ctx, x, "reports, unanswerable", false, sorts[false])
	return []eval.Group{there, gone}, err
}

func (e *evalCalibrate) onCollection(s *session) ([]eval.Group, error) {
	if e.Collection == "" {
		return nil, nil
	}
	c, err := eval.ReadCollection(os.DirFS(e.Collection))
	if err != nil {
		return nil, err
	}
	groups, err := e.measure(s, c, c.Queries, nil, e.Negatives)
	if err != nil {
		return nil, err
	}
	rest, there, gone := c.Drop(e.Drop)
	more, err := e.measure(s, rest, there, gone, "")
	return append(groups, more...), err
}

// measure asks a collection the questions that it answers and those that it doesn't.
func (e *evalCalibrate) measure(s *session, c *eval.Collection, there, gone []eval.Query, negatives string) ([]eval.Group, error) {
	x, err := s.collection(c)
	if err != nil {
		return nil, err
	}
	defer x.Close()
	sorts, err := unanswerable(gone, negatives)
	if err != nil {
		return nil, err
	}
	answered, err := eval.Measure(s.ctx, x, "collection, answerable", true, asQuestions(there))
	groups := []eval.Group{answered}
	for _, why := range slices.Sorted(maps.Keys(sorts)) {
		if err != nil {
			return nil, err
		}
		var g eval.Group
		g, err = eval.Measure(s.ctx, x, "collection, "+why, false, asQuestions(sorts[why]))
		groups = append(groups, g)
	}
	return groups, err
}

func asQuestions(queries []eval.Query) []content.Question {
	out := make([]content.Question, len(queries))
	for i, q := range queries {
		out[i] = content.Question{Text: q.Text}
	}
	return out
}
