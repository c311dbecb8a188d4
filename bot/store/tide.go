package store

import "sync"

// tide counts what is on its way in, and lets work wait until that is little: Slack waits three seconds for an
// acknowledgement, people longer for an answer. Safe for concurrent use.
type tide struct {
	mu  sync.Mutex
	n   int
	low chan struct{} // closed when it is low; nil when nobody waits
}

// high is how many items on their way in are much.
const high = groupMost / 4

func (t *tide) rise() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
}

func (t *tide) fall() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n--
	if t.n <= high && t.low != nil {
		close(t.low)
		t.low = nil
	}
}

var always = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// isLow returns a channel that is closed once the tide is low.
func (t *tide) isLow() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n <= high {
		return always
	}
	if t.low == nil {
		t.low = make(chan struct{})
	}
	return t.low
}
