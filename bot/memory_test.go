package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapporteur/content"
)

// clock is a time that the test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestRecent(t *testing.T) {
	c := &clock{now: time.Unix(1e9, 0)}
	r := newRecent(c.Now, 2)
	here, there := spot{"T", "C", "1"}, spot{"T", "C", "2"}
	r.remember(here, "one")
	r.remember(here, "")
	if got := r.before(here); got != "one" {
		t.Errorf("got %q, want one", got)
	}
	if got := r.before(there); got != "" {
		t.Errorf("another thread has %q", got)
	}
	c.pass(recentFor)
	if got := r.before(here); got != "" {
		t.Errorf("after hours got %q", got)
	}
	for i := range 10 {
		r.remember(spot{"T", "C", fmt.Sprint(i)}, "x")
	}
	if n := r.last.Len(); n != 2 {
		t.Errorf("got %d questions, want 2", n)
	}
}

// listener notes after which question each one is read, and finds nothing.
type listener struct{ after []string }

func (l *listener) Answer(_ context.Context, q content.Question) (content.Answer, error) {
	l.after = append(l.after, q.After)
	return content.Answer{Verdict: content.None}, nil
}

// TestRecall goes on where another process left off: one that ended, or one that answers in the same conversation.
func TestRecall(t *testing.T) {
	for name, test := range map[string]struct {
		replicas bool
		want     []string // after which question each is read
	}{
		"after a restart": {false, []string{"", "first?", "first?", ""}},
		"beside another":  {true, []string{"", "first?", "second?", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			s, heard := newTinySlack(t), &listener{}
			c := conversation(sideEvent())
			c.Answerer = heard
			one, other := s.bot(c), s.bot(c)
			one.config.Replicas, other.config.Replicas = test.replicas, test.replicas
			say := func(b *Bot, ts, text string) {
				t.Helper()
				if err := handle(b, mention(ts, "1000000.0", text)); err != nil {
					t.Fatal(err)
				}
			}
			say(one, "1000001.0", "first?")
			say(other, "1000002.0", "second?")
			say(one, "1000003.0", "third?")
			s.failures = []error{slack.SlackErrorResponse{Err: "missing_scope"}}
			say(s.bot(c), "1000004.0", "fourth?") // where it may not look, it answers all the same
			if !slices.Equal(heard.after, test.want) || len(s.posts) != 4 {
				t.Errorf("read after %q; want %q; %d answers", heard.after, test.want, len(s.posts))
			}
		})
	}
}

func TestEarlier(t *testing.T) {
	for ts, want := range map[string]string{"1700000000.123456": "1699985600.000000", "5.0": "0.000000", "": "", "x": ""} {
		if got := earlier(ts, 4*time.Hour); got != want {
			t.Errorf("%q: %q, want %q", ts, got, want)
		}
	}
}
