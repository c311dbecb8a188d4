package receive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Each acknowledgement is asked for in turn, over a connection that must stay open throughout.
func TestSocketAcknowledges(t *testing.T) {
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	tests := []struct {
		name, frame string
		ack         string
		want        []Delivery
	}{
		{"an event", `{"type":"events_api","envelope_id":"e","payload":{"type":"event_callback"},"retry_attempt":2,"retry_reason":"timeout"}`, "e",
			[]Delivery{{Kind: Event, Payload: []byte(`{"type":"event_callback"}`), Retry: 2}}},
		{"a command", `{"type":"slash_commands","envelope_id":"e","payload":{"command":"/report"},"accepts_response_payload":true}`, "e",
			[]Delivery{{Kind: Command, Payload: []byte(`{"command":"/report"}`)}}},
		{"an interaction", `{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions"}}`, "e",
			[]Delivery{{Kind: Interaction, Payload: []byte(`{"type":"block_actions"}`)}}},
		{"an event with blank type", `{"type":"events_api","envelope_id":"e","payload":{"type":"","event":{}}}`, "e",
			[]Delivery{{Kind: Event, Payload: []byte(`{"type":"","event":{}}`)}}},
		{"a retry of the wrong type", `{"type":"interactive","envelope_id":"e","payload":{},"retry_attempt":"x"}`, "e",
			[]Delivery{{Kind: Interaction, Payload: []byte(`{}`)}}},
		{"an id that needs escaping", `{"type":"interactive","envelope_id":"a\"b\u0000","payload":{}}`, "a\"b\x00",
			[]Delivery{{Kind: Interaction, Payload: []byte(`{}`)}}},
		{"an unknown type", `{"type":"telegram","envelope_id":"e","payload":{}}`, "e", nil},
		{"no type", `{"envelope_id":"e","payload":{}}`, "e", nil},
		{"a type that is no string", `{"type":[1],"envelope_id":"e","payload":{}}`, "e", nil},
		{"payload null", `{"type":"events_api","envelope_id":"e","payload":null}`, "e", nil},
		{"payload missing", `{"type":"slash_commands","envelope_id":"e"}`, "e", nil},
		{"payload a list", `{"type":"interactive","envelope_id":"e","payload":[{}]}`, "e", nil},
		{"payload a string", `{"type":"events_api","envelope_id":"e","payload":"{}"}`, "e", nil},
		{"inner event a number", `{"type":"events_api","envelope_id":"e","payload":{"event":5}}`, "e", nil},
		{"payload too deep", `{"type":"events_api","payload":` + deep + `,"envelope_id":"e"}`, "e", nil},
		{"broken after the id", `{"envelope_id":"e","type":"events_api","payload":{"a":`, "e", nil},
		{"a hello with an id", `{"type":"hello","envelope_id":"e"}`, "e", nil},
		{"null", `null`, "", nil},
		{"a list", `[]`, "", nil},
		{"a number", `1e9`, "", nil},
		{"empty", ``, "", nil},
		{"no JSON", `<html>`, "", nil},
		{"an id that is no string", `{"type":"events_api","envelope_id":5,"payload":{}}`, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var got []string
				slack := newFakeSlack(t, func(_ int, p *fakePeer) {
					p.hello()
					p.say(test.frame)
					p.say(`{"envelope_id":"last"}`)
					got = p.linger()
				})
				in, log := &inbox{}, &journal{}
				stop := running(slack.socket(in, log))
				time.Sleep(time.Second)
				if err := stop(); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(in.all(), test.want); diff != "" {
					t.Errorf("delivered (-got +want):\n%s", diff)
				}
				slack.close()
				want := slices.DeleteFunc([]string{test.ack, "last"}, func(id string) bool { return id == "" })
				if diff := cmp.Diff(got, want); diff != "" {
					t.Errorf("acknowledged (-got +want):\n%s", diff)
				}
				if n := len(slack.opens()); n != 1 {
					t.Errorf("got %d connections, want one", n)
				}
			})
		})
	}
}

func TestSocketAcknowledgesInOrderAfterDelivery(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var got, want []string
		var peer *fakePeer
		slack := newFakeSlack(t, func(_ int, p *fakePeer) {
			peer = p
			p.hello()
			for i := range 20 {
				p.say(event(fmt.Sprint(i), "x"))
			}
			got = p.linger()
		})
		s := slack.socket(&inbox{}, &journal{})
		s.Deliver = func(Delivery) <-chan error {
			id, kept := len(want), make(chan error)
			want = append(want, fmt.Sprint(id))
			time.AfterFunc(time.Duration(20-id)*100*time.Millisecond, func() { // the first is kept last
				if n := int(peer.count.Load()); n > id {
					t.Errorf("%d acknowledgements before delivery %d is kept", n, id)
				}
				kept <- nil
			})
			return kept
		}
		stop := running(s)
		time.Sleep(time.Minute)
		_ = stop()
		slack.close()
		if diff := cmp.Diff(got, want); diff != "" || len(got) != 20 {
			t.Errorf("acknowledged (-got +want):\n%s", diff)
		}
	})
}

func TestSocketLeavesRefusedUnacknowledged(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var got []string
		slack := newFakeSlack(t, func(_ int, p *fakePeer) {
			p.hello()
			p.say(event("refused", "x"))
			p.say(`{"type":"odd","envelope_id":"odd"}`)
			got = p.linger()
		})
		stop := running(slack.socket(&inbox{refuse: true}, &journal{}))
		time.Sleep(time.Second)
		_ = stop()
		slack.close()
		if diff := cmp.Diff(got, []string{"odd"}); diff != "" {
			t.Errorf("acknowledged (-got +want):\n%s", diff)
		}
	})
}

func TestSocketFatal(t *testing.T) {
	bad := fmt.Errorf("slack refuses the token: missing_scope: %w", ErrFatal)
	tests := []struct {
		name   string
		open   error
		script func(int, *fakePeer)
		want   error
		opens  int
	}{
		{"a bad token", bad, nil, bad, 1},
		{"switched off after hello", nil, func(_ int, p *fakePeer) {
			p.hello()
			p.disconnect("link_disabled")
			p.linger()
		}, ErrSwitchedOff, 1},
		{"switched off instead of hello", nil, func(_ int, p *fakePeer) {
			p.disconnect("link_disabled")
			p.linger()
		}, ErrSwitchedOff, 1},
		{"switched off on the old connection", nil, func(n int, p *fakePeer) {
			p.hello()
			if n == 1 {
				p.disconnect("warning")
				time.Sleep(5 * time.Second)
				p.disconnect("link_disabled")
			}
			p.linger()
		}, ErrSwitchedOff, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				slack := newFakeSlack(t, test.script)
				s := slack.socket(&inbox{}, &journal{})
				s.Open = func(ctx context.Context) (string, error) {
					address, _ := slack.open(ctx)
					return address, test.open
				}
				err := s.Run(t.Context())
				if !errors.Is(err, test.want) || !errors.Is(err, ErrFatal) {
					t.Errorf("got error %v, want %v", err, test.want)
				}
				if got := len(slack.opens()); got != test.opens {
					t.Errorf("got %d opens, want %d", got, test.opens)
				}
			})
		})
	}
}

// A shutdown in the middle of a delivery: it is acknowledged, and what comes later is left alone.
func TestSocketStopsClean(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var got []string
		slack := newFakeSlack(t, func(_ int, p *fakePeer) {
			p.hello()
			p.say(event("1", "x"))
			p.say(event("2", "x"))
			got = p.linger()
		})
		in := &inbox{}
		s := slack.socket(in, &journal{})
		s.Deliver = keeping(func(d Delivery) bool {
			time.Sleep(2 * time.Second)
			return in.deliver(d)
		})
		stop := running(s)
		time.Sleep(time.Second)
		began := time.Now()
		if err := stop(); err != nil {
			t.Errorf("got error %v, want none", err)
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("stopping took %s", took)
		}
		slack.close()
		if diff := cmp.Diff(got, []string{"1"}); diff != "" || len(in.all()) != 1 {
			t.Errorf("delivered %d, acknowledged (-got +want):\n%s", len(in.all()), diff)
		}
	})
}

func TestSocketStops(t *testing.T) {
	never := func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() }
	tests := []struct {
		name   string
		open   func(context.Context) (string, error)
		script func(int, *fakePeer)
	}{
		{"while opening", never, nil},
		{"while waiting for hello", nil, func(_ int, p *fakePeer) { p.linger() }},
		{"while waiting to try again", func(context.Context) (string, error) { return "", errors.New("no") }, nil},
		{"with a peer that does not read", nil, func(_ int, p *fakePeer) { p.deafHello(); time.Sleep(time.Hour) }},
		{"with a peer that floods", nil, func(_ int, p *fakePeer) {
			p.hello()
			for range 2000 {
				p.say(event("e", "x"))
			}
			p.linger()
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				slack := newFakeSlack(t, test.script)
				s := slack.socket(&inbox{}, &journal{})
				s.Deliver = keeping(func(Delivery) bool { time.Sleep(10 * time.Millisecond); return true })
				if test.open != nil {
					s.Open = test.open
				}
				stop := running(s)
				time.Sleep(5 * time.Second)
				began := time.Now()
				if err := stop(); err != nil {
					t.Errorf("got error %v, want none", err)
				}
				if took := time.Since(began); took > 6*time.Second {
					t.Errorf("stopping took %s", took)
				}
			})
		})
	}
}

func TestSocketReady(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		slack := newFakeSlack(t, func(n int, p *fakePeer) {
			p.say(fmt.Sprintf(`{"type":"hello","num_connections":%d}`, n))
			p.say(`{"type":"hello","num_connections":9}`)
			if n == 1 {
				p.disconnect("refresh_requested")
			}
			p.linger()
		})
		s := slack.socket(&inbox{}, &journal{})
		var got []int
		s.Ready = func(n int) { got = append(got, n) }
		stop := running(s)
		time.Sleep(time.Minute)
		_ = stop()
		if diff := cmp.Diff(got, []int{1, 2}); diff != "" {
			t.Errorf("ready (-got +want):\n%s", diff)
		}
	})
}
