"""Does a text tell what the show reveals only later? By the names in it, and by what it states.

For cards and lorebooks that anybody wrote: every string in the file is read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.graph import Graph
from kg.names import everyday, written_as_name
from kg.types import Fact
from parsing.manifest import Show

_CODE = re.compile(r"S\d\dE\d\d")
_WORD = re.compile(r"\w+")
_ENDS = re.compile(r"(?<=[.!?…])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bSt\.)\s+|\n+")
_CHAR = re.compile(r"\{\{char\}\}", re.IGNORECASE)
_SPEAKER = re.compile(r"^\s*(?P<who>\{\{\w+\}\}|[A-Z]\w+)\s*:\s*")
_LEAST = 4  # letters of a name that is looked for


@dataclass(frozen=True)
class Spoiler:
    """One place where a text tells too much."""

    text: str  # the name, or the sentence
    revealed: str  # the episode that reveals it
    why: str


def texts_of(document: Any) -> Iterator[str]:
    """Every string of a JSON document; keys of objects are no text."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict | list):
        for value in document.values() if isinstance(document, dict) else document:
            yield from texts_of(value)


def later_names(graph: Graph, as_of: str, texts: Iterable[str]) -> list[Spoiler]:
    """Names and objects of facts that stand in the texts and that nothing revealed by `as_of` holds.

    `graph` is the whole one. A later fact about known people has no new name in it: for those see `later_claims`.
    """
    written = "\n".join(texts)
    text = written.casefold()
    view = graph.at(as_of)
    known = "\n".join(_names(view)).casefold()
    words = set(_WORD.findall(text))
    found: dict[str, str] = {}
    for name, revealed in _later(graph, as_of):
        folded = name.casefold()
        sayable = len(folded) < _LEAST or _CODE.fullmatch(name) or not set(_WORD.findall(folded)) <= words
        if not sayable and not _holds(known, folded) and _holds(text, folded) and _meant(written, name):
            found[name] = min(revealed, found.get(name, revealed))
    return [Spoiler(name, found[name], "a name or thing of a later episode") for name in sorted(found)]


def later_claims(graph: Graph, show: Show, as_of: str, persona: str, texts: Iterable[str]) -> list[Spoiler]:
    """Statements in the texts that the whole graph supports and that of `as_of` doesn't, by `kg.verification`."""
    from kg.verification import Verifier

    view = graph.at(as_of)
    now, end = Verifier(view, show), Verifier(graph, show)
    shown = "\n".join(fact.object for fact in view.stored if fact.literal)  # notes of that time say nothing later
    found = {}
    for line in _sentences(texts, graph.name(persona).split()[0]):
        if line in shown:
            continue
        for claim in end.check(line, persona):
            later = [f for f in claim.facts if f.revealed > as_of]
            so = claim.verdict == "supported" and later and len(later) == len(claim.facts)
            if so and not any(c.verdict == "supported" for c in now.check(line, persona)):
                found[line] = Spoiler(line, min(f.revealed for f in later), f"states {claim.relation}")
    return list(found.values())


def _names(graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        yield node.name
        yield from (alias.text for alias in node.aliases)
    yield from (fact.object for fact in graph.stored if fact.literal)


def _later(graph: Graph, as_of: str) -> Iterator[tuple[str, str]]:
    for node in graph.nodes.values():
        if node.revealed > as_of:
            yield node.name, node.revealed
        yield from ((a.text, a.revealed) for a in node.aliases if max(a.revealed, node.revealed) > as_of)
    yield from ((_object(graph, fact), fact.revealed) for fact in graph.facts if fact.revealed > as_of)


def _object(graph: Graph, fact: Fact) -> str:
    return fact.object if fact.literal else graph.name(fact.object)


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _meant(text: str, name: str) -> bool:
    """Does a name that is a word of every day, too, stand there as a name? "Will you?" names nobody."""
    if not everyday(name):
        return True
    places = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    return any(written_as_name(text, m.start(), m.end(), name.casefold()) for m in places)


def _sentences(texts: Iterable[str], char: str) -> list[str]:
    """The statements of the texts, each once; questions and what the user says state nothing."""
    lines: dict[str, None] = {}
    for text in texts:
        for part in _ENDS.split(text):
            speaker = _SPEAKER.match(part)
            if speaker and speaker["who"].casefold() == "{{user}}":
                continue
            line = _CHAR.sub(char, _SPEAKER.sub("", part)).strip()
            if line and not line.endswith("?") and " " in line:
                lines[line] = None
    return list(lines)
