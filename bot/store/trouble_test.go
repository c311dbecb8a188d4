package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rapporteur/bot/store/storetest"
)

// TestNotKept answers what it cannot keep, without saying that it kept it, and goes on when it can again.
func TestNotKept(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		var j journal
		in := start(t, s, j.work, hasty)
		if _, err := s.db.Exec(`ALTER TABLE inbox_key RENAME TO away`); err != nil {
			t.Fatal(err)
		}
		for range 3 { // Slack sends again what is not acknowledged
			if err := <-in.Put(item("1", "c")); err == nil || in.Healthy() == nil {
				t.Errorf("kept in no table: %v, %v", err, in.Healthy())
			}
		}
		eventually(t, "the answer all the same", func() bool { return len(j.all()) == 1 })
		if _, err := s.db.Exec(`ALTER TABLE away RENAME TO inbox_key`); err != nil {
			t.Fatal(err)
		}
		mustPut(t, in, item("1", "c"))
		mustPut(t, in, item("2", "c"))
		eventually(t, "the work", idle(t, s, in))
		if got := j.all(); !slices.Equal(got, []string{"1", "2"}) || in.Healthy() != nil {
			t.Errorf("worked on %q, healthy: %v", got, in.Healthy())
		}
		stop(t, in)
		mustPut(t, start(t, s, j.work, hasty), item("1", "c"))
		if got := j.all(); len(got) != 2 {
			t.Errorf("forgotten over the restart: %q", got)
		}
	})
}

// TestDiskFull is the same on a file system without room, where the tests may make one.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", dir).Run(); err != nil {
		t.Skip("no file system of our own: ", err)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	var j journal
	s := open(t, Options{Dir: dir})
	in := start(t, s, j.work, hasty)
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, bytes.Repeat([]byte("x"), 1<<20), 0o600); err == nil {
		t.Fatal("there is room")
	}
	var refused []string
	for i := range 50 {
		key := fmt.Sprint("full ", i)
		if err := <-in.Put(Item{Keys: []string{key}, Conversation: key, Body: bytes.Repeat([]byte("x"), 100_000)}); err != nil {
			refused = append(refused, key)
		}
	}
	eventually(t, "all answers", func() bool { return len(j.all()) == 50 })
	if len(refused) == 0 || in.Healthy() == nil {
		t.Errorf("%d refused, healthy: %v", len(refused), in.Healthy())
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for _, key := range refused {
		mustPut(t, in, item(key, key))
	}
	eventually(t, "the rest", idle(t, s, in))
	if n := len(j.all()); n != 50 || in.Healthy() != nil {
		t.Errorf("%d answers to 50, healthy: %v", n, in.Healthy())
	}
}

// TestDatabaseGone takes PostgreSQL away for a while, in the middle of work.
func TestDatabaseGone(t *testing.T) {
	where := Options{URL: storetest.Postgres(t)}
	s := open(t, where)
	admin, err := sql.Open("pgx", os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	u, _ := url.Parse(where.URL)
	name := strings.TrimPrefix(u.Path, "/")
	var j journal
	hold := make(chan struct{})
	in := start(t, s, func(ctx context.Context, i Item) error { <-hold; return j.work(ctx, i) }, hasty)
	mustPut(t, in, item("before", "before"))
	for _, q := range []string{"ALTER DATABASE " + name + " ALLOW_CONNECTIONS false", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'"} {
		if _, err := admin.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-in.Put(item("meanwhile", "meanwhile")); err == nil || in.Healthy() == nil {
		t.Errorf("kept without a database: %v", err)
	}
	time.Sleep(2 * hasty.Lease) // in which no lease can be renewed
	if _, err := admin.Exec("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true"); err != nil {
		t.Fatal(err)
	}
	close(hold)
	eventually(t, "the database", func() bool { return <-in.Put(item("after", "after")) == nil })
	mustPut(t, in, item("meanwhile", "meanwhile"))
	eventually(t, "the work", idle(t, s, in))
	got := j.all()
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, []string{"after", "before", "meanwhile"}) || in.Healthy() != nil {
		t.Errorf("worked on %q, healthy: %v", got, in.Healthy())
	}
}
