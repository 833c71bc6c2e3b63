"""Names in a message: those of the graph by an Aho–Corasick automaton with word boundaries, misspelt ones by edits.

No node is chosen here: a `NameIndex` says which stretches of a text are names, and whose they may be.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

import ahocorasick

from kg.english import is_english
from kg.graph import Graph
from kg.misspellings import LEAST, Misspellings
from kg.relations import relations
from kg.types import Mention, Node

# Names that are words of every day too: linked only where they are written like names.
COMMON = frozenset(
    """will mark joy grace hope faith may june april august rose lily daisy ivy bill rob art gene chip chase frank jack
    nick pat sue drew grant dean guy ray rich sandy penny dick bob don harry pearl ruby amber crystal dawn eve summer
    autumn sky hunter mason cook baker green brown black white young king bing miles pete stone wood page rusty buddy
    angel candy ginger melody destiny charity christian jewel star holly hazel iris olive heather mike duck chick dog
    baby mom dad ma pa sir judge doctor major bishop gray grey rivers banks fields parks waters bell ball day knight
    friend cat kitty tiger bear fox wolf hawk robin jay drake max ace rocky sonny junior pope price sharp swift strong
    best early long short small little good hill lane street church castle marsh moss reed rush cherry peach plum
    berry clay cliff dale glen heath ford wade bond cash nickel earl duke prince lance van the one a i it my he
    she they we you and or not so oh well yes no hi hey ok okay tag""".split()  # noqa: SIM905
)
_STRANGER = re.compile(
    r"(?<![.?!…\"]\s)(?<![.?!…\"]\s\s)(?<!^)(?<![\w'’.\"])[A-Z][a-zà-ÿ]{2,}(?:\s[A-Z][a-zà-ÿ]+)*(?![\w])"
)
_CAPITALISED = frozenset(  # words that are written like names and name nobody
    """English French Italian German Spanish Chinese Indian American British Jewish Irish Greek Dutch Christmas Hanukkah
    Thanksgiving Halloween Easter Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April
    May June July August September October November December God Jesus Mom Dad Mum Mommy Daddy Please Thanks Hey Hello
    Okay America England France Italy Paris Europe Internet Santa Yeah Well Yes And But The Grandma Grandpa Doctor Sir
    Street Avenue Mrs Who What Where When Why How Are Does Did You Your""".split()  # noqa: SIM905
)
_AFTER_A_WORD = re.compile(
    r"\s+(?:you|i|he|she|we|they|it|the|a|an|my|your|there|be|not|this|that|anyone|somebody)\b", re.I
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONGEST_FUZZY = 2_000  # characters; a longer message is no place to look for typing errors


class Named(NamedTuple):
    """A stretch of a text that is a name, and the ids of those who go by it."""

    start: int
    end: int
    nodes: tuple[str, ...]


class NameIndex:
    """All names and aliases of one graph.

    Building takes time in the number of names, looking up in the length of the text alone.
    """

    def __init__(self, graph: Graph) -> None:
        names: dict[str, list[str]] = {}
        for node in graph.entities():
            for name in names_of(node):
                names.setdefault(fold(name), []).append(node.id)
        self._names = {name: tuple(dict.fromkeys(nodes)) for name, nodes in names.items()}
        self._automaton = ahocorasick.Automaton()
        for name, nodes in self._names.items():
            self._automaton.add_word(name, (name, nodes))
        if self._names:
            self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[Named]:
        """Every name that stands in a text as words of its own, overlapping ones too."""
        if not self._names:
            return
        folded = fold(text)
        for last, (name, nodes) in self._automaton.iter(folded):
            start, end = last - len(name) + 1, last + 1
            if _at_boundaries(folded, start, end) and written_as_name(text, start, end, name):
                yield Named(start, end, nodes)

    def misspelt(self, text: str, taken: Iterable[tuple[int, int]]) -> Iterator[Named]:
        """Words outside the stretches `taken` that are no English and nearly a name."""
        if len(text) > _LONGEST_FUZZY:
            return
        spans = list(taken)
        for match in _WORD.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            name = self._misspellings.nearest(match[0]) if self._may_be_misspelt(text, match) else None
            if name is not None:
                yield Named(match.start(), match.end(), self._names[name])

    def _may_be_misspelt(self, text: str, match: re.Match[str]) -> bool:
        word, folded = match[0], fold(match[0])
        if len(word) < LEAST or folded in _vocabulary():
            return False
        return not (is_english(folded) and (word.islower() or not text[: match.start()].strip()))

    @cached_property
    def _misspellings(self) -> Misspellings:
        return Misspellings(self._names)


def names_of(node: Node) -> tuple[str, ...]:
    """The name and aliases of a node, as one may write them."""
    names = dict.fromkeys(n for n in (node.name, *(a.text for a in node.aliases)) if n.strip())
    return tuple(n for n in names if not n.startswith(("a ", "an ")))  # "a cat" is anybody's


def strangers(message: str, mentions: Iterable[Mention]) -> list[Mention]:
    """Names in a message that no entity of the graph goes by (yet): `node` is the name itself, `how` is "stranger".

    Only words written like names inside a sentence count; at its beginning every word is.
    """
    spans = [(m.start, m.end) for m in mentions]
    if message.isupper():
        return []
    return [
        Mention(m[0], m.start(), m.end(), m[0], "stranger")
        for m in _STRANGER.finditer(message)
        if m[0].split()[0] not in _CAPITALISED and not any(s < m.end() and m.start() < e for s, e in spans)
    ]


def fold(text: str) -> str:
    """Lower case, one character for one, with plain quotes: offsets stay."""
    low = text.lower()
    if len(low) != len(text):  # "İ" becomes two characters
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return low.replace("’", "'")


def apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions that don't overlap: the longer ones win, then the earlier."""
    kept: list[Mention] = []
    last = -1
    for mention in sorted(mentions, key=lambda m: (m.start, -(m.end - m.start), m.node)):
        if mention.start >= last:
            kept.append(mention)
            last = mention.end
        elif kept and mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1], last = mention, mention.end
    return kept


def written_as_name(text: str, start: int, end: int, name: str) -> bool:
    """Could these letters be meant as a name? "will" and "my aunt" can't; "Will you?" neither."""
    if name not in COMMON and name not in kin_words():
        return True
    word = text[start:end]
    if not word[0].isupper() or (text.isupper() and len(text) > len(word) + 2):
        return False
    opens = not text[:start].strip() or text[:start].rstrip()[-1] in '.!?…"'
    return not (opens and _AFTER_A_WORD.match(text, end))


def _at_boundaries(text: str, start: int, end: int) -> bool:
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    after = end == len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
    inside = start > 1 and text[start - 1] == "'" and text[start - 2].isalnum()  # "C'mon" doesn't name Mon
    return before and after and not inside


@cache
def kin_words() -> frozenset[str]:
    """The nouns that name a relation ("aunt"); as a name ("Aunt") they are written like one."""
    return frozenset(
        noun
        for r in relations().values()
        for table in (r.nouns, r.agent_nouns)
        for group in table.values()
        for noun in group
    )


@cache
def _vocabulary() -> frozenset[str]:
    """Words of questions, which are never misspelt names."""
    words = set(COMMON)
    for relation in relations().values():
        for table in (relation.nouns, relation.agent_nouns):
            words |= {w for group in table.values() for phrase in group for w in phrase.split()}
        words |= {w for verb in relation.verbs for w in re.findall(r"[a-z]+", verb)}
    return frozenset(words)


def everyday(name: str) -> bool:
    """Is a name a word of every day too, such as "Will" or "June"?"""
    return name.casefold() in COMMON
