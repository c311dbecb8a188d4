// Elements are made here and nowhere from text: nothing that a message holds can become markup.

// h makes an element. Attributes that are null or false are left out; "on…" are listeners; children are nodes
// or text, and those that are null or false are left out too.
export function h(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

// link makes a link that leads to the web and nowhere else, or its words alone.
export function link(url, ...children) {
  if (!/^(https?|mailto|tel):/i.test(url)) return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
