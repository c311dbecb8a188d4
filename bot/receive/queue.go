package receive

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// Limits bounds a [Queue]. Zero fields take the defaults.
type Limits struct {
	Deliveries int           // waiting at most, not counting those under way; 10,000, a burst that must not be lost
	Bytes      int           // of payload waiting and under way at most; 32 MB, so that long payloads cannot fill the memory
	Workers    int           // at work at the same time; 16, enough for a Slack API that takes seconds
	Deadline   time.Duration // of each piece of work; 60 s
}

func (l Limits) withDefaults() Limits {
	l.Deliveries = cmp.Or(l.Deliveries, 10_000)
	l.Bytes = cmp.Or(l.Bytes, 32<<20)
	l.Workers = cmp.Or(l.Workers, 16)
	l.Deadline = cmp.Or(l.Deadline, 60*time.Second)
	return l
}

// Queue holds deliveries in memory between their acknowledgement and the work on them, first in, first out. It is lost
// with the process. Safe for concurrent use.
type Queue struct {
	work   func(context.Context, Delivery)
	log    *slog.Logger
	limits Limits

	base    context.Context // of all work: it ends only when Close runs out of time
	abandon context.CancelFunc
	workers sync.WaitGroup

	mu     sync.Mutex // guards what follows
	in     chan Delivery
	closed bool
	bytes  int // of payload, waiting and under way
	left   int // deliveries, waiting and under way
}

// NewQueue starts the workers; [Queue.Close] ends them. The context that work receives carries the deadline of Limits and
// nothing of the caller's, so that a shutdown signal does not cut off an answer being posted. A panic in work is logged,
// without its words, and ends that piece of work only. A nil log discards.
func NewQueue(work func(context.Context, Delivery), limits Limits, log *slog.Logger) *Queue {
	limits = limits.withDefaults()
	q := &Queue{work: work, log: orDiscard(log), limits: limits, in: make(chan Delivery, limits.Deliveries)}
	q.base, q.abandon = context.WithCancel(context.Background())
	for range limits.Workers {
		q.workers.Go(func() {
			for d := range q.in {
				q.do(d)
			}
		})
	}
	return q
}

// Put takes a delivery in and reports whether it did: not when the queue is full or closed. It never waits.
func (q *Queue) Put(d Delivery) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.bytes+len(d.Payload) > q.limits.Bytes {
		return false
	}
	select {
	case q.in <- d:
		q.bytes += len(d.Payload)
		q.left++
		return true
	default:
		return false
	}
}

// Close stops the intake at once and returns when all that was taken in is done. When ctx ends first, the contexts of the
// work under way are cancelled, what waits is dropped, and the error says how many deliveries were left.
func (q *Queue) Close(ctx context.Context) error {
	q.shut()
	done := make(chan struct{})
	go func() {
		defer close(done)
		q.workers.Wait()
		q.abandon()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		left := q.leave()
		return fmt.Errorf("close queue with %d deliveries unfinished: %w", left, ctx.Err())
	}
}

func (q *Queue) shut() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.in)
	}
}

func (q *Queue) leave() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.abandon()
	return q.left
}

func (q *Queue) do(d Delivery) {
	defer q.done(d)
	if q.base.Err() != nil {
		return
	}
	defer q.rescue(d)
	ctx, cancel := context.WithTimeout(q.base, q.limits.Deadline)
	defer cancel()
	q.work(ctx, d)
}

func (q *Queue) done(d Delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes -= len(d.Payload)
	q.left--
}

// rescue logs a panic. What was panicked with may hold words that a person wrote, so only the runtime's own errors are
// spelled out; a stack names functions and numbers.
func (q *Queue) rescue(d Delivery) {
	cause := recover()
	if cause == nil {
		return
	}
	what := fmt.Sprintf("%T", cause)
	if err, ok := cause.(runtime.Error); ok {
		what = err.Error()
	}
	q.log.Error("work panicked", "kind", d.Kind, "bytes", len(d.Payload), "cause", what, "stack", string(debug.Stack()))
}
