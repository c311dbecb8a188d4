package workspace

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fault is something that goes wrong with a call. The zero value changes nothing.
type Fault struct {
	Status     int           // answer with this status, such as 429 or 503, and no JSON
	RetryAfter time.Duration // with a status, the Retry-After header in whole seconds
	Error      string        // or answer with this error code
	Delay      time.Duration // wait first, by the machine's clock
	Hang       bool          // or never answer: until the caller gives up or the workspace closes
	Drop       bool          // or cut the connection
	After      bool          // carry the call out first, and let the answer alone go wrong
}

func (f Fault) code() string {
	switch {
	case f.Error != "":
		return f.Error
	case f.Hang:
		return "fault: hang"
	case f.Drop:
		return "fault: drop"
	case f.Status != 0:
		return "fault: " + strconv.Itoa(f.Status)
	}
	return ""
}

// Duplication says how an event is sent twice.
type Duplication string

// The two ways of Slack to send one thing twice.
const (
	SameEventID Duplication = "same" // the same event_id
	NewEventID  Duplication = "new"  // another event_id for the same message (node-slack-sdk#2141)
)

// faults are what is to go wrong next.
type faults struct {
	methods    map[string][]Fault
	duplicates []Duplication
	lostAcks   int
	holding    bool
	held       []*delivery
}

func newFaults() faults { return faults{methods: map[string][]Fault{}} }

// Break lets the next n calls of a method go wrong, after those that were to go wrong already. The method "response_url"
// stands for all response URLs.
func (w *Workspace) Break(method string, n int, f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range n {
		w.faults.methods[method] = append(w.faults.methods[method], f)
	}
}

// Mend forgets all that was to go wrong with calls and acknowledgements.
func (w *Workspace) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	held, holding := w.faults.held, w.faults.holding
	w.faults = newFaults()
	w.faults.held, w.faults.holding = held, holding
}

// Duplicate sends the next n events twice.
func (w *Workspace) Duplicate(n int, how Duplication) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.duplicates = append(w.faults.duplicates, slices.Repeat([]Duplication{how}, n)...)
}

// LoseAcks forgets the next n acknowledgements, as if they had never arrived.
func (w *Workspace) LoseAcks(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.lostAcks += n
}

// Hold keeps deliveries back from now on, first attempts only.
func (w *Workspace) Hold() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults.holding = true
}

// Release sends what was held back, in the order that the function makes of their number (nil for the order in which
// they came), and holds no more. The function gets the indices 0 to n-1 and rearranges them; it may repeat or leave out.
func (w *Workspace) Release(order func(indices []int) []int) {
	w.mu.Lock()
	held := w.faults.held
	w.faults.held, w.faults.holding = nil, false
	w.mu.Unlock()
	indices := make([]int, len(held))
	for i := range indices {
		indices[i] = i
	}
	if order != nil {
		indices = order(indices)
	}
	for _, i := range indices {
		w.send(held[i], 0, "")
	}
}

// Reversed is an order for Release: last come, first sent.
func Reversed(indices []int) []int {
	slices.Reverse(indices)
	return indices
}

// kept says whether a delivery is held back.
func (w *Workspace) kept(d *delivery, attempt int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.faults.holding || attempt > 0 {
		return false
	}
	w.faults.held = append(w.faults.held, d)
	return true
}

// takeDuplicate says how the next event is duplicated, "" for not at all; the lock is held.
func (w *Workspace) takeDuplicate() Duplication {
	if len(w.faults.duplicates) == 0 {
		return ""
	}
	how := w.faults.duplicates[0]
	w.faults.duplicates = w.faults.duplicates[1:]
	return how
}

func (w *Workspace) loseAck() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.faults.lostAcks == 0 {
		return false
	}
	w.faults.lostAcks--
	return true
}

func (w *Workspace) takeFault(method string) Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := w.faults.methods[method]
	if len(next) == 0 {
		return Fault{}
	}
	w.faults.methods[method] = next[1:]
	return next[0]
}

// faultBefore lets a call go wrong before it is carried out, and says whether it is to be.
func (w *Workspace) faultBefore(rw http.ResponseWriter, r *http.Request, f Fault) bool {
	return f.After || w.spoil(rw, r, f)
}

// faultAfter lets the answer of a call that was carried out go wrong, and says whether it is to be sent.
func (w *Workspace) faultAfter(rw http.ResponseWriter, r *http.Request, f Fault) bool {
	return !f.After || w.spoil(rw, r, f)
}

// spoil does the fault's worst, and says whether things go on as usual.
func (w *Workspace) spoil(rw http.ResponseWriter, r *http.Request, f Fault) bool {
	if f.Delay > 0 {
		t := time.NewTimer(f.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
		}
	}
	switch {
	case f.Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // net/http's way to cut a connection
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		w.write(rw, f.Status, f.RetryAfter, object{"ok": false, "error": or(f.Error, http.StatusText(f.Status))})
	case f.Error != "":
		w.write(rw, http.StatusOK, 0, object{"ok": false, "error": f.Error})
	default:
		return true
	}
	return false
}
