package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rapporteur/bot/keyring"
)

// TestLeave forgets all of a workspace, but not one that was installed anew since.
func TestLeave(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		where.Keys = keys(t, keyring.New())
		s := open(t, where)
		for _, team := range []string{"T1", "T2"} {
			fill(t, s, team)
		}
		if err := s.Leave(t.Context(), "T1", time.Now().Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Installation(t.Context(), "T1"); err != nil {
			t.Errorf("an old event sent a new installation away: %v", err)
		}
		if err := s.Leave(t.Context(), "T1", time.Now()); err != nil {
			t.Fatal(err)
		}
		for team, want := range map[string]bool{"T1": false, "T2": true} {
			if got := filled(t, s, team); got != [4]bool{want, want, want, want} {
				t.Errorf("%s: kept %v", team, got)
			}
		}
	})
}

func fill(t *testing.T, s *Store, team string) {
	t.Helper()
	if err := errors.Join(
		s.Install(t.Context(), installation(team)),
		s.SaveSettings(t.Context(), team, Settings{Editors: []string{"U1", "U2"}, AskIn: "C1"}, 30),
		s.KeepQuestion(t.Context(), Question{Team: team, Exchange: "C1 1.2", Person: "U1", Words: "who?"}, 30),
		s.KeepFeedback(t.Context(), Feedback{Team: team, Exchange: "C1 1.2", Person: "U1", Comment: "wrong"}, 30),
	); err != nil {
		t.Fatal(err)
	}
}

// filled says what there is: installation, settings, questions, feedback.
func filled(t *testing.T, s *Store, team string) (has [4]bool) {
	t.Helper()
	_, err := s.Installation(t.Context(), team)
	has[0] = err == nil
	set, _ := s.Settings(t.Context(), team)
	has[1] = set.AskIn != ""
	questions, _ := s.Questions(t.Context(), team)
	has[2] = len(questions) > 0
	feedback, _ := s.Feedback(t.Context(), team)
	has[3] = len(feedback) > 0
	return has
}

func TestForget(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		where.Keys = keys(t, keyring.New())
		s := open(t, where)
		for _, team := range []string{"T1", "T2"} {
			fill(t, s, team)
		}
		in := start(t, s, func(context.Context, Item) error { return ErrHopeless }, hasty)
		for _, person := range []string{"U1", "U2"} {
			i := item("k"+person, person)
			i.Team, i.Person = "T1", person
			mustPut(t, in, i)
		}
		eventually(t, "both were set aside", func() bool { aside, _, err := s.Aside(t.Context()); return err == nil && len(aside) == 2 })
		got, err := s.Forget(t.Context(), "T1", "U1")
		if want := (Forgotten{Questions: 1, Feedback: 1, Aside: 1, Settings: 1}); got != want || err != nil {
			t.Errorf("forgot %+v, %v; want %+v", got, err, want)
		}
		if got := filled(t, s, "T2"); got != [4]bool{true, true, true, true} {
			t.Errorf("another workspace's: %v", got)
		}
		if set, err := s.Settings(t.Context(), "T1"); err != nil || !slices.Equal(set.Editors, []string{"U2"}) || set.AskIn != "C1" {
			t.Errorf("settings: %+v, %v", set, err)
		}
		got, err = s.Forget(t.Context(), "", "U1")
		if want := (Forgotten{Questions: 1, Feedback: 1, Settings: 1}); got != want || err != nil {
			t.Errorf("forgot %+v, %v; want %+v", got, err, want)
		}
	})
}

// TestForgottenInFiles looks for a person's words in the files of the database.
func TestForgottenInFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	const words = "CANARY of somebody"
	for i := range 200 {
		if err := s.KeepQuestion(t.Context(), Question{Team: "T1", Exchange: fmt.Sprint(i), Person: "U1", Words: words}, 30); err != nil {
			t.Fatal(err)
		}
	}
	if !inFiles(t, dir, words) {
		t.Fatal("the words were never there: this test shows nothing")
	}
	if f, err := s.Forget(t.Context(), "", "U1"); err != nil || f.Questions != 200 {
		t.Fatalf("forgot %+v, %v", f, err)
	}
	if inFiles(t, dir, words) {
		t.Error("the words still stand in a file")
	}
}

func inFiles(t *testing.T, dir, words string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), words) {
			return true
		}
	}
	return false
}

// TestKeptAsLong keeps words for the days that were said, and shortens what is kept when they get fewer.
func TestKeptAsLong(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		s := open(t, where)
		if err := errors.Join(
			s.KeepQuestion(t.Context(), Question{Team: "T1", Exchange: "none"}, 0),
			s.KeepQuestion(t.Context(), Question{Team: "T1", Exchange: "old"}, 30),
			s.KeepQuestion(t.Context(), Question{Team: "T1", Exchange: "new"}, 30),
			s.KeepQuestion(t.Context(), Question{Team: "T1", Exchange: "new", Words: "told again"}, 30),
			s.KeepFeedback(t.Context(), Feedback{Team: "T1", Exchange: "old", Comment: "words"}, 0),
			s.KeepFeedback(t.Context(), Feedback{Team: "T1", Exchange: "new", Comment: "words"}, 30),
		); err != nil {
			t.Fatal(err)
		}
		const age = `UPDATE question SET asked_at = asked_at - 864000000, keep_until = keep_until - 864000000 WHERE exchange = 'old'` // ten days
		if _, err := s.db.ExecContext(t.Context(), age); err != nil {
			t.Fatal(err)
		}
		check := func(questions []string, comments []string) {
			t.Helper()
			var gotQuestions, gotComments []string
			all, err := s.Questions(t.Context(), "T1")
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range all {
				gotQuestions = append(gotQuestions, q.Exchange+q.Words)
			}
			feedback, err := s.Feedback(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range feedback {
				gotComments = append(gotComments, f.Exchange+" "+f.Comment)
			}
			slices.Sort(gotComments)
			if !slices.Equal(gotQuestions, questions) || !slices.Equal(gotComments, comments) {
				t.Errorf("kept %q and %q; want %q and %q", gotQuestions, gotComments, questions, comments)
			}
		}
		check([]string{"old", "new"}, []string{"new words", "old "})
		if err := s.SaveSettings(t.Context(), "T2", Settings{}, 0); err != nil {
			t.Fatal(err)
		}
		check([]string{"old", "new"}, []string{"new words", "old "})
		if err := s.SaveSettings(t.Context(), "T1", Settings{}, 7); err != nil {
			t.Fatal(err)
		}
		check([]string{"new"}, []string{"new words", "old "})
		if err := s.Shorten(t.Context(), "", 0); err != nil {
			t.Fatal(err)
		}
		check(nil, []string{"new ", "old "})
	})
}

// TestWorkspacesApart is a law: whatever happens in one workspace, nothing that is read of another changes by it.
func TestWorkspacesApart(t *testing.T) {
	engines(t, func(t *testing.T, where Options) {
		where.Keys = keys(t, keyring.New())
		s := open(t, where)
		seed := rand.Uint64()
		dice := rand.New(rand.NewPCG(seed, 0))
		t.Logf("seed %d", seed)
		for range 300 {
			team, other := "T1", "T2"
			if dice.IntN(2) == 0 {
				team, other = other, team
			}
			before := seen(t, s, other)
			what := happen(t, s, dice, team)
			if diff := cmp.Diff(before, seen(t, s, other)); diff != "" {
				t.Fatalf("%s in %s shows in %s (-before +after):\n%s", what, team, other, diff)
			}
			if words := fmt.Sprint(seen(t, s, team)); strings.Contains(words, "of "+other) {
				t.Fatalf("%s sees words of %s: %s", team, other, words)
			}
		}
	})
}

// seen is all that a workspace can read.
func seen(t *testing.T, s *Store, team string) []any {
	t.Helper()
	i, err := s.Installation(t.Context(), team)
	if err != nil && !errors.Is(err, ErrNotInstalled) {
		t.Fatal(err)
	}
	set, err1 := s.Settings(t.Context(), team)
	questions, err2 := s.Questions(t.Context(), team)
	feedback, err3 := s.Feedback(t.Context(), team)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return []any{i.Installed, i.Name, i.Tokens.Access, set, questions, feedback}
}

// happen does one thing in a workspace. The people and the places have the same names in all.
func happen(t *testing.T, s *Store, dice *rand.Rand, team string) (what string) {
	t.Helper()
	n, words := fmt.Sprint(dice.IntN(5)), fmt.Sprintf("%d of %s", dice.IntN(1000), team)
	var err error
	switch what = []string{"install", "revoke", "leave", "settings", "question", "question", "feedback", "shorten", "forget", "renew"}[dice.IntN(10)]; what {
	case "install":
		i := installation(team)
		i.Name = words
		err = s.Install(t.Context(), i)
	case "renew":
		var i Installation
		if i, err = s.Installation(t.Context(), team); err == nil {
			err = s.Renew(t.Context(), i, Tokens{Access: words})
		}
		if errors.Is(err, ErrNotInstalled) {
			err = nil
		}
	case "revoke":
		err = s.Revoke(t.Context(), team, time.Now())
	case "leave":
		err = s.Leave(t.Context(), team, time.Now())
	case "settings":
		err = s.SaveSettings(t.Context(), team, Settings{Editors: []string{"U" + n}, AskIn: words}, dice.IntN(30))
	case "question":
		err = s.KeepQuestion(t.Context(), Question{Team: team, Exchange: n, Person: "U" + n, Words: words}, 1+dice.IntN(30))
	case "feedback":
		err = s.KeepFeedback(t.Context(), Feedback{Team: team, Exchange: n, Person: "U" + n, Comment: words}, dice.IntN(30))
	case "shorten":
		err = s.Shorten(t.Context(), team, dice.IntN(2))
	case "forget":
		_, err = s.Forget(t.Context(), team, "U"+n)
	}
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return what
}

// TestMigratesForward brings a database of the first version up to date, with what it holds.
func TestMigratesForward(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Options{Dir: dir})
	for _, q := range []string{
		`DROP TABLE installation`, `DROP TABLE settings`, `DROP TABLE feedback`, `DROP TABLE question`,
		`ALTER TABLE inbox DROP COLUMN team`, `ALTER TABLE inbox DROP COLUMN person`, `DELETE FROM goose_db_version WHERE version_id > 1`,
		`INSERT INTO inbox_key (key, seen_at) VALUES ('seen before', unix_ms())`,
	} {
		if _, err := s.db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, Options{Dir: dir})
	if got := filled(t, again, "T1"); got != [4]bool{} {
		t.Errorf("there is %v", got)
	}
	in := start(t, again, func(context.Context, Item) error { t.Error("worked on what was seen before"); return nil }, hasty)
	mustPut(t, in, item("seen before", "a"))
}
