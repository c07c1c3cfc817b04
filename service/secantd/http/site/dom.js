// Elements of the page. Texts of formulas become text nodes; markup of the server is copied element by element.

export const $ = (id) => document.getElementById(id);

// element("button", { type: "button", onclick }, "text", child)
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (typeof value === "boolean") made.toggleAttribute(key, value);
    else if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const TAGS = new Set(
  `math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msup msub msubsup mover munder munderover mtable mtr mtd mpadded mphantom
   mstyle div p h2 h3 h4 details summary b i em strong span ol ul li code br`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  "display form fence stretchy open lang dir mathvariant displaystyle scriptlevel accent accentunder columnalign columnspacing rowspacing width height depth lspace rspace linethickness separator movablelimits minsize maxsize".split(" "),
);

// Well-formed markup of the server as elements: known ones, without scripts, addresses and styles.
export function markup(text) {
  // Styles are taken out first, because a browser reports each as a breach of the page's policy.
  const parsed = new DOMParser().parseFromString(text.replace(/ style="[^"]*"/g, ""), "text/html").body;
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || !TAGS.has(node.localName)) return null;
    // Headings of a page of its own, one level below the playground's.
    const made = document.createElementNS(node.namespaceURI, { h3: "h2", h4: "h3" }[node.localName] ?? node.localName);
    for (const { name, value } of node.attributes) if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
    made.append(...[...node.childNodes].map(copy).filter(Boolean));
    return made;
  };
  const made = document.createDocumentFragment();
  made.append(...[...parsed.childNodes].map(copy).filter(Boolean));
  return made;
}

export const math = (text) => {
  const space = "http://www.w3.org/1998/Math/MathML";
  const made = document.createElementNS(space, "math");
  const item = document.createElementNS(space, "mtext");
  item.textContent = text;
  made.append(item);
  return made;
};

export function table(head, rows, caption) {
  const row = (cells, kind) => element("tr", {}, ...cells.map((cell) => element(kind, kind === "th" ? { scope: "col" } : {}, cell)));
  return element(
    "div",
    { class: "scroll" },
    element("table", {}, caption ? element("caption", {}, caption) : null, element("thead", {}, row(head, "th")), element("tbody", {}, ...rows.map((cells) => row(cells, "td")))),
  );
}

// A number as a person reads it; the digits of a double where `digits` is 17.
export function shown(value, digits = 6) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(digits))).replace("-", "−").replace("e−", "e−");
}

export function problem(error) {
  const made = element("div", { class: "error" }, error.message);
  if (error.rest) made.append(element("pre", {}, error.rest));
  return made;
}
