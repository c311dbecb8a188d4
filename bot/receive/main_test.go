package receive

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shared returns the path of a file or folder in the folder "shared" beside one of the package's parents, and skips the
// test where there is none.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		at := filepath.Join(dir, "shared", path)
		if _, err := os.Stat(at); err == nil {
			return at
		}
	}
	t.Skip("no folder \"shared\" with " + path)
	return ""
}

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// leaksNone fails if the log holds one of the words.
func (j *journal) leaksNone(t *testing.T, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(j.String(), word) {
			t.Errorf("the log holds %q:\n%s", word, j)
		}
	}
}

// inbox takes deliveries in and remembers them.
type inbox struct {
	mu     sync.Mutex
	taken  []Delivery
	refuse bool
}

func (in *inbox) deliver(d Delivery) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.refuse {
		return false
	}
	in.taken = append(in.taken, d)
	return true
}

func (in *inbox) all() []Delivery {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]Delivery(nil), in.taken...)
}

// keeping keeps what a function takes in.
func keeping(take func(Delivery) bool) Keep {
	return func(d Delivery) <-chan error {
		kept := make(chan error, 1)
		if take(d) {
			kept <- nil
		} else {
			kept <- errors.New("refused")
		}
		return kept
	}
}
