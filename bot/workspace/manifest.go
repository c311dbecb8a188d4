package workspace

import (
	"encoding/json"
	"fmt"
)

// Command is a slash command that an app registered.
type Command struct {
	Name        string `json:"command"`     // with its slash
	Description string `json:"description"` // shown beside it while a person types
	Hint        string `json:"usage_hint"`  // what may follow, such as "[question]"
}

// WithManifest returns the options of a workspace in which the app of this manifest, in JSON, was just installed: its
// scopes, events, commands, name and request URLs take the place of what the options said.
func (o Options) WithManifest(raw []byte) (Options, error) {
	var m struct {
		Features struct {
			User struct {
				DisplayName string `json:"display_name"`
			} `json:"bot_user"`
			Commands []Command `json:"slash_commands"`
		} `json:"features"`
		OAuth struct {
			Scopes    struct{ Bot []string } `json:"scopes"`
			Redirects []string               `json:"redirect_urls"`
			PKCE      bool                   `json:"pkce_enabled"`
		} `json:"oauth_config"`
		Settings struct {
			Socket   bool `json:"socket_mode_enabled"`
			Rotation bool `json:"token_rotation_enabled"`
			Events   struct {
				Bot []string `json:"bot_events"`
				URL string   `json:"request_url"`
			} `json:"event_subscriptions"`
			Interactivity struct {
				URL string `json:"request_url"`
			} `json:"interactivity"`
		} `json:"settings"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return o, fmt.Errorf("read manifest: %w", err)
	}
	o.BotName = or(m.Features.User.DisplayName, o.BotName)
	o.Commands, o.Scopes, o.Events = m.Features.Commands, m.OAuth.Scopes.Bot, m.Settings.Events.Bot
	o.Redirects, o.Rotation, o.PKCE = m.OAuth.Redirects, m.Settings.Rotation, m.OAuth.PKCE
	if !m.Settings.Socket {
		o.Endpoints = Endpoints{m.Settings.Events.URL, m.Settings.Events.URL, m.Settings.Interactivity.URL}
	}
	return o, nil
}
