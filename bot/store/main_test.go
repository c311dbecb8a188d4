package store

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rapporteur/bot/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engines runs a test on both: where is the place of the data, which may be opened more than once, as a restart does.
func engines(t *testing.T, test func(t *testing.T, where Options)) {
	t.Run("sqlite", func(t *testing.T) { test(t, Options{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { test(t, Options{URL: storetest.Postgres(t)}) })
}

func open(t *testing.T, where Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// hasty is a pace for tests.
var hasty = Pace{Lease: 400 * time.Millisecond, Tries: 3, Backoff: time.Millisecond, Settle: time.Millisecond}

func start(t *testing.T, s *Store, work Work, pace Pace) *Inbox {
	t.Helper()
	in, err := NewInbox(t.Context(), s, work, pace)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, in) })
	return in
}

func stop(t *testing.T, in *Inbox) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := in.Close(ctx); err != nil {
		t.Error(err)
	}
}

// kill ends an inbox as a SIGKILL does, as far as the database can tell: nothing is finished and nothing given back.
func kill(in *Inbox) {
	in.stop()
	_ = in.lanes.close(context.Background())
	in.housework.Wait()
	_ = in.rescue.close(context.Background())
	in.write.close()
}

func item(key, conversation string) Item {
	return Item{Keys: []string{key}, Conversation: conversation, Body: []byte(key)}
}

func mustPut(t *testing.T, in *Inbox, i Item) {
	t.Helper()
	if err := <-in.Put(i); err != nil {
		t.Fatal(err)
	}
}

// journal remembers what was worked on.
type journal struct {
	mu   sync.Mutex
	done []string
}

func (j *journal) work(_ context.Context, i Item) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done = append(j.done, string(i.Body))
	return nil
}

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.done)
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 2000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("waited in vain: ", what)
}

// idle is whether nothing is left in memory and in the database.
func idle(t *testing.T, s *Store, in *Inbox) func() bool {
	return func() bool {
		_, waiting, err := s.Aside(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return waiting == 0 && in.Waiting() == 0
	}
}
