package receive

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// line is one connection of a Socket.
type line struct {
	*receiver
	conn  *websocket.Conn
	born  time.Time
	heard atomic.Int64 // when the peer last gave a sign of life, in nanoseconds since born

	hello   chan struct{} // closed when Slack says hello
	leaving chan struct{} // closed when Slack announces that the connection will close
	retired chan struct{} // closed, by its receiver, when the next one stands
	over    chan struct{} // closed when nothing more is read
	ended   chan struct{} // closed when run returns

	turn   chan struct{}  // filled while a delivery is handed over, and to hush
	hushed bool           // guarded by turn; nothing more is delivered, the connection is being closed
	acks   chan ack       // to be written, in the order in which envelopes came
	owed   sync.WaitGroup // acknowledgements that are not written yet; added to under turn, while not hushed
}

// ack is an acknowledgement that waits until the delivery is kept.
type ack struct {
	id   string
	kind Kind
	kept <-chan error // nil where nothing had to be kept
}

// acksMost is how many deliveries of one connection may wait to be kept; then no more is read.
const acksMost = 1024

// newLine dials. run must be called on what it returns.
func (r *receiver) newLine(ctx context.Context, address string) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timing.Dial)
	defer cancel()
	l := &line{
		receiver: r, born: time.Now(),
		hello: make(chan struct{}), leaving: make(chan struct{}), retired: make(chan struct{}),
		over: make(chan struct{}), ended: make(chan struct{}), turn: make(chan struct{}, 1),
		acks: make(chan ack, acksMost),
	}
	var err error
	l.conn, err = dial(ctx, r.client, address, &websocket.DialOptions{
		OnPingReceived: func(context.Context, []byte) bool { l.listen(); return true },
		OnPongReceived: func(context.Context, []byte) { l.listen() },
	})
	return l, err
}

// listen notes a sign of life.
func (l *line) listen() { l.heard.Store(int64(time.Since(l.born))) }

// run reads until the connection closes. When ctx ends, or some time after the line was retired, it closes it itself.
func (l *line) run(ctx context.Context) {
	defer close(l.ended)
	// Reading outlives ctx: the library closes a connection whose reading is cancelled, and acknowledgements just
	// written may be lost with it.
	reading, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var others sync.WaitGroup
	defer others.Wait()
	others.Go(func() { l.ping(reading, cut) })
	others.Go(func() { l.closeInTime(ctx, cut) })
	others.Go(func() { l.acknowledgeAll(reading) })
	err := l.read(reading)
	close(l.over)
	close(l.acks)
	_ = l.conn.CloseNow() // for a connection that is closed already, no news
	if ctx.Err() == nil {
		l.Log.Info("socket closed", "after", time.Since(l.born).Round(time.Second), "reason", closeReason(err))
	}
}

// closeReason says why reading ended, without what the peer wrote about it.
func closeReason(err error) string {
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return fmt.Sprintf("a frame of more than %d bytes", maxBytes)
	}
	if code := websocket.CloseStatus(err); code >= 0 {
		return fmt.Sprintf("close frame %d", int(code))
	}
	if errors.Is(err, context.Canceled) {
		return "given up"
	}
	return err.Error()
}

func (l *line) read(ctx context.Context) error {
	for {
		_, frame, err := l.conn.Read(ctx)
		if err != nil {
			return err
		}
		l.listen()
		l.take(parseEnvelope(frame))
	}
}

// take heeds an envelope, whatever it is, and has it acknowledged if it wants to be.
func (l *line) take(e envelope) {
	switch e.kind {
	case "hello":
		l.greet(e)
	case "disconnect":
		l.depart(e)
	}
	if e.id == "" {
		if e.kind != "hello" && e.kind != "disconnect" {
			l.Log.Warn("envelope ignored", "type", typeName(e.kind), "acknowledged", false)
		}
		return
	}
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	if !l.hushed {
		l.owed.Add(1)
		l.acks <- l.handOver(e)
	}
}

// handOver delivers an envelope that can be. All are acknowledged, but for those that could not be kept.
func (l *line) handOver(e envelope) ack {
	a := ack{id: e.id, kind: Kind(e.kind)}
	d := Delivery{Kind: a.kind, Payload: e.payload, Retry: e.retry}
	if !deliverable(d.Kind, d.Payload) {
		l.Log.Warn("envelope ignored", "type", typeName(e.kind), "acknowledged", true)
		return a
	}
	a.kept = l.Deliver(d)
	return a
}

// acknowledgeAll writes acknowledgements until the connection is over; that one cannot be written ends it.
func (l *line) acknowledgeAll(ctx context.Context) {
	for a := range l.acks {
		if l.isKept(a) && l.acknowledge(ctx, a.id) != nil {
			_ = l.conn.CloseNow()
		}
		l.owed.Done()
	}
}

func (l *line) isKept(a ack) bool {
	if a.kept == nil {
		return true
	}
	if err := <-a.kept; err != nil {
		l.Log.Warn("delivery refused", "kind", a.kind, "error", err)
		return false
	}
	return true
}

// acknowledge returns once the acknowledgement is written.
func (l *line) acknowledge(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timing.Ack)
	defer cancel()
	return l.conn.Write(ctx, websocket.MessageText, acknowledgement(id))
}

func (l *line) greet(e envelope) {
	if !closeOnce(l.hello) {
		return
	}
	l.Log.Info("socket connected", "connections", e.connections, "lifetime", time.Duration(e.lifetime)*time.Second)
	if l.Ready != nil {
		l.Ready(e.connections)
	}
}

// depart heeds the announcement that this connection will close. Reading goes on until it does.
func (l *line) depart(e envelope) {
	l.Log.Info("socket to be closed", "reason", typeName(e.reason))
	if e.reason == "link_disabled" {
		l.fail(ErrSwitchedOff)
	}
	closeOnce(l.leaving)
}

// closeOnce closes a channel that only the reading goroutine closes, and reports whether it was open.
func closeOnce(c chan struct{}) bool {
	select {
	case <-c:
		return false
	default:
		close(c)
		return true
	}
}
