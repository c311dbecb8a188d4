package workspace

// The limits of composition objects and elements: [docs] reference/block-kit/composition-objects and …/block-elements, and
// slackapi/node-slack-sdk at 4322e14, packages/types/src/block-kit, whose comments repeat them.
const (
	textMost        = 3000 // any text object; at least one character
	idMost          = 255  // action_id and block_id
	buttonTextMost  = 75
	buttonValueMost = 2000
	urlMost         = 3000
	a11yLabelMost   = 75
	optionMost      = 75 // an option's text, value and description; newer pages may allow a longer value
	placeholderMost = 150
	confirmTitle    = 100
	confirmText     = 300
	confirmButton   = 30
	altTextMost     = 2000
	imageTitleMost  = 2000
	overflowMost    = 5
	selectMost      = 100 // options, and groups of options
	choicesMost     = 10  // checkboxes and radio buttons
)

// plain is a plain_text object of at most the given length.
func plain(most int) check {
	return kinds{"plain_text": shape{"!text": str(1, most), "emoji": boolean}.check}.check
}

// text is a plain_text or mrkdwn object. emoji belongs to the first alone, verbatim to the second ([docs]
// composition-objects/text-object).
func text(most int) check {
	return kinds{
		"plain_text": shape{"!text": str(1, most), "emoji": boolean}.check,
		"mrkdwn":     shape{"!text": str(1, most), "verbatim": boolean}.check,
	}.check
}

func confirm() check {
	return shape{
		"!title": plain(confirmTitle), "!text": text(confirmText), "!confirm": plain(confirmButton),
		"!deny": plain(confirmButton), "style": among("primary", "danger"),
	}.check
}

func option(label check) shape {
	return shape{"!text": label, "!value": str(1, optionMost), "description": plain(optionMost)}
}

func optionWithURL() check {
	o := option(plain(optionMost))
	o["url"] = link(urlMost)
	return o.check
}

// options are the choices of a select: flat or in groups, never both.
func options(s shape) check {
	one := option(plain(optionMost)).check
	group := shape{"!label": plain(optionMost), "!options": list(1, selectMost, one)}.check
	s["options"], s["option_groups"] = list(1, selectMost, one), list(1, selectMost, group)
	return also(s.check, either("options", "option_groups", false))
}

// element is what every interactive element may have, and the given keys.
func element(more shape) shape {
	s := shape{"action_id": str(1, idMost), "confirm": confirm(), "focus_on_load": boolean}
	for key, c := range more {
		s[key] = c
	}
	return s
}

// picker is a menu or a field with a placeholder.
func picker(more shape) shape {
	s := element(more)
	s["placeholder"] = plain(placeholderMost)
	return s
}

func button() check {
	s := element(shape{
		"!text": plain(buttonTextMost), "value": str(0, buttonValueMost), "url": link(urlMost),
		"style": among("primary", "danger"), "accessibility_label": str(1, a11yLabelMost),
	})
	delete(s, "focus_on_load")
	return s.check
}

func image() shape {
	file := shape{"id": str(1, idMost), "url": link(urlMost)}.check
	return shape{"image_url": link(urlMost), "slack_file": file, "!alt_text": str(1, altTextMost)}
}

// elements are the interactive elements, and the image that may stand among them.
func elements() kinds {
	one := option(plain(optionMost)).check
	marked := option(text(optionMost))
	marked["description"] = text(optionMost)
	choices := list(1, choicesMost, marked.check)
	max100 := integer(1, 100)
	return kinds{
		"button":   button(),
		"image":    also(image().check, either("image_url", "slack_file", false)),
		"overflow": element(shape{"!options": list(1, overflowMost, optionWithURL())}).check,

		"static_select":       options(picker(shape{"initial_option": one})),
		"multi_static_select": options(picker(shape{"initial_options": list(1, selectMost, one), "max_selected_items": max100})),
		"users_select":        picker(shape{"initial_user": str(1, idMost)}).check,
		"multi_users_select":  picker(shape{"initial_users": list(0, selectMost, str(1, idMost)), "max_selected_items": max100}).check,
		"channels_select":     picker(shape{"initial_channel": str(1, idMost), "response_url_enabled": boolean}).check,
		"conversations_select": picker(shape{
			"initial_conversation": str(1, idMost), "default_to_current_conversation": boolean,
			"response_url_enabled": boolean, "filter": anyObject,
		}).check,

		"checkboxes":    element(shape{"!options": choices, "initial_options": choices}).check,
		"radio_buttons": element(shape{"!options": choices, "initial_option": marked.check}).check,
		"datepicker":    picker(shape{"initial_date": str(10, 10)}).check,
	}
}

// inputs are the elements that only an input block takes ([docs] blocks/input-block).
func inputs() kinds {
	dispatch := shape{
		"trigger_actions_on": list(1, 2, among("on_enter_pressed", "on_character_entered")),
	}.check
	return kinds{
		"plain_text_input": picker(shape{
			"initial_value": str(0, textMost), "multiline": boolean, "min_length": integer(0, 3000),
			"max_length": integer(1, 3000), "dispatch_action_config": dispatch,
		}).check,
		"number_input": picker(shape{
			"!is_decimal_allowed": boolean, "initial_value": str(0, textMost), "min_value": str(1, textMost),
			"max_value": str(1, textMost), "dispatch_action_config": dispatch,
		}).check,
		"email_text_input": picker(shape{"initial_value": str(0, textMost), "dispatch_action_config": dispatch}).check,
		"url_text_input":   picker(shape{"initial_value": str(0, textMost), "dispatch_action_config": dispatch}).check,
	}
}

// feedback are the two elements of a context_actions block ([docs] block-elements/feedback-buttons-element and
// …/icon-button-element).
func feedback() kinds {
	thumb := shape{
		"!text": plain(buttonTextMost), "!value": str(1, buttonValueMost), "accessibility_label": str(1, a11yLabelMost),
	}.check
	return kinds{
		"feedback_buttons": shape{
			"action_id": str(1, idMost), "!positive_button": thumb, "!negative_button": thumb,
		}.check,
		"icon_button": shape{
			"action_id": str(1, idMost), "!icon": among("trash"), "!text": plain(buttonTextMost),
			"value": str(0, buttonValueMost), "confirm": confirm(), "accessibility_label": str(1, a11yLabelMost),
			"visible_to_user_ids": list(1, selectMost, str(1, idMost)),
		}.check,
	}
}

func anyObject(v *verdict, path string, value any) {
	if _, ok := value.(map[string]any); !ok {
		v.refuse(path, "must provide an object")
	}
}
