package workspace

import (
	"slices"
	"sync"
	"time"
)

// Clock is where the workspace takes its time from: timestamps, deadlines, retries, rate limits and expiries.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once, d from now, unless stop is called before. It never calls f itself before it returns.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is [time.Now].
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc is [time.AfterFunc]: f runs in a goroutine of its own.
func (SystemClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// ManualClock stands still until it is told to advance. It is safe for concurrent use.
type ManualClock struct {
	mu    sync.Mutex
	now   time.Time
	alarm []*alarm
}

type alarm struct {
	at time.Time
	f  func()
}

// NewManualClock returns a clock that shows the given time.
func NewManualClock(now time.Time) *ManualClock { return &ManualClock{now: now} }

// Now returns the time that the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc keeps f until Advance passes its time, even for a d of zero or less.
func (c *ManualClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: c.now.Add(d), f: f}
	c.alarm = append(c.alarm, a)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.alarm = slices.DeleteFunc(c.alarm, func(b *alarm) bool { return b == a })
	}
}

// Advance moves the clock on by d and calls, in order of time and in the calling goroutine, all that falls due on the
// way, including what is only set while it moves.
func (c *ManualClock) Advance(d time.Duration) {
	end := c.Now().Add(d)
	for a := c.next(end); a != nil; a = c.next(end) {
		a.f()
	}
}

// next takes the earliest alarm up to end and sets the clock to it, or sets the clock to end and returns nil.
func (c *ManualClock) next(end time.Time) *alarm {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := -1
	for i, a := range c.alarm {
		if !a.at.After(end) && (first < 0 || a.at.Before(c.alarm[first].at)) {
			first = i
		}
	}
	if first < 0 {
		c.now = end
		return nil
	}
	a := c.alarm[first]
	c.alarm = slices.Delete(c.alarm, first, first+1)
	if a.at.After(c.now) {
		c.now = a.at
	}
	return a
}

// timer is something that the workspace is to do later.
type timer struct{ stop func() }

// later calls f after d by the workspace's clock, unless the timer is stopped or the workspace closed; the lock is held.
func (w *Workspace) later(d time.Duration, f func()) *timer {
	t := &timer{}
	w.timers[t] = struct{}{}
	t.stop = w.o.Clock.AfterFunc(d, func() {
		if !w.enter() {
			return
		}
		defer w.wg.Done()
		w.mu.Lock()
		delete(w.timers, t)
		w.mu.Unlock()
		f()
	})
	return t
}

// stopTimer stops t, which may have run already; the lock is held.
func (w *Workspace) stopTimer(t *timer) {
	delete(w.timers, t)
	t.stop()
}
