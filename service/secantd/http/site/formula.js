// The formula and, while it is typed, its derivatives as mathematics and as code.

import { access, call, debounced, latest, Refused } from "./api.js";
import { $, element, markup, problem } from "./dom.js";
import { change, onChange, state } from "./state.js";
import { isWord, t } from "./text.js";

const CODES = ["R", "PYTHON", "LATEX", "C", "JULIA", "JAVASCRIPT", "STAN"];
const TITLES = { R: "R", PYTHON: "Python", LATEX: "LaTeX", C: "C", JULIA: "Julia", JAVASCRIPT: "JavaScript", STAN: "Stan" };
const listeners = [];
const newest = latest();
const code = latest();
let language = "R";

// What the server knows of the formula: its variables and partial derivatives; null while it cannot be read.
export let known = null;
// Whether what is known is of the formula that the page shows, and of these variables.
export const isCurrent = (...names) => known?.text === state.f && known.notation === (state.n ?? "") && names.every((name) => known.variables.includes(name));
export const onKnown = (listen) => listeners.push(listen);

export function expression(text = state.f, notation = state.n) {
  const found = { text };
  if (notation) found.notation = `NOTATION_${notation}`;
  return found;
}

// The function whose variables are known: the text may have been changed since.
export const knownExpression = () => (known ? expression(known.text, known.notation) : expression());

const SPACE = "http://www.w3.org/1998/Math/MathML";
function mathElement(name, ...children) {
  const made = document.createElementNS(SPACE, name);
  made.append(...children);
  return made;
}

// d f / d x = ..., with ∂ where there are several variables.
function written(variable, several, formula) {
  const d = several ? "∂" : "d";
  const name = markup(formula.name).firstElementChild;
  const row = mathElement(
    "math",
    mathElement("mfrac", mathElement("mrow", mathElement("mi", d), mathElement("mi", "f")), mathElement("mrow", mathElement("mi", d), ...name.childNodes)),
    mathElement("mo", "="),
  );
  const body = markup(formula.mathml).firstElementChild;
  row.append(...body.childNodes);
  const line = element("p", {});
  line.append(row);
  line.dataset.variable = variable;
  return line;
}

// Texts whose author gives the order of the variables; in others x comes before y wherever they stand.
const ORDERED = /^\s*(function\s*\(|lambda\b|def\b|[A-Za-z]\w*\s*\([^()]*\)\s*=)/;
function sort(answer) {
  const names = answer.variables ?? [];
  const order = names.map((_, k) => k).sort((a, b) => names[a].localeCompare(names[b], "en", { numeric: true }));
  answer.variables = order.map((k) => names[k]);
  answer.partials = order.map((k) => answer.partials[k]);
}

// A caret under the character that an error is about: the line of the text with the place marked.
function refusal(error) {
  const made = element("div", {}, error.message);
  if (error.code === "unauthenticated") {
    const token = element("input", { type: "password", "aria-label": t("token"), autocomplete: "off" });
    const enter = (event) => (event.preventDefault(), (access.token = token.value), showFormula());
    made.append(element("form", { class: "row", onsubmit: enter }, token, element("button", { type: "submit" }, t("token"))));
  } else if (error.span) {
    const [start, end] = error.span;
    const text = [...state.f];
    const marked = element("pre", {}, text.slice(0, start).join(""), element("mark", {}, text.slice(start, Math.max(end, start + 1)).join("") || " "), text.slice(end).join(""));
    marked.append("\n", " ".repeat(start - text.slice(0, start).lastIndexOf("\n") - 1), "^".repeat(Math.max(1, end - start)));
    made.append(marked);
    const hint = error.rest.split("\n").slice(2).join("\n");
    if (hint) made.append(element("div", {}, hint));
  } else if (error.rest) made.append(element("pre", {}, error.rest));
  return made;
}

const showFormula = debounced(120, () =>
  newest(async (signal) => {
    const asked = { expression: expression(), notations: ["NOTATION_MATHML", "NOTATION_R", "NOTATION_PYTHON", "NOTATION_LATEX"], form: "FORM_EXACT" };
    try {
      const answer = await call("Gradient", asked, signal);
      if (!ORDERED.test(state.f)) sort(answer);
      known = {
        text: state.f,
        notation: state.n ?? "",
        variables: answer.variables ?? [],
        partials: (answer.partials ?? []).map((partial) => Object.fromEntries(partial.renderings.map((r) => [r.notation.slice(9), r.text]))),
        scalars: (answer.partials ?? []).every((partial) => !partial.shape),
      };
      $("f-error").replaceChildren();
      const several = known.variables.length > 1;
      const lines = known.variables.map((name, k) => written(name, several, { name: symbol(name), mathml: known.partials[k].MATHML }));
      $("derivatives").replaceChildren(...lines);
      $("notices").replaceChildren(...(answer.notices ?? []).map((notice) => element("li", {}, notice)));
      showCode();
    } catch (error) {
      known = null;
      $("derivatives").replaceChildren();
      $("notices").replaceChildren();
      $("f-error").replaceChildren(error instanceof Refused ? refusal(error) : problem(new Error(t("offline"))));
    }
    for (const listen of listeners) listen(known);
  }),
);

const symbol = (name) => {
  const [stem, ...rest] = name.split(/[_[\]]/).filter(Boolean);
  const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
  const made = rest.length ? `<msub><mi>${escaped(stem)}</mi><mi>${escaped(rest.join(","))}</mi></msub>` : `<mi>${escaped(name)}</mi>`;
  return `<math xmlns="${SPACE}">${made}</math>`;
};

function showCode() {
  for (const button of $("languages").children) button.setAttribute("aria-pressed", String(button.dataset.language === language));
  if (!known) return;
  if (language in (known.partials[0] ?? {})) {
    const several = known.variables.length > 1;
    $("source").textContent = known.partials.map((partial, k) => (several ? `${known.variables[k]}: ` : "") + partial[language]).join("\n");
    return;
  }
  if (!$("code").open) return;
  code(async (signal) => {
    try {
      const answer = await call("Export", { expression: expression(), notations: [`NOTATION_${language}`] }, signal);
      $("source").textContent = answer.codes[0].text;
    } catch (error) {
      $("source").textContent = [error.message, error.rest].filter(Boolean).join("\n");
    }
  });
}

export function start() {
  $("languages").replaceChildren(
    ...CODES.map((name) => element("button", { type: "button", "data-language": name, "aria-pressed": "false", onclick: () => ((language = name), showCode()) }, TITLES[name])),
  );
  $("code").addEventListener("toggle", showCode);
  $("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText($("source").textContent);
    $("status").textContent = t("copied");
  });
  $("f").addEventListener("input", () => change({ f: $("f").value, at: "", box: "", start: "" }));
  $("notation").addEventListener("change", () => change({ n: $("notation").value }));
  onChange((values) => {
    if ("f" in values || "n" in values) showFormula();
  });
}

export function show() {
  if ($("f").value !== state.f) $("f").value = state.f;
  $("notation").value = state.n ?? "";
  showFormula();
}

export const wordOf = (name) => (isWord(name) ? t(name) : name);
