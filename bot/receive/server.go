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
// the response, 60 s between requests, and 64 KB of header. What it answers carries headers that give a browser nothing to
// do with it, unless the handler allows something.
func NewServer(addr string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           secured(handler),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
}

// headers are those of OWASP's Secure Headers Project that mean something here; browsers heed the first over TLS alone.
var headers = map[string]string{
	"Strict-Transport-Security":  "max-age=31536000",
	"Content-Security-Policy":    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":     "nosniff",
	"X-Frame-Options":            "DENY",
	"Referrer-Policy":            "no-referrer",
	"Cross-Origin-Opener-Policy": "same-origin",
}

func secured(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		handler.ServeHTTP(w, r)
	})
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
