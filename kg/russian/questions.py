"""What a Russian message asks of the graph (`Ask`), and what a Russian reply claims: one reader for both.

A noun of a relation ("брат", in any case) with its owner ("твой", "у тебя", "Аркадиной", "твоей сестры") is the heart
of it; cues without a noun ("ты замужем", "сколько тебе лет") and names make up the rest. In a message "ты" is the
persona; in a reply "я" is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.graph import Graph
from kg.relations import relations
from kg.russian.declension import WORD, fold, modern, morphology
from kg.russian.kin import jobs
from kg.russian.language import Noun, russian
from kg.russian.people import CastNames, Named
from kg.types import Ask, Mention
from parsing.manifest import Show
from parsing.sentences import russian_sentences

_YOURS = frozenset(
    """твой твоя твое твои твоего твоей твоему твою твоим твоих твоими твоем ваш ваша ваше ваши вашего вашей вашему вашу
    вашим ваших вашем""".split()  # noqa: SIM905
)
_MINES = frozenset("мой моя мое мои моего моей моему мою моим моих моими моем".split())  # noqa: SIM905
_YOU = frozenset({"ты", "тебя", "тебе", "тобой", "вы", "вас", "вам", "вами"})
_ME = frozenset({"я", "меня", "мне", "мной", "мною"})
_HE = {"он": "male", "его": "male", "ему": "male", "него": "male", "нем": "male", "им": "male", "ним": "male",
       "она": "female", "ее": "female", "ей": "female", "нее": "female", "ней": "female"}  # fmt: skip
_NOT = frozenset({"не", "нет", "никогда"})
_WHEN = re.compile(r"\b(?:когда|почему|зачем|где|отчего|как давно)\b")
_HOW_MANY = re.compile(r"\bсколько\b")
_WHO = re.compile(r"\b(?:кто|кого|кому|кем|ком|как зовут|как звали|назови|назовите|чей|чья|чьи)\b")
_BEFORE_NOUN = 4  # words between a possessive and its noun


@dataclass(frozen=True)
class Found:
    """A relation that a sentence speaks of."""

    owner: str  # node id, "" where nobody is named
    noun: Noun
    at: int  # place of the noun among the sentence's words


class Understander:
    """Reads messages and replies against one (stripped) graph."""

    def __init__(self, graph: Graph, show: Show) -> None:
        self.graph = graph
        members = [m for m in show.cast if any(n.name == m.name for n in graph.nodes.values())]
        self.names = CastNames(members)

    # --- who is named

    def link(self, message: str, persona: str, history: Sequence[Mapping[str, str]] = ()) -> tuple[Mention, ...]:
        """The people a message names, in any case; "ты" is the persona, "он" and "она" are of the turns before."""
        found = [Mention(message[n.start : n.end], n.start, n.end, n.person, "alias") for n in self._named(message)]
        for match in WORD.finditer(modern(message)):
            word = fold(match[0])
            if word in _YOU or word in _YOURS:
                found.append(Mention(match[0], match.start(), match.end(), persona, "you"))
            elif word in _HE and (who := self._before(_HE[word], persona, history)):
                found.append(Mention(match[0], match.start(), match.end(), who, "history"))
        return tuple(sorted(found, key=lambda m: (m.start, m.end)))

    def _named(self, text: str) -> list[Named]:
        return [n for n in self.names.find(text) if n.person in self.graph.nodes]

    def _before(self, gender: str, persona: str, history: Sequence[Mapping[str, str]]) -> str:
        """Of this sex, whom the last turns named last."""
        for turn in reversed(list(history)[-6:]):
            people = [n.person for n in self._named(turn["content"]) if self.graph.gender(n.person) == gender]
            people = [p for p in people if p != persona]
            if people:
                return people[0]
        return ""

    # --- what is asked

    def understand(self, message: str, persona: str, history: Sequence[Mapping[str, str]] = ()) -> tuple[Ask, ...]:
        """What a message asks, sentence by sentence; empty for small talk."""
        asks = [ask for part in russian_sentences(message) for ask in self._sentence(part, persona, history)]
        return tuple(dict.fromkeys(asks))

    def _sentence(self, text: str, persona: str, history: Sequence[Mapping[str, str]]) -> Iterator[Ask]:
        plain = fold(text)
        if russian().cues["own_name"].search(plain):
            yield Ask("full_name", persona, text=text)
            return
        if not russian().cues["asking"].search(plain):
            return
        found = self.relations_in(text, persona, _YOURS, _YOU, history)
        if found and found[0].owner:
            yield from self._about_kin(text, plain, found) or self._of_nouns(text, found, persona)
            return
        cued = list(self._of_cues(text, plain, persona, history))
        if cued:
            yield from cued
            return
        people = [n.person for n in self._named(text) if n.person != persona] or self._pronouns(plain, persona, history)
        job = next((w for m in WORD.finditer(text) if (w := fold(m[0])) in jobs()), "")
        if job and not _WHO.search(plain) and not _WHEN.search(plain):  # "Дорн врач?"
            yield Ask("job", people[0] if people else persona, job, form="polar", text=text)
            return
        if people and russian().cues["about"].search(plain) and not _WHEN.search(plain):
            yield Ask("about", people[0], text=text)
        elif not russian().cues["opinion"].search(plain) and not russian().cues["how_are_you"].search(plain):
            yield Ask("", people[0] if people else persona, text=text)

    def _pronouns(self, plain: str, persona: str, history: Sequence[Mapping[str, str]]) -> list[str]:
        genders = [_HE[w] for w in plain.split() if w.strip("?!.,") in _HE for w in [w.strip("?!.,")]]
        return [who for g in genders[:1] if (who := self._before(g, persona, history))]

    def _about_kin(self, text: str, plain: str, found: Sequence[Found]) -> list[Ask]:
        """«Чем занимается ваш сын?», «Сколько лет твоему брату?»: asked of the one whom the noun leads to."""
        relation = next((r for r in ("job", "age", "likes") if russian().asks[r].search(plain)), "")
        other = re.search(r"\bкто (\w+)", plain)
        if other and not relation and _predicate(other[1]):
            return [Ask("", found[0].owner, text=text)]  # "кто управляет имением вашего брата?"
        if not relation:
            return []
        people = self._owners([Found("", found[0].noun, 0), *found])
        return [Ask(relation, who, text=text) for who in people] or [Ask("", found[0].owner, text=text)]

    def _of_nouns(self, text: str, found: Sequence[Found], persona: str) -> Iterator[Ask]:
        plain = fold(text)
        last = found[0]
        owners = self._owners(found)
        for owner in owners or [""]:
            if not owner:
                yield Ask("", persona, text=text)
                return
            ask = Ask(last.noun.relation, owner, gender=last.noun.gender, text=text)
            objects = self._objects(text, owner, persona)
            if _HOW_MANY.search(plain):
                yield replace(ask, asked="count")
            elif (objects and not _WHO.search(plain)) or (objects and last.owner == persona and _WHO.search(plain)):
                yield replace(ask, object=objects[0], form="polar")
            elif _WHEN.search(plain) or re.search(r"\b(?:люб|помн|вид|зна|ненавид|бо)\w+", plain):
                yield replace(ask, form="presupposed")
                if _WHEN.search(plain):
                    yield Ask("", owner, text=text)
            elif _WHO.search(plain):
                yield ask
            elif re.search(r"\b(?:есть|имеется|нет|ли|имеешь|имеете|бывает|был|была|были)\b", plain):
                yield replace(ask, form="polar")
            else:
                yield replace(ask, form="presupposed")
                yield Ask("", owner, text=text)

    def _owners(self, found: Sequence[Found]) -> list[str]:
        """The owner of the first noun: a node, or the people whom the nouns behind it lead to ("муж твоей сестры")."""
        last = found[-1]
        owners = [last.owner]
        for step in reversed(found[1:]):
            owners = [
                f.object
                for owner in owners
                for f in self.graph.facts_from(owner, step.noun.relation)
                if f.polarity
                and not f.literal
                and (not step.noun.gender or self.graph.gender(f.object) == step.noun.gender)
            ]
        return list(dict.fromkeys(owners))[:1]

    def _objects(self, text: str, owner: str, persona: str) -> list[str]:
        fits = {"nomn", "ablt", "voct"}
        people = [n.person for n in self._named(text) if n.person != owner and n.cases & fits]
        mine = {fold(m[0]) for m in WORD.finditer(text)} & (_YOU | {"тобой"})
        if owner != persona and mine and persona not in people:
            people.append(persona)
        return people

    def _of_cues(self, text: str, plain: str, persona: str, history: Sequence[Mapping[str, str]]) -> Iterator[Ask]:
        named = [n.person for n in self._named(text)]
        words = [fold(m[0]) for m in WORD.finditer(text)]
        you = any(w in _YOU or w in _YOURS for w in words)
        pronouns = self._pronouns(plain, persona, history)
        for relation, cue in russian().asks.items():
            if not cue.search(plain) or (relation == "likes" and russian().cues["opinion"].search(plain)):
                continue
            people = list(dict.fromkeys([*([persona] if you else []), *named, *pronouns]))
            owner = people[0] if people else persona
            others = [p for p in people if p != owner]
            ask = Ask(relation, owner, text=text)
            literal = relations()[relation].literal
            if (
                relation == "spouse"
                and re.search(r"\b(?:вышла|женился|женилась|свадьба)\b", plain)
                and _WHEN.search(plain)
            ):
                ask = replace(ask, form="presupposed")
            if others and not literal and not _WHO.search(plain):
                yield replace(ask, object=others[0], form="polar" if ask.form == "wh" else ask.form)
            elif _WHO.search(plain) or literal or _WHEN.search(plain):
                yield ask
            else:
                yield replace(ask, form="polar")
            if _WHEN.search(plain):
                yield Ask("", owner, text=text)
            return

    # --- nouns of relations and their owners

    def relations_in(
        self,
        text: str,
        speaker: str,
        own: frozenset[str],
        me: frozenset[str],
        history: Sequence[Mapping[str, str]] = (),
    ) -> list[Found]:
        """The nouns of relations in a sentence with their owners, left to right.

        `own` and `me` are the possessives and pronouns that mean `speaker`. A chain ("муж твоей сестры") gives the
        noun that is asked for first, with the owner of the last.
        """
        tokens = list(WORD.finditer(modern(text)))
        words = [fold(t[0]) for t in tokens]
        nouns = [
            (i, russian().nouns[w])
            for i, w in enumerate(words)
            if w in russian().nouns and not self._is_name(text, tokens[i].start())
        ]
        if not nouns:
            return []
        found = []
        for place, (i, plain) in enumerate(nouns):
            following = nouns[place + 1][0] if place + 1 < len(nouns) else 0
            noun = self._cousins(words, i, plain)
            chained = (
                bool(following) and following - i <= 2 and all(w in own or w in _HE for w in words[i + 1 : following])
            )
            owner = self._owner(text, tokens, words, i, speaker, own, me, history)
            if chained:
                found.append(Found(owner or "?", noun, i))
                continue
            found.append(Found(owner, noun, i))
            break
        if len(found) > 1:
            found[0] = replace(found[0], owner=found[-1].owner)
        return found

    def _is_name(self, text: str, start: int) -> bool:
        """A word of kinship that stands in a name ("Жена Коробкина")."""
        return any(n.start <= start < n.end for n in self._named(text))

    @staticmethod
    def _cousins(words: Sequence[str], i: int, noun: Noun) -> Noun:
        if noun.relation == "sibling" and i and words[i - 1].startswith("двоюродн"):
            return replace(noun, relation="cousin")
        return noun

    def _owner(  # noqa: PLR0911  one return a way of owning
        self, text: str, tokens: Sequence[re.Match[str]], words: Sequence[str], i: int, speaker: str,
        own: frozenset[str], me: frozenset[str], history: Sequence[Mapping[str, str]],
    ) -> str:  # fmt: skip
        """Whose: "твой брат", "брат Аркадиной", "у тебя есть брат", "его брат"."""
        near = range(max(0, i - _BEFORE_NOUN), min(len(words), i + 2))
        if any(words[j] in own for j in near):
            return speaker
        genitive = [n for n in self._named(text) if n.cases & {"gent", "poss", "plur"} and n.start > tokens[i].end()]
        if genitive and genitive[0].start - tokens[i].end() <= 2:
            return genitive[0].person
        at = [n for n in self._named(text) if "gent" in n.cases and self._after(words, tokens, n.start, "у")]
        if at:
            return at[0].person
        dative = [n for n in self._named(text) if "datv" in n.cases and "nomn" not in n.cases]
        if any(w in me for w in words):
            return speaker
        if dative:
            return dative[0].person
        for j in near:
            if words[j] in _HE and (who := self._before(_HE[words[j]], speaker, history)):
                return who
        return ""

    @staticmethod
    def _after(words: Sequence[str], tokens: Sequence[re.Match[str]], start: int, word: str) -> bool:
        place = next((k for k, t in enumerate(tokens) if t.start() == start), 0)
        return place > 0 and words[place - 1] == word


def _predicate(word: str) -> bool:
    """A verb that says more than "is"."""
    best = morphology().parse(word)[0]
    return best.tag.POS == "VERB" and best.normal_form not in {"быть", "приходиться", "являться", "доводиться", "стать"}


def mine() -> tuple[frozenset[str], frozenset[str]]:
    """The possessives and pronouns by which a reply means its speaker."""
    return _MINES, _ME


def negated(words: Sequence[str]) -> bool:
    """Does a statement say that it isn't so?"""
    return any(w in _NOT for w in words)
