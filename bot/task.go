package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"rapporteur/bot/receive"
	"rapporteur/bot/store"
)

// Task is what a delivery asks of the bot, in a form that can be kept and worked on by another process. It holds what a
// person wrote, so it should be kept no longer than until the work is done.
type Task struct {
	Team, Person string   // whose words these are
	Keys         []string // what comes again under any of these is the same
	Conversation string   // tasks of one conversation want to be worked on in their order
	Body         []byte   // for [Bot.Work]
}

// body is the one of these that a task is about.
type body struct {
	Message *message    `json:"message,omitempty"`
	Command *command    `json:"command,omitempty"`
	Press   *press      `json:"press,omitempty"`
	Home    *homeOpened `json:"home,omitempty"`
	Left    *left       `json:"left,omitempty"`
	Form    *submission `json:"form,omitempty"`
}

// team is the workspace that it is about.
func (w *body) team() string {
	switch {
	case w.Message != nil:
		return w.Message.Team
	case w.Command != nil:
		return w.Command.Team
	case w.Press != nil:
		return w.Press.Team
	case w.Home != nil:
		return w.Home.Team
	case w.Form != nil:
		return w.Form.Team
	}
	return ""
}

// Read makes a task of a delivery; false says that it isn't for the bot.
func (b *Bot) Read(d receive.Delivery) (Task, bool) {
	var t Task
	var what body
	switch h := hear(d, b.config.Self).(type) {
	case message:
		// Slack may send one message under several event IDs (slackapi/node-slack-sdk#2141).
		t.Keys = keys("event", h.Team, h.EventID, "message", h.Team, h.Channel+"/"+h.TS)
		t.Person, t.Conversation, what.Message = h.User, joined(h.Team, h.Channel, firstOf(h.Thread, h.TS)), &h
		if h.Direct {
			t.Conversation = joined(h.Team, h.Channel, h.Thread)
		}
	case command:
		t.Keys, t.Conversation, what.Command = keys("trigger", h.Team, h.Trigger), joined(h.Team, h.Channel, h.User), &h
		t.Person = h.User
	case press:
		t.Keys, t.Conversation, what.Press = keys("trigger", h.Team, h.Trigger), joined(h.Team, h.Channel, h.User), &h
		t.Person = h.User
	case homeOpened:
		t.Keys, t.Conversation, what.Home = keys("event", h.Team, h.EventID), joined(h.Team, "home", h.User), &h
	case submission:
		t.Keys, t.Conversation, what.Form = keys("trigger", h.Team, h.Trigger), joined(h.Team, "form", h.User), &h
		t.Person = h.User
	case left:
		t.Keys, t.Conversation, what.Left = keys("event", h.Team, h.EventID), joined(h.Team, "left"), &h
	case unheard:
		b.log.Debug("not for us", "kind", d.Kind, "why", string(h))
		return Task{}, false
	}
	t.Team = what.team()
	t.Body, _ = json.Marshal(what) // strings and booleans always marshal
	return t, true
}

// keys makes keys of triples; one without its last part, which tells it from others, is left out.
func keys(triples ...string) (all []string) {
	for i := 0; i+2 < len(triples); i += 3 {
		if triples[i+2] != "" {
			all = append(all, joined(triples[i:i+3]...))
		}
	}
	return all
}

func joined(parts ...string) string { return strings.Join(parts, " ") }

// ErrHopeless is wrapped by errors that no other try will mend: Slack understood, and refused.
var ErrHopeless = errors.New("slack refuses")

// Work does what a task asks and returns when the answer is posted. again says that it may have been answered already, by a
// process that died or by a call whose answer was lost: then it is looked for first. An error means that the task is to be
// tried again, unless it wraps [ErrHopeless]. Safe for concurrent use; the tasks of one conversation in their order.
func (b *Bot) Work(ctx context.Context, text []byte, again bool) error {
	var what body
	if err := json.Unmarshal(text, &what); err != nil {
		return fmt.Errorf("a task of another version: %w", ErrHopeless)
	}
	if what.Left != nil {
		return b.leave(ctx, *what.Left)
	}
	here, err := b.in(ctx, what.team())
	if errors.Is(err, store.ErrNotInstalled) {
		b.log.WarnContext(ctx, "not answered: the workspace sent the bot away", "team", what.team())
		return nil
	}
	if err != nil {
		return fmt.Errorf("find workspace: %w", err)
	}
	return hopeless(here.work(ctx, what, again))
}

func (b *member) work(ctx context.Context, what body, again bool) error {
	switch {
	case what.Message != nil:
		return b.message(ctx, *what.Message, again)
	case what.Command != nil:
		return b.command(ctx, *what.Command, again)
	case what.Press != nil:
		return b.press(ctx, *what.Press)
	case what.Home != nil:
		return b.home(ctx, *what.Home)
	case what.Form != nil:
		return b.submitted(ctx, *what.Form)
	}
	return nil
}

// leave forgets what is kept of a workspace that sent the bot away, or the tokens that it took back.
func (b *Bot) leave(ctx context.Context, l left) error {
	b.log.WarnContext(ctx, "sent away", "team", l.Team, "uninstalled", l.Uninstalled)
	if b.config.Keeper == nil {
		return nil
	}
	if l.Uninstalled {
		return b.config.Keeper.Leave(ctx, l.Team, l.At)
	}
	return b.config.Keeper.Revoke(ctx, l.Team, l.At)
}

// passing are the errors of Slack's Web API that pass (docs.slack.dev/reference/methods/chat.postMessage, Errors).
var passing = map[string]bool{
	"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true, "ratelimited": true,
	"team_added_to_org": true, "accesslimited": true, "message_limit_exceeded": true, "rate_limited": true,
}

// hopeless marks the errors that Slack will repeat.
func hopeless(err error) error {
	var refused slack.SlackErrorResponse
	if errors.As(err, &refused) && !passing[refused.Err] {
		return fmt.Errorf("%w: %w", err, ErrHopeless)
	}
	var status slack.StatusCodeError
	if errors.As(err, &status) && status.Code/100 == 4 && status.Code != 408 && status.Code != 429 {
		return fmt.Errorf("%w: %w", err, ErrHopeless)
	}
	return err
}
