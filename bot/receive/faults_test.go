package receive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Slack announces the end of a connection ten seconds before it comes. Envelopes come on the old connection all the
// while, and on the new one from when it stands: every one is acknowledged where it came.
func TestSocketOverlaps(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "something new"} {
		t.Run(reason, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var acks [3][]string // by connection
				slack := newFakeSlack(t, func(n int, p *fakePeer) {
					p.hello()
					if n > 1 {
						p.say(event("new", "x"))
						acks[n] = p.linger()
						return
					}
					time.Sleep(5 * time.Minute)
					p.disconnect(reason)
					for i := range 100 {
						p.say(event(fmt.Sprint(i), "x"))
						acks[n] = append(acks[n], p.acked())
						time.Sleep(100 * time.Millisecond)
					}
					p.drop()
				})
				stop := running(slack.socket(&inbox{}, &journal{}))
				time.Sleep(10 * time.Minute)
				_ = stop()
				slack.close()
				opens := slack.opens()
				if len(opens) != 2 {
					t.Fatalf("got %d connections, want 2", len(opens))
				}
				if gap := opens[1].Sub(opens[0]); gap != 5*time.Minute {
					t.Errorf("the next connection was opened after %s, want at once after 5m0s", gap)
				}
				var want []string
				for i := range 100 {
					want = append(want, fmt.Sprint(i))
				}
				if diff := cmp.Diff(acks, [3][]string{1: want, 2: {"new"}}); diff != "" {
					t.Errorf("acknowledged (-got +want):\n%s", diff)
				}
			})
		})
	}
}

// A connection that was told to go, but is never closed by its peer, is closed half a minute after the next one stands;
// and not before there is a next one.
func TestSocketRetires(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var closed time.Time
		slack := newFakeSlack(t, func(n int, p *fakePeer) {
			p.hello()
			if n == 1 {
				p.disconnect("warning")
			}
			p.linger()
			if n == 1 {
				closed = time.Now()
			}
		})
		s := slack.socket(&inbox{}, &journal{})
		n := 0
		s.Open = func(ctx context.Context) (string, error) {
			if n++; n > 1 && n < 10 {
				return "", errors.New("no")
			}
			return slack.open(ctx)
		}
		stop := running(s)
		time.Sleep(10 * time.Minute)
		_ = stop()
		slack.close()
		opens := slack.opens()
		if len(opens) != 2 || closed.Sub(opens[1]) != 30*time.Second {
			t.Errorf("%d connections, the first closed %s after the second stood; want 2 and 30s", len(opens), closed.Sub(opens[1]))
		}
	})
}

// A connection lost once is replaced within a second.
func TestSocketComesBackSoon(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		slack := newFakeSlack(t, func(n int, p *fakePeer) {
			p.hello()
			if n == 2 {
				p.linger()
			}
			time.Sleep(2 * time.Second)
			p.drop()
		})
		stop := running(slack.socket(&inbox{}, &journal{}))
		time.Sleep(10 * time.Second)
		_ = stop()
		opens := slack.opens()
		if len(opens) != 2 || opens[1].Sub(opens[0]) > 3*time.Second {
			t.Errorf("opened at %v, want twice, the second time at most 1 s after the connection was lost at 2 s", opens)
		}
	})
}

// A peer that goes dead is noticed within 20 s of its last sign of life.
func TestSocketNoticesDeadPeer(t *testing.T) {
	tests := []struct {
		name string
		die  func(p *fakePeer)
	}{
		{"reads but does not answer", func(p *fakePeer) { p.silent.Store(true); p.hello(); p.linger() }},
		{"does not read", func(p *fakePeer) { p.deafHello(); time.Sleep(time.Hour) }},
		{"dies later", func(p *fakePeer) {
			p.hello()
			time.Sleep(5*time.Minute + time.Millisecond)
			p.silent.Store(true)
			p.linger()
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var died time.Time
				slack := newFakeSlack(t, func(n int, p *fakePeer) {
					if n > 1 {
						p.hello()
						p.linger()
						return
					}
					died = time.Now()
					test.die(p)
				})
				stop := running(slack.socket(&inbox{}, &journal{}))
				time.Sleep(20 * time.Minute)
				_ = stop()
				opens := slack.opens()
				if len(opens) != 2 {
					t.Fatalf("got %d connections, want 2", len(opens))
				}
				took := opens[1].Sub(died)
				if test.name == "dies later" {
					took -= 5 * time.Minute
				}
				if took > 20*time.Second {
					t.Errorf("replaced after %s, want at most 20s", took)
				}
			})
		})
	}
}

// A peer that answers no pings, but sends, is alive.
func TestSocketCountsAnySignOfLife(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		slack := newFakeSlack(t, func(_ int, p *fakePeer) {
			p.silent.Store(true)
			p.hello()
			for i := range 200 {
				p.say(event("e", "x"))
				p.acked()
				p.silent.Store(i < 199)
				time.Sleep(5 * time.Second)
			}
			p.linger()
		})
		stop := running(slack.socket(&inbox{}, &journal{}))
		time.Sleep(30 * time.Minute)
		_ = stop()
		if n := len(slack.opens()); n != 1 {
			t.Errorf("got %d connections, want 1", n)
		}
	})
}

// However a peer misbehaves, within any minute there are at most ten opens, and fewer as it goes on.
func TestSocketWeathersStorms(t *testing.T) {
	tests := []struct {
		name   string
		script func(n int, p *fakePeer)
		open   error
	}{
		{"accepts and drops", func(_ int, p *fakePeer) { p.drop() }, nil},
		{"says hello and drops", func(_ int, p *fakePeer) { p.hello(); time.Sleep(time.Millisecond); p.drop() }, nil},
		{"too many websockets", func(_ int, p *fakePeer) { p.hello(); p.disconnect("too_many_websockets"); p.linger() }, nil},
		{"too many and no hello", func(_ int, p *fakePeer) { p.disconnect("too_many_websockets"); p.drop() }, nil},
		{"warns at once", func(_ int, p *fakePeer) { p.hello(); p.disconnect("warning"); p.linger() }, nil},
		{"warns after 50 s", func(_ int, p *fakePeer) { p.hello(); time.Sleep(50 * time.Second); p.disconnect("warning"); p.linger() }, nil},
		{"too long a frame", func(_ int, p *fakePeer) { p.hello(); p.say(event("e", strings.Repeat("x", maxBytes))); p.linger() }, nil},
		{"says no hello", func(_ int, p *fakePeer) { p.linger() }, nil},
		{"does not open", nil, errors.New("internal_error")},
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
				stop := running(s)
				time.Sleep(10 * time.Minute)
				_ = stop()
				opens := slack.opens()
				for i := range opens {
					if i >= 10 && opens[i].Sub(opens[i-10]) < time.Minute {
						t.Errorf("opens %d to %d within %s", i-10, i, opens[i].Sub(opens[i-10]))
					}
				}
				if len(opens) < 5 || len(opens) > 60 {
					t.Errorf("got %d opens in 10 minutes, want 5 to 60", len(opens))
				}
			})
		})
	}
}

// Connections that live for a minute and are lost do not add up to longer and longer waits.
func TestSocketForgetsOldFailures(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		slack := newFakeSlack(t, func(_ int, p *fakePeer) {
			p.hello()
			time.AfterFunc(61*time.Second, p.drop)
			p.linger()
		})
		stop := running(slack.socket(&inbox{}, &journal{}))
		time.Sleep(62 * time.Minute)
		_ = stop()
		if n := len(slack.opens()); n < 60 {
			t.Errorf("got %d opens in 62 minutes, want at least 60", n)
		}
	})
}

func TestSocketWaitsAsAskedTo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		slack := newFakeSlack(t, func(_ int, p *fakePeer) { p.hello(); p.linger() })
		s := slack.socket(&inbox{}, &journal{})
		s.Open = func(ctx context.Context) (string, error) {
			address, _ := slack.open(ctx)
			if len(slack.opens()) == 1 {
				return "", fmt.Errorf("apps.connections.open: %w", &LaterError{After: 45 * time.Second, Err: errors.New("ratelimited")})
			}
			return address, nil
		}
		stop := running(s)
		time.Sleep(time.Hour)
		_ = stop()
		opens := slack.opens()
		if len(opens) != 2 || opens[1].Sub(opens[0]) != 45*time.Second {
			t.Errorf("opened at %v, want twice, 45s apart", opens)
		}
	})
}

// A refused or misdirected connection, and all that Slack may say on one: neither the ticket nor anyone's words are logged.
func TestSocketLogsNoSecret(t *testing.T) {
	const word = "canaryword"
	redirect := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere?"+r.URL.RawQuery, http.StatusFound)
	}
	answers := map[string]http.HandlerFunc{
		"not found": http.NotFound,
		"echo":      func(w http.ResponseWriter, r *http.Request) { http.Error(w, r.URL.String(), http.StatusForbidden) },
		"redirect":  redirect,
		"close":     func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
	log := &journal{}
	for name, answer := range answers {
		server := httptest.NewServer(answer)
		address := strings.Replace(server.URL, "http", "ws", 1) + "/link/" + ticket + "?ticket=" + ticket
		runOnce(t, name, address, log)
		server.Close()
		runOnce(t, name+", gone", address, log)
	}
	for _, address := range []string{
		"", "::" + ticket, "wss://", "https://h/" + ticket, "wss://h:" + ticket + "/", "wss://h/%zz" + ticket, "wss://" + ticket + "%",
	} {
		runOnce(t, address, address, log)
	}
	inBubble(t, func(t *testing.T) {
		slack := newFakeSlack(t, func(_ int, p *fakePeer) {
			p.hello()
			p.say(event("1", word))
			p.say(`{"type":"Words ` + word + `","envelope_id":"` + word + `","payload":{}}`)
			p.say(`{"type":"events_api","envelope_id":"3","payload":["` + word + `"]}`)
			p.say(`{"` + word)
			p.disconnect("Words " + word)
			time.Sleep(time.Second)
			_ = p.conn.Close(4000, word)
		})
		in := &inbox{}
		stop := running(slack.socket(in, log))
		time.Sleep(500 * time.Millisecond)
		in.mu.Lock()
		in.refuse = true
		in.mu.Unlock()
		time.Sleep(time.Minute)
		_ = stop()
	})
	log.leaksNone(t, ticket, word)
	if !strings.Contains(log.String(), "close frame 4000") {
		t.Errorf("the log does not say why the connection closed:\n%s", log)
	}
}

// runOnce runs a socket until it has tried the address once.
func runOnce(t *testing.T, name, address string, log *journal) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	opens := 0
	s := Socket{Deliver: keeping((&inbox{}).deliver), Log: log.logger(), Timing: Timing{Backoff: time.Nanosecond}}
	s.Open = func(context.Context) (string, error) {
		if opens++; opens > 1 {
			return "", ErrFatal
		}
		return address, nil
	}
	if err := s.Run(ctx); !errors.Is(err, ErrFatal) {
		t.Errorf("%s: got error %v, want the second open's", name, err)
	}
}

func TestWithoutAddress(t *testing.T) {
	u, err := url.Parse("wss://h.test/link/" + ticket + "?ticket=" + ticket)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ err, want error }{
		{&url.Error{Op: "Get", URL: u.String(), Err: context.Canceled}, context.Canceled},
		{errors.New("read tcp: reset"), errors.New("read tcp: reset")},
		{errors.New("odd reply to " + u.RawQuery), errors.New("the connection was refused")},
		{errors.New("odd reply to " + u.Path), errors.New("the connection was refused")},
	}
	for _, test := range tests {
		if got := withoutAddress(test.err, u); got.Error() != test.want.Error() {
			t.Errorf("withoutAddress(%v)\ngot  %v\nwant %v", test.err, got, test.want)
		}
	}
}
