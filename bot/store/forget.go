package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// Shorten forgets a workspace's questions, and the words of its feedback, once they are older than some days; those of all
// workspaces when team is "".
func (s *Store) Shorten(ctx context.Context, team string, days int) error {
	const questions = `UPDATE question SET keep_until = asked_at + $1 WHERE ($2 = '' OR team = $2) AND keep_until > asked_at + $1`
	const comments = `UPDATE feedback SET keep_until = given_at + $1 WHERE ($2 = '' OR team = $2) AND keep_until > given_at + $1`
	for _, q := range []string{questions, comments} {
		if _, err := s.db.ExecContext(ctx, q, int64(days)*dayMillis, team); err != nil {
			return fmt.Errorf("shorten what is kept: %w", err)
		}
	}
	return s.Tidy(ctx)
}

// Tidy deletes what was kept for as long as it should be. A running [Inbox] does so every hour.
func (s *Store) Tidy(ctx context.Context) error {
	for _, q := range []string{
		`DELETE FROM question WHERE keep_until <= unix_ms()`,
		`UPDATE feedback SET comment = '' WHERE keep_until <= unix_ms() AND comment <> ''`,
	} {
		if _, err := s.db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("delete what is old: %w", err)
		}
	}
	if _, err := s.db.ExecContext(ctx, `DELETE FROM feedback WHERE given_at <= unix_ms() - $1`, feedbackFor.Milliseconds()); err != nil {
		return fmt.Errorf("delete what is old: %w", err)
	}
	return nil
}

// Forgotten counts what was removed of a person.
type Forgotten struct {
	Questions, Feedback, Aside, Settings int // Aside: what was set aside; Settings: workspaces whose editor they were
	Waiting                              int // what waits or is under way stays until it is answered, and is gone then
}

// Forget removes what is kept of a person, in one workspace, or in all when team is "".
func (s *Store) Forget(ctx context.Context, team, person string) (f Forgotten, err error) {
	for q, count := range map[string]*int{
		`DELETE FROM question WHERE person = $1 AND ($2 = '' OR team = $2)`: &f.Questions,
		`DELETE FROM feedback WHERE person = $1 AND ($2 = '' OR team = $2)`: &f.Feedback,
	} {
		r, err := s.db.ExecContext(ctx, q, person, team)
		if err != nil {
			return f, fmt.Errorf("forget: %w", err)
		}
		n, _ := r.RowsAffected() // both engines tell
		*count = int(n)
	}
	if f.Aside, err = s.dropAside(ctx, team, person); err != nil {
		return f, err
	}
	if f.Settings, err = s.dropEditor(ctx, team, person); err != nil {
		return f, err
	}
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM inbox WHERE ($1 = '' OR team = $1) AND person = $2`, team, person).Scan(&f.Waiting)
	return f, errors.Join(err, s.overwrite(ctx))
}

// overwrite empties SQLite's write-ahead log, in which deleted words still stand, as far as nobody else is reading it.
func (s *Store) overwrite(ctx context.Context) error {
	if s.engine.shared {
		return nil
	}
	var busy, pages, moved int
	if err := s.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	return nil
}

// dropAside drops what was set aside of a workspace or a person; "" stands for all.
func (s *Store) dropAside(ctx context.Context, team, person string) (n int, err error) {
	const q = `SELECT id FROM inbox WHERE state = 'aside' AND ($1 = '' OR team = $1) AND ($2 = '' OR person = $2)`
	ids, err := column[int64](s.db.QueryContext(ctx, q, team, person))
	if err != nil {
		return 0, fmt.Errorf("forget what was set aside: %w", err)
	}
	for _, id := range ids {
		if err := s.Drop(ctx, id); err != nil && !errors.Is(err, ErrNotThere) {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Store) dropEditor(ctx context.Context, team, person string) (n int, err error) {
	teams, err := column[string](s.db.QueryContext(ctx, `SELECT team FROM settings WHERE $1 = '' OR team = $1`, team))
	if err != nil {
		return 0, fmt.Errorf("forget in settings: %w", err)
	}
	for _, t := range teams {
		set, err := s.Settings(ctx, t)
		if err != nil {
			return n, err
		}
		if !slices.Contains(set.Editors, person) {
			continue
		}
		set.Editors = slices.DeleteFunc(set.Editors, func(e string) bool { return e == person })
		if err := s.putSettings(ctx, t, set); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// column reads a query's only column.
func column[T any](rows *sql.Rows, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
