package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rapporteur/bot/keyring"
)

func keys(t *testing.T, all ...string) *keyring.Ring {
	t.Helper()
	r, err := keyring.Parse(strings.Join(all, ","))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func installation(team string) Installation {
	return Installation{
		Team: team, Name: "The team " + team, BotUser: "UBOT" + team, Installer: "U1",
		Tokens: Tokens{Access: "xoxb-secret-" + team, Refresh: "xoxe-secret-" + team, Expires: time.UnixMilli(4102444800000)},
	}
}

func TestInstallation(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		old, next := keyring.New(), keyring.New()
		where.Keys = keys(t, old)
		s := open(t, where)
		if _, err := s.Installation(t.Context(), "T1"); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("nobody let it in: %v", err)
		}
		for _, team := range []string{"T1", "T2"} {
			if err := s.Install(t.Context(), installation(team)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Installation(t.Context(), "T1")
		if diff := cmp.Diff(installation("T1"), got, cmpopts.IgnoreFields(Installation{}, "Installed")); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		for _, format := range []string{"%v", "%+v", "%#v"} {
			if text := fmt.Sprintf(format, got); strings.Contains(text, "secret") {
				t.Errorf("printed: %s", text)
			}
		}
		sealed, err := s.sealedTokens(t.Context())
		if err != nil || strings.Contains(fmt.Sprint(sealed), "secret") || len(sealed) != 2 {
			t.Errorf("kept unsealed: %v, %v", sealed, err)
		}

		s.keys = keys(t, next, old)
		if n, err := s.Reseal(t.Context()); n != 2 || err != nil {
			t.Errorf("resealed %d, %v", n, err)
		}
		s.keys = keys(t, next)
		if got, err := s.Installation(t.Context(), "T2"); err != nil || got.Tokens.Access != installation("T2").Tokens.Access {
			t.Errorf("after the rotation of keys: %v", err)
		}
		if _, err := s.db.ExecContext(t.Context(), `UPDATE installation SET tokens = $1 WHERE team = 'T2'`, sealedOf(t, s, "T1")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Installation(t.Context(), "T2"); !errors.Is(err, keyring.ErrNoKey) {
			t.Errorf("another workspace's tokens were opened: %v", err)
		}
		s.keys = keys(t, keyring.New())
		if n, err := s.Reseal(t.Context()); n != 0 || err == nil || !strings.Contains(err.Error(), "T1") {
			t.Errorf("no key opens them: %d, %v", n, err)
		}
		s.keys = nil
		if err := s.Install(t.Context(), installation("T3")); err == nil {
			t.Error("tokens were kept without a key")
		}
	})
}

func sealedOf(t *testing.T, s *Store, team string) string {
	t.Helper()
	all, err := s.sealedTokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all[team]
}

// TestRenew lets one of several ask for the next tokens, and none bring back what was sent away.
func TestRenew(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		where.Keys = keys(t, keyring.New())
		s := open(t, where)
		if err := s.Install(t.Context(), installation("T1")); err != nil {
			t.Fatal(err)
		}
		i, err := s.Installation(t.Context(), "T1")
		if err != nil {
			t.Fatal(err)
		}
		claim := func(want bool) {
			t.Helper()
			if ok, err := s.Claim(t.Context(), i, time.Minute); ok != want || err != nil {
				t.Errorf("claimed: %v, %v; want %v", ok, err, want)
			}
		}
		claim(true)
		claim(false)
		next := Tokens{Access: "xoxb-2", Refresh: "xoxe-2", Expires: i.Tokens.Expires.Add(time.Hour)}
		if err := s.Renew(t.Context(), i, next); err != nil {
			t.Fatal(err)
		}
		claim(false) // of the tokens before
		if i, err = s.Installation(t.Context(), "T1"); err != nil || i.Tokens.Access != "xoxb-2" || !i.Tokens.Expires.Equal(next.Expires) {
			t.Errorf("renewed: %v", err)
		}
		claim(true)
		if err := s.Revoke(t.Context(), "T1", time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := s.Renew(t.Context(), i, next); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Installation(t.Context(), "T1"); !errors.Is(err, ErrNotInstalled) {
			t.Errorf("renewing brought it back: %v", err)
		}
	})
}
