package bot

// submission is a form that somebody filled in and sent.
type submission struct {
	Team, User string
	Form       string              // which one
	Metadata   string              // what it carries
	Values     map[string][]string // by block ID, what was typed or chosen
	Trigger    string
}

func (submission) isHeard() {}

// first is what was typed into a field, or the first of what was chosen; "" for nothing.
func (s submission) first(block string) string {
	if v := s.Values[block]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// field is what Slack says of one element of a form; which of these it has depends on the element
// (docs.slack.dev/reference/interaction-payloads/view-interactions-payload).
type field struct {
	Value   string                   `json:"value"`
	Option  struct{ Value string }   `json:"selected_option"`
	Options []struct{ Value string } `json:"selected_options"`
	Users   []string                 `json:"selected_users"`
	Channel string                   `json:"selected_channel"`
}

func (f field) values() (all []string) {
	all = append(all, f.Users...)
	for _, o := range f.Options {
		all = append(all, o.Value)
	}
	for _, one := range []string{f.Value, f.Option.Value, f.Channel} {
		if one != "" {
			all = append(all, one)
		}
	}
	return all
}

// interactionPayload is what we need of a click or a form.
type interactionPayload struct {
	Type string `json:"type"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Type    string `json:"type"`
		Channel string `json:"channel_id"`
		Thread  string `json:"thread_ts"`
	} `json:"container"`
	View struct {
		Type     string `json:"type"`
		Form     string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]field `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Actions []struct {
		ID    string `json:"action_id"`
		Value string `json:"value"`
	} `json:"actions"`
	ResponseURL string `json:"response_url"`
	Trigger     string `json:"trigger_id"`
}

// hearInteraction reads a click or a form.
func hearInteraction(payload []byte) heard {
	var p interactionPayload
	switch {
	case !decode(payload, &p):
		return unheard("not JSON")
	case p.Type == "view_submission":
		return p.submission()
	case p.Type == "block_actions" && len(p.Actions) > 0 && p.Actions[0].ID != "":
		return p.press()
	}
	return unheard("another interaction")
}

func (p *interactionPayload) team() string { return firstOf(p.Team.ID, p.User.Team) }

func (p *interactionPayload) press() heard {
	return press{
		Team: p.team(), Channel: firstOf(p.Channel.ID, p.Container.Channel), User: p.User.ID,
		Action: action(p.Actions[0].ID), Value: p.Actions[0].Value,
		ResponseURL: p.ResponseURL, Trigger: p.Trigger, Thread: p.Container.Thread, InModal: p.Container.Type == "view" && p.View.Type != "home",
	}
}

func (p *interactionPayload) submission() heard {
	s := submission{Team: p.team(), User: p.User.ID, Form: p.View.Form, Metadata: p.View.Metadata, Trigger: p.Trigger}
	if s.User == "" || s.Form == "" {
		return unheard("a form without a name or a person")
	}
	s.Values = map[string][]string{}
	for block, elements := range p.View.State.Values {
		for _, f := range elements {
			s.Values[block] = append(s.Values[block], f.values()...)
		}
	}
	return s
}
