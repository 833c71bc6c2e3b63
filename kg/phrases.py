"""Noun phrases that name somebody by a relation: "your sister's husband", "the wife of Ross", "your husband Chandler".

Each becomes a `Phrase`: whom it denotes in this graph, along which steps, and which step leads nowhere. Linking turns
phrases into mentions; question understanding asks for their steps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.graph import Graph
from kg.nouns import NAME_NOUNS, Noun, noun_phrase, readings
from kg.relations import relations
from kg.types import Mention

_OWNED = re.compile(r"(?:['’]s|(?<=s)['’])\s+", re.IGNORECASE)
_OF = re.compile(r"\b(?:the|a|an)\s+(?P<phrase>[\w'’-]+(?:\s+[\w'’-]+){0,3})\s+(?:of|to)\s+$", re.IGNORECASE)
_APPOSED = re.compile(r",?\s+(?:called\s+|named\s+)?")
_WITH = re.compile(r"\s+(?:to|with|from)\s+")
_ATTRIBUTE = re.compile(r"[\w-]+(?:\s+[\w-]+){0,3}")
_STOP = re.compile(
    r"\s+(?:is|are|was|were|be|do|does|did|has|have|had|and|or|with|in|at|on|to|for|of|called|named|like|doing|going)\b.*",
    re.IGNORECASE,
)
_VERBISH = re.compile(
    r"(?:[\w-]+(?:ing|ed)|a|an|the|not|your|my|his|her|from|in|at|with|on|going|really|so|too|very|older|younger|born"
    r"|it|that|this|he|she|they|doing|gone|been|got|still|now|already)\b",
    re.IGNORECASE,
)
_POSSESSIVES = frozenset({"your", "his", "her", "their", "ur", "my"})
_MOST = 12  # people a plural phrase may denote


@dataclass(frozen=True)
class Step:
    """One relation noun of a phrase: of `subject`, who is its `noun`?"""

    subject: str
    noun: Noun


@dataclass(frozen=True)
class Phrase:
    """A noun phrase of the message. `start`, `end` are character offsets."""

    start: int
    end: int
    nodes: tuple[str, ...]  # whom it denotes; empty where a step leads nowhere
    steps: tuple[Step, ...] = ()  # empty for a plain name or pronoun
    broken: Step | None = None  # the first step that leads nowhere
    apposed: str | None = None  # "your husband Chandler": the node named
    attribute: str = ""  # "your blood type": what no relation covers
    owner: str = ""  # whose attribute
    named: bool = False  # "your sister's name"


def read_phrases(text: str, mentions: Sequence[Mention], graph: Graph) -> tuple[Phrase, ...]:
    """The phrases of a message, left to right, none inside another.

    `mentions`: names, "you" and pronouns (those by relation are ignored, they are found again here).
    """
    base = sorted((m for m in mentions if m.how != "relation"), key=lambda m: (m.start, -m.end))
    by_start = {m.start: m for m in base}
    phrases: list[Phrase] = []
    for mention in base:
        if phrases and mention.start < phrases[-1].end:
            continue
        phrase = _grow(text, mention, by_start, graph)
        of = _of_phrase(text, phrase, graph)
        while phrases and of is not None and of.start < phrases[-1].end:
            phrases.pop()
        phrases.append(of or phrase)
    return tuple(phrases)


def _grow(text: str, mention: Mention, by_start: dict[int, Mention], graph: Graph) -> Phrase:
    """Follow possessives to the right of a mention for as long as relation nouns come."""
    phrase = Phrase(mention.start, mention.end, (mention.node,))
    owns = mention.text.lower() in _POSSESSIVES
    while True:
        position = phrase.end
        if owns:
            position += len(text[position:]) - len(text[position:].lstrip())
        elif (mark := _OWNED.match(text, position)) is not None:
            position = mark.end()
        else:
            break
        noun = noun_phrase().match(text, position)
        if noun is None:
            return _attribute(text, position, phrase, owns)
        if phrase.steps and noun["noun"].lower() in NAME_NOUNS:
            return Phrase(**{**vars(phrase), "end": noun.end(), "named": True})
        phrase = _step(phrase, noun, graph)
        owns = False
    return _with_apposition(text, phrase, by_start, graph)


def _attribute(text: str, position: int, phrase: Phrase, owns: bool) -> Phrase:
    """The phrase with an attribute no relation covers; unchanged where "'s" is rather "is" ("Monica's married")."""
    rest = _ATTRIBUTE.match(text, position)
    if rest is None or (not owns and _VERBISH.match(text, position)):
        return phrase
    words = _STOP.sub("", rest[0])
    if not words or (not phrase.nodes and phrase.broken is None):
        return phrase
    owner = phrase.nodes[0] if phrase.nodes else ""
    return Phrase(**{**vars(phrase), "end": position + len(words), "nodes": (), "attribute": words, "owner": owner})


def _step(phrase: Phrase, noun: re.Match[str], graph: Graph) -> Phrase:
    """One noun further: try its readings in order, keep the first that leads somewhere."""
    options = readings(noun)
    subjects = phrase.nodes
    for reading in options:
        found = tuple(dict.fromkeys(o for s in subjects for o in follow(graph, s, reading)))[:_MOST]
        if found:
            steps = (*phrase.steps, Step(subjects[0], reading))
            return Phrase(phrase.start, noun.end(), found, steps)
    step = Step(subjects[0] if subjects else "", options[0])
    return Phrase(phrase.start, noun.end(), (), (*phrase.steps, step), phrase.broken or step)


def follow(graph: Graph, subject: str, noun: Noun) -> tuple[str, ...]:
    """Whom (or which literal) a relation noun denotes for a subject at the graph's moment."""
    facts = [f for f in graph.facts_from(subject, noun.relation) if f.polarity]
    if noun.former:
        facts = [f for f in facts if not graph.now(f)]
    elif not noun.ever:
        facts = [f for f in facts if graph.now(f)]
    wanted = noun.gender
    return tuple(f.object for f in facts if f.literal or not wanted or graph.gender(f.object) in {wanted, ""})


def _with_apposition(text: str, phrase: Phrase, by_start: dict[int, Mention], graph: Graph) -> Phrase:
    """The name right behind belongs to the phrase: "your husband Chandler"."""
    if not phrase.steps:
        return phrase
    wedded = phrase.steps[-1].noun.text in {"marriage", "wedding", "divorce"}
    gap = (_WITH if wedded else _APPOSED).match(text, phrase.end)
    named = by_start.get(gap.end()) if gap else None
    if named is None or named.how not in {"alias", "fuzzy", "stranger"} or not _can_be(phrase, named.node, graph):
        return phrase
    if "," in gap[0] and not re.match(r"\s*(?:,|\?|$)", text[named.end :]):  # type: ignore[index]
        return phrase
    if re.match(r"['’]s\s", text[named.end :]):
        return phrase
    return Phrase(phrase.start, named.end, phrase.nodes, phrase.steps, phrase.broken, named.node)


def _can_be(phrase: Phrase, named: str, graph: Graph) -> bool:
    """As in "my office Ross": a person is no office, the name is that of the addressee."""
    node = graph.nodes.get(named)
    return node is None or node.type in relations()[phrase.steps[-1].noun.relation].range


def _of_phrase(text: str, phrase: Phrase, graph: Graph) -> Phrase | None:
    """A relation noun to the left: "the wife of Ross"."""
    left = _OF.search(text[: phrase.start])
    if left is None:
        return None
    noun = noun_phrase().fullmatch(left["phrase"])
    if noun is None:
        return None
    grown = _step(phrase, noun, graph)
    named = noun["noun"].lower() in NAME_NOUNS and bool(phrase.steps)
    if named:
        return Phrase(**{**vars(phrase), "start": left.start(), "named": True})
    return Phrase(left.start(), phrase.end, grown.nodes, grown.steps, grown.broken)
