package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"rapporteur/bot/receive"
)

// heard is what a delivery comes down to: one of message, command, press, submission, homeOpened and
// left, or unheard.
type heard interface{ isHeard() }

// message is words that are for the bot: a mention in a channel, or a direct message.
type message struct {
	Team, Channel, User string
	TS, Thread          string // the message's own time stamp, and its thread's; Thread is "" outside threads
	Text                string // plain, without the mention of the bot
	EventID             string
	Direct              bool
}

// command is a slash command.
type command struct {
	Team, Channel, User string
	Name, Text          string // "/report", and the words that follow it, plain
	ResponseURL         string // a secret of its own: who has it can post
	Trigger             string
}

// press is a click on one of the bot's buttons.
type press struct {
	Team, Channel, User string
	Action, Value       string // what the button does, and what it carries
	ResponseURL         string // empty in a modal
	Trigger             string
	Thread              string // of the message with the button; "" outside threads
	InModal             bool   // the home page is no modal: what opens there opens anew
}

// homeOpened is somebody looking at the bot's own page.
type homeOpened struct{ Team, User, EventID string }

// left is a workspace that sent the bot away, or took its tokens back.
type left struct {
	Team, EventID string
	At            time.Time // to the second
	Uninstalled   bool
}

// unheard is a delivery that isn't for the bot, and why.
type unheard string

func (message) isHeard()    {}
func (command) isHeard()    {}
func (press) isHeard()      {}
func (homeOpened) isHeard() {}
func (left) isHeard()       {}
func (unheard) isHeard()    {}

// hear reads what a delivery says. It decodes only the fields that it needs, and leaves those of another type than
// expected empty: slack-go refuses whole payloads for one odd field. self is the bot's own user ID; where it is "", the
// one that the payload names is taken.
func hear(d receive.Delivery, self string) heard {
	switch d.Kind {
	case receive.Event:
		return hearEvent(d.Payload, self)
	case receive.Command:
		return hearCommand(d.Payload, self)
	case receive.Interaction:
		return hearInteraction(d.Payload)
	}
	return unheard("unknown kind of delivery")
}

// eventPayload is what we need of an Events API payload.
type eventPayload struct {
	Team           string `json:"team_id"`
	EventID        string `json:"event_id"`
	Time           int64  `json:"event_time"`
	Authorizations []struct {
		Team string `json:"team_id"`
		User string `json:"user_id"`
		Bot  bool   `json:"is_bot"`
	} `json:"authorizations"`
	Event struct {
		Type        string          `json:"type"`
		Subtype     string          `json:"subtype"`
		Team        string          `json:"team"`
		Channel     string          `json:"channel"`
		ChannelType string          `json:"channel_type"`
		User        string          `json:"user"`
		BotID       string          `json:"bot_id"`
		Text        string          `json:"text"`
		TS          string          `json:"ts"`
		Thread      string          `json:"thread_ts"`
		Tab         string          `json:"tab"`
		Hidden      bool            `json:"hidden"`
		Edited      json.RawMessage `json:"edited"`
		Tokens      struct {
			Bot []string `json:"bot"`
		} `json:"tokens"`
	} `json:"event"`
}

func hearEvent(payload []byte, self string) heard {
	var p eventPayload
	if !decode(payload, &p) {
		return unheard("not JSON")
	}
	self = p.self(self)
	if l, ok := p.left(); ok {
		return l
	}
	if p.Event.Type == "app_home_opened" && p.Event.Tab == "home" && p.Event.User != "" {
		return homeOpened{p.team(), p.Event.User, p.EventID}
	}
	if why := p.ignored(self); why != "" {
		return unheard(why)
	}
	m := message{
		Team: p.team(), Channel: p.Event.Channel, User: p.Event.User, TS: p.Event.TS, Thread: p.Event.Thread,
		EventID: p.EventID, Direct: p.direct(), Text: plain(p.Event.Text, self),
	}
	if m.Text == "" && m.Direct {
		return unheard("no words")
	}
	return m // a mention without words asks how to ask
}

// team is the workspace that let the bot in for this event: in a channel that workspaces share, the event may have
// happened in another (docs.slack.dev/apis/events-api, Authorizations).
func (p *eventPayload) team() string {
	if len(p.Authorizations) > 0 && p.Authorizations[0].Team != "" {
		return p.Authorizations[0].Team
	}
	return firstOf(p.Team, p.Event.Team)
}

// left reports whether the workspace sent the bot away. These events have no authorizations any more.
func (p *eventPayload) left() (left, bool) {
	l := left{Team: p.Team, EventID: p.EventID, At: time.Unix(p.Time, 0), Uninstalled: p.Event.Type == "app_uninstalled"}
	return l, l.Uninstalled || p.Event.Type == "tokens_revoked" && len(p.Event.Tokens.Bot) > 0
}

// ignored says why an event isn't for the bot; "" when it is.
func (p *eventPayload) ignored(self string) string {
	e := &p.Event
	switch {
	case e.Type != "app_mention" && e.Type != "message":
		return "another event"
	case e.BotID != "", e.User == "USLACKBOT":
		return "from a bot"
	case e.User != "" && e.User == self:
		return "from the bot itself"
	case e.Subtype != "" && e.Subtype != "file_share" && e.Subtype != "thread_broadcast":
		return "not a person's new message"
	case e.Hidden, len(e.Edited) > 0 && string(e.Edited) != "null":
		return "hidden or edited"
	case e.User == "", e.Channel == "", e.TS == "":
		return "no person, channel or time"
	case e.Type == "message" && !p.direct() && !mentions(e.Text, self):
		return "not addressed to the bot"
	}
	return ""
}

// direct reports whether the event is a direct message. IDs of direct conversations begin with D.
func (p *eventPayload) direct() bool {
	return p.Event.ChannelType == "im" || strings.HasPrefix(p.Event.Channel, "D")
}

// self returns the bot's own user ID.
func (p *eventPayload) self(configured string) string {
	if configured != "" {
		return configured
	}
	for _, a := range p.Authorizations {
		if a.Bot {
			return a.User
		}
	}
	return ""
}

func hearCommand(payload []byte, self string) heard {
	var p struct {
		Team        string `json:"team_id"`
		Channel     string `json:"channel_id"`
		User        string `json:"user_id"`
		Command     string `json:"command"`
		Text        string `json:"text"`
		ResponseURL string `json:"response_url"`
		Trigger     string `json:"trigger_id"`
	}
	if !decode(payload, &p) {
		return unheard("not JSON")
	}
	if !strings.HasPrefix(p.Command, "/") || p.ResponseURL == "" {
		return unheard("a command without a name or a place to answer")
	}
	return command{
		Team: p.Team, Channel: p.Channel, User: p.User, Name: strings.ToLower(p.Command), Text: plain(p.Text, self),
		ResponseURL: p.ResponseURL, Trigger: p.Trigger,
	}
}

// decode reads JSON; fields of another type than expected stay empty. It reports whether it was JSON at all.
func decode(payload []byte, into any) bool {
	err := json.Unmarshal(payload, into)
	var odd *json.UnmarshalTypeError
	return err == nil || errors.As(err, &odd)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
