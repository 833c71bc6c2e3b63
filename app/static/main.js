// The page: whom one talks to, up to where, and the conversation.
import { ServiceError, chat, getJson, readiness } from "./api.js";
import { Conversation } from "./conversation.js";
import { byId, disc, el, memory } from "./dom.js";
import { moment } from "./moment.js";

const state = { shows: [], show: null, persona: null, ready: false, running: null };
const conversations = new Map(); // "friends/joey" -> Conversation
const log = byId("log");
const input = byId("message");
const dial = moment((episode) => memory.set(`as_of.${state.show.id}`, episode));

const talk = () => {
  const key = state.persona.model;
  if (!conversations.has(key)) conversations.set(key, new Conversation(state.persona));
  return conversations.get(key);
};
const knows = () => document.querySelector("input[name=knows]:checked").value;

// --- whom to talk to

function chooseShow(id) {
  state.show = state.shows.find((show) => show.id === id) ?? state.shows[0];
  memory.set("show", state.show.id);
  byId("show").value = state.show.id;
  dial.use(state.show, memory.get(`as_of.${state.show.id}`));
  byId("personas").replaceChildren(...state.show.personas.map(personaChoice));
  const kept = memory.get(`persona.${state.show.id}`);
  choosePersona(state.show.personas.some((p) => p.slug === kept) ? kept : state.show.default_persona);
}

function personaChoice(persona) {
  const radio = el("input", { type: "radio", name: "persona", value: persona.slug, "aria-label": persona.name });
  radio.addEventListener("change", () => choosePersona(persona.slug));
  const face = disc(el("span", { className: "disc", "aria-hidden": "true" }), persona);
  return el("label", { className: "persona-choice", title: persona.name }, radio, face, el("span", {}, persona.first_name));
}

function choosePersona(slug) {
  stop();
  state.persona = state.show.personas.find((persona) => persona.slug === slug);
  memory.set(`persona.${state.show.id}`, slug);
  document.querySelector(`input[name=persona][value="${CSS.escape(slug)}"]`).checked = true;
  document.documentElement.style.setProperty("--accent", state.persona.colour || "#6b6577");
  document.title = `${state.persona.first_name} · Canon`;
  disc(byId("who-disc"), state.persona);
  byId("who-name").textContent = state.persona.name;
  byId("who-notes").textContent = state.persona.notes;
  input.placeholder = `Say something to ${state.persona.first_name}`;
  log.replaceChildren(talk().box);
  welcome();
  toEnd();
}

function welcome() {
  const { empty } = talk();
  byId("welcome").hidden = !empty;
  byId("fresh").hidden = empty;
  if (!empty) return;
  disc(byId("welcome-disc"), state.persona);
  byId("welcome-title").textContent = `Talk to ${state.persona.first_name}`;
  byId("welcome-text").textContent =
    `${state.show.description} Answers rest on facts of the show, and each fact names its episode.`.trim();
  byId("questions").replaceChildren(
    ...state.persona.questions.slice(0, 3).map((question) => {
      const button = el("button", { type: "button", className: "question", disabled: !state.ready }, question);
      button.addEventListener("click", () => send(question));
      return button;
    }),
  );
}

// --- the conversation

async function send(text) {
  const message = text.trim();
  if (!message || state.running) return;
  const conversation = talk();
  const context = { show: state.show.id, asOf: dial.episode, transcripts: state.show.transcripts };
  const who = knows() === "viewer" ? ", as the viewer knows it" : "";
  conversation.moment(`${context.asOf === state.show.last_episode ? "the whole series" : `up to ${context.asOf}`}${who}`);
  conversation.user(message);
  welcome();
  await answered(conversation, message, context);
}

async function answered(conversation, message, context) {
  const persona = conversation.persona;
  const controller = new AbortController();
  state.running = controller;
  busy(true);
  const answer = conversation.answer();
  toEnd();
  const turns = [...conversation.turns.slice(1 - state.show.limits.messages), { role: "user", content: message }];
  const body = { model: persona.model, messages: turns, as_of: context.asOf, knows: knows() };
  try {
    const canon = await chat(body, controller.signal, (piece) => {
      answer.piece(piece);
      toEnd();
    });
    const reply = answer.done(canon, context);
    conversation.turns.push({ role: "user", content: message }, { role: "assistant", content: reply });
  } catch (error) {
    answer.node.remove();
    if (error.name === "AbortError") conversation.note("stopped");
    else conversation.trouble(kind(error), () => answered(conversation, message, context));
  } finally {
    if (state.running === controller) {
      state.running = null;
      busy(false);
    }
    toEnd();
  }
}

function kind(error) {
  if (!(error instanceof ServiceError)) return "Something went wrong on this page. Please try again.";
  const text = error.message.slice(0, 1).toUpperCase() + error.message.slice(1);
  if (error.status === 429) return `Many people are talking just now. ${text}.`;
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

function stop() {
  state.running?.abort();
}

function busy(now) {
  byId("send").hidden = now;
  byId("stop").hidden = !now;
  if (!now) focus();
}

/** Back to the message; on a touch screen that would only bring up the keyboard. */
function focus() {
  if (matchMedia("(pointer: fine)").matches) input.focus({ preventScroll: true });
}

function toEnd() {
  const scroll = byId("scroll");
  scroll.scrollTop = scroll.scrollHeight;
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
}

// --- starting

function submit() {
  if (state.running || !state.ready || !input.value.trim()) return;
  const text = input.value;
  input.value = "";
  grow();
  send(text);
}

function wire() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  input.addEventListener("input", grow);
  byId("stop").addEventListener("click", stop);
  byId("show").addEventListener("change", (event) => chooseShow(event.target.value));
  byId("fresh").addEventListener("click", () => {
    stop();
    conversations.delete(state.persona.model);
    choosePersona(state.persona.slug);
  });
  byId("theme").addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const now = document.documentElement.dataset.theme ?? system;
    document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
    memory.set("theme", document.documentElement.dataset.theme);
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && stop());
  if (matchMedia("(max-width: 860px)").matches) byId("moment").open = false;
}

function notice(text, bad = false) {
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
  byId("notice").classList.toggle("bad", bad);
}

async function untilReady() {
  for (;;) {
    const found = await readiness().catch((error) => ({ ready: false, error: error.message }));
    state.ready = found.ready;
    byId("send").disabled = !found.ready;
    for (const button of byId("questions").children) button.disabled = !found.ready;
    if (found.ready) return notice("");
    notice(found.error ?? "The model is being loaded; a few seconds…", Boolean(found.error));
    await new Promise((wake) => setTimeout(wake, 500));
  }
}

async function start() {
  wire();
  try {
    state.shows = (await getJson("/api/shows")).shows;
  } catch (error) {
    notice(kind(error), true);
    return;
  }
  byId("show").replaceChildren(...state.shows.map((show) => el("option", { value: show.id }, show.title)));
  byId("show-field").hidden = state.shows.length < 2;
  chooseShow(memory.get("show"));
  await untilReady();
  focus();
}

start();
