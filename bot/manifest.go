package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/goccy/go-yaml"
)

// Transport is the way in which Slack delivers to the bot.
type Transport string

// The two transports.
const (
	SocketMode Transport = "socket" // the bot connects to Slack; it needs no address of its own
	HTTP       Transport = "http"   // Slack calls the bot at a public address
)

// App is what a manifest describes.
type App struct {
	Transport Transport
	PublicURL string // where Slack and browsers reach the bot, such as https://bot.example.org; with Socket Mode, needed for Install alone
	Install   bool   // any workspace may install it by OAuth, see package install
	Rotation  bool   // tokens are to expire; needs Install, and cannot be switched off again
	PKCE      bool   // see package install; needs Install, and cannot be switched off again
}

// Scope is a permission that the app asks for, and what for.
type Scope struct{ Name, Why string }

// Scopes returns the permissions that the bot needs, no more: each stands for something it does.
func Scopes() []Scope {
	return []Scope{
		{"app_mentions:read", "to hear a question in a channel, when somebody mentions the bot"},
		{"channels:history", "to look, after a breakdown, whether a question in a channel was answered already, and what was asked before it"},
		{"chat:write", "to answer in the thread, or in a direct message"},
		{"commands", "to offer /report and /recommendation"},
		{"groups:history", "the same in a private channel"},
		{"im:history", "to hear a question in a direct message to the bot"},
	}
}

// manifest is an app manifest. The fields are our own, and written even when false: messages_tab_read_only_enabled must
// be there for the messages tab to accept messages, and slack-go's type leaves it out.
type manifest struct {
	Display  display  `json:"display_information" yaml:"display_information"`
	Features features `json:"features" yaml:"features"`
	OAuth    oauth    `json:"oauth_config" yaml:"oauth_config"`
	Settings settings `json:"settings" yaml:"settings"`
}

type display struct {
	Name        string `json:"name" yaml:"name"`
	Description string `json:"description" yaml:"description"`
	Long        string `json:"long_description" yaml:"long_description"`
	Colour      string `json:"background_color" yaml:"background_color"`
}

type features struct {
	Home     appHome        `json:"app_home" yaml:"app_home"`
	User     botUser        `json:"bot_user" yaml:"bot_user"`
	Commands []slashCommand `json:"slash_commands" yaml:"slash_commands"`
}

type appHome struct {
	HomeTab     bool `json:"home_tab_enabled" yaml:"home_tab_enabled"`
	MessagesTab bool `json:"messages_tab_enabled" yaml:"messages_tab_enabled"`
	ReadOnly    bool `json:"messages_tab_read_only_enabled" yaml:"messages_tab_read_only_enabled"`
}

type botUser struct {
	Name   string `json:"display_name" yaml:"display_name"`
	Online bool   `json:"always_online" yaml:"always_online"`
}

type slashCommand struct {
	Command     string `json:"command" yaml:"command"`
	URL         string `json:"url,omitempty" yaml:"url,omitempty"`
	Description string `json:"description" yaml:"description"`
	Hint        string `json:"usage_hint" yaml:"usage_hint"`
	Escape      bool   `json:"should_escape" yaml:"should_escape"`
}

type oauth struct {
	Redirects []string `json:"redirect_urls,omitempty" yaml:"redirect_urls,omitempty"`
	Scopes    scopes   `json:"scopes" yaml:"scopes"`
	PKCE      bool     `json:"pkce_enabled,omitempty" yaml:"pkce_enabled,omitempty"`
}

type scopes struct {
	Bot []string `json:"bot" yaml:"bot"`
}

type settings struct {
	Events        events        `json:"event_subscriptions" yaml:"event_subscriptions"`
	Interactivity interactivity `json:"interactivity" yaml:"interactivity"`
	OrgDeploy     bool          `json:"org_deploy_enabled" yaml:"org_deploy_enabled"`
	SocketMode    bool          `json:"socket_mode_enabled" yaml:"socket_mode_enabled"`
	TokenRotation bool          `json:"token_rotation_enabled" yaml:"token_rotation_enabled"`
}

type events struct {
	URL string   `json:"request_url,omitempty" yaml:"request_url,omitempty"`
	Bot []string `json:"bot_events" yaml:"bot_events"`
}

type interactivity struct {
	On  bool   `json:"is_enabled" yaml:"is_enabled"`
	URL string `json:"request_url,omitempty" yaml:"request_url,omitempty"`
}

// Manifest returns the app manifest as JSON, as api.slack.com/apps takes it.
func Manifest(a App) ([]byte, error) {
	m, err := newManifest(a)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return b.Bytes(), nil
}

// ManifestYAML returns the same manifest as YAML, with a comment on each scope that says what it is for.
func ManifestYAML(a App) ([]byte, error) {
	m, err := newManifest(a)
	if err != nil {
		return nil, err
	}
	comments := yaml.CommentMap{}
	for i, s := range Scopes() {
		comments[fmt.Sprintf("$.oauth_config.scopes.bot[%d]", i)] = []*yaml.Comment{yaml.LineComment(" " + s.Why)}
	}
	b, err := yaml.MarshalWithOptions(m, yaml.WithComment(comments), yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return b, nil
}

func newManifest(a App) (manifest, error) {
	base, err := a.address()
	if err != nil {
		return manifest{}, err
	}
	address := ""
	if a.Transport == HTTP {
		address = base + "/slack/events"
	}
	m := manifest{
		Display:  appDisplay(),
		Features: features{Home: appHome{HomeTab: true, MessagesTab: true}, User: botUser{Name: "Rapporteur", Online: true}, Commands: slashCommands(address)},
		Settings: settings{
			Events:        events{URL: address, Bot: []string{"app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"}},
			Interactivity: interactivity{On: true, URL: address},
			SocketMode:    a.Transport == SocketMode,
			TokenRotation: a.Rotation,
		},
	}
	if a.Install {
		m.OAuth.Redirects, m.OAuth.PKCE = []string{base + "/slack/oauth"}, a.PKCE
	}
	for _, s := range Scopes() {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
	}
	return m, nil
}

// address is where the bot is reached; "" where nobody needs to.
func (a App) address() (string, error) {
	if a.Transport != SocketMode && a.Transport != HTTP {
		return "", fmt.Errorf("manifest: want transport %s or %s, not %q", SocketMode, HTTP, a.Transport)
	}
	if (a.Rotation || a.PKCE) && !a.Install {
		return "", errors.New("manifest: token rotation and PKCE are for apps that are installed by OAuth")
	}
	if a.Transport == SocketMode && !a.Install {
		return "", nil
	}
	u, err := url.Parse(a.PublicURL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("manifest: want the bot's public address such as https://bot.example.org, not %q", a.PublicURL)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func appDisplay() display {
	return display{
		Name:        "Rapporteur",
		Description: "Answers questions about a report with cited excerpts.",
		Long: "Rapporteur answers questions about a report with excerpts from it, and says of each where it stands. " +
			"Mention it in a channel, write to it, or use /report and /recommendation. It shows what the report says and " +
			"nothing that the report does not say; when the report is silent, it says so.",
		Colour: "#1f3a5f",
	}
}

func slashCommands(address string) []slashCommand {
	return []slashCommand{
		{Command: reportCommand, URL: address, Description: "Ask the report, and get cited excerpts", Hint: "QUESTION | contents | about | help"},
		{Command: recommendationCommand, URL: address, Description: "Pull up a recommendation or conclusion", Hint: "b | conclusion b | judicial cooperation"},
	}
}
