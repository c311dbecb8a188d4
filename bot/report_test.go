package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapporteur/content"
	"rapporteur/content/report"
)

// embedded holds the conversation about the report that the program carries.
func embedded(t *testing.T) *Conversation {
	t.Helper()
	c, err := content.Open(report.FS())
	if err != nil {
		t.Fatal(err)
	}
	return &Conversation{Corpus: c, Answerer: byWords(c)}
}

func TestEmbeddedReport(t *testing.T) {
	c := embedded(t)
	for line, want := range map[string]string{
		"/recommendation a":           "conclusion-a",
		"/recommendation B":           "conclusion-b",
		"/recommendation 3":           "conclusion-c",
		"/recommendation (d)":         "conclusion-d",
		"/recommendation question b":  "question-b",
		"/recommendation e":           "",
		"/recommendation question d":  "",
		"Recommendation (c)":          "conclusion-c",
		"question 2":                  "question-b",
		"/report the weather tomorow": "",
	} {
		r := replyTo(t, c, line)
		lawful(t, Blocks(r), maxBlocks, maxMessageText)
		plainFallback(t, Fallback(r))
		switch {
		case want == "" && r.Verdict != content.None:
			t.Errorf("%s: got verdict %s, want none", line, r.Verdict)
		case want != "" && (len(r.Excerpts) != 1 || r.Excerpts[0].Citation.Passage != want):
			t.Errorf("%s: got %v, want %s", line, r.Excerpts, want)
		}
	}
}

// Each passage of the report stands in its context, whole.
func TestEveryPassageHasItsContext(t *testing.T) {
	c := embedded(t)
	for p := range c.Corpus.Passages() {
		a, ok := c.Context(Ref{Document: p.Document, Passage: p.ID})
		if !ok || a.Asked.Text != p.Text {
			t.Errorf("%s: %v, %q", p.ID, ok, a.Asked.Text)
		}
		blocks := ContextModal(a).Blocks.BlockSet
		lawful(t, blocks, 100, 1<<20)
		if got := strings.Join(quotes(blocks), ""); got != p.Text {
			t.Errorf("%s: the modal has %q", p.ID, got)
		}
	}
}

func Example() {
	c, err := content.Open(report.FS())
	if err != nil {
		fmt.Println(err)
		return
	}
	conversation := Conversation{Corpus: c, Answerer: byWords(c)}
	reply, err := conversation.Line(context.Background(), "/recommendation b", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reply.Lead)
	fmt.Println(reply.Excerpts[0].Text)
	// Output:
	// This report has no separate list of recommendations; its main conclusions are lettered. This is conclusion (b).
	// Judicial cooperation and joint investigation belong to a holistic approach, one that offers migrants effective alternatives to smuggling.
}
