package workspace

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"rapporteur/bot/workspace/browser"
)

// request makes a request to the page; headers come in pairs.
func request(t *testing.T, w *Workspace, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.base()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// TestGuard keeps other pages of the same browser out.
func TestGuard(t *testing.T) {
	w := open(t, Options{})
	const say = `{"as":"ada","channel":"general","text":"hello"}`
	for _, test := range []struct {
		name, method, path, body string
		headers                  []string
		want                     int
	}{
		{"the page", "GET", "/", "", nil, 200},
		{"by name", "GET", "/", "", []string{"Host", "localhost:1"}, 200},
		{"IPv6", "GET", "/", "", []string{"Host", "[::1]:1"}, 200},
		{"a name that leads here", "GET", "/", "", []string{"Host", "evil.example"}, 403},
		{"what is seen, by such a name", "GET", "/page/state?as=ada", "", []string{"Host", "evil.example"}, 403},
		{"no such file", "GET", "/page/other.js", "", nil, 404},
		{"unknown person", "GET", "/page/state?as=mallory", "", nil, 404},
		{"a deed", "POST", "/page/do/say", say, nil, 204},
		{"from another origin", "POST", "/page/do/say", say, []string{"Origin", "http://evil.example"}, 403},
		{"from another site", "POST", "/page/do/say", say, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"unknown deed", "POST", "/page/do/fly", "{}", nil, 404},
		{"no JSON", "POST", "/page/do/say", "as=ada", nil, 400},
		{"unknown channel", "POST", "/page/do/say", `{"as":"ada","channel":"none","text":"hello"}`, nil, 409},
		{"unknown writer", "POST", "/page/do/say", `{"as":"mallory","channel":"general","text":"hello"}`, nil, 409},
		{"too long", "POST", "/page/do/say", `{"text":"` + strings.Repeat("x", bodyMost) + `"}`, nil, 400},
	} {
		resp := request(t, w, test.method, test.path, test.body, test.headers...)
		if resp.StatusCode != test.want {
			t.Errorf("%s: got %d, want %d", test.name, resp.StatusCode, test.want)
		}
		if policy := resp.Header.Get("Content-Security-Policy"); test.want == 200 && !strings.HasPrefix(policy, "default-src 'none'") {
			t.Errorf("%s: policy %q", test.name, policy)
		}
	}
	if m := w.Messages("general", "ada"); len(m) != 1 || m[0].Text != "hello" {
		t.Errorf("want one message, got %+v", m)
	}
}

// state is the first thing that a person's page hears.
func state(t *testing.T, w *Workspace, as string) string {
	t.Helper()
	resp := request(t, w, "GET", "/page/state?as="+as, "")
	line, err := bufio.NewReader(resp.Body).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// TestOnlyVisibleToYou shows nobody what was for another's eyes.
func TestOnlyVisibleToYou(t *testing.T) {
	w := open(t, Options{})
	call(t, w, "chat.postEphemeral", object{"channel": "C0GENERAL", "user": "U0ADA", "text": "for Ada alone"})
	if !strings.Contains(state(t, w, "ada"), "for Ada alone") {
		t.Error("Ada sees nothing")
	}
	if strings.Contains(state(t, w, "grace"), "for Ada alone") {
		t.Error("Grace sees what is for Ada alone")
	}
	m := w.Messages("general", "ada")[0]
	if err := w.hide("grace", m.Channel, m.TS); err == nil {
		t.Error("Grace could dismiss what is Ada's")
	}
	if err := w.hide("ada", m.Channel, m.TS); err != nil || strings.Contains(state(t, w, "ada"), "for Ada alone") {
		t.Errorf("Ada could not dismiss it: %v", err)
	}
}

const wide, high = 1280, 900

var all = []string{"chat:write", "assistant:write", "reactions:write", "im:write", "commands", "app_mentions:read", "im:history"}

// TestBrowserBlocks draws one of each block and element.
func TestBrowserBlocks(t *testing.T) {
	w := open(t, Options{Scopes: all})
	connect(t, w, nil)
	p := browser.Open(t, w.PageURL(), wide, high)
	if a := call(t, w, "chat.postMessage", object{"channel": "C0GENERAL", "text": "fallback", "blocks": json.RawMessage(everyBlock)}); a.Error != "" {
		t.Fatal(a.Error, a.Faults)
	}
	for _, want := range []struct{ selector, words string }{
		{"h3", "A header"}, {".fields", "right"}, {"b", "bold"}, {"i", "slanted"}, {"s", "struck"}, {"code", "fixed"}, {"blockquote", "quoted"},
		{"a[href='https://example.org/']", "a link"}, {".mention", "@Ada"}, {".mention", "#general"}, {"ul li", "first"}, {"ol li", "second"}, {"pre", "as typed"},
		{".block.context", "small print"}, {"button", "Press me"}, {"select", "Choose one"}, {"td", "cell"}, {".block.markdown", "Some **strong** words"}, {"button", "Good"},
		{".text", "<b>not markup</b> & so on"},
	} {
		p.See("#messages "+want.selector, want.words)
	}
	p.Shoot("blocks")
	p.Miss("#messages", "fallback")
	call(t, w, "reactions.add", object{"channel": "C0GENERAL", "timestamp": w.Messages("general", "")[0].TS, "name": "eyes"})
	p.See(".reactions", "1")
}

const everyBlock = `[
 {"type":"header","text":{"type":"plain_text","text":"A header"}},
 {"type":"section","text":{"type":"mrkdwn","text":"*bold* _slanted_ ~struck~ ` + "`fixed`" + ` <https://example.org/|a link> <@U0ADA> <#C0GENERAL>\n&gt; quoted"},
  "fields":[{"type":"plain_text","text":"left"},{"type":"plain_text","text":"right"}]},
 {"type":"section","text":{"type":"plain_text","text":"<b>not markup</b> & so on"},
  "accessory":{"type":"static_select","action_id":"pick","placeholder":{"type":"plain_text","text":"Choose one"},"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}},
 {"type":"divider"},
 {"type":"rich_text","elements":[
  {"type":"rich_text_section","elements":[{"type":"text","text":"said","style":{"italic":true}},{"type":"user","user_id":"U0ADA"},{"type":"link","url":"https://example.org/","text":"a link"}]},
  {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"first"}]}]},
  {"type":"rich_text_list","style":"ordered","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"second"}]}]},
  {"type":"rich_text_preformatted","elements":[{"type":"text","text":"as typed"}]}]},
 {"type":"markdown","text":"## Title\n\nSome **strong** words\n\n- point"},
 {"type":"table","rows":[[{"type":"raw_text","text":"cell"}]]},
 {"type":"context","elements":[{"type":"mrkdwn","text":"small print"}]},
 {"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"rate","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"1"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"0"}}]},
 {"type":"actions","elements":[{"type":"button","action_id":"press","text":{"type":"plain_text","text":"Press me"},"value":"v"}]}]`

// TestBrowserPress carries clicks and choices to the app, and says so when none answers.
func TestBrowserPress(t *testing.T) {
	w := open(t, Options{Scopes: all})
	a := connect(t, w, nil)
	p := browser.Open(t, w.PageURL(), wide, high)
	call(t, w, "chat.postMessage", object{"channel": "C0GENERAL", "text": "fallback", "blocks": json.RawMessage(everyBlock)})
	p.Press("Press me")
	if _, got := a.next(t); got["actions"].([]any)[0].(map[string]any)["value"] != "v" {
		t.Errorf("got %v", got)
	}
	p.Do(chromedp.SendKeys(chromedp.CSS("#messages select"), "One"))
	if _, got := a.next(t); got["actions"].([]any)[0].(map[string]any)["selected_option"].(map[string]any)["value"] != "1" {
		t.Errorf("got %v", got)
	}
}

// TestBrowserForm fills in a modal, is told what is wrong with it, and mends it.
func TestBrowserForm(t *testing.T) {
	w := open(t, Options{Scopes: all})
	a := connect(t, w, func(e envelopeIn) (any, bool) {
		if strings.Contains(string(e.Payload), `"view_submission"`) && strings.Contains(string(e.Payload), `"short"`) {
			return object{"response_action": "errors", "errors": object{"words": "Too short: say more."}}, true
		}
		return nil, true
	})
	p := browser.Open(t, w.PageURL(), wide, high)
	p.Say(browser.Composer, "/report form")
	_, got := a.next(t)
	view := json.RawMessage(`{"type":"modal","callback_id":"form","title":{"type":"plain_text","text":"A form"},"submit":{"type":"plain_text","text":"Save"},"blocks":[
	 {"type":"input","block_id":"words","label":{"type":"plain_text","text":"Words"},"element":{"type":"plain_text_input","action_id":"w"}},
	 {"type":"input","block_id":"pick","optional":true,"label":{"type":"plain_text","text":"Pick"},"element":{"type":"static_select","action_id":"p","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}}]}`)
	if answer := call(t, w, "views.open", object{"trigger_id": got["trigger_id"], "view": view}); answer.Error != "" {
		t.Fatal(answer.Error, answer.Faults)
	}
	p.See("#modal[open] label", "Words")
	p.Do(chromedp.SendKeys(chromedp.CSS("#in-words"), "short"))
	p.Shoot("form")
	p.Do(chromedp.SendKeys(chromedp.CSS("#in-words"), kb.Enter))
	p.See("#modal [role=alert]", "Too short: say more.")
	p.Do(chromedp.SetValue(chromedp.CSS("#in-words"), "long enough"))
	p.Press("Save")
	p.Do(chromedp.WaitNotPresent(chromedp.CSS("#modal[open]")))
	a.next(t)
	_, got = a.next(t)
	if raw, _ := json.Marshal(got["view"].(map[string]any)["state"]); !strings.Contains(string(raw), `"value":"long enough"`) {
		t.Errorf("the app got %s", raw)
	}
}

// TestBrowserStatus shows what an assistant does while it thinks, and what it proposes.
func TestBrowserStatus(t *testing.T) {
	w := open(t, Options{Scopes: all, BotName: "Rapporteur"})
	p := browser.Open(t, w.PageURL(), wide, high)
	p.See("#connection", "Rapporteur is not connected")
	connect(t, w, nil)
	p.Miss("#connection", "not connected")
	p.Do(chromedp.Click(chromedp.CSS("#apps button")))
	im := call(t, w, "conversations.open", object{"users": "U0ADA"}).Body["channel"].(map[string]any)["id"]
	if a := call(t, w, "assistant.threads.setSuggestedPrompts", object{"channel_id": im, "prompts": []object{{"title": "Who was there?", "message": "who took part?"}}}); a.Error != "" {
		t.Fatal(a.Error)
	}
	p.Press("Who was there?")
	p.See("#messages .message", "who took part?")
	ts := w.Messages(im.(string), "ada")[0].TS
	if a := call(t, w, "assistant.threads.setStatus", object{"channel_id": im, "thread_ts": ts, "status": "is thinking…"}); a.Error != "" {
		t.Fatal(a.Error)
	}
	p.See("[role=status]", "Rapporteur is thinking…")
	p.Shoot("thinking")
	call(t, w, "chat.postMessage", object{"channel": im, "thread_ts": ts, "text": "Fifty."})
	p.Miss("[role=status]", "thinking")
}

// TestBrowserDark is the page in the dark, as the machine wants it or as the person does.
func TestBrowserDark(t *testing.T) {
	w := open(t, Options{Scopes: all})
	connect(t, w, nil)
	call(t, w, "chat.postMessage", object{"channel": "C0GENERAL", "text": "fallback", "blocks": json.RawMessage(everyBlock)})
	p := browser.Open(t, w.PageURL(), wide, high)
	ground := func() string {
		return browser.Get(p, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))
	}
	light := ground()
	p.Press("Dark or light")
	dark := ground()
	p.Shoot("dark")
	p.Do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(browser.Composer)))
	if light == dark || ground() != dark {
		t.Errorf("light is %s, dark is %s, and after a reload it is %s", light, dark, ground())
	}
}
