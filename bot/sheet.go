package bot

import (
	"strconv"

	"github.com/slack-go/slack"
)

// Limits of a message and of a modal. Slack documents 50 and 100 blocks and 3,000 characters for the text of a section;
// it documents nothing for rich text, nor that a message with about 13,200 characters over all its blocks is refused
// (measured, slackapi/bolt-js#2509): we stay below both. A view may have 250 kB (docs.slack.dev, views.open).
const (
	maxBlocks      = 50
	maxMessageText = 12000
	maxBlockText   = 2900
	maxHeader      = 150
	maxModalTitle  = 24
	maxModalBlocks = 90
	maxModalBytes  = 200_000
)

// sheet is a message in the making: the blocks so far, and what Slack still has room for.
type sheet struct {
	blocks []slack.Block
	left   int // blocks
	room   int // characters
}

// add puts blocks on the sheet if there is room for all of them.
func (s *sheet) add(blocks ...slack.Block) bool {
	n := 0
	for _, b := range blocks {
		n += blockSize(b)
	}
	if len(blocks) > s.left || n > s.room {
		return false
	}
	s.blocks = append(s.blocks, blocks...)
	s.left -= len(blocks)
	s.room -= n
	return true
}

// paragraph makes a block of one paragraph.
func paragraph(line inline) slack.Block {
	return slack.NewRichTextBlock("", slack.NewRichTextSection(line...))
}

// paragraphs makes a block of several, leaving out the empty ones.
func paragraphs(lines ...inline) slack.Block {
	b := slack.NewRichTextBlock("")
	for _, line := range lines {
		if len(line) > 0 {
			b.Elements = append(b.Elements, slack.NewRichTextSection(line...))
		}
	}
	return b
}

// buttons makes a block of those buttons that there are; nil for none.
func buttons(elements ...slack.BlockElement) *slack.ActionBlock {
	b := slack.NewActionBlock("")
	for _, e := range elements {
		if e != nil {
			b.Elements.ElementSet = append(b.Elements.ElementSet, e)
		}
	}
	if len(b.Elements.ElementSet) == 0 {
		return nil
	}
	return b
}

// blockSize counts the characters that a block shows.
func blockSize(b slack.Block) int {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		return length(b.Text.Text)
	case *slack.RichTextBlock:
		n := 0
		for _, e := range b.Elements {
			n += elementSize(e)
		}
		return n
	case *slack.ActionBlock:
		n := 0
		for _, e := range b.Elements.ElementSet {
			if button, ok := e.(*slack.ButtonBlockElement); ok {
				n += length(button.Text.Text)
			}
		}
		return n
	}
	return 0
}

func elementSize(e slack.RichTextElement) int {
	switch e := e.(type) {
	case *slack.RichTextSection:
		return size(e.Elements)
	case *slack.RichTextQuote:
		return size(e.Elements)
	case *slack.RichTextList:
		n := 0
		for _, item := range e.Elements {
			n += elementSize(item)
		}
		return n
	}
	return 0
}

// numbered gives each block an ID of its own, by its place.
func numbered(blocks []slack.Block) []slack.Block {
	for i, b := range blocks {
		id := "block-" + strconv.Itoa(i+1)
		switch b := b.(type) {
		case *slack.HeaderBlock:
			b.BlockID = id
		case *slack.RichTextBlock:
			b.BlockID = id
		case *slack.ActionBlock:
			b.BlockID = id
		}
	}
	return blocks
}
