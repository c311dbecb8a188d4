package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rapporteur/bot"
	"rapporteur/bot/store/storetest"
	"rapporteur/bot/workspace"
)

// chaos is a workspace in which everything goes wrong, and the bots in it, each a process of its own.
type chaos struct {
	*testing.T
	w       *workspace.Workspace
	program string
	env     []string
	asked   sync.Map // by the question's timestamp, its channel
}

// newChaos opens a workspace with many channels, for a channel takes one message a second.
func newChaos(t *testing.T, channels int, settings ...string) *chaos {
	t.Helper()
	program := filepath.Join(t.TempDir(), "rapporteur")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %s", out)
	}
	manifest, err := bot.Manifest(bot.App{Transport: bot.SocketMode})
	if err != nil {
		t.Fatal(err)
	}
	o, err := workspace.Options{}.WithManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	o.People = []workspace.Person{{ID: "U0ADA", Name: "ada", RealName: "Ada"}}
	for i := range channels {
		o.Channels = append(o.Channels, workspace.Channel{ID: fmt.Sprintf("C%04d", i), Name: fmt.Sprint("channel-", i), Members: []string{"U0ADA", "U0BOT"}})
	}
	o.AckDeadline = time.Second // less patient than Slack, and it asks more often: the test shall not take hours
	o.Retries = slices.Repeat([]time.Duration{500 * time.Millisecond}, 60)
	w, err := workspace.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	c := &chaos{T: t, w: w, program: program}
	c.env = append([]string{"SLACK_BOT_TOKEN=" + w.Options().BotToken, "SLACK_APP_TOKEN=" + w.Options().AppToken, "SLACK_API_URL=" + w.URL()}, settings...)
	return c
}

// process is a bot that may die at any moment.
type process struct {
	*exec.Cmd
	log bytes.Buffer
}

func (c *chaos) run() *process {
	p := &process{Cmd: exec.Command(c.program)}
	p.Dir, p.Env, p.Stderr = c.TempDir(), c.env, &p.log
	if err := p.Start(); err != nil {
		c.Fatal(err)
	}
	return p
}

func (p *process) kill() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// trouble makes something go wrong.
func (c *chaos) trouble() {
	switch rand.N(9) {
	case 0:
		c.w.Break("chat.postMessage", 1+rand.N(3), workspace.Fault{Status: 429, RetryAfter: time.Second})
	case 1:
		c.w.Break("chat.postMessage", 1, workspace.Fault{Drop: true, After: true}) // posted, and nobody knows
	case 2:
		c.w.Break("chat.postMessage", 1, workspace.Fault{Status: 503})
	case 3:
		c.w.Break("chat.postMessage", 2, workspace.Fault{Delay: 300 * time.Millisecond})
	case 4:
		c.w.Duplicate(2, workspace.SameEventID)
	case 5:
		c.w.Duplicate(2, workspace.NewEventID)
	case 6:
		c.w.LoseAcks(1 + rand.N(3))
	case 7:
		c.w.DropConnections()
	case 8:
		c.w.Break("conversations.replies", 1, workspace.Fault{Status: 500})
	}
}

// ask asks all questions, spread over the channels and over a time.
func (c *chaos) ask(n int, over time.Duration) {
	questions := []string{"who organized the side event?", "where was it held?", "what does a passport cost?", "how can data help?"}
	channels := c.w.Channels()
	channels = slices.DeleteFunc(channels, func(one workspace.Channel) bool { return one.IM != "" })
	for i := range n {
		channel := channels[i%len(channels)].ID
		ts, err := c.w.Say("ada", channel, "", "@Rapporteur "+questions[i%len(questions)])
		if err != nil {
			c.Error(err)
			return
		}
		c.asked.Store(ts, channel)
		if rand.N(4) == 0 {
			c.trouble()
		}
		time.Sleep(over / time.Duration(n))
	}
}

// count counts the questions that were acknowledged, and how often each of them was answered.
func (c *chaos) count() (acknowledged, unanswered, twice int) {
	answers := map[string]int{}
	for _, channel := range c.w.Channels() {
		for _, m := range c.w.Messages(channel.ID, "") {
			var about struct {
				Payload struct {
					Question string `json:"question"`
				} `json:"event_payload"`
			}
			if m.Bot && json.Unmarshal(m.Metadata, &about) == nil {
				answers[about.Payload.Question]++
			}
		}
	}
	acked := map[string]bool{}
	for _, a := range c.w.Acks() {
		var p struct {
			Event struct {
				TS string `json:"ts"`
			} `json:"event"`
		}
		if a.Outcome == workspace.Acked && json.Unmarshal(a.Payload, &p) == nil {
			acked[p.Event.TS] = true
		}
	}
	c.asked.Range(func(ts, _ any) bool {
		n := answers[ts.(string)]
		if acked[ts.(string)] {
			acknowledged++
			if n == 0 {
				unanswered++
			}
		}
		if n > 1 {
			twice++
		}
		return true
	})
	return acknowledged, unanswered, twice
}

// conclude waits until every acknowledged question is answered, and reports.
func (c *chaos) conclude(kills int, patience time.Duration) {
	c.Helper()
	c.w.Mend()
	var acknowledged, unanswered, twice int
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(250 * time.Millisecond) {
		if acknowledged, unanswered, twice = c.count(); unanswered == 0 && acknowledged == chaosQuestions {
			time.Sleep(2 * time.Second) // for what comes twice
			acknowledged, unanswered, twice = c.count()
			break
		}
	}
	c.Logf("%d questions, %d acknowledged, %d of them unanswered, %d answered twice; %d kills", chaosQuestions, acknowledged, unanswered, twice, kills)
	if unanswered > 0 || twice > 0 || acknowledged < chaosQuestions {
		c.Errorf("want all acknowledged, none unanswered, none twice")
	}
}

// TestChaos kills the bot at random moments while everything else goes wrong too.
func TestChaos(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killing(newChaos(t, chaosQuestions/5, "DATA_DIR="+t.TempDir()), time.Minute) })
	t.Run("postgres", func(t *testing.T) {
		killing(newChaos(t, chaosQuestions/5, "DATABASE_URL="+storetest.Postgres(t)), 2*time.Minute)
	})
}

func killing(c *chaos, patience time.Duration) {
	var asking sync.WaitGroup
	asking.Go(func() { c.ask(chaosQuestions, chaosKills*600*time.Millisecond) })
	for range chaosKills {
		p := c.run()
		time.Sleep(200*time.Millisecond + rand.N(700*time.Millisecond))
		p.kill()
	}
	last := c.run()
	asking.Wait()
	c.conclude(chaosKills, patience)
	_ = last.Process.Signal(syscall.SIGTERM)
	if err := last.Wait(); err != nil {
		c.Errorf("the bot ended with %v", err)
	}
	if strings.Contains(last.log.String(), "xoxb-") || strings.Contains(last.log.String(), "passport") {
		c.Error("the log holds a token or a question")
	}
	if c.Failed() {
		_ = os.MkdirAll(filepath.Join("..", "..", "artifacts"), 0o755)
		_ = os.WriteFile(filepath.Join("..", "..", "artifacts", "chaos.log"), last.log.Bytes(), 0o644)
	}
}

// TestReplicas runs three bots on one database, and kills one and pauses one at a time.
func TestReplicas(t *testing.T) {
	c := newChaos(t, chaosQuestions/5, "DATABASE_URL="+storetest.Postgres(t))
	bots := []*process{c.run(), c.run(), c.run()}
	defer func() {
		for _, p := range bots {
			_ = p.Process.Signal(syscall.SIGCONT)
			p.kill()
		}
	}()
	await(t, c.w, "three connections", func() bool { return c.w.Connections() == 3 })
	var asking sync.WaitGroup
	asking.Go(func() { c.ask(chaosQuestions, chaosKills*time.Second) })
	for range chaosKills {
		one, other := rand.N(3), rand.N(3)
		_ = bots[one].Process.Signal(syscall.SIGSTOP)
		time.Sleep(rand.N(time.Second))
		_ = bots[one].Process.Signal(syscall.SIGCONT)
		bots[other].kill()
		bots[other] = c.run()
		time.Sleep(rand.N(500 * time.Millisecond))
	}
	asking.Wait()
	c.conclude(chaosKills, 2*time.Minute)
}
