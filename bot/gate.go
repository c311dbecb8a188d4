package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Slack takes one message a second in a channel, and lets short bursts pass (docs.slack.dev/apis/web-api/rate-limits).
const (
	messagesEvery = time.Second
	messagesBurst = 3
)

// gatesMost bounds how many channels are remembered; one that was forgotten starts anew, and Slack says so if that is too
// soon.
const gatesMost = 4096

// gates hold messages back, each channel's own, so that none waits for another's. Safe for concurrent use.
type gates struct {
	mu sync.Mutex // making one is one step
	of *lru.Cache[string, *gate]
}

// gate lets the messages of a channel through in their pace, and none while Slack said to wait.
type gate struct {
	pace *rate.Limiter

	mu   sync.Mutex
	shut time.Time // until when
}

func newGates() *gates {
	of, _ := lru.New[string, *gate](gatesMost) // its only error is a size below 1
	return &gates{of: of}
}

// channel returns the gate of a channel, by its workspace and its ID.
func (g *gates) channel(id string) *gate {
	g.mu.Lock()
	defer g.mu.Unlock()
	if one, ok := g.of.Get(id); ok {
		return one
	}
	one := &gate{pace: rate.NewLimiter(rate.Every(messagesEvery), messagesBurst)}
	g.of.Add(id, one)
	return one
}

var errNoTime = errors.New("there is no time left to wait")

// pass waits for its turn; late is called once if that takes longer than patience.
func (g *gate) pass(ctx context.Context, patience time.Duration, late func()) error {
	turn := g.pace.Reserve()
	for d := max(turn.Delay(), g.closed()); d > 0; d = g.closed() {
		if d > patience && late != nil {
			late()
			late = nil
		}
		if !wait(ctx, d) {
			turn.Cancel()
			return errNoTime
		}
	}
	return nil
}

func (g *gate) closed() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.shut)
}

// close shuts the gate for a time.
func (g *gate) close(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.shut) {
		g.shut = until
	}
}
