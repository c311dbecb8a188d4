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
	"rapporteur/bot/install"
	"rapporteur/bot/keyring"
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

// service is a bot that is being run.
type service struct {
	config    config
	log       *slog.Logger
	client    *http.Client // to Slack
	kept      *store.Store
	installer *install.Installer // nil where the bot is in one workspace
	bot       *bot.Bot
	inbox     *store.Inbox
}

// serve answers in Slack until the session's context ends, and then finishes what is under way. greet is called once the bot
// knows who it is; nil for nothing.
func (s *session) serve(c config, conversation *bot.Conversation, greet func(*bot.Bot)) (err error) {
	v := &service{config: c, log: slog.New(slog.NewTextHandler(s.err, nil)), client: toSlack()}
	if err := v.open(s.ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.kept.Close()) }()
	if v.bot, err = v.newBot(s.ctx, conversation); err != nil {
		return err
	}
	v.inbox, err = store.NewInbox(s.ctx, v.kept, v.work, store.Pace{})
	if err != nil {
		return err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), stopping)
		defer cancel()
		err = errors.Join(err, v.inbox.Close(stop))
	}()
	if greet != nil {
		greet(v.bot)
	}
	return v.receive(s.ctx)
}

// open opens what the bot keeps.
func (v *service) open(ctx context.Context) error {
	o, err := v.config.storeOptions()
	if err != nil {
		return err
	}
	o.Log = v.log
	v.kept, err = store.Open(ctx, o)
	switch {
	case errors.Is(err, store.ErrInUse):
		return fmt.Errorf("%w: stop the other one, or set DATA_DIR to another folder", err)
	case err != nil && o.URL != "":
		return fmt.Errorf("%w: check DATABASE_URL, and that PostgreSQL runs there", err)
	case err != nil:
		return fmt.Errorf("%w: set DATA_DIR to a folder that can be written to", err)
	}
	if err := v.kept.Shorten(ctx, "", v.config.keepDays()); err != nil {
		return errors.Join(err, v.kept.Close())
	}
	return nil
}

// storeOptions say where the bot keeps what it keeps, and with which keys it seals.
func (c *config) storeOptions() (store.Options, error) {
	o := store.Options{Dir: c.dataDir, URL: c.databaseURL}
	if c.secretKey == "" {
		return o, nil
	}
	keys, err := keyring.Parse(c.secretKey)
	if err != nil {
		return o, fmt.Errorf("SECRET_KEY: %w", err)
	}
	o.Keys = keys
	return o, nil
}

// newBot makes a bot for the workspaces that there are.
func (v *service) newBot(ctx context.Context, conversation *bot.Conversation) (*bot.Bot, error) {
	c := bot.Config{
		Conversation: conversation, Keeper: v.kept, Editors: v.config.editorIDs(), QuestionDays: v.config.keepDays(), Replicas: v.kept.Shared(),
		Log: v.log, ReplyHosts: v.config.replyHosts(),
	}
	if v.config.installable() {
		c.Workspaces = v.installed(ctx)
		return bot.New(c), nil
	}
	client := v.web(v.config.botToken)
	self, err := bot.Identify(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("%w: check SLACK_BOT_TOKEN and that the app is installed in the workspace", err)
	}
	c.Workspaces, c.Self = bot.Alone(client), self.User
	return bot.New(c), nil
}

// work lets the bot work on an item of the inbox.
func (v *service) work(ctx context.Context, i store.Item) error {
	err := v.bot.Work(ctx, i.Body, i.Again())
	if errors.Is(err, bot.ErrHopeless) {
		return fmt.Errorf("%w: %w", err, store.ErrHopeless)
	}
	return err
}

// keep puts into the inbox what is for the bot.
func (v *service) keep(d receive.Delivery) <-chan error {
	t, ok := v.bot.Read(d)
	if !ok {
		return nil
	}
	return v.inbox.Put(store.Item{Team: t.Team, Person: t.Person, Keys: t.Keys, Conversation: t.Conversation, Body: t.Body})
}

// toSlack returns a client that keeps connections: the default transport keeps two idle ones, which under a burst means a
// new one for nearly every answer.
func toSlack() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	return &http.Client{Timeout: 10 * time.Second, Transport: transport}
}

// web returns a client of Slack's Web API for a bot token.
func (v *service) web(token string) *slack.Client {
	return slack.New(token, slack.OptionAppLevelToken(v.config.appToken), slack.OptionAPIURL(v.config.apiURL), slack.OptionHTTPClient(v.client))
}

// receive takes in what Slack delivers, over Socket Mode when there is an app token, over HTTP otherwise.
func (v *service) receive(ctx context.Context) error {
	if v.config.appToken == "" {
		return v.listen(ctx)
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	listening := make(chan error, 1)
	go func() { listening <- v.listen(ctx) }()
	client := v.web("")
	socket := &receive.Socket{
		Open: func(ctx context.Context) (string, error) { return openSocket(ctx, client) }, Deliver: v.keep, Log: v.log,
		Ready: func(connections int) {
			v.log.Info("connected to Slack", "transport", "socket", "connections", connections)
		},
	}
	err := socket.Run(ctx)
	end()
	return errors.Join(err, <-listening)
}

// routes are what the bot answers over HTTP: Slack, where it delivers so; browsers that install the bot; and whoever asks
// how it is.
func (v *service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", receive.Health(v.inbox.Healthy))
	if v.config.appToken == "" {
		mux.Handle("POST /slack/", receive.NewHTTP(v.config.signingSecret, time.Now, v.keep, v.log))
	}
	if v.installer != nil {
		v.installer.Routes(mux)
	}
	return mux
}

// connectionsMost bounds the memory that connections take, about 40 kB each under load; what is beyond waits to be accepted.
const connectionsMost = 1024

// listen serves the routes where an address is set.
func (v *service) listen(ctx context.Context) error {
	if v.config.address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", v.config.address)
	if err != nil {
		return fmt.Errorf("listen: %w: set ADDR to a free address", err)
	}
	v.log.Info("listening", "address", listener.Addr().String())
	listener = netutil.LimitListener(listener, connectionsMost)
	if c, ok := v.certificates(); ok {
		secure, stop, err := c.listen(ctx, listener)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		defer stop()
		listener = secure
	}
	server := receive.NewServer(v.config.address, v.routes())
	server.ErrorLog = slog.NewLogLogger(v.log.Handler(), slog.LevelWarn)
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
