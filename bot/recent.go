package bot

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// How long, and for how many conversations, the last question is remembered: follow-ups come soon, and what people
// write isn't kept longer than it serves them.
const (
	recentFor   = 4 * time.Hour
	recentCount = 4096
)

// spot is where a conversation goes on: a thread, a direct conversation, or one person's private answers in a channel.
type spot struct{ team, channel, thread string }

// recent remembers the question asked last in each conversation, in memory only. Safe for concurrent use.
type recent struct {
	last *lru.Cache[spot, remembered]
	now  func() time.Time
}

type remembered struct {
	question string
	at       time.Time
}

func newRecent(now func() time.Time, size int) *recent {
	last, _ := lru.New[spot, remembered](max(size, 1)) // its only error is a size below 1
	return &recent{last: last, now: now}
}

// before returns the question asked last, "" for none or one too long ago.
func (r *recent) before(where spot) string {
	last, ok := r.last.Get(where)
	if !ok || r.now().Sub(last.at) >= recentFor {
		return ""
	}
	return last.question
}

// remember keeps a question until the next one. What isn't one leaves the last in its place.
func (r *recent) remember(where spot, question string) {
	if question != "" {
		r.last.Add(where, remembered{question, r.now()})
	}
}
