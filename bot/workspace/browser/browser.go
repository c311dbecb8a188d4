// Package browser drives a real Chromium over the workspace's page, for tests.
//
// It uses chromedp, which speaks the DevTools protocol itself: no driver to install beside the browser, no cgo, no Node.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Page is a page in a browser. What it waits for it waits half a minute for; then the test fails, with a picture of what
// there was instead.
type Page struct {
	*testing.T
	ctx       context.Context
	artifacts string
}

// The composer of a channel, and that of a thread.
const (
	Composer       = "#composer"
	ThreadComposer = "#thread-composer"
)

// Open opens an address in a window of so many CSS pixels; the browser ends with the test. The test is skipped where there
// is no chromium, unless BROWSER_TESTS=required says that there must be one. Pictures go to the folder artifacts beside
// go.mod, which git ignores.
func Open(t *testing.T, address string, width, height int64) *Page {
	t.Helper()
	p := &Page{T: t, artifacts: filepath.Join(root(t), "artifacts")}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program(t)), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(int(width), int(height)))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	p.ctx = tab
	if err := chromedp.Do(tab); err != nil { // starts the browser, which lives as long as this context: no deadline yet
		t.Fatal(err)
	}
	p.Do(chromedp.EmulateViewport(width, height), chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(Composer)))
	return p
}

func program(t *testing.T) string {
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("BROWSER_TESTS") == "required" {
		t.Fatal("no chromium, and BROWSER_TESTS=required")
	}
	if err != nil {
		t.Skip("no chromium here")
	}
	return path
}

// root is the folder of go.mod.
func root(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return t.TempDir()
}

// Context is the tab's, for what chromedp offers and a Page does not.
func (p *Page) Context() context.Context { return p.ctx }

// Do does things one after the other.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	Get(p, chromedp.Steps(steps...))
}

// Get does one thing and returns what it gave.
func Get[T any](p *Page, action chromedp.Action[T]) T {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	got, err := chromedp.Run(ctx, action)
	if err != nil {
		p.Shoot("failed-" + p.Name())
		p.Fatal(err)
	}
	return got
}

// Shoot keeps a picture of the page under a name of its own.
func (p *Page) Shoot(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.MkdirAll(p.artifacts, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(p.artifacts, strings.ReplaceAll(name, "/", "-")+".png"), picture, 0o644)
	}
	if err != nil {
		p.Logf("no picture of %s: %v", name, err)
	}
}

// holds is whether an element that the selector names is visible and holds the words; lacks is that none does.
const (
	holds = `(s, w) => [...document.querySelectorAll(s)].some((e) => e.checkVisibility() && e.innerText.includes(w))`
	lacks = `(s, w) => ![...document.querySelectorAll(s)].some((e) => e.checkVisibility() && e.innerText.includes(w))`
)

// See waits until an element shows the words.
func (p *Page) See(selector, words string) {
	p.Helper()
	p.poll(holds, selector, words)
}

// Miss waits until no element shows the words.
func (p *Page) Miss(selector, words string) {
	p.Helper()
	p.poll(lacks, selector, words)
}

func (p *Page) poll(condition, selector, words string) {
	p.Helper()
	p.Logf("%s: %q", selector, words)
	Get(p, chromedp.PollFunction[bool](condition, chromedp.WithPollingArgs(selector, words), chromedp.WithPollingInterval(20*time.Millisecond)))
}

// press focuses the last button that shows the words, so that the key that follows presses it.
const press = `(w) => { const b = [...document.querySelectorAll("button")].filter((b) => b.checkVisibility() && b.innerText.includes(w)).at(-1); b.focus(); return true; }`

// Press presses the last button that shows the words, by the keyboard.
func (p *Page) Press(words string) {
	p.Helper()
	p.See("button", words)
	Get(p, chromedp.PollFunction[bool](press, chromedp.WithPollingArgs(words)))
	p.Keys(kb.Enter)
}

// Keys presses keys, one after the other.
func (p *Page) Keys(keys ...string) {
	p.Helper()
	p.Do(chromedp.KeyEvent(strings.Join(keys, "")))
}

// Say types words into a field and sends them.
func (p *Page) Say(field, words string) {
	p.Helper()
	p.Do(chromedp.SendKeys(chromedp.CSS(field), words), chromedp.SendKeys(chromedp.CSS(field), kb.Enter))
}
