package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// lanes work on items: those of a conversation one after the other, different conversations beside each other.
type lanes struct {
	in   *Inbox
	work Work
	base context.Context // of all work

	mu      sync.Mutex
	waiting map[string][]Item // by conversation, without what is worked on; there as long as its turn comes
	turns   []string          // the conversations that wait for somebody to work on them
	workers int
	held    map[int64]bool // what is in memory
	closed  bool

	ended   chan struct{} // closed when no more is begun
	running sync.WaitGroup
}

// atOnce bounds how many conversations are worked on at a time. Most of that time they wait for Slack, or for their channel's
// turn: with more than these waiting in one channel, others wait with them.
const atOnce = 512

func newLanes(base context.Context, in *Inbox, work Work) *lanes {
	return &lanes{in: in, work: work, base: base, waiting: map[string][]Item{}, held: map[int64]bool{}, ended: make(chan struct{})}
}

// handOver hands items to the work. What finds no room in memory is left to River.
func (in *Inbox) handOver(items []Item) {
	for _, i := range items {
		in.lanes.add(i)
	}
}

func (l *lanes) add(i Item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.held[i.ID] || len(l.held) >= l.in.pace.Memory {
		return
	}
	l.held[i.ID] = true
	queue, known := l.waiting[i.Conversation]
	l.waiting[i.Conversation] = append(queue, i)
	if known {
		return
	}
	l.turns = append(l.turns, i.Conversation)
	if l.workers < atOnce {
		l.workers++
		l.running.Go(l.run)
	}
}

func (l *lanes) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.held)
}

// run works on one item of one conversation after the other, until nothing waits. Workers come and go with what there is to
// do, so that ten thousand waiting items take the memory of their words and not of as many goroutines.
func (l *lanes) run() {
	for {
		i, ok := l.next()
		if !ok {
			return
		}
		l.see(i)
		l.yield(i.Conversation)
	}
}

// next takes the first item of the conversation whose turn it is.
func (l *lanes) next() (Item, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.turns) == 0 {
		l.workers--
		return Item{}, false
	}
	conversation := l.turns[0]
	l.turns = l.turns[1:]
	queue := l.waiting[conversation]
	l.waiting[conversation] = queue[1:]
	return queue[0], true
}

// yield lets the conversation wait for its next turn, if it has more to do.
func (l *lanes) yield(conversation string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting[conversation]) == 0 {
		delete(l.waiting, conversation)
		return
	}
	l.turns = append(l.turns, conversation)
}

// drop lets go of an item. What is done stays in hand until that is durable, or River would find it unfinished.
func (l *lanes) drop(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, id)
}

// see sees an item through: to its end, to being set aside, or to the end of the process or of its lease, when it is left
// as it is.
func (l *lanes) see(i Item) {
	if !l.in.inTurn(l.base, i, l.ended) || i.Restarts > 0 && !l.pause(l.in.pace.Settle) || !l.suspect(&i) {
		l.drop(i.ID)
		return
	}
	for pause := l.in.pace.Backoff; ; pause = min(2*pause, time.Minute) {
		err := l.try(i)
		if err == nil && !i.kept() {
			l.drop(i.ID)
			return
		}
		if err == nil {
			l.in.write.send(change{done: i.ID, then: func() { l.drop(i.ID) }})
			return
		}
		if l.base.Err() != nil || !l.in.owns() || l.failed(&i, err) || !l.pause(pause+rand.N(pause/2+1)) {
			l.drop(i.ID)
			return
		}
	}
}

// failed notes a failure, and reports whether it was the last.
func (l *lanes) failed(i *Item, err error) bool {
	i.Tries++
	last := i.Tries >= l.in.pace.Tries || errors.Is(err, ErrHopeless)
	l.note(failure{id: i.ID, tries: i.Tries, reason: err.Error(), aside: last})
	if last {
		l.in.log.Error("set aside; see rapporteur inbox", "item", i.ID, "tries", i.Tries, "reason", err)
	} else {
		l.in.log.Warn("tried in vain", "item", i.ID, "tries", i.Tries, "reason", err)
	}
	return last
}

// note writes a failure down and waits until that is durable.
func (l *lanes) note(f failure) {
	if f.id < 0 {
		return
	}
	durable := make(chan struct{})
	if l.in.write.send(change{fail: &f, then: func() { close(durable) }}) {
		select {
		case <-durable:
		case <-l.base.Done():
		}
	}
}

// suspicious is after how many ends of its process an item is a suspect. Most were innocent bystanders.
const suspicious = 3

// suspect writes down that work on a suspect begins, before it does: if the process dies over it once more, that counts as
// a failed try of this item, and of no other. It reports false when that was the last.
func (l *lanes) suspect(i *Item) bool {
	if i.Restarts < suspicious {
		return true
	}
	return !l.failed(i, errDied)
}

func (l *lanes) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return l.in.owns()
	case <-l.ended:
		return false
	}
}

var errDied = errors.New("the process died over it, unless another reason follows")

// try works on an item once. A panic is an error like another: what was panicked with may hold words that a person wrote,
// so only the runtime's own errors are spelled out.
func (l *lanes) try(i Item) (err error) {
	if !l.in.owns() {
		return errors.New("no longer ours")
	}
	select {
	case <-l.in.write.intake.isLow():
	case <-l.base.Done():
	}
	ctx, cancel := context.WithTimeout(l.base, l.in.pace.Try)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			err = errors.New("panic: " + panicName(cause))
			l.in.log.Error("work panicked", "item", i.ID, "cause", panicName(cause), "stack", string(debug.Stack()))
		}
	}()
	return l.work(ctx, i)
}

func panicName(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}

// close begins nothing more, waits until what is under way has ended, and cuts it off when ctx ends.
func (l *lanes) close(ctx context.Context) error {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.ended)
	}
	l.mu.Unlock()
	done := make(chan struct{})
	go func() { l.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		l.in.stop()
		<-done
		return fmt.Errorf("stopped with work under way: %w", ctx.Err())
	}
}
