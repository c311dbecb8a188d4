// Rapporteur answers questions about a report with cited excerpts, in Slack or on the terminal.
//
//	rapporteur                          start the bot; without Slack tokens, in a workspace of its own, in the browser
//	rapporteur chat                     the same conversation on the terminal
//	rapporteur ask "who organized it?"  one question, one answer
//	rapporteur ask --json <FILE         questions as JSON lines in, answers as JSON lines out
//	rapporteur recommendation b         pull up a point by its label
//	rapporteur contents                 what there is
//	rapporteur manifest                 the app manifest for Slack
//	rapporteur version
//
// It exits with 0 when the report answers, 3 when the report is silent, and 1 on an error. The environment, and a file
// .env beside it, say the rest: see .env.example.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Getenv, console{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// console is where a person sits.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// The exit codes.
const (
	exitAnswered = 0
	exitError    = 1
	exitSilent   = 3
)
