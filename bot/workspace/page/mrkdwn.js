// Slack's mrkdwn (docs.slack.dev/messaging/formatting-message-text), drawn as Slack draws it.
import { h, link } from "./dom.js";

const entities = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const unescape = (s) => s.replace(/&(lt|gt|amp);/g, (e) => entities[e]);

// The pieces that format, in the order in which they are looked for; each may hold others but for code.
const pieces = [
  [/^```([\s\S]+?)```/, (m) => h("pre", {}, unescape(m[1].replace(/^\n/, "")))],
  [/^`([^`\n]+)`/, (m) => h("code", {}, unescape(m[1]))],
  [/^<([^<>]+)>/, (m, names) => control(m[1], names)],
  [/^\*([^*\n]+)\*(?![\p{L}\p{N}])/u, (m, names) => h("b", {}, inline(m[1], names))],
  [/^_([^_\n]+)_(?![\p{L}\p{N}])/u, (m, names) => h("i", {}, inline(m[1], names))],
  [/^~([^~\n]+)~(?![\p{L}\p{N}])/u, (m, names) => h("s", {}, inline(m[1], names))],
];

// control draws what stands between angle brackets: a mention, a channel, a broadcast, a date or a link.
function control(inside, names) {
  const [target, label] = inside.split("|", 2);
  if (/^[@#]/.test(target)) return mention(target[0] + (names.get(target.slice(1)) ?? label ?? target.slice(1)));
  if (target.startsWith("!")) return mention("@" + (label ?? target.slice(1)));
  return link(unescape(target), unescape(label ?? target));
}

export const mention = (name) => h("span", { class: "mention" }, name);

function inline(text, names) {
  const out = [];
  let words = "";
  for (let rest = text, before = ""; rest; ) {
    const [found, make] = /[\p{L}\p{N}]/u.test(before) ? [] : match(rest);
    const taken = found ? found[0] : [...rest][0];
    if (found) out.push(unescape(words), make(found, names));
    words = found ? "" : words + taken;
    before = found ? "" : taken;
    rest = rest.slice(taken.length);
  }
  out.push(unescape(words));
  return out.filter((o) => o !== "");
}

function match(rest) {
  for (const [pattern, make] of pieces) {
    const found = pattern.exec(rest);
    if (found) return [found, make];
  }
  return [];
}

// mrkdwn draws a text; names are people and channels by their ID.
export function mrkdwn(text, names) {
  const out = h("div", { class: "text" });
  for (const part of text.split(/(```[\s\S]+?```)/)) {
    if (part.startsWith("```")) {
      out.append(...inline(part, names));
      continue;
    }
    for (const line of part.split("\n")) {
      const quoted = /^&gt; ?(.*)$/.exec(line);
      if (quoted) out.append(h("blockquote", {}, inline(quoted[1], names)));
      else if (line || part.includes("\n")) out.append(h("div", { class: "line" }, inline(line, names)));
    }
  }
  return out;
}
