// Package workspace is a Slack on loopback: the Web API, Socket Mode, the Events API over HTTP, response URLs and
// trigger IDs, with people who type and click. A bot talks to it through its API URL and its tokens, as it talks to
// Slack, and is refused what Slack would refuse, with Slack's own error codes.
//
// It is for trying a bot and for testing it; a bot in production needs nothing of it. It reads the platform's rules for
// itself, from raw JSON, and imports no Slack library, so that a mistake in one of those is not made twice. The source of
// each rule stands beside it, shortened thus: [docs] is docs.slack.dev; repository#number is a GitHub thread; [ref] is
// slack-ruby/slack-api-ref, the list of methods and their errors; [inf] is our inference, where nothing was found.
//
// [Start] opens a workspace. [Workspace.Say], [Workspace.Command], [Workspace.Click] and the like are what people do, here or
// in the page that the workspace serves; [Workspace.Messages], [Workspace.Modals], [Workspace.Calls] and [Workspace.Acks]
// show what came of it; [Workspace.Wait] waits for it without sleeping. [Workspace.Break], [Workspace.Duplicate], [Workspace.Hold] and [Workspace.LoseAcks] make
// things go wrong. All methods are safe for concurrent use.
package workspace

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Workspace is a running Slack. Make one with [Start] and end it with [Workspace.Close].
type Workspace struct {
	o       Options
	rules   rules
	methods map[string]method

	server   *http.Server
	listener net.Listener
	client   *http.Client // delivers over HTTP
	ctx      context.Context
	cancel   context.CancelFunc
	wg       sync.WaitGroup // all that runs in the background

	mu      sync.Mutex // guards everything below
	closed  bool
	changed chan struct{} // closed and replaced at every change
	outbox  []*delivery   // made under the lock, sent after it
	timers  map[*timer]struct{}
	serial  int
	lastTS  int64 // microseconds
	posted  int   // messages of the bot's

	endpoints Endpoints
	people    []*Person
	channels  []*Channel
	messages  map[string][]*Message // by channel, oldest first
	views     map[string]*View
	modals    map[string][]string // by person, the view IDs from the bottom up
	homes     map[string]string   // by person
	triggers  map[string]*trigger
	replies   map[string]*responseURL // by secret
	status    map[string]Status       // by channel and thread
	prompts   map[string]Prompts      // by channel and thread
	calls     []Call
	buckets   map[string]*bucket
	sockets   []*socket
	tickets   map[string]bool
	turn      int // which socket is next
	acks      []*Ack
	pending   map[string]*attempt // by envelope ID
	faults    faults

	uninstalled bool
	grants      map[string]*grant // by code
	tokens      map[string]issued // bot tokens beside that of the options
}

// Start opens a workspace and serves it until [Workspace.Close]. It fails only when the address can't be listened on or
// the options contradict themselves.
func Start(o Options) (*Workspace, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("open workspace: %w", err)
	}
	w := newWorkspace(o, l)
	w.wg.Go(func() { _ = w.server.Serve(l) }) // ends with http.ErrServerClosed
	return w, nil
}

func newWorkspace(o Options, l net.Listener) *Workspace {
	w := &Workspace{
		o: o, rules: newRules(), methods: methods(), listener: l, endpoints: o.Endpoints,
		client:  &http.Client{Transport: &http.Transport{}, CheckRedirect: noRedirect},
		changed: make(chan struct{}), timers: map[*timer]struct{}{},
		messages: map[string][]*Message{}, views: map[string]*View{}, modals: map[string][]string{},
		homes: map[string]string{}, triggers: map[string]*trigger{}, replies: map[string]*responseURL{},
		status: map[string]Status{}, prompts: map[string]Prompts{}, buckets: map[string]*bucket{},
		tickets: map[string]bool{}, pending: map[string]*attempt{}, faults: newFaults(),
		grants: map[string]*grant{}, tokens: map[string]issued{},
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	w.settle()
	w.server = &http.Server{
		Handler:           w.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return w.ctx },
	}
	return w
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// URL is the base of the Web API, such as "http://127.0.0.1:40123/api/": what SLACK_API_URL is to be set to.
func (w *Workspace) URL() string { return w.base() + "/api/" }

func (w *Workspace) base() string { return "http://" + w.listener.Addr().String() }

// Options returns the options in use, with every default and token filled in.
func (w *Workspace) Options() Options { return w.o }

// Close ends all connections and waits for everything that the workspace started. It may be called more than once.
func (w *Workspace) Close() {
	w.mu.Lock()
	w.closed = true
	stops := w.timers
	w.timers = map[*timer]struct{}{}
	w.mu.Unlock()
	for t := range stops {
		t.stop()
	}
	w.cancel()
	w.DropConnections()
	_ = w.server.Close() // its only error is the listener's, which is ours and open
	w.wg.Wait()
	w.client.CloseIdleConnections()
}

// Changed returns a channel that is closed at the next change of anything that the workspace holds.
func (w *Workspace) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// do runs f under the lock, tells everyone who watches, and sends what f put into the outbox.
func (w *Workspace) do(f func() error) error {
	w.mu.Lock()
	err := f()
	w.touch()
	out := w.outbox
	w.outbox = nil
	w.mu.Unlock()
	for _, d := range out {
		w.send(d, 0, "")
	}
	return err
}

// touch wakes those who watch; the lock is held.
func (w *Workspace) touch() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// enter counts the caller among what Close waits for, unless the workspace is closed.
func (w *Workspace) enter() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.wg.Add(1)
	}
	return !w.closed
}

// spawn runs f in the background; Close waits for it.
func (w *Workspace) spawn(f func()) {
	if !w.enter() {
		return
	}
	go func() {
		defer w.wg.Done()
		f()
	}()
}
