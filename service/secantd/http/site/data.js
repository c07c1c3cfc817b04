// Data from a CSV text: a likelihood or a sum of squares, its fit with standard errors, and the curve through the points.

import { latest, numbers, stream } from "./api.js";
import { $, element, problem, shown, table } from "./dom.js";
import { Plot, span } from "./plot.js";
import { evaluate, line } from "./sample.js";
import { change, point, pointText, state } from "./state.js";
import { t } from "./text.js";

const fitting = latest();
const KINDS = ["squares", "likelihood", "loss"];
const DEFAULT = { data: "x,y\n0,1.1\n1,2.9\n2,5.2\n3,6.8\n4,9.1", model: "a + b*x", start2: "a:0,b:1" };

// Columns of numbers of a CSV text with comma, semicolon or TAB; columns of texts are left out.
export function columnsOf(text) {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).map((row, k) => [k + 1, row]).filter(([, row]) => row.trim());
  if (!lines.length) return {};
  const sign = ["\t", ";", ","].find((mark) => lines[0][1].includes(mark)) ?? ",";
  const cells = lines.map(([number, row]) => [number, row.split(sign).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"))]);
  const names = cells[0][1];
  const read = (cell) => (sign === ";" ? cell.replace(",", ".") : cell);
  const found = {};
  names.forEach((name, k) => {
    const texts = cells.slice(1).map(([number, row]) => {
      if (row.length !== names.length) throw new Error(t("badLength", number, row.length, names.length));
      return [number, read(row[k])];
    });
    const values = texts.map(([, cell]) => (cell === "" || cell === "NA" ? NaN : Number(cell)));
    const wrong = texts.filter(([, cell], i) => Number.isNaN(values[i]) && !["", "NA", "NaN"].includes(cell));
    if (wrong.length === texts.length && wrong.length) return;
    if (wrong.length) throw new Error(t("badRow", wrong[0][0], wrong[0][1]));
    found[name || `V${k + 1}`] = values;
  });
  const kept = Object.values(found)[0]?.map((_, i) => Object.values(found).every((column) => !Number.isNaN(column[i]))) ?? [];
  return Object.fromEntries(Object.entries(found).map(([name, column]) => [name, column.filter((_, i) => kept[i])]));
}

const kind = () => (KINDS.includes(state.kind) ? state.kind : "squares");
const text = () => state.data ?? DEFAULT.data;

export function build(panel) {
  panel.replaceChildren(
    element("label", { for: "csv" }, t("csv")),
    element("textarea", { id: "csv", class: "drop", rows: 6, spellcheck: "false", oninput: () => (change({ data: $("csv").value }, { silent: true }), summary()) }),
    element("div", { class: "row" }, element("label", { class: "inline" }, t("file"), element("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", onchange: (event) => take(event.target.files[0]) })), element("span", { id: "rows", class: "quiet" })),
    element("div", { class: "row" }, element("label", { class: "inline" }, t("kind"), element("select", { id: "kind", onchange: (event) => (change({ kind: event.target.value }, { silent: true }), build(panel)) },
      ...KINDS.map((name) => element("option", { value: name, selected: name === kind() }, t(name)))))),
    element("label", { for: "model" }, t("model")),
    element("textarea", { id: "model", rows: 2, spellcheck: "false", oninput: () => change({ model: $("model").value }, { silent: true }) }),
    element("div", { class: "row" },
      kind() === "squares" ? element("label", { class: "inline" }, t("target"), element("select", { id: "target" })) : null,
      element("label", { class: "inline" }, t("parameters"), element("input", { type: "text", id: "start2", value: state.start2 ?? DEFAULT.start2, oninput: () => change({ start2: $("start2").value }, { silent: true }) })),
      element("button", { type: "button", onclick: fit }, t("fit"))),
    element("div", { id: "fitted", "aria-live": "polite" }),
    element("canvas", { id: "fit-curve", class: "wide", role: "img", "aria-label": t("fitted"), hidden: true }),
  );
  $("csv").value = text();
  $("model").value = state.model ?? DEFAULT.model;
  const box = $("csv");
  for (const name of ["dragover", "dragenter"]) box.addEventListener(name, (event) => (event.preventDefault(), box.classList.add("over")));
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => (event.preventDefault(), take(event.dataTransfer.files[0])));
  summary();
}

async function take(file) {
  if (!file) return;
  $("csv").value = await file.text();
  change({ data: $("csv").value }, { silent: true });
  summary();
}

function summary() {
  try {
    const columns = columnsOf(text());
    const names = Object.keys(columns);
    $("rows").textContent = names.length ? t("rows", columns[names[0]].length, names.join(", ")) : t("noRows");
    $("target")?.replaceChildren(...names.map((name) => element("option", { value: name, selected: name === (names.includes("y") ? "y" : names[names.length - 1]) }, name)));
    return columns;
  } catch (error) {
    $("rows").textContent = error.message;
    return null;
  }
}

function fit() {
  const columns = summary();
  if (!columns || !Object.keys(columns).length) return undefined;
  const model = $("model").value;
  const target = $("target")?.value;
  const parameters = point($("start2").value.replaceAll("=", ":").replaceAll(" ", ""));
  // Of least squares the profile of the normal likelihood, whose Hessian has the standard errors.
  const formulas = { squares: `length(${target})/2*log(sum((${target} - (${model}))^2))`, likelihood: `sum(${model})`, loss: `sum(${model})` };
  const data = Object.entries(columns).map(([name, values]) => ({ name, values: values.map((v) => (Number.isFinite(v) ? v : String(v))) }));
  const body = {
    expression: { text: formulas[kind()], data }, start: [...parameters].map(([variable, value]) => ({ variable, value })), bfgs: {},
    maximize: kind() === "likelihood", standardErrors: true, maxSteps: 2000, tolerance: 1e-8,
  };
  change({ start2: pointText(parameters) }, { silent: true });
  return fitting(async (signal) => {
    let outcome = null;
    for await (const message of stream("Descend", { ...body, traceEvery: 2000 }, signal)) outcome = message.outcome ?? outcome;
    const estimates = numbers(outcome.point);
    const errors = numbers(outcome.standardErrors);
    const names = [...parameters.keys()];
    $("fitted").replaceChildren(
      table([t("parameter"), t("estimate"), t("standardError")], names.map((name, k) => [name, shown(estimates[k], 8), errors.length ? shown(errors[k], 4) : "–"])),
      element("p", { class: "quiet", lang: "en" }, outcome.message),
    );
    await curve(columns, target, model, names, estimates, signal);
  }).catch((error) => {
    $("fit-curve").hidden = true;
    $("fitted").replaceChildren(problem(error));
  });
}

async function curve(columns, target, model, names, estimates, signal) {
  const canvas = $("fit-curve");
  const inputs = Object.keys(columns).filter((name) => name !== target && new RegExp(`(?<![\\w.])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w.])`).test(model));
  canvas.hidden = kind() !== "squares" || inputs.length !== 1;
  if (canvas.hidden) return;
  const [input] = inputs;
  const xs = columns[input];
  const [low, high] = span(xs, 0);
  const at = line(low, high, 301);
  const points = { [input]: at, ...Object.fromEntries(names.map((name, k) => [name, at.map(() => estimates[k])])) };
  const { values } = await evaluate(points, 0, signal, { text: model });
  const plot = new Plot(canvas, { x: [low, high], y: span([...columns[target], ...values], 0) });
  plot.axes([input, target]);
  plot.curve(at, values, "orange", 2.5);
  xs.forEach((x, i) => plot.dot([x, columns[target][i]], "blue", 4));
}

