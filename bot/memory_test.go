package bot

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// clock is a time that the test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestSeen(t *testing.T) {
	c := &clock{now: time.Unix(1e9, 0)}
	s := newSeen(c.Now, 8)
	for _, step := range []struct {
		pass time.Duration
		keys []string
		want bool
	}{
		{0, []string{"event 1", "message 1"}, true},
		{0, []string{"event 1", "message 1"}, false},
		{0, []string{"event 2", "message 1"}, false}, // the same message under another event ID
		{0, []string{"event 2", "message 2"}, false}, // and that ID is taken as well
		{0, []string{"", "message 3"}, true},
		{0, []string{"", ""}, true}, // nothing to tell it by
		{0, []string{"", ""}, true},
		{15 * time.Minute, []string{"event 1"}, false},
		{time.Hour, []string{"event 1"}, true},
	} {
		c.pass(step.pass)
		if got := s.take(step.keys...); got != step.want {
			t.Errorf("%q: got %v, want %v", step.keys, got, step.want)
		}
	}
	for i := range 100 {
		s.take(fmt.Sprint("flood ", i))
	}
	if n := s.keys.Len(); n != 8 {
		t.Errorf("got %d keys, want 8", n)
	}
}

func TestSeenTakesOnce(t *testing.T) {
	s := newSeen(time.Now, seenKeys)
	var all sync.WaitGroup
	taken := make(chan bool, 64)
	for i := range 64 {
		all.Go(func() { taken <- s.take(fmt.Sprint("event ", i), "message") })
	}
	all.Wait()
	close(taken)
	n := 0
	for ok := range taken {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("taken %d times, want once", n)
	}
}

func TestRecent(t *testing.T) {
	c := &clock{now: time.Unix(1e9, 0)}
	r := newRecent(c.Now, 2)
	here, there := spot{"T", "C", "1"}, spot{"T", "C", "2"}
	r.remember(here, "one")
	r.remember(here, "")
	if got := r.before(here); got != "one" {
		t.Errorf("got %q, want one", got)
	}
	if got := r.before(there); got != "" {
		t.Errorf("another thread has %q", got)
	}
	c.pass(recentFor)
	if got := r.before(here); got != "" {
		t.Errorf("after hours got %q", got)
	}
	for i := range 10 {
		r.remember(spot{"T", "C", fmt.Sprint(i)}, "x")
	}
	if n := r.last.Len(); n != 2 {
		t.Errorf("got %d questions, want 2", n)
	}
}
