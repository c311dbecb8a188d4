// Package store keeps what must outlive the process: the inbox, and of each workspace its tokens, its settings, its feedback and,
// where that is switched on, its questions.
//
// It keeps it in SQLite, in a folder of its own, or in PostgreSQL, which several processes may share. The same statements
// run on both; what differs is in the migrations and in [engine]. The package knows nothing of Slack: an [Item] is words to
// be worked on, and the names by which it is known when it comes again.
package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	driver "modernc.org/sqlite"        // the driver "sqlite": SQLite itself, translated to Go, without cgo

	"rapporteur/bot/keyring"
)

// ErrInUse is wrapped by the error of [Open] when another process holds the folder.
var ErrInUse = errors.New("another process uses this folder")

// Options says where the data is.
type Options struct {
	Dir   string        // a folder for SQLite's files; made when it isn't there
	URL   string        // postgres://…, in place of the folder
	Guest bool          // beside a process that holds the folder, to look or to make a copy: takes no lock and migrates nothing
	Keys  *keyring.Ring // seal tokens; nil where none are to be kept
	Log   *slog.Logger
}

// Store is an open database. Safe for concurrent use; [Store.Close] closes it.
type Store struct {
	db     *sql.DB
	reads  *sql.DB // for what an answer waits for: not behind what is being written
	engine engine
	lock   *flock.Flock // nil for PostgreSQL and for guests
	keys   *keyring.Ring
	log    *slog.Logger
}

// engine is what differs between the two.
type engine struct {
	name   string // of goose's dialect and of the folder of migrations
	shared bool   // several processes may work on it
}

var (
	sqlite   = engine{name: "sqlite"}
	postgres = engine{name: "postgres", shared: true}
)

// init gives SQLite the function unix_ms, which PostgreSQL gets by a migration: the time in milliseconds since 1970, by the
// database's clock, so that replicas need not agree on theirs.
func init() {
	driver.MustRegisterScalarFunction("unix_ms", 0, func(*driver.FunctionContext, []sqldriver.Value) (sqldriver.Value, error) {
		return time.Now().UnixMilli(), nil
	})
}

// Open opens the database and brings its tables up to date. A second process on the same folder gets an error that wraps
// [ErrInUse], at once.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, openDeadline)
	defer cancel()
	s.keys = o.Keys
	if err := s.prepare(ctx, o.Guest); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openDeadline covers migrations too.
const openDeadline = time.Minute

func (s *Store) prepare(ctx context.Context, guest bool) error {
	if err := s.db.PingContext(ctx); err != nil {
		return fmt.Errorf("open database: %w", withoutPassword(err))
	}
	if guest {
		return nil
	}
	return s.migrate(ctx)
}

func connect(o Options) (*Store, error) {
	if o.URL != "" {
		return connectPostgres(o)
	}
	file := filepath.Join(o.Dir, "rapporteur.db")
	if _, err := os.Stat(file); o.Guest && err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	s := &Store{engine: sqlite, log: o.Log}
	if !o.Guest {
		s.lock = flock.New(filepath.Join(o.Dir, "rapporteur.lock"))
		if ok, err := s.lock.TryLock(); err != nil || !ok {
			return nil, fmt.Errorf("lock data folder %s: %w", o.Dir, errors.Join(err, inUse(ok)))
		}
	}
	var err error
	if s.db, err = sql.Open("sqlite", sqliteName(file)); err == nil {
		s.reads, err = sql.Open("sqlite", sqliteName(file, "query_only(1)"))
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s.db.SetMaxOpenConns(1)    // SQLite has one writer; a second connection would only find it busy
	s.reads.SetMaxOpenConns(2) // with a write-ahead log, readers need not wait for it
	return s, nil
}

func inUse(locked bool) error {
	if locked {
		return nil
	}
	return ErrInUse
}

// sqliteName opens a file as a durable one: what was committed survives the machine's end (synchronous FULL with a
// write-ahead log syncs at each commit, sqlite.org/pragma.html#pragma_synchronous). What is deleted is overwritten: it was
// somebody's words.
func sqliteName(path string, pragmas ...string) string {
	pragmas = append([]string{"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(2000)", "foreign_keys(1)", "secure_delete(1)"}, pragmas...)
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Opaque: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
}

func connectPostgres(o Options) (*Store, error) {
	db, err := sql.Open("pgx", o.URL)
	if err != nil {
		return nil, errors.New("open database: DATABASE_URL is not one of PostgreSQL, such as postgres://user:password@host/name")
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	db.SetConnMaxIdleTime(time.Minute)
	return &Store{db: db, reads: db, engine: postgres, log: o.Log}, nil
}

// withoutPassword keeps the words of pgx's errors that name a connection string out of what is shown.
func withoutPassword(err error) error {
	if parsing := new(url.Error); errors.As(err, &parsing) {
		return errors.New("the address of the database cannot be read")
	}
	return err
}

// Shared reports whether several processes may work on the database.
func (s *Store) Shared() bool { return s.engine.shared }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.db.PingContext(ctx) }

// Close closes the database and frees the folder.
func (s *Store) Close() error {
	var errs []error
	if s.reads != nil && s.reads != s.db {
		errs = append(errs, s.reads.Close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

// tx runs statements in one transaction.
func (s *Store) tx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
