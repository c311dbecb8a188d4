package receive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// dial connects to the address that Slack gave. The address holds a ticket that lets its holder in, so errors name the
// host only.
func dial(ctx context.Context, client *http.Client, address string, opts *websocket.DialOptions) (*websocket.Conn, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "wss" && u.Scheme != "ws") {
		return nil, errors.New("dial: Slack gave no address of a socket")
	}
	opts.HTTPClient = client
	conn, _, err := websocket.Dial(ctx, address, opts)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", u.Host, withoutAddress(err, u))
	}
	conn.SetReadLimit(maxBytes)
	return conn, nil
}

// withoutAddress takes the address out of an error: the HTTP client puts it into its own.
func withoutAddress(err error, u *url.URL) error {
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err
	}
	text := err.Error()
	for _, part := range []string{u.RawQuery, u.EscapedPath(), u.Path} {
		if len(part) > 1 && strings.Contains(text, part) {
			return errors.New("the connection was refused")
		}
	}
	return err
}

// noRedirects returns the client, or one of our own that heeds the proxy of the environment, such that it follows no
// redirects: a ticket is for the host that Slack named. close ends what the client keeps open.
func noRedirects(client *http.Client) (own *http.Client, close func()) {
	own, close = &http.Client{}, func() {}
	if client != nil {
		*own = *client
	} else {
		transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}
		own.Transport, close = transport, transport.CloseIdleConnections
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return own, close
}
