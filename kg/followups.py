"""Questions that lean on the one before: "And your brother?", "To whom?", "When?", "What are their names?".

A follow-up takes relation and subject from the last question that asked the graph something, and puts in what it says
itself. What isn't shaped like one is left to `kg.questions`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.phrases import read_phrases
from kg.questions import understand
from kg.relations import relations
from kg.types import Ask, Mention

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.linking import Linker

_TURNS = 4  # user turns looked back
_LEAD = r"\W*(?:(?:and|so|but|ok|okay|oh|hmm|really|then)\W+)*"
_TURN = re.compile(rf"{_LEAD}(?P<cue>and |what about |how about )?(?P<rest>[^?.!]{{1,40}})\W*", re.I)
_WHO = re.compile(
    rf"{_LEAD}(?:(?:to|with|by|for) (?:whom|who|which|what)|(?:who|whom|what)(?: (?:to|with|by|for))?)\W*", re.I
)
_NAMES = re.compile(
    rf"{_LEAD}(?:what(?:['’]s| is| are|re) (?:the|their|his|her|its) names?"
    r"|what (?:are|is) (?:they|he|she|it) called|(?:their|the) names)\W*",
    re.I,
)
_SLOTS = {
    "when": "time",
    "since when": "time",
    "where": "place",
    "why": "reason",
    "how come": "reason",
    "how many": "count",
}
_SLOT = re.compile(rf"{_LEAD}(?P<word>{'|'.join(_SLOTS)})(?: (?:was|is|did) (?:that|it)(?: happen)?)?\W*", re.I)


_BARE = re.compile(
    rf"{_LEAD}(?:who|whom|whose|which(?: one)?|why|how come|how|where|when)"
    rf"(?: (?:so|not|else|exactly|is (?:it|that)|was (?:it|that)|did (?:it|that) happen))?\W*",
    re.I,
)
_MYSELF = re.compile(r"\b(?:I(?:['’](?:m|ve|d|ll))?|me|my|mine)\b")


def leaning(message: str, history: Sequence[Mapping[str, str]]) -> str:
    """A bare question word with what it leans on: "why?" after what was asked and said; another message as it is.

    What the persona said of itself is of "you" again: "I'm off it." becomes "you off it.".
    """
    if not _BARE.fullmatch(message) or len(history) < 2:
        return message
    asked, said = history[-2].get("content", ""), history[-1].get("content", "")
    return f"{message.strip()} {asked} {_MYSELF.sub('you', said)}"


def follow_up(
    message: str,
    mentions: Sequence[Mention],
    persona_id: str,
    graph: "Graph",
    linker: "Linker",
    history: Sequence[Mapping[str, str]],
) -> tuple[Ask, ...]:
    """What the message asks if it leans on the user's last question; empty where it doesn't."""
    shaped = _WHO.fullmatch(message) or _NAMES.fullmatch(message) or _SLOT.fullmatch(message)
    turned = None if shaped else _turned_to(message, mentions, persona_id, graph)
    if not shaped and turned is None:
        return ()
    last = _last(persona_id, graph, linker, history)
    if last is None or last.relation not in relations():
        return ()
    if turned is not None:
        return _about_another(last, turned, persona_id, graph)
    slot = _SLOT.fullmatch(message)
    if slot:
        return (replace(last, asked=_SLOTS[slot["word"].lower()], text=message),)
    return () if last.object is not None else (replace(last, form="wh", asked="object", text=message),)


def _turned_to(message: str, mentions: Sequence[Mention], persona_id: str, graph: "Graph") -> str | None:
    """The node of "And Rachel?", "what about your brother?", "and you?"; None for another message."""
    match = _TURN.fullmatch(message)
    if match is None or not (match["cue"] or re.match(r"\W*and\b", message, re.I)):
        return None
    start, end = match.span("rest")
    if re.fullmatch(r"(?:you|u|yourself)", match["rest"].strip(), re.I):
        return persona_id
    whole = [p for p in read_phrases(message, mentions, graph) if p.start <= start and p.end >= end - 1]
    return whole[0].nodes[0] if len(whole) == 1 and len(whole[0].nodes) == 1 else None


def _about_another(last: Ask, node: str, persona_id: str, graph: "Graph") -> tuple[Ask, ...]:
    relation = relations()[last.relation]
    if node == last.subject or graph.nodes[node].type not in relation.domain:
        return ()
    if last.object is not None and last.object == node:
        return ()
    gender = "" if relation.symmetric and relation.functional else last.gender  # "a boyfriend": "and your brother?"
    object_ = None if last.object == persona_id else last.object
    return (replace(last, subject=node, object=object_, gender=gender, text=""),)


def _last(persona_id: str, graph: "Graph", linker: "Linker", history: Sequence[Mapping[str, str]]) -> Ask | None:
    """The last thing the user asked, follow-ups of follow-ups included."""
    turns = list(history)
    places = [i for i, turn in enumerate(turns) if turn.get("role") == "user"][-_TURNS:]
    last: Ask | None = None
    for place in places:
        before, content = turns[:place], turns[place].get("content", "")
        mentions = linker.link(content, persona_id, before)
        asks = follow_up(content, mentions, persona_id, graph, linker, before) if place != places[0] else ()
        asks = asks or understand(content, mentions, persona_id, graph, before)
        asks = tuple(ask for ask in asks if ask.form != "presupposed") or asks
        last = next((ask for ask in reversed(asks) if ask.relation in relations()), last if not asks else None)
    return last
