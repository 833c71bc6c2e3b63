"""What holds when, what a viewer can know by then, and who knows it: statements held against the graph.

Labels (`evaluation/labels/moments.csv`) were written by reading the transcripts of development episodes, before the
graph was asked. A show with `gold_facts.csv` beside its manifest is asked about every fact, episode and persona of it.

    python -m evaluation moments friends
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, cast

import pandas as pd

from evaluation.statistics import Share
from kg.graph import Graph, load_graph
from kg.relations import relations
from kg.types import Fact
from parsing.errors import BadFile, BadInput, NotFound
from parsing.manifest import ROOT, Show

LABELS = ROOT / "evaluation" / "labels" / "moments.csv"
ASPECTS = ("since", "until", "revealed", "knows")
ANY = "*"  # as object: whichever
Aspect = Literal["since", "until", "revealed", "knows"]


@dataclass(frozen=True)
class Moment:
    """One statement.

    `since`, `until`: does it hold as of the episode? `revealed`: can a viewer know of it by then, be it over or not?
    `knows`: does `knower` know of it by then?
    """

    aspect: Aspect
    subject: str
    relation: str  # of kg/relations.toml, or a kind of event
    object: str  # a name, a literal, or "*"
    as_of: str
    holds: bool
    knower: str = ""
    evidence: str = ""  # utterance ids, joined by ";"
    polarity: bool = True


def read_labels(path: Path, show: Show) -> list[Moment]:
    """The labelled statements. Raises `NotFound`, or `BadFile` naming the line."""
    if not path.is_file():
        raise NotFound(f"no statements at {path}: they are written by hand, one a line")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    wanted = [f.name for f in fields(Moment) if f.name != "polarity"]
    if missing := set(wanted) - set(table.columns):
        raise BadFile(f"{path}: no column {', '.join(sorted(missing))}")
    return [_moment(dict(zip(table.columns, row, strict=True)), n, path, show)
            for n, row in enumerate(table.itertuples(index=False), 2)]  # fmt: skip


def _moment(row: dict[str, Any], line: int, path: Path, show: Show) -> Moment:
    where = f"{path}, line {line}"
    for column, allowed in (("aspect", ASPECTS), ("holds", ("yes", "no"))):
        if row[column] not in allowed:
            raise BadFile(f"{where}: {column} is '{row[column]}', expected {' or '.join(allowed)}")
    if (row["aspect"] == "knows") != bool(row["knower"]):
        raise BadFile(f"{where}: a statement has a knower where its aspect is 'knows', and only there")
    try:
        relations().named(row["relation"]) if row["relation"] not in relations().events else None
        as_of = show.as_of(row["as_of"])
    except BadInput as error:
        raise BadFile(f"{where}: {error}") from None
    subject, object_, knower = (_canonical(row[c], show) for c in ("subject", "object", "knower"))
    return Moment(
        cast(Aspect, row["aspect"]), subject, row["relation"], object_, as_of, row["holds"] == "yes", knower,
        row["evidence"],
    )  # fmt: skip


def _canonical(name: str, show: Show) -> str:
    """The name as the cast spells it; of what is no person of the cast, the name itself."""
    return next((m.name for m in show.cast if name in (m.name, *m.aliases)), name)


def gold_moments(show: Show) -> list[Moment]:
    """Every moment of `gold_facts.csv`: does it hold, can one know of it, does a persona, in each episode."""
    table = pd.read_csv(show.folder / "gold_facts.csv", dtype=str, keep_default_na=False)
    rows = [
        r for r in table.to_dict("records") if not (r["relation"] in relations() and relations()[r["relation"]].event)
    ]
    return [moment for row in rows for moment in _gold(row, show)]


def _gold(row: Any, show: Show) -> Iterator[Moment]:
    polarity = row["polarity"].lower() != "false"
    common = (row["subject"], row["relation"], row["object"])
    knowing = _knowing(row, show)
    for episode in show.episodes:
        shown = row["revealed"] <= episode
        holds = shown and (row["since"] == "before" or row["since"] <= episode)
        holds = holds and not (row["until"] and row["until"] <= episode)
        aspect: Aspect = "until" if shown and row["until"] and row["until"] <= episode else "since"
        yield Moment("revealed", *common, episode, shown, polarity=polarity)
        yield Moment(aspect, *common, episode, holds, polarity=polarity)
        for member in show.personas:
            learnt = knowing.get(member.name)
            knows = shown and learnt is not None and learnt <= episode
            yield Moment("knows", *common, episode, knows, member.name, polarity=polarity)


def _knowing(row: Any, show: Show) -> dict[str, str]:
    """Persona -> episode from which it knows the gold fact; whom it concerns knows it from `revealed` on."""
    known = dict.fromkeys((row["subject"], row["object"]), row["revealed"])
    for entry in filter(None, row["known_by"].split(";")):
        name, _, episode = entry.partition("@")
        names = [m.name for m in show.personas] if name == "main" else [name]
        known |= dict.fromkeys(names, episode or row["revealed"])
    return known


def says(graph: Graph, moment: Moment) -> bool:
    """What the graph, stripped to the moment and the knower, answers."""
    subject = _node(graph, moment.subject)
    knower = _node(graph, moment.knower) if moment.knower else None
    if subject is None or (moment.knower and knower is None):
        return False
    try:
        view = graph.at(moment.as_of, knower)
    except BadInput:  # the knower hasn't appeared yet
        return False
    facts = _about(view, subject, moment)
    return any(view.now(f) for f in facts) if moment.aspect in {"since", "until"} else bool(facts)


def _node(graph: Graph, name: str) -> str | None:
    try:
        return graph.find(name).id
    except NotFound:
        return None


def _about(graph: Graph, subject: str, moment: Moment) -> list[Fact]:
    """The facts of a graph that a statement speaks of; of an event, the facts that name its kind."""
    if moment.relation in relations().events:
        target = None if moment.object == ANY else _node(graph, moment.object)
        wanted = {subject} | ({target} if target else set())
        kinds = (f for f in graph.stored if f.relation == "event_kind" and f.object == moment.relation)
        return [f for f in kinds if wanted <= graph.participants(f.subject)]
    found = graph.facts_from(subject, moment.relation)
    return [f for f in found if f.polarity == moment.polarity and _same(graph, f, moment.object)]


def _same(graph: Graph, fact: Fact, wanted: str) -> bool:
    if wanted == ANY:
        return True
    if fact.literal:  # "superintendent" is said by "building superintendent"
        return set(wanted.casefold().split()) <= set(fact.object.casefold().split())
    return fact.object == _node(graph, wanted) or graph.name(fact.object).casefold() == wanted.casefold()


def cause(graph: Graph, moment: Moment) -> str:
    """Why a statement is answered wrongly: what of the fact is missing or at the wrong time."""
    subject = _node(graph, moment.subject)
    facts = _about(graph, subject, moment) if subject else []
    if not facts:
        return "no such fact"
    if not moment.holds:
        late = {"until": "no end, or too late a one", "knows": "known too early"}
        return late.get(moment.aspect, "begins or is revealed too early")
    if not any(f.revealed <= moment.as_of for f in facts):
        return "revealed too late"
    if moment.aspect == "knows":
        return "not known, or too late"
    return "begins too late, or ends too early"


def measure(graph: Graph, moments: Sequence[Moment]) -> dict[str, Any]:
    """Shares right: all, by aspect, by answer; what an empty graph gets; the failures."""
    rows = [(m, says(graph, m) == m.holds) for m in moments]
    wrong = [(m, cause(graph, m)) for m, right in rows if not right]
    time = [(m, r) for m, r in rows if m.aspect != "knows"]
    return {
        "all": _share(rows),
        "time": _share(time),
        "knows": _share([(m, r) for m, r in rows if m.aspect == "knows"]),
        "by_aspect": {a: _share([(m, r) for m, r in rows if m.aspect == a]) for a in ASPECTS},
        "yes": _share([(m, r) for m, r in rows if m.holds]),
        "no": _share([(m, r) for m, r in rows if not m.holds]),
        "empty_graph": Share(sum(not m.holds for m, _ in rows), len(rows)).to_json(),
        "causes": dict(sorted(Counter(why for _, why in wrong).items())),
        "failures": [
            f"{m.aspect}: {m.subject} – {m.relation} – {m.object}, {m.as_of}"
            f"{f', {m.knower}' if m.knower else ''}: {'yes' if m.holds else 'no'} ({why})"
            for m, why in wrong[:100]
        ],
    }


def _share(rows: Sequence[tuple[Moment, bool]]) -> dict[str, float | int]:
    return Share(sum(right for _, right in rows), len(rows)).to_json()


def run(show: Show, path: Path | None = None) -> dict[str, Any]:
    """Both graphs of a show, extracted alone and with corrections, against its gold or the labelled statements."""
    gold = path is None and (show.folder / "gold_facts.csv").is_file()
    moments = gold_moments(show) if gold else read_labels(path or LABELS, show)
    graphs = {"extracted": load_graph(show, curated=False), "curated": load_graph(show, curated=True)}
    return {
        "show": show.id,
        "statements": len(moments),
        "against": "gold facts" if gold else "labels",
        **{name: measure(graph, moments) for name, graph in graphs.items()},
    }
