// The derivation as a page of a textbook, written by the server.

import { call, latest } from "./api.js";
import { $, element, markup, problem } from "./dom.js";
import { known, knownExpression } from "./formula.js";
import { change, state } from "./state.js";
import { current, t } from "./text.js";

const newest = latest();

export function build(panel) {
  if (!known) return panel.replaceChildren();
  const names = known.variables;
  const chosen = names.includes(state.by) ? state.by : names.length > 1 ? "∇" : names[0];
  const choice = (name) => element("button", { type: "button", "aria-pressed": String(name === chosen), onclick: () => (change({ by: name }, { silent: true }), build(panel)) }, name === "∇" ? t("gradient") : name);
  panel.replaceChildren(
    element("div", { class: "row" }, t("withRespect"), ...[...names, ...(names.length > 1 ? ["∇"] : [])].map(choice),
      element("label", { class: "inline" }, element("input", { type: "checkbox", id: "definition", onchange: () => show(chosen) }), t("definition"))),
    element("div", { id: "page", class: "page", "aria-live": "polite" }),
  );
  return show(chosen);
}

function show(chosen) {
  return newest(async (signal) => {
    const body = { expression: knownExpression(), formats: ["EXPLANATION_FORMAT_HTML"], language: current(), byDefinition: $("definition").checked };
    if (chosen === "∇") Object.assign(body, { gradient: true, variables: known.variables });
    else body.variables = [chosen];
    const answer = await call("Explain", body, signal);
    $("page").replaceChildren(markup(answer.pages[0].text));
  }).catch((error) => $("page").replaceChildren(problem(error)));
}
