"""Keys of lorebook entries: from names, so that they fire on the name and on nothing else; and how keys are matched.

A key `/pattern/flags` is a regular expression of JavaScript; any other is searched as it stands. Patterns of other
people's books are run with a time limit, since one such as `(a+)+$` could take for ever.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kg.english import is_english
from kg.graph import Graph
from kg.names import everyday
from kg.nouns import lexicon
from kg.types import Node
from parsing.errors import BadFile

SECONDS = 0.2  # that one key may take on one message
_SYNTAX = re.compile(r"[\\^$.*+?()\[\]{}|/]")  # with the flag u, JavaScript lets one escape these and no others
_SLASHED = re.compile(r"/(?P<pattern>.+)/(?P<flags>[a-z]*)", re.DOTALL)
_BEFORE, _BEHIND = r"(?<![\p{L}\p{N}_])", r"(?![\p{L}\p{N}_])"  # \b knows no letters but those of English
_NO_NAME = r"(?!\s+(?:you|I|he|she|we|they|it|the|a|an|my|your|there|be|not|this|that)\b)"  # "Will you?"
_LONGEST = 400  # characters of a pattern


@dataclass(frozen=True)
class Keys:
    """The keys of one entity, by how readers understand them."""

    plain: tuple[str, ...]
    patterns: tuple[str, ...]  # as /…/flags
    case_sensitive: bool  # is one of them a word of every day too?


def keys_of(node: Node, graph: Graph) -> Keys:
    """Name and aliases as keys. Words of every day are no keys, unless they are a part of the name ("Will", "June")."""
    parts = set(node.name.split())
    names = dict.fromkeys([node.name, *(a.text for a in node.aliases), *_first_name(node, graph)])
    kept = [n for n in names if " " in n or not is_english(n.casefold()) or n in parts or n == node.name]
    patterns = tuple(pattern_of(n, common=everyday(n)) for n in kept)
    return Keys(tuple(kept), patterns, any(everyday(n) for n in kept))


def _first_name(node: Node, graph: Graph) -> list[str]:
    """The first name, where nobody else goes by it."""
    first = node.name.split(" ", 1)[0]
    named = node.type in {"person", "animal"} and not first.endswith(".") and first.casefold() not in lexicon()
    alone = named and graph.called.get(first) == {node.id}
    return [first] if alone else []


def pattern_of(name: str, common: bool = False) -> str:
    """A key that matches a name as a word of its own, in any case; a common word only where it is written as a name."""
    escaped = _SYNTAX.sub(r"\\\g<0>", name)
    return f"/{_BEFORE}{escaped}{_BEHIND}{_NO_NAME if common else ''}/{'' if common else 'i'}u"


@lru_cache(maxsize=20_000)
def compiled(key: str, case_sensitive: bool = False, whole_words: bool = False) -> Any:
    """The key as a pattern of the module `regex`. Raises `BadFile` for one that is no regular expression."""
    import regex

    flags = 0 if case_sensitive else regex.IGNORECASE
    slashed = _SLASHED.fullmatch(key)
    if not slashed:
        body = regex.escape(key)
        return regex.compile(rf"(?<!\w){body}(?!\w)" if whole_words else body, flags)
    if len(slashed["pattern"]) > _LONGEST:
        raise BadFile(f"the key {key[:60]}… has {len(key):,} characters; at most {_LONGEST} are read")
    flags = regex.VERSION1
    for letter, flag in (("i", regex.IGNORECASE), ("m", regex.MULTILINE), ("s", regex.DOTALL)):
        flags |= flag if letter in slashed["flags"] else 0
    try:
        return regex.compile(slashed["pattern"], flags)
    except regex.error as error:
        raise BadFile(f"the key {key[:60]} is no regular expression: {error}") from None


def fires(key: str, text: str, case_sensitive: bool = False, whole_words: bool = False) -> bool:
    """Does the key match the text? Raises `BadFile` when that takes longer than `SECONDS`, or for a broken pattern."""
    try:
        return compiled(key, case_sensitive, whole_words).search(text, timeout=SECONDS) is not None
    except TimeoutError:
        raise BadFile(f"the key {key[:60]} takes more than {SECONDS} s on one message: write it simpler") from None


def any_fires(keys: Iterable[str], text: str, **how: bool) -> str:
    """The first key that matches, which says why an entry was taken; empty where none does."""
    return next((key for key in keys if fires(key, text, **how)), "")
