// Descents: a path that comes step by step, the verdict on its rate, and methods side by side.

import { debounced, latest, number, numbers, stream } from "./api.js";
import { $, element, problem, shown, table } from "./dom.js";
import { isCurrent, known, knownExpression } from "./formula.js";
import { contours, grid } from "./map.js";
import { Plot, span } from "./plot.js";
import { evaluate, line } from "./sample.js";
import { change, point, pointText, state } from "./state.js";
import { isWord, t } from "./text.js";

// Methods with a rate have its usual value.
const METHODS = { fixedRate: 0.1, momentum: 0.01, nesterov: 0.01, adagrad: 0.1, rmsprop: 0.01, adam: 0.1, lineSearch: 0, conjugateGradient: 0, newton: 0, bfgs: 0 };
const TITLES = { fixedRate: "x ← x − rate ∇f", momentum: "momentum", nesterov: "Nesterov", adagrad: "AdaGrad", rmsprop: "RMSProp", adam: "Adam", lineSearch: "line search", conjugateGradient: "conjugate gradient", newton: "Newton", bfgs: "BFGS" };
const COLORS = ["red", "green", "violet", "orange", "blue"];
const MOST = 5000;
const running = latest();
let paths = [];
let data = null;
let curve = null;
let plot = null;
let frame = 0;

const method = () => (state.method in METHODS ? state.method : "fixedRate");
const rate = () => (Number(state.rate) > 0 ? Number(state.rate) : METHODS[method()]);
const names = () => known?.variables ?? [];
const start = () => {
  const found = point(state.start || state.at);
  return names().map((name, k) => found.get(name) ?? [3, 2, 1][k % 3]);
};

export function build(panel) {
  paths = [];
  data = curve = null;
  if (!known) return panel.replaceChildren();
  panel.replaceChildren(
    names().length <= 2 ? element("canvas", { id: "path", class: names().length === 2 ? "square" : "wide", role: "img", "aria-label": t("descent") }) : element("span"),
    element("div", { class: "row" }, t("start"), ...names().slice(0, 6).map((name, k) =>
      element("label", { class: "inline" }, `${name} = `, element("input", { type: "number", step: "any", id: `start-${k}`, value: start()[k],
        onchange: () => begin(names().map((_, i) => ($(`start-${i}`) ? Number($(`start-${i}`).value) : start()[i]))) })))),
    element("div", { class: "row" },
      element("label", { class: "inline" }, t("method"), element("select", { id: "method", onchange: (event) => (change({ method: event.target.value, rate: "" }, { silent: true }), settings(), run()) },
        ...Object.keys(METHODS).map((name) => element("option", { value: name, selected: name === method() }, TITLES[name])))),
      element("label", { class: "inline" }, element("input", { type: "checkbox", id: "maximize", checked: state.maximize === "1", onchange: (event) => (change({ maximize: event.target.checked ? "1" : "" }, { silent: true }), run()) }), t("maximize")),
      element("label", { class: "inline" }, element("input", { type: "checkbox", id: "also", checked: state.also === "1", onchange: (event) => (change({ also: event.target.checked ? "1" : "" }, { silent: true }), run()) }), t("sideBySide"))),
    element("div", { class: "row", id: "rate-row" },
      element("label", { for: "rate" }, t("rate")), element("output", { id: "rate-shown", for: "rate" }),
      element("datalist", { id: "rate-marks" }),
      element("input", { type: "range", id: "rate", min: -5, max: 1, step: 0.01, list: "rate-marks", oninput: (event) => {
        change({ rate: String(Number((10 ** Number(event.target.value)).toPrecision(3))) }, { silent: true });
        settings();
        soon();
      } })),
    element("div", { class: "row" },
      element("button", { type: "button", id: "run", onclick: run }, t("run")), element("button", { type: "button", id: "stop", onclick: () => running(async () => {}) }, t("stop"))),
    element("div", { id: "outcome", "aria-live": "polite" }),
    element("h2", {}, t("valueOverSteps")),
    element("canvas", { id: "values", class: "low", role: "img", "aria-label": t("valueOverSteps") }),
    element("div", { id: "trace" }),
  );
  const canvas = $("path");
  canvas?.addEventListener("pointerdown", (event) => plot && begin(names().length === 2 ? plot.at(event) : [plot.at(event)[0]]));
  settings();
  background().then(run, (error) => $("outcome").replaceChildren(problem(error)));
}

function settings() {
  $("rate-row").hidden = !METHODS[method()];
  $("rate").value = String(Math.log10(rate() || 1));
  $("rate-shown").textContent = shown(rate(), 3);
}

export function begin(at) {
  change({ start: pointText(names().map((name, k) => [name, Number(at[k].toPrecision(5))])) }, { silent: true });
  names().forEach((_, k) => $(`start-${k}`) && ($(`start-${k}`).value = String(start()[k])));
  run();
}

async function background() {
  if (names().length === 2) data = await grid(names());
  if (names().length === 1) {
    const box = (state.box ?? "").split(",").map(Number);
    const [low, high] = box.length === 2 && box[0] < box[1] ? box : [-4, 4];
    const xs = line(low, high, 401);
    const { values } = await evaluate({ [names()[0]]: xs }, 0);
    curve = { xs, ys: values, y: span(values) };
  }
  redraw();
}

function request(name) {
  const settings = METHODS[name] ? { rate: name === method() ? rate() : METHODS[name] } : {};
  return {
    expression: knownExpression(), start: names().map((variable, k) => ({ variable, value: start()[k] })), [name]: settings,
    maximize: state.maximize === "1", maxSteps: MOST,
  };
}

const soon = debounced(60, run);

function run() {
  if (!isCurrent()) return undefined;
  const chosen = state.also === "1" ? [...new Set([method(), "fixedRate", "momentum", "adam", "newton"])] : [method()];
  paths = chosen.map((name, k) => ({ name, color: COLORS[k % COLORS.length], steps: [], outcome: null, error: null }));
  return running((signal) => Promise.all(paths.map(async (path) => {
    try {
      for await (const message of stream("Descend", request(path.name), signal)) {
        for (const step of message.steps ?? []) path.steps.push({ number: number(step.number), point: numbers(step.point), value: number(step.value), norm: number(step.gradientNorm) });
        if (message.outcome) path.outcome = message.outcome;
        redraw();
      }
    } catch (error) {
      if (signal.aborted) throw error;
      path.error = error;
    }
    if (path === paths[0]) verdict(path);
    redraw();
    compared();
  }))).catch((error) => $("outcome")?.replaceChildren(problem(error)));
}

const enumName = (value, prefix) => (value ?? "").replace(prefix, "");

function verdict({ outcome, error }) {
  const box = $("outcome");
  if (!box) return;
  if (error || !outcome) return box.replaceChildren(error ? problem(error) : "");
  const reason = enumName(outcome.reason, "STOP_REASON_");
  const nature = enumName(outcome.nature, "NATURE_");
  const regime = enumName(outcome.regime, "REGIME_");
  const finding = enumName(outcome.finding, "FINDING_");
  const lines = [element("strong", {}, [t(reason), isWord(nature) ? t(nature) : "", isWord(finding) ? t(finding) : ""].filter(Boolean).join(" · ")), element("div", { lang: "en" }, outcome.message)];
  // 2/L is a mark on the slider.
  const limit = Math.log10(number(outcome.rateLimit));
  $("rate-marks").replaceChildren(...(limit > -5 && limit < 1 ? [element("option", { value: String(limit), label: "2/L" })] : []));
  const about = [];
  if (isWord(regime)) about.push(t(regime));
  if (outcome.predictedSteps) about.push(t("predicted", outcome.predictedSteps));
  if (outcome.rateLimit !== undefined) about.push(t("limitRate", shown(number(outcome.rateLimit), 4)));
  if (about.length) lines.push(element("div", {}, about.join(" · ")));
  if (outcome.recommendedRate !== undefined && METHODS[method()]) {
    const better = Number(number(outcome.recommendedRate).toPrecision(4));
    lines.push(element("button", { type: "button", onclick: () => (change({ rate: String(better) }, { silent: true }), settings(), run()) }, t("better", shown(better, 4))));
  }
  for (const notice of outcome.notices ?? []) lines.push(element("div", { class: "quiet", lang: "en" }, notice));
  return box.replaceChildren(element("div", { class: `verdict ${reason === "CONVERGED" ? "good" : reason === "DIVERGED" || reason === "NOT_FINITE" ? "bad" : "open"}` }, ...lines));
}

function compared() {
  const box = $("trace");
  if (!box) return;
  const ends = paths.filter((path) => path.outcome);
  const digits = 8;
  if (paths.length > 1) {
    box.replaceChildren(table([t("method"), t("steps"), t("value"), "|∇f|", t("reason")], ends.map((path) => {
      const title = element("span", {}, element("span", { class: `key ${path.color}` }), ` ${TITLES[path.name]}`);
      return [title, String(number(path.outcome.steps)), shown(number(path.outcome.value), digits), shown(number(path.outcome.gradientNorm), 3), t(enumName(path.outcome.reason, "STOP_REASON_"))];
    })));
    return;
  }
  const steps = paths[0]?.steps ?? [];
  const few = steps.length <= 10 ? steps : [...steps.slice(0, 5), null, ...steps.slice(-4)];
  box.replaceChildren(table([t("step1"), ...names(), "f", "|∇f|"], few.map((step) =>
    step ? [String(step.number), ...step.point.map((v) => shown(v, digits)), shown(step.value, digits), shown(step.norm, 3)] : ["…", ...names().map(() => ""), "", ""])));
}

export function redraw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(draw);
}

function draw() {
  const canvas = $("path");
  if ($("descent").hidden) return;
  if (canvas && data) {
    plot = contours(canvas, names(), data, { arrows: false });
    for (const { steps, color } of paths) {
      plot.curve(steps.map((s) => s.point[0]), steps.map((s) => s.point[1]), color, 2);
      if (steps.length < 200) for (const step of steps) plot.dot(step.point, color, 2.5);
      if (steps.length) plot.dot(steps[steps.length - 1].point, color, 5);
    }
    plot.dot(start(), "text", 4);
  } else if (canvas && curve) {
    plot = new Plot(canvas, { x: [curve.xs[0], curve.xs[curve.xs.length - 1]], y: curve.y });
    plot.axes([names()[0], "f"]);
    plot.curve(curve.xs, curve.ys, "blue", 2);
    for (const { steps, color } of paths) {
      plot.curve(steps.map((s) => s.point[0]), steps.map((s) => s.value), color, 1);
      for (const step of steps.slice(0, 300)) plot.dot([step.point[0], step.value], color, 3);
    }
  }
  const chart = $("values");
  const drawn = paths.filter((path) => path.steps.length > 1);
  if (!chart || !drawn.length) return;
  const sign = state.maximize === "1" ? -1 : 1;
  const least = drawn.reduce((found, path) => path.steps.reduce((low, s) => (sign * s.value < low ? sign * s.value : low), found), Infinity);
  const longest = Math.max(...drawn.map((path) => path.steps[path.steps.length - 1].number), 1);
  // How far f is above the best value seen, which falls on a line where convergence is linear.
  const series = drawn.map((path) => [path, path.steps.map((s) => (sign * s.value > least ? Math.log10(sign * s.value - least) : NaN))]);
  const seen = series.flatMap(([, ys]) => ys).filter(Number.isFinite);
  if (!seen.length) return;
  const p = new Plot(chart, { x: [0, longest], y: span(seen, 0), logs: [false, true] });
  p.axes([t("steps"), sign < 0 ? "max − f" : "f − min"]);
  for (const [path, ys] of series) p.curve(path.steps.map((s) => s.number), ys, path.color, 1.8);
}
