package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"

	"rapporteur/bot/receive"
)

// acme is Let's Encrypt's own test server, which proves hosts at a port of ours. own has what its own
// certificate needs, issued the root of what it issues.
func acme(t *testing.T, port int) (server *httptest.Server, own, issued *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	quiet, memory := log.New(io.Discard, "", 0), db.NewMemoryStore()
	authority := ca.New(quiet, memory, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {}})
	front := wfe.New(quiet, memory, va.New(quiet, 1, port, false, "", memory), authority, []string{"localhost"}, false, false, 1, 1)
	server = httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	own, issued = x509.NewCertPool(), x509.NewCertPool()
	own.AddCert(server.Certificate())
	issued.AddCert(authority.GetRootCert(0).Cert)
	return server, own, issued
}

// TestCertificates gets a certificate from a real ACME server, serves with it, and finds it again after a restart.
func TestCertificates(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, own, issued := acme(t, listener.Addr().(*net.TCPAddr).Port)
	c := certificates{host: "localhost", directory: server.URL + wfe.DirectoryPath, folder: t.TempDir(), roots: own, log: slog.New(slog.NewTextHandler(os.Stderr, nil))}
	first := served(t, c, listener, issued)
	if listener, err = net.Listen("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	server.Close() // nobody to ask: it is kept
	if again := served(t, c, listener, issued); again != first {
		t.Errorf("another certificate after a restart: %s, %s", first, again)
	}
}

// served serves a page, waits until it can be read, and returns the number of the certificate.
func served(t *testing.T, c certificates, plain net.Listener, roots *x509.CertPool) string {
	t.Helper()
	listener, stop, err := c.listen(t.Context(), plain)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	server := receive.NewServer("", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "served") }))
	server.ErrorLog = log.New(io.Discard, "", 0) // handshakes before the certificate is there
	go func() { _ = server.Serve(listener) }()   // ends with Close
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost"}, DisableKeepAlives: true}}
	for range 100 {
		r, err := client.Get("https://" + plain.Addr().String() + "/")
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || string(body) != "served" || !strings.Contains(r.Header.Get("Strict-Transport-Security"), "max-age") {
			t.Errorf("%q, %v", body, err)
		}
		return r.TLS.PeerCertificates[0].SerialNumber.String()
	}
	t.Fatal("no certificate in ten seconds")
	return ""
}
