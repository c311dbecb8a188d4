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

	turn   chan struct{} // filled from a delivery to its acknowledgement, and to hush
	hushed bool          // guarded by turn; nothing more is delivered, the connection is being closed
}

// newLine dials. run must be called on what it returns.
func (r *receiver) newLine(ctx context.Context, address string) (*line, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Timing.Dial)
	defer cancel()
	l := &line{
		receiver: r, born: time.Now(),
		hello: make(chan struct{}), leaving: make(chan struct{}), retired: make(chan struct{}),
		over: make(chan struct{}), ended: make(chan struct{}), turn: make(chan struct{}, 1),
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
	err := l.read(reading)
	close(l.over)
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
		if err := l.take(ctx, parseEnvelope(frame)); err != nil {
			return err
		}
	}
}

// take heeds an envelope, whatever it is, and acknowledges it if it wants to be.
func (l *line) take(ctx context.Context, e envelope) error {
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
		return nil
	}
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	if l.hushed || !l.accept(e) {
		return nil
	}
	return l.acknowledge(ctx, e.id)
}

// accept reports whether an envelope is to be acknowledged: all are, but for those that Deliver refuses.
func (l *line) accept(e envelope) bool {
	d := Delivery{Kind: Kind(e.kind), Payload: e.payload, Retry: e.retry}
	if !deliverable(d.Kind, d.Payload) {
		l.Log.Warn("envelope ignored", "type", typeName(e.kind), "acknowledged", true)
		return true
	}
	if !l.Deliver(d) {
		l.Log.Warn("delivery refused", "kind", d.Kind, "retry", d.Retry)
		return false
	}
	return true
}

// acknowledge returns once the acknowledgement is written; that it fails ends the connection.
func (l *line) acknowledge(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Timing.Ack)
	defer cancel()
	if err := l.conn.Write(ctx, websocket.MessageText, acknowledgement(id)); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	return nil
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
