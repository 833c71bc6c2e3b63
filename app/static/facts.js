// Under each answer: a chip with the verdict, and the facts it rests on, each of which opens.
import { line } from "./api.js";
import { el } from "./dom.js";

const VERDICTS = {
  grounded: ["Grounded", "Everything said here was checked against the fact graph."],
  corrected: ["Corrected", "The question assumed something the show contradicts."],
  abstained: ["Doesn’t know", "Neither shown so far nor known to this character."],
  chat: ["Small talk", "Nothing here states a fact of the show."],
};
const WAYS = { model: "in the model’s words", resampled: "in the model’s words, second try", worded: "worded from the facts", phrase: "a written line of this character" };
const CHECKED = { supported: "supported", contradicted: "contradicted", unverifiable: "not in the graph" };

/** The foot of an answer. `context` is {show, asOf, transcripts}. */
export function evidence(canon, context) {
  const [word, meaning] = VERDICTS[canon.verdict] ?? [canon.verdict, ""];
  const chip = el("span", { className: `chip ${canon.verdict}`, title: meaning }, word);
  const took = canon.seconds < 0.1 ? "under 0.1 s" : `${canon.seconds.toFixed(1)} s`;
  const side = el("span", { className: "side-note" }, [WAYS[canon.way], took].filter(Boolean).join(" · "));
  const foot = el("div", { className: "evidence" }, el("div", { className: "verdict" }, chip, side));
  if (canon.facts.length) {
    const list = el("ul", { className: "facts", "aria-label": "Facts this answer rests on" });
    for (const fact of canon.facts) list.append(el("li", {}, factCard(fact, canon, context)));
    foot.append(list);
  } else if (canon.verdict === "grounded") {
    foot.append(el("p", { className: "hint" }, `Nothing up to ${canon.as_of} says otherwise.`));
  }
  return foot;
}

function factCard(fact, canon, context) {
  const card = el(
    "details",
    { className: "fact" },
    el(
      "summary",
      {},
      el("span", { className: "said" }, fact.sentence),
      el("span", { className: "badge", title: "First episode in which a viewer can know this" }, fact.revealed),
    ),
  );
  card.addEventListener("toggle", () => card.open && card.children.length === 1 && card.append(opened(fact, canon, context)));
  return card;
}

function opened(fact, canon, context) {
  const rows = el("dl", {});
  const row = (name, value) => value && rows.append(el("dt", {}, name), el("dd", {}, value));
  row("Fact", `${fact.subject} — ${fact.polarity ? "" : "not "}${fact.relation.replaceAll("_", " ")} — ${fact.object}`);
  row("Holds", holds(fact));
  row("Revealed", fact.revealed);
  row("Known since", known(fact));
  row("Source", source(fact));
  const claim = canon.claims.find((c) => c.relation === fact.relation && [c.subject, c.object].includes(fact.object));
  row("In the answer", claim && CHECKED[claim.verdict]);
  const body = el("div", { className: "opened" }, rows);
  if (fact.evidence.length) body.append(quoted(fact, context));
  return body;
}

function holds(fact) {
  const since = fact.since === "before" ? "since before the series" : `since ${fact.since}`;
  return fact.until ? `${since}, until ${fact.until}` : since;
}

/** "S01E01: Chandler Bing, Joey Tribbiani; S05E14: Ross Geller": who has known it since when. */
function known(fact) {
  const since = new Map();
  for (const [who, when] of Object.entries(fact.known_by)) since.set(when, [...(since.get(when) ?? []), who]);
  const groups = [...since].sort(([a], [b]) => (a < b ? -1 : 1)).map(([when, who]) => `${when}: ${some(who)}`);
  return some(groups, "; ");
}

/** The first few, and how many more there are. */
function some(all, between = ", ") {
  return [...all.slice(0, 6), ...(all.length > 6 ? [`and ${all.length - 6} more`] : [])].join(between);
}

function source(fact) {
  if (fact.extractor === "curated") return el("span", { className: "mark curated" }, "curated by hand");
  if (fact.extractor.startsWith("derived")) return el("span", { className: "mark" }, "follows from other facts");
  return el(
    "span",
    {},
    el("span", { className: "mark" }, "read from the script"),
    `${fact.extractor ? ` (rule “${fact.extractor.replaceAll("_", " ")}”)` : ""}, confidence ${Math.round(fact.confidence * 100)} %`,
  );
}

function quoted(fact, context) {
  const box = el("div", { className: "lines" });
  for (const id of fact.evidence.slice(0, 3)) {
    const place = el("figure", { className: "line" }, el("figcaption", { title: id }, placeOf(id)));
    box.append(place);
    if (context.transcripts) fill(place, id, context);
  }
  const more = fact.evidence.length - 3;
  if (more > 0) box.append(el("p", { className: "hint" }, `and ${more} more`));
  return box;
}

/** "S01E03.05.012" in words. */
function placeOf(id) {
  const [episode, scene, number] = id.split(".");
  return `${episode} · scene ${Number(scene)}, line ${Number(number)}`;
}

async function fill(place, id, context) {
  try {
    const found = await line(context.show, id, context.asOf);
    const speaker = found.speaker ? el("b", {}, `${found.speaker}: `) : "";
    place.prepend(el("blockquote", {}, speaker, found.text ?? ""));
  } catch (error) {
    place.append(el("p", { className: "hint" }, error.message));
  }
}
