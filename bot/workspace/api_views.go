package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// triggerLife is how long a trigger_id may be used, once; bolt's documentation.
const triggerLife = 3 * time.Second

// trigger is the right to open a view, which an interaction gives.
type trigger struct {
	user    string
	view    string // the view in which the interaction happened; "" outside
	expires time.Time
	used    bool
}

// View is a modal or a Home tab.
type View struct {
	ID         string
	User       string
	Type       string // "modal" or "home"
	Title      string
	CallbackID string
	ExternalID string
	Metadata   string // private_metadata
	Hash       string
	Root       string            // the ID of the view at the bottom of the stack
	Previous   string            // the ID of the view below; "" at the bottom
	Blocks     json.RawMessage   // with the IDs that Slack fills in
	Sent       json.RawMessage   // the whole view exactly as it was sent
	Errors     map[string]string // what the bot said against the last submission, by block ID
}

// newTrigger makes a trigger_id; the lock is held.
func (w *Workspace) newTrigger(user, view string) string {
	w.serial++
	id := fmt.Sprintf("%d.%d.%s", w.o.Clock.Now().UnixMilli(), w.serial, secret())
	w.triggers[id] = &trigger{user: user, view: view, expires: w.o.Clock.Now().Add(triggerLife)}
	return id
}

// exchange uses a trigger up; the codes are [ref] views.open's.
func (w *Workspace) exchange(id string) (*trigger, error) {
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, refusal{code: "invalid_trigger_id"}
	case t.used:
		return nil, refusal{code: "exchanged_trigger_id"}
	case w.o.Clock.Now().After(t.expires):
		return nil, refusal{code: "expired_trigger_id"}
	}
	t.used = true
	return t, nil
}

func openView(w *Workspace, a args) (object, error) {
	if err := checkView(w.rules.modal, a.raw("view")); err != nil {
		return nil, err
	}
	t, err := w.exchange(a.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	v, err := w.newView(t.user, a.raw("view"), "")
	if err != nil {
		return nil, err
	}
	w.modals[t.user] = []string{v.ID}
	return object{"view": w.wireView(v)}, nil
}

// pushView is views.push: only from inside a view, and three deep at most.
func pushView(w *Workspace, a args) (object, error) {
	if err := checkView(w.rules.modal, a.raw("view")); err != nil {
		return nil, err
	}
	t, err := w.exchange(a.str("trigger_id"))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(w.modals[t.user], t.view) {
		return nil, refusal{code: "not_found"}
	}
	v, err := w.push(t.user, a.raw("view"))
	if err != nil {
		return nil, err
	}
	return object{"view": w.wireView(v)}, nil
}

// push puts a view, already checked, on top of a person's stack.
func (w *Workspace) push(user string, raw json.RawMessage) (*View, error) {
	stack := w.modals[user]
	if len(stack) >= viewsDeep {
		return nil, refusal{code: "push_limit_reached"}
	}
	v, err := w.newView(user, raw, stack[len(stack)-1])
	if err == nil {
		w.modals[user] = append(stack, v.ID)
	}
	return v, err
}

func updateView(w *Workspace, a args) (object, error) {
	id, external := a.str("view_id"), a.str("external_id")
	if id != "" && external != "" { // slack-go#667
		return nil, refusal{code: "invalid_arguments", messages: []string{"[ERROR] Cannot provide both `view_id` and `external_id`"}}
	}
	v := w.views[id]
	if id == "" {
		v = w.external(external)
	}
	if v == nil || v.Type == "modal" && !slices.Contains(w.modals[v.User], v.ID) {
		return nil, refusal{code: "not_found"}
	}
	if hash := a.str("hash"); hash != "" && hash != v.Hash {
		return nil, refusal{code: "hash_conflict"}
	}
	if err := w.replace(v, a.raw("view")); err != nil {
		return nil, err
	}
	return object{"view": w.wireView(v)}, nil
}

func publishView(w *Workspace, a args) (object, error) {
	if err := checkView(w.rules.home, a.raw("view")); err != nil {
		return nil, err
	}
	p := w.person(a.str("user_id"))
	if p == nil {
		return nil, refusal{code: "user_not_found"}
	}
	v := w.views[w.homes[p.ID]]
	switch hash := a.str("hash"); {
	case v != nil && hash != "" && hash != v.Hash:
		return nil, refusal{code: "hash_conflict"}
	case v == nil:
		v = &View{ID: w.id("V"), User: p.ID}
		v.Root = v.ID
	}
	if err := w.fill(v, a.raw("view")); err != nil {
		return nil, err
	}
	w.views[v.ID], w.homes[p.ID] = v, v.ID
	return object{"view": w.wireView(v)}, nil
}

// newView makes a view that was checked before; previous is the ID of the one below.
func (w *Workspace) newView(user string, raw json.RawMessage, previous string) (*View, error) {
	v := &View{ID: w.id("V"), User: user, Previous: previous}
	v.Root = v.ID
	if below := w.views[previous]; below != nil {
		v.Root = below.Root
	}
	if err := w.fill(v, raw); err != nil {
		return nil, err
	}
	w.views[v.ID] = v
	return v, nil
}

// replace checks a definition and puts it into a view.
func (w *Workspace) replace(v *View, raw json.RawMessage) error {
	c := w.rules.modal
	if v.Type == "home" {
		c = w.rules.home
	}
	if err := checkView(c, raw); err != nil {
		return err
	}
	return w.fill(v, raw)
}

// fill puts a checked definition into a view. An external_id is unique among the views that are open.
func (w *Workspace) fill(v *View, raw json.RawMessage) error {
	var d struct {
		Type       string                `json:"type"`
		Title      struct{ Text string } `json:"title"`
		CallbackID string                `json:"callback_id"`
		ExternalID string                `json:"external_id"`
		Metadata   string                `json:"private_metadata"`
		Blocks     json.RawMessage       `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return refusal{code: "invalid_arguments", messages: []string{"[ERROR] " + err.Error()}}
	}
	if other := w.external(d.ExternalID); other != nil && other != v {
		return refusal{code: "duplicate_external_id"}
	}
	v.Type, v.Title, v.CallbackID, v.ExternalID, v.Metadata = d.Type, d.Title.Text, d.CallbackID, d.ExternalID, d.Metadata
	v.Blocks, v.Sent, v.Errors = w.identify(d.Blocks), raw, nil
	v.Hash = fmt.Sprintf("%d.%s", w.o.Clock.Now().Unix(), w.id("h"))
	return nil
}

// external finds an open view by its external_id; nil when there is none.
func (w *Workspace) external(id string) *View {
	for _, v := range w.views {
		open := v.Type == "home" || slices.Contains(w.modals[v.User], v.ID)
		if id != "" && v.ExternalID == id && open {
			return v
		}
	}
	return nil
}

// wireView is the view as Slack writes it: what was sent, and what Slack adds.
func (w *Workspace) wireView(v *View) object {
	o := object{
		"title": nil, "submit": nil, "close": nil, "clear_on_close": false, "notify_on_close": false,
		"private_metadata": "", "callback_id": "", "external_id": "",
	}
	_ = json.Unmarshal(v.Sent, &o) // it was read before
	o["id"], o["team_id"], o["blocks"], o["hash"] = v.ID, w.o.Team, v.Blocks, v.Hash
	o["app_id"], o["bot_id"], o["app_installed_team_id"] = w.o.App, w.o.BotID, w.o.Team
	o["root_view_id"], o["previous_view_id"] = v.Root, nil
	if v.Previous != "" {
		o["previous_view_id"] = v.Previous
	}
	o["state"] = object{"values": object{}}
	return o
}
