package bot

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapporteur/content"
)

var update = flag.Bool("update", false, "write the goldens under testdata anew")

// answererFunc is an Answerer made of one function.
type answererFunc func(content.Question) (content.Answer, error)

func (f answererFunc) Answer(_ context.Context, q content.Question) (content.Answer, error) {
	return f(q)
}

// sideEvent is a small report that has lettered conclusions and lettered questions, as the embedded one has.
func sideEvent() *content.Document {
	return document("side-event", "Countering Migrant Smuggling", content.Summary,
		section("The event", para("hosts", "The Government of Turkey organized the side event. IOM and UNODC co-hosted it."),
			para("participants", "Around 50 representatives took part.")),
		section("Panel questions", para("questions", "The report gathers what was said on two questions:"),
			point(content.Panel, "a", "Which recommendations could go into the compact?"),
			point(content.Panel, "b", "In what ways can data and research help?")),
		section("Main conclusions", para("conclusions", "The main conclusions are the following:"),
			point(content.Conclusion, "a", "The cooperation measures of the Convention should be used more."),
			point(content.Conclusion, "b", "Judicial cooperation and joint investigation belong to a holistic approach, one that offers migrants effective alternatives to smuggling."),
			point(content.Conclusion, "c", "The capacity of human resources needs strengthening.")))
}

// review is a report in its own words, with numbered recommendations.
func review() *content.Document {
	d := document("review", "Universal Periodic Review", content.Verbatim,
		section("Recommendations", para("intro", "The recommendations below will be examined:"),
			point(content.Recommendation, "115.1", "Ratify the Protocol against the Smuggling of Migrants (Turkey);"),
			point(content.Recommendation, "115.2", "Strengthen judicial cooperation (Norway);")))
	d.Source = ""
	return d
}

func document(id, title string, origin content.Origin, sections ...*content.Section) *content.Document {
	d := &content.Document{
		ID: id, Title: title, Publisher: "IOM", Date: "2018-06-08", Language: "en", Origin: origin,
		Source: "https://example.org/" + id, Sections: sections,
	}
	n := 0
	for p := range d.Passages() {
		n++
		p.Document, p.Paragraph = id, n
	}
	return d
}

func section(heading string, passages ...*content.Passage) *content.Section {
	for _, p := range passages {
		p.Section = []string{heading}
		if p.IsPoint() {
			p.LeadIn = passages[0].Text
		}
	}
	return &content.Section{ID: strings.ToLower(strings.ReplaceAll(heading, " ", "-")), Heading: heading, Level: 1, Passages: passages}
}

func para(id, text string) *content.Passage {
	return &content.Passage{ID: id, Text: text, Kind: content.Paragraph}
}

func point(kind content.Kind, label, text string) *content.Passage {
	return &content.Passage{ID: string(kind) + "-" + label, Text: text, Kind: kind, Label: label, Mark: "(" + label + ")"}
}

func corpus(documents ...*content.Document) *content.Corpus {
	return &content.Corpus{Documents: documents}
}

// excerpt quotes a passage of a corpus, marking a word.
func excerpt(c *content.Corpus, document, passage, word string) content.Excerpt {
	e := c.Excerpt(c.Document(document).Passage(passage))
	if at := strings.Index(e.Text, word); word != "" && at >= 0 {
		e.Marks = []content.Mark{{Start: at, End: at + len(word)}}
	}
	return e
}

// byWords answers from the passages of a corpus that have the question's last word.
func byWords(c *content.Corpus) Answerer {
	return answererFunc(func(q content.Question) (content.Answer, error) {
		words := strings.Fields(strings.TrimRight(q.Text, "?"))
		word := words[len(words)-1]
		if word == "thanks!" {
			return content.Answer{Verdict: content.None, Small: true}, nil
		}
		a := content.Answer{Verdict: content.Answered}
		for p := range c.Passages() {
			if strings.Contains(p.Text, word) && (!q.Points || p.IsPoint()) {
				a.Excerpts = append(a.Excerpts, excerpt(c, p.Document, p.ID, word))
			}
		}
		if len(a.Excerpts) == 0 {
			d := c.Documents[0]
			return content.Answer{Verdict: content.None, Nearest: []content.Excerpt{excerpt(c, d.ID, d.Sections[0].Passages[0].ID, "")}}, nil
		}
		return a, nil
	})
}

func conversation(documents ...*content.Document) *Conversation {
	c := corpus(documents...)
	return &Conversation{Corpus: c, Answerer: byWords(c)}
}

// golden compares with a file under testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; renew with go test -update):\n%s", name, diff)
	}
}

// shared finds a folder of data that stands beside the repository; the test is skipped where it isn't.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if found := filepath.Join(dir, "shared", path); exists(found) {
			return found
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skipf("no folder shared with %s above this one", path)
		}
		dir = up
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
