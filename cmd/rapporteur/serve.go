package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/net/netutil"

	"rapporteur/bot"
	"rapporteur/bot/receive"
	"rapporteur/bot/store"
)

type runCommand struct {
	Workspace string `default:"127.0.0.1:8321" help:"Where the local workspace listens when no Slack tokens are set; another free port of this machine when this one is taken."`
}

// Run starts the bot in Slack, or in a workspace of its own on this machine when no Slack token is set.
func (r *runCommand) Run(s *session) error {
	c, err := s.settings()
	if err != nil {
		return err
	}
	conversation, closeIndex, err := s.openWith(c)
	if err != nil {
		return err
	}
	defer closeIndex()
	if !c.inSlack() {
		return s.try(r.Workspace, c, conversation)
	}
	return s.serve(c, conversation, nil)
}

// stopping is how long answers under way may take once the bot is told to stop.
const stopping = 10 * time.Second

// serve answers in Slack until the session's context ends, and then finishes what is under way. greet is called once the bot
// knows who it is; nil for nothing.
func (s *session) serve(c config, conversation *bot.Conversation, greet func(*bot.Bot)) (err error) {
	log := slog.New(slog.NewTextHandler(s.err, nil))
	client := web(c)
	self, err := bot.Identify(s.ctx, client)
	if err != nil {
		return fmt.Errorf("%w: check SLACK_BOT_TOKEN and that the app is installed in the workspace", err)
	}
	b := bot.New(bot.Config{Conversation: conversation, Workspaces: bot.Alone(client), Self: self.User, Log: log, ReplyHosts: c.replyHosts()})
	kept, err := openStore(s.ctx, store.Options{Dir: c.dataDir, URL: c.databaseURL, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	inbox, err := store.NewInbox(s.ctx, kept, working(b), store.Pace{})
	if err != nil {
		return err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), stopping)
		defer cancel()
		err = errors.Join(err, inbox.Close(stop))
	}()
	if greet != nil {
		greet(b)
	}
	return s.receive(c, client, &intake{b, inbox}, log)
}

// openStore opens what the bot keeps.
func openStore(ctx context.Context, o store.Options) (*store.Store, error) {
	s, err := store.Open(ctx, o)
	switch {
	case errors.Is(err, store.ErrInUse):
		return nil, fmt.Errorf("%w: stop the other one, or set DATA_DIR to another folder", err)
	case err != nil && o.URL != "":
		return nil, fmt.Errorf("%w: check DATABASE_URL, and that PostgreSQL runs there", err)
	case err != nil:
		return nil, fmt.Errorf("%w: set DATA_DIR to a folder that can be written to", err)
	}
	return s, nil
}

// working lets a bot work on the items of an inbox.
func working(b *bot.Bot) store.Work {
	return func(ctx context.Context, i store.Item) error {
		err := b.Work(ctx, i.Body, i.Again())
		if errors.Is(err, bot.ErrHopeless) {
			return fmt.Errorf("%w: %w", err, store.ErrHopeless)
		}
		return err
	}
}

// intake puts into the inbox what is for the bot.
type intake struct {
	bot   *bot.Bot
	inbox *store.Inbox
}

func (in *intake) keep(d receive.Delivery) <-chan error {
	t, ok := in.bot.Read(d)
	if !ok {
		return nil
	}
	return in.inbox.Put(store.Item{Team: t.Team, Person: t.Person, Keys: t.Keys, Conversation: t.Conversation, Body: t.Body})
}

// web returns the client of Slack's Web API. It keeps connections: the default transport keeps two idle ones, which under a
// burst means a new one for nearly every answer.
func web(c config) *slack.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	return slack.New(c.botToken, slack.OptionAppLevelToken(c.appToken), slack.OptionAPIURL(c.apiURL),
		slack.OptionHTTPClient(&http.Client{Timeout: 10 * time.Second, Transport: transport}))
}

// receive takes in what Slack delivers, over Socket Mode when there is an app token, over HTTP otherwise.
func (s *session) receive(c config, client *slack.Client, in *intake, log *slog.Logger) error {
	if c.appToken == "" {
		return listen(s.ctx, c.address, receive.NewHTTP(c.signingSecret, time.Now, in.keep, in.inbox.Healthy, log), log)
	}
	ctx, end := context.WithCancel(s.ctx)
	defer end()
	health := make(chan error, 1)
	go func() { health <- serveHealth(ctx, c.address, in, log) }()
	socket := &receive.Socket{
		Open: func(ctx context.Context) (string, error) { return openSocket(ctx, client) }, Deliver: in.keep, Log: log,
		Ready: func(connections int) {
			log.Info("connected to Slack", "transport", "socket", "connections", connections)
		},
	}
	err := socket.Run(ctx)
	end()
	return errors.Join(err, <-health)
}

// serveHealth answers /healthz beside Socket Mode, where an address is set.
func serveHealth(ctx context.Context, address string, in *intake, log *slog.Logger) error {
	if address == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", receive.Health(in.inbox.Healthy))
	return listen(ctx, address, mux, log)
}

// connectionsMost bounds the memory that connections take, about 40 kB each under load; what is beyond waits to be accepted.
const connectionsMost = 1024

func listen(ctx context.Context, address string, handler http.Handler, log *slog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w: set ADDR to a free address", err)
	}
	log.Info("listening", "address", listener.Addr().String())
	listener = netutil.LimitListener(listener, connectionsMost)
	server := receive.NewServer(address, handler)
	server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	return receive.Serve(ctx, listener, server)
}

// openSocket asks Slack for the address of a connection.
func openSocket(ctx context.Context, client *slack.Client) (string, error) {
	_, address, err := client.StartSocketModeContext(ctx)
	var limited *slack.RateLimitedError
	var refused slack.SlackErrorResponse
	switch {
	case err == nil:
		return address, nil
	case errors.As(err, &limited):
		return "", &receive.LaterError{After: limited.RetryAfter, Err: errors.New("slack asks to wait")}
	case errors.As(err, &refused) && hopeless[refused.Err]:
		return "", fmt.Errorf("slack refuses SLACK_APP_TOKEN (%s): make a new app-level token with the scope connections:write: %w", refused.Err, receive.ErrFatal)
	}
	return "", err
}

// hopeless is what Slack says of a token that no waiting mends.
var hopeless = map[string]bool{
	"invalid_auth": true, "not_authed": true, "account_inactive": true, "token_revoked": true, "token_expired": true,
	"missing_scope": true, "not_allowed_token_type": true, "no_permission": true, "org_login_required": true,
}
