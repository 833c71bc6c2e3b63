// What is said: sending, stopping, editing, making anew, branching; and which conversation is on show.
import { ServiceError, kept } from "./api.js";
import { Conversation } from "./conversation.js";
import { byId } from "./dom.js";
import { has, t } from "./language.js";

const log = byId("log");
const input = byId("message");

/**
 * Conversations over `state` ({show, persona, ready}) and `asked()`, the moment and the knower as the service wants them.
 * `told` has changed(conversation) when one was stored, shown() when another is on show.
 */
export function talks(state, asked, told) {
  const latest = new Map(); // "friends/joey" -> the Conversation last on show with that persona
  let view = null;
  let running = null;

  const deeds = { edit, regenerate, branch, stand, busy: () => running !== null };
  const last = (persona) => latest.get(persona.model);

  /** Bring a conversation on show; without one, the last with this persona, or a new one. */
  function show(opened = null) {
    stop();
    if (view) view.draft = input.value;
    const before = opened ? null : last(state.persona);
    view = before ?? new Conversation(state.show, state.persona, deeds, opened);
    latest.set(state.persona.model, view);
    log.setAttribute("aria-live", view.empty ? "polite" : "off"); // an old conversation is not news
    log.replaceChildren(view.box);
    setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
    input.value = view.draft;
    grow();
    told.shown();
    toEnd();
  }

  /** Let the user's text, or only another reply, stand from place `at` on; `ask(signal)` has it made and stored. */
  async function exchange(at, text, ask) {
    if (running) return;
    const mine = view;
    const before = mine.turns;
    const controller = new AbortController();
    mine.paint(before.slice(0, at));
    const { as_of, knows } = text === null ? before[at] : asked();
    if (text !== null || at === 0) mine.moment(as_of, knows);
    const user = text === null ? null : mine.user(text);
    const answer = mine.answer();
    busy(controller);
    told.shown();
    toEnd();
    try {
      const { conversation, turns } = await ask(controller.signal);
      mine.id = conversation.id;
      mine.turns = [...before.slice(0, at), ...turns];
      user?.done(turns[0], at);
      answer.done(turns.at(-1), mine.turns.length - 1);
      told.changed(conversation);
    } catch (error) {
      if (error.name === "AbortError") stopped(mine, before, at === before.length ? text : null);
      else {
        answer.node.remove();
        if (text === null) mine.paint(before);
        mine.trouble(kind(error), () => exchange(at, text, ask));
        mine.turns = before;
      }
    } finally {
      if (running === controller) busy(null);
      if (mine === view) toEnd();
    }
  }

  /** As it was before; a message that was never stored goes back to where it was written. */
  function stopped(mine, before, text) {
    mine.paint(before);
    mine.note(t("stopped"));
    if (!text) return;
    if (mine === view && !input.value) input.value = text;
    else if (mine !== view) mine.draft ||= text;
    grow();
  }

  function send(text) {
    const message = { content: text.trim(), ...asked() };
    if (!message.content || running || !state.ready) return;
    const { id, leaf, persona, turns } = view;
    exchange(turns.length, message.content, (signal) =>
      id ? kept.say(id, leaf, message, signal) : kept.begin(persona.model, message, signal),
    );
  }

  function edit(index, text) {
    const { id, turns } = view;
    const message = { content: text, ...asked() };
    exchange(index, text, (signal) => kept.edit(id, turns[index].id, message, signal));
  }

  function regenerate(index) {
    const { id, turns } = view;
    exchange(index, null, (signal) => kept.regenerate(id, turns[index].id, signal));
  }

  function branch(turn) {
    return aside(() => kept.branch(view.id, turn.id), t("branched"));
  }

  function stand(leaf) {
    return aside(() => kept.stand(view.id, leaf));
  }

  /** Go to another branch or to a copy of this one. */
  async function aside(work, note = "") {
    if (running) return;
    try {
      const opened = await work();
      told.changed(opened.conversation);
      show(opened);
      if (note) view.note(note);
      toEnd();
    } catch (error) {
      trouble(error);
    }
  }

  /** Say under the conversation what went wrong beside it. */
  function trouble(error) {
    view.trouble(kind(error), () => {});
    toEnd();
  }

  function stop() {
    running?.abort();
  }

  function busy(controller) {
    running = controller;
    byId("send").hidden = controller !== null;
    byId("stop").hidden = controller === null;
    log.classList.toggle("busy", controller !== null);
    if (!controller) focus();
  }

  return {
    show,
    send,
    stop,
    trouble,
    get view() {
      return view;
    },
    /** A new conversation with the present persona. */
    fresh() {
      stop();
      latest.delete(state.persona.model);
      const draft = input.value; // who has begun to write goes on writing
      view = null;
      show();
      input.value = draft;
      grow();
      focus();
    },
    /** It was deleted: what shows it begins anew. */
    forget(id) {
      for (const [model, other] of latest) if (other.id === id) latest.delete(model);
      if (view?.id === id) this.fresh();
    },
    /** After a change of language. */
    repaint() {
      if (!running) view?.paint(view.turns);
    },
  };
}

/** An error in the reader's words. */
export function kind(error) {
  if (!(error instanceof ServiceError)) return t("pageError");
  const text = error.message.slice(0, 1).toUpperCase() + error.message.slice(1);
  const message = /[.?!…]$/.test(text) ? text : `${text}.`;
  return has(`error_${error.code}`) ? t(`error_${error.code}`, { message }) : message;
}

/** Back to the message; on a touch screen that would only bring up the keyboard. */
export function focus() {
  if (matchMedia("(pointer: fine)").matches) input.focus({ preventScroll: true });
}

export function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
}

export function grow() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
}
