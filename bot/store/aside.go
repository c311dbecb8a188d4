package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// SetAside is an item on which work failed too often. What it holds is not shown: those are somebody's words.
type SetAside struct {
	ID     int64
	Taken  time.Time // when it was taken in
	Tries  int
	Reason string // why the last one failed
}

// ErrNotThere is wrapped by errors about an item that isn't set aside.
var ErrNotThere = errors.New("no such item is set aside")

// Aside returns what was set aside, oldest first, and how many items wait or are under way.
func (s *Store) Aside(ctx context.Context) (aside []SetAside, waiting int, err error) {
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM inbox WHERE state = 'waiting'`).Scan(&waiting); err != nil {
		return nil, 0, fmt.Errorf("count items: %w", err)
	}
	rows, err := s.db.QueryContext(ctx, `SELECT id, taken_at, tries, reason FROM inbox WHERE state = 'aside' ORDER BY id`)
	if err != nil {
		return nil, 0, fmt.Errorf("list items: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a SetAside
		var ms int64
		if err := rows.Scan(&a.ID, &ms, &a.Tries, &a.Reason); err != nil {
			return nil, 0, fmt.Errorf("list items: %w", err)
		}
		a.Taken = time.UnixMilli(ms)
		aside = append(aside, a)
	}
	return aside, waiting, rows.Err()
}

// Retry gives an item that was set aside all its tries again. A running process takes it up within seconds; otherwise the
// next one does.
func (s *Store) Retry(ctx context.Context, id int64) error {
	return s.aside(ctx, func(tx *sql.Tx, jobs *river.Client[*sql.Tx]) error {
		const q = `UPDATE inbox SET state = 'waiting', tries = 1, restarts = 0, owner = '', leased_until = 0 WHERE id = $1 AND state = 'aside'`
		if err := changedOne(tx.ExecContext(ctx, q, id)); err != nil {
			return err
		}
		_, err := jobs.JobRetryTx(ctx, tx, id)
		return err
	})
}

// Drop forgets an item that was set aside.
func (s *Store) Drop(ctx context.Context, id int64) error {
	return s.aside(ctx, func(tx *sql.Tx, jobs *river.Client[*sql.Tx]) error {
		if err := changedOne(tx.ExecContext(ctx, `DELETE FROM inbox WHERE id = $1 AND state = 'aside'`, id)); err != nil {
			return err
		}
		if _, err := jobs.JobDeleteTx(ctx, tx, id); err != nil && !errors.Is(err, river.ErrNotFound) {
			return err
		}
		return nil
	})
}

func (s *Store) aside(ctx context.Context, do func(*sql.Tx, *river.Client[*sql.Tx]) error) error {
	jobs, err := river.NewClient(s.driver(), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("open queue: %w", err)
	}
	return s.tx(ctx, func(tx *sql.Tx) error { return do(tx, jobs) })
}

func changedOne(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(ErrNotThere, err)
	}
	return nil
}
