// The page: whom one talks to, up to where, in which language; the rest is in talk.js and history.js.
import { getJson, kept, readiness } from "./api.js";
import { byId, disc, el, memory } from "./dom.js";
import { graphView } from "./graph.js";
import { history } from "./history.js";
import * as language from "./language.js";
import { moment } from "./moment.js";
import { focus, grow, kind, talks } from "./talk.js";

const { t } = language;
const state = { shows: [], show: null, persona: null, ready: false };
const input = byId("message");
const dial = moment((episode) => {
  memory.set(`as_of.${state.show.id}`, episode);
  graph.refresh();
});
const narrow = matchMedia("(max-width: 860px)");

const asked = () => ({ as_of: dial.episode, knows: document.querySelector("input[name=knows]:checked").value });
const showOf = (id) => state.shows.find((show) => show.id === id);
const personaOf = (conversation) => showOf(conversation.show)?.personas.find((p) => p.slug === conversation.persona);

const talk = talks(state, asked, {
  changed(conversation) {
    list.put(conversation);
    here();
  },
  shown() {
    welcome();
    here();
  },
});
const list = history({
  persona: personaOf,
  open,
  trouble: talk.trouble,
  renamed: () => {},
  deleted: talk.forget.bind(talk),
});

const graph = graphView(state, asked, focus);

// --- whom to talk to

function chooseShow(id, opened = null) {
  state.show = showOf(id) ?? state.shows[0];
  memory.set("show", state.show.id);
  byId("show").value = state.show.id;
  language.settle(state.show.language);
  dial.use(state.show, memory.get(`as_of.${state.show.id}`));
  byId("personas").replaceChildren(...state.show.personas.map(personaChoice));
  const wished = opened?.conversation.persona ?? memory.get(`persona.${state.show.id}`);
  choosePersona(state.show.personas.some((p) => p.slug === wished) ? wished : state.show.default_persona, opened);
  list.paint();
}

function personaChoice(persona) {
  const radio = el("input", { type: "radio", name: "persona", value: persona.slug, "aria-label": persona.name });
  radio.addEventListener("change", () => choosePersona(persona.slug));
  const face = disc(el("span", { className: "disc", "aria-hidden": "true" }), persona);
  return el("label", { className: "persona-choice", title: persona.name }, radio, face, el("span", {}, persona.first_name));
}

function choosePersona(slug, opened = null) {
  state.persona = state.show.personas.find((persona) => persona.slug === slug);
  memory.set(`persona.${state.show.id}`, slug);
  document.querySelector(`input[name=persona][value="${CSS.escape(slug)}"]`).checked = true;
  document.documentElement.style.setProperty("--accent", state.persona.colour || "#6b6577");
  document.title = `${state.persona.first_name} · Canon`;
  disc(byId("who-disc"), state.persona);
  talk.show(opened);
  graph.centre();
}

/** Everything that speaks of the persona in the language of the interface, and the questions while nothing was said. */
function welcome() {
  const { empty } = talk.view;
  const name = state.persona.first_name;
  byId("who-name").textContent = state.persona.name;
  byId("who-notes").textContent = state.persona.notes;
  input.placeholder = t("sayTo", { name });
  byId("welcome").hidden = !empty;
  byId("fresh").hidden = byId("talks-fresh").hidden = empty;
  if (!empty) return;
  disc(byId("welcome-disc"), state.persona);
  byId("welcome-title").textContent = t("welcome", { name });
  byId("welcome-text").textContent = t("welcomeText", { description: state.show.description }).trim();
  byId("questions").replaceChildren(
    ...state.persona.questions.slice(0, 3).map((question) => {
      const button = el("button", { type: "button", className: "question", disabled: !state.ready }, question);
      button.addEventListener("click", () => talk.send(question));
      return button;
    }),
  );
}

// --- which conversation: the address tells, so that it survives a reload, and Back goes back

const named = () => new URLSearchParams(location.hash.slice(1)).get("c");

/** Let the address and the list name the conversation that is on show. */
function here() {
  const { id } = talk.view;
  list.mark(id);
  if (id === named()) return;
  const address = id ? `#c=${id}` : location.pathname;
  if (named()) window.history.pushState(null, "", address);
  else window.history.replaceState(null, "", address);
}

async function open(id) {
  graph.close();
  if (talk.view?.id === id) return;
  try {
    const opened = await kept.open(id);
    const show = opened.conversation.show;
    if (!personaOf(opened.conversation)) return;
    if (state.show?.id === show) choosePersona(opened.conversation.persona, opened);
    else chooseShow(show, opened);
    if (narrow.matches) byId("talks").open = false;
    focus();
  } catch (error) {
    if (talk.view) talk.trouble(error);
  }
}

// --- starting

function submit() {
  if (byId("send").hidden || !state.ready || !input.value.trim()) return;
  const text = input.value;
  input.value = "";
  grow();
  talk.send(text);
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
  byId("stop").addEventListener("click", talk.stop);
  byId("show").addEventListener("change", (event) => chooseShow(event.target.value));
  for (const id of ["fresh", "talks-fresh"]) byId(id).addEventListener("click", fresh);
  byId("theme").addEventListener("click", turnTheme);
  byId("language").addEventListener("click", turnLanguage);
  document.addEventListener("keydown", (event) => event.key === "Escape" && (graph.open ? graph.close() : talk.stop()));
  byId("slider").addEventListener("input", graph.refresh);
  for (const radio of document.querySelectorAll("input[name=knows]")) radio.addEventListener("change", graph.refresh);
  window.addEventListener("popstate", () => (named() ? open(named()) : talk.fresh()));
  for (const button of byId("confirm").querySelectorAll("button")) {
    button.addEventListener("click", () => byId("confirm").close(button.value));
  }
  if (narrow.matches) for (const id of ["moment", "talks"]) byId(id).open = false;
}

function fresh() {
  graph.close();
  if (narrow.matches) byId("talks").open = false;
  talk.fresh();
}

function turnTheme() {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const now = document.documentElement.dataset.theme ?? system;
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  memory.set("theme", document.documentElement.dataset.theme);
}

function turnLanguage() {
  language.choose(language.language() === "en" ? "ru" : "en");
  language.settle(state.show.language);
  dial.paint();
  list.paint();
  talk.repaint();
  graph.repaint();
  welcome();
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
    notice(found.error ?? t("loading"), Boolean(found.error));
    await new Promise((wake) => setTimeout(wake, 500));
  }
}

async function start() {
  language.settle("en");
  wire();
  try {
    state.shows = (await getJson("/api/shows")).shows;
  } catch (error) {
    notice(kind(error), true);
    return;
  }
  byId("show").replaceChildren(...state.shows.map((show) => el("option", { value: show.id }, show.title)));
  byId("show-field").hidden = state.shows.length < 2;
  const opened = named() ? await kept.open(named()).catch(() => null) : null;
  chooseShow(opened?.conversation.show ?? memory.get("show"), opened && personaOf(opened.conversation) ? opened : null);
  list.load();
  await untilReady();
  focus();
}

start();
