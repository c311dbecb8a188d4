package bot

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapporteur/content"
)

// lawful checks blocks against Slack's limits and our law: nothing in them pings, links, or breaks out of its place.
func lawful(t *testing.T, blocks []slack.Block, most, text int) {
	t.Helper()
	if len(blocks) > most {
		t.Errorf("%d blocks, want at most %d", len(blocks), most)
	}
	encoded, err := json.Marshal(slack.Blocks{BlockSet: blocks})
	if err != nil {
		t.Fatal(err)
	}
	roundTrip(t, encoded)
	var tree []map[string]any
	if err := json.Unmarshal(encoded, &tree); err != nil {
		t.Fatal(err)
	}
	total, ids := 0, map[string]bool{}
	for _, b := range tree {
		n := 0
		inspect(t, b, &n, ids)
		if b["type"] == "rich_text" && n > 2900 {
			t.Errorf("a block has %d characters of rich text", n)
		}
		total += n
	}
	if total > text {
		t.Errorf("%d characters, want at most %d", total, text)
	}
}

func roundTrip(t *testing.T, encoded []byte) {
	t.Helper()
	var back slack.Blocks
	if err := json.Unmarshal(encoded, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(encoded) {
		t.Errorf("blocks changed on the way through JSON:\n%s\n%s", encoded, again)
	}
}

// inspect walks through a block, and adds up its characters.
func inspect(t *testing.T, node any, n *int, ids map[string]bool) {
	t.Helper()
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			inspect(t, child, n, ids)
		}
	case map[string]any:
		for name, child := range node {
			if s, ok := child.(string); ok {
				inspectField(t, node, name, s, n, ids)
				continue
			}
			inspect(t, child, n, ids)
		}
		if elements, ok := node["elements"].([]any); ok && len(elements) == 0 {
			t.Errorf("%v has no elements", node["type"])
		}
	}
}

func inspectField(t *testing.T, node map[string]any, name, s string, n *int, ids map[string]bool) {
	t.Helper()
	harmless(t, s)
	switch name {
	case "type":
		if s == "mrkdwn" || s == "markdown" || s == "broadcast" || s == "usergroup" || s == "channel" {
			t.Errorf("an element of type %s", s)
		}
	case "text", "user_id":
		*n += length(s)
		if s == "" {
			t.Error("an empty text")
		}
	case "url":
		*n += length(s)
		if u, err := url.Parse(s); err != nil || (u.Scheme != "http" && u.Scheme != "https") {
			t.Errorf("a link to %q", s)
		}
	case "value":
		if length(s) > 2000 {
			t.Errorf("a button carries %d characters", length(s))
		}
	case "block_id", "action_id":
		if length(s) > 255 || ids[name+s] {
			t.Errorf("%s %.30q is too long or there twice", name, s)
		}
		ids[name+s] = true
	}
	if button, ok := node["text"].(map[string]any); ok && node["type"] == "button" && length(button["text"].(string)) > 75 {
		t.Errorf("a button says %q", button["text"])
	}
	if header, ok := node["text"].(map[string]any); ok && node["type"] == "header" && length(header["text"].(string)) > 150 {
		t.Errorf("a header says %q", header["text"])
	}
}

func harmless(t *testing.T, s string) {
	t.Helper()
	for _, bad := range []string{"<!", "<@", "<#", "<http"} {
		if strings.Contains(s, bad) {
			t.Errorf("%.80q has %q", s, bad)
		}
	}
	if !utf8.ValidString(s) {
		t.Errorf("%.80q is no UTF-8", s)
	}
	for _, r := range s {
		if r != '\n' && unicode.IsControl(r) || r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' {
			t.Errorf("%.80q has the character %U", s, r)
		}
	}
}

// plainFallback checks that nothing in a fallback pings, links or formats.
func plainFallback(t *testing.T, s string) {
	t.Helper()
	harmless(t, s)
	if length(s) > maxFallback {
		t.Errorf("the fallback has %d characters", length(s))
	}
	if i := strings.IndexAny(s, "*_~`<>"); i >= 0 || strings.Contains(s, "://") || emojiCode.MatchString(s) {
		t.Errorf("the fallback formats: %.80q", s)
	}
	entity := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "")
	if strings.Contains(entity.Replace(s), "&") {
		t.Errorf("the fallback has a broken entity: %.80q", s)
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, "&gt;") {
			t.Errorf("the fallback quotes: %.80q", line)
		}
	}
}

func FuzzReply(f *testing.F) {
	f.Add("<!channel>", "a <@U1> *b* <", "https://example.org/", 3, 1, 5, 40)
	f.Add("\u202E<\x01!here>", strings.Repeat("word. ", 1200), "javascript:x", 0, 9, 60, 1)
	f.Add("&lt;", strings.Repeat("<", 5000), "http://u:p@example.org", 2, 2, 2, 300)
	f.Add("\xff\xfe", "😀<", "https://example.org/<!x", -1, 5, 1, 13)
	f.Add("> q", ":fire: https://example.org", "https://"+strings.Repeat("e", 2000), 0, 1, 12, 0)
	f.Fuzz(func(t *testing.T, a, b, link string, from, to, excerpts, rows int) {
		if len(a)+len(b)+len(link) > 8_000 {
			t.Skip("long enough is long enough")
		}
		r := replyOf(a, b, link, from, to, abs(excerpts)%70, abs(rows)%400)
		lawful(t, Blocks(r), maxBlocks, maxMessageText)
		lawful(t, Shared(r, a), maxBlocks, maxMessageText)
		plainFallback(t, Fallback(r))
		for _, view := range []slack.ModalViewRequest{MoreModal(r), ContextModal(Around{Before: r.Excerpts, Asked: r.Nearest[0], After: r.Excerpts})} {
			lawful(t, view.Blocks.BlockSet, 100, 1<<20)
			if n := length(view.Title.Text); n == 0 || n > maxModalTitle {
				t.Errorf("a title of %d characters", n)
			}
			if encoded, err := json.Marshal(view); err != nil || len(encoded) > 250_000 {
				t.Errorf("a view of %d bytes, %v", len(encoded), err)
			}
		}
	})
}

func abs(n int) int { return max(n, -(n + 1)) }

// replyOf makes a reply of which every field is someone's words.
func replyOf(a, b, link string, from, to, excerpts, rows int) Reply {
	e := content.Excerpt{
		Text: b, LeadIn: a, Marks: []content.Mark{{Start: from, End: to}, {Start: to, End: to + 1}},
		Citation: content.Citation{
			Document: a, Passage: b, Title: a, Section: []string{a, b, a, b, a}, Kind: content.Kind(b), Label: a,
			Paragraph: from, Page: b, Link: link, Origin: content.Origin(a),
		},
	}
	r := Reply{
		Verdict: content.Verdict(a), Title: a, Lead: b, Hint: b, Try: []string{a, b, a, b, a}, Private: from%2 == 0,
		Nearest: []content.Excerpt{e}, More: []content.Excerpt{e}, Asked: Asked{Command: a, Text: b, After: b}, From: from, AskIn: a, Exchange: b,
	}
	for i := range excerpts {
		e.Citation.Origin = []content.Origin{content.Summary, content.Verbatim}[i%2]
		r.Excerpts = append(r.Excerpts, e)
	}
	for i := range rows {
		r.Rows = append(r.Rows, Row{Label: a, Text: b, Indent: i%11 - 1, Link: link})
	}
	return r
}

func FuzzCut(f *testing.F) {
	f.Add("One sentence. Another one. And a third", 20)
	f.Add("e\u0301\u0301\u0301\u0301", 2)
	f.Add("<!<@<#", 3)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = abs(limit) % 5000
		for name, cut := range map[string]func(string, int) int{"sentence": cutAtSentence, "word": cutAtWord} {
			at := cut(s, limit)
			if at < 0 || at > len(s) || length(clean(s[:at])) > limit {
				t.Errorf("%s: cut at %d of %d, to %d characters; want at most %d", name, at, len(s), length(clean(s[:at])), limit)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[:at]) {
				t.Errorf("%s: cut within a character", name)
			}
		}
		if twice := clean(clean(s)); twice != clean(s) {
			t.Errorf("cleaning twice: %q, once %q", twice, clean(s))
		}
	})
}
