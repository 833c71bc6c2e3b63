// "Why this answer": the steps that led to it, asked for when it is opened.
import { el } from "./dom.js";
import { has, t } from "./language.js";
import { kind } from "./talk.js";

/** A disclosure; `ask()` gives {trace}. */
export function whyBox(ask) {
  const body = el("div", { className: "why-body" });
  const box = el("details", { className: "why" }, el("summary", {}, t("why")), body);
  box.addEventListener("toggle", async () => {
    if (!box.open || body.childElementCount) return;
    try {
      const { trace } = await ask();
      body.replaceChildren(...(trace ? steps(trace) : [el("p", { className: "hint" }, t("whyNone"))]));
    } catch (error) {
      body.replaceChildren(el("p", { className: "hint" }, kind(error)));
    }
  });
  return box;
}

function steps(trace) {
  const of = (name) => trace.filter((step) => step.step === name);
  const understood = of("understand")[0] ?? {};
  const left = of("prompt").flatMap(({ dropped }) => (dropped.facts || dropped.turns ? [t("whyDropped", dropped)] : []));
  const judged = of("judge").flatMap((step) => step.candidates.map((candidate) => verdict(candidate, step.chosen)));
  const reply = of("reply")[0];
  return [
    part("whyAsked", (understood.asks ?? []).map(asked)),
    part("whyFacts", (understood.retrieved ?? []).map((fact) => [triple(fact), fact.why].filter(Boolean).join(" · "))),
    part("whyLeft", left),
    part("whyCandidates", judged),
    part("whyWay", reply ? [way(reply)] : []),
  ].filter(Boolean);
}

function way(reply) {
  const how = `way_${reply.way}`;
  return [t(reply.verdict), has(how) ? t(how) : ""].filter(Boolean).join(" · ");
}

function part(title, lines) {
  if (!lines.length) return null;
  return el("section", {}, el("h4", {}, t(title)), el("ul", {}, ...lines.map((line) => el("li", {}, line))));
}

function triple(fact) {
  return [fact.subject, fact.relation.replaceAll("_", " "), fact.object ?? "?"].join(" — ");
}

function asked(ask) {
  return Array.isArray(ask) ? ask.join(" — ") : [triple(ask), ask.status, ask.why].filter(Boolean).join(" · ");
}

function verdict(candidate, chosen) {
  const said = candidate.text === null ? t("whyHidden") : `“${candidate.text}”`;
  if (candidate.problems.length) return `${said} ${candidate.problems.join("; ")}`;
  return candidate.text === chosen ? `${said} · ${t("whyChosen")}` : said;
}
