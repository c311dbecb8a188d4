package workspace

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"time"
)

// assets are the page: no build step makes them.
//
//go:embed page
var assets embed.FS

// PageURL is where a person opens the workspace in a browser, such as "http://127.0.0.1:40123/".
func (w *Workspace) PageURL() string { return w.base() + "/" }

// pageRoutes serves the page, what it shows (server-sent events, HTML Living Standard 9.2), and what people do in it.
func (w *Workspace) pageRoutes(mux *http.ServeMux) {
	files, err := fs.Sub(assets, "page")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	mux.Handle("GET /{$}", guarded(http.FileServerFS(files)))
	mux.Handle("GET /page/", guarded(http.StripPrefix("/page/", http.FileServerFS(files))))
	mux.Handle("GET /page/state", guarded(http.HandlerFunc(w.serveState)))
	mux.Handle("POST /page/do/{deed}", guarded(http.HandlerFunc(w.serveDeed)))
}

// policy lets the page load nothing but its own files, and be shown in no other.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// guarded keeps other pages out, which the same browser may have open: requests from another origin, and names that
// lead here by a trick of DNS.
func guarded(h http.Handler) http.Handler {
	own := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			http.Error(rw, "open this page by its address on this machine, such as http://127.0.0.1", http.StatusForbidden)
			return
		}
		header := rw.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		h.ServeHTTP(rw, r)
	})
	return http.NewCrossOriginProtection().Handler(own)
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// settleTime is how long changes are gathered before the page hears of them.
const settleTime = 15 * time.Millisecond

// serveState sends what a person sees, now and after each change, until the page closes.
func (w *Workspace) serveState(rw http.ResponseWriter, r *http.Request) {
	if !w.enter() {
		return
	}
	defer w.wg.Done()
	rw.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(rw)
	last := ""
	for {
		next := w.Changed()
		state, err := w.seen(r.URL.Query().Get("as"))
		if err != nil {
			http.Error(rw, err.Error(), http.StatusNotFound)
			return
		}
		if state != last {
			if _, err := fmt.Fprintf(rw, "data: %s\n\n", state); err != nil || control.Flush() != nil {
				return
			}
			last = state
		}
		if !settled(r.Context(), next) {
			return
		}
	}
}

// settled waits for a change and what follows close upon it; false when the context ends.
func settled(ctx context.Context, next <-chan struct{}) bool {
	select {
	case <-next:
	case <-ctx.Done():
		return false
	}
	select {
	case <-time.After(settleTime):
		return true
	case <-ctx.Done():
		return false
	}
}

// serveDeed does what a person did in the page; the body is JSON.
func (w *Workspace) serveDeed(rw http.ResponseWriter, r *http.Request) {
	var d deed
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, bodyMost)).Decode(&d); err != nil {
		http.Error(rw, "want JSON", http.StatusBadRequest)
		return
	}
	do, ok := deeds[r.PathValue("deed")]
	if !ok {
		http.NotFound(rw, r)
		return
	}
	if err := do(w, d); err != nil {
		http.Error(rw, err.Error(), http.StatusConflict)
		return
	}
	rw.WriteHeader(http.StatusNoContent)
}

// deed is what the page sends: who, where and what.
type deed struct {
	As      string `json:"as"`
	Channel string `json:"channel"`
	Thread  string `json:"thread"`
	Text    string `json:"text"`
	Command string `json:"command"`
	TS      string `json:"ts"`
	View    string `json:"view"`
	Block   string `json:"block"`
	Action  string `json:"action"`
	Choice  string `json:"choice"`
	Tab     string `json:"tab"`
	Values  Values `json:"values"`
}

var deeds = map[string]func(*Workspace, deed) error{
	"say":     func(w *Workspace, d deed) error { _, err := w.Say(d.As, d.Channel, d.Thread, d.Text); return err },
	"command": func(w *Workspace, d deed) error { return w.Command(d.As, d.Channel, d.Thread, d.Command, d.Text) },
	"click": func(w *Workspace, d deed) error {
		return w.Click(d.As, Use{Channel: d.Channel, TS: d.TS, View: d.View, Block: d.Block, Action: d.Action, Choice: d.Choice})
	},
	"submit": func(w *Workspace, d deed) error { return w.Submit(d.As, d.View, d.Values) },
	"close":  func(w *Workspace, d deed) error { return w.CloseView(d.As, d.View) },
	"home":   func(w *Workspace, d deed) error { return w.OpenHome(d.As, d.Tab) },
	"hide":   func(w *Workspace, d deed) error { return w.hide(d.As, d.Channel, d.TS) },
}

// hide removes a message that a person alone sees, as "Dismiss message" does.
func (w *Workspace) hide(user, channel, ts string) error {
	return w.do(func() error {
		m, p := w.message(channel, ts), w.person(user)
		if m == nil || p == nil || m.Ephemeral != p.ID {
			return fmt.Errorf("%s has no message %s of their own in channel %s", user, ts, channel)
		}
		m.Deleted = true
		return nil
	})
}

// shownMost is how many messages of a channel the page shows, the newest.
const shownMost = 500

// seen is what a person sees, in JSON.
func (w *Workspace) seen(user string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.person(user)
	if p == nil {
		return "", fmt.Errorf("nobody called %q in the workspace", user)
	}
	var channels []object
	messages := object{}
	for _, c := range w.channels {
		if c.has(p.ID) {
			channels = append(channels, object{"id": c.ID, "name": c.Name, "kind": c.kind(), "bot": c.has(w.o.BotUser)})
			messages[c.ID] = w.seenMessages(c, p)
		}
	}
	modals := []object{}
	for _, id := range w.modals[p.ID] {
		modals = append(modals, w.seenView(w.views[id]))
	}
	raw, err := json.Marshal(object{
		"me": p.ID, "people": w.people, "commands": w.o.Commands, "team": w.o.Domain, "channels": channels, "messages": messages,
		"bot":    object{"user": w.o.BotUser, "name": w.o.BotName, "connected": len(w.sockets) > 0 || w.endpoints.Events != ""},
		"modals": modals, "home": w.seenView(w.views[w.homes[p.ID]]), "status": w.status, "prompts": w.prompts,
	})
	return string(raw), err
}

func (w *Workspace) seenMessages(c *Channel, p *Person) []object {
	all := []object{}
	list := w.messages[c.ID]
	for _, m := range list[max(0, len(list)-shownMost):] {
		if m.Deleted || !m.visible(p.ID) {
			continue
		}
		o := w.wire(m)
		o["is_ephemeral"], o["is_broadcast"], o["reactions"] = m.Ephemeral != "", m.Broadcast, m.Reactions
		if m.Sent != nil {
			o["sent"] = m.Sent
		}
		all = append(all, o)
	}
	return all
}

func (w *Workspace) seenView(v *View) object {
	if v == nil {
		return nil
	}
	o := w.wireView(v)
	o["errors"] = v.Errors
	return o
}
