package store

import (
	"context"
	"log/slog"
)

// floor is a log handler that lets nothing below its level through.
type floor struct {
	slog.Handler
	level slog.Level
}

// Enabled implements [slog.Handler].
func (f *floor) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= f.level && f.Handler.Enabled(ctx, l)
}

// WithAttrs implements [slog.Handler].
func (f *floor) WithAttrs(a []slog.Attr) slog.Handler {
	return &floor{f.Handler.WithAttrs(a), f.level}
}

// WithGroup implements [slog.Handler].
func (f *floor) WithGroup(name string) slog.Handler {
	return &floor{f.Handler.WithGroup(name), f.level}
}
