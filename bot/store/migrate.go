package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations
var migrations embed.FS

// migrationLock is a number of our own for PostgreSQL's advisory lock: replicas that start together migrate one after the
// other.
const migrationLock = 0x7261_7070

// migrate brings River's tables and ours up to date, forward only, and logs what it did.
func (s *Store) migrate(ctx context.Context) error {
	if !s.engine.shared {
		return s.migrateAll(ctx)
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close() // and with it the lock
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	return s.migrateAll(ctx)
}

func (s *Store) migrateAll(ctx context.Context) error {
	river, err := rivermigrate.New(s.driver(), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	done, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return fmt.Errorf("migrate queue: %w", err)
	}
	for _, v := range done.Versions {
		s.log.Info("migrated", "tables", "queue", "version", v.Version, "what", v.Name)
	}
	return s.migrateOwn(ctx)
}

func (s *Store) migrateOwn(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/"+s.engine.name)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	dialect := map[string]database.Dialect{"sqlite": database.DialectSQLite3, "postgres": database.DialectPostgres}[s.engine.name]
	own, err := goose.NewProvider(dialect, s.db, files)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	done, err := own.Up(ctx)
	for _, m := range done {
		s.log.Info("migrated", "tables", "own", "version", m.Source.Version, "what", m.Source.Path)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// driver is River's for our database.
func (s *Store) driver() riverdriver.Driver[*sql.Tx] {
	if s.engine.shared {
		return riverdatabasesql.New(s.db)
	}
	return riversqlite.New(s.db)
}
