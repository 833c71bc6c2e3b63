"""What a card or a lorebook tells, as facts: notes in plain sentences, and relations where a line says `Age: 25`.

They are marked `card` or `lorebook` in `extractor`, so that they can be told from what a show says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kg.graph import Graph, fact_id, node_id
from kg.recall import NOTE
from kg.relations import LITERALS, relations
from kg.types import Alias, Fact, Node

START = "S01E01"
_LONGEST = 400  # characters of a sentence that is still one statement
_CHAR = re.compile(r"\{\{char\}\}|<bot>|<char>", re.IGNORECASE)
_USER = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
_DECORATORS = re.compile(r"\A(?:\s*@@[^\n]*\n)+")
_COMMENT = re.compile(r"\{\{//.*?\}\}|<!--.*?-->", re.DOTALL)
_MARKUP = re.compile(r"[*_`#>~]+|^\s*[-•]\s+", re.MULTILINE)
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?(?:[^\W\d_a-zа-яё]|\{))|\n+")
_PAIR = re.compile(r"^\W*(?P<key>[^\W\d][\w' /-]{1,30}?)\s*(?::|=|\()\s*(?P<value>[^:]+?)\)?\W*$")
_LIST = re.compile(r"\s*(?:;|\+|\|)\s*|\"\s*,\s*\"")
_OPENS = re.compile(r"^(?P<word>He|She|His|Her|It|Its)\b(?!'|’)(?! is the| was the)")
_OWN = re.compile(r"\b(?:his|her)\b(?=\s+[a-z])")
_NAMES = {"name", "full name", "nickname", "nicknames", "alias", "aliases", "also known as"}


@dataclass(frozen=True)
class Lore:
    """What was read, and how many sentences were left out because they speak of the user."""

    nodes: tuple[Node, ...]
    facts: tuple[Fact, ...]
    about_user: int = 0


def card_lore(data: Mapping[str, Any], book: Mapping[str, Any] | None) -> Lore:
    """The facts of a card (the `data` of V3) and of its book, known to the character."""
    name = str(data["name"]).strip()
    me = Node(node_id(name) or "persona", "person", name, _aliases(name, [data.get("nickname")]))
    about, left_out = _read([str(data["description"])], name, me.id, "card", me.id)
    world = book_lore(book, name, me.id) if book else Lore((), ())
    others = [n for n in world.nodes if n.id != me.id]
    return Lore((me, *others), _distinct((*about, *world.facts)), left_out + world.about_user)


def book_lore(book: Mapping[str, Any], name: str, persona: str) -> Lore:
    """The facts of a lorebook, known to the persona `name`; an entry that is switched off tells nothing."""
    nodes: dict[str, Node] = {}
    facts: list[Fact] = []
    about_user = 0
    for entry in book["entries"]:
        if not entry.get("enabled", True):
            continue
        node = _subject(entry, name, persona)
        if node is not None:
            nodes.setdefault(node.id, node)
        whose, called = (node.id, node.name) if node else (persona, name)
        content = _DECORATORS.sub("", str(entry["content"]))
        found, left_out = _read([content], called, whose, "lorebook", persona, char=name)
        facts += found
        about_user += left_out
    return Lore(tuple(nodes.values()), _distinct(facts), about_user)


def with_lore(graph: Graph, lore: Lore) -> Graph:
    """The graph with the lore beside what it has; a node that is there already stays as it is."""
    nodes = {n.id: n for n in lore.nodes} | dict(graph.nodes)
    return Graph(graph.show, nodes.values(), [*graph.stored, *lore.facts], graph.retired, main=graph.main)


def _subject(entry: Mapping[str, Any], name: str, persona: str) -> Node | None:
    """Whom or what an entry is about: its first plain key. None for the persona itself, or where keys are patterns."""
    ours = entry.get("extensions", {}).get("canon", {}) if isinstance(entry.get("extensions"), dict) else {}
    keys = [str(k).strip() for k in ours.get("plain") or entry["keys"] if not str(k).startswith("/")]
    if not keys or entry.get("secondary_keys") or not keys[0][:1].isupper():
        return None
    called = str(entry.get("name") or "").split(" (")[0].strip()
    title = called if called in keys else keys[0]
    if title.casefold() in {name.casefold(), name.split(maxsplit=1)[0].casefold()}:
        return None
    return Node(node_id(title) or "entry", "thing", title, _aliases(title, keys))


def _aliases(name: str, more: Iterable[Any]) -> tuple[Alias, ...]:
    texts = dict.fromkeys([name.split(maxsplit=1)[0], *(str(text).strip() for text in more if text)])
    return tuple(Alias(text, START) for text in texts if text and text != name)


def _read(
    texts: Iterable[str], name: str, subject: str, source: str, knower: str, char: str = ""
) -> tuple[list[Fact], int]:
    facts: list[Fact] = []
    about_user = 0
    for text in texts:
        for line in _sentences(_CHAR.sub(char or name, _COMMENT.sub("", text))):
            if _USER.search(line):
                about_user += 1
                continue
            facts += _facts_of(line, name, subject, source, knower)
    return facts, about_user


def _sentences(text: str) -> Iterator[str]:
    """The statements of a text: sentences, lines, and what `;` parts in brackets."""
    for part in _ENDS.split(_MARKUP.sub("", text)):
        bare = part.strip().strip("[]").strip()
        pieces = _LIST.split(bare) if bare.count(":") > 1 else [bare]
        yield from (piece.strip() for piece in pieces if 2 < len(piece.strip()) <= _LONGEST)


def _facts_of(line: str, name: str, subject: str, source: str, knower: str) -> Iterator[Fact]:
    pair = _PAIR.match(line)
    if pair and len(pair["key"].split()) <= 3 and "." not in pair["value"]:
        key, value = pair["key"].strip().casefold(), pair["value"].strip(" \"'.,;")
        relation = _relation_called(key)
        if relation:
            yield _fact(subject, relation, value, source, knower)
        elif key not in _NAMES and value:
            be = "are" if key.endswith("s") else "is"
            yield _fact(subject, NOTE, f"{_called(name)}'s {key} {be} {value}.", source, knower)
        return
    if len(line.split()) >= 3:
        yield _fact(subject, NOTE, _with_name(line, name), source, knower)


def _with_name(line: str, name: str) -> str:
    """A sentence that opens with a pronoun names its subject instead, as notes do; it ends in a full stop."""
    first = _called(name)
    opening = _OPENS.match(line)
    if opening:
        owner = opening["word"] in {"His", "Her", "Its"}
        line = (f"{first}'s" if owner else first) + line[opening.end() :]
    else:
        line = line.replace(name, first)
    if line.startswith(first) and not re.search(r"\s[A-Z]", line):  # nobody else could be meant
        line = _OWN.sub(f"{first}'s", line)
    return line if line[-1] in ".!?…" else f"{line}."


def _called(name: str) -> str:
    """The first of two or three names, as notes say it; what has a longer name, or a small word in it, keeps it."""
    words = name.split()
    return words[0] if len(words) <= 3 and all(word[:1].isupper() for word in words) and words[0] != "The" else name


@cache
def _relation_called(key: str) -> str:
    """The relation, to what need be no node, that a word names ("occupation" → job); "" where there is none."""
    for entry in relations().values():
        words = {*entry.label.values(), *(noun for nouns in entry.nouns.values() for noun in nouns)}
        literal = not LITERALS.isdisjoint(entry.range)
        if literal and not entry.event and entry.name != NOTE and key in {*words, entry.name.replace("_", " ")}:
            return entry.name
    return ""


def _fact(subject: str, relation: str, text: str, source: str, knower: str) -> Fact:
    return Fact(
        fact_id(subject, relation, text), subject, relation, text, literal=True, known_by={knower: START},
        extractor=source,
    )  # fmt: skip


def _distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())
