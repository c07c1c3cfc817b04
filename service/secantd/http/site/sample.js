// Values of f and its derivatives on lines and grids, and between their points.

import { call, numbers } from "./api.js";
import { knownExpression } from "./formula.js";

// Values and partials at points given as { name: [numbers] }.
export async function evaluate(points, order, signal, formula = knownExpression()) {
  const columns = Object.entries(points).map(([name, values]) => ({ name, values }));
  const answer = await call("Evaluate", { expression: formula, points: columns, order }, signal);
  const slopes = Object.fromEntries((answer.derivatives ?? []).map(({ name, values }) => [name, numbers(values)]));
  return { values: numbers(answer.values), slopes };
}

export const line = (low, high, count) => Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1));

// Cubic Hermite interpolation of samples on an even grid: the value and the slope at x.
export function between({ xs, ys, ds }, x) {
  const step = (xs[xs.length - 1] - xs[0]) / (xs.length - 1);
  const k = Math.max(0, Math.min(xs.length - 2, Math.floor((x - xs[0]) / step)));
  const u = (x - xs[k]) / step;
  const [y1, y2, d1, d2] = [ys[k], ys[k + 1], ds[k] * step, ds[k + 1] * step];
  const value = y1 + u * (d1 + u * (3 * (y2 - y1) - 2 * d1 - d2 + u * (d1 + d2 - 2 * (y2 - y1))));
  const slope = d1 + u * (2 * (3 * (y2 - y1) - 2 * d1 - d2) + 3 * u * (d1 + d2 - 2 * (y2 - y1)));
  return [value, slope / step];
}
