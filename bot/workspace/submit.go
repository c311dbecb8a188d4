package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Values is what a person filled into a view: by block_id, what was typed, or the values that were chosen.
type Values map[string][]string

// Submit sends a modal to the app, as its submit button does. It must be the topmost of the person's.
func (w *Workspace) Submit(user, view string, values Values) error {
	return w.do(func() error {
		p, v, err := w.topmost(user, view)
		if err != nil {
			return err
		}
		state, err := fill(v.Blocks, values)
		if err != nil {
			return err
		}
		wire := w.wireView(v)
		wire["state"] = object{"values": state}
		payload := w.interaction("view_submission", p)
		payload["view"], payload["trigger_id"], payload["response_urls"] = wire, w.newTrigger(p.ID, v.ID), []object{}
		v.Errors = nil
		w.outbox = append(w.outbox, w.delivery(kindInteraction, payload,
			func(raw json.RawMessage) { w.respondToSubmission(v, raw) },
			func() { v.Errors = map[string]string{"": trouble} }))
		return nil
	})
}

// CloseView closes the topmost modal of a person, and tells the app where it asked for that (notify_on_close).
func (w *Workspace) CloseView(user, view string) error {
	return w.do(func() error {
		p, v, err := w.topmost(user, view)
		if err != nil {
			return err
		}
		stack := w.modals[p.ID]
		w.modals[p.ID] = stack[:len(stack)-1]
		if wire := w.wireView(v); wire["notify_on_close"] == true {
			payload := w.interaction("view_closed", p)
			payload["view"], payload["is_cleared"] = wire, false
			w.outbox = append(w.outbox, w.delivery(kindInteraction, payload, nil, nil))
		}
		return nil
	})
}

func (w *Workspace) topmost(user, view string) (*Person, *View, error) {
	p := w.person(user)
	if p == nil {
		return nil, nil, fmt.Errorf("nobody called %q in the workspace", user)
	}
	stack := w.modals[p.ID]
	if len(stack) == 0 || stack[len(stack)-1] != view {
		return nil, nil, fmt.Errorf("view %s is not on top of what %s sees", view, p.ID)
	}
	return p, w.views[view], nil
}

// fill is state.values ([docs] reference/interaction-payloads/view-interactions-payload): by block_id and action_id.
func fill(raw json.RawMessage, values Values) (object, error) {
	var blocks []map[string]any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return nil, fmt.Errorf("read view: %w", err)
	}
	state := object{}
	for _, b := range blocks {
		id, _ := b["block_id"].(string)
		e, ok := b["element"].(map[string]any)
		if b["type"] != "input" || !ok {
			continue
		}
		given := values[id]
		if len(given) == 0 && b["optional"] != true {
			return nil, fmt.Errorf("block %s wants an answer", id)
		}
		entry := chosen(e, given)
		entry["type"] = e["type"]
		action, _ := e["action_id"].(string)
		state[id] = object{action: entry}
	}
	return state, nil
}

// chosen is what an element reports: the value that was typed, or the options with the values chosen.
func chosen(element map[string]any, values []string) object {
	first := any(nil)
	if len(values) > 0 && values[0] != "" {
		first = values[0]
	}
	switch element["type"] {
	case "datepicker":
		return object{"selected_date": first}
	case "users_select":
		return object{"selected_user": first}
	case "multi_users_select":
		return object{"selected_users": append([]string{}, values...)}
	case "channels_select":
		return object{"selected_channel": first}
	case "conversations_select":
		return object{"selected_conversation": first}
	case "static_select", "radio_buttons", "overflow":
		return object{"selected_option": firstOf(optionsWith(element, values))}
	case "checkboxes", "multi_static_select":
		return object{"selected_options": optionsWith(element, values)}
	}
	return object{"value": first}
}

func firstOf(options []any) any {
	if len(options) == 0 {
		return nil
	}
	return options[0]
}

// optionsWith are an element's options that have one of the values, in the element's order.
func optionsWith(element map[string]any, values []string) []any {
	all, _ := element["options"].([]any)
	groups, _ := element["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(map[string]any)
		inside, _ := group["options"].([]any)
		all = append(slices.Clone(all), inside...)
	}
	found := []any{}
	for _, o := range all {
		option, _ := o.(map[string]any)
		if value, _ := option["value"].(string); slices.Contains(values, value) {
			found = append(found, o)
		}
	}
	return found
}

// OpenHome opens a tab of the app's own page, "home" or "messages", for a person ([docs] events/app_home_opened).
func (w *Workspace) OpenHome(user, tab string) error {
	return w.do(func() error {
		p := w.person(user)
		if p == nil {
			return fmt.Errorf("nobody called %q in the workspace", user)
		}
		event := object{
			"type": "app_home_opened", "user": p.ID, "channel": w.directMessage(p.ID).ID, "tab": tab, "event_ts": w.ts(),
		}
		if v := w.views[w.homes[p.ID]]; v != nil && tab == "home" {
			event["view"] = w.wireView(v)
		}
		w.tell("app_home_opened", event)
		return nil
	})
}

// Push delivers a payload as it is, and returns the ID of the delivery, see [Ack.Delivery]. kind is "events_api",
// "slash_commands" or "interactive".
func (w *Workspace) Push(kind string, payload json.RawMessage) string {
	var d *delivery
	_ = w.do(func() error {
		d = &delivery{id: w.id("dlv-"), kind: kind, payload: payload}
		w.outbox = append(w.outbox, d)
		return nil
	})
	return d.id
}
