package keyring

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func ring(t testing.TB, keys ...string) *Ring {
	t.Helper()
	r, err := Parse(strings.Join(keys, ","))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRotation(t *testing.T) {
	old, next := New(), New()
	before, during, after := ring(t, old), ring(t, next, " "+old), ring(t, next)
	sealed := before.Seal([]byte("xoxb-token"), "installation T1")
	if strings.Contains(sealed, "xoxb") {
		t.Errorf("readable: %s", sealed)
	}
	for name, r := range map[string]*Ring{"before": before, "during": during} {
		if plain, err := r.Open(sealed, "installation T1"); err != nil || string(plain) != "xoxb-token" {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	if during.Current(sealed) || !before.Current(sealed) {
		t.Error("which key is the present one was mistaken")
	}
	if _, err := after.Open(sealed, "installation T1"); !errors.Is(err, ErrNoKey) {
		t.Errorf("opened without its key: %v", err)
	}
	if plain, err := after.Open(during.Seal([]byte("new"), "p"), "p"); err != nil || string(plain) != "new" {
		t.Errorf("not sealed under the first key: %q, %v", plain, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "secret", New() + ",", New() + ",c2hvcnQ=", New()[:40]} {
		_, err := Parse(text)
		if err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v; want a refusal that repeats nothing", text, err)
		}
	}
}

func TestPrintsNothing(t *testing.T) {
	k := New()
	r := ring(t, k)
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(format, r); got != "1 keys" {
			t.Errorf("%s: %s", format, got)
		}
	}
}

// FuzzOpen: what was not sealed for the place does not open, whatever it is; what was, does.
func FuzzOpen(f *testing.F) {
	r := ring(f, New())
	f.Add("", "here", "there")
	f.Add("words", "here", "here")
	f.Fuzz(func(t *testing.T, text, place, other string) {
		sealed := r.Seal([]byte(text), place)
		plain, err := r.Open(sealed, place)
		if err != nil || string(plain) != text {
			t.Fatalf("%q, %v", plain, err)
		}
		if _, err := r.Open(sealed, other); (err == nil) != (other == place) {
			t.Fatalf("opened at %q what was sealed for %q", other, place)
		}
		if _, err := r.Open(text, place); err == nil {
			t.Fatalf("opened %q, which was not sealed", text)
		}
	})
}
