// Package install lets workspaces in by OAuth v2 (docs.slack.dev/authentication/installing-with-oauth), and keeps their
// tokens good.
//
// A person opens /slack/install, is sent to Slack to allow it, and comes back to /slack/oauth with a code, which is exchanged
// for the workspace's tokens. That the browser which comes back is the one which was sent is proved by a cookie: it holds
// the state, and the verifier of PKCE, sealed, so that any replica can read it and nobody else. Who may install is decided
// at Slack: an app that isn't distributed can be installed in its own workspace alone.
package install

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/time/rate"

	"rapporteur/bot/keyring"
	"rapporteur/bot/store"
)

// Store keeps installations; *store.Store does.
type Store interface {
	Install(ctx context.Context, i store.Installation) error
	Installation(ctx context.Context, team string) (store.Installation, error)
	Claim(ctx context.Context, i store.Installation, lease time.Duration) (bool, error)
	Renew(ctx context.Context, i store.Installation, next store.Tokens) error
}

// Config is what an [Installer] is made of. All fields but the last four are needed.
type Config struct {
	ClientID, ClientSecret string
	Scopes                 []string
	PublicURL              string // where browsers reach the bot, without a slash at its end
	APIURL                 string // of Slack's Web API, with a slash at its end; the page where people allow it is beside it
	Keys                   *keyring.Ring
	Store                  Store

	PKCE   bool             // send a code challenge too: for apps that have PKCE switched on (docs.slack.dev/authentication/using-pkce)
	Client *http.Client     // for calls to Slack; nil for one with a deadline of ten seconds
	Log    *slog.Logger     // nil discards
	Now    func() time.Time // nil for time.Now
}

// Installer installs the bot in workspaces. Safe for concurrent use.
type Installer struct {
	config Config
	codes  *rate.Limiter // of exchanges: whoever has a browser can ask for one
}

// New returns an installer.
func New(c Config) *Installer {
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 10 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Installer{config: c, codes: rate.NewLimiter(rate.Every(time.Second), 10)}
}

// Address is where people install the bot.
func (in *Installer) Address() string { return in.config.PublicURL + "/slack/install" }

func (in *Installer) back() string { return in.config.PublicURL + "/slack/oauth" }

// authorizePage is where people allow it: at https://slack.com/oauth/v2/authorize for https://slack.com/api/.
func (in *Installer) authorizePage(asked url.Values) (string, error) {
	api, err := url.Parse(in.config.APIURL)
	if err != nil {
		return "", fmt.Errorf("address of slack: %w", err)
	}
	page := api.ResolveReference(&url.URL{Path: "../oauth/v2/authorize"})
	page.RawQuery = asked.Encode()
	return page.String(), nil
}

// Slack rotates tokens every twelve hours; we ask for the next ones an hour before (python-slack-sdk takes two), while the
// old ones still work, so that nobody waits for another's asking.
const (
	early    = time.Hour
	claimFor = 15 * time.Second // longer than a call takes
)

var errBusy = errors.New("the workspace's token has expired, and another process is asking for the next one")

// Installation returns a workspace that let the bot in, with tokens that are good for now. Its error wraps
// [store.ErrNotInstalled] when the workspace didn't, and passes otherwise.
func (in *Installer) Installation(ctx context.Context, team string) (store.Installation, error) {
	i, err := in.config.Store.Installation(ctx, team)
	if err != nil || i.Tokens.Refresh == "" || in.config.Now().Before(i.Tokens.Expires.Add(-early)) {
		return i, err
	}
	good := in.config.Now().Before(i.Tokens.Expires)
	claimed, err := in.config.Store.Claim(ctx, i, claimFor)
	if err == nil && claimed {
		i, err = in.refreshed(ctx, i)
	}
	switch {
	case good && err != nil: // the old ones will do until the next try
		in.config.Log.WarnContext(ctx, "tokens not renewed", "team", team, "error", err)
		return i, nil
	case !good && err == nil && !claimed:
		return i, errBusy
	}
	return i, err
}

// refreshed asks for the next tokens and keeps them.
func (in *Installer) refreshed(ctx context.Context, i store.Installation) (store.Installation, error) {
	r, err := slack.RefreshOAuthV2TokenContext(ctx, in.config.Client, in.config.ClientID, in.config.ClientSecret, i.Tokens.Refresh,
		slack.OAuthOptionAPIURL(in.config.APIURL))
	if err != nil {
		return i, fmt.Errorf("renew tokens of workspace %s (if this stays, it has to install the bot again at %s): %w", i.Team, in.Address(), plain(err))
	}
	next := in.tokens(r)
	if err := in.config.Store.Renew(ctx, i, next); err != nil {
		return i, err
	}
	in.config.Log.InfoContext(ctx, "tokens renewed", "team", i.Team)
	i.Tokens = next
	return i, nil
}

func (in *Installer) tokens(r *slack.OAuthV2Response) store.Tokens {
	t := store.Tokens{Access: r.AccessToken, Refresh: r.RefreshToken}
	if r.ExpiresIn > 0 {
		t.Expires = in.config.Now().Add(time.Duration(r.ExpiresIn) * time.Second)
	}
	return t
}

// plain strips an error of the address that was called: with slack-go, that is all in [url.Error].
func plain(err error) error {
	var called *url.Error
	if errors.As(err, &called) {
		return called.Err
	}
	return err
}

// exchanged asks for the tokens of a workspace and keeps them.
func (in *Installer) exchanged(ctx context.Context, code, verifier string) (store.Installation, error) {
	options := []slack.OAuthOption{slack.OAuthOptionAPIURL(in.config.APIURL)}
	if verifier != "" {
		options = append(options, slack.OAuthOptionCodeVerifier(verifier))
	}
	r, err := slack.GetOAuthV2ResponseContext(ctx, in.config.Client, in.config.ClientID, in.config.ClientSecret, code, in.back(), options...)
	if err != nil {
		return store.Installation{}, fmt.Errorf("exchange code: %w", plain(err))
	}
	if r.IsEnterpriseInstall || r.Team.ID == "" || !strings.HasPrefix(strings.TrimPrefix(r.AccessToken, "xoxe."), "xoxb-") {
		return store.Installation{}, errNotOne
	}
	i := store.Installation{Team: r.Team.ID, Name: r.Team.Name, BotUser: r.BotUserID, Installer: r.AuthedUser.ID, Tokens: in.tokens(r)}
	if err := in.config.Store.Install(ctx, i); err != nil {
		return i, err
	}
	in.config.Log.InfoContext(ctx, "installed", "team", i.Team)
	return i, nil
}

var errNotOne = errors.New("want the installation of a bot in one workspace")
