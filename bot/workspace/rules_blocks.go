package workspace

import "maps"

// The limits of blocks: [docs] reference/block-kit/blocks, and slackapi/node-slack-sdk at 4322e14.
const (
	messageBlocks      = 50
	viewBlocks         = 100
	fieldsMost         = 10
	fieldMost          = 2000
	headerMost         = 150
	contextMost        = 10
	actionsMost        = 25
	contextActionsMost = 5
	markdownMost       = 12000 // of one markdown block, and of all of a message together
	labelMost          = 2000  // of an input block, and its hint
	tableRows          = 100
	tableCells         = 20
)

// rules are the checks of each surface, made once.
type rules struct{ message, modal, home check }

// newRules says which blocks stand where. markdown, table and context_actions are for messages alone ([docs], "Available
// in surfaces"). Blocks that chat.postMessage was reported to refuse (alert, card, plan and their kin, slack-go CHANGELOG
// 0.23.0) are no kinds here.
func newRules() rules {
	both := kinds{
		"section": section(), "divider": shape{"block_id": str(0, idMost)}.check, "header": header(),
		"context": contextBlock(), "actions": actions(), "image": imageBlock(), "input": input(), "rich_text": richText(),
	}
	message := maps.Clone(both)
	message["markdown"] = shape{"block_id": str(0, idMost), "!text": str(1, markdownMost)}.check
	message["context_actions"] = block(shape{
		"!elements": also(list(1, contextActionsMost, feedback().check), unique("action_id")),
	})
	message["table"] = table()
	return rules{
		message: blocks(messageBlocks, message.check),
		modal:   modal(blocks(viewBlocks, both.check)),
		home:    home(blocks(viewBlocks, both.check)),
	}
}

// blocks is the array of a surface. Two blocks may not share a block_id (slack-go#725, #823).
func blocks(most int, each check) check {
	return also(list(0, most, each), unique("block_id"))
}

// block is a block with the given keys.
func block(s shape) check { return s.with(shape{"block_id": str(0, idMost)}).check }

func section() check {
	accessories := elements()
	return also(block(shape{
		"text": text(textMost), "fields": list(1, fieldsMost, text(fieldMost)), "accessory": accessories.check,
		"expand": boolean,
	}), either("text", "fields", true))
}

func header() check { return block(shape{"!text": plain(headerMost)}) }

// contextBlock takes images and text objects. A text of it is a text object's, so 3,000 characters.
func contextBlock() check {
	inside := elements().only("image")
	for _, kind := range []string{"plain_text", "mrkdwn"} {
		inside[kind] = text(textMost)
	}
	return block(shape{"!elements": list(1, contextMost, inside.check)})
}

// actions takes no images and no multi-selects, and no two elements of it share an action_id: Slack says "already exists"
// (knacklabs/gantry#458, haruotsu/slack-review-notify#99).
func actions() check {
	inside := elements().only("button", "overflow", "static_select", "users_select", "channels_select",
		"conversations_select", "checkboxes", "radio_buttons", "datepicker")
	return block(shape{"!elements": also(list(1, actionsMost, inside.check), unique("action_id"))})
}

func imageBlock() check {
	s := image()
	s["title"] = plain(imageTitleMost)
	return also(block(s), either("image_url", "slack_file", false))
}

func input() check {
	inside := elements().only("static_select", "multi_static_select", "multi_users_select", "users_select", "channels_select",
		"conversations_select", "checkboxes", "radio_buttons", "datepicker")
	maps.Copy(inside, inputs())
	return block(shape{
		"!label": plain(labelMost), "!element": inside.check, "hint": plain(labelMost), "optional": boolean,
		"dispatch_action": boolean,
	})
}

// table is a table block ([docs] blocks/table-block).
func table() check {
	cell := kinds{"raw_text": shape{"!text": str(1, anyNumber)}.check, "rich_text": richText()}.check
	column := shape{"align": among("left", "center", "right"), "is_wrapped": boolean}.check
	return block(shape{
		"!rows": list(1, tableRows, list(1, tableCells, cell)), "column_settings": list(0, tableCells, column),
	})
}
