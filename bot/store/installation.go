package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Installation is a workspace that let the bot in.
type Installation struct {
	Team, Name string // of the workspace: its ID, and what people call it
	BotUser    string // who the bot is there
	Installer  string // who let it in
	Tokens     Tokens
	Installed  time.Time // set by [Store.Install], by the database's clock
}

// Tokens are what the bot proves itself with in one workspace. They print as nothing of themselves, by fmt and by slog.
type Tokens struct {
	Access  string
	Refresh string    // for the next ones; "" where tokens aren't rotated
	Expires time.Time // zero for never
}

// String implements [fmt.Stringer].
func (Tokens) String() string { return "(tokens)" }

// GoString implements [fmt.GoStringer].
func (t Tokens) GoString() string { return t.String() }

// LogValue implements [slog.LogValuer].
func (t Tokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// ErrNotInstalled is wrapped by errors about a workspace that has not let the bot in, or sent it away.
var ErrNotInstalled = errors.New("the bot is not installed in this workspace")

// errNoKeys says that tokens can't be kept: they are never kept unsealed.
var errNoKeys = errors.New("there is no key to seal tokens with")

// place is what a workspace's tokens are sealed for: moved to another's row, they don't open.
func place(team string) string { return "installation " + team }

func (s *Store) seal(team string, t Tokens) (string, error) {
	if s.keys == nil {
		return "", errNoKeys
	}
	plain, _ := json.Marshal(t) // strings and a time always marshal
	return s.keys.Seal(plain, place(team)), nil
}

func (s *Store) unseal(team, sealed string) (t Tokens, err error) {
	if s.keys == nil {
		return t, errNoKeys
	}
	plain, err := s.keys.Open(sealed, place(team))
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(plain, &t)
}

// Install keeps a workspace's tokens, in place of those that it had. Who installed the bot may change its settings.
func (s *Store) Install(ctx context.Context, i Installation) error {
	sealed, err := s.seal(i.Team, i.Tokens)
	if err != nil {
		return fmt.Errorf("keep installation: %w", err)
	}
	const q = `INSERT INTO installation (team, name, bot_user, installer, tokens, expires_at, installed_at)
		VALUES ($1, $2, $3, $4, $5, $6, unix_ms())
		ON CONFLICT (team) DO UPDATE SET name = excluded.name, bot_user = excluded.bot_user, installer = excluded.installer,
			tokens = excluded.tokens, expires_at = excluded.expires_at, installed_at = excluded.installed_at, refreshing_until = 0`
	if _, err := s.db.ExecContext(ctx, q, i.Team, i.Name, i.BotUser, i.Installer, sealed, millis(i.Tokens.Expires)); err != nil {
		return fmt.Errorf("keep installation: %w", err)
	}
	return s.addEditor(ctx, i.Team, i.Installer)
}

// Installation returns a workspace that let the bot in, with its tokens; otherwise an error that wraps [ErrNotInstalled].
func (s *Store) Installation(ctx context.Context, team string) (Installation, error) {
	const q = `SELECT name, bot_user, installer, tokens, installed_at FROM installation WHERE team = $1`
	i := Installation{Team: team}
	var sealed string
	var installed int64
	err := s.reads.QueryRowContext(ctx, q, team).Scan(&i.Name, &i.BotUser, &i.Installer, &sealed, &installed)
	if errors.Is(err, sql.ErrNoRows) {
		return i, ErrNotInstalled
	}
	if err != nil {
		return i, fmt.Errorf("read installation: %w", err)
	}
	i.Installed = time.UnixMilli(installed)
	if i.Tokens, err = s.unseal(team, sealed); err != nil {
		return i, fmt.Errorf("read installation: %w", err)
	}
	return i, nil
}

// Claim reserves asking for a workspace's next tokens to this process for a time: a refresh token is good for one use. It
// reports false when another process is at it, or has done it since i was read.
func (s *Store) Claim(ctx context.Context, i Installation, lease time.Duration) (bool, error) {
	const q = `UPDATE installation SET refreshing_until = unix_ms() + $1
		WHERE team = $2 AND expires_at = $3 AND refreshing_until < unix_ms()`
	err := changedOne(s.db.ExecContext(ctx, q, lease.Milliseconds(), i.Team, millis(i.Tokens.Expires)))
	if errors.Is(err, ErrNotThere) {
		return false, nil
	}
	return err == nil, err
}

// Renew keeps a workspace's next tokens, unless it was installed anew or sent the bot away since i was read.
func (s *Store) Renew(ctx context.Context, i Installation, next Tokens) error {
	sealed, err := s.seal(i.Team, next)
	if err != nil {
		return fmt.Errorf("keep tokens: %w", err)
	}
	const q = `UPDATE installation SET tokens = $1, expires_at = $2, refreshing_until = 0 WHERE team = $3 AND installed_at = $4`
	if _, err := s.db.ExecContext(ctx, q, sealed, millis(next.Expires), i.Team, i.Installed.UnixMilli()); err != nil {
		return fmt.Errorf("keep tokens: %w", err)
	}
	return nil
}

// Reseal seals all tokens under the present key, and returns how many were not. Tokens that no key opens are left, and
// reported: those workspaces have to install the bot again.
func (s *Store) Reseal(ctx context.Context) (n int, err error) {
	if s.keys == nil {
		return 0, nil
	}
	sealed, err := s.sealedTokens(ctx)
	if err != nil {
		return 0, err
	}
	var problems []error
	for team, old := range sealed {
		if s.keys.Current(old) {
			continue
		}
		if err := s.reseal(ctx, team, old); err != nil {
			problems = append(problems, fmt.Errorf("workspace %s: %w", team, err))
			continue
		}
		n++
	}
	return n, errors.Join(problems...)
}

func (s *Store) reseal(ctx context.Context, team, old string) error {
	tokens, err := s.unseal(team, old)
	if err != nil {
		return err
	}
	sealed, err := s.seal(team, tokens)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `UPDATE installation SET tokens = $1 WHERE team = $2 AND tokens = $3`, sealed, team, old)
	return err
}

func (s *Store) sealedTokens(ctx context.Context) (map[string]string, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT team, tokens FROM installation`)
	if err != nil {
		return nil, fmt.Errorf("read installations: %w", err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var team, sealed string
		if err := rows.Scan(&team, &sealed); err != nil {
			return nil, fmt.Errorf("read installations: %w", err)
		}
		all[team] = sealed
	}
	return all, rows.Err()
}

// Revoke forgets a workspace's tokens, if they were taken back at that time: it is told to the second, and may arrive after
// a new installation, which then stays.
func (s *Store) Revoke(ctx context.Context, team string, at time.Time) error {
	const q = `DELETE FROM installation WHERE team = $1 AND installed_at < $2`
	if _, err := s.db.ExecContext(ctx, q, team, millis(at.Truncate(time.Second).Add(time.Second))); err != nil {
		return fmt.Errorf("forget installation: %w", err)
	}
	return nil
}

// Leave forgets all of a workspace that sent the bot away at that time, see [Store.Revoke]: its tokens, its settings, its
// questions and feedback, and what was set aside.
func (s *Store) Leave(ctx context.Context, team string, at time.Time) error {
	if err := s.Revoke(ctx, team, at); err != nil {
		return err
	}
	var still int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM installation WHERE team = $1`, team).Scan(&still); err != nil || still > 0 {
		return err
	}
	err := s.tx(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{
			`DELETE FROM settings WHERE team = $1`, `DELETE FROM feedback WHERE team = $1`, `DELETE FROM question WHERE team = $1`,
		} {
			if _, err := tx.ExecContext(ctx, q, team); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget workspace: %w", err)
	}
	_, err = s.dropAside(ctx, team, "")
	return err
}

// millis is a time in milliseconds since 1970; 0 for the zero time.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
