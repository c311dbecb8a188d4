package receive

import (
	"context"
	"net"
	"sync"
	"time"
)

// pipeListener is a network of one host.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// pipe returns the two ends of a connection that, unlike those of net.Pipe, hold what is written until it is read.
func pipe() (here, there net.Conn) {
	a, b := net.Pipe()
	return newPipeEnd(a), newPipeEnd(b)
}

type pipeEnd struct {
	net.Conn
	mu     sync.Mutex
	closed bool
	out    chan []byte
}

func newPipeEnd(conn net.Conn) *pipeEnd {
	e := &pipeEnd{Conn: conn, out: make(chan []byte, 4096)}
	go func() {
		defer conn.Close()
		for p := range e.out {
			if _, err := conn.Write(p); err != nil {
				return
			}
		}
	}()
	return e
}

func (e *pipeEnd) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return 0, net.ErrClosed
	}
	e.out <- append([]byte(nil), p...)
	return len(p), nil
}

func (e *pipeEnd) SetWriteDeadline(time.Time) error { return nil }

func (e *pipeEnd) SetDeadline(t time.Time) error { return e.SetReadDeadline(t) }

// Close lets what was written arrive, for a minute at most, and reads nothing more.
func (e *pipeEnd) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	e.closed = true
	close(e.out)
	_ = e.Conn.SetReadDeadline(time.Unix(0, 1))
	return e.Conn.SetWriteDeadline(time.Now().Add(time.Minute))
}
