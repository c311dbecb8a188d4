package workspace

import "encoding/json"

// The limits of views: [docs] reference/views, and [ref] views.open and views.push for the last two.
const (
	titleMost    = 24 // title, submit and close
	metadataMost = 3000
	callbackMost = 255
	externalMost = 255
	viewBytes    = 250 * 1024 // view_too_large
	viewsDeep    = 3          // push_limit_reached
)

func modal(blocks check) check {
	s := shape{
		"!title": plain(titleMost), "submit": plain(titleMost), "close": plain(titleMost), "!blocks": blocks,
		"private_metadata": str(0, metadataMost), "callback_id": str(0, callbackMost), "external_id": str(0, externalMost),
		"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
	}
	return kinds{"modal": also(s.check, submitForInput)}.check
}

func home(blocks check) check {
	s := shape{
		"!blocks": blocks, "private_metadata": str(0, metadataMost), "callback_id": str(0, callbackMost),
		"external_id": str(0, externalMost),
	}
	return kinds{"home": s.check}.check
}

// submitForInput wants a submit button where there is something to submit ([docs] reference/views: "required when an input
// block is within the blocks array").
func submitForInput(v *verdict, path string, value any) {
	o := value.(map[string]any)
	blocks, _ := o["blocks"].([]any)
	for _, b := range blocks {
		if b, ok := b.(map[string]any); ok && b["type"] == "input" && o["submit"] == nil {
			v.refuse(path, "missing required field: submit")
			return
		}
	}
}

// checkView answers as views.* do: invalid_arguments, and before the faults the line that no schema matched
// (java-slack-sdk#684, slackblocks#36).
func checkView(c check, raw json.RawMessage) error {
	if len(raw) > viewBytes {
		return refusal{code: "view_too_large"}
	}
	v, ok := run(c, "/view", raw)
	switch {
	case !ok || raw == nil:
		return refusal{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: view"}}
	case len(v.faults) == 0:
		return nil
	}
	first := "[ERROR] failed to match all allowed schemas [json-pointer:/view]"
	return refusal{code: "invalid_arguments", messages: append([]string{first}, v.messages()...)}
}
