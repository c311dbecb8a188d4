package receive

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

const ticket = "tickettickettickettoken"

// fakeSlack is the other end of a Socket: each connection is played by script, which gets its number, counted from 1.
// Its network is made of pipes, so that within a synctest bubble time is the bubble's and nothing waits.
type fakeSlack struct {
	t      testing.TB
	script func(n int, peer *fakePeer)

	listener *pipeListener
	server   *http.Server
	playing  sync.WaitGroup

	mu     sync.Mutex
	opened []time.Time // when each address was asked for
	dialed int
}

func newFakeSlack(t testing.TB, script func(n int, peer *fakePeer)) *fakeSlack {
	f := &fakeSlack{t: t, script: script, listener: newPipeListener()}
	f.server = &http.Server{Handler: f}
	f.playing.Go(func() { _ = f.server.Serve(f.listener) })
	t.Cleanup(f.close)
	return f
}

// close ends the fake, and returns when no script runs any more.
func (f *fakeSlack) close() {
	_ = f.server.Close()
	f.playing.Wait()
}

func (f *fakeSlack) open(context.Context) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened = append(f.opened, time.Now())
	return "ws://slack.test/link?ticket=" + ticket, nil
}

// opens returns when each address was asked for.
func (f *fakeSlack) opens() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]time.Time(nil), f.opened...)
}

func (f *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.dialed++
	n := f.dialed
	f.mu.Unlock()
	f.playing.Add(1)
	defer f.playing.Done()
	peer := &fakePeer{t: f.t, acks: make(chan string, 4096)}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		OnPingReceived: func(context.Context, []byte) bool { return !peer.silent.Load() },
	})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	peer.conn = conn
	f.script(n, peer)
}

// socket returns a Socket that receives from the fake into the inbox.
func (f *fakeSlack) socket(in *inbox, log *journal) *Socket {
	transport := &http.Transport{DialContext: f.listener.dial, DisableKeepAlives: true}
	return &Socket{Open: f.open, Deliver: keeping(in.deliver), Log: log.logger(), Client: &http.Client{Transport: transport}}
}

// fakePeer is Slack's end of one connection.
type fakePeer struct {
	t      testing.TB
	conn   *websocket.Conn
	silent atomic.Bool // pings are not answered

	acks    chan string // closed when the connection is gone
	reading sync.Once
	count   atomic.Int64 // acknowledgements read
}

func (p *fakePeer) read() {
	defer close(p.acks)
	for {
		_, text, err := p.conn.Read(context.Background())
		if err != nil {
			return
		}
		var ack map[string]string
		if err := json.Unmarshal(text, &ack); err != nil || len(ack) != 1 {
			p.t.Errorf("acknowledgement %s: want an object with an envelope_id and nothing else", text)
		}
		p.count.Add(1)
		p.acks <- ack["envelope_id"]
	}
}

func (p *fakePeer) say(text string) {
	_ = p.conn.Write(context.Background(), websocket.MessageText, []byte(text)) // fails when the connection is gone
}

// hello says hello, and has the peer read and answer pings from now on.
func (p *fakePeer) hello() {
	p.reading.Do(func() { go p.read() })
	p.deafHello()
}

func (p *fakePeer) deafHello() {
	p.say(`{"type":"hello","num_connections":1,"debug_info":{"approximate_connection_time":18060},"connection_info":{"app_id":"A111"}}`)
}

func (p *fakePeer) disconnect(reason string) {
	p.say(fmt.Sprintf(`{"type":"disconnect","reason":%q,"debug_info":{"host":"applink"}}`, reason))
}

// acked returns the envelope_id of the next acknowledgement, "" when the connection is gone.
func (p *fakePeer) acked() string {
	p.reading.Do(func() { go p.read() })
	return <-p.acks
}

// linger returns the acknowledgements that come until the connection is gone.
func (p *fakePeer) linger() []string {
	var ids []string
	for id := p.acked(); id != ""; id = p.acked() {
		ids = append(ids, id)
	}
	return ids
}

// drop closes the connection without a word.
func (p *fakePeer) drop() { _ = p.conn.CloseNow() }

func event(id, text string) string {
	return fmt.Sprintf(`{"type":"events_api","envelope_id":%q,"payload":{"type":"event_callback","event":{"type":"message","text":%q}},"retry_attempt":0}`, id, text)
}

// running runs a socket until stop is called, which returns what Run returned.
func running(s *Socket) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// inBubble runs a test in which time is virtual: it advances when everything waits.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// overLoopback plays the script over TCP instead, and returns a Socket that finds it with its own client.
func overLoopback(t testing.TB, script func(n int, p *fakePeer), in *inbox, log *journal) (f *fakeSlack, s *Socket) {
	f = &fakeSlack{t: t, script: script, server: &http.Server{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	address := strings.Replace(server.URL, "http", "ws", 1) + "/link?ticket=" + ticket
	s = &Socket{Deliver: keeping(in.deliver), Log: log.logger()}
	s.Open = func(ctx context.Context) (string, error) {
		_, _ = f.open(ctx)
		return address, nil
	}
	return f, s
}
