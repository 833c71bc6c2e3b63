"""Claims of a Russian reply, each judged against the graph: relations of people, age and work, names nobody knows.

Whatever the reader of `kg.russian.questions` can ask, it can check: a statement is put to it as a yes/no question.
"""

import re
from collections.abc import Iterator, Sequence

from kg.answers import resolve
from kg.graph import Graph
from kg.relations import relations
from kg.russian.declension import WORD, fold, modern, morphology
from kg.russian.language import russian
from kg.russian.questions import Found, Understander, mine, negated
from kg.types import Ask, Claim
from parsing.manifest import Show
from parsing.sentences import russian_sentences

_CLAUSE = re.compile(r"[^;]+")
_NAMED = ("Name", "Surn", "Patr")


class RussianVerifier:
    """Checks Russian replies against one (stripped) graph; the counterpart of `kg.verification.Verifier`."""

    def __init__(self, graph: Graph, show: Show) -> None:
        self.graph = graph
        self.reader = Understander(graph, show)

    def check(
        self, reply: str, speaker_id: str, ask: Sequence[Ask] = (), as_of: str | None = None
    ) -> tuple[Claim, ...]:
        """The claims of a reply, said by `speaker_id`; `ask` lends a relation to a bare "Да" or a bare name."""
        found: list[Claim] = []
        for sentence in russian_sentences(reply):
            for clause in _CLAUSE.findall(sentence):
                found += self._clause(clause, speaker_id)
        found += self._short(reply, speaker_id, ask) if not found else []
        return (*found, *self._strangers(reply))

    def _clause(self, clause: str, speaker: str) -> Iterator[Claim]:
        own, me = mine()
        words = [fold(m[0]) for m in WORD.finditer(modern(clause))]
        people = [n.person for n in self.reader.names.find(clause) if n.person in self.graph.nodes]
        named = [n.person for n in self.reader.names.find(clause) if n.person in self.graph.nodes and "nomn" in n.cases]
        stated = False
        for part in re.split(r"[,:]\s", clause):
            found = self.reader.relations_in(part, speaker, own, me)
            if found and found[0].owner in self.graph.nodes:
                stated = True
                yield from self._relation(found[0], named, words, speaker, me)
        if stated:
            return
        spouse = russian().asks["spouse"].search(fold(clause))
        if spouse:
            subject = speaker if set(words) & me else people[0] if people else ""
            objects = [p for p in people if p != subject]
            if subject:
                yield self._judged(
                    Ask("spouse", subject, objects[0] if objects else None, form="polar"), not negated(words)
                )
            return
        yield from self._age(clause, words, speaker, people)

    def _relation(
        self, found: Found, named: Sequence[str], words: Sequence[str], speaker: str, me: frozenset[str]
    ) -> Iterator[Claim]:
        """«Треплев — сын Аркадиной», «мой брат — Сорин», «Тригорин мне не муж», «у меня нет брата»."""
        owner = found.owner
        objects = [p for p in named if p != owner] or ([speaker] if owner != speaker and set(words) & me else [])
        several = found.noun.plural
        asked: list[str | None] = [*objects] if several else [*objects[:1]] or [None]
        for object_ in asked:
            if object_ is None and not negated(words) and "есть" not in words:
                continue
            ask = Ask(found.noun.relation, owner, object_, gender=found.noun.gender, form="polar")
            yield self._judged(ask, not negated(words))

    def _age(self, clause: str, words: Sequence[str], speaker: str, people: Sequence[str]) -> Iterator[Claim]:
        number = re.search(r"\b(\d{1,3}) (?:лет|год|года)\b", clause)
        if number:
            subject = people[0] if people else speaker if "мне" in words else ""
            if subject:
                yield self._judged(Ask("age", subject, number[1], form="polar"), not negated(words))

    def _short(self, reply: str, speaker: str, asks: Sequence[Ask]) -> Iterator[Claim]:
        """«Да.», «Сорин.»: what was asked, said with a word."""
        words = [fold(m[0]) for m in WORD.finditer(modern(reply))]
        people = [n.person for n in self.reader.names.find(reply) if n.person in self.graph.nodes]
        for ask in asks[:1]:
            if ask.relation not in relations() or not ask.subject:
                return
            if ask.form == "polar" and words[:1] in (["да"], ["нет"]):
                yield self._judged(ask, words[0] == "да")
            elif people and len(words) <= 4 and ask.form == "wh" and not relations()[ask.relation].literal:
                yield self._judged(Ask(ask.relation, ask.subject, people[0], ask.gender, "polar"), True)

    def _judged(self, ask: Ask, polarity: bool) -> Claim:
        answer = resolve(self.graph, ask)
        object_ = self.graph.name(ask.object) if ask.object else ""
        if answer.status == "silent":
            verdict = "unverifiable"
        else:
            verdict = "supported" if (answer.status == "known") == polarity else "contradicted"
        return Claim(self.graph.name(ask.subject), ask.relation, object_, verdict, polarity, answer.facts, answer.why)  # type: ignore[arg-type]

    def _strangers(self, reply: str) -> Iterator[Claim]:
        """Names that nobody of the graph bears."""
        known = {n.start for n in self.reader.names.find(reply)}
        covered = [(n.start, n.end) for n in self.reader.names.find(reply)]
        for match in WORD.finditer(modern(reply)):
            inside = any(a <= match.start() < b for a, b in covered)
            opens = not re.search(r"[\w,—–-]\s*[«\"(]?$", reply[: match.start()])
            if (
                match[0][0].isupper()
                and not inside
                and match.start() not in known
                and fold(match[0]) not in self.reader.names.forms
            ):
                parses = morphology().parse(fold(match[0]))
                name = any(mark in p.tag for p in parses[:1] for mark in _NAMED)
                if name or (not opens and not morphology().word_is_known(fold(match[0]))):
                    yield Claim(
                        match[0], "mentions", match[0], "unverifiable", True, (), f"nobody called {match[0]} is known"
                    )
