// A function of two variables: its contours with gradients, and its surface.

import { latest } from "./api.js";
import { color, Plot, span } from "./plot.js";
import { evaluate, line } from "./sample.js";
import { state } from "./state.js";

const SIDE = 121;
const sampling = latest();

export const windowOf = () => {
  const found = (state.box ?? "").split(",").map(Number);
  return found.length === 4 && found.every(Number.isFinite) && found[0] < found[1] && found[2] < found[3] ? found : [-3, 3, -3, 3];
};

// Values and gradients on a grid: rows of one y.
export async function grid([first, second]) {
  const [x1, x2, y1, y2] = windowOf();
  const [xs, ys] = [line(x1, x2, SIDE), line(y1, y2, SIDE)];
  const columns = { [first]: ys.flatMap(() => xs), [second]: ys.flatMap((y) => xs.map(() => y)) };
  return sampling(async (signal) => {
    const { values, slopes } = await evaluate(columns, 1, signal);
    return { xs, ys, values, dx: slopes[first], dy: slopes[second], levels: levels(values) };
  });
}

// Levels by quantiles: a narrow valley has as many as steep walls.
function levels(values) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!finite.length) return [];
  const found = [];
  for (let k = 2; k < 17; k++) found.push(finite[Math.floor((k / 17) ** 1.5 * (finite.length - 1))]);
  return [...new Set(found)].filter((level) => level > finite[0] && level < finite[finite.length - 1]);
}

// Marching squares; the middle of an ambiguous square decides.
function segments({ xs, ys, values }, level, draw) {
  const n = xs.length;
  for (let j = 0; j + 1 < ys.length; j++) {
    for (let i = 0; i + 1 < n; i++) {
      const v = [values[j * n + i], values[j * n + i + 1], values[(j + 1) * n + i + 1], values[(j + 1) * n + i]];
      if (!v.every(Number.isFinite)) continue;
      const above = v.map((value) => value > level);
      const cut = (a, b, [xa, ya], [xb, yb]) => {
        const u = (level - v[a]) / (v[b] - v[a]);
        return [xa + u * (xb - xa), ya + u * (yb - ya)];
      };
      const corners = [[xs[i], ys[j]], [xs[i + 1], ys[j]], [xs[i + 1], ys[j + 1]], [xs[i], ys[j + 1]]];
      const points = [];
      for (let k = 0; k < 4; k++) {
        const next = (k + 1) % 4;
        if (above[k] !== above[next]) points.push(cut(k, next, corners[k], corners[next]));
      }
      if (points.length === 2) draw(points[0], points[1]);
      if (points.length === 4) {
        const middle = (v[0] + v[1] + v[2] + v[3]) / 4 > level;
        if (middle === above[0]) draw(points[0], points[1]), draw(points[2], points[3]);
        else draw(points[0], points[3]), draw(points[1], points[2]);
      }
    }
  }
}

export function contours(canvas, names, data, { arrows = true } = {}) {
  const [x1, x2, y1, y2] = windowOf();
  const plot = new Plot(canvas, { x: [x1, x2], y: [y1, y2] });
  plot.axes(names);
  const c = plot.context;
  data.levels.forEach((level, k) => {
    c.strokeStyle = color("blue");
    c.globalAlpha = 0.35 + (0.6 * k) / data.levels.length;
    c.lineWidth = 1.2;
    c.beginPath();
    segments(data, level, (a, b) => {
      c.moveTo(plot.px(a[0]), plot.py(a[1]));
      c.lineTo(plot.px(b[0]), plot.py(b[1]));
    });
    c.stroke();
  });
  c.globalAlpha = 1;
  if (!arrows) return plot;
  const lengths = [];
  const places = [];
  for (let j = 7; j < data.ys.length; j += 15) {
    for (let i = 7; i < data.xs.length; i += 15) {
      const k = j * data.xs.length + i;
      // In pixels, so that an arrow crosses the contours at right angles where both axes have one scale.
      const u = data.dx[k] / (plot.x[1] - plot.x[0]);
      const v = data.dy[k] / (plot.y[1] - plot.y[0]);
      if (Number.isFinite(u) && Number.isFinite(v)) {
        places.push([data.xs[i], data.ys[j], u, v]);
        lengths.push(Math.hypot(u, v));
      }
    }
  }
  const most = Math.max(...lengths, 1e-300);
  for (const [x, y, u, v] of places) {
    const size = Math.hypot(u, v);
    const long = 26 * Math.sqrt(size / most);
    if (size > 0) plot.arrow([x, y], [(u / size) * long, (v / size) * long], "quiet", 1.1);
  }
  return plot;
}

// The surface as quadrilaterals, the farthest first.
export function surface(canvas, data, [turn, tilt], path = []) {
  const p = new Plot(canvas, { x: [-1, 1], y: [-1, 1], margin: [0, 0] });
  const c = p.context;
  const [low, high] = span(data.values, 0.01);
  const by = 3;
  const n = data.xs.length;
  const [cos, sin, up, flat] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  // The corners stay inside at every turn.
  const reach = Math.SQRT2;
  const scale = 0.48 * Math.min(p.width / reach, p.height / (up + reach * flat));
  const screen = (u, v, w) => {
    const [a, b] = [u * cos - v * sin, u * sin + v * cos];
    return [p.width / 2 + scale * a, p.height / 2 - scale * (w * up * 0.8 + b * flat), b];
  };
  const unit = (list, k) => (2 * k) / (list.length - 1) - 1;
  const height = (value) => 2 * Math.max(-0.1, Math.min(1.1, (value - low) / (high - low))) - 1;
  const faces = [];
  for (let j = 0; j + by < data.ys.length; j += by) {
    for (let i = 0; i + by < n; i += by) {
      const corners = [[i, j], [i + by, j], [i + by, j + by], [i, j + by]];
      const heights = corners.map(([a, b]) => height(data.values[b * n + a]));
      if (!heights.every(Number.isFinite)) continue;
      const points = corners.map(([a, b], k) => screen(unit(data.xs, a), unit(data.ys, b), heights[k]));
      faces.push([Math.max(...points.map((q) => q[2])), points, heights.reduce((a, b) => a + b) / 4]);
    }
  }
  faces.sort((a, b) => b[0] - a[0]);
  for (const [, points, level] of faces) {
    const share = Math.max(0, Math.min(1, (level + 1) / 2));
    c.fillStyle = `hsl(${230 - 190 * share} 60% ${42 + 22 * share}%)`;
    c.strokeStyle = "rgb(0 0 0 / 0.25)";
    c.lineWidth = 0.6;
    c.beginPath();
    points.forEach(([x, y], k) => (k ? c.lineTo(x, y) : c.moveTo(x, y)));
    c.closePath();
    c.fill();
    c.stroke();
  }
  if (!path.length) return;
  const [x1, x2, y1, y2] = windowOf();
  c.strokeStyle = color("red");
  c.lineWidth = 2.5;
  c.beginPath();
  path.forEach(({ point: [x, y], value }, k) => {
    const [a, b] = screen((2 * (x - x1)) / (x2 - x1) - 1, (2 * (y - y1)) / (y2 - y1) - 1, height(value));
    if (k) c.lineTo(a, b);
    else c.moveTo(a, b);
  });
  c.stroke();
}
