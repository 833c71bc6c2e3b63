// Building the page: every text goes in as a text node, so nothing anybody writes can become markup.

/**
 * An element. `props` are properties (`className`, `type`, `onclick`, …); `attrs` with a dash or unknown to the element
 * are set as attributes; children are elements or strings.
 */
export function el(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** A round avatar with the initial. */
export function disc(node, persona) {
  node.textContent = persona.first_name.slice(0, 1);
  node.style.setProperty("--accent", persona.colour || "#6b6577");
  return node;
}

const PATHS = {
  edit: "M4 20h4L19.5 8.5a2.1 2.1 0 0 0-3-3L5 17zM14.5 7.5l3 3",
  again: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4",
  branch: "M6 4v16M6 16.5c7 0 11-3 11-9.5M13 10.5 17 6.5l4 4",
  before: "M14.5 6 8.5 12l6 6",
  after: "M9.5 6l6 6-6 6",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
};

/** A line drawing, 24 by 24. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const look = { fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? 2.6 : 1.8 };
  const all = { ...look, d: PATHS[name], "stroke-linecap": "round", "stroke-linejoin": "round" };
  for (const [key, value] of Object.entries(all)) path.setAttribute(key, value);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

/** A button that is an icon; its name is told and shown on hovering. */
export function iconButton(name, label, onClick) {
  const button = el("button", { type: "button", className: "tool", title: label, "aria-label": label }, icon(name));
  button.addEventListener("click", onClick);
  return button;
}

/** Remembered choices; without storage the page works, it only forgets. */
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(`canon.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`canon.${key}`, value);
    } catch {
      // storage is switched off
    }
  },
};
