package bot

import "rapporteur/bot/receive"

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

// hearInteraction reads a click or a form.
func hearInteraction(d receive.Delivery) heard {
	var p struct {
		Type string `json:"type"`
		Team struct {
			ID string `json:"id"`
		} `json:"team"`
		User struct {
			ID   string `json:"id"`
			Team string `json:"team_id"`
		} `json:"user"`
		View struct {
			Form     string `json:"callback_id"`
			Metadata string `json:"private_metadata"`
			State    struct {
				Values map[string]map[string]field `json:"values"`
			} `json:"state"`
		} `json:"view"`
		Trigger string `json:"trigger_id"`
	}
	if !decode(d.Payload, &p) {
		return unheard("not JSON")
	}
	if p.Type != "view_submission" {
		return hearPress(d.Payload)
	}
	s := submission{Team: firstOf(p.Team.ID, p.User.Team), User: p.User.ID, Form: p.View.Form, Metadata: p.View.Metadata, Trigger: p.Trigger}
	for block, elements := range p.View.State.Values {
		for _, f := range elements {
			if s.Values == nil {
				s.Values = map[string][]string{}
			}
			s.Values[block] = append(s.Values[block], f.values()...)
		}
	}
	if s.User == "" || s.Form == "" {
		return unheard("a form without a name or a person")
	}
	return s
}
