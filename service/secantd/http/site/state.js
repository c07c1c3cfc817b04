// What the page shows. All of it is in the fragment of the address, so that a link is a lesson; nothing is stored elsewhere.

const START = { f: "x^2 + 2*x + 3", n: "", tab: "picture" };
const KNOWN = new Set(
  "f n tab at h scheme box start method rate maximize claim order data model kind start2 lang theme by also".split(" "),
);
export const state = { ...START };
const listeners = [];

export function read() {
  const found = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(state)) delete state[name];
  Object.assign(state, START);
  for (const [name, value] of found) if (KNOWN.has(name) && value.length < 200000) state[name] = value;
}

export const address = () => {
  const kept = Object.entries(state).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  return `#${new URLSearchParams(kept.map(([name, value]) => [name, String(value)]))}`;
};

export function change(values, { silent = false } = {}) {
  Object.assign(state, values);
  history.replaceState(null, "", address());
  if (!silent) for (const listen of listeners) listen(values);
}

export const onChange = (listen) => listeners.push(listen);

// "x:1,y:2" as a Map.
export function point(text) {
  const found = new Map();
  for (const part of (text ?? "").split(",")) {
    const [name, value] = [part.slice(0, part.lastIndexOf(":")), Number(part.slice(part.lastIndexOf(":") + 1))];
    if (name && Number.isFinite(value)) found.set(name, value);
  }
  return found;
}
export const pointText = (values) => [...values].map(([name, value]) => `${name}:${value}`).join(",");
