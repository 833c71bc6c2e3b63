"""How generated questions are worded: templates of `wordings.toml`, of the persona or of others, in one turn or two."""

import random
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.graph import Graph
from kg.relations import relations
from kg.types import Fact

if TYPE_CHECKING:
    from evaluation.generation import Matter

WORDINGS = Path(__file__).with_name("wordings.toml")
TWO_TURNS = 0.25  # share of questions that lean on a first exchange
_ARTICLE = re.compile(r"^(?:an?|the|my|his|her|their|some) ", re.IGNORECASE)
_TITLES = frozenset({"mr.", "mrs.", "ms.", "miss", "dr.", "mr", "mrs", "dr", "aunt", "uncle", "the", "captain", "old"})
_YOU = {
    "you": "you", "your": "your", "yours": "yours", "do": "do", "are": "are", "have": "have", "works": "work",
    "owns": "own", "likes": "like",
}  # fmt: skip
_THIRD = {"do": "does", "are": "is", "have": "has", "works": "works", "owns": "owns", "likes": "likes"}
_PRONOUNS = {"female": ("she", "her", "hers"), "male": ("he", "his", "his")}
_AS_OBJECT = re.compile(r"\b(to|give|call|scares|for) (he|she)\b")
_OBJECT = {"he": "him", "she": "her"}


@cache
def wordings() -> dict[str, Any]:
    """The table, read once."""
    return tomllib.loads(WORDINGS.read_text(encoding="utf-8"))


class Phrasing:
    """Words matters of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @staticmethod
    def never() -> list[str]:
        """The questions that no show answers."""
        asks: list[str] = wordings()["never"]["asks"]
        return asks

    def question(self, matter: "Matter", nth: int, rng: random.Random) -> dict[str, Any]:
        """{question, history?} of a matter that was asked `nth` times before: another wording each time."""
        templates = self._templates(matter)
        first = rng.randrange(len(templates))
        template = templates[(first + nth) % len(templates)]
        others = self._graph.name(matter.subject) != matter.persona
        gender = self._graph.gender(matter.subject)
        leans = rng.random() < TWO_TURNS and (not others or gender in _PRONOUNS)
        text = self._filled(template, matter, pronoun=gender if leans and others else "")
        if not leans:
            return {"question": text}
        user, persona = (part.format(**self._turn(matter)) for part in rng.choice(self._exchanges(others)))
        history = [{"role": "user", "content": user}, {"role": "assistant", "content": persona}]
        return {"question": text, "history": history}

    def _templates(self, matter: "Matter") -> list[str]:
        if not matter.relation:
            return [self.never()[matter.topic]]
        table = wordings()["claims" if matter.claimed else "asks"]
        people = set(relations()[matter.relation].range) <= {"person", "animal"}
        found: list[str] = table.get(matter.relation) or table["kin" if people else "thing"]
        return found

    def _exchanges(self, others: bool) -> list[list[str]]:
        found: list[list[str]] = wordings()["turns"]["about" if others else "own"]
        return found

    def _turn(self, matter: "Matter") -> dict[str, str]:
        name = self._graph.name(matter.subject)
        return {"name": name, "first": name.split()[0], "persona": matter.persona.split()[0]}

    def _filled(self, template: str, matter: "Matter", pronoun: str) -> str:
        label = relations()[matter.relation].word(matter.gender) if matter.relation else ""
        slots = dict(_YOU)
        name = self._graph.name(matter.subject)
        if pronoun:
            slots = dict(zip(("you", "your", "yours"), _PRONOUNS[pronoun], strict=True)) | _THIRD
        elif name != matter.persona:
            slots = {"you": name, "your": f"{name}'s", "yours": f"{name}'s"} | _THIRD
        slots |= {key.capitalize(): value[:1].upper() + value[1:] for key, value in slots.items()}
        text = template.format(label=label, name=matter.claimed, **slots)
        text = _AS_OBJECT.sub(lambda m: f"{m[1]} {_OBJECT[m[2]]}", text)
        return text[:1].upper() + text[1:]


def names_of(graph: Graph, fact: Fact) -> tuple[str, ...]:
    """What counts as naming a fact's object: full name, first name where it is one, aliases; of a literal its words."""
    if fact.literal or fact.object not in graph.nodes:
        return (_ARTICLE.sub("", fact.object),)
    node = graph.nodes[fact.object]
    names = [_ARTICLE.sub("", node.name), *(a.text for a in node.aliases)]
    first, *rest = node.name.split()
    names += rest if first.casefold() in _TITLES and len(rest) == 1 else []
    alone = len(graph.called.get(first, ())) == 1
    if node.type in {"person", "animal"} and first.casefold() not in _TITLES and alone:
        names.append(first)
    return tuple(dict.fromkeys(n for n in names if len(n) > 1 and n.casefold() not in _TITLES))
