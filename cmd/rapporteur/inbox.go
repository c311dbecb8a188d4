package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"rapporteur/bot/store"
)

// inboxCommand looks after what was set aside; it works beside a running bot.
type inboxCommand struct {
	List  inboxListCommand  `cmd:"" default:"1" help:"List the questions that were set aside, with the reason; never their words."`
	Retry inboxRetryCommand `cmd:"" help:"Give one of them all its tries again; a running bot takes it up within seconds."`
	Drop  inboxDropCommand  `cmd:"" help:"Forget one of them."`
}

type inboxListCommand struct{}

// Run lists what was set aside.
func (inboxListCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error {
		aside, waiting, err := kept.Aside(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%d waiting or under way, %d set aside\n", waiting, len(aside))
		if len(aside) == 0 {
			return nil
		}
		table := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(table, "ID\tTAKEN IN\tTRIES\tREASON")
		for _, a := range aside {
			fmt.Fprintf(table, "%d\t%s\t%d\t%s\n", a.ID, a.Taken.UTC().Format(time.RFC3339), a.Tries, a.Reason)
		}
		return table.Flush()
	})
}

type inboxRetryCommand struct {
	ID int64 `arg:"" help:"As rapporteur inbox lists it."`
}

// Run gives an item its tries again.
func (c inboxRetryCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error { return aboutItem(c.ID, kept.Retry(ctx, c.ID)) })
}

type inboxDropCommand struct {
	ID int64 `arg:"" help:"As rapporteur inbox lists it."`
}

// Run forgets an item.
func (c inboxDropCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error { return aboutItem(c.ID, kept.Drop(ctx, c.ID)) })
}

func aboutItem(id int64, err error) error {
	if errors.Is(err, store.ErrNotThere) {
		return fmt.Errorf("%d: %w; rapporteur inbox lists those that are", id, err)
	}
	return err
}

type backupCommand struct {
	File string `arg:"" help:"Where to write the copy; must not be there yet."`
}

// Run copies the database while the bot runs.
func (c backupCommand) Run(s *session) error {
	return s.asGuest(func(ctx context.Context, kept *store.Store) error {
		if err := kept.Backup(ctx, c.File); err != nil {
			return err
		}
		fmt.Fprintln(s.out, "copied to", c.File)
		return nil
	})
}

// asGuest opens what the bot keeps, beside a bot that may be running.
func (s *session) asGuest(do func(context.Context, *store.Store) error) (err error) {
	c, err := s.settings()
	if err != nil {
		return err
	}
	o, err := c.storeOptions()
	if err != nil {
		return err
	}
	o.Guest = true
	kept, err := store.Open(s.ctx, o)
	if err != nil {
		return fmt.Errorf("%w: a bot must have run with the same DATA_DIR or DATABASE_URL before", err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	return do(s.ctx, kept)
}
