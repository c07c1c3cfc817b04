// The picture of a function of one variable: a point to drag, its tangent, a secant that turns into it, and the error of quotients.

import { call, debounced, latest, number } from "./api.js";
import { $, element, shown, table } from "./dom.js";
import { isCurrent, knownExpression } from "./formula.js";
import { Plot, span } from "./plot.js";
import { between, evaluate, line } from "./sample.js";
import { change, point, pointText, state } from "./state.js";
import { t } from "./text.js";

const SCHEMES = ["forward", "backward", "central"];
const sampling = latest();
const exactly = latest();
let sampled = null;
let plot = null;
let frame = 0;
let variable = "x";
let exact = null;

const window_ = () => {
  const [low, high] = (state.box ?? "").split(",").map(Number);
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : [-4, 4];
};
const place = () => point(state.at).get(variable) ?? 1;
const step = () => (Number(state.h) > 0 ? Number(state.h) : 1);
const scheme = () => (SCHEMES.includes(state.scheme) ? state.scheme : "forward");

export function build(panel, name) {
  variable = name;
  exact = null;
  const [low, high] = window_();
  const range = (id, attributes, input) => element("input", { type: "range", id, ...attributes, oninput: input });
  panel.replaceChildren(
    element("canvas", { id: "curve", class: "wide", role: "img" }),
    element("div", { class: "row" },
      element("label", { for: "x-slider" }, `${variable} = `), element("output", { id: "x-shown", for: "x-slider" }),
      range("x-slider", { min: low, max: high, step: (high - low) / 1000 }, (event) => move(Number(event.target.value)))),
    element("div", { class: "row" },
      element("label", { for: "h-slider" }, `${t("step")} = `), element("output", { id: "h-shown", for: "h-slider" }),
      range("h-slider", { min: -12, max: 0.7, step: 0.01, value: Math.log10(step()) }, (event) => {
        change({ h: String(Number((10 ** Number(event.target.value)).toPrecision(3))) }, { silent: true });
        redraw();
        ask();
      }),
      element("span", { role: "group", "aria-label": t("secant") }, ...SCHEMES.map((name) =>
        element("button", { type: "button", "data-scheme": name, onclick: () => (change({ scheme: name }, { silent: true }), redraw(), ask()) }, t(name))))),
    element("p", { class: "quiet" },
      element("span", { class: "key blue" }), " f  ", element("span", { class: "key orange" }), ` ${t("tangent")}  `,
      element("span", { class: "key green" }), ` ${t("secant")}`),
    element("div", { id: "quotients", "aria-live": "polite" }),
    element("h2", {}, t("errorPlot")),
    element("canvas", { id: "errors", class: "low", role: "img", "aria-label": t("errorPlot") }),
    element("p", { id: "best", class: "quiet" }),
    element("div", { class: "row" }, t("window"), ...[["low", low], ["high", high]].map(([id, value], k) =>
      element("label", { class: "inline" }, t(k ? "to" : "from"), element("input", { type: "number", step: "any", id, value, onchange: resize })))),
  );
  const canvas = $("curve");
  const drag = (event) => {
    if (event.type === "pointerdown") canvas.setPointerCapture(event.pointerId);
    if (event.type === "pointerdown" || event.buttons) move(plot?.at(event)[0] ?? place());
  };
  canvas.addEventListener("pointerdown", drag);
  canvas.addEventListener("pointermove", drag);
  sample();
}

function resize() {
  const [low, high] = [Number($("low").value), Number($("high").value)];
  if (!(low < high)) return;
  change({ box: `${low},${high}` }, { silent: true });
  for (const [name, value] of [["min", low], ["max", high], ["step", (high - low) / 1000]]) $("x-slider").setAttribute(name, value);
  sample();
}

function sample() {
  return sampling(async (signal) => {
    const [low, high] = window_();
    const xs = line(low, high, 801);
    const { values, slopes } = await evaluate({ [variable]: xs }, 1, signal);
    sampled = { xs, ys: values, ds: slopes[variable], y: span(values) };
    redraw();
    ask();
  }).catch((error) => $("quotients")?.replaceChildren(error.message));
}

function move(x) {
  const [low, high] = window_();
  const kept = Math.max(low, Math.min(high, x));
  exact = null;
  change({ at: pointText([[variable, Number(kept.toPrecision(6))]]) }, { silent: true });
  redraw();
  ask();
}

// Drawn at most once a frame, from samples; exact numbers follow.
export function redraw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(draw);
}

function draw() {
  const canvas = $("curve");
  if (!canvas || !sampled || canvas.closest("[hidden]")) return;
  const [x, h, kind] = [place(), step(), scheme()];
  plot = new Plot(canvas, { x: window_(), y: sampled.y });
  plot.axes([variable, "f"]);
  plot.curve(sampled.xs, sampled.ys, "blue", 2.5);
  const [value, slope] = exact ? [exact.value, exact.slope] : between(sampled, x);
  const line = (at, height, rise, name, dashes) => {
    const [low, high] = plot.x;
    plot.line([low, height + rise * (low - at)], [high, height + rise * (high - at)], name, 2, dashes);
  };
  const ends = { forward: [x, x + h], backward: [x - h, x], central: [x - h, x + h] }[kind];
  const heights = ends.map((end) => (end === x ? value : between(sampled, end)[0]));
  const rise = h < 1e-3 ? slope : (heights[1] - heights[0]) / (ends[1] - ends[0]);
  if (Number.isFinite(rise) && ends.every((end) => end >= plot.x[0] && end <= plot.x[1])) {
    line(ends[0], heights[0], rise, "green", [6, 4]);
    for (const [k, end] of ends.entries()) plot.dot([end, heights[k]], "green", 4);
  }
  if (Number.isFinite(slope) && !exact?.kink) line(x, value, slope, "orange", []);
  plot.dot([x, value], "orange", 6);
  canvas.setAttribute("aria-label", t("curve", `${variable} = ${shown(x)}`));
  $("x-slider").value = String(x);
  $("x-shown").textContent = shown(x);
  $("h-shown").textContent = shown(h);
  for (const button of document.querySelectorAll("[data-scheme]")) button.setAttribute("aria-pressed", String(button.dataset.scheme === kind));
}

const ask = debounced(60, () =>
  exactly(async (signal) => {
    if (!isCurrent(variable)) return;
    const [x, h] = [place(), step()];
    const at = [{ variable, value: x }];
    const body = { expression: knownExpression(), at, step: h };
    const [answers, derivative, touch, wide] = await Promise.all([
      Promise.all(SCHEMES.map((name) => call("Approximate", { ...body, scheme: `SCHEME_${name.toUpperCase()}` }, signal).catch(() => null))),
      call("Differentiate", { expression: knownExpression(), variables: [variable], at }, signal),
      call("Tangent", { expression: knownExpression(), at }, signal).catch(() => ({})),
      call("Approximate", { expression: knownExpression(), at, scheme: `SCHEME_${scheme().toUpperCase()}`, sweep: true }, signal).catch(() => null),
    ]);
    const slope = number(derivative.derivative.value);
    exact = { value: number(derivative.value), slope, kink: touch.contact === "CONTACT_KINK" };
    const rows = SCHEMES.flatMap((name, k) => {
      const found = answers[k]?.partials?.[0];
      if (!found) return [];
      return [[t(name), shown(number(found.value), 12), shown(number(found.error), 3), shown(number(found.truncation), 3), shown(number(found.rounding), 3)]];
    });
    if (!exact.kink) rows.push([t("exact"), shown(slope, 12), "", "", ""]);
    const note = exact.kink ? element("p", { class: "red" }, t("kink", shown(number(touch.leftSlope)), shown(number(touch.rightSlope)))) : null;
    const prime = exact.kink ? "" : `,  f′(${shown(x)}) = ${shown(slope, 12)}`;
    $("quotients").replaceChildren(
      ...[note, element("p", {}, `f(${shown(x)}) = ${shown(exact.value, 12)}${prime}`),
        table([t("quotient"), t("value"), t("error"), t("truncation"), t("rounding")], rows)].filter(Boolean),
    );
    redraw();
    errors(wide, answers[SCHEMES.indexOf(scheme())]?.partials?.[0], h);
  }).catch((error) => $("quotients")?.replaceChildren(error.message)),
);

// |error| over h, with the two parts of which theory says that it consists.
function errors(answer, now, h) {
  const canvas = $("errors");
  const rows = (answer?.sweep ?? []).map((row) => [Math.log10(number(row.step)), Math.log10(Math.abs(number(row.error)))]);
  const seen = rows.filter(([, e]) => Number.isFinite(e));
  if (!seen.length) {
    new Plot(canvas, { x: [-1, 1], y: [-1, 1] });
    $("best").textContent = "";
    return;
  }
  const [low, high] = span(seen.map(([, e]) => e), 0);
  const xs = rows.map(([x]) => x);
  const p = new Plot(canvas, { x: [Math.min(...xs) - 0.3, Math.max(...xs) + 0.3], y: [low, high], logs: [true, true] });
  p.axes(["h", t("error")]);
  if (now) {
    const order = scheme() === "central" ? 2 : 1;
    const [cut, rounded, at] = [Math.abs(number(now.truncation)), Math.abs(number(now.rounding)), Math.log10(h)];
    if (cut > 0) p.curve(xs, xs.map((x) => Math.log10(cut) + order * (x - at)), "orange", 1.5, [6, 4]);
    if (rounded > 0) p.curve(xs, xs.map((x) => Math.log10(rounded) - (x - at)), "violet", 1.5, [2, 3]);
  }
  p.curve(seen.map(([x]) => x), seen.map(([, e]) => e), "blue", 2);
  const error = Math.log10(Math.abs(number(now?.error)));
  if (Number.isFinite(error)) p.dot([Math.log10(h), error], "green");
  const key = (name, word) => [element("span", { class: `key ${name}` }), ` ${t(word)}  `];
  $("best").replaceChildren(...key("blue", "error"), ...key("orange", "truncation"), ...key("violet", "rounding"),
    answer.bestStep === undefined ? "" : t("best", shown(number(answer.bestStep), 3)));
}
