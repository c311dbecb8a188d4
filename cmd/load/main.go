// Load measures the bot under load, side by side with a bot on slack-go that answers every mention with the same words, looks
// nothing up and keeps nothing: how long until an event is acknowledged, how long until its answer is posted, how many
// answers a second, how much time and memory. Both run as processes of their own, against the local workspace, and so share
// the machine with it; compare the figures of one run.
//
//	go build -o /tmp/rapporteur ./cmd/rapporteur
//	go run ./cmd/load -program /tmp/rapporteur [-database postgres://…]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	program := flag.String("program", "", "the bot, built")
	database := flag.String("database", "", "of PostgreSQL, to measure that too")
	only := flag.String("only", "", "measure only loads whose name begins with this, such as 50")
	echo := flag.String("echo", "", "be the echo bot over this transport")
	flag.Parse()
	if *echo != "" {
		exit(runEcho(context.Background(), *echo))
	}
	if *program == "" {
		exit(fmt.Errorf("-program is missing: go build -o FILE ./cmd/rapporteur, and name FILE"))
	}
	exit(measure(*program, *database, *only))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// subject is a bot to measure.
type subject struct {
	name string
	argv []string
	env  []string

	database string // the server of PostgreSQL on which to make a database for each run; "" for none
}

func measure(program, database, only string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Println("| bot | transport | events a second | ack p50 / p99 ms | event to posted p50 / p99 ms | CPU ms an answer | resident MB idle / peak | start ms |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, transport := range []string{"socket", "http"} {
		subjects := []subject{
			{name: "echo on slack-go", argv: []string{self, "-echo", transport}},
			{name: "rapporteur, SQLite", argv: []string{program}},
		}
		if database != "" {
			subjects = append(subjects, subject{name: "rapporteur, PostgreSQL", argv: []string{program}, database: database})
		}
		for _, s := range subjects {
			if err := trial(s, transport, only); err != nil {
				return fmt.Errorf("%s over %s: %w", s.name, transport, err)
			}
		}
	}
	return nil
}

// trial measures a bot at some rates, and then as fast as it can with fifty questions open at a time.
func trial(s subject, transport, only string) error {
	for _, load := range []struct {
		name   string
		every  time.Duration // 0 for as fast as it answers
		events int
	}{{"1", time.Second, 15}, {"10", 100 * time.Millisecond, 150}, {"50", 20 * time.Millisecond, 1000}, {"all it can", 0, 4000}, {"10,000 at once", -1, 10_000}} {
		if !strings.HasPrefix(load.name, only) {
			continue
		}
		r, err := newRun(s, transport)
		if err != nil {
			return err
		}
		f, err := r.measure(load.every, load.events)
		r.close()
		if err != nil {
			return fmt.Errorf("%s a second: %w", load.name, err)
		}
		rate := load.name
		if load.every <= 0 {
			rate = fmt.Sprintf("%s: %.0f", load.name, f.rate)
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %.2f | %.0f / %.0f | %.0f |\n", s.name, transport, rate, spread(f.acks), spread(f.posts), f.cpu, f.idle, f.peak, f.start)
	}
	return nil
}

func spread(d []time.Duration) string {
	if len(d) == 0 {
		return "–"
	}
	slices.Sort(d)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%.2f / %.1f", ms(d[len(d)/2]), ms(d[len(d)*99/100]))
}
