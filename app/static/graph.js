// The graph view: who and what is around a persona, or around whoever is clicked, as of the moment of the slider.
import { neighbourhood } from "./api.js";
import { byId, el } from "./dom.js";
import { drawing } from "./drawing.js";
import { holds } from "./facts.js";
import { t } from "./language.js";
import { kind } from "./talk.js";

const PAUSE = 120; // milliseconds without a further move of the slider before it is asked

/** Wire the view over `state` ({show, persona}) and `asked()`; `focus()` is called when it closes. */
export function graphView(state, asked, focus) {
  const panel = byId("graph");
  const svg = byId("graph-drawing");
  const picture = drawing(svg, pick, (name) => state.show.personas.find((persona) => persona.name === name)?.colour);
  let trail = []; // {id, name}: the one in the middle is the last
  let found = null;
  let running = null;
  let timer = 0;

  const here = () => trail.at(-1);
  const opener = () => [...document.querySelectorAll(".graph-open")].find((button) => button.checkVisibility());

  function show() {
    panel.hidden = false;
    for (const button of document.querySelectorAll(".graph-open")) button.setAttribute("aria-expanded", "true");
    for (const part of ["who", "scroll", "composer"]) byId(part).hidden = true;
    centre();
    byId("graph-title").focus();
  }

  function close() {
    if (panel.hidden) return;
    running?.abort();
    panel.hidden = true;
    for (const button of document.querySelectorAll(".graph-open")) button.setAttribute("aria-expanded", "false");
    for (const part of ["who", "scroll", "composer"]) byId(part).hidden = false;
    (opener() ?? { focus }).focus();
  }

  /** Begin anew with the present persona. */
  function centre() {
    if (panel.hidden) return;
    trail = [{ id: state.persona.name, name: state.persona.name }];
    load();
  }

  function pick(id) {
    const next = found?.neighbours.find((neighbour) => neighbour.id === id);
    if (!next) return;
    trail.push({ id, name: next.name });
    load().then(() => byId("graph-title").focus());
  }

  function back() {
    if (trail.length < 2) return;
    trail.pop();
    load().then(() => byId("graph-back").disabled && byId("graph-title").focus());
  }

  function refresh() {
    clearTimeout(timer);
    if (!panel.hidden) timer = setTimeout(load, PAUSE);
  }

  async function load() {
    running?.abort();
    const mine = (running = new AbortController());
    const { as_of, knows } = asked();
    const persona = knows === "viewer" ? null : state.persona.slug;
    const most = svg.getBoundingClientRect().width < 520 ? 10 : 28; // as many as can be read
    try {
      const answer = await neighbourhood(state.show.id, { node: here().id, as_of, persona, most }, mine.signal);
      if (mine !== running) return;
      here().name = answer.node.name;
      paint(answer);
    } catch (error) {
      if (error.name === "AbortError" || mine !== running) return;
      paint(null, error.status === 404 ? t("graphUnmet", { name: here().name, episode: as_of }) : kind(error));
    }
  }

  function paint(answer, trouble = "") {
    found = answer;
    const { as_of, knows } = asked();
    const moment = as_of === state.show.last_episode ? t("wholeSeries") : t("upTo", { episode: as_of });
    const { name } = here();
    byId("graph-title").textContent = name;
    byId("graph-moment").textContent =
      knows === "viewer" ? t("asViewer", { moment }) : t("asCharacter", { moment, name: state.persona.first_name });
    byId("graph-back").disabled = trail.length < 2;
    const neighbours = answer?.neighbours ?? [];
    byId("graph-none").textContent = trouble || (neighbours.length ? "" : t("graphEmpty", { name, episode: as_of }));
    byId("graph-none").hidden = neighbours.length > 0;
    svg.setAttribute("aria-label", t("graphDrawing", { name }));
    draw();
    byId("graph-list").replaceChildren(...listed(neighbours, pick));
    if (answer?.more) byId("graph-list").append(el("p", { className: "hint" }, t("andMore", { n: answer.more })));
  }

  function draw(moving = true) {
    const key = found?.node.id ?? here().id;
    picture.draw({ centre: { key, name: here().name }, neighbours: found?.neighbours ?? [] }, moving);
  }

  new ResizeObserver(() => !panel.hidden && trail.length && draw(false)).observe(svg);
  for (const button of document.querySelectorAll(".graph-open")) {
    button.addEventListener("click", () => (panel.hidden ? show() : close()));
  }
  byId("graph-close").addEventListener("click", close);
  byId("graph-back").addEventListener("click", back);

  return {
    close,
    centre,
    refresh,
    get open() {
      return !panel.hidden;
    },
    /** After a change of language. */
    repaint: () => !panel.hidden && load(),
  };
}

/** The same as text: a heading a group, a button a neighbour, its facts below. */
function listed(neighbours, pick) {
  return [...Map.groupBy(neighbours, (neighbour) => neighbour.group)].map(([group, members]) => {
    const rows = members.map((member) => el("li", { className: member.holds ? "" : "past" }, ...neighbour(member, pick)));
    const heading = el("h4", { className: `group ${group}` }, t(`group_${group}`));
    return el("section", {}, heading, el("ul", {}, ...rows));
  });
}

function neighbour(member, pick) {
  const name = el(member.id ? "button" : "span", { className: "neighbour" }, member.name);
  if (member.id) {
    name.type = "button";
    name.addEventListener("click", () => pick(member.id));
  }
  const facts = member.facts.map((fact) => {
    const always = fact.since === "before" && !fact.until;
    const when = always ? "" : el("span", { className: "when" }, holds(fact));
    return el("p", { className: fact.holds ? "told" : "told past" }, fact.sentence, " ", when);
  });
  if (member.facts_left_out) facts.push(el("p", { className: "told past" }, t("andMore", { n: member.facts_left_out })));
  return [name, ...facts];
}
