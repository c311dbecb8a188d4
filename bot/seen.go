package bot

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Slack may send an event again for six minutes, and up to eleven times under other IDs (slackapi/node-slack-sdk#2141),
// so that fifteen minutes are the least that a key must be kept. A workspace sends at most 30,000 events an hour
// (docs.slack.dev, app_rate_limited): two keys each, for an hour, fit.
const (
	seenFor  = time.Hour
	seenKeys = 1 << 16
)

// seen remembers what was taken up, so that each question is answered once. Safe for concurrent use.
type seen struct {
	mu   sync.Mutex // taking several keys is one step
	keys *lru.Cache[string, time.Time]
	now  func() time.Time
}

func newSeen(now func() time.Time, size int) *seen {
	keys, _ := lru.New[string, time.Time](max(size, 1)) // its only error is a size below 1
	return &seen{keys: keys, now: now}
}

// take reports whether none of the keys was taken in the last hour, and takes them all. Empty keys don't count.
func (s *seen) take(keys ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, now := true, s.now()
	for _, k := range keys {
		if k == "" {
			continue
		}
		if at, ok := s.keys.Peek(k); ok && now.Sub(at) < seenFor {
			fresh = false
			continue
		}
		s.keys.Add(k, now)
	}
	return fresh
}
