package store

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Backup writes a copy of the database to a file that isn't there yet, as it is at one moment, while others go on writing
// (sqlite.org/lang_vacuum.html, VACUUM INTO). PostgreSQL has its own, pg_dump; there, Backup says so.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.engine.shared {
		return errors.New("back up PostgreSQL with its own tool: pg_dump --format=custom --file=FILE \"$DATABASE_URL\"")
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("%s is there already: give another name", file)
	}
	if _, err := s.db.ExecContext(ctx, `VACUUM INTO $1`, file); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	return os.Chmod(file, 0o600)
}
