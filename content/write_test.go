package content

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
)

func written(t testing.TB, d *Document) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWriteReadsBack holds the law on the archives and on the embedded report: what is written is read as the same
// document, and written again it is the same text.
func TestWriteReadsBack(t *testing.T) {
	texts := map[string]string{
		"hard.md": front + "1\\. FC won. {#a}\n\n3\\.5 million & \\*stars\\* &amp;amp; <b>bold</b> \\{#x}\n\n\\- no list\n\n# Recommendation on \\#5\n\nLead in:\n\n" +
			"- (a) One: <!-- page 3 -->\n  - deep\n  - deeper\n- (b) Two\n\n  more of two\n- (c) Three\n\n**Conclusion 4:** four\n\n12. Twelve.\n\n## Deep {#d .decision}\n\n- (x) X {#y .item}\n",
	}
	archives, _ := filepath.Glob("testdata/read/*.txtar")
	for _, file := range archives {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(archive.Files[0].Data)
	}
	model, err := os.ReadFile("report/counter-migrant-smuggling.md")
	if err != nil {
		t.Fatal(err)
	}
	texts["counter-migrant-smuggling.md"] = string(model)
	for name, text := range texts {
		d, err := Read(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		first := written(t, d)
		again, err := Read("x.md", []byte(first))
		if err != nil {
			t.Errorf("%s: written form can't be read: %v\n%s", name, err, first)
			continue
		}
		if diff := cmp.Diff(d, again, cmpopts.IgnoreFields(Passage{}, "Line")); diff != "" {
			t.Errorf("%s (-read +written and read):\n%s\n%s", name, diff, first)
		}
		if second := written(t, again); second != first {
			t.Errorf("%s: written again it differs:\n%s", name, cmp.Diff(first, second))
		}
	}
}
