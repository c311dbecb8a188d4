package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Question is one that was asked, and what came of it. Its words are somebody's: they are kept only where questions are
// kept, and no longer than the days that hold there.
type Question struct {
	Team     string    `json:"team"`
	Exchange string    `json:"exchange"` // which question and answer, within the workspace
	Person   string    `json:"person"`
	Channel  string    `json:"channel"`
	Words    string    `json:"question"`
	Verdict  string    `json:"verdict"`
	Passages []string  `json:"passages"` // what was shown, in order
	Asked    time.Time `json:"asked"`    // set by [Store.KeepQuestion], by the database's clock
}

// Feedback is whether an answer helped somebody. Who says so twice has changed their mind.
type Feedback struct {
	Team     string    `json:"team"`
	Exchange string    `json:"exchange"`
	Person   string    `json:"person"`
	Helpful  bool      `json:"helpful"`
	Verdict  string    `json:"verdict"`
	Comment  string    `json:"comment,omitempty"` // kept as questions are
	Given    time.Time `json:"given"`             // set by [Store.KeepFeedback]
}

// feedbackFor is how long feedback is kept, without its words.
const feedbackFor = 365 * 24 * time.Hour

const dayMillis = 24 * 60 * 60 * 1000

// KeepQuestion keeps a question for some days; nothing is kept for none. What is kept already stays as it is.
func (s *Store) KeepQuestion(ctx context.Context, q Question, days int) error {
	if days <= 0 {
		return nil
	}
	if q.Passages == nil {
		q.Passages = []string{}
	}
	passages, _ := json.Marshal(q.Passages) // strings always marshal
	const insert = `INSERT INTO question (team, exchange, person, channel, words, verdict, passages, asked_at, keep_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, unix_ms(), unix_ms() + $8) ON CONFLICT (team, exchange) DO NOTHING`
	_, err := s.db.ExecContext(ctx, insert, q.Team, q.Exchange, q.Person, q.Channel, q.Words, q.Verdict, string(passages), int64(days)*dayMillis)
	if err != nil {
		return fmt.Errorf("keep question: %w", err)
	}
	return nil
}

// KeepFeedback keeps feedback for a year, and its words for some days: for none, they aren't kept.
func (s *Store) KeepFeedback(ctx context.Context, f Feedback, days int) error {
	if days <= 0 {
		f.Comment = ""
	}
	helpful := 0
	if f.Helpful {
		helpful = 1
	}
	const upsert = `INSERT INTO feedback (team, exchange, person, helpful, verdict, comment, given_at, keep_until)
		VALUES ($1, $2, $3, $4, $5, $6, unix_ms(), unix_ms() + $7) ON CONFLICT (team, exchange, person) DO UPDATE
		SET helpful = excluded.helpful, comment = excluded.comment, given_at = excluded.given_at, keep_until = excluded.keep_until`
	_, err := s.db.ExecContext(ctx, upsert, f.Team, f.Exchange, f.Person, helpful, f.Verdict, f.Comment, int64(days)*dayMillis)
	if err != nil {
		return fmt.Errorf("keep feedback: %w", err)
	}
	return nil
}

// Questions returns what is kept of a workspace's questions, oldest first; of all workspaces' when team is "".
func (s *Store) Questions(ctx context.Context, team string) (all []Question, err error) {
	const q = `SELECT team, exchange, person, channel, words, verdict, passages, asked_at FROM question
		WHERE ($1 = '' OR team = $1) AND keep_until > unix_ms() ORDER BY asked_at, exchange`
	rows, err := s.db.QueryContext(ctx, q, team)
	if err != nil {
		return nil, fmt.Errorf("read questions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var one Question
		var passages string
		var asked int64
		if err := rows.Scan(&one.Team, &one.Exchange, &one.Person, &one.Channel, &one.Words, &one.Verdict, &passages, &asked); err != nil {
			return nil, fmt.Errorf("read questions: %w", err)
		}
		if err := json.Unmarshal([]byte(passages), &one.Passages); err != nil {
			return nil, fmt.Errorf("read questions: %w", err)
		}
		one.Asked = time.UnixMilli(asked).UTC()
		all = append(all, one)
	}
	return all, rows.Err()
}

// Feedback returns the feedback of a workspace, oldest first; of all workspaces when team is "".
func (s *Store) Feedback(ctx context.Context, team string) (all []Feedback, err error) {
	const q = `SELECT team, exchange, person, helpful, verdict, CASE WHEN keep_until > unix_ms() THEN comment ELSE '' END, given_at
		FROM feedback WHERE ($1 = '' OR team = $1) ORDER BY given_at, exchange, person`
	rows, err := s.db.QueryContext(ctx, q, team)
	if err != nil {
		return nil, fmt.Errorf("read feedback: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var one Feedback
		var helpful int
		var given int64
		if err := rows.Scan(&one.Team, &one.Exchange, &one.Person, &helpful, &one.Verdict, &one.Comment, &given); err != nil {
			return nil, fmt.Errorf("read feedback: %w", err)
		}
		one.Helpful, one.Given = helpful == 1, time.UnixMilli(given).UTC()
		all = append(all, one)
	}
	return all, rows.Err()
}
