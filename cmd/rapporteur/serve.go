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

	"rapporteur/bot"
	"rapporteur/bot/receive"
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
func (s *session) serve(c config, conversation *bot.Conversation, greet func(*bot.Bot)) error {
	log := slog.New(slog.NewTextHandler(s.err, nil))
	client := web(c)
	self, err := bot.Identify(s.ctx, client)
	if err != nil {
		return fmt.Errorf("%w: check SLACK_BOT_TOKEN and that the app is installed in the workspace", err)
	}
	b := bot.New(bot.Config{Conversation: conversation, Slack: client, Self: self.User, Log: log})
	if greet != nil {
		greet(b)
	}
	queue := receive.NewQueue(b.Handle, receive.Limits{}, log)
	err = s.receive(c, client, queue, log)
	stop, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), stopping)
	defer cancel()
	return errors.Join(err, queue.Close(stop))
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
func (s *session) receive(c config, client *slack.Client, queue *receive.Queue, log *slog.Logger) error {
	if c.appToken != "" {
		socket := &receive.Socket{
			Open: func(ctx context.Context) (string, error) { return openSocket(ctx, client) }, Deliver: queue.Put, Log: log,
			Ready: func(connections int) {
				log.Info("connected to Slack", "transport", "socket", "connections", connections)
			},
		}
		return socket.Run(s.ctx)
	}
	listener, err := net.Listen("tcp", c.address)
	if err != nil {
		return fmt.Errorf("listen for Slack: %w: set ADDR to a free address", err)
	}
	log.Info("listening for Slack", "transport", "http", "address", listener.Addr().String(), "path", "/slack/events")
	server := receive.NewServer(c.address, receive.NewHTTP(c.signingSecret, time.Now, queue.Put, log))
	server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	return receive.Serve(s.ctx, listener, server)
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
