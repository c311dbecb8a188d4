package workspace

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	// messageText is the most that text may hold; [ref] chat.postMessage: "no more than 40,000 characters or risk
	// truncation", and its error msg_too_long.
	messageText = 40000
	// updateText is the most that chat.update's text may hold, in bytes, after &, < and > are escaped; reported in
	// gitlab-org/gitlab merge request 258898.
	updateText = 4000
	// blocksText is how much text all blocks of a message may hold together. Undocumented; bolt-js#2509 measured 13,297
	// with markdown alone and 13,172 with one divider more, metabase#79908 and #80652 about 13,200.
	blocksText = 13200
	// tableText is how much all tables of a message may hold; getnao/nao#1178.
	tableText = 10000
	// attachmentsMost is [ref] chat.postMessage, too_many_attachments.
	attachmentsMost = 100
)

// body is what a message is to say.
type body struct {
	text         string
	blocks, sent json.RawMessage
	attachments  json.RawMessage
	metadata     json.RawMessage
}

// checkBody says what Slack would say against a message.
func (r rules) checkBody(b body) error {
	if err := r.checkBlocks(b.blocks); err != nil {
		return err
	}
	var attachments []any
	if b.attachments != nil && json.Unmarshal(b.attachments, &attachments) != nil {
		return refusal{code: "invalid_attachments"}
	}
	switch {
	case len(attachments) > attachmentsMost:
		return refusal{code: "too_many_attachments"}
	case utf8.RuneCountInString(b.text) > messageText:
		return refusal{code: "msg_too_long"}
	case strings.TrimSpace(b.text) == "" && empty(b.blocks) && len(attachments) == 0:
		return refusal{code: "no_text"}
	}
	return nil
}

// checkBlocks wants an array of blocks that a message may have. invalid_blocks_format is for what is no array of objects
// ([ref] chat.update), invalid_blocks for the rest.
func (r rules) checkBlocks(raw json.RawMessage) error {
	if raw == nil {
		return nil
	}
	var each []map[string]any
	if json.Unmarshal(raw, &each) != nil {
		return refusal{code: "invalid_blocks_format"}
	}
	v, _ := run(r.message, "/blocks", raw)
	tally := count(each)
	switch {
	case len(v.faults) > 0:
		return refusal{code: "invalid_blocks", messages: v.messages()}
	case tally.markdown > markdownMost || tally.table > tableText || tally.tables > 1:
		return refusal{code: "invalid_blocks", messages: tally.faults()}
	case tally.text > blocksText:
		return refusal{code: "msg_blocks_too_long"}
	}
	return nil
}

// tally is how many characters of text a message's blocks hold, and how many of these in markdown and table blocks.
type tally struct{ text, markdown, table, tables int }

func count(blocks []map[string]any) tally {
	var t tally
	for _, b := range blocks {
		n := characters(b)
		t.text += n
		switch b["type"] {
		case "markdown":
			t.markdown += n
		case "table":
			t.table += n
			t.tables++
		}
	}
	return t
}

// faults words the limits that hold for a message as a whole; [docs] blocks/markdown-block ("cumulative limit for all
// markdown blocks in a single payload") and …/table-block ("one table per message").
func (t tally) faults() []string {
	v := &verdict{}
	if t.markdown > markdownMost {
		v.refuse("/blocks", "must be less than %d characters", markdownMost+1)
	}
	if t.table > tableText {
		v.refuse("/blocks", "must be less than %d characters", tableText+1)
	}
	if t.tables > 1 {
		v.refuse("/blocks", "only one table allowed")
	}
	return v.messages()
}

// characters counts what stands under "text" anywhere in a value: text objects, markdown, the words of rich text.
func characters(value any) int {
	n := 0
	switch value := value.(type) {
	case []any:
		for _, m := range value {
			n += characters(m)
		}
	case map[string]any:
		for key, m := range value {
			if s, ok := m.(string); ok && key == "text" {
				n += utf8.RuneCountInString(s)
			}
			n += characters(m)
		}
	}
	return n
}

// escaped is how many bytes a text has once it is escaped; what is escaped already stays as it is.
func escaped(s string) int {
	return len(strings.NewReplacer("&amp;", "&amp;", "&lt;", "&lt;", "&gt;", "&gt;",
		"&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s))
}

func empty(raw json.RawMessage) bool {
	var members []json.RawMessage
	return raw == nil || json.Unmarshal(raw, &members) == nil && len(members) == 0
}
