// Under each answer: a chip with the verdict, and the facts it rests on, each of which opens.
import { line } from "./api.js";
import { el } from "./dom.js";
import { has, language, t } from "./language.js";

/** The foot of an answer. `context` is {show, asOf, transcripts}. */
export function evidence(canon, context) {
  const chip = el("span", { className: `chip ${canon.verdict}`, title: t(`${canon.verdict}Means`) }, t(canon.verdict));
  const way = has(`way_${canon.way}`) ? t(`way_${canon.way}`) : "";
  const side = el("span", { className: "side-note" }, [way, took(canon.seconds)].filter(Boolean).join(" · "));
  const foot = el("div", { className: "evidence" }, el("div", { className: "verdict" }, chip, side));
  if (canon.facts.length) {
    const list = el("ul", { className: "facts", "aria-label": t("facts") });
    for (const fact of canon.facts) list.append(el("li", {}, factCard(fact, canon, context)));
    foot.append(list);
  } else if (canon.verdict === "grounded") {
    foot.append(el("p", { className: "hint" }, t("nothingElse", { episode: canon.as_of })));
  }
  return foot;
}

/** How long it took, with the decimal mark of the language. */
function took(seconds) {
  if (seconds < 0.1) return t("quick");
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return t("took", { seconds: new Intl.NumberFormat(language(), digits).format(seconds) });
}

function factCard(fact, canon, context) {
  const card = el(
    "details",
    { className: "fact" },
    el(
      "summary",
      {},
      el("span", { className: "said" }, fact.sentence),
      el("span", { className: "badge", title: t("revealedMeans") }, fact.revealed),
    ),
  );
  card.addEventListener("toggle", () => card.open && card.children.length === 1 && card.append(opened(fact, canon, context)));
  return card;
}

function opened(fact, canon, context) {
  const rows = el("dl", {});
  const row = (name, value) => value && rows.append(el("dt", {}, name), el("dd", {}, value));
  const relation = fact.relation.replaceAll("_", " ");
  row(t("fact"), `${fact.subject} — ${fact.polarity ? relation : t("not", { relation })} — ${fact.object}`);
  row(t("holds"), holds(fact));
  row(t("revealed"), fact.revealed);
  row(t("knownSince"), known(fact));
  row(t("source"), source(fact));
  const claim = canon.claims.find((c) => c.relation === fact.relation && [c.subject, c.object].includes(fact.object));
  row(t("inAnswer"), claim && t(claim.verdict));
  const body = el("div", { className: "opened" }, rows);
  if (fact.evidence.length) body.append(quoted(fact, context));
  return body;
}

/** From when to when. */
export function holds(fact) {
  const since = fact.since === "before" ? t("sinceBefore") : t("since", { episode: fact.since });
  return fact.until ? t("until", { since, until: fact.until }) : since;
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
  return [...all.slice(0, 6), ...(all.length > 6 ? [t("andMore", { n: all.length - 6 })] : [])].join(between);
}

function source(fact) {
  if (fact.extractor === "curated") return el("span", { className: "mark curated" }, t("curated"));
  if (fact.extractor.startsWith("derived")) return el("span", { className: "mark" }, t("derived"));
  const percent = Math.round(fact.confidence * 100);
  return el(
    "span",
    {},
    el("span", { className: "mark" }, t("read")),
    t(fact.extractor ? "rule" : "confidence", { rule: fact.extractor.replaceAll("_", " "), percent }),
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
  if (more > 0) box.append(el("p", { className: "hint" }, t("andMore", { n: more })));
  return box;
}

/** "S01E03.05.012" in words. */
function placeOf(id) {
  const [episode, scene, number] = id.split(".");
  return t("line", { episode, scene: Number(scene), line: Number(number) });
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
