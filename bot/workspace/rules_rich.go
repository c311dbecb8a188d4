package workspace

// richText is a rich_text block ([docs] blocks/rich-text-block). Its text has no limit of its own: the message's counts. An
// element without words is refused, as NousResearch/hermes-agent#59621 reports; python-slack-sdk#1576 says that a
// section with no elements at all passes, the former that it does not: it is refused here.
func richText() check {
	section := shape{"!elements": list(1, anyNumber, inline().check)}
	quote := section.with(shape{"border": integer(0, 1)})
	code := shape{
		"!elements": list(1, anyNumber, inline().only("text", "link").check),
		"border":    integer(0, 1), "language": str(1, idMost),
	}
	items := shape{
		"!elements": list(1, anyNumber, kinds{"rich_text_section": section.check}.check),
		"!style":    among("bullet", "ordered"),
		"indent":    integer(0, 8), "offset": integer(0, 1<<31-1), "border": integer(0, 1),
	}
	parts := kinds{
		"rich_text_section": section.check, "rich_text_list": items.check,
		"rich_text_quote": quote.check, "rich_text_preformatted": code.check,
	}
	return shape{"block_id": str(0, idMost), "!elements": list(1, anyNumber, parts.check)}.check
}

// anyNumber is for lists whose length no page limits.
const anyNumber = 1 << 20

// inline are the words of rich text ([docs] blocks/rich-text-block, "Element types"). The style knows four words; newer
// types also have underline, which not every client draws, so it is refused here. The citation element is left out: where
// it is available was never tested.
func inline() kinds {
	style := shape{"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean}.check
	word := func(s shape) check { return s.with(shape{"style": style}).check }
	id := str(1, idMost)
	return kinds{
		"text":      word(shape{"!text": str(1, anyNumber)}),
		"link":      word(shape{"!url": link(urlMost), "text": str(1, anyNumber), "unsafe": boolean}), // empty text: slack-go#1412
		"user":      word(shape{"!user_id": id}),
		"usergroup": word(shape{"!usergroup_id": id}),
		"channel":   word(shape{"!channel_id": id}),
		"emoji":     word(shape{"!name": id, "unicode": id, "skin_tone": integer(1, 6)}),
		"broadcast": word(shape{"!range": among("here", "channel", "everyone")}),
		"color":     word(shape{"!value": id}),
		"date": word(shape{
			"!timestamp": integer(0, 1<<53), "!format": str(1, textMost), "url": link(urlMost), "fallback": str(1, textMost),
		}),
	}
}

// with is the shape and more keys.
func (s shape) with(more shape) shape {
	all := shape{}
	for key, c := range s {
		all[key] = c
	}
	for key, c := range more {
		all[key] = c
	}
	return all
}
