// The page: it draws what the workspace says a person sees, and tells the workspace what the person does.
import { draw, filled } from "./blocks.js";
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const $ = (id) => document.getElementById(id);
const me = new URLSearchParams(location.search).get("as") ?? "ada";
let state = null;
let place = null; // the ID of the channel shown
let thread = null; // the timestamp of the thread shown
let tab = "messages";
let read = {}; // by channel, how many messages were seen
let names = new Map();
let fields = {};

// deed tells the workspace what the person did; it returns what went wrong, or "".
async function deed(name, what) {
  const answer = await fetch("/page/do/" + name, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ as: me, ...what }),
  }).catch(() => null);
  if (!answer) return "The workspace has ended. Start it again in the terminal.";
  return answer.ok ? "" : (await answer.text()).trim();
}

const channel = () => state.channels.find((c) => c.id === place);
const shown = (id) => state.messages[id] ?? [];
const mentioned = (text) => text.toLowerCase().includes("@" + state.bot.name.toLowerCase());

function options(text) {
  const slash = /^\/(\S*)$/.exec(text);
  if (slash) {
    const all = [...state.commands, { command: "/invite", description: "Let the app into this channel", usage_hint: "" }];
    return all.filter((c) => c.command.startsWith(text)).map((c) => ({ insert: c.command + " ", name: c.command + " " + c.usage_hint, about: c.description }));
  }
  const at = /(?:^|\s)@(\S*)$/.exec(text);
  if (at && state.bot.name.toLowerCase().startsWith(at[1].toLowerCase())) {
    return [{ insert: "@" + state.bot.name + " ", name: "@" + state.bot.name, about: "App" }];
  }
  return [];
}

function hint(text, fill) {
  if (!text.trim() || text.startsWith("/") || channel().kind === "im" || mentioned(text)) return null;
  const add = () => fill("@" + state.bot.name + " " + text);
  return [`${state.bot.name} hears only what mentions it here. `, h("button", { type: "button", onclick: add }, "Mention it")];
}

function send(inThread) {
  return (text) => {
    const [command, ...rest] = text.split(" ");
    const where = { channel: place, thread: inThread ? thread : "" };
    if (/^\/\w/.test(command)) return deed("command", { ...where, command, text: rest.join(" ") });
    return deed("say", { ...where, text });
  };
}

// person is who wrote a message.
function person(m) {
  if (m.bot_id || m.user === state.bot.user) return { name: state.bot.name, kind: "bot" };
  return { name: names.get(m.user) ?? m.user, kind: m.user === state.me ? "" : "other" };
}

function message(m, replies) {
  const who = person(m);
  const use = async (e, b, choice) => {
    const wrong = await deed("click", { channel: place, ts: m.ts, block: b.block_id, action: e.action_id, choice });
    if (wrong) say(wrong);
  };
  const root = m.thread_ts ?? m.ts;
  const when = new Date(Number(m.ts.split(".")[0]) * 1000);
  return h("article", { class: `message ${m.is_ephemeral ? "private" : ""} ${m.subtype ? "system" : ""} ${m.user === state.me ? "mine" : ""}`, "data-ts": m.ts, "aria-label": `${who.name}: ${m.text.slice(0, 80)}` },
    m.is_ephemeral && h("div", { class: "only" }, "Only visible to you"),
    h("div", { class: "avatar " + who.kind, "aria-hidden": "true" }, who.name[0].toUpperCase()),
    h("div", { class: "body" },
      h("span", { class: "who" }, who.name, who.kind === "bot" && h("span", { class: "app" }, "APP"), h("time", { datetime: when.toISOString() },
        when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }), m.edited ? " (edited)" : "")),
      m.blocks ? draw(m.blocks, names, use) : mrkdwn(m.text, names),
      (m.reactions ?? []).length > 0 && h("div", { class: "reactions" }, m.reactions.map((r) => h("span", {}, `:${r.Name}: ${r.Users.length}`))),
      replies > 0 && h("button", { class: "replies", type: "button", onclick: () => openThread(m.ts, true) }, replies === 1 ? "1 reply" : `${replies} replies`)),
    h("div", { class: "tools" },
      !m.is_ephemeral && replies !== null && h("button", { type: "button", onclick: () => openThread(root, true) }, "Reply in thread"),
      m.is_ephemeral && h("button", { type: "button", onclick: () => deed("hide", { channel: place, ts: m.ts }) }, "Dismiss"),
      h("button", { type: "button", onclick: () => showJSON(m) }, "View JSON")));
}

function showJSON(m) {
  const what = m.sent ? { text: m.text, blocks: m.sent } : m;
  const close = () => $("json").close();
  $("json").replaceChildren(h("div", {}, h("header", {}, h("h2", { id: "json-title" }, "Message as it was sent"), h("button", { type: "button", onclick: close }, "Close")),
    h("div", { class: "inside" }, h("pre", { tabindex: 0 }, JSON.stringify(what, null, 2)))));
  $("json").showModal();
}

// fillLog redraws those messages that changed, so that focus and selection stay where they are.
function fillLog(log, messages, make) {
  const bottom = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const old = new Map([...log.children].map((e) => [e.dataset.ts, e]));
  let at = log.firstChild;
  let fresh = null;
  for (const m of messages) {
    const key = JSON.stringify(m);
    let e = old.get(m.ts);
    if (e?.drawn !== key) {
      const next = make(m);
      next.drawn = key;
      if (e) { if (e === at) at = next; e.replaceWith(next); } else fresh = next;
      e = next;
    }
    old.delete(m.ts);
    if (e === at) at = at.nextSibling;
    else log.insertBefore(e, at);
  }
  for (const e of old.values()) e.remove();
  if (fresh && (bottom || fresh.classList.contains("mine"))) log.scrollTop = Math.min(log.scrollHeight, fresh.offsetTop - log.offsetTop); // its first line, however long it is
}

function render() {
  names = new Map([...state.people.map((p) => [p.ID, p.RealName || p.Name]), ...state.channels.map((c) => [c.id, c.name]),
    [state.bot.user, state.bot.name], ["USLACKBOT", "Slackbot"]]);
  place ??= state.channels.find((c) => c.bot && c.kind !== "im")?.id ?? state.channels[0].id;
  renderSide();
  renderMain();
  renderThread();
  renderModal();
}

function renderSide() {
  $("team").textContent = `${state.team} workspace`;
  const entry = (c) => h("li", {}, h("button", {
    type: "button", "aria-current": c.id === place ? "page" : null, class: shown(c.id).length > (read[c.id] ?? 0) && c.id !== place ? "unread" : "", onclick: () => go(c.id),
  }, c.kind === "im" ? state.bot.name : "# " + c.name));
  const keep = document.activeElement?.closest?.("nav li") ? document.activeElement.textContent : null;
  $("channels").replaceChildren(...state.channels.filter((c) => c.kind !== "im").map(entry));
  $("apps").replaceChildren(...state.channels.filter((c) => c.kind === "im").map(entry));
  if (keep) [...document.querySelectorAll("nav li button")].find((b) => b.textContent === keep)?.focus();
  if (!$("me").options.length) $("me").append(...state.people.map((p) => h("option", { value: p.Name, selected: p.ID === state.me }, p.RealName || p.Name)));
}

function renderMain() {
  const c = channel();
  const direct = c.kind === "im";
  $("title").textContent = direct ? state.bot.name : "# " + c.name;
  document.title = $("title").textContent + " – local workspace";
  $("connection").textContent = state.bot.connected ? "" : `${state.bot.name} is not connected.`;
  $("tabs").hidden = !direct;
  const home = direct && tab === "home";
  $("home").hidden = !home;
  $("messages").hidden = $("below").hidden = home;
  for (const name of ["home", "messages"]) $("tab-" + name).setAttribute("aria-selected", String(tab === name));
  if (home) renderHome();
  const all = shown(place);
  read[place] = all.length;
  const replies = (ts) => all.filter((m) => m.thread_ts === ts && m.ts !== ts && !m.is_ephemeral).length;
  fillLog($("messages"), all.filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.is_broadcast).map((m) => ({ ...m, replies: replies(m.ts) })), (m) => message(m, m.replies));
  renderField("main", $("below"), place, "composer", direct ? `Message ${state.bot.name}` : `Message #${c.name}`, "");
  renderStatus(fields.main.note, "");
}

// renderField makes a composer anew only where another place is shown.
function renderField(key, parent, where, id, label, start) {
  if (fields[key]?.where === where) return;
  const note = h("div", { class: "thinking", role: "status" });
  const made = composer({ id, label, start, options, hint, send: send(key === "thread") });
  made.root.prepend(note);
  parent.replaceChildren(made.root);
  fields[key] = { ...made, where, note };
}

function renderStatus(note, ts) {
  const status = Object.entries(state.status).find(([key]) => key === `${place} ${ts}` || (!ts && key.startsWith(place + " ") && channel().kind === "im"))?.[1];
  const prompts = state.prompts[`${place} ${ts}`];
  const text = status ? `${state.bot.name} ${status.Text}` : "";
  const chips = prompts && shown(place).every((m) => m.user !== state.me) ? prompts.Prompts : [];
  const key = text + JSON.stringify(chips);
  if (note.drawn === key) return;
  note.drawn = key;
  note.replaceChildren(...(text ? [h("span", {}, text)] : []), ...(chips.length ? [h("div", { class: "prompts" }, prompts.Title, chips.map((p) =>
    h("button", { type: "button", onclick: () => deed("say", { channel: place, text: p.message }) }, p.title)))] : []));
}

function renderHome() {
  const key = JSON.stringify(state.home);
  if ($("home").drawn === key) return;
  $("home").drawn = key;
  const use = async (e, b, choice) => { const wrong = await deed("click", { view: state.home.id, block: b.block_id, action: e.action_id, choice }); if (wrong) say(wrong); };
  $("home").replaceChildren(...(state.home ? draw(state.home.blocks, names, use, state.home.errors) : [h("p", {}, `${state.bot.name} shows nothing here.`)]));
}

function renderThread() {
  const all = thread ? shown(place).filter((m) => m.ts === thread || m.thread_ts === thread) : [];
  $("thread").hidden = all.length === 0;
  if (all.length === 0) { thread = null; return; }
  fillLog($("replies"), all, (m) => message(m, null));
  const start = channel().kind === "im" ? "" : `@${state.bot.name} `;
  renderField("thread", $("thread-below"), place + thread, "thread-composer", "Reply", start);
  renderStatus(fields.thread.note, thread);
}

function openThread(ts, focus) {
  thread = ts;
  $("replies").replaceChildren();
  renderThread();
  if (focus) { const f = fields.thread.field; f.focus(); f.setSelectionRange(f.value.length, f.value.length); }
}

function closeThread() {
  const from = document.querySelector(`#messages [data-ts="${thread}"] .replies`);
  thread = null;
  renderThread();
  (from ?? fields.main.field).focus();
}

function renderModal() {
  const v = state.modals.at(-1);
  const dialog = $("modal");
  const key = v ? JSON.stringify(v) : "";
  if (dialog.drawn === key) return;
  dialog.drawn = key;
  if (!v) { dialog.close(); return; }
  const use = async (e, b, choice) => { const wrong = await deed("click", { view: v.id, block: b.block_id, action: e.action_id, choice }); if (wrong) say(wrong); };
  const close = () => deed("close", { view: v.id });
  const submit = async (event) => { event.preventDefault(); const wrong = await deed("submit", { view: v.id, values: filled(event.target) }); if (wrong) say(wrong); };
  dialog.replaceChildren(h("form", { onsubmit: submit },
    h("header", {}, h("h2", { id: "modal-title" }, v.title.text), h("button", { type: "button", onclick: close, "aria-label": "Close" }, "✕")),
    h("div", { class: "inside", tabindex: 0 }, draw(v.blocks, names, use, v.errors), v.errors?.[""] && h("p", { class: "error", role: "alert" }, v.errors[""])),
    h("footer", {}, h("button", { class: "press", type: "button", onclick: close }, v.close?.text ?? "Cancel"),
      v.submit && h("button", { class: "press primary", type: "submit" }, v.submit.text))));
  if (!dialog.open) dialog.showModal();
}

function say(wrong) { $("connection").textContent = wrong; }

function go(id) {
  place = id;
  thread = null;
  tab = "messages";
  $("messages").replaceChildren();
  menu(false);
  render();
  $("messages").scrollTop = $("messages").scrollHeight;
  if (channel().kind === "im") deed("home", { tab });
  fields.main.field.focus();
}

function show(name) {
  tab = name;
  deed("home", { tab });
  renderMain();
}

function menu(open) {
  $("side").classList.toggle("open", open);
  $("menu").setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("nav li button[aria-current]")?.focus();
}

$("menu").addEventListener("click", () => menu(!$("side").classList.contains("open")));
$("close-thread").addEventListener("click", closeThread);
$("tab-home").addEventListener("click", () => show("home"));
$("tab-messages").addEventListener("click", () => show("messages"));
$("me").addEventListener("change", (e) => location.assign("?as=" + encodeURIComponent(e.target.value)));
$("modal").addEventListener("cancel", (e) => { e.preventDefault(); deed("close", { view: state.modals.at(-1)?.id }); });
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape" || $("modal").open || $("json").open) return;
  if ($("side").classList.contains("open")) menu(false);
  else if (thread) closeThread();
});
$("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = localStorage.theme = dark ? "light" : "dark";
});
if (localStorage.theme) document.documentElement.dataset.theme = localStorage.theme;

// follow opens the thread of a question just asked when its answer comes, where there is room beside the channel.
function follow(before) {
  if (!before || thread || innerWidth < 900) return;
  const known = new Set((before.messages[place] ?? []).map((m) => m.ts));
  const answer = shown(place).find((m) => !known.has(m.ts) && m.bot_id && m.thread_ts && !m.is_ephemeral);
  const asked = answer && shown(place).find((m) => m.ts === answer.thread_ts && m.user === state.me);
  if (asked && shown(place).filter((m) => m.thread_ts === asked.ts).length === 1) thread = asked.ts;
}

const events = new EventSource("/page/state?as=" + encodeURIComponent(me));
events.onmessage = (e) => {
  const before = state;
  state = JSON.parse(e.data);
  follow(before);
  render();
  if (!before) { $("messages").scrollTop = $("messages").scrollHeight; fields.main.field.focus(); }
};
events.onerror = () => say("The workspace has ended. Start it again in the terminal.");
