"""The question predicates of `relations.toml`, compiled once: which relation or event a predicate speaks of."""

import re
from dataclasses import dataclass, replace
from functools import cache

from kg.nouns import alternatives, lexicon, noun_phrase, readings
from kg.relations import LITERALS, Relation, relations

_NODE = r"§\d+"
_VAGUE = "it|this|that|these|those|them|you|him|her|me|us|he|she|they|my|your|to|what|how|when|who|where|so|with|being"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBER = rf"\d{{1,3}}|(?:{_TENS})(?:[- ](?:{_ONES}))?|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
_TEXT = rf"(?!(?:{_VAGUE})\b)[\w][\w'&. -]*?"


@dataclass(frozen=True)
class Cue:
    """One predicate pattern. `event`: `name` is a kind of event. `former`: a state that has ended; `denies`: that
    there is none ("be single").
    """

    name: str
    filled: re.Pattern[str]  # matches with the object in group `o` (None where it is left out)
    gap: re.Pattern[str] | None  # matches with the object missing
    wh: tuple[str, ...]
    event: bool = False
    former: bool = False
    denies: bool = False


@dataclass(frozen=True)
class Hit:
    """A predicate that matched: the cue and what stands in the object's place ("§2", a word, or "")."""

    cue: Cue
    object: str
    gap: bool


_TRAILING = re.compile(
    r"(?:,| (?:at|in|on|with|for|and|but|because|when|since|from|by|during|after|before|until|while|who|which|as|of"
    r"|last|this|that)\b)"
)


@cache
def cues() -> tuple[Cue, ...]:
    """All predicates, relations first, in the table's order."""
    table = relations()
    found = []
    for relation in table.values():
        found += [_cue(relation.name, v, _slot(relation), relation.wh) for v in relation.verbs]
        found += [replace(_cue(relation.name, v, _NODE, relation.wh), former=True) for v in relation.former_verbs]
        found += [replace(_cue(relation.name, v, _NODE, ()), denies=True) for v in relation.not_verbs]
    for kind in table.events.values():
        found += [replace(_cue(kind.name, v, _NODE, ("who", "whom")), event=True) for v in kind.verbs]
    return tuple(found)


def _slot(relation: Relation) -> str:
    if relation.words:
        return alternatives(list(relation.words))
    if "number" in relation.range:
        return _NUMBER
    if relation.literal:
        return _TEXT  # "who plays Joey?" asks for an actor, not for a role
    return rf"{_NODE}|{_TEXT}" if set(relation.range) & LITERALS else _NODE


def _cue(name: str, verb: str, slot: str, wh: tuple[str, ...]) -> Cue:
    filled = re.compile(verb.replace("{s}", "(?:my|your|the)").replace("{o}", f"(?P<o>{slot})", 1))
    optional = re.search(r"\(\?:[^()]*\{o\}[^()]*\)\?", verb)
    gap = None
    if "{o}" not in verb:
        gap = filled
    elif optional:
        gap = re.compile(verb.replace(optional[0], ""))
    elif verb.endswith("{o}"):
        gap = re.compile(verb.removesuffix("{o}").strip())
    return Cue(name, filled, gap, wh)


def hits(predicate: str) -> tuple[Hit, ...]:
    """Every cue a predicate matches, filled ones first; where nothing matches whole, what trails behind is cut off."""
    while True:
        found = _whole(predicate)
        cut = max((m.start() for m in _TRAILING.finditer(predicate)), default=0)
        if found or not cut:
            return found
        predicate = predicate[:cut].rstrip(" ,")
        if predicate == "do":
            return ()  # "what did he do that …" asks for no job


def _whole(predicate: str) -> tuple[Hit, ...]:
    filled, open_ = [], []
    for cue in cues():
        match = cue.filled.fullmatch(predicate)
        if match and (match.groupdict().get("o") or ""):
            filled.append(Hit(cue, match["o"], False))
        elif cue.gap is not None and cue.gap.fullmatch(predicate):
            open_.append(Hit(cue, "", True))
    return tuple(filled + open_)


_HAVE = re.compile(
    r"have\s+(?:(?:any|a|an|some|one|two|three|no|the|many|your own|their own|kind of)\s+)*(?P<np>.+?)"
    r"(?:\s+(?:called|named)?\s*(?P<o>§\d+|[\w'-]+))?"
)


def owned(predicate: str) -> tuple[str, str] | None:
    """The noun phrase and the name of "have any sisters", "have a sister named §1"; None for other predicates."""
    match = _HAVE.fullmatch(predicate)
    if match is None:
        return None
    whole = noun_phrase().fullmatch(predicate[match.start("np") :])
    if whole is not None:
        return whole[0], ""
    rest = re.sub(r"\s(?:called|named)\s+", " =", predicate[match.start("np") :])
    named = re.fullmatch(r"(?P<np>.+?),?\s+(?P<o>§\d+|=§?[\w'-]+)", rest)
    if named is not None and noun_phrase().fullmatch(named["np"]):
        return named["np"], named["o"].removeprefix("=")
    return None


def noun_readings(text: str) -> tuple:
    """What a noun phrase such as "older sisters" may mean; empty where it is no relation noun."""
    match = noun_phrase().fullmatch(text.strip())
    return readings(match) if match else ()


@cache
def nouns_of(relation: str) -> frozenset[str]:
    """All nouns that name a relation."""
    return frozenset(word for word, meanings in lexicon().items() if any(m.relation == relation for m in meanings))
