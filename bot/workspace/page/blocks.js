// Block Kit (docs.slack.dev/reference/block-kit), drawn from the JSON that the app sent.
import { h, link } from "./dom.js";
import { mention, mrkdwn } from "./mrkdwn.js";

// draw draws blocks. use(element, block, choice) is called when a person uses an element; errors are by block_id.
export function draw(blocks, names, use, errors) {
  return (blocks ?? []).map((b) => {
    const make = kinds[b.type];
    const drawn = make ? make(b, names, (e, choice) => use(e, b, choice)) : h("p", { class: "unknown" }, `(${b.type})`);
    const wrong = errors?.[b.block_id];
    return h("div", { class: "block " + b.type }, drawn, wrong && h("p", { class: "error", role: "alert" }, wrong));
  });
}

const kinds = {
  header: (b) => h("h3", {}, b.text.text),
  divider: () => h("hr"),
  section: (b, names, use) => [
    h("div", { class: "words" }, b.text && text(b.text, names),
      b.fields && h("div", { class: "fields" }, b.fields.map((f) => text(f, names)))),
    b.accessory && element(b.accessory, use),
  ].filter(Boolean),
  context: (b, names) => b.elements.map((e) => (e.type === "image" ? image(e) : text(e, names))),
  actions: (b, names, use) => b.elements.map((e) => element(e, use)),
  context_actions: (b, names, use) => b.elements.map((e) => element(e, use)),
  image: (b) => h("figure", {}, image(b), b.title && h("figcaption", {}, b.title.text)),
  // Markdown stands here as it was written: the bot sends none, and a parser of it would be the largest part of the page.
  markdown: (b) => h("div", { class: "text" }, b.text),
  rich_text: (b, names) => b.elements.map((e) => rich(e, names)),
  table: (b, names) => h("table", {}, b.rows.map((row) => h("tr", {}, row.map((c) => h("td", {}, cell(c, names)))))),
  input: (b, names) => {
    const field = input(b, names);
    field.id = "in-" + b.block_id;
    return [h("label", { for: field.id }, b.label.text, b.optional ? " (optional)" : ""), field, b.hint && h("small", {}, b.hint.text)].filter(Boolean);
  },
};

const text = (t, names) => (t.type === "mrkdwn" ? mrkdwn(t.text, names) : h("div", { class: "text" }, t.text));
const cell = (c, names) => (c.type === "rich_text" ? c.elements.map((e) => rich(e, names)) : c.text);
// Pictures from elsewhere are not fetched: the page loads nothing but its own files.
const image = (i) => h("span", { class: "picture", role: "img", "aria-label": i.alt_text }, "🖼 " + i.alt_text);

function rich(e, names) {
  const inside = () => e.elements.map((i) => word(i, names));
  switch (e.type) {
    case "rich_text_section": return h("div", { class: "line" }, inside());
    case "rich_text_quote": return h("blockquote", {}, inside());
    case "rich_text_preformatted": return h("pre", {}, inside());
    case "rich_text_list":
      return h(e.style === "ordered" ? "ol" : "ul", { class: "indent-" + (e.indent ?? 0), start: e.offset ? e.offset + 1 : null },
        e.elements.map((i) => h("li", {}, rich(i, names))));
  }
  return h("span", {}, `(${e.type})`);
}

function word(e, names) {
  const bare = {
    text: () => e.text,
    link: () => link(e.url, e.text || e.url),
    user: () => mention("@" + (names.get(e.user_id) ?? e.user_id)),
    channel: () => mention("#" + (names.get(e.channel_id) ?? e.channel_id)),
    usergroup: () => mention("@" + e.usergroup_id),
    broadcast: () => mention("@" + e.range),
    emoji: () => (e.unicode ? String.fromCodePoint(...e.unicode.split("-").map((c) => parseInt(c, 16))) : `:${e.name}:`),
    color: () => e.value,
    date: () => e.fallback ?? new Date(e.timestamp * 1000).toLocaleString(),
  }[e.type];
  let out = bare ? bare() : `(${e.type})`;
  const tags = { bold: "b", italic: "i", strike: "s", code: "code" };
  for (const [style, tag] of Object.entries(tags)) if (e.style?.[style]) out = h(tag, {}, out);
  return out;
}

function element(e, use) {
  switch (e.type) {
    case "button": return button(e, use);
    case "feedback_buttons":
      return h("span", { class: "feedback" }, ["positive", "negative"].map((side) => {
        const b = e[side + "_button"];
        return h("button", { type: "button", "aria-label": b.accessibility_label ?? b.text.text, onclick: () => use(e, side) }, b.text.text);
      }));
    case "icon_button": return h("button", { type: "button", onclick: () => use(e) }, e.text.text);
    case "image": return image(e);
    case "static_select": case "overflow": case "radio_buttons": case "checkboxes":
      return menu(e, { onchange: (event) => event.target.value && use(e, event.target.value) });
  }
  return h("span", { class: "unknown" }, `(${e.type})`);
}

function button(e, use) {
  const press = () => (!e.confirm || confirm(`${e.confirm.title.text}\n\n${e.confirm.text.text}`)) && use(e);
  const attributes = { class: "press " + (e.style ?? ""), "data-action": e.action_id, "aria-label": e.accessibility_label };
  if (e.url) return h("a", { ...attributes, href: e.url, target: "_blank", rel: "noopener noreferrer", onclick: () => use(e) }, e.text.text);
  return h("button", { ...attributes, type: "button", onclick: press }, e.text.text);
}

function menu(e, attributes, multiple) {
  const option = (o) => h("option", { value: o.value }, o.text.text);
  const first = h("option", { value: "" }, e.placeholder?.text ?? "Choose…");
  const groups = (e.option_groups ?? []).map((g) => h("optgroup", { label: g.label.text }, g.options.map(option)));
  return h("select", { ...attributes, multiple }, multiple ? [] : [first], (e.options ?? []).map(option), groups);
}

// named are the people or the channels that a select without options of its own offers.
function named(type, names) {
  const prefix = type.includes("users") ? "U" : "C";
  return [...names].filter(([id]) => id.startsWith(prefix)).map(([value, text]) => ({ value, text: { text } }));
}

// input draws the element of an input block; its values are read by filled.
function input(b, names) {
  const e = b.element;
  const common = { "data-block": b.block_id, required: !b.optional, placeholder: e.placeholder?.text, autofocus: e.focus_on_load };
  switch (e.type) {
    case "plain_text_input":
      if (e.multiline) return h("textarea", { ...common, maxlength: e.max_length, rows: 4 }, e.initial_value ?? "");
      return h("input", { ...common, type: "text", maxlength: e.max_length, value: e.initial_value });
    case "number_input": return h("input", { ...common, type: "number", value: e.initial_value, step: e.is_decimal_allowed ? "any" : 1 });
    case "email_text_input": return h("input", { ...common, type: "email", value: e.initial_value });
    case "url_text_input": return h("input", { ...common, type: "url", value: e.initial_value });
    case "datepicker": return h("input", { ...common, type: "date", value: e.initial_date });
  }
  const many = e.type === "checkboxes" || e.type.startsWith("multi_");
  const drawn = menu({ ...e, options: e.options ?? named(e.type, names) }, common, many);
  const chosen = new Set([...(e.initial_options ?? []), e.initial_option].filter(Boolean).map((o) => o.value));
  for (const id of [...(e.initial_users ?? []), e.initial_user, e.initial_channel, e.initial_conversation]) chosen.add(id);
  for (const o of drawn.options) o.selected = chosen.has(o.value);
  return drawn;
}

// filled reads what a person filled in, by block_id.
export function filled(form) {
  const values = {};
  for (const e of form.querySelectorAll("[data-block]")) {
    const given = e.multiple ? [...e.selectedOptions].map((o) => o.value) : [e.value];
    values[e.dataset.block] = given.filter(Boolean);
  }
  return values;
}
