package receive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serving runs a server over pipes until stop is called, which returns what Serve returned.
func serving(h http.Handler) (network *pipeListener, stop func() error) {
	network = newPipeListener()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, network, NewServer("", h)) }()
	return network, func() error {
		cancel()
		return <-ended
	}
}

// endless is a body that could go on for ever; it counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

// Whatever its size and whether it is signed or not, no more than a body's bound is read.
func TestHTTPBoundsBodies(t *testing.T) {
	tests := []struct {
		name   string
		length int64 // as the header gives it, -1 for none
		body   int64
		want   int
	}{
		{"at the bound", maxBytes, maxBytes, 401},
		{"one past the bound", maxBytes + 1, maxBytes + 1, 413},
		{"one past the bound, in chunks", -1, maxBytes + 1, 413},
		{"100 MB", 100 << 20, 100 << 20, 413},
		{"100 MB in chunks", -1, 100 << 20, 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in, source := &inbox{}, &endless{}
			r, err := http.NewRequest(http.MethodPost, "/slack/events", io.LimitReader(source, test.body))
			if err != nil {
				t.Fatal(err)
			}
			r.ContentLength = test.length
			w := &discard{header: http.Header{}, status: 200}
			NewHTTP(testSecret, atVector, keeping(in.deliver), nil).ServeHTTP(w, r)
			if w.status != test.want || len(in.all()) > 0 || source.read > 2*maxBytes {
				t.Errorf("got status %d after %d bytes, %d delivered; want status %d", w.status, source.read, len(in.all()), test.want)
			}
			if test.length > maxBytes && source.read > 0 {
				t.Errorf("read %d bytes of a body known to be too long", source.read)
			}
		})
	}
	long := fmt.Sprintf(`{"event":{"text":%q}}`, strings.Repeat("x", maxBytes))
	if w := post(NewHTTP(testSecret, atVector, nil, nil), "/slack/events", jsonType, long); w.Code != 413 {
		t.Errorf("a signed body that is too long: got status %d, want 413", w.Code)
	}
}

// discard is a response that nobody reads.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// Slow peers are cut off within ten seconds, and hold up nobody meanwhile.
func TestServerCutsOffSlowPeers(t *testing.T) {
	const start = "POST /slack/events HTTP/1.1\r\nHost: h\r\n"
	tests := []struct {
		name, sent, drip string
		within           time.Duration
	}{
		{"silent", "", "", 5 * time.Second},
		{"half a header", start, "", 5 * time.Second},
		{"a dripping header", start, "X: y\r\n", 5 * time.Second},
		{"half a body", start + "Content-Length: 1000\r\n\r\n{", "", 10 * time.Second},
		{"a dripping body", start + "Content-Length: 1000\r\n\r\n{", " ", 10 * time.Second},
		{"dripping chunks", start + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", 10 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				in := &inbox{}
				network, stop := serving(NewHTTP(testSecret, atVector, keeping(in.deliver), nil))
				began := time.Now()
				took := make(chan time.Duration, 200)
				for range 200 {
					go func() {
						slow(network, test.sent, test.drip)
						took <- time.Since(began)
					}()
				}
				time.Sleep(time.Second)
				if status := ask(t, network, `{"event":{}}`); status != 200 || time.Since(began) > time.Second {
					t.Errorf("a good request meanwhile: status %d, %s late", status, time.Since(began)-time.Second)
				}
				for range 200 {
					if d := <-took; d > test.within+time.Second {
						t.Errorf("cut off after %s, want %s", d, test.within)
					}
				}
				if err := stop(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// slow sends a beginning and then a little every 400 ms, and returns when it is cut off.
func slow(network *pipeListener, sent, drip string) {
	conn, err := network.dial(context.Background(), "", "")
	if err != nil {
		return
	}
	defer conn.Close()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = io.Copy(io.Discard, conn)
	}()
	for text := sent; ; text = drip {
		_ = conn.SetWriteDeadline(time.Now().Add(time.Minute))
		_, _ = io.WriteString(conn, text)
		select {
		case <-gone:
			return
		case <-time.After(400 * time.Millisecond):
		}
	}
}

// ask sends a signed event and returns the status of the response.
func ask(t *testing.T, network *pipeListener, body string) int {
	t.Helper()
	conn, err := network.dial(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r, err := http.NewRequest(http.MethodPost, "http://h/slack/events", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = signed(testSecret, body, vectorTime)
	if err := r.Write(conn); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// A request under way when the server is told to stop is still acknowledged.
func TestServeStopsGracefully(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		network, stop := serving(NewHTTP(testSecret, atVector, keeping(func(Delivery) bool {
			time.Sleep(2 * time.Second)
			return true
		}), nil))
		status := make(chan int, 1)
		go func() { status <- ask(t, network, `{"event":{}}`) }()
		time.Sleep(time.Second)
		if err := stop(); err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if got := <-status; got != 200 {
			t.Errorf("got status %d, want 200", got)
		}
	})
}

// A peer that sends half a request does not hold up the stop for longer than its grace.
func TestServeStopsInTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		network, stop := serving(NewHTTP(testSecret, atVector, nil, nil))
		go slow(network, "POST /slack/events HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n", "")
		time.Sleep(time.Second)
		began := time.Now()
		if err := stop(); err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("stopping took %s", took)
		}
	})
}

func TestServeSaysWhyItEnded(t *testing.T) {
	network := newPipeListener()
	_ = network.Close()
	err := Serve(t.Context(), network, NewServer("", nil))
	if !errors.Is(err, net.ErrClosed) {
		t.Errorf("got error %v, want %v", err, net.ErrClosed)
	}
}
