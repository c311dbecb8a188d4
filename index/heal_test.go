package index_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapporteur/content"
	"rapporteur/index"
)

// TestDamaged damages each file of a stored index in many ways: each time it is built anew, and answers.
func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	ask := func(what string) {
		t.Helper()
		x, err := index.Open(t.Context(), large("zebra"), dir)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		defer x.Close()
		if a, err := x.Answer(t.Context(), content.Question{Text: "zebra"}); err != nil || a.Verdict != content.Answered || !strings.Contains(a.Excerpts[0].Text, "zebra") {
			t.Errorf("%s: %s, %v", what, a.Verdict, err)
		}
	}
	ask("new")
	damages := map[string]func(path string, text []byte) error{
		"missing":  func(path string, _ []byte) error { return os.Remove(path) },
		"empty":    func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) },
		"cut":      func(path string, text []byte) error { return os.WriteFile(path, text[:len(text)/2], 0o600) },
		"one flip": func(path string, text []byte) error { text[len(text)/2] ^= 1; return os.WriteFile(path, text, 0o600) },
		"last flip": func(path string, text []byte) error {
			text[len(text)-1] ^= 0xff
			return os.WriteFile(path, text, 0o600)
		},
		"zeroed": func(path string, text []byte) error { return os.WriteFile(path, make([]byte, len(text)), 0o600) },
		"page gone": func(path string, text []byte) error {
			copy(text, make([]byte, min(4096, len(text))))
			return os.WriteFile(path, text, 0o600)
		},
		"and longer": func(path string, text []byte) error { return os.WriteFile(path, append(text, "more"...), 0o600) },
	}
	n := 0
	for name, damage := range damages {
		files, _ := filepath.Glob(filepath.Join(dir, "index-*", "store", "*"))
		more, _ := filepath.Glob(filepath.Join(dir, "index-*", "*"))
		var whole []string
		for _, path := range append(files, more...) {
			if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Size() > 0 {
				whole = append(whole, path)
			}
		}
		for range 1 { // of its files, in turn: building takes half a second, and ten times that with -race
			path := whole[n%len(whole)]
			n++
			before, err := os.ReadFile(path)
			if err != nil {
				continue // the file had another name before it was built anew
			}
			if err := damage(path, bytes.Clone(before)); err != nil {
				t.Fatal(err)
			}
			ask(name + " " + filepath.Base(path))
		}
	}
}
