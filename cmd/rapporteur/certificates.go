package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// certificates gets certificates by ACME and renews them, proving the host by TLS-ALPN on the port on which it serves them
// (RFC 8737), so that no other port is needed.
type certificates struct {
	host      string
	directory string         // of the ACME server; "" for Let's Encrypt
	folder    string         // where they are kept, with their keys
	roots     *x509.CertPool // for the ACME server; nil for the system's
	log       *slog.Logger
}

// certificates returns those that the settings ask for; false for none.
func (v *service) certificates() (certificates, bool) {
	u, err := url.Parse(v.config.publicURL)
	if err != nil || v.config.tls == "" {
		return certificates{}, false
	}
	return certificates{host: u.Hostname(), directory: v.config.certificates, folder: filepath.Join(v.config.dataDir, "certificates"), log: v.log}, true
}

// listen speaks TLS on a listener. The certificate comes in its own time, for which handshakes wait: a host that nobody can
// reach yet must not keep the bot from starting. The function returned stops renewing.
func (c certificates) listen(ctx context.Context, listener net.Listener) (net.Listener, func(), error) {
	quiet := zap.NewNop() // what matters comes as an event
	var magic *certmagic.Config
	cache := certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return magic, nil }, Logger: quiet,
	})
	magic = certmagic.New(cache, certmagic.Config{Storage: &certmagic.FileStorage{Path: c.folder}, OnEvent: c.tell, Logger: quiet})
	issuer := certmagic.ACMEIssuer{CA: c.directory, Agreed: true, DisableHTTPChallenge: true, TrustedRoots: c.roots, Logger: quiet}
	if c.directory == "" {
		issuer.CA = certmagic.LetsEncryptProductionCA
	}
	if address, ok := listener.Addr().(*net.TCPAddr); ok {
		issuer.AltTLSALPNPort = address.Port // ours: where a proxy leads from 443
	}
	magic.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(magic, issuer)}
	if err := magic.ManageAsync(ctx, []string{c.host}); err != nil {
		cache.Stop()
		return nil, nil, fmt.Errorf("certificate for %s: %w", c.host, err)
	}
	config := magic.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	config.NextProtos = append([]string{"http/1.1"}, config.NextProtos...)
	return tls.NewListener(listener, config), cache.Stop, nil
}

// tell logs what becomes of certificates.
func (c certificates) tell(_ context.Context, event string, data map[string]any) error {
	switch event {
	case "cert_obtained":
		c.log.Info("certificate obtained", "host", data["identifier"], "renewal", data["renewal"])
	case "cert_failed":
		c.log.Error("no certificate: check that PUBLIC_URL leads to ADDR, on port 443", "host", data["identifier"], "error", data["error"])
	}
	return nil
}
