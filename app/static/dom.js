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
