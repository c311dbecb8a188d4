package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"rapporteur/content"
)

// drawn writes a reply as lines, to be read in an archive.
func drawn(r Reply) string {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
	}
	excerpts := func(name string, all []content.Excerpt) {
		for _, e := range all {
			line(name, e.Citation.Document+"#"+e.Citation.Passage+" "+e.Text)
		}
	}
	line("verdict", string(r.Verdict))
	line("title", r.Title)
	line("lead", r.Lead)
	excerpts("excerpt", r.Excerpts)
	excerpts("more", r.More)
	excerpts("nearest", r.Nearest)
	for _, row := range r.Rows {
		line("row", strings.Repeat("  ", row.Indent)+strings.TrimSpace(row.Label+" "+row.Text))
	}
	line("hint", r.Hint)
	line("try", strings.Join(r.Try, " | "))
	return b.String()
}

func TestReplies(t *testing.T) {
	for _, test := range []struct {
		archive   string
		documents []*content.Document
	}{
		{"one.txtar", []*content.Document{sideEvent()}},
		{"several.txtar", []*content.Document{sideEvent(), review()}},
		{"pointless.txtar", []*content.Document{document("notes", "Notes", content.Verbatim, section("All", para("p", "Some words.")))}},
	} {
		t.Run(test.archive, func(t *testing.T) {
			archive, err := txtar.ParseFile("testdata/" + test.archive)
			if err != nil {
				t.Fatal(err)
			}
			c := conversation(test.documents...)
			for i, file := range archive.Files {
				line, after, _ := strings.Cut(file.Name, " after ")
				reply, err := c.Line(context.Background(), line, after)
				if err != nil {
					t.Errorf("%s: %v", file.Name, err)
				}
				archive.Files[i].Data = []byte(drawn(reply))
			}
			golden(t, test.archive, string(txtar.Format(archive)))
		})
	}
}

func TestRelatedAndWhole(t *testing.T) {
	c := corpus(sideEvent())
	all := []content.Excerpt{
		excerpt(c, "side-event", "conclusion-a", ""), excerpt(c, "side-event", "conclusion-b", ""),
		excerpt(c, "side-event", "conclusion-c", ""), excerpt(c, "side-event", "hosts", ""),
	}
	for _, test := range []struct {
		name                  string
		answer                content.Answer
		excerpts, more, lines int
		lead                  string
	}{
		{"three are shown", content.Answer{Verdict: content.Answered, Excerpts: all}, 3, 1, 0, ""},
		{"a whole list is", content.Answer{Verdict: content.Answered, Excerpts: all, Whole: true}, 4, 0, 0, ""},
		{"related", content.Answer{Verdict: content.Related, Excerpts: all[:1], ReadAs: "joint investigation"}, 1, 0, 0,
			"Read as: joint investigation. The report touches on this subject, but does not say what you asked. This is what comes nearest."},
		{"answered without excerpts is silent", content.Answer{Verdict: content.Answered}, 0, 0, 0,
			"The report is silent on this: what you asked is not in it."},
	} {
		t.Run(test.name, func(t *testing.T) {
			conversation := &Conversation{Corpus: c, Answerer: answererFunc(func(content.Question) (content.Answer, error) { return test.answer, nil })}
			r, err := conversation.Ask(context.Background(), "what?", "")
			if err != nil || len(r.Excerpts) != test.excerpts || len(r.More) != test.more || r.Lead != test.lead {
				t.Errorf("got %d excerpts, %d more, lead %q, %v; want %d, %d, %q", len(r.Excerpts), len(r.More), r.Lead, err, test.excerpts, test.more, test.lead)
			}
		})
	}
}

func TestRecommendationNamedInPassing(t *testing.T) {
	c := corpus(sideEvent())
	conversation := &Conversation{Corpus: c, Answerer: answererFunc(func(content.Question) (content.Answer, error) {
		return content.Answer{Verdict: content.Answered, Excerpts: []content.Excerpt{excerpt(c, "side-event", "conclusion-c", "")}}, nil
	})}
	for question, want := range map[string]string{
		"show me recommendation c please": "This report has no separate list of recommendations; its main conclusions are lettered. This is conclusion (c).",
		"show me conclusion c please":     "",
		"what about human resources":      "",
	} {
		r, err := conversation.Ask(context.Background(), question, "")
		if err != nil || r.Lead != want {
			t.Errorf("%s: got %q, %v; want %q", question, r.Lead, err, want)
		}
	}
}

func TestFailureIsCalm(t *testing.T) {
	broken := errors.New("index closed")
	c := &Conversation{Corpus: corpus(sideEvent()), Answerer: answererFunc(func(content.Question) (content.Answer, error) {
		return content.Answer{}, broken
	})}
	for _, line := range []string{"who?", "/report who?", "/recommendation judicial cooperation"} {
		r, err := c.Line(context.Background(), line, "")
		if !errors.Is(err, broken) {
			t.Errorf("%s: got error %v, want %v", line, err, broken)
		}
		if r.Verdict != "" || r.Lead != tryAgain {
			t.Errorf("%s: got verdict %q, lead %q", line, r.Verdict, r.Lead)
		}
	}
}

func TestQuestionsAreCut(t *testing.T) {
	for _, test := range []struct {
		name, question string
		want           int // characters that the Answerer gets
		said           bool
	}{
		{"at the limit", strings.Repeat("word ", 159) + "words", 800, false},
		{"one past it", strings.Repeat("word ", 159) + "words!", 799 + 1, true},
		{"no blank", strings.Repeat("é", 801), 800, true},
		{"very long", strings.Repeat("word ", 8000), 799, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got string
			c := &Conversation{Corpus: corpus(sideEvent()), Answerer: answererFunc(func(q content.Question) (content.Answer, error) {
				got = q.Text
				return content.Answer{Verdict: content.None}, nil
			})}
			r, err := c.Ask(context.Background(), test.question, "")
			if err != nil || length(got) > test.want || length(got) < test.want-5 {
				t.Errorf("got %d characters, %v; want about %d", length(got), err, test.want)
			}
			if said := strings.Contains(r.Lead, questionCut); said != test.said {
				t.Errorf("got said %v, want %v", said, test.said)
			}
		})
	}
}

func TestFollowUpsReachTheAnswerer(t *testing.T) {
	var got []content.Question
	c := &Conversation{Corpus: corpus(sideEvent()), Answerer: answererFunc(func(q content.Question) (content.Answer, error) {
		got = append(got, q)
		return content.Answer{Verdict: content.None}, nil
	})}
	for _, line := range []string{"and c?", "/report and c?", "/recommendation and data?"} {
		if _, err := c.Line(context.Background(), line, "/recommendation b"); err != nil {
			t.Fatal(err)
		}
	}
	want := []content.Question{
		{Text: "and c?", After: "/recommendation b"}, {Text: "and c?", After: "/recommendation b"},
		{Text: "and data?", After: "/recommendation b", Points: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestContext(t *testing.T) {
	c := conversation(sideEvent())
	ids := func(all []content.Excerpt) (ids []string) {
		for _, e := range all {
			ids = append(ids, e.Citation.Passage)
		}
		return ids
	}
	for _, test := range []struct {
		passage       string
		before, after []string
		ok            bool
	}{
		{"conclusion-b", []string{"conclusions", "conclusion-a"}, []string{"conclusion-c"}, true},
		{"hosts", nil, []string{"participants", "questions"}, true},
		{"gone", nil, nil, false},
	} {
		a, ok := c.Context(Ref{Document: "side-event", Passage: test.passage})
		if ok != test.ok || cmp.Diff(test.before, ids(a.Before)) != "" || cmp.Diff(test.after, ids(a.After)) != "" {
			t.Errorf("%s: got %v %v %v", test.passage, ok, ids(a.Before), ids(a.After))
		}
	}
	if _, ok := c.Context(Ref{Document: "gone", Passage: "hosts"}); ok {
		t.Error("a document that isn't there has a context")
	}
}

func TestMore(t *testing.T) {
	c := conversation(sideEvent())
	r, err := c.Ask(context.Background(), "all of the e", "")
	if err != nil || len(r.Excerpts) != 3 || len(r.More) == 0 {
		t.Fatalf("got %d excerpts and %d more, %v", len(r.Excerpts), len(r.More), err)
	}
	more, err := c.More(context.Background(), r.Asked)
	if err != nil || more.From != 3 || cmp.Diff(r.More, more.Excerpts) != "" || len(more.More) != 0 {
		t.Errorf("got %d from %d, %v", len(more.Excerpts), more.From, err)
	}
}

func TestWhatIsRemembered(t *testing.T) {
	for _, test := range []struct {
		asked Asked
		want  string
	}{
		{Asked{Text: "who?"}, "who?"},
		{Asked{Command: "/report", Text: "who?"}, "who?"},
		{Asked{Command: "/report", Text: "Contents"}, ""},
		{Asked{Command: "/report"}, ""},
		{Asked{Command: "/recommendation"}, "/recommendation"},
		{Asked{Command: "/recommendation", Text: "b"}, "/recommendation b"},
		{Asked{Text: "help"}, ""},
	} {
		if got := test.asked.Question(); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.asked, got, test.want)
		}
	}
}
