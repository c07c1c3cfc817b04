// Is your derivative right? Proved, agrees, or refuted with a counterexample that is drawn.

import { call, latest, number } from "./api.js";
import { $, element, problem, shown, table } from "./dom.js";
import { expression, known, knownExpression } from "./formula.js";
import { Plot, span } from "./plot.js";
import { EXERCISES } from "./presets.js";
import { evaluate, line } from "./sample.js";
import { change, state } from "./state.js";
import { current, t } from "./text.js";

const newest = latest();
const MARK = { PROVED: "good", AGREES: "good", REFUTED: "bad", UNDECIDED: "open" };

export function build(panel) {
  const order = state.order === "0" ? "0" : "1";
  panel.replaceChildren(
    element("form", { onsubmit: (event) => (event.preventDefault(), judge()) },
      element("div", { class: "row" }, ...[["1", "isDerivative"], ["0", "isEqual"]].map(([value, word]) =>
        element("label", { class: "inline" }, element("input", { type: "radio", name: "order", value, checked: value === order, onchange: () => (change({ order: value }, { silent: true }), build(panel)) }), t(word)))),
      element("label", { for: "claim" }, `${t(order === "1" ? "claim" : "claimEqual")}${order === "1" ? parts() : ""}`),
      element("textarea", { id: "claim", rows: 2, spellcheck: "false", autocapitalize: "off", oninput: (event) => change({ claim: event.target.value }, { silent: true }) }),
      element("div", { class: "row" }, element("button", { type: "submit" }, t("judge")))),
    element("div", { id: "verdict", "aria-live": "polite" }),
    element("canvas", { id: "differ", class: "wide", role: "img", "aria-label": t("counterexample"), hidden: true }),
    element("h2", {}, t("exercises")),
    element("ol", { class: "exercises" }, ...EXERCISES.map(exercise)),
  );
  $("claim").value = state.claim ?? "";
  if (state.claim) judge();
}

// What a claim on several variables consists of: c(∂f/∂x, ∂f/∂y).
function parts() {
  const names = known?.variables ?? [];
  return names.length > 1 ? `: c(${names.map((name) => `∂f/∂${name}`).join(", ")})` : "";
}

function exercise({ f, hint }) {
  return element("li", {}, element("code", {}, f), " ",
    element("button", { type: "button", onclick: () => change({ f, claim: "", order: "1", at: "", box: "" }) }, t("try")),
    element("details", {}, element("summary", {}, t("hint")), hint[current() === "ko" ? 1 : 0]));
}

function judge() {
  if (!known || !$("claim").value.trim()) return undefined;
  return newest(async (signal) => {
    const body = { expression: knownExpression(), claimed: expression($("claim").value), order: Number(state.order === "0" ? 0 : 1) };
    if (body.order) body.variables = known.variables;
    body.certificate = true;
    const answer = await call("Check", body, signal);
    const verdict = answer.verdict.replace("VERDICT_", "");
    const rows = (answer.witnesses ?? []).map((w) => [w.name, t(w.verdict.replace("VERDICT_", "")), element("span", { lang: "en" }, w.message ?? "")]);
    const values = answer.trueValue === undefined ? null
      : table([t("answer"), t("value")], [[t("yours"), shown(number(answer.claimedValue), 12)], [t("right"), shown(number(answer.trueValue), 12)]]);
    $("verdict").replaceChildren(
      element("div", { class: `verdict ${MARK[verdict] ?? "open"}` }, element("strong", {}, t(verdict)), element("div", { lang: "en" }, answer.message), values,
        ...(answer.notices ?? []).map((notice) => element("div", { class: "quiet", lang: "en" }, notice))),
      element("details", { class: "words" }, element("summary", {}, t("witnesses")), table([t("witness"), t("verdict"), t("because")], rows)),
      ...proof(answer.certificate),
    );
    await counterexample(verdict === "REFUTED" ? answer : null, signal);
  }).catch((error) => {
    $("differ").hidden = true;
    $("verdict").replaceChildren(problem(error));
  });
}

// A file that Coq checks, to copy.
function proof(certificate) {
  if (!certificate?.coq) return [];
  const copy = element("button", { type: "button" }, t("copy"));
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(certificate.coq);
    copy.textContent = t("copied");
  });
  const hypotheses = (certificate.hypotheses ?? []).join(", ");
  return [element("details", {}, element("summary", {}, t("proof")),
    hypotheses ? element("p", {}, `${t("hypotheses")}: `, element("code", {}, hypotheses)) : null,
    element("pre", { tabindex: "0" }, certificate.coq), copy)];
}

// Both curves around the point, along the variable of the derivative, the others held there.
async function counterexample(answer, signal) {
  const canvas = $("differ");
  const point = answer?.witnessPoint ?? [];
  const name = known.variables.includes(answer?.variable) ? answer.variable : point[0]?.variable;
  const entry = known.variables.indexOf(name);
  const right = state.order === "0" ? state.f : answer?.derivatives?.[entry]?.text;
  const claim = state.order !== "0" && known.variables.length > 1 ? `(${$("claim").value})[${entry + 1}]` : $("claim").value;
  canvas.hidden = !point.length || !right;
  if (canvas.hidden) return;
  const middle = number(point.find((p) => p.variable === name).value);
  const reach = Math.max(1, Math.abs(middle));
  const xs = line(middle - 2 * reach, middle + 2 * reach, 401);
  const columns = Object.fromEntries(point.map((p) => [p.variable, p.variable === name ? xs : xs.map(() => number(p.value))]));
  const sampled = (text) => {
    const used = Object.fromEntries(Object.entries(columns));
    return evaluate(used, 0, signal, { text: `function(${Object.keys(used).join(", ")}) ${text}`, notation: "NOTATION_R" }).then((found) => found.values);
  };
  try {
    const [mine, truth] = await Promise.all([sampled(claim), sampled(right)]);
    const plot = new Plot(canvas, { x: [xs[0], xs[xs.length - 1]], y: span([...mine, ...truth]) });
    plot.axes([name, ""]);
    plot.curve(xs, truth, "green", 2.5);
    plot.curve(xs, mine, "red", 2, [6, 4]);
    plot.dot([middle, number(answer.trueValue)], "green");
    plot.dot([middle, number(answer.claimedValue)], "red");
  } catch {
    canvas.hidden = true;
  }
}
