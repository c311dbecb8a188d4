package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Item is something to be worked on, once.
type Item struct {
	ID           int64
	Keys         []string // its names; what comes again under any of them is the same. Of an item taken up again: nil
	Team, Person string   // whose words these are, so that they can be forgotten; not told to the work
	Conversation string   // items of one conversation are worked on one after the other, in the order of their arrival
	Body         []byte   // kept until the work is done, and then no longer
	Tries        int      // that failed
	Restarts     int      // how often a process ended that had it in hand, whether it had begun with it or not
	Late         bool     // River handed it over: something went wrong before, in this process or another
}

// Again reports whether some of the work may be done already.
func (i Item) Again() bool { return i.Tries > 0 || i.Restarts > 0 || i.Late }

// Work works on an item. nil says that it is done; an error that wraps [ErrHopeless], that no other try will help; any
// other that it is to be tried again. Its context ends when the process must stop or no longer owns the item.
type Work func(ctx context.Context, item Item) error

// ErrHopeless is wrapped by errors of work that no other try will mend.
var ErrHopeless = errors.New("no other try will help")

// Pace says how patient an [Inbox] is. Zero fields take the defaults.
//
// What a process had sent when it died may still be on its way: until that has arrived, a look whether the work was done
// comes too early. Measured in the tests of chaos, where a call may be carried out 300 ms late: without Settle, 8 of 1,000
// questions were answered twice in 50 kills.
type Pace struct {
	Lease   time.Duration // for how long a process that is silent still owns its items; 20 s
	Tries   int           // after which an item is set aside; 8, which with Backoff takes about three minutes
	Backoff time.Duration // after the first failure; doubled each time up to a minute, and up to half as much by chance; 2 s
	Settle  time.Duration // how long to leave an item alone that a dead process had in hand; 2 s
	Try     time.Duration // the deadline of one try; a minute
	Memory  int           // items in memory; what is beyond waits in the database, and River hands it over; 10,000
	Keys    time.Duration // for how long the keys of what was done are known; a day (Slack's last retry comes after six minutes)
}

func (p Pace) withDefaults() Pace {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&p.Lease, 20*time.Second)
	def(&p.Backoff, 2*time.Second)
	def(&p.Settle, 2*time.Second)
	def(&p.Try, time.Minute)
	def(&p.Keys, 24*time.Hour)
	if p.Tries == 0 {
		p.Tries = 8
	}
	if p.Memory == 0 {
		p.Memory = 10_000
	}
	return p
}

// Inbox holds items durably from the moment they are taken in until the work on them is done.
//
// An item taken in is handed over to the work at once, in this process. It is also a job in River, due when the lease of
// its owner has run out: if this process dies, this one's successor or another replica takes it up from there. The row in
// our own table decides who owns an item, so that only one of the two ever works on it at a time.
type Inbox struct {
	store *Store
	pace  Pace
	log   *slog.Logger
	owner string // this process, at this start

	write    *writer
	lanes    *lanes
	rescue   *rescuer
	volatile *volatile

	renewed   atomic.Int64 // when the leases were last renewed, in nanoseconds since born
	born      time.Time
	stop      context.CancelFunc
	housework sync.WaitGroup
}

// NewInbox takes up what an earlier process left, and works on it and on all that is put in, until [Inbox.Close].
func NewInbox(ctx context.Context, s *Store, work Work, pace Pace) (*Inbox, error) {
	in := &Inbox{store: s, pace: pace.withDefaults(), log: s.log, owner: rand.Text(), born: time.Now(), volatile: newVolatile()}
	var base context.Context
	base, in.stop = context.WithCancel(context.WithoutCancel(ctx))
	in.lanes = newLanes(base, in, work)
	var err error
	if in.rescue, err = newRescuer(in); err != nil {
		return nil, err
	}
	in.write = newWriter(in)
	if err := in.takeUp(ctx); err != nil {
		in.write.close()
		in.stop()
		return nil, err
	}
	if err := in.rescue.start(base); err != nil {
		in.write.close()
		in.stop()
		return nil, err
	}
	in.housework.Go(func() { in.keepHouse(base) })
	return in, nil
}

// Put takes an item in and returns at once. What is received from the channel is nil once the item is durable, also when
// it was there before under one of its keys; otherwise it was not kept, and must not be acknowledged. Items of one
// conversation are to be put one after the other.
func (in *Inbox) Put(item Item) <-chan error {
	p := &put{item: item, kept: make(chan error, 1)}
	if !in.write.send(change{put: p}) {
		p.kept <- errors.New("the inbox is closed")
	}
	return p.kept
}

// Waiting is how many items are in memory, waiting or under way.
func (in *Inbox) Waiting() int { return in.lanes.count() }

// Healthy reports why nothing can be kept at present; nil when it can.
func (in *Inbox) Healthy() error { return in.write.trouble() }

// Close stops: what is under way is finished until ctx ends, what waits is left for the next process.
func (in *Inbox) Close(ctx context.Context) error {
	err := in.lanes.close(ctx)
	in.stop()
	in.housework.Wait()
	err = errors.Join(err, in.rescue.close(ctx))
	in.write.close()
	return errors.Join(err, in.release())
}

// takeUp owns what nobody does any more, and hands it to the work. On SQLite that is everything: the folder's lock is ours.
func (in *Inbox) takeUp(ctx context.Context) error {
	all := int64(1)
	if in.store.engine.shared {
		all = 0
	}
	items, err := in.own(ctx, takeAll+atStart+taken, all)
	if err != nil {
		return err
	}
	in.handOver(items)
	return nil
}

// The items that a process may take up: when it starts, and where a conversation was left. Of the latter, what came before
// is taken too.
const (
	atStart = `SELECT id FROM inbox WHERE state = 'waiting' AND (leased_until < unix_ms() OR $3 = 1)`
	uptoOne = `SELECT id FROM inbox WHERE state = 'waiting' AND (leased_until < unix_ms() OR owner = $1)
		AND id <= $3 AND conversation = (SELECT conversation FROM inbox WHERE id = $3)`
	takeAll = `UPDATE inbox SET owner = $1, leased_until = unix_ms() + $2, restarts = restarts + CASE WHEN owner IN ('', $1) THEN 0 ELSE 1 END
		WHERE id IN (`
	taken = `) RETURNING id, conversation, body, tries, restarts`
)

// own takes items up and returns them in their order; those that another process had in hand count its end. parameter is $3
// of the query that selects them.
func (in *Inbox) own(ctx context.Context, query string, parameter int64) (items []Item, err error) {
	rows, err := in.store.db.QueryContext(ctx, query, in.owner, in.pace.Lease.Milliseconds(), parameter)
	if err != nil {
		return nil, fmt.Errorf("take items up: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i Item
		if err := rows.Scan(&i.ID, &i.Conversation, &i.Body, &i.Tries, &i.Restarts); err != nil {
			return nil, fmt.Errorf("take items up: %w", err)
		}
		items = append(items, i)
	}
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	return items, rows.Err()
}

// release gives back what is still owned, so that another replica need not wait for the lease to run out.
func (in *Inbox) release() error {
	ctx, cancel := context.WithTimeout(context.Background(), commitDeadline)
	defer cancel()
	_, err := in.store.db.ExecContext(ctx, `UPDATE inbox SET leased_until = 0 WHERE owner = $1 AND state = 'waiting'`, in.owner)
	if err != nil {
		return fmt.Errorf("give back what was left: %w", err)
	}
	return nil
}

// keepHouse renews the leases, and forgets old keys, until ctx ends.
func (in *Inbox) keepHouse(ctx context.Context) {
	renew := time.NewTicker(in.pace.Lease / 4)
	defer renew.Stop()
	forget := time.NewTicker(max(in.pace.Keys/24, time.Minute))
	defer forget.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-renew.C:
			in.renew(ctx)
		case <-forget.C:
			in.forget(ctx)
		}
	}
}

// renew extends the leases of all that this process owns.
func (in *Inbox) renew(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, in.pace.Lease/4)
	defer cancel()
	at := time.Since(in.born)
	const q = `UPDATE inbox SET leased_until = unix_ms() + $1 WHERE owner = $2 AND state = 'waiting'`
	if _, err := in.store.db.ExecContext(ctx, q, in.pace.Lease.Milliseconds(), in.owner); err != nil {
		in.log.Warn("leases not renewed", "error", err)
		return
	}
	in.renewed.Store(int64(at))
}

// owns reports whether the leases can still be ours: they were renewed in time by a clock that goes on while the process
// is stopped. Alone on its folder, a process owns what it took in until it ends.
func (in *Inbox) owns() bool {
	return !in.store.engine.shared || time.Since(in.born)-time.Duration(in.renewed.Load()) < in.pace.Lease*9/10
}

func (in *Inbox) forget(ctx context.Context) {
	const q = `DELETE FROM inbox_key WHERE seen_at < unix_ms() - $1`
	if _, err := in.store.db.ExecContext(ctx, q, in.pace.Keys.Milliseconds()); err != nil {
		in.log.Warn("old keys not forgotten", "error", err)
	}
	if err := in.store.Tidy(ctx); err != nil {
		in.log.Warn("what is old was not deleted", "error", err)
	}
}
