// The picture of a function of two variables: contours with the gradient at a point, and a surface to turn.

import { call, debounced, latest, number } from "./api.js";
import { $, element, shown } from "./dom.js";
import { isCurrent, knownExpression } from "./formula.js";
import { contours, grid, surface, windowOf } from "./map.js";
import { change, point, pointText, state } from "./state.js";
import { t } from "./text.js";

const exactly = latest();
let names = ["x", "y"];
let data = null;
let plot = null;
let gradient = null;
let frame = 0;
let view = [0.6, 0.6];

const place = () => {
  const found = point(state.at);
  return names.map((name) => found.get(name) ?? 1);
};

export function build(panel, variables, descend) {
  names = variables;
  gradient = null;
  const [x1, x2, y1, y2] = windowOf();
  const slider = (id, k, word, low, high) =>
    element("label", { class: "inline" }, t(word), element("input", { type: "range", id, min: low, max: high, step: 0.02, value: view[k],
      oninput: (event) => ((view[k] = Number(event.target.value)), redraw()) }));
  panel.replaceChildren(
    element("div", { class: "pair" },
      element("canvas", { id: "contours", class: "square", role: "img", "aria-label": t("contours") }),
      element("canvas", { id: "surface", class: "square", role: "img", "aria-label": t("surface") })),
    element("p", { class: "quiet" }, element("span", { class: "key red" }), ` ${t("uphill")}  `, element("span", { class: "key green" }), ` ${t("downhill")}`),
    element("div", { class: "row" }, ...names.map((name, k) =>
      element("label", { class: "inline" }, `${name} = `, element("input", { type: "number", step: "any", id: `at-${k}`, value: place()[k],
        onchange: () => move(names.map((_, i) => Number($(`at-${i}`).value))) }))),
      slider("turn", 0, "turn", -3.2, 3.2), slider("tilt", 1, "tilt", 0.1, 1.5)),
    element("p", { id: "at-point", "aria-live": "polite" }),
    element("div", { class: "row" },
      element("button", { type: "button", onclick: () => descend(place()) }, t("run")),
      t("window"), ...[x1, x2, y1, y2].map((value, k) =>
        element("label", { class: "inline" }, `${names[k >> 1]} ${t(k % 2 ? "to" : "from")}`, element("input", { type: "number", step: "any", id: `box-${k}`, value,
          onchange: () => (change({ box: [0, 1, 2, 3].map((i) => $(`box-${i}`).value).join(",") }, { silent: true }), sample()) })))),
  );
  const map = $("contours");
  map.addEventListener("pointermove", (event) => plot && event.buttons && move(plot.at(event)));
  map.addEventListener("pointerdown", (event) => plot && move(plot.at(event)));
  map.addEventListener("dblclick", (event) => plot && descend(plot.at(event)));
  const solid = $("surface");
  solid.addEventListener("pointerdown", (event) => solid.setPointerCapture(event.pointerId));
  solid.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    view = [view[0] + event.movementX / 120, Math.max(0.1, Math.min(1.5, view[1] + event.movementY / 200))];
    redraw();
  });
  sample();
}

function sample() {
  grid(names).then((found) => {
    if (!found) return;
    data = found;
    redraw();
    ask();
  }, (error) => $("at-point")?.replaceChildren(error.message));
}

function move(at) {
  gradient = null;
  change({ at: pointText(names.map((name, k) => [name, Number(at[k].toPrecision(5))])) }, { silent: true });
  place().forEach((value, k) => ($(`at-${k}`).value = value));
  redraw();
  ask();
}

export function redraw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    const map = $("contours");
    if (!map || !data || map.closest("[hidden]")) return;
    plot = contours(map, names, data);
    const at = place();
    if (gradient) {
      const [u, v] = [gradient[0] / (plot.x[1] - plot.x[0]), gradient[1] / (plot.y[1] - plot.y[0])];
      const size = Math.hypot(u, v);
      if (size > 0 && Number.isFinite(size)) {
        plot.arrow(at, [(45 * u) / size, (45 * v) / size], "red", 2.5);
        plot.arrow(at, [(-45 * u) / size, (-45 * v) / size], "green", 2.5);
      }
    }
    plot.dot(at, "orange");
    surface($("surface"), data, view);
  });
}

const ask = debounced(40, () =>
  exactly(async (signal) => {
    if (!isCurrent(...names)) return;
    const at = place();
    const answer = await call("Gradient", { expression: knownExpression(), variables: names, at: names.map((variable, k) => ({ variable, value: at[k] })) }, signal);
    gradient = answer.partials.map((partial) => number(partial.value));
    $("at-point").textContent =
      `f(${at.map((v) => shown(v)).join(", ")}) = ${shown(number(answer.value), 10)},  ∇f = (${gradient.map((v) => shown(v, 10)).join(", ")}),  |∇f| = ${shown(number(answer.norm), 10)}`;
    redraw();
  }).catch((error) => $("at-point")?.replaceChildren(error.message)),
);
