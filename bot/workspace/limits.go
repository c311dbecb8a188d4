package workspace

import "time"

// bucket is how many calls are left and since when.
type bucket struct {
	left  float64
	since time.Time
}

// allow takes one call from the channel's bucket, or refuses it with the wait until there is one. The lock is held. Slack
// allows one chat.postMessage a second in each channel ([docs] apis/web-api/rate-limits; java-slack-sdk at 86ff7ca,
// MethodsRateLimits). The tiers of the other methods are so wide that a test would not meet them; they are not counted.
func (w *Workspace) allow(channel string) error {
	if w.o.Rate.Off {
		return nil
	}
	now, most := w.o.Clock.Now(), float64(w.o.Rate.Burst)
	b := w.buckets[channel]
	if b == nil {
		b = &bucket{left: most, since: now}
		w.buckets[channel] = b
	}
	b.left = min(most, b.left+float64(now.Sub(b.since))/float64(w.o.Rate.Every))
	b.since = now
	if b.left < 1 {
		wait := time.Duration((1 - b.left) * float64(w.o.Rate.Every))
		return refusal{code: "ratelimited", retryAfter: max(wait, time.Second)}
	}
	b.left--
	return nil
}
