package workspace

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coder/websocket"
)

const (
	socketsMost  = 10    // connections at a time (node-slack-sdk#1654)
	responseMost = 20000 // bytes; longer messages from the app are dropped without a word (slack-go#1196)
	writeWait    = 3 * time.Second
	socketLength = 18060 // approximate_connection_time, in seconds, as hello usually has it
)

// socket is one Socket Mode connection.
type socket struct {
	conn *websocket.Conn
	ctx  context.Context
}

// openConnection is apps.connections.open: an address that can be used once.
func openConnection(w *Workspace, _ args) (object, error) {
	ticket := secret()
	w.tickets[ticket] = true
	q := url.Values{"ticket": {ticket}, "app_id": {w.o.App}}
	return object{"url": "ws://" + w.listener.Addr().String() + "/link/?" + q.Encode()}, nil
}

// serveSocket serves one connection until either side ends it. Clients send Slack's own Origin, which is not ours.
func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	if !w.enter() {
		return
	}
	defer w.wg.Done()
	if !w.redeem(r.URL.Query().Get("ticket")) {
		http.Error(rw, "invalid ticket", http.StatusForbidden)
		return
	}
	conn, err := websocket.Accept(rw, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(bodyMost)
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	s := &socket{conn: conn, ctx: ctx}
	n, ok := w.join(s)
	if !ok {
		_ = s.write(object{"type": "disconnect", "reason": "too_many_websockets", "debug_info": w.debugInfo()})
		return
	}
	defer w.leave(s)
	w.spawn(func() { w.ping(s) })
	if s.write(w.hello(n)) == nil {
		w.announce(s)
		w.listen(s)
	}
}

func (w *Workspace) redeem(ticket string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	ok := w.tickets[ticket]
	delete(w.tickets, ticket)
	return ok
}

// join counts a connection, which gets no envelopes yet: hello comes first.
func (w *Workspace) join(s *socket) (n int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sockets) + 1, len(w.sockets) < socketsMost && !w.closed
}

// announce lets a connection have its part of the envelopes.
func (w *Workspace) announce(s *socket) {
	_ = w.do(func() error { w.sockets = append(w.sockets, s); return nil })
}

// leave forgets a connection; what it had not acknowledged is waited for until its deadline.
func (w *Workspace) leave(s *socket) {
	_ = w.do(func() error {
		w.sockets = slices.DeleteFunc(w.sockets, func(t *socket) bool { return t == s })
		return nil
	})
}

func (w *Workspace) hello(n int) object {
	return object{
		"type": "hello", "num_connections": n, "debug_info": w.debugInfo(),
		"connection_info": object{"app_id": w.o.App},
	}
}

func (w *Workspace) debugInfo() object {
	return object{"host": "workspace", "build_number": 1, "approximate_connection_time": socketLength}
}

// ping sends pings until the connection ends; slack-go gives a connection up that has none for thirty seconds.
func (w *Workspace) ping(s *socket) {
	t := time.NewTicker(w.o.PingEvery)
	defer t.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-t.C:
			if s.conn.Ping(s.ctx) != nil {
				return
			}
		}
	}
}

// listen reads acknowledgements until the connection ends.
func (w *Workspace) listen(s *socket) {
	for {
		_, raw, err := s.conn.Read(s.ctx)
		if err != nil {
			return
		}
		var m struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if len(raw) >= responseMost || json.Unmarshal(raw, &m) != nil || w.loseAck() {
			continue
		}
		if a := w.sent(m.EnvelopeID); a != nil {
			w.acked(a, m.Payload)
		}
	}
}

// sent finds the attempt that an envelope ID belongs to, however old.
func (w *Workspace) sent(envelope string) *attempt {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.pending[envelope]; a != nil {
		return a
	}
	for _, k := range w.acks {
		if k.Envelope == envelope {
			return &attempt{ack: k, d: &delivery{}}
		}
	}
	return nil
}

// sendSocket writes an envelope to one connection, each in turn.
func (w *Workspace) sendSocket(d *delivery, n int, reason string) {
	w.mu.Lock()
	a := w.begin(d, n, reason)
	if len(w.sockets) == 0 {
		w.mu.Unlock()
		w.lost(a, Unreachable, "timeout", true)
		return
	}
	w.turn++
	a.socket = w.sockets[w.turn%len(w.sockets)]
	a.timer = w.later(w.o.AckDeadline, func() { w.lost(a, TimedOut, "timeout", true) })
	e := envelope(a)
	w.mu.Unlock()
	if a.socket.write(e) != nil {
		w.lost(a, Unreachable, "timeout", true)
	}
}

// envelope wraps a payload as Socket Mode does; python-slack-sdk at ae87985, mock_socket_mode_server.py. Whether a retry
// keeps its envelope ID is not known; here it gets a new one [inf].
func envelope(a *attempt) object {
	e := object{}
	for key, value := range a.d.envelope {
		e[key] = value
	}
	e["envelope_id"], e["type"], e["payload"] = a.ack.Envelope, a.d.kind, a.d.payload
	if a.d.envelope == nil {
		e["accepts_response_payload"] = a.d.kind != kindEvent
	}
	if a.d.kind == kindEvent {
		e["retry_attempt"], e["retry_reason"] = a.ack.Attempt, a.ack.Reason
	}
	return e
}

func (s *socket) write(value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return s.writeRaw(raw)
}

func (s *socket) writeRaw(raw []byte) error {
	ctx, cancel := context.WithTimeout(s.ctx, writeWait)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, raw)
}

// Connections returns how many sockets are open.
func (w *Workspace) Connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sockets)
}

// Disconnect sends every connection a disconnect message, as Slack does before it closes one. Reasons seen are warning,
// refresh_requested and link_disabled. The connections stay open: the app is to leave them.
func (w *Workspace) Disconnect(reason string) {
	for _, s := range w.open() {
		_ = s.write(object{"type": "disconnect", "reason": reason, "debug_info": w.debugInfo()})
	}
}

// DropConnections cuts every connection without a word.
func (w *Workspace) DropConnections() {
	for _, s := range w.open() {
		_ = s.conn.CloseNow()
	}
}

func (w *Workspace) open() []*socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sockets)
}
