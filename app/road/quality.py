"""The report of an own show: how much was read, how sure it is, and what a person could mend."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from parsing.manifest import Show, build_dir

_FEW = 8
_DOUBT = 0.7  # confidence below which a fact is one to look at


def report(show: Show) -> dict[str, Any]:
    """One document: lines, speakers, shares attributed, facts and doubts of a parsed show with a graph."""
    from kg.relations import relations
    from kg.store import read_graph

    quality = json.loads((build_dir(show) / "quality.json").read_text(encoding="utf-8"))
    graph = read_graph(build_dir(show) / "graph.json.gz")
    plain = [f for f in graph.stored if not relations()[f.relation].event]
    events = Counter(f.object for f in graph.stored if f.relation == "event_kind")
    pairs = quality["pairs_made"]["personas"]
    return {
        "show": show.id,
        "title": show.title,
        "language": show.language,
        "files": quality["files"]["read"],
        "episodes": quality["episodes"],
        "lines": quality["utterances"],
        "people": len(quality["merged"]),
        "with_speaker": quality["speakers"]["named"],
        "with_addressee": quality["with_addressee"],
        "personas": {
            m.slug: {
                "name": m.name,
                "lines": quality["main_characters"].get(m.name, 0),
                "pairs": pairs.get(m.name, {}).get("kept", 0),
            }
            for m in show.personas
        },
        "facts": dict(Counter(f.relation for f in plain).most_common()),
        "events": dict(events.most_common()),
        "curated": sum(f.extractor == "curated" for f in plain),
        "doubts": list(_doubts(show, quality, sum(f.confidence < _DOUBT for f in plain), len(plain))),
    }


def _doubts(show: Show, quality: Mapping[str, Any], unsure: int, facts: int) -> Iterator[str]:
    left_out = {why: n for why, n in quality["dropped"].items() if why in {"no cue", "cue without speech"}}
    if left_out:
        told = ", ".join(f"{n} with {why}" for why, n in left_out.items())
        yield f"lines left out: {told}; where that is much, mend 'cue' in [source.options]"
    if missing := quality["episodes_missing"]:
        yield f"{len(missing)} episodes have no transcript: {_few(missing)}"
    if odd := [m for m in quality["speakers"]["merges"] if m["reason"] in {"misspelt", "near"}]:
        yield f"labels read as misspelt: {_few(m['label'] + ' = ' + m['name'] for m in odd)}; [keep] parts them"
    if apart := quality["speakers"]["left_apart"]:
        yield f"{len(apart)} labels are much alike and were left apart (left_apart in quality.json); [merge] joins them"
    if show.language == "en" and (unknown := [m.name for m in show.cast if not m.gender]):
        yield f"nobody knows whether she or he: {_few(unknown)}; add `gender`, so that pronouns find them"
    if unsure:
        yield f"{unsure} of {facts} facts have a confidence below {_DOUBT}"
    if facts < quality["utterances"] / 400:
        yield "few facts for so many lines: what you know yourself goes into corrections.csv beside show.toml"


def _few(names: Any) -> str:
    every = list(names)
    more = f" … and {len(every) - _FEW} more" if len(every) > _FEW else ""
    return ", ".join(every[:_FEW]) + more


def text(found: Mapping[str, Any]) -> str:
    """The report for people."""
    people = ", ".join(f"{p['name']} {p['lines']:,} lines" for p in found["personas"].values())
    facts = ", ".join(f"{name} {n}" for name, n in found["facts"].items()) or "none"
    events = ", ".join(f"{name} {n}" for name, n in found["events"].items()) or "none"
    return "\n".join(
        [
            f"{found['title']} ({found['show']}): {found['files']} files, {found['episodes']} episodes, "
            f"{found['lines']:,} lines",
            f"  speakers  {found['people']} people; {found['with_speaker']:.1%} of the lines have a speaker, "
            f"{found['with_addressee']:.1%} somebody they are said to",
            f"  personas  {people}",
            f"  facts     {sum(found['facts'].values())}: {facts}",
            f"  events    {sum(found['events'].values())}: {events}",
            *(f"  doubt     {doubt}" for doubt in found["doubts"]),
        ]
    )
