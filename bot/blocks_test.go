package bot

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"rapporteur/content"
)

func TestBlocks(t *testing.T) {
	one, several := conversation(sideEvent()), conversation(sideEvent(), review())
	mixed := Reply{Verdict: content.Answered, Excerpts: []content.Excerpt{
		excerpt(several.Corpus, "side-event", "conclusion-b", "Judicial cooperation"),
		excerpt(several.Corpus, "review", "recommendation-115.2", "judicial cooperation"),
	}}
	hostile := Reply{
		Verdict: content.Answered, Title: "<!channel> *t*", Lead: "<@U123> says &lt;!here&gt; :fire: <https://example.org|x>",
		Excerpts: []content.Excerpt{{
			Text: "a <!channel> b\u202Ec <#C1|d> `e` \x07<", Marks: []content.Mark{{Start: 2, End: 12}},
			Citation: content.Citation{Document: "<d>", Passage: "<p>", Title: "T <!here>", Link: "javascript:alert(1)", Page: "<12>"},
		}},
		Rows: []Row{{Label: "<!x>", Text: "*bold*", Link: "https://example.org/<!y>"}}, Private: true, Asked: Asked{Text: "<!channel>"},
	}
	for _, test := range []struct {
		name  string
		reply Reply
	}{
		{"answer", replyTo(t, one, "What about smuggling?")},
		{"silent", replyTo(t, one, "What about floods?")},
		{"point", replyTo(t, one, "/recommendation b")},
		{"points", replyTo(t, several, "/recommendation")},
		{"contents", replyTo(t, several, "/report contents")},
		{"about", replyTo(t, one, "/report about")},
		{"help", replyTo(t, one, "/report help")},
		{"more", replyTo(t, one, "every e")},
		{"mixed", mixed},
		{"hostile", hostile},
	} {
		t.Run(test.name, func(t *testing.T) {
			blocks := Blocks(test.reply)
			lawful(t, blocks, maxBlocks, maxMessageText)
			golden(t, "blocks/"+test.name+".json", indented(t, blocks))
			golden(t, "blocks/"+test.name+".txt", Fallback(test.reply))
		})
	}
	r := replyTo(t, one, "/report What about smuggling?")
	golden(t, "blocks/shared.json", indented(t, Shared(r, "U2147483697")))
	around, _ := one.Context(Ref{Document: "side-event", Passage: "conclusion-a"})
	golden(t, "blocks/context.json", indented(t, ContextModal(around)))
}

func replyTo(t *testing.T, c *Conversation, line string) Reply {
	t.Helper()
	r, err := c.Line(context.Background(), line, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func indented(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sentences makes a text of n characters, in sentences of twenty.
func sentences(n int) string {
	return strings.Repeat("Nineteen letters i. ", n/20+1)[:n]
}

func quoting(text string) Reply {
	return Reply{Verdict: content.Answered, Excerpts: []content.Excerpt{{
		Text: text, Citation: content.Citation{Document: "d", Passage: "p", Title: "T", Paragraph: 1},
	}}}
}

// quotes returns the words of the quotes among the blocks.
func quotes(blocks []slack.Block) []string {
	var all []string
	for _, b := range blocks {
		rich, ok := b.(*slack.RichTextBlock)
		if !ok {
			continue
		}
		for _, e := range rich.Elements {
			if q, ok := e.(*slack.RichTextQuote); ok {
				var s string
				for _, part := range q.Elements {
					s += part.(*slack.RichTextSectionTextElement).Text
				}
				all = append(all, s)
			}
		}
	}
	return all
}

// What one excerpt leaves to its words in a block: its citation is "[1] T › paragraph 1", its button "Show in context".
const ownWords = maxBlockText - len("[1] T ") - 1 - len(" paragraph 1") - len(showContextLabel)

func TestLongExcerptIsCutAtASentence(t *testing.T) {
	for _, test := range []struct {
		name, text, end string
	}{
		{"at the limit", sentences(ownWords), sentences(ownWords)[ownWords-10:]},
		{"one past it", sentences(ownWords + 1), "letters i. " + continuesInContext},
		{"very long", sentences(30_000), "letters i. " + continuesInContext},
		{"one sentence", strings.Repeat("word ", 1000), "word " + continuesInContext},
		{"one word", strings.Repeat("x", 5000), "x " + continuesInContext},
		{"one letter", "e" + strings.Repeat("\u0301", 5000), "\u0301 " + continuesInContext},
	} {
		t.Run(test.name, func(t *testing.T) {
			blocks := Blocks(quoting(test.text))
			lawful(t, blocks, maxBlocks, maxMessageText)
			got := quotes(blocks)
			if len(got) != 1 || !strings.HasSuffix(got[0], test.end) {
				t.Errorf("got %d quotes, the first ending %q; want the end %q", len(got), got[0][max(0, len(got[0])-60):], test.end)
			}
		})
	}
}

func TestManyExcerptsFit(t *testing.T) {
	for _, test := range []struct{ excerpts, letters, want int }{
		{3, 3000, 3}, {12, 400, 12}, {12, 5000, 12}, {20, 100, 20}, {23, 100, 23}, {24, 100, 23}, {60, 3000, 19},
	} {
		r := Reply{Verdict: content.Answered}
		for range test.excerpts {
			r.Excerpts = append(r.Excerpts, quoting(sentences(test.letters)).Excerpts...)
		}
		blocks := Blocks(r)
		lawful(t, blocks, maxBlocks, maxMessageText)
		got := len(quotes(blocks))
		if got != test.want {
			t.Errorf("%d excerpts of %d characters: got %d shown, want %d", test.excerpts, test.letters, got, test.want)
		}
		if said := strings.Contains(indented(t, blocks), "not fit here"); said != (got < test.excerpts) {
			t.Errorf("%d excerpts, %d shown: says so: %v", test.excerpts, got, said)
		}
	}
}

func TestManyRowsFit(t *testing.T) {
	for _, n := range []int{1, 100, 5000} {
		r := Reply{Verdict: content.Answered}
		for i := range n {
			r.Rows = append(r.Rows, Row{Label: "(a)", Text: sentences(100), Indent: i % 12})
		}
		blocks := Blocks(r)
		lawful(t, blocks, maxBlocks, maxMessageText)
		if said := strings.Contains(indented(t, blocks), "more that do not fit here"); said != (n > 110) {
			t.Errorf("%d rows: says that some are left out: %v", n, said)
		}
	}
}

func TestContextModal(t *testing.T) {
	whole := func(n int) Around {
		e := quoting(sentences(n)).Excerpts[0]
		beside := []content.Excerpt{e, e}
		return Around{Before: beside, Asked: e, After: beside}
	}
	for _, test := range []struct {
		letters int
		cut     bool
	}{{100, false}, {2900, false}, {30_000, false}, {150_000, false}, {400_000, true}} {
		view := ContextModal(whole(test.letters))
		lawful(t, view.Blocks.BlockSet, 100, 1<<20)
		encoded := indented(t, view)
		if len(encoded) > 250_000 {
			t.Errorf("%d characters: the view has %d bytes", test.letters, len(encoded))
		}
		if cut := strings.Contains(encoded, continuesBeyond); cut != test.cut {
			t.Errorf("%d characters: cut: %v", test.letters, cut)
		}
		got := strings.Join(quotes(view.Blocks.BlockSet), "")
		if want := sentences(test.letters); got != want && !test.cut {
			t.Errorf("%d characters: got %d of the passage's words", test.letters, len(got))
		}
		if length(view.Title.Text) > maxModalTitle {
			t.Errorf("title %q is too long", view.Title.Text)
		}
	}
}

func TestButtonsCarryWhatWasAsked(t *testing.T) {
	for _, asked := range []Asked{
		{Text: "who?"},
		{Command: "/recommendation", Text: strings.Repeat(`"`, 800), After: strings.Repeat("a ", 400)},
		{Text: strings.Repeat("😀", 800), After: strings.Repeat("😀", 800)},
		{Text: strings.Repeat("<", 4000), After: strings.Repeat("\\", 900)},
	} {
		r := Reply{Verdict: content.Answered, Private: true, Asked: asked, Excerpts: quoting("x").Excerpts, More: quoting("y").Excerpts}
		found := 0
		for _, b := range Blocks(r) {
			actions, ok := b.(*slack.ActionBlock)
			if !ok {
				continue
			}
			for _, e := range actions.Elements.ElementSet {
				button := e.(*slack.ButtonBlockElement)
				if name := action(button.ActionID); name != share && name != moreExcerpts {
					continue
				}
				var got Asked
				if err := json.Unmarshal([]byte(button.Value), &got); err != nil || got.Text == "" || got.Command != asked.Command {
					t.Errorf("%s carries %.40q, %v", button.ActionID, button.Value, err)
				}
				found++
			}
		}
		if found != 2 {
			t.Errorf("%.40v: got %d buttons, want 2", asked, found)
		}
	}
}
