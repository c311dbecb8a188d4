package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"rapporteur/bot"
	"rapporteur/bot/workspace"
)

const tryNotice = `No Slack tokens are set, so this is a workspace of its own, on this machine:

    %s

Open it in a browser, and press Ctrl+C here to end it. The same conversation on the terminal: rapporteur chat.
To answer in Slack: create an app from "rapporteur manifest", then set SLACK_BOT_TOKEN and SLACK_APP_TOKEN in
the file .env (see .env.example).

`

// lobby is the channel in which the bot introduces itself.
const lobby = "C0REPORTS"

// try starts a workspace on this machine with the bot in it, until the session's context ends.
func (s *session) try(address string, c config, conversation *bot.Conversation) error {
	if host, _, err := net.SplitHostPort(address); err != nil || !isLoopback(host) {
		return fmt.Errorf("--workspace %s: want an address of this machine alone, such as 127.0.0.1:8400: the workspace has no passwords", address)
	}
	w, err := openWorkspace(address)
	if err != nil {
		return fmt.Errorf("%w: give a free address of this machine, such as --workspace 127.0.0.1:8400", err)
	}
	defer w.Close()
	dir, err := os.MkdirTemp("", "rapporteur-")
	if err != nil {
		return fmt.Errorf("make a folder for the time of the trial: %w", err)
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(s.out, tryNotice, w.PageURL())
	o := w.Options()
	c.apiURL, c.botToken, c.appToken, c.dataDir, c.databaseURL = w.URL(), o.BotToken, o.AppToken, dir, ""
	c.editors = "U0ADA"
	return s.serve(c, conversation, func(b *bot.Bot) {
		ctx, cancel := context.WithTimeout(s.ctx, 10*time.Second)
		defer cancel()
		if err := b.Welcome(ctx, o.Team, lobby); err != nil {
			fmt.Fprintln(s.err, "rapporteur: could not say hello:", err)
		}
	})
}

// openWorkspace opens a workspace in which the app of our manifest is installed.
func openWorkspace(address string) (*workspace.Workspace, error) {
	manifest, err := bot.Manifest(bot.App{Transport: bot.SocketMode})
	if err != nil {
		return nil, err
	}
	o, err := workspace.Options{Addr: address}.WithManifest(manifest)
	if err != nil {
		return nil, err
	}
	o.People = []workspace.Person{{ID: "U0ADA", Name: "ada", RealName: "Ada"}, {ID: "U0GRACE", Name: "grace", RealName: "Grace"}}
	everyone := []string{"U0ADA", "U0GRACE"}
	o.Channels = []workspace.Channel{
		{ID: lobby, Name: "reports", Members: []string{"U0ADA", "U0GRACE", "U0BOT"}},
		{ID: "C0RANDOM", Name: "random", Members: everyone},
	}
	w, err := workspace.Start(o)
	if errors.Is(err, syscall.EADDRINUSE) {
		o.Addr = "127.0.0.1:0"
		return workspace.Start(o)
	}
	return w, err
}
