package bot

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"rapporteur/content"
)

// maxNeighbour bounds what is shown of a passage beside the one asked for, in characters: one block.
const maxNeighbour = 2000

// ContextModal shows a passage whole, between those that stand before and after it.
func ContextModal(a Around) slack.ModalViewRequest {
	before := neighbours(beforeHeading, a.Before, nil)
	asked := wholePassage(a.Asked)
	after := neighbours(afterHeading, a.After, a.Asked.Citation.Section)
	return modal(contextTitle, withinModal(before, asked, after))
}

// MoreModal shows the excerpts that a reply kept back.
func MoreModal(r Reply) slack.ModalViewRequest {
	title := orWord(oneLine(r.Title), moreTitle)
	r.Title = ""
	r.Private = false
	blocks := Blocks(r)
	if len(blocks) == 0 {
		return noticeModal(answerGone)
	}
	return modal(title, withinBytes(blocks))
}

// withinBytes returns as many blocks as a view may hold: characters that JSON escapes take up to six bytes, and what
// buttons carry counts too.
func withinBytes(blocks []slack.Block) []slack.Block {
	room := modalRoom{left: maxModalBlocks, bytes: maxModalBytes}
	for i, b := range blocks {
		if !room.take(b) {
			return blocks[:i]
		}
	}
	return blocks
}

// HomeTab is the bot's own page; with a way to the settings for who may change them.
func HomeTab(r Reply, editor bool) slack.HomeTabViewRequest {
	blocks := Blocks(r)
	if editor {
		blocks = numbered(append(blocks, buttons(button(openSettings, 1, settingsLabel, Asked{}))))
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// noticeModal shows one sentence.
func noticeModal(sentence string) slack.ModalViewRequest {
	return modal(noticeTitle, []slack.Block{paragraph(text(sentence, nil))})
}

func modal(title string, blocks []slack.Block) slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, shorten(s, maxModalTitle-1), false, false)
	}
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title), Close: plain(closeLabel), Blocks: slack.Blocks{BlockSet: numbered(blocks)},
	}
}

// withinModal joins the three parts of a modal. The passage asked for goes first into the room that there is: it is
// cut only when it alone is too long.
func withinModal(before, asked, after []slack.Block) []slack.Block {
	room := modalRoom{left: maxModalBlocks - len(before) - len(after) - 1, bytes: maxModalBytes}
	for _, b := range slices.Concat(before, after) {
		room.bytes -= jsonSize(b)
	}
	blocks := slices.Clone(before)
	for i, b := range asked {
		last := i == len(asked)-1
		if !room.take(b) && !last {
			// the last block, the citation, stands in any case: place was kept for it
			blocks = append(blocks, paragraph(text(continuesBeyond, italic())), asked[len(asked)-1])
			break
		}
		blocks = append(blocks, b)
	}
	return append(blocks, after...)
}

// modalRoom is what a view still has room for.
type modalRoom struct{ left, bytes int }

func (m *modalRoom) take(b slack.Block) bool {
	n := jsonSize(b)
	if m.left < 2 || m.bytes < n {
		return false
	}
	m.left--
	m.bytes -= n
	return true
}

func jsonSize(b slack.Block) int {
	encoded, err := json.Marshal(b)
	if err != nil {
		return maxModalBytes
	}
	return len(encoded)
}

// neighbours are the passages on one side. A section's heading stands where it begins.
func neighbours(heading string, passages []content.Excerpt, section []string) []slack.Block {
	var blocks []slack.Block
	for i, e := range passages[:min(len(passages), beside)] {
		lines := []inline{nil, nil, labelled(e, maxNeighbour)}
		if i == 0 {
			lines[0] = text(heading, bold())
		}
		if path := headings(e.Citation.Section); path != headings(section) {
			lines[1] = text(path, bold())
		}
		section = e.Citation.Section
		blocks = append(blocks, paragraphs(lines...))
	}
	return blocks
}

// labelled is a passage's words after its label.
func labelled(e content.Excerpt, limit int) inline {
	var line inline
	if e.Citation.Label != "" {
		line = text(shorten(bracketed(e.Citation.Label), maxTitle)+" ", bold())
	}
	words := e.Text
	if at := cutAtSentence(words, limit); at < len(words) {
		words = strings.TrimRight(words[:at], " ") + " …"
	}
	return append(line, text(words, nil)...)
}

// headings is a section path in a line.
func headings(path []string) string {
	var parts []string
	for _, heading := range path[max(0, len(path)-maxPath):] {
		parts = append(parts, shorten(heading, maxTitle))
	}
	return strings.Join(parts, " › ")
}

// wholePassage is the passage asked for, over as many blocks as it takes, and its citation as the last.
func wholePassage(e content.Excerpt) []slack.Block {
	blocks := []slack.Block{paragraphs(
		text(askedHeading, bold()), text(headings(e.Citation.Section), bold()),
		text(shorten(e.LeadIn, maxLeadIn-1), italic()),
	)}
	for rest := e.Text; rest != ""; {
		at := max(cutAtSentence(rest, maxBlockText), 1)
		if piece := text(rest[:at], nil); piece != nil {
			blocks = append(blocks, slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: piece}))
		}
		rest = rest[at:]
	}
	cited := append(citation(1, e.Citation), text(" · "+whoseWords(e.Citation.Origin), italic())...)
	return append(blocks, paragraph(cited))
}
