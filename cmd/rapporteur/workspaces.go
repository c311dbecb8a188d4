package main

import (
	"context"
	"encoding/json"
	"fmt"

	"rapporteur/bot"
	"rapporteur/bot/install"
	"rapporteur/bot/keyring"
	"rapporteur/bot/store"
)

// installed are the workspaces that installed the bot.
type installed struct{ *service }

// In implements [bot.Workspaces].
func (in installed) In(ctx context.Context, team string) (bot.Slack, error) {
	i, err := in.installer.Installation(ctx, team)
	if err != nil {
		return nil, err
	}
	return in.web(i.Tokens.Access), nil
}

// installed opens the door to workspaces, and seals anew what an earlier key sealed.
func (v *service) installed(ctx context.Context) bot.Workspaces {
	o, _ := v.config.storeOptions() // read before
	v.installer = install.New(install.Config{
		ClientID: v.config.clientID, ClientSecret: v.config.clientSecret, Scopes: scopeNames(), PublicURL: v.config.publicURL,
		APIURL: v.config.apiURL, Keys: o.Keys, Store: v.kept, PKCE: v.config.pkce == "on", Client: v.client, Log: v.log,
	})
	n, err := v.kept.Reseal(ctx)
	if n > 0 {
		v.log.Info("sealed under the new key", "workspaces", n)
	}
	if err != nil {
		v.log.Error("tokens that SECRET_KEY does not open: those workspaces have to install the bot again", "error", err)
	}
	v.log.Info("workspaces install the bot here", "address", v.installer.Address())
	return installed{v}
}

func scopeNames() (names []string) {
	for _, s := range bot.Scopes() {
		names = append(names, s.Name)
	}
	return names
}

type keyCommand struct{}

// Run prints a new key.
func (keyCommand) Run(s *session) error {
	_, err := fmt.Fprintln(s.out, keyring.New())
	return err
}

type forgetCommand struct {
	User string `arg:"" help:"The person's ID in Slack, such as U012AB3CD (their profile, Copy member ID)."`
	Team string `help:"In this workspace alone, such as T012AB3CD; otherwise in all."`
}

// Run removes what is kept of a person.
func (c forgetCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error {
		f, err := kept.Forget(ctx, c.Team, c.User)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "removed of %s: %d questions, %d feedback, %d set aside, %d settings that named them\n", c.User, f.Questions, f.Feedback, f.Aside, f.Settings)
		if f.Waiting > 0 {
			fmt.Fprintf(s.out, "%d more are being answered, and are gone once they are\n", f.Waiting)
		}
		return nil
	})
}

type questionsCommand struct {
	Team string `help:"Of this workspace alone, such as T012AB3CD."`
}

// Run prints the questions that are kept, as JSON lines.
func (c questionsCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error {
		all, err := kept.Questions(ctx, c.Team)
		return printLines(s, all, err)
	})
}

type feedbackCommand struct {
	Team string `help:"Of this workspace alone, such as T012AB3CD."`
}

// Run prints the feedback, as JSON lines.
func (c feedbackCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error {
		all, err := kept.Feedback(ctx, c.Team)
		return printLines(s, all, err)
	})
}

func printLines[T any](s *session, all []T, err error) error {
	if err != nil {
		return err
	}
	lines := json.NewEncoder(s.out)
	lines.SetEscapeHTML(false)
	for _, one := range all {
		if err := lines.Encode(one); err != nil {
			return err
		}
	}
	return nil
}
