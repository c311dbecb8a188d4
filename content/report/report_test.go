package report_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"rapporteur/content"
	"rapporteur/content/report"
)

func TestEmbeddedReport(t *testing.T) {
	c, err := content.Open(report.FS())
	if err != nil {
		t.Fatal(err)
	}
	d := c.Documents[0]
	if d.Origin != content.Summary || !strings.HasPrefix(d.Source, "https://publications.iom.int/") || d.Language != "en" {
		t.Errorf("origin %s, source %s, language %s", d.Origin, d.Source, d.Language)
	}
	points := map[content.Kind]string{}
	for _, p := range c.Points() {
		points[p.Kind] += p.Label
		if !strings.HasSuffix(p.LeadIn, ":") || p.ID != string(p.Kind)+"-"+p.Label {
			t.Errorf("point %s: lead-in %q", p.ID, p.LeadIn)
		}
	}
	if points[content.Conclusion] != "abcd" || points[content.Panel] != "abc" || len(points) != 2 {
		t.Errorf("points %v", points)
	}
	if len(c.Glossary.Terms) < 30 {
		t.Errorf("the glossary has %d terms", len(c.Glossary.Terms))
	}
}

// TestAllFacts holds the report against the list of facts, where that is at hand.
func TestAllFacts(t *testing.T) {
	facts, err := os.ReadFile("../../../shared/report/FACTS.md")
	if err != nil {
		t.Skip("the list of facts is not here")
	}
	c, err := content.Open(report.FS())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for p := range c.Passages() {
		ids[p.ID] = true
	}
	wanted := regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(string(facts), -1)
	for _, m := range wanted {
		if !ids[m[1]] {
			t.Errorf("no passage %s", m[1])
		}
	}
	if len(wanted) != len(ids) {
		t.Errorf("%d passages for %d facts", len(ids), len(wanted))
	}
}
