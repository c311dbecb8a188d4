package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestArrows keeps the house: what a room may not carry, by the packages that it links.
func TestArrows(t *testing.T) {
	for room, banned := range map[string][]string{
		"rapporteur/content":        {"github.com/blevesearch/bleve/v2", "github.com/slack-go/slack", "rapporteur/bot", "rapporteur/index"},
		"rapporteur/content/report": {"github.com/blevesearch/bleve/v2", "github.com/slack-go/slack", "rapporteur/bot", "rapporteur/index"},
		"rapporteur/index":          {"github.com/slack-go/slack", "rapporteur/bot"},
		"rapporteur/bot":            {"github.com/blevesearch/bleve/v2", "rapporteur/index", "rapporteur/bot/workspace"},
		"rapporteur/bot/receive":    {"github.com/blevesearch/bleve/v2", "rapporteur/index", "rapporteur/content", "rapporteur/bot"},
		"rapporteur/bot/workspace":  {"github.com/slack-go/slack", "github.com/blevesearch/bleve/v2", "rapporteur/bot", "rapporteur/index", "rapporteur/content"},
	} {
		out, err := exec.Command("go", "list", "-deps", room).Output()
		if err != nil {
			t.Fatalf("list what %s links: %v", room, err)
		}
		linked := strings.Fields(string(out))
		for _, b := range banned {
			if slices.Contains(linked, b) {
				t.Errorf("%s links %s, which its room may not hold", room, b)
			}
		}
	}
}
