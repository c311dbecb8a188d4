package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// writer commits changes to the inbox in groups: while one commit waits for the disk, what comes next gathers, so that
// the wait is shared. 1,000 items a second on a disk that syncs 200 times a second.
type writer struct {
	in      *Inbox
	changes chan change
	ended   sync.WaitGroup
	gate    sync.RWMutex // guards closed, against a send at the same time
	closed  bool
	intake  tide                  // items on their way in
	failing atomic.Pointer[error] // what the last commit failed with; nil when it did not
}

// change is one of: an item to take in, the end of the work on one, a try that failed.
type change struct {
	put  *put
	done int64
	fail *failure
	then func() // called once the change is durable; nil for nothing
}

// put is an item on its way in.
type put struct {
	item  Item
	kept  chan error // gets one value
	fresh bool       // that none of its keys was known
}

// failure is a try that failed; the last one sets the item aside.
type failure struct {
	id     int64
	tries  int
	reason string
	aside  bool
}

const (
	groupMost      = 256             // changes in one commit
	commitDeadline = 2 * time.Second // Slack waits three for the acknowledgement
	retryEvery     = time.Second     // how often the end of a work is written again that could not be
	endsEvery      = 50 * time.Millisecond
)

func newWriter(in *Inbox) *writer {
	w := &writer{in: in, changes: make(chan change, groupMost)}
	w.ended.Go(w.run)
	return w
}

// send reports false when the writer is closed.
func (w *writer) send(c change) bool {
	w.gate.RLock()
	defer w.gate.RUnlock()
	if w.closed {
		return false
	}
	if c.put != nil {
		w.intake.rise()
	}
	w.changes <- c
	return true
}

// close writes what is left.
func (w *writer) close() {
	w.gate.Lock()
	defer w.gate.Unlock()
	if !w.closed {
		w.closed = true
		close(w.changes)
	}
	w.ended.Wait()
}

// trouble is what the last commit failed with.
func (w *writer) trouble() error {
	if err := w.failing.Load(); err != nil {
		return *err
	}
	return nil
}

// run commits at once what somebody waits for, and with it the ends of work that gathered meanwhile; those alone wait a
// little, for they are in no hurry: if the process dies before, the work is looked for and found done.
func (w *writer) run() {
	var waiting []change
	var due <-chan time.Time
	for {
		select {
		case c, open := <-w.changes:
			if !open {
				w.commit(waiting)
				return
			}
			group := w.gather(c)
			waiting = append(waiting, group...)
			if !slices.ContainsFunc(group, change.urgent) && len(waiting) < groupMost {
				if due == nil {
					due = time.After(w.pause())
				}
				continue
			}
		case <-due:
		}
		waiting, due = w.commit(waiting), nil
		if len(waiting) > 0 {
			due = time.After(w.pause())
		}
	}
}

// pause is how long ends of work wait: longer while they cannot be written.
func (w *writer) pause() time.Duration {
	if w.trouble() != nil {
		return retryEvery
	}
	return endsEvery
}

// urgent reports whether somebody waits for a change.
func (c change) urgent() bool { return c.put != nil || c.fail != nil }

// gather adds what is there already.
func (w *writer) gather(first change) []change {
	group := []change{first}
	for len(group) < groupMost {
		select {
		case c, open := <-w.changes:
			if !open {
				return group
			}
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// commit writes a group, or each change alone where the group fails: one that the database refuses must not take the
// others with it. It returns what is owed still; items are not, for Slack sends them again.
func (w *writer) commit(group []change) (owed []change) {
	if len(group) == 0 {
		return nil
	}
	err := w.attempt(group)
	if err != nil && len(group) > 1 && !errors.Is(err, context.DeadlineExceeded) {
		for _, c := range group {
			owed = append(owed, w.settle([]change{c}, w.attempt([]change{c}))...)
		}
		return owed
	}
	return w.settle(group, err)
}

// settle tells who waits what came of a group, and hands fresh items over.
func (w *writer) settle(group []change, err error) (owed []change) {
	w.note(err)
	var fresh []Item
	for _, c := range group {
		if c.put != nil {
			w.intake.fall()
		}
		switch {
		case c.put == nil && err != nil:
			owed = append(owed, c)
		case c.put == nil:
			if c.then != nil {
				c.then()
			}
		case err != nil:
			c.put.kept <- err
			w.in.handOverVolatile(c.put.item)
		default:
			if c.put.fresh {
				fresh = append(fresh, c.put.item)
			}
			c.put.kept <- nil
		}
	}
	w.in.handOver(fresh)
	return owed
}

// note remembers and logs that keeping fails, and that it works again: once each.
func (w *writer) note(err error) {
	before := w.failing.Load()
	switch {
	case err != nil:
		w.failing.Store(&err)
		if before == nil {
			w.in.log.Error("cannot keep questions: they are not acknowledged, and Slack sends them again", "error", err)
		}
	case before != nil:
		w.failing.Store(nil)
		w.in.log.Info("questions are kept again")
	}
}

// attempt writes a group in one transaction.
func (w *writer) attempt(group []change) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitDeadline)
	defer cancel()
	return w.in.store.tx(ctx, func(tx *sql.Tx) error {
		if err := w.takeIn(ctx, tx, group); err != nil {
			return err
		}
		for _, c := range group {
			if c.fail != nil {
				if err := w.failed(ctx, tx, *c.fail); err != nil {
					return err
				}
			}
		}
		return w.finish(ctx, tx, group)
	})
}

// takeIn inserts the items that are new. Keys are inserted in their order, so that two replicas never wait for each other.
func (w *writer) takeIn(ctx context.Context, tx *sql.Tx, group []change) error {
	var puts []*put
	for _, c := range group {
		if c.put != nil {
			c.put.fresh = !w.in.volatile.knows(c.put.item)
			puts = append(puts, c.put)
		}
	}
	if len(puts) == 0 {
		return nil
	}
	if err := w.claimKeys(ctx, tx, puts); err != nil {
		return err
	}
	puts = slices.DeleteFunc(puts, func(p *put) bool { return !p.fresh })
	ids, err := w.in.rescue.promise(ctx, tx, len(puts))
	if err != nil {
		return err
	}
	const insert = `INSERT INTO inbox (id, team, person, conversation, body, owner, leased_until, taken_at)
		VALUES ($1, $2, $3, $4, $5, $6, unix_ms() + $7, unix_ms())`
	statement, err := tx.PrepareContext(ctx, insert)
	if err != nil {
		return fmt.Errorf("insert item: %w", err)
	}
	defer statement.Close()
	for i, p := range puts {
		p.item.ID = ids[i]
		if _, err := statement.ExecContext(ctx, ids[i], p.item.Team, p.item.Person, p.item.Conversation, p.item.Body, w.in.owner, w.in.pace.Lease.Milliseconds()); err != nil {
			return fmt.Errorf("insert item: %w", err)
		}
	}
	return nil
}

// claimKeys inserts all keys; an item is fresh when none of its keys was there.
func (w *writer) claimKeys(ctx context.Context, tx *sql.Tx, puts []*put) error {
	type claim struct {
		key string
		by  int // of puts
	}
	var claims []claim
	for i, p := range puts {
		for _, k := range p.item.Keys {
			claims = append(claims, claim{k, i})
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Compare(a.key, b.key) })
	const insert = `INSERT INTO inbox_key (key, seen_at) VALUES ($1, unix_ms()) ON CONFLICT (key) DO NOTHING`
	statement, err := tx.PrepareContext(ctx, insert)
	if err != nil {
		return fmt.Errorf("insert key: %w", err)
	}
	defer statement.Close()
	for _, c := range claims {
		r, err := statement.ExecContext(ctx, c.key)
		if err != nil {
			return fmt.Errorf("insert key: %w", err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			puts[c.by].fresh = false
		}
	}
	return nil
}

func (w *writer) failed(ctx context.Context, tx *sql.Tx, f failure) error {
	state := "waiting"
	if f.aside {
		state = "aside"
	}
	_, err := tx.ExecContext(ctx, `UPDATE inbox SET state = $1, tries = $2, reason = $3 WHERE id = $4`, state, f.tries, f.reason, f.id)
	if err != nil {
		return fmt.Errorf("note failure: %w", err)
	}
	if f.aside {
		return w.in.rescue.suspend(ctx, tx, f.id)
	}
	return nil
}

// finish forgets what is done, but for its keys.
func (w *writer) finish(ctx context.Context, tx *sql.Tx, group []change) error {
	for _, c := range group {
		if c.done == 0 {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM inbox WHERE id = $1`, c.done); err != nil {
			return fmt.Errorf("finish item: %w", err)
		}
		if err := w.in.rescue.forget(ctx, tx, c.done); err != nil {
			return err
		}
	}
	return nil
}
