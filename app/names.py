"""Which names may a reply say? Those of the graph it was made from, those the user said, and everyday ones.

The weights have read every season, so a candidate may name somebody whom the viewer hasn't met, or who doesn't exist.
This is an allow-list made from the stripped graph: it needs no knowledge of what comes later, and so can't leak it.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.english import english
from parsing.manifest import Show

if TYPE_CHECKING:
    from kg.graph import Graph

WORDS = Path(__file__).with_name("words.toml")
_ENDINGS = (
    ("s", ("",)), ("es", ("",)), ("ies", ("y",)), ("ed", ("", "e")), ("ied", ("y",)), ("ing", ("", "e")),
    ("in", ("", "g")), ("er", ("", "e")), ("est", ("", "e")), ("ly", ("",)), ("y", ("",)),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’.&-][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^|[.!?…:;\"“”(\[*—–-]|\.\.\.)[\s\"“'‘(\[*]*$")  # a sentence begins after this
_STRETCHED = re.compile(r"(\w)\1+")  # "Ohhh", "Nooo"
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St)\.\s*$")
_NEXT_NAME = re.compile(r"\s+[A-Z][a-z]+")  # "Lily Buffay" is no flower
_ACTS = re.compile(r"['’]s\b|,? (?:and|is|was|has|had|will|would|can|could|did|does|says?|said|went|got|just)\b")
_CLITIC = re.compile(r"(?:n['’]t|['’](?:s|m|re|ve|ll|d|em))$", re.IGNORECASE)


class NameFilter:
    """Finds the names in a text that nobody may say now."""

    def __init__(self, graph: "Graph", show: Show) -> None:
        """`graph` is the stripped one; the cast in `show` only tells which words are names."""
        self._allowed = set(word_list("everyday"))
        for node in graph.entities():
            for name in (node.name, *(alias.text for alias in node.aliases)):
                self._allowed |= _words(name)
        for fact in graph.stored:
            if fact.literal:
                self._allowed |= _words(fact.object)
        cast = {w for m in show.cast for name in (m.name, *m.aliases) for w in _words(name)}
        self._cast = frozenset(w for w in cast if not _is_ordinary(w))  # not the "the" of "The Hot Girl"
        self._common = cast - self._cast - word_list("everyday") - word_list("function")  # "Tag", "Mark"

    def strangers(self, text: str, said: Iterable[str] = ()) -> tuple[str, ...]:
        """The words of `text` that look like names and are none that may be said; `said` is what the user wrote."""
        said = tuple(said)
        by_user = {word for line in said for word in _words(line)}
        as_names = {word.casefold() for line in said for word in _WORD.findall(line) if word[0].isupper()}
        found = []
        for match in _WORD.finditer(text):
            word = _CLITIC.sub("", match[0])
            before = text[: match.start()]
            titled = _TITLE.search(before) is not None
            # "I had a long day" doesn't bring up a Dr. Long
            user_words = as_names if titled and _is_ordinary(word.casefold()) else by_user
            if all(part in self._allowed or part in user_words for part in _parts(word)):
                continue
            opens = bool(_OPENS.search(before)) and not titled
            surname = _NEXT_NAME.match(text, match.end()) and word.casefold() not in said_freely()
            acts = word.casefold() in self._common and _ACTS.match(text, match.end() - len(match[0]) + len(word))
            if self._is_name(word, opens and not surname and not acts):
                found.append(word)
        return tuple(dict.fromkeys(found))

    def _is_name(self, word: str, opens: bool) -> bool:
        folded = word.casefold()
        if _STRETCHED.sub(r"\1", folded) in word_list("everyday"):
            return False
        if not word[0].isupper():
            return folded in self._cast and folded not in ordinary_words()
        if folded in self._cast:
            return True
        shouted = word.isupper() and len(word) > 1
        return not ((opens or shouted) and _is_ordinary(folded))


def _parts(word: str) -> tuple[str, ...]:
    """The word itself where it has no hyphen, its parts otherwise."""
    return tuple(part for part in word.casefold().split("-") if part)


def _words(text: str) -> set[str]:
    words = [match[0] for match in _WORD.finditer(text)]
    return {part for word in words for form in (word, _CLITIC.sub("", word)) for part in _parts(form)}


def _is_ordinary(word: str) -> bool:
    """Is it a word of the language and no given name, as written or without an ending?"""
    if word in word_list("given"):
        return False
    stems = [*[part for part in re.split(r"['’-]", word) if len(part) > 1][:1], word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            stems += [word.removesuffix(ending) + end for end in instead]
    return any(stem in ordinary_words() for stem in stems)


@cache
def word_list(name: str) -> frozenset[str]:
    """`everyday` or `given` of `words.toml`."""
    return frozenset(tomllib.loads(WORDS.read_text(encoding="utf-8"))[name].split())


@cache
def ordinary_words() -> frozenset[str]:
    """Words of English in lower case."""
    return said_freely() | english()["noun"]


@cache
def said_freely() -> frozenset[str]:
    """The words that may stand before a name without being part of it: all but nouns ("Poor Ross", "So Monica")."""
    return word_list("everyday").union(*(words for kind, words in english().items() if kind != "noun"))
