package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// rescuer is what River does for the inbox: each item is a job in it, due when its owner's lease has run out. In the usual
// case the work is long done by then, and the job gone with it.
type rescuer struct {
	in     *Inbox
	client *river.Client[*sql.Tx]
}

// promise is the job of an item; its ID is the item's.
type promise struct{}

// Kind names the job for River, for good.
func (promise) Kind() string { return "inbox" }

const (
	inboxQueue = "inbox"
	slack      = 2 * time.Second // between the end of a lease and its rescue
)

func newRescuer(in *Inbox) (*rescuer, error) {
	r := &rescuer{in: in}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, river.WorkFunc(r.keep)); err != nil {
		return nil, fmt.Errorf("set up queue: %w", err)
	}
	var err error
	r.client, err = river.NewClient(in.store.driver(), &river.Config{
		Queues:  map[string]river.QueueConfig{inboxQueue: {MaxWorkers: 4}},
		Workers: workers, Logger: quiet(in.log),
		FetchPollInterval: min(5*time.Second, in.pace.Lease/4),                      // jobs are for when things went wrong: no hurry, and less to do when idle
		JobTimeout:        10 * time.Second, RescueStuckJobsAfter: 30 * time.Second, // an hour by default: too long for a chat
		CancelledJobRetentionPeriod: -1, // what was set aside stays until somebody looks at it
	})
	if err != nil {
		return nil, fmt.Errorf("set up queue: %w", err)
	}
	return r, nil
}

// quiet lets only what is worse than a warning through: River warns of much that is no news here.
func quiet(log *slog.Logger) *slog.Logger {
	return slog.New(&floor{log.Handler(), slog.LevelError})
}

func (r *rescuer) start(ctx context.Context) error {
	if err := r.client.Start(ctx); err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	return nil
}

func (r *rescuer) close(ctx context.Context) error {
	if err := r.client.StopAndCancel(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("stop queue: %w", err)
	}
	return nil
}

// promise inserts jobs, and returns their IDs.
func (r *rescuer) promise(ctx context.Context, tx *sql.Tx, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	due := time.Now().Add(r.in.pace.Lease + slack)
	params := make([]river.InsertManyParams, n)
	for i := range params {
		params[i] = river.InsertManyParams{Args: promise{}, InsertOpts: &river.InsertOpts{Queue: inboxQueue, ScheduledAt: due}}
	}
	jobs, err := r.client.InsertManyTx(ctx, tx, params)
	if err != nil {
		return nil, fmt.Errorf("insert jobs: %w", err)
	}
	ids := make([]int64, n)
	for i, j := range jobs {
		ids[i] = j.Job.ID
	}
	return ids, nil
}

// forget deletes the job of an item; one that runs at this moment ends by itself. This is a statement of ours on River's
// table: River's own for it is made for lists of filters, and took 0.5 ms of the 1.5 ms that an item costs on SQLite.
func (r *rescuer) forget(ctx context.Context, tx *sql.Tx, id int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM river_job WHERE id = $1 AND state <> 'running'`, id); err != nil {
		return fmt.Errorf("delete job: %w", err)
	}
	return nil
}

// suspend cancels a job, so that it can be called back.
func (r *rescuer) suspend(ctx context.Context, tx *sql.Tx, id int64) error {
	if _, err := r.client.JobCancelTx(ctx, tx, id); err != nil && !errors.Is(err, river.ErrNotFound) {
		return fmt.Errorf("suspend job: %w", err)
	}
	return nil
}

// keep looks after an item whose lease should have run out: it is taken up if nobody owns it, and looked at again later
// until it is gone.
func (r *rescuer) keep(ctx context.Context, job *river.Job[promise]) error {
	state, err := r.in.takeOver(ctx, job.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		r.in.log.Warn("item not looked at", "item", job.ID, "error", err)
	case state == aside:
		return river.JobCancel(errors.New("set aside"))
	}
	return river.JobSnooze(r.in.pace.Lease)
}

// The states of an item in the database.
const (
	waiting = "waiting"
	aside   = "aside"
)

// takeOver owns an item whose lease has run out, and what came before it in its conversation, and hands them to the work.
// It returns the item's state; the error is [sql.ErrNoRows] when there is no such item.
func (in *Inbox) takeOver(ctx context.Context, id int64) (state string, err error) {
	if !in.lanes.roomFor(id) {
		return waiting, nil
	}
	items, err := in.own(ctx, takeAll+uptoOne+taken, id)
	if err != nil {
		return "", err
	}
	for n := range items {
		items[n].Late = true
	}
	if len(items) > 0 {
		in.log.Info("took items up", "items", len(items))
		in.handOver(items)
		return waiting, nil
	}
	return state, in.store.db.QueryRowContext(ctx, `SELECT state FROM inbox WHERE id = $1`, id).Scan(&state)
}

// roomFor reports whether an item may come into memory: it isn't there, and there is room.
func (l *lanes) roomFor(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed && !l.held[id] && len(l.held) < l.in.pace.Memory
}

// turnEvery is how often a replica looks whether another has finished what comes first.
const turnEvery = 50 * time.Millisecond

// inTurn waits until nothing that came earlier in the conversation waits with another process. It reports false when the
// process ends first.
func (in *Inbox) inTurn(ctx context.Context, i Item, ended <-chan struct{}) bool {
	if !in.store.engine.shared {
		return true
	}
	const q = `SELECT count(*) FROM inbox WHERE conversation = $1 AND id < $2 AND state = 'waiting' AND owner <> $3 AND leased_until > unix_ms() - $4`
	for {
		var before int
		err := in.store.db.QueryRowContext(ctx, q, i.Conversation, i.ID, in.owner, (2 * in.pace.Lease).Milliseconds()).Scan(&before)
		if err != nil || before == 0 {
			return ctx.Err() == nil // a database that is away does not hold an answer up
		}
		select {
		case <-time.After(turnEvery):
		case <-ended:
			return false
		}
	}
}
