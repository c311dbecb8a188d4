package receive

import (
	"context"
	"time"

	"github.com/coder/websocket"
)

// ping pings the peer until the connection is over, and cuts it when the peer gives no sign of life: a pong, a ping of its
// own or a message. A peer that vanished would leave us deaf for as long as TCP keeps hoping.
func (l *line) ping(ctx context.Context, cut context.CancelFunc) {
	tick := time.NewTicker(l.Timing.Ping)
	defer tick.Stop()
	for {
		select {
		case <-l.over:
			return
		case <-tick.C:
		}
		if !l.alive(ctx) {
			l.Log.Warn("socket dead", "silent", (time.Since(l.born) - time.Duration(l.heard.Load())).Round(time.Second))
			cut()
			return
		}
	}
}

// alive pings, and reports whether the peer was heard of since.
func (l *line) alive(ctx context.Context) bool {
	before := l.heard.Load()
	ctx, cancel := context.WithTimeout(ctx, l.Timing.Pong)
	defer cancel()
	return l.conn.Ping(ctx) == nil || l.heard.Load() != before || isClosed(l.over)
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// closeInTime closes the connection when ctx ends or when it was retired long enough ago. It first waits for deliveries
// under way to be acknowledged; what is read after that is not delivered, and Slack sends it again.
func (l *line) closeInTime(ctx context.Context, cut context.CancelFunc) {
	if !l.timeToGo(ctx) {
		return
	}
	l.turn <- struct{}{}
	l.hushed = true
	<-l.turn
	l.owed.Wait()
	late := time.AfterFunc(l.Timing.Close, cut)
	defer late.Stop()
	_ = l.conn.Close(websocket.StatusNormalClosure, "") // however it closes, it is closed
}

// timeToGo waits until the connection should be closed, and reports false if it is over by itself.
func (l *line) timeToGo(ctx context.Context) bool {
	var lingered <-chan time.Time
	for retired := l.retired; ; {
		select {
		case <-l.over:
			return false
		case <-ctx.Done():
			return true
		case <-lingered:
			return true
		case <-retired:
			retired, lingered = nil, time.After(l.Timing.Linger)
		}
	}
}
