// Package bot holds the conversation: what a person says comes in, what the report says goes out.
//
// [Conversation] is the heart: it turns a question or a command into a [Reply], and knows nothing of Slack. [Blocks] and
// [Fallback] give a reply its shape in Slack, within Slack's limits whatever it holds. [Bot] joins the two to a
// workspace: [Bot.Read] makes of what [rapporteur/bot/receive] delivers a [Task] that can be kept, if it is meant for the
// bot, and [Bot.Work] answers where it was asked: a mention in its thread, a direct message where it was written, a slash command to the asker alone.
// [Manifest] describes the app to Slack.
//
// Where it is, and what it keeps, is said by [Workspaces] and [Keeper]; who finds the answers, by a one-method interface,
// [Answerer]. Words that people write are never logged. The last question of each conversation stays in memory for some
// hours, and in the metadata of its answer; others are kept only where whoever runs the bot switched that on.
package bot

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapporteur/bot/store"
)

// Slack is what the bot calls of Slack's Web API; *slack.Client has these methods. Its HTTP client should keep idle
// connections, as http.DefaultTransport does too few; the bot gives each call a deadline.
type Slack interface {
	AuthTestContext(ctx context.Context) (*slack.AuthTestResponse, error)
	PostMessageContext(ctx context.Context, channel string, options ...slack.MsgOption) (string, string, error)
	GetConversationRepliesContext(ctx context.Context, p *slack.GetConversationRepliesParameters) ([]slack.Message, bool, string, error)
	GetConversationHistoryContext(ctx context.Context, p *slack.GetConversationHistoryParameters) (*slack.GetConversationHistoryResponse, error)
	SetAssistantThreadsStatusContext(ctx context.Context, p slack.AssistantThreadsSetStatusParameters) error
	OpenViewContext(ctx context.Context, trigger string, view slack.ModalViewRequest) (*slack.ViewResponse, error)
	PushViewContext(ctx context.Context, trigger string, view slack.ModalViewRequest) (*slack.ViewResponse, error)
	PublishViewContext(ctx context.Context, request slack.PublishViewContextRequest) (*slack.ViewResponse, error)
}

// Config is what a bot is made of.
type Config struct {
	Conversation *Conversation
	Workspaces   Workspaces
	Self         string           // the bot's own user ID, see [Identify]; "" to go by what each event says, where there are several workspaces
	Keeper       Keeper           // of what workspaces decide and people think of answers; nil for none
	Editors      []string         // people who may change settings in every workspace, beside those that it names itself
	Replicas     bool             // other processes answer in the same conversations
	QuestionDays int              // for how long questions may be kept at most; 0 for not at all
	Log          *slog.Logger     // nil discards
	ReplyHosts   []string         // where response URLs may lead, such as hooks.slack.com, with the port where there is one; nil for anywhere
	Client       *http.Client     // for response URLs, which it posts to without following redirects; nil for one of its own
	Now          func() time.Time // nil for time.Now
}

// Workspaces are those that the bot is in. In returns what to call one by, or an error that wraps [store.ErrNotInstalled].
type Workspaces interface {
	In(ctx context.Context, team string) (Slack, error)
}

// Alone are the workspaces of a bot that is in one.
func Alone(s Slack) Workspaces { return alone{s} }

type alone struct{ slack Slack }

func (a alone) In(context.Context, string) (Slack, error) { return a.slack, nil }

// member is the bot in one workspace.
type member struct {
	*Bot
	team  string
	slack Slack
}

// in returns the bot as the member of a workspace.
func (b *Bot) in(ctx context.Context, team string) (*member, error) {
	s, err := b.config.Workspaces.In(ctx, team)
	return &member{b, team, s}, err
}

// Bot answers what Slack delivers.
type Bot struct {
	config Config
	log    *slog.Logger
	client *http.Client
	recent *recent
	gates  *gates
}

// callDeadline is that of one call to Slack.
const callDeadline = 10 * time.Second

// New returns a bot.
func New(config Config) *Bot {
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &Bot{
		config: config, log: config.Log, client: noRedirects(config.Client),
		recent: newRecent(config.Now, recentCount), gates: newGates(),
	}
}

// noRedirects copies a client, so that it follows no redirect: a response URL has none, and its address is a secret.
func noRedirects(client *http.Client) *http.Client {
	own := http.Client{Timeout: callDeadline}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// Identity is who the bot is in its workspace.
type Identity struct {
	User, Name       string // the bot's user ID and its name
	Team, TeamName   string // the workspace's ID and its name
	WorkspaceAddress string // such as https://example.slack.com/
}

// Identify asks Slack who the bot is: a first call that also proves the token.
func Identify(ctx context.Context, s Slack) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, callDeadline)
	defer cancel()
	r, err := s.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, fmt.Errorf("ask slack who we are: %w", err)
	}
	return Identity{User: r.UserID, Name: r.User, Team: r.TeamID, TeamName: r.Team, WorkspaceAddress: r.URL}, nil
}

// message answers a mention or a direct message.
func (b *member) message(ctx context.Context, m message, again bool) error {
	began := b.config.Now()
	thread := m.Thread
	if thread == "" && !m.Direct {
		thread = m.TS
	}
	to := answerTo{channel: m.Channel, thread: thread, question: m.TS}
	if again {
		if said, err := b.said(ctx, to); said || err != nil {
			return err
		}
	}
	where := spot{m.Team, m.Channel, thread}
	reply, err := b.config.Conversation.Line(ctx, m.Text, b.before(ctx, where, m, to))
	reply.Private = false
	to.asked = reply.Asked.Question()
	b.recent.remember(where, to.asked)
	set, exchange := b.settings(ctx), joined(m.Channel, m.TS)
	posted := b.post(ctx, to, b.told(adapted(reply, set, exchange), set))
	if posted == nil {
		b.keepQuestion(ctx, set, store.Question{Exchange: exchange, Person: m.User, Channel: m.Channel}, reply)
	}
	b.answered(ctx, "message", m.Channel, began, reply, err, posted)
	return posted
}

// command answers a slash command, to the asker alone. Nobody can look whether that was done already: what is tried again
// may be said twice, which is better than never; the log counts these.
func (b *member) command(ctx context.Context, c command, again bool) error {
	if again {
		b.log.WarnContext(ctx, "may be answered twice", "how", "command", "channel", c.Channel)
	}
	began := b.config.Now()
	where := spot{c.Team, c.Channel, c.User}
	reply, err := b.config.Conversation.Command(ctx, c.Name, c.Text, b.recent.before(where))
	b.recent.remember(where, reply.Asked.Question())
	set, exchange := b.settings(ctx), joined(c.Channel, c.Trigger)
	posted := b.respond(ctx, c.ResponseURL, private(b.told(adapted(reply, set, exchange), set), ""))
	if posted == nil {
		b.keepQuestion(ctx, set, store.Question{Exchange: exchange, Person: c.User, Channel: c.Channel}, reply)
	}
	b.answered(ctx, "command", c.Channel, began, reply, err, posted)
	return posted
}

// home shows the bot's own page to who opened it; settings to those alone who may change them.
func (b *member) home(ctx context.Context, h homeOpened) error {
	set := b.settings(ctx)
	reply := b.config.Conversation.home()
	reply.Hint = strings.TrimSpace(reply.Hint + " " + b.keptNotice(set))
	view := HomeTab(reply, b.mayEdit(set, h.User))
	return b.patiently(ctx, "publish home", func(ctx context.Context) error {
		_, err := b.slack.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: h.User, View: view})
		return err
	})
}

// Welcome posts the introduction to a channel.
func (b *Bot) Welcome(ctx context.Context, team, channel string) error {
	here, err := b.in(ctx, team)
	if err != nil {
		return err
	}
	return here.post(ctx, answerTo{channel: channel}, b.config.Conversation.Welcome())
}

// answered logs one line for each question: where, what came of it, how long it took. Never the words.
func (b *Bot) answered(ctx context.Context, how, channel string, began time.Time, r Reply, asking, posting error) {
	level := slog.LevelInfo
	if asking != nil || posting != nil {
		level = slog.LevelError
	}
	attrs := []slog.Attr{
		slog.String("how", how), slog.String("channel", channel), slog.String("verdict", string(r.Verdict)),
		slog.Int("excerpts", len(r.Excerpts)), slog.Int("more", len(r.More)), slog.Int("nearest", len(r.Nearest)),
		slog.Duration("duration", b.config.Now().Sub(began)),
	}
	if asking != nil {
		attrs = append(attrs, slog.String("error", asking.Error()))
	}
	if posting != nil {
		attrs = append(attrs, slog.String("posting", posting.Error()))
	}
	b.log.LogAttrs(ctx, level, "answered", attrs...)
}
