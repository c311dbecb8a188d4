package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"rapporteur/bot/workspace/browser"
)

// screen collects what a command prints, while it runs.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

var pageAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)

func (s *screen) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *screen) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return pageAddress.FindString(s.b.String())
}

// browse runs the command without tokens, as a newcomer does, and opens its page.
func browse(t *testing.T, width, height int64) *browser.Page {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	address := tryIt(t)
	t.Chdir(here)
	p := browser.Open(t, address, width, height)
	p.Miss("#connection", "is not connected") // as Slack does, the workspace repeats what nobody took in a minute later
	return p
}

// tryIt runs the command without tokens until the test ends, and returns the address that it prints.
func tryIt(t *testing.T) string {
	t.Chdir(t.TempDir())
	ctx, stop := context.WithCancel(context.Background())
	out := &screen{}
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"--workspace", "127.0.0.1:0"}, func(string) string { return "" }, console{strings.NewReader(""), out, io.Discard})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitAnswered {
			t.Errorf("the bot ended with code %d", code)
		}
	})
	for range 500 {
		if address := out.address(); address != "" {
			return address
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("no address was printed")
	return ""
}

// command is one of the browser's own.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[R] {
	return func(ctx context.Context, tab *chromedp.Target) (R, error) { return cdp.Call(ctx, tab, c, params) }
}

const desk, high = 1280, 860

func TestBrowserAsk(t *testing.T) {
	p := browse(t, desk, high)
	p.See("#messages .message", "Here are three things to try")
	p.Shoot("welcome")
	if text := browser.Get(p, chromedp.Text(chromedp.CSS("body"))); regexp.MustCompile(`(?m)^\s*(false|null|undefined|\[object)`).MatchString(text) {
		t.Errorf("the page shows what only a program reads:\n%s", text)
	}
	p.Say(browser.Composer, "@Rapporteur who organized the side event?")
	p.See("#thread blockquote", "The Government of Turkey organized the side event")
	p.See("#thread .message", "[1] Reflecting on the Necessity of International Cooperation")
	p.See("#messages .replies", "1 reply")
	p.Shoot("ask")
	p.Say(browser.ThreadComposer, "and where was it held?")
	p.See("#thread blockquote", "took place in Vienna on 4 September 2017")
	p.Shoot("follow-up")
	p.Press("Show in context")
	p.See("#modal[open]", "In context")
	p.See("#modal[open]", "Just before")
	p.Shoot("context")
	p.Do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotPresent(chromedp.CSS("#modal[open]")))
	p.Press("View JSON")
	p.See("#json[open] pre", `"rich_text_quote"`)
	p.Shoot("json")
}

func TestBrowserSilent(t *testing.T) {
	p := browse(t, desk, high)
	p.Say(browser.Composer, "@Rapporteur what does a passport cost?")
	p.See("#thread .message", "The report is silent on this")
	p.Shoot("silent")
}

func TestBrowserCommand(t *testing.T) {
	p := browse(t, desk, high)
	p.Do(chromedp.SendKeys(chromedp.CSS(browser.Composer), "/rec"))
	p.See("[role=option]", "/recommendation")
	p.Shoot("completion")
	p.Do(chromedp.SendKeys(chromedp.CSS(browser.Composer), kb.Tab))
	p.Say(browser.Composer, "b")
	p.See(".message.private", "Only visible to you")
	p.See(".message.private blockquote", "Judicial cooperation and joint investigation")
	p.Shoot("private")
	p.Press("Share in channel")
	p.See(".message.private", "Shared in the channel.")
	p.See(".message:not(.private)", "Ada asked:")
	p.Shoot("shared")
}

// TestBrowserTry clicks what the welcome offers, and the same on the Home tab.
func TestBrowserTry(t *testing.T) {
	p := browse(t, desk, high)
	p.Press("Who organized the side event?")
	p.See(".message.private blockquote", "The Government of Turkey")
	p.Do(chromedp.Click(chromedp.CSS("#apps button")), chromedp.Click(chromedp.CSS("#tab-home")))
	p.See("#home", "I do not interpret")
	p.Shoot("home")
	p.Press("Who organized the side event?")
	p.See("#modal[open] blockquote", "The Government of Turkey")
	p.Press("Close")
	p.Do(chromedp.WaitNotPresent(chromedp.CSS("#modal[open]")), chromedp.Click(chromedp.CSS("#tab-messages")))
	p.Say(browser.Composer, "who took part?")
	p.See("#messages blockquote", "Around 50 representatives")
	p.Shoot("direct")
}

// TestBrowserSettings changes settings on the Home tab, and sees what they do; then it rates an answer.
func TestBrowserSettings(t *testing.T) {
	p := browse(t, desk, high)
	p.Do(chromedp.Click(chromedp.CSS("#apps button")), chromedp.Click(chromedp.CSS("#tab-home")))
	p.See("#home", "Questions are not kept.")
	p.Press("Settings")
	p.See("#modal[open]", "Where to point people when the report is silent")
	p.Do(chromedp.SetValue(chromedp.CSS(`#modal [data-block=ask_in]`), "C0REPORTS"))
	p.Shoot("settings")
	p.Press("Save")
	p.Do(chromedp.WaitNotPresent(chromedp.CSS("#modal[open]")), chromedp.Click(chromedp.CSS("#tab-messages")))
	p.Say(browser.Composer, "what does a passport cost?")
	p.See("#messages .message", "You can also ask people in #reports")
	p.Press("Not helpful")
	p.See("#messages .message.private", "Thank you for telling.")
	p.Shoot("rated")
}

// TestBrowserKeyboard does all with keys: no click, no field addressed by the test.
func TestBrowserKeyboard(t *testing.T) {
	p := browse(t, desk, high)
	focused := func(wants string) {
		t.Helper()
		got := browser.Get(p, chromedp.Evaluate[string](`(document.activeElement.id || "") + " " + document.activeElement.innerText`))
		if !strings.Contains(got, wants) {
			t.Fatalf("the focus is on %q; want %q", got, wants)
		}
	}
	focused("composer")
	p.Keys("@", "r")
	p.See("[role=option]", "@Rapporteur")
	p.Keys(kb.Enter, "where was the event held?", kb.Enter)
	p.See("#thread blockquote", "took place in Vienna")
	focused("composer")
	p.Press("1 reply") // opens with the keyboard's focus in the thread
	focused("thread-composer")
	p.Keys(kb.Escape)
	p.Do(chromedp.WaitNotVisible(chromedp.CSS("#thread")))
	focused("1 reply")
	p.Shoot("keyboard")
}

func TestBrowserPhone(t *testing.T) {
	p := browse(t, 375, 720)
	p.Do(chromedp.WaitNotVisible(chromedp.CSS("#side")))
	p.Shoot("phone")
	p.Say(browser.Composer, "@Rapporteur who co-hosted the event?")
	p.Press("1 reply")
	p.See("#thread blockquote", "co-hosted it")
	p.Shoot("phone-thread")
	if browser.Get(p, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`)) {
		t.Error("the page is wider than the phone")
	}
	p.Do(chromedp.Click(chromedp.CSS("#close-thread")), chromedp.Click(chromedp.CSS("#menu")), chromedp.WaitVisible(chromedp.CSS("#side")))
	p.Shoot("phone-menu")
}

// TestBrowserLoad holds the page's first load under 200 kB, and all of it on this machine.
func TestBrowserLoad(t *testing.T) {
	p := browse(t, desk, high)
	var mu sync.Mutex
	bytesIn := int64(0)
	err := chromedp.Listen(p.Context(), func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *network.EventDataReceived:
			bytesIn += e.DataLength
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, "http://127.0.0.1:") && !strings.HasPrefix(u, "data:") {
				t.Errorf("the page loads %s", u)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	browser.Get(p, command(network.Enable, network.EnableParams{}))
	browser.Get(p, command(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}))
	p.Do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(browser.Composer)))
	p.See("#messages .message", "three things")
	mu.Lock()
	defer mu.Unlock()
	t.Logf("first load: %d bytes", bytesIn)
	if bytesIn == 0 || bytesIn > 200_000 {
		t.Errorf("the first load is %d bytes; want some, and fewer than 200,000", bytesIn)
	}
}
