// Earlier conversations at the side: open, rename, export, delete.
import { kept } from "./api.js";
import { byId, disc, el, iconButton } from "./dom.js";
import { language, t } from "./language.js";

/** Wire the list. `told` has open(id), renamed(conversation), deleted(id), trouble(error), and persona(conversation). */
export function history(told) {
  const list = byId("talk-list");
  const more = byId("talks-more");
  let known = []; // conversations, the latest first
  let following = null;
  let current = null; // id

  function paint() {
    const rows = known.filter((conversation) => told.persona(conversation)).map(row);
    list.replaceChildren(...rows);
    byId("talks-none").hidden = rows.length > 0;
    more.hidden = !following;
  }

  function row(conversation) {
    const persona = told.persona(conversation);
    const title = conversation.title || t("untitled");
    const here = conversation.id === current;
    const open = el(
      "button",
      { type: "button", className: "talk-open", title },
      disc(el("span", { className: "disc", "aria-hidden": "true" }), persona),
      el("span", { className: "talk-title" }, title),
      el("span", { className: "talk-when" }, `${persona.first_name} · ${day(conversation.updated)}`),
    );
    if (here) open.setAttribute("aria-current", "true");
    open.addEventListener("click", () => told.open(conversation.id));
    const item = el("li", { className: here ? "talk here" : "talk" }, open);
    const actions = deeds(conversation, title, item);
    const toggle = iconButton("more", t("actions", { title }), () => {
      actions.hidden = !actions.hidden;
      toggle.setAttribute("aria-expanded", String(!actions.hidden));
    });
    toggle.setAttribute("aria-expanded", "false");
    item.append(toggle, actions);
    return item;
  }

  function deeds(conversation, title, item) {
    const rename = el("button", { type: "button", className: "link" }, t("rename"));
    const out = el("a", { className: "link", href: kept.exported(conversation.id), download: "" }, t("export"));
    const remove = el("button", { type: "button", className: "link bad" }, t("delete"));
    rename.addEventListener("click", () => renaming(conversation, title, item));
    remove.addEventListener("click", async () => {
      if (await confirmed(title)) attempt(() => deleted(conversation.id));
    });
    return el("div", { className: "talk-actions", hidden: true }, rename, out, remove);
  }

  function renaming(conversation, title, item) {
    const field = el("input", { type: "text", value: title, maxLength: 200, "aria-label": t("newTitle") });
    const form = el("form", { className: "talk-rename" }, field, el("button", { type: "submit", className: "quiet" }, t("keep")));
    form.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), back(conversation.id)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      attempt(async () => {
        const { conversation: now } = await kept.rename(conversation.id, field.value);
        known = known.map((other) => (other.id === now.id ? now : other));
        told.renamed(now);
        back(now.id);
      });
    });
    item.replaceChildren(form);
    field.focus();
    field.select();
  }

  /** Paint anew, with the focus on one conversation. */
  function back(id) {
    paint();
    const place = known.filter((conversation) => told.persona(conversation)).findIndex((conversation) => conversation.id === id);
    list.children[place]?.querySelector("button").focus();
  }

  async function deleted(id) {
    await kept.delete(id);
    known = known.filter((conversation) => conversation.id !== id);
    paint();
    told.deleted(id);
  }

  async function attempt(work) {
    try {
      await work();
    } catch (error) {
      told.trouble(error);
    }
  }

  more.addEventListener("click", () => attempt(load));

  async function load() {
    const page = await kept.list(following);
    const ids = new Set(known.map((conversation) => conversation.id));
    known = [...known, ...page.conversations.filter((conversation) => !ids.has(conversation.id))];
    following = page.next;
    paint();
  }

  return {
    load: () => attempt(load),
    paint,
    /** A conversation that has changed, or is new: it goes to the top. */
    put(conversation) {
      known = [conversation, ...known.filter((other) => other.id !== conversation.id)];
      paint();
    },
    /** Mark the one that is open; null: none is. */
    mark(id) {
      if (id === current) return;
      current = id;
      paint();
    },
  };
}

/** "today", "yesterday", or a date. */
function day(seconds) {
  const date = new Date(seconds * 1000);
  const midnight = new Date().setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - date) / 86_400_000);
  if (days <= 0) return t("today");
  if (days === 1) return t("yesterday");
  return new Intl.DateTimeFormat(language(), { day: "numeric", month: "short" }).format(date);
}

/** Ask before deleting; resolves to the answer. */
function confirmed(title) {
  const dialog = byId("confirm");
  byId("confirm-text").textContent = t("confirmText", { title });
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }));
}
