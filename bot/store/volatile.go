package store

import (
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// What cannot be kept is worked on all the same, in memory only, and not acknowledged. When it comes again, and it can be
// kept by then, only its keys are.

// volatileMost bounds how many keys are remembered without the database, each for as long as the process lives.
const volatileMost = 1 << 16

// volatile remembers what was worked on without being kept. Safe for concurrent use.
type volatile struct {
	mu   sync.Mutex // taking several keys is one step
	keys *lru.Cache[string, time.Time]
	last atomic.Int64 // the ID given last, counted downwards: none of the database's
}

func newVolatile() *volatile {
	keys, _ := lru.New[string, time.Time](volatileMost) // its only error is a size below 1
	return &volatile{keys: keys}
}

// take reports whether none of an item's keys is known, and remembers them.
func (v *volatile) take(i Item) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	fresh := true
	for _, k := range i.Keys {
		known, _ := v.keys.ContainsOrAdd(k, time.Now())
		fresh = fresh && !known
	}
	return fresh
}

// knows reports whether one of an item's keys is known.
func (v *volatile) knows(i Item) bool {
	for _, k := range i.Keys {
		if v.keys.Contains(k) {
			return true
		}
	}
	return false
}

// handOverVolatile has an item worked on that could not be kept.
func (in *Inbox) handOverVolatile(i Item) {
	if in.volatile.take(i) {
		i.ID = in.volatile.last.Add(-1)
		in.handOver([]Item{i})
	}
}

// kept reports whether an item stands in the database.
func (i Item) kept() bool { return i.ID > 0 }
