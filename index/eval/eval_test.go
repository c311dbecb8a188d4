package eval_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"rapporteur/content"
	"rapporteur/index"
	"rapporteur/index/eval"
)

// answerer knows its answers by heart.
type answerer map[string]content.Answer

func (a answerer) Answer(_ context.Context, q content.Question) (content.Answer, error) {
	answer, ok := a[q.After+q.Text]
	if !ok {
		return answer, fmt.Errorf("nobody should ask %q after %q", q.Text, q.After)
	}
	return answer, nil
}

func shows(v content.Verdict, passages ...string) content.Answer {
	a := content.Answer{Verdict: v}
	for _, p := range passages {
		a.Excerpts = append(a.Excerpts, content.Excerpt{Citation: content.Citation{Passage: p}})
	}
	return a
}

func TestQuestions(t *testing.T) {
	questions, err := eval.ReadQuestions("q.jsonl", strings.NewReader(`
		{"id":"1","question":"first","kind":"x","gold":["a"]}
		{"id":"2","question":"third","kind":"x","gold":["a"],"gold_mode":"all"}
		{"id":"3","question":"fourth","kind":"x","gold":["a"]}
		{"id":"4","question":"any","kind":"y","gold":["a","z"],"gold_mode":"any"}
		{"id":"5","question":"all","kind":"y","gold":["a","z"],"gold_mode":"all"}
		{"id":"6","question":"list","kind":"y","gold":["a","b","c","d"],"gold_mode":"all"}
		{"id":"7","question":"refused","kind":"y","gold":["a"]}
		{"id":"8","question":"touched","kind":"y","gold":["a"]}
		{"id":"9","question":"up","after_question":"follow","kind":"y","gold":["a"]}
		{"id":"10","question":"silent","kind":"none","gold":[]}
		{"id":"11","question":"near","kind":"none","gold":[]}
		{"id":"12","question":"false","kind":"none","gold":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := eval.Questions(t.Context(), answerer{
		"first": shows(content.Answered, "a"), "third": shows(content.Answered, "b", "c", "a"), "fourth": shows(content.Answered, "b", "c", "d", "a"),
		"any": shows(content.Answered, "b", "z"), "all": shows(content.Answered, "a", "b"), "list": shows(content.Answered, "b", "a", "d", "c"),
		"refused": shows(content.None), "touched": shows(content.Related, "a"), "followup": shows(content.Answered, "a"),
		"silent": shows(content.None), "near": shows(content.Related, "a"), "false": shows(content.Answered, "a"),
	}, questions)
	if err != nil {
		t.Fatal(err)
	}
	want := eval.Tally{Answerable: 9, First: 5, Three: 6, Related: 1, None: 1, Unanswerable: 3, Refused: 2}
	if diff := cmp.Diff(want, got.All); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(eval.Tally{Answerable: 3, First: 1, Three: 2}, got.Kinds["x"]); diff != "" {
		t.Errorf("kind x (-want +got):\n%s", diff)
	}
	var misses []string
	for _, m := range got.Misses {
		misses = append(misses, m.ID+" "+m.What)
	}
	if diff := cmp.Diff([]string{"2 hit@1", "3 hit@3", "4 hit@1", "5 hit@3", "7 refused", "8 refused", "12 claimed"}, misses); diff != "" {
		t.Errorf("misses (-want +got):\n%s", diff)
	}
}

// small is a collection of four passages in BEIR's layout.
var small = fstest.MapFS{
	"corpus.jsonl": {Data: []byte(`{"_id":"p1","title":"Harbours","text":"The harbour of Zadar was deepened in 1905. Ships came from Ancona."}
{"_id":"p2","title":"Harbours","text":"No harbour on the coast is older than that of Pula."}
{"_id":"p3","title":"Bridges","text":"The bridge at Šibenik is four hundred metres long."}
{"_id":"p4","title":"Bridges","text":"A toll was paid until 1960."}
`)},
	"queries.jsonl": {Data: []byte(`{"_id":"q1","text":"When was the harbour of Zadar deepened?"}
{"_id":"q2","text":"How long is the bridge at Šibenik?"}
{"_id":"q3","text":"nobody judged this"}
`)},
	"qrels.tsv": {Data: []byte("query-id\tcorpus-id\tscore\nq1\tp1\t1\nq2\tp3\t1\nq2\tp4\t0\n")},
	"spans.jsonl": {Data: []byte(`{"id":"q1","passage":"p1","answers":[{"text":"1905","answer_start":37}]}
{"id":"q2","passage":"p3","answers":[{"text":"four hundred metres","answer_start":25}]}
`)},
}

func open(t *testing.T) (*eval.Collection, *index.Index) {
	t.Helper()
	c, err := eval.ReadCollection(small)
	if err != nil {
		t.Fatal(err)
	}
	x, err := index.Open(t.Context(), c.Corpus(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return c, x
}

func TestCollection(t *testing.T) {
	c, x := open(t)
	if n := len(c.Corpus().Documents); n != 2 {
		t.Errorf("%d documents; want one for each title", n)
	}
	run, err := c.Rank(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	want := eval.RankingFigures{Questions: 2, NDCG10: 1, MRR10: 1, Recall10: 1, Recall100: 1, SuccessAt1: 1, SuccessAt3: 1}
	if diff := cmp.Diff(want, c.Figures(run)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var text bytes.Buffer
	if err := c.WriteRun(&text, run, "tag"); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(text.String(), "\n")
	if !strings.HasPrefix(first, "q1 Q0 p1 1 ") || !strings.HasSuffix(first, " tag") || strings.Contains(text.String(), "q3") {
		t.Errorf("run:\n%s", text.String())
	}
}

func TestSpans(t *testing.T) {
	c, x := open(t)
	got, err := c.Excerpts(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	if got.Questions != 2 || got.First != 2 || got.Three != 2 || got.Silent != 0 || got.Words < 9 || got.Words > 11 {
		t.Errorf("%+v; want both answers in the first excerpt", got)
	}
}

func TestDrop(t *testing.T) {
	c, _ := open(t)
	rest, there, gone := c.Drop(0.5)
	again, _, _ := c.Drop(0.5)
	if diff := cmp.Diff(rest.Passages, again.Passages); diff != "" || len(rest.Passages) != 2 {
		t.Errorf("%d passages left, not the same ones each time:\n%s", len(rest.Passages), diff)
	}
	if len(there)+len(gone) != 2 {
		t.Errorf("%d there, %d gone; want the two judged questions", len(there), len(gone))
	}
	if _, there, gone := c.Drop(0); len(there) != 2 || len(gone) != 0 {
		t.Errorf("nothing dropped: %d there, %d gone", len(there), len(gone))
	}
}

func TestProblemsNameTheLine(t *testing.T) {
	broken := fstest.MapFS{}
	for name, file := range small {
		broken[name] = file
	}
	broken["queries.jsonl"] = &fstest.MapFile{Data: []byte("{\"_id\":\"q1\"}\nnonsense\n")}
	broken["qrels.tsv"] = &fstest.MapFile{Data: []byte("query-id\tcorpus-id\tscore\nq1\tp1\tgood\n")}
	_, err := eval.ReadCollection(broken)
	for _, want := range []string{"queries.jsonl, line 2", `grade "good"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s in it", err, want)
		}
	}
	if _, err := eval.ReadCollection(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "corpus.jsonl") {
		t.Errorf("of an empty folder: %v", err)
	}
}

// TestAbstain compares by confidence and by verdict.
func TestAbstain(t *testing.T) {
	high := []eval.Judged{{"1", 0.9, content.Answered}, {"2", 0.5, content.Answered}, {"3", 0.2, content.Related}}
	low := []eval.Judged{{"4", 0.5, content.Answered}, {"5", 0.1, content.None}}
	want := eval.AbstainFigures{Answerable: 3, Unanswerable: 2, AUC: 4.5 / 6, RefusedAt95: 0.5, RefusedAt90: 0.5, Claimed: 0.5, FalseRefusals: 1.0 / 3}
	if diff := cmp.Diff(want, eval.Abstain(high, low)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var text bytes.Buffer
	if err := eval.WriteScores(&text, low); err != nil || text.String() != "4\t0.500000\tanswered\n5\t0.100000\tnone\n" {
		t.Errorf("scores %q, %v", text.String(), err)
	}
}

// TestFit learns from samples of which one signal tells the answered from the others.
func TestFit(t *testing.T) {
	group := func(name string, answered bool, covers ...float64) eval.Group {
		g := eval.Group{Name: name}
		for _, c := range covers {
			g.Samples = append(g.Samples, eval.Sample{Signals: index.Signals{Cover: c}, Answered: answered})
		}
		return g
	}
	yes, no := group("yes", true, 0.9, 0.8, 0.7, 0.95), group("no", false, 0.1, 0.3, 0.2)
	c, err := eval.Fit([]eval.Group{yes, no}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, confidence := range yes.Confidences(c) {
		if confidence < c.Answered {
			t.Errorf("an answered one has %v, below %v", confidence, c.Answered)
		}
	}
	for _, confidence := range no.Confidences(c) {
		if confidence >= c.Related {
			t.Errorf("one of the others has %v, from %v on it is related", confidence, c.Related)
		}
	}
	if _, err := eval.Fit(nil, 1); err == nil {
		t.Error("learnt from nothing")
	}
}
