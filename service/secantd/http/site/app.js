// The page: tabs, examples, language and theme. What it shows follows from the address alone.

import * as check from "./check.js";
import * as data from "./data.js";
import * as derivation from "./derivation.js";
import * as descent from "./descent.js";
import { $, element } from "./dom.js";
import * as formula from "./formula.js";
import * as one from "./onevariable.js";
import { PRESETS } from "./presets.js";
import { change, onChange, read, state } from "./state.js";
import { current, LANGUAGES, speak, t } from "./text.js";
import * as two from "./twovariables.js";

const TABS = ["picture", "descent", "derivation", "check", "data"];
const dark = matchMedia("(prefers-color-scheme: dark)");
let built = "";

const isDark = () => (state.theme ? state.theme === "dark" : dark.matches);

function picture(panel) {
  const names = formula.known?.variables ?? [];
  if (!formula.known) return panel.replaceChildren();
  if (names.length === 1 && formula.known.scalars) return one.build(panel, names[0]);
  if (names.length === 2 && formula.known.scalars) {
    return two.build(panel, names, (at) => {
      change({ start: names.map((name, k) => `${name}:${Number(at[k].toPrecision(5))}`).join(",") }, { silent: true });
      select("descent");
    });
  }
  return panel.replaceChildren(element("p", {}, t("noPicture")));
}

const BUILD = { picture, descent: descent.build, derivation: derivation.build, check: check.build, data: data.build };
const tab = () => (TABS.includes(state.tab) ? state.tab : "picture");

function select(name, { focus = false } = {}) {
  change({ tab: name }, { silent: true });
  for (const each of TABS) {
    const chosen = each === name;
    $(each).hidden = !chosen;
    const button = $(`tab-${each}`);
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
    if (chosen && focus) button.focus();
  }
  build();
}

// A panel is built anew where the formula, the language or the tab has changed.
function build() {
  // The derivatives of a new formula are under way.
  if (formula.known && !formula.isCurrent()) return;
  const now = [tab(), current(), formula.known?.text, formula.known?.variables].join("\0");
  if (now === built) return;
  built = now;
  BUILD[tab()]($(tab()));
}

function tabs() {
  $("tabs").setAttribute("aria-label", t("tabs"));
  $("tabs").replaceChildren(...TABS.map((name) => element("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-controls": name, onclick: () => select(name),
    onkeydown: (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (by) select(TABS[(TABS.indexOf(name) + by + TABS.length) % TABS.length], { focus: true });
    },
  }, t(name))));
  for (const name of TABS) $(name).setAttribute("aria-labelledby", `tab-${name}`);
}

function words() {
  speak(state.lang ?? (navigator.language.startsWith("ko") ? "ko" : "en"));
  document.documentElement.dataset.theme = state.theme ?? "";
  $("theme").textContent = t(isDark() ? "light" : "dark");
  $("language").textContent = LANGUAGES[current() === "ko" ? "en" : "ko"];
  $("language").lang = current() === "ko" ? "en" : "ko";
  $("preset").replaceChildren(element("option", { value: "" }, t("own")), ...PRESETS.map((preset, k) => element("option", { value: String(k) }, preset.title[current() === "ko" ? 1 : 0])));
  const chosen = PRESETS.findIndex(({ values }) => Object.entries(values).every(([name, value]) => state[name] === value));
  $("preset").value = chosen < 0 ? "" : String(chosen);
  tabs();
}

function redraw() {
  one.redraw();
  two.redraw();
  descent.redraw();
}

function all() {
  read();
  built = "";
  words();
  formula.show();
  select(tab());
}

formula.start();
formula.onKnown(build);
onChange((values) => {
  if ("f" in values) formula.show();
  if ("n" in values) built = "";
});
$("preset").addEventListener("change", (event) => {
  const preset = PRESETS[Number(event.target.value)];
  if (!preset || event.target.value === "") return;
  const kept = { lang: state.lang, theme: state.theme };
  for (const name of Object.keys(state)) delete state[name];
  change({ ...preset.values, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value)) }, { silent: true });
  all();
});
$("language").addEventListener("click", () => {
  change({ lang: current() === "ko" ? "en" : "ko" }, { silent: true });
  words();
  select(tab());
});
$("theme").addEventListener("click", () => {
  change({ theme: isDark() ? "light" : "dark" }, { silent: true });
  words();
  select(tab());
  redraw();
});
$("link").addEventListener("click", async () => {
  await navigator.clipboard.writeText(location.href);
  $("status").textContent = t("copied");
});
addEventListener("hashchange", all);
addEventListener("resize", redraw);
dark.addEventListener("change", redraw);
all();
