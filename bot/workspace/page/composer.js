// The field in which a person types, with completion of commands and of the bot's name.
import { h } from "./dom.js";

// composer makes a field. o.id names it; o.label describes it; o.options(text) are completions, each {insert, name, about};
// o.hint(text) is a line below it, or null; o.send(text) takes what was typed.
export function composer(o) {
  const list = h("ul", { role: "listbox", id: o.id + "-list", "aria-label": "Suggestions", hidden: true });
  const hint = h("div", { class: "hint", "aria-live": "polite" });
  const field = h("textarea", {
    id: o.id, rows: 1, "aria-label": o.label, placeholder: o.label, role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list",
    "aria-controls": list.id, autocomplete: "off", maxlength: 12000, oninput: () => changed(), onkeydown: keys, onbeforeinput: (e) => sent && e.inputType === "insertLineBreak" && e.preventDefault(), onblur: () => setTimeout(close, 150),
  });
  const send = h("button", { type: "button", onclick: submit, "aria-label": "Send" }, "Send");
  const root = h("div", { class: "foot" }, list, h("div", { class: "composer" }, field, send), hint);
  let options = [];
  let picked = 0;
  let sent = false; // that the key pressed last was Enter, and sent: some drivers type its line break all the same

  function changed() {
    options = o.options(field.value.slice(0, field.selectionStart));
    picked = 0;
    show();
    hint.replaceChildren(...[o.hint(field.value, fill)].flat().filter(Boolean));
  }
  function show() {
    list.replaceChildren(...options.map((c, i) =>
      h("li", { role: "option", id: `${o.id}-${i}`, "aria-selected": String(i === picked), onmousedown: (e) => { e.preventDefault(); take(i); } },
        h("b", {}, c.name), h("small", {}, c.about))));
    list.hidden = options.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `${o.id}-${picked}`);
  }
  function close() { options = []; show(); }
  function take(i) {
    const at = field.selectionStart;
    const before = field.value.slice(0, at).replace(/\S*$/, "");
    fill(before + options[i].insert + field.value.slice(at));
  }
  function fill(text) { field.value = text; field.focus(); field.setSelectionRange(text.length, text.length); changed(); }
  function keys(e) {
    if (e.isComposing) return;
    const open = options.length > 0;
    sent = e.key === "Enter" && !e.shiftKey;
    if (open && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      picked = (picked + (e.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
      show();
    } else if (open && (e.key === "Tab" || e.key === "Enter") && !e.shiftKey && options[picked].insert.trim() !== lastWord()) take(picked);
    else if (open && e.key === "Escape") { close(); e.stopPropagation(); }
    else if (e.key === "Enter" && !e.shiftKey) submit();
    else return;
    e.preventDefault();
  }
  const lastWord = () => /\S*$/.exec(field.value.slice(0, field.selectionStart))[0];
  async function submit() {
    const text = field.value.trim();
    if (!text) return;
    const wrong = await o.send(text);
    if (wrong) { hint.replaceChildren(h("span", { class: "error" }, wrong)); return; }
    field.value = o.start ?? "";
    changed();
    field.focus();
  }
  field.value = o.start ?? "";
  return { root, field, fill };
}
