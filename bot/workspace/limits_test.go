package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// x is n characters. They are not of one byte, so that whoever counts bytes counts wrong.
func x(n int) string { return strings.Repeat("é", n) }

// many joins n copies of a JSON value that differ in their number, for %d.
func many(n int, format string) string {
	var all []string
	for i := range n {
		all = append(all, strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func plainText(n int) string { return `{"type":"plain_text","text":"` + x(n) + `"}` }

func sectionOf(more string) string { return `{"type":"section",` + more + `}` }

func buttonOf(more string) string { return `{"type":"button","text":` + plainText(1) + more + `}` }

func actionsOf(elements string) string { return `[{"type":"actions","elements":` + elements + `}]` }

func accessory(element string) string {
	return `[` + sectionOf(`"text":`+plainText(1)+`,"accessory":`+element) + `]`
}

func choices(n int) string {
	return many(n, `{"text":{"type":"plain_text","text":"a"},"value":"%d"}`)
}

func rich(elements string) string { return `[{"type":"rich_text","elements":` + elements + `}]` }

// messageLimits are the limits of PLATFORM.md's table, "Block Kit limits", each with the blocks that reach it.
var messageLimits = []struct {
	name   string
	most   int
	blocks func(n int) string
	error  string // "invalid_blocks" when empty
}{
	{"blocks", 50, func(n int) string { return many(n, `{"type":"divider"}`) }, ""},
	{"section text", 3000, func(n int) string { return `[` + sectionOf(`"text":`+plainText(n)) + `]` }, ""},
	{"section field", 2000, func(n int) string { return `[` + sectionOf(`"fields":[`+plainText(n)+`]`) + `]` }, ""},
	{"section fields", 10, func(n int) string { return `[` + sectionOf(`"fields":`+many(n, plainText(1))) + `]` }, ""},
	{"markdown", 12000, func(n int) string { return `[{"type":"markdown","text":"` + x(n) + `"}]` }, ""},
	{"markdown of all blocks", 12000, func(n int) string {
		return `[{"type":"markdown","text":"` + x(n-5000) + `"},{"type":"markdown","text":"` + x(5000) + `"}]`
	}, ""},
	{"text of all blocks", 13200, func(n int) string {
		return `[` + strings.Repeat(sectionOf(`"text":`+plainText(3000))+`,`, 4) + sectionOf(`"text":`+plainText(n-12000)) + `]`
	}, "msg_blocks_too_long"},
	{"header", 150, func(n int) string { return `[{"type":"header","text":` + plainText(n) + `}]` }, ""},
	{"block_id", 255, func(n int) string { return `[{"type":"divider","block_id":"` + x(n) + `"}]` }, ""},
	{"action_id", 255, func(n int) string { return actionsOf(`[` + buttonOf(`,"action_id":"`+x(n)+`"`) + `]`) }, ""},
	{"button text", 75, func(n int) string { return actionsOf(`[{"type":"button","text":` + plainText(n) + `}]`) }, ""},
	{"button value", 2000, func(n int) string { return actionsOf(`[` + buttonOf(`,"value":"`+x(n)+`"`) + `]`) }, ""},
	{"button url", 3000, func(n int) string {
		return actionsOf(`[` + buttonOf(`,"url":"https://example.org/`+strings.Repeat("a", n-20)+`"`) + `]`)
	}, ""},
	{"button accessibility_label", 75, func(n int) string {
		return actionsOf(`[` + buttonOf(`,"accessibility_label":"`+x(n)+`"`) + `]`)
	}, ""},
	{"actions elements", 25, func(n int) string { return actionsOf(many(n, buttonOf(`,"action_id":"%d"`))) }, ""},
	{"context elements", 10, func(n int) string { return `[{"type":"context","elements":` + many(n, plainText(1)) + `}]` }, ""},
	{"context_actions elements", 5, func(n int) string {
		return `[{"type":"context_actions","elements":` + many(n, `{"type":"icon_button","icon":"trash","action_id":"%d","text":`+plainText(1)+`}`) + `}]`
	}, ""},
	{"overflow options", 5, func(n int) string { return accessory(`{"type":"overflow","options":` + choices(n) + `}`) }, ""},
	{"select options", 100, func(n int) string { return accessory(`{"type":"static_select","options":` + choices(n) + `}`) }, ""},
	{"select groups", 100, func(n int) string {
		return accessory(`{"type":"static_select","option_groups":` + many(n, `{"label":`+plainText(1)+`,"options":`+choices(1)+`}`) + `}`)
	}, ""},
	{"option text", 75, func(n int) string {
		return accessory(`{"type":"static_select","options":[{"text":` + plainText(n) + `,"value":"1"}]}`)
	}, ""},
	{"option value", 75, func(n int) string {
		return accessory(`{"type":"static_select","options":[{"text":` + plainText(1) + `,"value":"` + x(n) + `"}]}`)
	}, ""},
	{"option description", 75, func(n int) string {
		return accessory(`{"type":"static_select","options":[{"text":` + plainText(1) + `,"value":"1","description":` + plainText(n) + `}]}`)
	}, ""},
	{"checkboxes", 10, func(n int) string { return accessory(`{"type":"checkboxes","options":` + choices(n) + `}`) }, ""},
	{"radio buttons", 10, func(n int) string { return accessory(`{"type":"radio_buttons","options":` + choices(n) + `}`) }, ""},
	{"table rows", 100, func(n int) string {
		return `[{"type":"table","rows":` + many(n, `[{"type":"raw_text","text":"a"}]`) + `}]`
	}, ""},
	{"table cells", 20, func(n int) string {
		return `[{"type":"table","rows":[` + many(n, `{"type":"raw_text","text":"a"}`) + `]}]`
	}, ""},
	{"table text", 10000, func(n int) string { return `[{"type":"table","rows":[[{"type":"raw_text","text":"` + x(n) + `"}]]}]` }, ""},
	{"tables", 1, func(n int) string { return many(n, `{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}`) }, ""},
	{"confirm title", 100, func(n int) string { return confirmOf(n, 1, 1) }, ""},
	{"confirm text", 300, func(n int) string { return confirmOf(1, n, 1) }, ""},
	{"confirm button", 30, func(n int) string { return confirmOf(1, 1, n) }, ""},
	{"image alt_text", 2000, func(n int) string {
		return `[{"type":"image","image_url":"https://example.org/a.png","alt_text":"` + x(n) + `"}]`
	}, ""},
	{"image title", 2000, func(n int) string {
		return `[{"type":"image","image_url":"https://example.org/a.png","alt_text":"a","title":` + plainText(n) + `}]`
	}, ""},
}

func confirmOf(title, text, button int) string {
	return actionsOf(`[` + buttonOf(`,"confirm":{"title":`+plainText(title)+`,"text":`+plainText(text)+
		`,"confirm":`+plainText(button)+`,"deny":`+plainText(1)+`}`) + `]`)
}

func TestMessageLimits(t *testing.T) {
	w := open(t, Options{})
	for _, limit := range messageLimits {
		at := call(t, w, "chat.postMessage", object{"channel": "general", "text": "t", "blocks": json.RawMessage(limit.blocks(limit.most))})
		if at.Error != "" {
			t.Errorf("%s at %d: %s %v", limit.name, limit.most, at.Error, at.Faults)
		}
		past := call(t, w, "chat.postMessage", object{"channel": "general", "text": "t", "blocks": json.RawMessage(limit.blocks(limit.most + 1))})
		if want := or(limit.error, "invalid_blocks"); past.Error != want {
			t.Errorf("%s at %d: %q; want %q", limit.name, limit.most+1, past.Error, want)
		}
		if limit.error == "" && !slices.ContainsFunc(past.Faults, func(f string) bool { return strings.Contains(f, "[json-pointer:/blocks") }) {
			t.Errorf("%s: no JSON pointer in %q", limit.name, past.Faults)
		}
	}
}

// TestRefusedBlocks has what is wrong for another reason than its length, with where Slack points.
func TestRefusedBlocks(t *testing.T) {
	w := open(t, Options{})
	for _, test := range []struct{ name, blocks, pointer string }{
		{"two blocks with one block_id", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "/blocks/1/block_id"},
		{"two elements with one action_id", actionsOf(many(2, buttonOf(`,"action_id":"a"`))), "/blocks/0/elements/1/action_id"},
		{"an unknown block", `[{"type":"alert"}]`, "/blocks/0/type"},
		{"an unknown key", `[{"type":"divider","colour":"red"}]`, "/blocks/0"},
		{"no type", `[{}]`, "/blocks/0"},
		{"a section with nothing in it", `[{"type":"section"}]`, "/blocks/0/type"},
		{"an empty text", `[` + sectionOf(`"text":`+plainText(0)) + `]`, "/blocks/0/text/text"},
		{"mrkdwn in a header", `[{"type":"header","text":{"type":"mrkdwn","text":"a"}}]`, "/blocks/0/text/type"},
		{"no elements", actionsOf(`[]`), "/blocks/0/elements"},
		{"an image among actions", actionsOf(`[{"type":"image","image_url":"https://example.org/a.png","alt_text":"a"}]`), "/blocks/0/elements/0/type"},
		{"a script as a link", actionsOf(`[` + buttonOf(`,"url":"javascript:alert(1)"`) + `]`), "/blocks/0/elements/0/url"},
		{"an unknown style", actionsOf(`[` + buttonOf(`,"style":"red"`) + `]`), "/blocks/0/elements/0/style"},
		{"rich text without words", rich(`[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]`), "/blocks/0/elements/0/elements/0/text"},
		{"rich text with an unknown element", rich(`[{"type":"rich_text_section","elements":[{"type":"citation"}]}]`), "/blocks/0/elements/0/elements/0/type"},
		{"a list of something else", rich(`[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_quote","elements":[]}]}]`), "/blocks/0/elements/0/elements/0/type"},
		{"options and groups", accessory(`{"type":"static_select","options":` + choices(1) + `,"option_groups":[]}`), "/blocks/0/accessory/type"},
		{"a number as text", `[{"type":"header","text":{"type":"plain_text","text":5}}]`, "/blocks/0/text/text"},
	} {
		a := call(t, w, "chat.postMessage", object{"channel": "general", "text": "t", "blocks": json.RawMessage(test.blocks)})
		want := "[json-pointer:" + test.pointer + "]"
		if a.Error != "invalid_blocks" || !slices.ContainsFunc(a.Faults, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("%s: %s %q; want %s", test.name, a.Error, a.Faults, want)
		}
	}
	for blocks, want := range map[string]string{`{"type":"divider"}`: "invalid_blocks_format", `[1]`: "invalid_blocks_format"} {
		if a := call(t, w, "chat.postMessage", object{"channel": "general", "blocks": json.RawMessage(blocks)}); a.Error != want {
			t.Errorf("%s: %s; want %s", blocks, a.Error, want)
		}
	}
}

// TestTextLimits are those of a message's text, which blocks don't matter to.
func TestTextLimits(t *testing.T) {
	w := open(t, Options{})
	ts := call(t, w, "chat.postMessage", object{"channel": "general", "text": x(40000)}).Body["ts"]
	if ts == nil {
		t.Fatal("40,000 characters were refused")
	}
	for _, test := range []struct {
		method string
		args   object
		want   string
	}{
		{"chat.postMessage", object{"text": x(40001)}, "msg_too_long"},
		{"chat.postMessage", object{"text": " "}, "no_text"},
		{"chat.postMessage", object{"blocks": json.RawMessage(`[]`)}, "no_text"},
		{"chat.postEphemeral", object{"text": x(40001), "user": "U0ADA"}, "msg_too_long"},
		{"chat.update", object{"ts": ts, "text": strings.Repeat("a", 4000)}, ""},
		{"chat.update", object{"ts": ts, "text": strings.Repeat("a", 4001)}, "msg_too_long"},
		{"chat.update", object{"ts": ts, "text": strings.Repeat("&", 801)}, "msg_too_long"},
	} {
		test.args["channel"] = "C0GENERAL"
		if a := call(t, w, test.method, test.args); a.Error != test.want {
			t.Errorf("%s: %q; want %q", test.method, a.Error, test.want)
		}
	}
}

func view(more string, blocks string) object {
	return object{"view": json.RawMessage(`{"type":"modal","title":` + plainText(1) + `,"blocks":` + blocks + more + `}`)}
}

func TestViewLimits(t *testing.T) {
	w := open(t, Options{Commands: []Command{{Name: "/c"}}})
	divider := `[{"type":"divider"}]`
	for _, test := range []struct {
		name string
		most int
		view func(n int) object
	}{
		{"blocks", 100, func(n int) object { return view("", many(n, `{"type":"divider"}`)) }},
		{"submit", 24, func(n int) object { return view(`,"submit":`+plainText(n), divider) }},
		{"close", 24, func(n int) object { return view(`,"close":`+plainText(n), divider) }},
		{"private_metadata", 3000, func(n int) object { return view(`,"private_metadata":"`+x(n)+`"`, divider) }},
		{"callback_id", 255, func(n int) object { return view(`,"callback_id":"`+x(n)+`"`, divider) }},
		{"title", 24, func(n int) object {
			return object{"view": json.RawMessage(`{"type":"modal","title":` + plainText(n) + `,"blocks":[]}`)}
		}},
		{"input label", 2000, func(n int) object {
			return view(`,"submit":`+plainText(1), `[{"type":"input","label":`+plainText(n)+`,"element":{"type":"plain_text_input"}}]`)
		}},
		{"placeholder", 150, func(n int) object {
			return view(`,"submit":`+plainText(1), `[{"type":"input","label":`+plainText(1)+`,"element":{"type":"plain_text_input","placeholder":`+plainText(n)+`}}]`)
		}},
	} {
		for n, want := range map[int]string{test.most: "", test.most + 1: "invalid_arguments"} {
			args := test.view(n)
			args["trigger_id"] = triggerOf(w)
			if a := call(t, w, "views.open", args); a.Error != want {
				t.Errorf("%s at %d: %q %q; want %q", test.name, n, a.Error, a.Faults, want)
			}
		}
	}
	args := view("", `[{"type":"input","label":`+plainText(1)+`,"element":{"type":"plain_text_input"}}]`)
	args["trigger_id"] = triggerOf(w)
	if a := call(t, w, "views.open", args); a.Error != "invalid_arguments" {
		t.Errorf("an input without a submit button: %q; want invalid_arguments", a.Error)
	}
}

func triggerOf(w *Workspace) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newTrigger("U0ADA", "")
}
