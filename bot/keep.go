package bot

import (
	"context"
	"time"

	"rapporteur/bot/store"
)

// Keeper keeps what workspaces decide and what people think of answers; *store.Store does. What it keeps of one workspace is
// never told to another.
type Keeper interface {
	Settings(ctx context.Context, team string) (store.Settings, error)
	SaveSettings(ctx context.Context, team string, set store.Settings, keepDays int) error
	KeepQuestion(ctx context.Context, q store.Question, days int) error
	KeepFeedback(ctx context.Context, f store.Feedback, days int) error
	Revoke(ctx context.Context, team string, at time.Time) error
	Leave(ctx context.Context, team string, at time.Time) error
}
