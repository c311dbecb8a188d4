package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"rapporteur/bot/store/storetest"
)

func TestOnce(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		var j journal
		in := start(t, s, j.work, Pace{})
		var all sync.WaitGroup
		for range 4 { // as Slack does, at the same time
			all.Go(func() {
				mustPut(t, in, Item{Keys: []string{"event 1", "message 1"}, Conversation: "c", Body: []byte("1")})
			})
		}
		all.Wait()
		mustPut(t, in, Item{Keys: []string{"event 2", "message 1"}, Conversation: "c", Body: []byte("one message under another event")})
		mustPut(t, in, Item{Keys: []string{"event 2", "message 3"}, Conversation: "c", Body: []byte("and again by that event")})
		eventually(t, "the work", idle(t, s, in))
		if got := j.all(); !slices.Equal(got, []string{"1"}) {
			t.Errorf("worked on %q", got)
		}
		stop(t, in)
		in = start(t, s, j.work, Pace{})
		mustPut(t, in, item("message 1", "c"))
		eventually(t, "the work", idle(t, s, in))
		if got := j.all(); len(got) != 1 {
			t.Errorf("after a restart, worked on %q", got)
		}
		var bodies, jobs int
		_ = s.db.QueryRow(`SELECT count(*) FROM inbox`).Scan(&bodies)
		_ = s.db.QueryRow(`SELECT count(*) FROM river_job`).Scan(&jobs)
		if bodies != 0 || jobs != 0 {
			t.Errorf("%d items and %d jobs are kept after the work", bodies, jobs)
		}
	})
}

func TestOrder(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		var mu sync.Mutex
		got := map[string][]string{}
		stuck := make(chan struct{})
		in := start(t, s, func(_ context.Context, i Item) error {
			if i.Conversation == "stuck" {
				<-stuck
			}
			mu.Lock()
			defer mu.Unlock()
			got[i.Conversation] = append(got[i.Conversation], string(i.Body))
			return nil
		}, Pace{})
		mustPut(t, in, item("first", "stuck"))
		want := map[string][]string{"stuck": {"first"}}
		var kept []<-chan error
		for i := range 300 {
			conversation, key := fmt.Sprint(i%7), fmt.Sprintf("%03d", i)
			want[conversation] = append(want[conversation], key)
			kept = append(kept, in.Put(item(key, conversation)))
		}
		for _, k := range kept {
			if err := <-k; err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "all but the one that is stuck", func() bool { return in.Waiting() == 1 })
		close(stuck)
		eventually(t, "the one", idle(t, s, in))
		for c := range want {
			if !slices.Equal(got[c], want[c]) {
				t.Errorf("conversation %s: %q", c, got[c])
			}
		}
	})
}

func TestTries(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		var log bytes.Buffer
		where.Log = slog.New(slog.NewTextHandler(&log, nil))
		s := open(t, where)
		var mu sync.Mutex
		tries := map[string]int{}
		mended := false
		in := start(t, s, func(_ context.Context, i Item) error {
			mu.Lock()
			defer mu.Unlock()
			key := string(i.Body)
			tries[key]++
			switch {
			case key == "poison" && !mended:
				panic("words that a person wrote")
			case key == "hopeless" && !mended:
				return fmt.Errorf("channel is archived: %w", ErrHopeless)
			case key == "twice" && tries[key] < 3:
				return errors.New("slack is away")
			}
			return nil
		}, hasty)
		for _, key := range []string{"poison", "hopeless", "twice"} {
			mustPut(t, in, item(key, key))
		}
		eventually(t, "all tries", idle(t, s, in))
		aside, _, err := s.Aside(t.Context())
		if err != nil || len(aside) != 2 || aside[0].Tries != 3 || aside[0].Reason != "panic: string" || aside[1].Tries != 1 || aside[1].Reason != "channel is archived: no other try will help" {
			t.Fatalf("set aside %+v, %v", aside, err)
		}
		if bytes.Contains(log.Bytes(), []byte("words")) {
			t.Error("the log holds what was panicked with")
		}
		if err := s.Drop(t.Context(), aside[1].ID); err != nil {
			t.Error(err)
		}
		for _, do := range []func(context.Context, int64) error{s.Drop, s.Retry} {
			if err := do(t.Context(), aside[1].ID); !errors.Is(err, ErrNotThere) {
				t.Errorf("got %v", err)
			}
		}
		mu.Lock()
		mended = true
		mu.Unlock()
		if err := s.Retry(t.Context(), aside[0].ID); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the retry", func() bool { mu.Lock(); defer mu.Unlock(); return tries["poison"] == 4 })
		eventually(t, "its end", idle(t, s, in))
		if aside, _, _ := s.Aside(t.Context()); len(aside) != 0 || tries["twice"] != 3 || tries["hopeless"] != 1 {
			t.Errorf("left: %+v; tries: %v", aside, tries)
		}
	})
}

// TestRestart loses nothing when the process dies, and tells the work that it may have been done already.
func TestRestart(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		began := make(chan struct{}, 1)
		in := start(t, s, func(ctx context.Context, i Item) error { began <- struct{}{}; <-ctx.Done(); return ctx.Err() }, hasty)
		mustPut(t, in, item("1", "c"))
		mustPut(t, in, item("2", "c"))
		<-began
		kill(in)
		var j journal
		again := 0
		in = start(t, s, func(ctx context.Context, i Item) error {
			if i.Again() {
				again++
			}
			return j.work(ctx, i)
		}, hasty)
		eventually(t, "the work", idle(t, s, in))
		if got := j.all(); !slices.Equal(got, []string{"1", "2"}) || again != 2 {
			t.Errorf("worked on %q, %d of them as if again", got, again)
		}
	})
}

// TestPoisonedProcess sets aside what kills its process each time, and nothing that only stood beside it.
func TestPoisonedProcess(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		began := make(chan struct{}, 1)
		die := func(ctx context.Context, _ Item) error {
			began <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		}
		in := start(t, s, die, hasty)
		mustPut(t, in, item("deadly", "c"))
		mustPut(t, in, item("bystander", "c"))
		for range suspicious + hasty.Tries - 1 {
			<-began
			kill(in)
			in = start(t, s, die, hasty)
		}
		eventually(t, "the next", func() bool { return len(began) == 1 })
		aside, waiting, err := s.Aside(t.Context())
		if err != nil || len(aside) != 1 || waiting != 1 || aside[0].Tries != hasty.Tries {
			t.Errorf("set aside %+v, %d wait, %v", aside, waiting, err)
		}
		kill(in)
	})
}

// TestReplica takes up what a dead replica owned, and leaves a living one's items alone.
func TestReplica(t *testing.T) {
	where := Options{URL: storetest.Postgres(t)}
	s := open(t, where)
	var j journal
	alive := start(t, s, func(ctx context.Context, i Item) error {
		time.Sleep(3 * hasty.Lease) // longer than the lease: it is renewed
		return j.work(ctx, i)
	}, hasty)
	dead := start(t, open(t, where), func(ctx context.Context, i Item) error { <-ctx.Done(); return ctx.Err() }, hasty)
	mustPut(t, dead, item("orphan", "c"))
	mustPut(t, alive, item("own", "d"))
	kill(dead)
	eventually(t, "both", idle(t, s, alive))
	got := j.all()
	slices.Sort(got)
	if !slices.Equal(got, []string{"orphan", "own"}) {
		t.Errorf("worked on %q", got)
	}
}

// TestMemory leaves to River what is beyond the room in memory.
func TestMemory(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		var j journal
		hold := make(chan struct{})
		pace := hasty
		pace.Memory = 5
		in := start(t, s, func(ctx context.Context, i Item) error { <-hold; return j.work(ctx, i) }, pace)
		for i := range 12 {
			mustPut(t, in, item(fmt.Sprint(i), fmt.Sprint(i)))
		}
		if n := in.Waiting(); n != 5 {
			t.Errorf("%d items in memory", n)
		}
		close(hold)
		eventually(t, "all", idle(t, s, in))
		if n := len(j.all()); n != 12 {
			t.Errorf("worked on %d", n)
		}
	})
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	began := time.Now()
	if _, err := Open(t.Context(), Options{Dir: dir}); !errors.Is(err, ErrInUse) || time.Since(began) > 2*time.Second {
		t.Errorf("a second process got %v after %s", err, time.Since(began))
	}
	guest := open(t, Options{Dir: dir, Guest: true})
	if _, _, err := guest.Aside(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestBackup copies a database in use, and what is copied can be taken up.
func TestBackup(t *testing.T) {
	dir, copied := t.TempDir(), t.TempDir()
	in := start(t, open(t, Options{Dir: dir}), func(ctx context.Context, _ Item) error { <-ctx.Done(); return ctx.Err() }, hasty)
	defer kill(in)
	mustPut(t, in, item("1", "c"))
	guest := open(t, Options{Dir: dir, Guest: true})
	file := filepath.Join(copied, "rapporteur.db")
	if err := guest.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := guest.Backup(t.Context(), file); err == nil {
		t.Error("a file was overwritten")
	}
	var j journal
	s := open(t, Options{Dir: copied})
	eventually(t, "the work", idle(t, s, start(t, s, j.work, hasty)))
	if got := j.all(); !slices.Equal(got, []string{"1"}) {
		t.Errorf("the copy held %q", got)
	}
}

func BenchmarkPut(b *testing.B) {
	for name, where := range map[string]func() Options{
		"sqlite": func() Options { return Options{Dir: b.TempDir()} }, "postgres": func() Options { return Options{URL: storetest.Postgres(b)} },
	} {
		for _, writers := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", name, writers), func(b *testing.B) {
				s, err := Open(b.Context(), where())
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				in, err := NewInbox(b.Context(), s, func(context.Context, Item) error { return nil }, Pace{})
				if err != nil {
					b.Fatal(err)
				}
				b.ResetTimer()
				var all sync.WaitGroup
				for w := range writers {
					all.Go(func() {
						for i := w; i < b.N; i += writers {
							if err := <-in.Put(item(fmt.Sprint(i), fmt.Sprint(i))); err != nil {
								b.Error(err)
							}
						}
					})
				}
				all.Wait()
				_ = in.Close(b.Context())
			})
		}
	}
}
