package receive

import (
	"context"
	"math/rand/v2"
	"time"
)

// pace decides when the next connection may be opened. Not safe for concurrent use.
type pace struct {
	timing   Timing
	failures int           // in a row: opens that failed, and connections that died young
	atLeast  time.Duration // what the last failure asked for
	opens    []time.Time   // the last ones, oldest first, as many as a minute allows
}

// wait returns when a connection may be opened, and counts it; or when ctx ends, with its error.
func (p *pace) wait(ctx context.Context) error {
	timer := time.NewTimer(max(p.backoff(), p.atLeast, p.window(time.Now())))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	p.opens = append(p.opens, time.Now())
	p.opens = p.opens[max(0, len(p.opens)-p.timing.Opens):]
	return ctx.Err()
}

func (p *pace) backoff() time.Duration {
	if p.failures == 0 {
		return 0
	}
	d := p.timing.Backoff << min(p.failures-1, 16)
	d = min(d, p.timing.MaxBackoff)
	return d - rand.N(d/2+1)
}

// window returns how long it takes until the oldest of a minute's opens is a minute old.
func (p *pace) window(now time.Time) time.Duration {
	if len(p.opens) < p.timing.Opens {
		return 0
	}
	return p.opens[0].Add(time.Minute).Sub(now)
}

// failed counts a connection that did not come to be; the next one waits at least so long.
func (p *pace) failed(atLeast time.Duration) {
	p.failures++
	p.atLeast = atLeast
}

// lived counts a connection that stood. One that lived long and went by appointment is replaced at once.
func (p *pace) lived(long time.Duration, announced bool) {
	p.atLeast = 0
	if long >= p.timing.Steady {
		p.failures = 0
	}
	if long < p.timing.Steady || !announced {
		p.failures++
	}
}
