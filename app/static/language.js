// The language of the interface: as chosen, else the show's where the page knows it, else the browser's.
import { memory } from "./dom.js";
import { STRINGS } from "./strings.js";

let current = "en";

export const language = () => current;

/** A text of the interface, with `values` filled in for {names}. */
export function t(key, values = {}) {
  return STRINGS[current][key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const has = (key) => key in STRINGS[current];

/** Choose for good; without this the show and the browser decide. */
export function choose(name) {
  memory.set("language", name);
}

/** Settle on a language for a show, and put it into everything that index.html marks with `data-t…`. */
export function settle(showLanguage) {
  const wished = [memory.get("language"), showLanguage === "en" ? null : showLanguage, ...navigator.languages];
  const known = wished.map((name) => (name ?? "").slice(0, 2)).find((name) => name in STRINGS);
  current = known ?? "en";
  document.documentElement.lang = current;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
}
