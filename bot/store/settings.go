package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Settings are what a workspace decides for itself. The zero value is what holds until it decides.
type Settings struct {
	Editors    []string `json:"editors,omitempty"`     // people who may change them, beside those whom the operator names
	KeepDays   *int     `json:"keep_days,omitempty"`   // for how long questions are kept; nil for as long as the operator says
	AskIn      string   `json:"ask_in,omitempty"`      // the channel to point people to where the report is silent; "" for none
	NoFeedback bool     `json:"no_feedback,omitempty"` // no buttons that ask whether an answer helped
}

// Settings returns a workspace's settings.
func (s *Store) Settings(ctx context.Context, team string) (set Settings, err error) {
	var body string
	err = s.reads.QueryRowContext(ctx, `SELECT body FROM settings WHERE team = $1`, team).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return set, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &set)
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w", err)
	}
	return set, nil
}

// SaveSettings keeps a workspace's settings, and forgets what was kept for longer than keepDays allows from now on.
func (s *Store) SaveSettings(ctx context.Context, team string, set Settings, keepDays int) error {
	if err := s.putSettings(ctx, team, set); err != nil {
		return err
	}
	return s.Shorten(ctx, team, keepDays)
}

// addEditor lets somebody change a workspace's settings.
func (s *Store) addEditor(ctx context.Context, team, person string) error {
	set, err := s.Settings(ctx, team)
	if err != nil || person == "" || slices.Contains(set.Editors, person) {
		return err
	}
	set.Editors = append(set.Editors, person)
	return s.putSettings(ctx, team, set)
}

func (s *Store) putSettings(ctx context.Context, team string, set Settings) error {
	body, _ := json.Marshal(set) // strings, numbers and booleans always marshal
	const q = `INSERT INTO settings (team, body) VALUES ($1, $2) ON CONFLICT (team) DO UPDATE SET body = excluded.body`
	if _, err := s.db.ExecContext(ctx, q, team, string(body)); err != nil {
		return fmt.Errorf("keep settings: %w", err)
	}
	return nil
}
