package receive

import (
	"cmp"
	"time"
)

// Timing is how long a [Socket] waits. Zero fields take the defaults.
type Timing struct {
	Open  time.Duration // for Socket.Open to return; 10 s
	Dial  time.Duration // for the connection to stand; 10 s
	Hello time.Duration // for Slack's hello on it; 10 s
	Ack   time.Duration // for an acknowledgement to be written; 3 s, what Slack waits
	Close time.Duration // for Slack to confirm a close; 3 s

	// A peer that died just after a pong is noticed Ping + Pong later: 18 s by default.
	Ping time.Duration // between our pings; 10 s
	Pong time.Duration // for a sign of life after a ping; 8 s

	Linger time.Duration // how long a connection that was told to go is read once the next one stands; 30 s

	// The wait before the next connection doubles from Backoff to MaxBackoff, each time shortened at random by up to a half.
	// It begins anew once a connection has lived for Steady.
	Backoff    time.Duration // 500 ms, so that a connection lost once is back within a second
	MaxBackoff time.Duration // 30 s
	Steady     time.Duration // 1 min

	// Whatever happens, no more than Opens connections are opened within a minute; 10. Slack allows
	// apps.connections.open at tier 1, and at most ten connections at a time.
	Opens int
}

func (t Timing) withDefaults() Timing {
	t.Open = cmp.Or(t.Open, 10*time.Second)
	t.Dial = cmp.Or(t.Dial, 10*time.Second)
	t.Hello = cmp.Or(t.Hello, 10*time.Second)
	t.Ack = cmp.Or(t.Ack, 3*time.Second)
	t.Close = cmp.Or(t.Close, 3*time.Second)
	t.Ping = cmp.Or(t.Ping, 10*time.Second)
	t.Pong = cmp.Or(t.Pong, 8*time.Second)
	t.Linger = cmp.Or(t.Linger, 30*time.Second)
	t.Backoff = cmp.Or(t.Backoff, 500*time.Millisecond)
	t.MaxBackoff = cmp.Or(t.MaxBackoff, 30*time.Second)
	t.Steady = cmp.Or(t.Steady, time.Minute)
	t.Opens = cmp.Or(t.Opens, 10)
	return t
}
