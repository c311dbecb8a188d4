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
