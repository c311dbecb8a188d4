package receive

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQueueWorksOffInOrder(t *testing.T) {
	var got []string
	q := NewQueue(func(_ context.Context, d Delivery) { got = append(got, string(d.Payload)) }, Limits{Workers: 1}, nil)
	var want []string
	for i := range 1000 {
		text := fmt.Sprint(i)
		want = append(want, text)
		if !q.Put(Delivery{Kind: Event, Payload: []byte(text)}) {
			t.Fatalf("delivery %d was refused", i)
		}
	}
	if err := q.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("worked off (-got +want):\n%s", diff)
	}
	if q.Put(Delivery{}) {
		t.Error("a closed queue took a delivery in")
	}
	if err := q.Close(t.Context()); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestQueueBounds(t *testing.T) {
	tests := []struct {
		name          string
		limits        Limits
		bytes         int // of each payload
		atWork, taken int // of a thousand
	}{
		{"by deliveries", Limits{Deliveries: 10, Workers: 3}, 1, 3, 13},
		{"by bytes", Limits{Bytes: 1000, Workers: 3}, 100, 3, 10},
		{"defaults", Limits{}, 1, 16, 1000},
		{"one too long by itself", Limits{Bytes: 1000}, 1001, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				release := make(chan struct{})
				var atWork atomic.Int64
				q := NewQueue(func(context.Context, Delivery) { atWork.Add(1); <-release }, test.limits, nil)
				taken := 0
				for range 1000 {
					if q.Put(Delivery{Payload: make([]byte, test.bytes)}) {
						taken++
					}
					time.Sleep(time.Microsecond) // lets the workers take up what they can
				}
				if got := [2]int{int(atWork.Load()), taken}; got != [2]int{test.atWork, test.taken} {
					t.Errorf("at work and taken in: got %v, want %v", got, [2]int{test.atWork, test.taken})
				}
				close(release)
				if err := q.Close(t.Context()); err != nil {
					t.Error(err)
				}
				if q.bytes != 0 || q.left != 0 || int(atWork.Load()) != test.taken {
					t.Errorf("after closing: %d bytes, %d left, %d done", q.bytes, q.left, atWork.Load())
				}
			})
		})
	}
}

func TestQueueGivesEachWorkItsDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var took time.Duration
		q := NewQueue(func(ctx context.Context, _ Delivery) {
			began := time.Now()
			<-ctx.Done()
			took = time.Since(began)
		}, Limits{}, nil)
		q.Put(Delivery{})
		if err := q.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if took != time.Minute {
			t.Errorf("work had %s, want 1m0s", took)
		}
	})
}

func TestQueueCloseRunsOutOfTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		done := 0
		q := NewQueue(func(ctx context.Context, _ Delivery) { <-ctx.Done(); done++ }, Limits{Workers: 1}, nil)
		for range 5 {
			q.Put(Delivery{})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := q.Close(ctx)
		want := "close queue with 5 deliveries unfinished: context deadline exceeded"
		if err == nil || err.Error() != want {
			t.Errorf("got error %v\nwant %s", err, want)
		}
		q.workers.Wait()
		if done != 1 {
			t.Errorf("%d pieces of work began, want 1: what waits is dropped", done)
		}
	})
}

func TestQueueSurvivesPanics(t *testing.T) {
	const word = "canaryword"
	type private string
	causes := []any{word, private(word), fmt.Errorf("about %s", word), nil}
	var done atomic.Int64
	log := &journal{}
	q := NewQueue(func(_ context.Context, d Delivery) {
		defer done.Add(1)
		if i := d.Retry; i < len(causes) {
			panic(causes[i])
		}
		_ = causes[d.Retry]
	}, Limits{Workers: 1}, log.logger())
	for i := range 6 {
		q.Put(Delivery{Kind: Event, Payload: []byte(word), Retry: i})
	}
	if err := q.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if done.Load() != 6 {
		t.Errorf("got %d pieces of work done, want 6", done.Load())
	}
	log.leaksNone(t, word)
	for _, want := range []string{`"cause":"string"`, "receive.private", "index out of range [4]", "queue_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not hold %q:\n%s", want, log)
		}
	}
}
