package index_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"rapporteur/content"
	"rapporteur/content/report"
	"rapporteur/index"
)

func embedded(t testing.TB) *index.Index { return build(t, open(t, report.FS()), "") }

func open(t testing.TB, fsys fs.FS) *content.Corpus {
	t.Helper()
	c, err := content.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func build(t testing.TB, c *content.Corpus, dir string) *index.Index {
	t.Helper()
	x, err := index.Open(context.Background(), c, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func passages(excerpts []content.Excerpt) []string {
	var ids []string
	for _, e := range excerpts {
		ids = append(ids, e.Citation.Passage)
	}
	return ids
}

// TestAnswers asks the embedded report. want is the first passage, or all of them where the answer is a list.
func TestAnswers(t *testing.T) {
	x := embedded(t)
	for _, test := range []struct {
		ask, after string
		want       string
		verdict    content.Verdict
	}{
		{"Who organised the side event?", "", "hosts", content.Answered},
		{"when did the event take place?", "", "venue", content.Answered},
		{"how many participants?", "", "participants", content.Answered},
		{"what does conclusion (b) say?", "", "conclusion-b", content.Answered},
		{"show me recommendation c", "", "conclusion-c", content.Answered},
		{"what was question 2?", "", "question-b", content.Answered},
		{"the last conclusion", "", "conclusion-d", content.Answered},
		{"all conclusions", "", "conclusion-a conclusion-b conclusion-c conclusion-d", content.Answered},
		{"what are the three questions?", "", "question-a question-b question-c", content.Answered},
		{"and c?", "/recommendation b", "conclusion-c", content.Answered},
		{"the next one", "what is conclusion (a)?", "conclusion-b", content.Answered},
		{"where?", "When did the event take place?", "venue", content.Answered},
		{"judical coperation", "", "conclusion-b", content.Answered},
		{"UNTOC", "", "conclusion-a", content.Answered},
		{"flux financiers", "", "conclusion-d", content.Answered},
		{"what does it say about trafficking in persons?", "", "", content.None},
		{"¿Cuáles son las conclusiones?", "", "conclusion-a conclusion-b conclusion-c conclusion-d", content.Answered},
		{"give me every conclusion reached", "", "conclusion-a conclusion-b conclusion-c conclusion-d", content.Answered},
		{"was the event held in Geneva?", "", "venue", content.Answered},
		{"I heard over 300 delegates came, true?", "", "participants", content.Answered},
		{"who gave the opening statement?", "", "chapters", content.Related},
		{"how many pages does it have?", "", "published", content.Related},
		{"how many States are party to the smuggling protocol?", "", "state-duties", content.Related},
		{"how many chapters has it got?", "", "chapters", content.Answered}, // GoT is the Government of Turkey, got is not
		{"what about deep sea mining?", "", "", content.None},
		{"conclusion z", "", "", content.None},
		{"thanks!", "", "", content.None},
		{"", "", "", content.None},
	} {
		a, err := x.Answer(t.Context(), content.Question{Text: test.ask, After: test.after})
		if err != nil {
			t.Fatal(err)
		}
		got := passages(a.Excerpts)
		if !a.Whole && len(got) > 1 {
			got = got[:1]
		}
		if strings.Join(got, " ") != test.want || a.Verdict != test.verdict {
			t.Errorf("%q after %q: %s %v; want %s %s", test.ask, test.after, a.Verdict, got, test.verdict, test.want)
		}
	}
}

// TestMarks checks what is set in bold: the words asked for, and what may be the answer.
func TestMarks(t *testing.T) {
	x := embedded(t)
	for ask, want := range map[string][]string{
		"when did the side event take place?": {"side event took place", "4 September 2017"},
		"how many took part?":                 {"50", "took part"},
		"financial aspects":                   {"financial aspects"},
	} {
		a, err := x.Answer(t.Context(), content.Question{Text: ask})
		if err != nil || len(a.Excerpts) == 0 {
			t.Fatalf("%q: %v, %v", ask, a.Verdict, err)
		}
		var marked []string
		for _, m := range a.Excerpts[0].Marks {
			marked = append(marked, a.Excerpts[0].Text[m.Start:m.End])
		}
		for _, w := range want {
			if !strings.Contains(strings.Join(marked, "|"), w) {
				t.Errorf("%q marks %q; want %q", ask, marked, w)
			}
		}
	}
}

// TestCalibration checks that thresholds decide, and that a calibration for other signals is refused.
func TestCalibration(t *testing.T) {
	x := embedded(t)
	c, err := index.DefaultCalibration()
	if err != nil {
		t.Fatal(err)
	}
	for answered, want := range map[float64]content.Verdict{c.Answered: content.Answered, 0.9999: content.Related} {
		c.Answered = answered
		x.Calibrate(c)
		a, err := x.Answer(t.Context(), content.Question{Text: "what is said on judicial cooperation and extradition?"})
		if err != nil || a.Verdict != want || a.Confidence <= 0 || a.Confidence >= 1 {
			t.Errorf("answered from %v: %s with confidence %v, %v; want %s", answered, a.Verdict, a.Confidence, err, want)
		}
	}
	for _, text := range []string{`{`, `{"answered":0.2,"related":0.5}`, `{"answered":0.5,"related":0.2,"weights":{"luck":1}}`} {
		if _, err := index.ReadCalibration([]byte(text)); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

func TestMendedAndSmall(t *testing.T) {
	x := embedded(t)
	a, err := x.Answer(t.Context(), content.Question{Text: "jiont investgation"})
	if err != nil || a.ReadAs != "joint investigation" {
		t.Errorf("read as %q, %v", a.ReadAs, err)
	}
	if a, _ := x.Answer(t.Context(), content.Question{Text: "Thanks a lot!"}); !a.Small {
		t.Error("thanks are not taken for small talk")
	}
}

// TestNearestIsOnlyNearest checks that silence has no excerpts.
func TestNearestIsOnlyNearest(t *testing.T) {
	a, err := embedded(t).Answer(t.Context(), content.Question{Text: "use of social media by smuggling rings in Libya"})
	if err != nil || a.Verdict != content.None || len(a.Excerpts) > 0 || len(a.Nearest) > 3 {
		t.Errorf("%s with excerpts %v and nearest %v, %v", a.Verdict, passages(a.Excerpts), passages(a.Nearest), err)
	}
}

func TestPointsOnly(t *testing.T) {
	a, err := embedded(t).Answer(t.Context(), content.Question{Text: "protection and assistance", Points: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Concat(a.Excerpts, a.Nearest) {
		if e.Citation.Label == "" {
			t.Errorf("%s is no point", e.Citation.Passage)
		}
	}
}

// TestLanguages asks reports in other languages in their own.
func TestLanguages(t *testing.T) {
	text := func(language, words string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: T\ntext: verbatim\nlanguage: " + language + "\n---\n" + words + "\n")}
	}
	x := build(t, open(t, fstest.MapFS{
		"fr.md": text("fr", "Les autorités côtières ont construit trois digues.\n\nLe budget est public."),
		"de.md": text("de", "Die Gemeinden erhielten neue Sirenen.\n\nDer Hafen bleibt geschlossen."),
		"tr.md": text("tr", "Köyler yeni okullar açtı.\n\nLiman kapalı kaldı."),
		"en.md": text("en", "The harbour was deepened.\n\nNobody was moved."),
	}), "")
	for ask, want := range map[string]string{
		"digue construite": "fr", "neue Sirene": "de", "yeni okul": "tr", "deepening the harbor": "en",
	} {
		a, err := x.Answer(t.Context(), content.Question{Text: ask})
		all := slices.Concat(a.Excerpts, a.Nearest)
		if err != nil || len(all) == 0 || all[0].Citation.Document != want {
			t.Errorf("%q: %v %v; want %s", ask, a.Verdict, all, want)
		}
	}
}

// TestOnDisk checks that a large corpus is built once, opened again, and never met by other content.
func TestOnDisk(t *testing.T) {
	dir := t.TempDir()
	ask := func(marker string) string {
		x, err := index.Open(t.Context(), large(marker), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		a, err := x.Answer(t.Context(), content.Question{Text: marker})
		if err != nil || a.Verdict != content.Answered {
			t.Fatalf("%s: %s, %v", marker, a.Verdict, err)
		}
		return a.Excerpts[0].Text
	}
	stored := func() string {
		found, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(found) != 1 {
			t.Fatalf("stored %v; want one index", found)
		}
		return found[0]
	}
	ask("zebra")
	first := stored()
	if got := ask("zebra"); !strings.Contains(got, "zebra") || stored() != first {
		t.Errorf("opened again: %q in %s; want it in %s", got, stored(), first)
	}
	if got := ask("gazelle"); !strings.Contains(got, "gazelle") || stored() == first {
		t.Errorf("other content: %q in %s", got, stored())
	}
	if err := os.WriteFile(filepath.Join(stored(), "index_meta.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ask("gazelle") // rebuilt, for what is there can't be read
}

// large makes a corpus just above the size that is kept on disk, with one passage that holds the marker.
func large(marker string) *content.Corpus {
	s := &content.Section{}
	words := strings.Repeat("water and stone were carried over the long dry road to the market town ", 40)
	for n := 0; n*len(words) <= index.MemoryLimit; n++ {
		s.Passages = append(s.Passages, &content.Passage{ID: fmt.Sprint("p", n), Document: "d", Text: fmt.Sprintf("%s %d.", words, n), Kind: content.Paragraph, Paragraph: n + 1})
	}
	s.Passages[7].Text = "A " + marker + " was seen by the river."
	return &content.Corpus{Documents: []*content.Document{{ID: "d", Title: "T", Language: "en", Sections: []*content.Section{s}}}}
}

// FuzzAnswer holds the law: an excerpt is literally part of its passage, its marks lie inside it on letter boundaries and
// don't overlap, and nothing is quoted in silence.
func FuzzAnswer(f *testing.F) {
	c, err := content.Open(report.FS())
	if err != nil {
		f.Fatal(err)
	}
	x, err := index.Open(context.Background(), c, "")
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"who organized it?", "co-hosted U.N. 4th", "flux financiers", "tl;dr", "İstanbul’da göçmen", "ﬁnancial ﬂow", "a\x00b\xff", "من نظم", "conclusion (b"} {
		f.Add(s, "what is conclusion (a)?")
	}
	f.Fuzz(func(t *testing.T, text, after string) {
		a, err := x.Answer(t.Context(), content.Question{Text: text, After: after})
		if err != nil {
			t.Fatal(err)
		}
		if a.Verdict == content.None && len(a.Excerpts) > 0 || a.Verdict != content.None && len(a.Excerpts) == 0 {
			t.Errorf("%s with %d excerpts", a.Verdict, len(a.Excerpts))
		}
		for _, e := range slices.Concat(a.Excerpts, a.Nearest) {
			p := c.Document(e.Citation.Document).Passage(e.Citation.Passage)
			if e.Text == "" || !strings.HasPrefix(p.Text[e.Start:], e.Text) {
				t.Errorf("excerpt %q at %d is not in %q", e.Text, e.Start, p.Text)
			}
			at := 0
			for _, m := range e.Marks {
				if m.Start < at || m.End <= m.Start || m.End > len(e.Text) || !utf8.ValidString(e.Text[m.Start:m.End]) {
					t.Errorf("marks %v of %q", e.Marks, e.Text)
				}
				at = m.End
			}
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	x := embedded(b)
	questions := []string{"Who organised the side event?", "recs on human resources?", "what is said about money flows", "What was the budget?"}
	for i := 0; b.Loop(); i++ {
		if _, err := x.Answer(b.Context(), content.Question{Text: questions[i%len(questions)]}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen compares building in memory with opening what stands on disk, which MemoryLimit rests on.
func BenchmarkOpen(b *testing.B) {
	c := large("zebra")
	dir := b.TempDir()
	for name, where := range map[string]string{"built in memory": "", "opened from disk": dir} {
		b.Run(name, func(b *testing.B) {
			build(b, c, where) // for the first time, where it is kept
			for b.Loop() {
				x, err := index.Open(b.Context(), c, where)
				if err != nil {
					b.Fatal(err)
				}
				x.Close()
			}
		})
	}
}
