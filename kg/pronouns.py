"""Pronouns of a message: whom "he", "she" and "they" mean, by what was said before in it and in the turns before."""

import re
from collections.abc import Mapping, Sequence

from kg.graph import Graph
from kg.names import NameIndex, apart
from kg.nouns import noun_phrase, readings
from kg.phrases import follow, read_phrases
from kg.types import Mention

History = Sequence[Mapping[str, str]]  # turns before, oldest first: {"role": "user" | "assistant", "content": …}
YOU = re.compile(r"\b(?:yourself|yours|your|you|ur|u)\b", re.IGNORECASE)
_MY = re.compile(r"\bmy\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself|they|them|their|theirs)\b", re.IGNORECASE)
_HAD = re.compile(r"\b(?:have|has|had|got|about|is|was)\s+(?:a|an|any|my|your|the)\s+", re.IGNORECASE)
_SURNAME = re.compile(r"\s+([A-Z][a-z]+)(?![\w-])")
_FEMALE = frozenset({"she", "her", "hers", "herself"})
_PLURAL = frozenset({"they", "them", "their", "theirs"})
_TURNS = 6  # turns of history looked at for a pronoun


class Pronouns:
    """Names and pronouns of a text, each as the node it means."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._index = NameIndex(graph)

    def named(self, message: str, persona_id: str) -> list[Mention]:
        """The names of a text, apart; of several who go by one, the likeliest."""
        hits = []
        for start, end, nodes in self._index.find(message):
            node = self._choose(nodes, persona_id)
            last = self._with_surname(message, end, node)
            hits.append(Mention(message[start:last], start, last, node, "alias"))
        return apart(hits)

    def misspelt(self, message: str, taken: Sequence[Mention], persona_id: str) -> list[Mention]:
        """Names that are written nearly right."""
        found = self._index.misspelt(message, [(m.start, m.end) for m in taken])
        return [Mention(message[s:e], s, e, self._choose(nodes, persona_id), "fuzzy") for s, e, nodes in found]

    def _with_surname(self, message: str, end: int, node: str) -> int:
        """Where the name ends: behind "Emma Geller" where the graph has Emma Geller-Green, called Emma."""
        behind = _SURNAME.match(message, end)
        return behind.end() if behind and behind[1] in re.split(r"[\s-]", self.graph.name(node)) else end

    def _choose(self, nodes: Sequence[str], persona_id: str) -> str:
        """Of several entities of one name: one the persona is related to, then the one most is known of."""
        if len(nodes) == 1:
            return nodes[0]
        return min(nodes, key=lambda n: (not self.graph.between(persona_id, n), -self.graph.degree(n), n))

    def pronouns(self, message: str, names: list[Mention], persona_id: str, history: History) -> list[Mention]:
        pronouns = list(_PRONOUN.finditer(message))
        if not pronouns:
            return []
        related = [(p.start, node) for p in read_phrases(message, names, self.graph) if p.steps for node in p.nodes]
        here = sorted([(m.start, m.node) for m in names if m.how != "you"] + related)
        found = []
        for match in pronouns:
            before = [node for start, node in here if start < match.start()]
            if match[0].lower() in _PLURAL:
                pair = self._pair([*reversed(before), *self._said_before(persona_id, history)], persona_id)
                found += [Mention(match[0], match.start(), match.end(), node, "history") for node in pair]
                continue
            gender = "female" if match[0].lower() in _FEMALE else "male"
            said = self._said_before(persona_id, self._without_aside(history, gender, persona_id))
            node = next((n for n in (*reversed(before), *said) if self._can_be(n, gender, persona_id)), None)
            if node is not None:
                found.append(Mention(match[0], match.start(), match.end(), node, "history"))
        return found

    def _pair(self, nodes: list[str], persona_id: str) -> tuple[str, ...]:
        """The last two people spoken of, where they belong together: whom "they" means."""
        people = [n for n in dict.fromkeys(nodes) if n in self.graph.nodes and self.graph.nodes[n].type == "person"]
        pair = tuple(people[:2])
        return pair if len(pair) == 2 and self.graph.between(*pair) and persona_id not in pair else ()

    def _can_be(self, node_id: str, gender: str, persona_id: str) -> bool:
        node = self.graph.nodes.get(node_id)
        return (
            node is not None and node.type in {"person", "animal"} and node.gender == gender and node_id != persona_id
        )

    def _without_aside(self, history: History, gender: str, persona_id: str) -> History:
        """The turns before; without the last reply where that goes on about the same "she" before it names others."""
        if not history or history[-1].get("role") != "assistant":
            return history
        reply = history[-1].get("content", "")
        first = next((m for m in _PRONOUN.finditer(reply) if (m[0].lower() in _FEMALE) == (gender == "female")), None)
        if first is None or first[0].lower() in _PLURAL:
            return history
        named = (m for m in self.named(reply, persona_id) if m.start < first.start())
        return history if any(self._can_be(m.node, gender, persona_id) for m in named) else list(history)[:-1]

    def _said_before(self, persona_id: str, history: History) -> list[str]:
        """Node ids named in the turns before, the latest first."""
        said: list[str] = []
        for turn in list(history)[-_TURNS:]:
            content = turn.get("content", "")
            names = self.named(content, persona_id)
            words = YOU if turn.get("role") == "user" else _MY
            speaker = [Mention("your", m.start(), m.end(), persona_id, "you") for m in words.finditer(content)]
            phrases = read_phrases(content, apart([*names, *speaker]), self.graph)
            found = [(m.start, m.node) for m in names] + [(p.start, n) for p in phrases if p.steps for n in p.nodes]
            found += self._had(content, persona_id)
            said += [node for _, node in sorted(found)]
        return said[::-1]

    def _had(self, content: str, persona_id: str) -> list[tuple[int, str]]:
        """As in "Do you have a grandmother?", "I've got a boyfriend": the persona's."""
        found = []
        for match in _HAD.finditer(content):
            noun = noun_phrase().match(content, match.end())
            for reading in readings(noun) if noun else ():
                nodes = [n for n in follow(self.graph, persona_id, reading) if n in self.graph.nodes]
                found += [(match.end(), node) for node in nodes[:1]]
        return found
