package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapporteur/bot"
	"rapporteur/bot/workspace"
)

// run is one bot in one workspace.
type run struct {
	w        *workspace.Workspace
	bot      *exec.Cmd
	log      bytes.Buffer
	dir      string
	started  time.Duration
	channels []string
	database *database // nil for SQLite
}

// figures are what a run came to. Memory is in MB, CPU in milliseconds an answer, start in milliseconds.
type figures struct {
	acks, posts           []time.Duration
	rate, cpu, idle, peak float64
	start                 float64
}

// channelCount is so large that no channel gets more than its messages a second.
const channelCount = 4000

func newRun(s subject, transport string) (*run, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	r := &run{}
	if r.w, err = openWorkspace(transport, address); err != nil {
		return nil, err
	}
	for _, c := range r.w.Channels() {
		if c.IM == "" {
			r.channels = append(r.channels, c.ID)
		}
	}
	if r.dir, err = os.MkdirTemp("", "load-"); err != nil {
		return nil, err
	}
	o := r.w.Options()
	r.bot = exec.Command(s.argv[0], s.argv[1:]...) // #nosec G204 -- the program that whoever measures names
	r.bot.Dir, r.bot.Stderr = r.dir, &r.log
	if s.database != "" {
		if r.database, err = newDatabase(s.database); err != nil {
			return nil, err
		}
		s.env = append(s.env, "DATABASE_URL="+r.database.url)
	}
	r.bot.Env = append([]string{"SLACK_BOT_TOKEN=" + o.BotToken, "SLACK_API_URL=" + r.w.URL(), "ADDR=" + address, "DATA_DIR=" + r.dir}, s.env...)
	if transport == "socket" {
		r.bot.Env = append(r.bot.Env, "SLACK_APP_TOKEN="+o.AppToken)
	} else {
		r.bot.Env = append(r.bot.Env, "SLACK_SIGNING_SECRET="+o.SigningSecret)
	}
	began := time.Now()
	if err := r.bot.Start(); err != nil {
		return nil, err
	}
	if err := r.ready(transport, address); err != nil {
		r.close()
		return nil, err
	}
	r.started = time.Since(began)
	return r, nil
}

func openWorkspace(transport, address string) (*workspace.Workspace, error) {
	manifest, err := bot.Manifest(bot.App{Transport: bot.SocketMode})
	if err != nil {
		return nil, err
	}
	o, err := workspace.Options{}.WithManifest(manifest)
	if err != nil {
		return nil, err
	}
	o.Rate.Off = true
	o.People = []workspace.Person{{ID: "U0ADA", Name: "ada", RealName: "Ada"}}
	for i := range channelCount {
		o.Channels = append(o.Channels, workspace.Channel{ID: fmt.Sprintf("C%05d", i), Name: fmt.Sprint("channel-", i), Members: []string{"U0ADA", "U0BOT"}})
	}
	if transport == "http" {
		all := "http://" + address + "/slack/events"
		o.Endpoints = workspace.Endpoints{Events: all, Commands: all, Interactions: all}
	}
	return workspace.Start(o)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (r *run) ready(transport, address string) error {
	for range 3000 {
		if transport == "socket" && r.w.Connections() > 0 {
			return nil
		}
		if transport == "http" {
			if c, err := net.Dial("tcp", address); err == nil {
				return c.Close()
			}
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("the bot does not start:\n%s", r.log.String())
}

func (r *run) close() {
	if r.bot != nil && r.bot.Process != nil {
		_ = r.bot.Process.Kill()
		_ = r.bot.Wait()
	}
	r.w.Close()
	_ = os.RemoveAll(r.dir)
	if r.database != nil {
		r.database.drop()
	}
}

var questions = []string{"who organized the side event?", "where was it held?", "what does a passport cost?", "how can data and research help?"}

// open is how many questions are open at a time where the bot sets the pace.
const open = 50

// measure asks: at a pace; as fast as answers come, for every == 0; or all at once, for every < 0.
func (r *run) measure(every time.Duration, n int) (figures, error) {
	if err := r.ask(100, 5*time.Millisecond); err != nil { // to warm up
		return figures{}, err
	}
	f := figures{start: float64(r.started.Milliseconds()), idle: r.memory("VmRSS")}
	before, skip, began := r.cpu(), len(r.w.Acks()), time.Now()
	peak := make(chan float64)
	done := make(chan struct{})
	go func() { peak <- r.watch(done) }()
	err := r.ask(n, every)
	took := time.Since(began)
	close(done)
	f.peak = <-peak
	if err != nil {
		return f, err
	}
	f.rate, f.cpu = float64(n)/took.Seconds(), float64((r.cpu()-before).Microseconds())/1000/float64(n)
	for _, a := range r.w.Acks()[skip:] {
		f.acks = append(f.acks, a.Latency)
	}
	f.posts = r.latencies(n)
	return f, nil
}

// ask asks n questions and waits until all are answered.
func (r *run) ask(n int, every time.Duration) error {
	target := r.answers() + n
	next := time.Now()
	for i := range n {
		if every > 0 {
			next = next.Add(every)
			time.Sleep(time.Until(next))
		}
		for every == 0 && i-(r.answers()-target+n) >= open {
			time.Sleep(time.Millisecond)
		}
		if _, err := r.w.Say("ada", r.channels[i%len(r.channels)], "", r.w.Mention()+" "+questions[i%len(questions)]); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	for r.answers() < target {
		if ctx.Err() != nil {
			return fmt.Errorf("%d answers are missing:\n%s", target-r.answers(), tail(r.log.String()))
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

// answers is how many messages the bot posted.
func (r *run) answers() int { return r.w.Posted() }

// latencies are the times from each of the last n questions to its answer, by the workspace's timestamps.
func (r *run) latencies(n int) []time.Duration {
	type answer struct{ asked, took time.Duration }
	var all []answer
	for _, c := range r.channels {
		for _, m := range r.w.Messages(c, "") {
			if m.Bot && m.ThreadTS != "" {
				all = append(all, answer{micros(m.ThreadTS), micros(m.TS) - micros(m.ThreadTS)})
			}
		}
	}
	slices.SortFunc(all, func(a, b answer) int { return cmp.Compare(a.asked, b.asked) })
	var took []time.Duration
	for _, a := range all[max(0, len(all)-n):] {
		took = append(took, a.took)
	}
	return took
}

func micros(ts string) time.Duration {
	n, _ := strconv.ParseInt(strings.Replace(ts, ".", "", 1), 10, 64)
	return time.Duration(n) * time.Microsecond
}

// cpu is the processor time of the bot's process so far (proc_pid_stat(5), fields 14 and 15).
func (r *run) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.bot.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / 100 // clock ticks are hundredths of a second on Linux
}

// memory is a line of /proc/PID/status, in MB.
func (r *run) memory(line string) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.bot.Process.Pid))
	if err != nil {
		return 0
	}
	lines := strings.Split(string(raw), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, line+":") })
	if i < 0 {
		return 0
	}
	kb, _ := strconv.Atoi(strings.Fields(lines[i])[1])
	return float64(kb) / 1024
}

// watch is the most resident memory until done is closed.
func (r *run) watch(done <-chan struct{}) (peak float64) {
	for {
		peak = max(peak, r.memory("VmRSS"))
		select {
		case <-done:
			return peak
		case <-time.After(20 * time.Millisecond):
		}
	}
}
