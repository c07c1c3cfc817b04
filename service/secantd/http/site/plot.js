// Axes, curves and arrows on a canvas.

const style = () => getComputedStyle(document.documentElement);
export const color = (name) => style().getPropertyValue(`--${name}`).trim();

// Round numbers between two, about `count` of them.
export function ticks(low, high, count = 6) {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const found = [];
  for (let k = Math.ceil(low / by); k <= Math.floor(high / by + 1e-9); k++) found.push(k * by);
  return found;
}

export class Plot {
  // x and y are [low, high]; logarithmic axes hold exponents of 10.
  constructor(canvas, { x, y, logs = [false, false], equal = false, margin = [44, 24] }) {
    this.canvas = canvas;
    const box = canvas.getBoundingClientRect();
    const ratio = globalThis.devicePixelRatio || 1;
    this.width = box.width || 400;
    this.height = box.height || 240;
    if (canvas.width !== Math.round(this.width * ratio)) canvas.width = Math.round(this.width * ratio);
    if (canvas.height !== Math.round(this.height * ratio)) canvas.height = Math.round(this.height * ratio);
    this.context = canvas.getContext("2d");
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    [this.left, this.bottom] = margin;
    this.logs = logs;
    this.x = x;
    this.y = y;
    if (equal) {
      const size = Math.max((x[1] - x[0]) / (this.width - this.left), (y[1] - y[0]) / (this.height - this.bottom));
      const grow = ([low, high], pixels) => {
        const middle = (low + high) / 2;
        return [middle - (size * pixels) / 2, middle + (size * pixels) / 2];
      };
      this.x = grow(x, this.width - this.left);
      this.y = grow(y, this.height - this.bottom);
    }
  }
  px(x) {
    return this.left + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.width - this.left);
  }
  py(y) {
    return (this.height - this.bottom) * (1 - (y - this.y[0]) / (this.y[1] - this.y[0]));
  }
  // The point under an event of a pointer.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const u = (event.clientX - box.left - this.left) / (this.width - this.left);
    const v = 1 - (event.clientY - box.top) / (this.height - this.bottom);
    return [this.x[0] + u * (this.x[1] - this.x[0]), this.y[0] + v * (this.y[1] - this.y[0])];
  }
  axes(names = ["", ""]) {
    const c = this.context;
    c.font = "12px system-ui, sans-serif";
    c.lineWidth = 1;
    const label = (value, log) => (log ? `1e${value}` : String(Number(value.toPrecision(6)))).replace("-", "−");
    for (const [axis, [low, high]] of [this.x, this.y].entries()) {
      const count = axis ? this.height / 50 : this.width / 80;
      const marks = this.logs[axis] ? ticks(low, high, count).filter(Number.isInteger) : ticks(low, high, count);
      for (const value of marks) {
        c.strokeStyle = color("grid");
        c.beginPath();
        if (axis) c.moveTo(this.left, this.py(value)), c.lineTo(this.width, this.py(value));
        else c.moveTo(this.px(value), 0), c.lineTo(this.px(value), this.height - this.bottom);
        c.stroke();
        c.fillStyle = color("quiet");
        c.textAlign = axis ? "right" : "center";
        c.textBaseline = axis ? "middle" : "top";
        if (axis) c.fillText(label(value, this.logs[1]), this.left - 4, Math.max(7, Math.min(this.py(value), this.height - this.bottom - 4)));
        else c.fillText(label(value, this.logs[0]), Math.max(this.left, Math.min(this.px(value), this.width - 14)), this.height - this.bottom + 5);
      }
    }
    c.strokeStyle = color("line");
    if (!this.logs[1] && this.y[0] < 0 && this.y[1] > 0) this.line([this.x[0], 0], [this.x[1], 0], "line", 1);
    if (!this.logs[0] && this.x[0] < 0 && this.x[1] > 0) this.line([0, this.y[0]], [0, this.y[1]], "line", 1);
    c.fillStyle = color("text");
    c.textAlign = "right";
    c.textBaseline = "bottom";
    c.fillText(names[0], this.width - 4, this.height - this.bottom - 3);
    c.textAlign = "left";
    c.textBaseline = "top";
    c.fillText(names[1], this.left + 4, 3);
    this.clip();
  }
  clip() {
    const c = this.context;
    c.save();
    c.beginPath();
    c.rect(this.left, 0, this.width - this.left, this.height - this.bottom);
    c.clip();
  }
  line([x1, y1], [x2, y2], name, width = 2, dashes = []) {
    const c = this.context;
    c.strokeStyle = color(name);
    c.lineWidth = width;
    c.setLineDash(dashes);
    c.beginPath();
    c.moveTo(this.px(x1), this.py(y1));
    c.lineTo(this.px(x2), this.py(y2));
    c.stroke();
    c.setLineDash([]);
  }
  // A curve, interrupted where a value is not finite or jumps over the whole window.
  curve(xs, ys, name, width = 2, dashes = []) {
    const c = this.context;
    c.strokeStyle = color(name);
    c.lineWidth = width;
    c.lineJoin = "round";
    c.setLineDash(dashes);
    c.beginPath();
    const tall = 4 * (this.y[1] - this.y[0]);
    let before = NaN;
    for (let k = 0; k < xs.length; k++) {
      const y = ys[k];
      if (!Number.isFinite(y)) {
        before = NaN;
        continue;
      }
      const place = [this.px(xs[k]), Math.max(-1e4, Math.min(1e4, this.py(y)))];
      const jumps = Math.abs(y - before) > tall && Math.sign(y - this.y[1]) !== Math.sign(before - this.y[0]);
      if (Number.isNaN(before) || jumps) c.moveTo(...place);
      else c.lineTo(...place);
      before = y;
    }
    c.stroke();
    c.setLineDash([]);
  }
  dot([x, y], name, size = 5) {
    const c = this.context;
    c.fillStyle = color(name);
    c.strokeStyle = color("back");
    c.lineWidth = 1.5;
    c.beginPath();
    c.arc(this.px(x), this.py(y), size, 0, 2 * Math.PI);
    c.fill();
    c.stroke();
  }
  // An arrow in pixels from a point.
  arrow([x, y], [dx, dy], name, width = 1.5) {
    const c = this.context;
    const [x1, y1] = [this.px(x), this.py(y)];
    const size = Math.hypot(dx, dy);
    if (!(size > 1)) return;
    const [u, v] = [dx / size, -dy / size];
    const [x2, y2] = [x1 + dx, y1 - dy];
    const head = Math.min(7, size / 2);
    c.strokeStyle = color(name);
    c.lineWidth = width;
    c.beginPath();
    c.moveTo(x1, y1);
    c.lineTo(x2, y2);
    c.moveTo(x2 - head * (u + 0.5 * v), y2 - head * (v - 0.5 * u));
    c.lineTo(x2, y2);
    c.lineTo(x2 - head * (u - 0.5 * v), y2 - head * (v + 0.5 * u));
    c.stroke();
  }
}

// The middle part of values, so that a pole does not flatten the rest.
export function span(values, cut = 0.02) {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (!finite.length) return [-1, 1];
  const [first, last] = [finite[0], finite[finite.length - 1]];
  let [low, high] = [finite[Math.floor(cut * (finite.length - 1))], finite[Math.ceil((1 - cut) * (finite.length - 1))]];
  const inner = high - low;
  // Whole where the ends are not far outside.
  if (last - high < 2 * inner) high = last;
  if (low - first < 2 * inner) low = first;
  const pad = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low - pad, high + pad];
}
