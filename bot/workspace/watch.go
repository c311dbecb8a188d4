package workspace

import (
	"context"
	"fmt"
	"slices"
)

// Messages returns what stands in a channel, oldest first, without what was deleted: what everyone sees, and what the
// person alone sees (nobody in particular for ""). The channel is given by ID or name.
func (w *Workspace) Messages(channel, user string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channel(channel)
	if c == nil {
		return nil
	}
	if p := w.person(user); p != nil {
		user = p.ID
	}
	var all []Message
	for _, m := range w.messages[c.ID] {
		if !m.Deleted && m.visible(user) {
			all = append(all, m.copy())
		}
	}
	return all
}

// Posted is how many messages of the bot's were posted so far, the deleted ones too.
func (w *Workspace) Posted() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.posted
}

// Modals returns the modals that a person sees, from the bottom up.
func (w *Workspace) Modals(user string) []View {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []View
	if p := w.person(user); p != nil {
		for _, id := range w.modals[p.ID] {
			all = append(all, *w.views[id])
		}
	}
	return all
}

// Home returns the person's Home tab; false when the app has published none.
func (w *Workspace) Home(user string) (View, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.person(user); p != nil {
		if v := w.views[w.homes[p.ID]]; v != nil {
			return *v, true
		}
	}
	return View{}, false
}

// Calls returns every use of the Web API and of response URLs so far, oldest first.
func (w *Workspace) Calls() []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// Acks returns every attempt to deliver so far, oldest first.
func (w *Workspace) Acks() []Ack {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []Ack
	for _, a := range w.acks {
		all = append(all, *a)
	}
	return all
}

// Wait waits until the condition holds, which it looks at now and after every change, and fails when the context ends
// first. The condition may call any method of the workspace.
func (w *Workspace) Wait(ctx context.Context, what string, holds func() bool) error {
	for {
		next := w.Changed()
		if holds() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, context.Cause(ctx))
		}
	}
}
