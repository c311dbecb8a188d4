package receive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// ErrFatal is wrapped by errors that no retry can mend, such as a bad token.
var ErrFatal = errors.New("not to be retried")

// ErrSwitchedOff is what [Socket.Run] returns when Slack says so. It wraps [ErrFatal].
var ErrSwitchedOff = fmt.Errorf("slack: Socket Mode is switched off in the app's settings: %w", ErrFatal)

// LaterError is what [Socket.Open] returns when Slack said how long to wait: the Retry-After of a rate limit.
type LaterError struct {
	After time.Duration
	Err   error
}

func (e *LaterError) Error() string { return fmt.Sprintf("wait %s: %v", e.After, e.Err) }

// Unwrap returns Err.
func (e *LaterError) Unwrap() error { return e.Err }

// Socket receives over Socket Mode. Set its fields, then call [Socket.Run].
//
// Messages of one connection are handled one after the other, so that acknowledgements leave in the order in which
// envelopes came, each on the connection that its envelope came on. When Slack announces that it will close a connection,
// the next one is opened first and both are read until the old one closes.
type Socket struct {
	// Open asks apps.connections.open for the address of a new connection. It must heed its context. An error that wraps
	// ErrFatal ends Run, a [LaterError] says how long to wait, and any other is tried again; all are logged, so none may
	// hold a secret.
	Open func(ctx context.Context) (address string, err error)

	// Deliver takes a delivery in. It is called by one goroutine for each connection, in the order in which they came, and
	// holds up what comes after it; see [Keep] for what it returns.
	Deliver Keep

	// Ready, if set, is called each time a connection stands, with how many the app has open by Slack's count: more than
	// two mean that another process shares the token and gets a part of the deliveries. It must not block.
	Ready func(connections int)

	Log    *slog.Logger // nil discards
	Client *http.Client // for the connections; nil for one that heeds the proxy of the environment
	Timing Timing
}

// Run receives until ctx ends, then closes its connections and returns nil; or until an error that wraps [ErrFatal]. What
// was delivered by then is acknowledged; what arrives later is left for Slack to send again. It takes up to six seconds
// to end when Slack does not answer, and leaves no goroutine behind. Not to be called twice at a time.
func (s *Socket) Run(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	client, release := noRedirects(s.Client)
	r := &receiver{
		Socket: *s, client: client, fail: end,
		pace: pace{timing: s.Timing.withDefaults()},
	}
	r.Log, r.Timing = orDiscard(s.Log), r.pace.timing
	defer release()
	defer r.lines.Wait()
	defer end(nil)
	r.keepConnected(ctx)
	if cause := context.Cause(ctx); errors.Is(cause, ErrFatal) {
		return cause
	}
	return nil
}

// receiver is a Socket while it runs.
type receiver struct {
	Socket // with its defaults
	client *http.Client
	fail   context.CancelCauseFunc // ends the run
	lines  sync.WaitGroup
	pace   pace
}

// keepConnected keeps one connection after the other until ctx ends. An old one goes on in its own goroutine until it
// closes, and is told to once the next one stands.
func (r *receiver) keepConnected(ctx context.Context) {
	var old *line
	for r.pace.wait(ctx) == nil {
		next, err := r.connect(ctx)
		if err != nil {
			r.missed(ctx, err)
			continue
		}
		if old != nil {
			close(old.retired)
		}
		r.stay(ctx, next)
		old = next
	}
}

// missed takes note of a connection that did not come to be.
func (r *receiver) missed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	if errors.Is(err, ErrFatal) {
		r.fail(err)
		return
	}
	var later *LaterError
	if errors.As(err, &later) {
		r.pace.failed(later.After)
	} else {
		r.pace.failed(0)
	}
	r.Log.Warn("socket not connected", "failures", r.pace.failures, "error", err)
}

// stay waits until it is time for the next connection.
func (r *receiver) stay(ctx context.Context, l *line) {
	announced := false
	select {
	case <-ctx.Done():
	case <-l.ended:
	case <-l.leaving:
		announced = true
	}
	r.pace.lived(time.Since(l.born), announced)
}

// connect opens a connection and waits for Slack's hello.
func (r *receiver) connect(ctx context.Context) (*line, error) {
	address, err := r.open(ctx)
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	l, err := r.newLine(ctx, address)
	if err != nil {
		return nil, err
	}
	lineCtx, leave := context.WithCancel(ctx)
	r.lines.Go(func() {
		defer leave()
		l.run(lineCtx)
	})
	select {
	case <-l.hello:
		return l, nil
	case <-l.ended:
		err = errors.New("the connection ended before Slack said hello")
	case <-ctx.Done():
		err = ctx.Err()
	case <-time.After(r.Timing.Hello):
		err = fmt.Errorf("slack did not say hello within %s", r.Timing.Hello)
	}
	leave()
	return nil, err
}

func (r *receiver) open(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timing.Open)
	defer cancel()
	return r.Open(ctx)
}
