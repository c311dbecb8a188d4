// Package keyring seals what must not be readable where it lies: tokens in a database, a cookie in a browser.
//
// It seals with AES-256-GCM of the standard library, under random nonces (NIST SP 800-38D, 8.2.2: safe for 2^32 messages
// under one key; a bot seals some thousands a year). What is sealed names the key that it needs, so that keys can be
// replaced without a moment at which nothing opens.
package keyring

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Ring holds keys: the first seals, any of them opens. Safe for concurrent use. It prints as nothing of its keys.
type Ring struct{ keys []key }

type key struct {
	id  [idSize]byte // the beginning of the key's SHA-256: says which one it is, and nothing of what it is
	gcm cipher.AEAD
}

const (
	keySize = 32
	idSize  = 4
)

// ErrNoKey is wrapped by errors about what was sealed under a key that isn't on the ring, or isn't sealed at all.
var ErrNoKey = errors.New("no key opens it")

// New returns a new key, as [Parse] reads it.
func New() string {
	k := make([]byte, keySize)
	_, _ = rand.Read(k) // never fails, says its documentation
	return base64.StdEncoding.EncodeToString(k)
}

// Parse reads keys of 32 bytes in base64, separated by commas: the present one first, then those that it replaced. Errors
// repeat nothing of what was given.
func Parse(text string) (*Ring, error) {
	r := &Ring{}
	for i, encoded := range strings.Split(text, ",") {
		secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil || len(secret) != keySize {
			return nil, fmt.Errorf("key %d: want 32 bytes in base64, as \"rapporteur key\" prints them", i+1)
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		gcm, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		sum := sha256.Sum256(secret)
		r.keys = append(r.keys, key{[idSize]byte(sum[:idSize]), gcm})
	}
	return r, nil
}

// Seal seals a text for one place: it opens only where the same place is named, so that what is moved elsewhere doesn't.
// The result is base64, safe in addresses and cookies.
func (r *Ring) Seal(plain []byte, place string) string {
	k := r.keys[0]
	sealed := k.gcm.Seal(k.id[:], nil, plain, []byte(place)) // #nosec G407 -- the nonce is made at random inside, and stands in the result
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Open opens what [Ring.Seal] sealed for this place. Its errors wrap [ErrNoKey], and hold nothing of it.
func (r *Ring) Open(sealed, place string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < idSize {
		return nil, fmt.Errorf("open %s: not sealed by us: %w", place, ErrNoKey)
	}
	for _, k := range r.keys {
		if !bytes.Equal(k.id[:], raw[:idSize]) {
			continue
		}
		if plain, err := k.gcm.Open(nil, nil, raw[idSize:], []byte(place)); err == nil {
			return plain, nil
		}
	}
	return nil, fmt.Errorf("open %s: %w", place, ErrNoKey)
}

// Current reports whether a text is sealed under the first key.
func (r *Ring) Current(sealed string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	return err == nil && bytes.HasPrefix(raw, r.keys[0].id[:])
}

// String implements [fmt.Stringer].
func (r *Ring) String() string { return fmt.Sprintf("%d keys", len(r.keys)) }

// GoString implements [fmt.GoStringer].
func (r *Ring) GoString() string { return r.String() }
