package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/alecthomas/kong"

	"rapporteur/bot"
	"rapporteur/content"
)

// commands is the command line. Each command's Run returns an error, or silent when the report is.
type commands struct {
	Run            runCommand            `cmd:"" default:"withargs" help:"Start the bot in Slack; without Slack tokens, in a workspace of its own in your browser."`
	Chat           chatCommand           `cmd:"" help:"Hold the conversation here, on the terminal."`
	Ask            askCommand            `cmd:"" help:"Put one question to the report, or many as JSON lines."`
	Inbox          inboxCommand          `cmd:"" help:"List, retry or drop the questions that were set aside."`
	Questions      questionsCommand      `cmd:"" help:"Print the questions that are kept, as JSON lines."`
	Feedback       feedbackCommand       `cmd:"" help:"Print whether answers helped, as JSON lines."`
	Forget         forgetCommand         `cmd:"" help:"Remove what is kept of a person."`
	Key            keyCommand            `cmd:"" help:"Print a new key for SECRET_KEY."`
	Backup         backupCommand         `cmd:"" help:"Copy the bot's database to a file, also while it runs."`
	Recommendation recommendationCommand `cmd:"" help:"Pull up a recommendation or conclusion by its label, or find some by words; all of them without either."`
	Contents       contentsCommand       `cmd:"" help:"List the sections of the report and the labels of its points."`
	Eval           evalCommand           `cmd:"" help:"Measure how well questions are answered, on your own reports and questions."`
	Manifest       manifestCommand       `cmd:"" help:"Print the app manifest to paste at api.slack.com/apps."`
	Version        versionCommand        `cmd:"" help:"Print the version."`
}

// session is what a command works with.
type session struct {
	ctx    context.Context
	getenv func(string) string
	console
}

// errSilent says that a question was heard, and that the report does not answer it.
var errSilent = errors.New("the report is silent")

// run parses the arguments, runs the command and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, c console) int {
	var cli commands
	helped := false
	parser, err := kong.New(&cli, kong.Name("rapporteur"), kong.Writers(c.out, c.err), kong.Exit(func(int) { helped = true }),
		kong.Description("Answers questions about a report with cited excerpts, and says so when the report is silent.\n\n"+
			"Exit codes: 0 answered, 3 the report is silent, 1 an error. Settings: see .env.example."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return c.fail(err)
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return exitAnswered
	case err != nil:
		return c.fail(fmt.Errorf("%w; see rapporteur --help", err))
	}
	return c.exit(command.Run(&session{ctx, getenv, c}))
}

// exit turns what a command returned into an exit code, and says what went wrong.
func (c console) exit(err error) int {
	switch {
	case err == nil:
		return exitAnswered
	case errors.Is(err, errSilent):
		return exitSilent
	}
	return c.fail(err)
}

func (c console) fail(err error) int {
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(c.err, "rapporteur: "+strings.TrimRight(line, "\n"))
	}
	return exitError
}

type recommendationCommand struct {
	Words []string `arg:"" optional:"" help:"A label such as b, (B), 2 or \"conclusion b\", or words such as \"judicial cooperation\"."`
}

// Run pulls up a point.
func (r *recommendationCommand) Run(s *session) error {
	return s.once(func(c *bot.Conversation) (bot.Reply, error) {
		return c.Command(s.ctx, "/recommendation", strings.Join(r.Words, " "), "")
	})
}

type contentsCommand struct{}

// Run lists what there is.
func (contentsCommand) Run(s *session) error {
	return s.once(func(c *bot.Conversation) (bot.Reply, error) {
		return c.Command(s.ctx, "/report", "contents", "")
	})
}

// once opens the corpus, draws one reply and closes it again.
func (s *session) once(reply func(*bot.Conversation) (bot.Reply, error)) error {
	conversation, closeIndex, err := s.open()
	if err != nil {
		return err
	}
	defer closeIndex()
	r, err := reply(conversation)
	if err != nil {
		return err
	}
	s.pen().draw(r)
	if r.Verdict != content.Answered {
		return errSilent
	}
	return nil
}

type manifestCommand struct {
	Transport string `enum:"socket,http" default:"socket" help:"How Slack reaches the bot: socket (no public address needed) or http."`
	URL       string `help:"The bot's public address for http, such as https://bot.example.org."`
	Install   bool   `help:"Let any workspace install the bot by OAuth, at --url; see README, Several workspaces."`
	Rotation  bool   `help:"With --install: tokens that expire after twelve hours. Slack lets nobody switch this off again."`
	PKCE      bool   `help:"With --install: PKCE. Slack lets nobody switch this off again."`
	Format    string `enum:"json,yaml" default:"json" help:"json, or yaml with a comment on each permission."`
	Explain   bool   `help:"List the permissions with what each is for, instead of the manifest."`
}

// Run prints the manifest.
func (m *manifestCommand) Run(s *session) error {
	if m.Explain {
		for _, scope := range bot.Scopes() {
			fmt.Fprintf(s.out, "%-18s %s\n", scope.Name, scope.Why)
		}
		return nil
	}
	write := bot.Manifest
	if m.Format == "yaml" {
		write = bot.ManifestYAML
	}
	text, err := write(bot.App{Transport: bot.Transport(m.Transport), PublicURL: m.URL, Install: m.Install, Rotation: m.Rotation, PKCE: m.PKCE})
	if err != nil {
		return fmt.Errorf("%w: see rapporteur manifest --help", err)
	}
	_, err = s.out.Write(text)
	return err
}

type versionCommand struct{}

// version is set by the release build: go build -ldflags "-X main.version=v1.2.3".
var version = ""

// Run prints the version: that of the release, or the commit it was built from.
func (versionCommand) Run(s *session) error {
	fmt.Fprintln(s.out, "rapporteur "+versionName())
	return nil
}

func versionName() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unreleased"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "unreleased, commit " + s.Value[:min(12, len(s.Value))]
		}
	}
	return "unreleased"
}
