package receive

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// grace is how long requests under way may take to end once a server is told to stop. Ours take milliseconds; what is
// cut off later was not acknowledged, and Slack sends it again.
const grace = 5 * time.Second

// NewServer returns a server that no slow or silent peer can hold: 5 s for a request's header, 10 s for all of it, 10 s for
// the response, 60 s between requests, and 64 KB of header.
func NewServer(addr string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
}

// Serve serves until ctx ends, then stops: it takes no more requests, gives those under way five seconds, and returns nil.
// Any other end is an error. The listener is closed when it returns.
func Serve(ctx context.Context, listener net.Listener, server *http.Server) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if server.Shutdown(stop) != nil {
		_ = server.Close() // closes what did not end by itself
	}
	<-ended
	return nil
}
