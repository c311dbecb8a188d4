package content

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// TestRead reads the archives of testdata/read: a report, and its passages as a person would list them.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read(archive.Files[0].Name, archive.Files[0].Data)
		got := ""
		if err != nil {
			got = err.Error() + "\n"
		} else {
			got = dump(d)
		}
		if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

// dump lists a document's passages, a line each.
func dump(d *Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s | %s | %s | %s\n", d.ID, d.Title, d.Language, d.Origin)
	for p := range d.Passages() {
		fmt.Fprintf(&b, "%d %s [%s %q %q] page %q, %s\n  %s\n", p.Paragraph, p.ID, p.Kind, p.Label, p.Mark, p.Page, strings.Join(p.Section, " > "), p.Text)
		if p.LeadIn != "" {
			fmt.Fprintf(&b, "  led in by: %s\n", p.LeadIn)
		}
	}
	return b.String()
}

const front = "---\ntitle: T\ntext: verbatim\n---\n"

// TestBadFiles checks that all problems of all files are said, each with its line.
func TestBadFiles(t *testing.T) {
	for _, test := range []struct {
		name, file, want string
	}{
		{"no front matter", "# Heading\n\nText.\n", "r.md:1: no front matter: begin the file with a line ---, then title: and text:, then a line ---"},
		{"front matter not closed", "---\ntitle: T\n", "r.md:1: the front matter is not closed: end it with a line ---"},
		{"empty", " \n", "r.md: the file is empty: write the report into it, or take the file away"},
		{"not UTF-8", front + "a\xff\n", "r.md:5: this line is not valid UTF-8: save the file in the encoding UTF-8"},
		{"unclosed comment", front + "Text.\n\n<!-- page 3\n", "r.md:7: the comment <!-- is not closed: end it with -->"},
		{"two passages with one id", front + "One. {#x}\n\nTwo. {#x}\n", "r.md:7: the id x is taken by line 5 already: give one of the two another"},
		{"no text", front, "r.md:5: the report has no text: write at least one paragraph below the front matter"},
		{"nothing said", "---\npublisher: P\n---\nText.\n",
			"r.md:1: no title: add a line such as title: The name of the report\nr.md:1: want text: summary where the words are yours, or text: verbatim where they are the document's"},
		{"bad values", "---\ntitle: T\nlanguage: klingonese\nsource: ftp://x\ntext: mine\nid: A b\n---\nText.\n",
			"r.md:3: the language \"klingonese\" is not known: want a code such as en, fr or pt-BR\n" +
				"r.md:4: the source \"ftp://x\" is no link: want one that begins with https:// or http://\n" +
				"r.md:5: want text: summary where the words are yours, or text: verbatim where they are the document's\n" +
				"r.md:6: the id \"A b\" can't be used: " + idRule},
		{"unknown field", "---\ntitle: T\nlink: https://x\n---\nText.\n", "r.md:3: unknown field \"link\": the fields are " + frontMatterFields},
		{"heading without words", front + "#\n\nText.\n", "r.md:5: this heading has no words: write some, or take the # away"},
		{"bad anchor", front + "Text. {#Big Id}\n", "r.md:5: the anchor {#Big Id} is not of the form {#id} or {#id .kind}: " + idRule},
	} {
		_, err := Read("r.md", []byte(test.file))
		if err == nil {
			t.Errorf("%s: read without a problem", test.name)
			continue
		}
		if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestOpenReportsAllFiles(t *testing.T) {
	_, err := Open(fstest.MapFS{
		"a.md":          {Data: []byte("no front matter")},
		"b/c.md":        {Data: []byte(front + "One. {#x}\n\nTwo. {#x}\n")},
		"README.md":     {Data: []byte("not a report")},
		".hidden.md":    {Data: []byte("not a report")},
		"glossary.yaml": {Data: []byte("terms:\n  - name: A\n    aliases: [x]\n    never: [X]\n")},
	})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("Open: %v; want three problems", err)
	}
	for i, file := range []string{"a.md", "b/c.md", "glossary.yaml"} {
		if problems[i].File != file {
			t.Errorf("problem %d is in %s; want %s", i, problems[i].File, file)
		}
	}
}

func TestOpenWantsDifferentIDs(t *testing.T) {
	same := &fstest.MapFile{Data: []byte(front + "Text.\n")}
	_, err := Open(fstest.MapFS{"x/r.md": same, "y/r.md": same})
	if err == nil || !strings.Contains(err.Error(), "y/r.md:1: the id r is that of document") {
		t.Errorf("Open of two documents with one id: %v", err)
	}
	if _, err := Open(fstest.MapFS{}); err == nil {
		t.Error("Open of an empty folder: no error")
	}
}

// FuzzRead holds the laws of reading: no panic, ids unique, clean text, and every word of a passage from the file.
func FuzzRead(f *testing.F) {
	f.Add(front + "# H {#h .conclusion}\n\nLead:\n\n- (a) one {#a}\n- **(b)** *two*\n  1. deep\n\n<!-- page 2 --> x\n\n| a | b |\n|---|---|\n| c | d |\n")
	if model, err := os.ReadFile("report/counter-migrant-smuggling.md"); err == nil {
		f.Add(string(model))
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Read("f.md", []byte(text))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		n := 0
		for p := range d.Passages() {
			n++
			if p.ID == "" || seen[p.ID] || p.Paragraph != n {
				t.Errorf("passage %d has id %q (seen: %v) and number %d", n, p.ID, seen[p.ID], p.Paragraph)
			}
			seen[p.ID] = true
			if p.Text == "" || p.Text != clean(p.Text) {
				t.Errorf("text %q is not clean", p.Text)
			}
			cursor := 0
			for _, s := range Sentences(p.Text) {
				if s.Start < cursor || s.End <= s.Start || s.End > len(p.Text) || strings.TrimSpace(p.Text[cursor:s.Start]) != "" {
					t.Errorf("sentence %v of %q", s, p.Text)
				}
				cursor = s.End
			}
			if cursor != len(p.Text) {
				t.Errorf("sentences of %q end at %d", p.Text, cursor)
			}
		}
	})
}

func TestSentences(t *testing.T) {
	for _, want := range [][]string{
		{"One sentence."},
		{"First one.", "Second one!", "Third?"},
		{"See Art. 5 of the treaty.", "It applies."},
		{"States, e.g. Austria, agreed.", "Others did not."},
		{"Resolution No. 3 was adopted.", "It was short."},
		{"Dr. Haddad spoke.", "Then Mr. Lund did."},
		{"The U.N. Office spoke.", "It was brief."},
		{"It covers (a) training; (b) money; and (c) data."},
		{"12. The Special Rapporteur agrees.", "He adds a note."},
		{"Growth was 3.5 per cent.", "Prices fell."},
		{"It names boats, trucks, etc. and nothing else."},
		{"J. Lund wrote it.", "K. Berg read it."},
		{"Voir l'art. 4 du texte.", "Il est court."},
		{"Das gilt z.B. hier.", "Dort nicht."},
		{"هذا تقرير.", "هل هو قصير؟", "نعم."},
		{"これは報告です。", "短いです。"},
		{"“Is it so?” he asked.", "It was."},
	} {
		text := strings.Join(want, " ")
		var got []string
		for _, s := range Sentences(text) {
			got = append(got, text[s.Start:s.End])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
