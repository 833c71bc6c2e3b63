"""Who is in the room at each line of a scene: the speakers, whom the heading names, who enters and who leaves."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from parsing.manifest import Show
from parsing.name_pattern import alternation
from parsing.readers import Block
from parsing.speakers import Cue, in_scope

_GOING = (
    r"(?:com(?:es?|ing)|walk(?:s|ing)?|r[ua]n(?:s|ning)?|rush(?:es|ing)?|burst(?:s|ing)?|storm(?:s|ing)?|"
    r"step(?:s|ping)?|barg(?:es?|ing)|go(?:es|ing)?|head(?:s|ing)?)"
)
_ENTERS = re.compile(
    r"\b(?:(?:re-?)?enter(?:s|ing|ed)?|return(?:s|ing)?|arriv(?:es?|ing)|is revealed|joins? (?:them|him|her)|"
    rf"(?:{_GOING} (?:back )?(?:in|through|over|up|home)|com(?:es?|ing) (?:back )?out (?:of|from)|"
    r"вход(?:ит|ят|я)|вбега(?:ет|ют)|возвраща(?:ется|ются|ясь)|появля(?:ется|ются)))\b",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:exit(?:s|ing)?|exeunt|leav(?:es|ing)|(?<!to )leave|hangs? up|"
    rf"{_GOING} (?:out|off|away|(?:in)?to (?:his|her|the|their) (?:bed|bath|guest ?)?room)|"
    r"уход(?:ит|ят|я)|убега(?:ет|ют))\b",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(  # "Enter Hamlet", "entering with Ben", "Входит Яша": the names stand behind the verb
    r"\W*(?:(?:re-?)?enter(?:ing)?(?: with)?|exit|exeunt|вход(?:ит|ят)|вбега(?:ет|ют)|уход(?:ит|ят)|"
    r"возвраща(?:ется|ются)|появля(?:ется|ются))\s",
    re.IGNORECASE,
)
_GREETING = re.compile(r"(?:oh,? )?(?:hey|hi|hello|здравствуй(?:те)?)\b", re.IGNORECASE)
_BYE = re.compile(
    r"\b(?:(?:good)?bye|good night|see (?:you|ya)(?: later| tomorrow)?[,.!]|(?:got to|gotta|have to) (?:go|run)|"
    r"прощай(?:те)?|до свидания)\b",
    re.IGNORECASE,
)
_SETTLED, _REST = 3, 3  # lines after which a greeting is an arrival; lines that must follow a farewell
_UNMARKED, _NEAR = 200, 40  # blocks of one scene without a heading that must be several; how near one must be heard
_EVERYBODY = re.compile(
    r"\b(?:(?:the )?(?:whole |entire )?gang|everyone|everybody|all(?: of them)? (?:are|there|six)|six friends)\b"
    r"(?P<rest>(?: is there)?,? ?(?:except|but|minus)[^.;]*)?",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSr)(?<!\bJr)\.|[;!?]")
_WORDS = re.compile(r"\w+")
_SELF = re.compile(r"(?:he|she|they|then|and|both|suddenly|slowly|,|\s)*", re.IGNORECASE)


class NameFinder:
    """Finds the cast by first name or alias in headings and directions of one show."""

    def __init__(self, show: Show) -> None:
        self._owners: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for member in show.cast:
            for name in dict.fromkeys((member.name, *member.aliases)):
                if name[:1].isupper():
                    self._owners.setdefault(name, []).append((member.name, member.episodes))
        names = alternation(sorted(self._owners, key=len, reverse=True))
        possessives = (
            rf"(?:{names})(?:(?:, and|,| and| &) (?:{names})){{0,9}}'s?(?=\W)"  # "Monica and Rachel's" is a place
        )
        self._pattern = re.compile(rf"\b{possessives}|\b(?P<name>{names})\b(?!-)")
        self._first_words = frozenset(word[0] for name in self._owners if (word := _WORDS.findall(name)))
        self.main = tuple(m.name for m in show.personas)

    def find(self, text: str, episode: str) -> list[tuple[int, str]]:
        """(position, canonical name) of each person named in `text`, possessives left out."""
        if self._first_words.isdisjoint(_WORDS.findall(text)):
            return []  # as most lines: ten times cheaper than the pattern
        found = []
        for match in self._pattern.finditer(text):
            if match["name"]:
                for name, scope in self._owners[match["name"]]:
                    if in_scope(scope, episode):
                        found.append((match.start(), name))
                        break
        return found

    def named(self, text: str, episode: str) -> set[str]:
        """The people a heading puts into the scene, "the gang" and "everyone except …" included."""
        people = {name for _, name in self.find(text, episode)}
        for match in _EVERYBODY.finditer(text):
            left_out = {name for _, name in self.find(match["rest"] or "", episode)}
            people = (people - left_out) | (set(self.main) - left_out)
        return people

    def before(self, verb: re.Pattern[str], text: str, episode: str) -> set[str]:
        """The people of whom a sentence says the verb: `Ross and Joey enter` and `Enter Ross and Joey` give both."""
        people: set[str] = set()
        for sentence in CLAUSE.split(text):
            if (match := verb.search(sentence)) is not None:
                behind = _VERB_FIRST.match(sentence) is not None
                people |= {name for at, name in self.find(sentence, episode) if behind or at < match.start()}
        return people


def present_at(
    blocks: Sequence[Block], cues: Sequence[Cue | None], setting: str, names: NameFinder, episode: str
) -> list[list[str]]:
    """The sorted names of those present at each block of a scene.

    `cues[i]` is None where `blocks[i]` is no speech. Somebody whose first trace is an entrance is there from that
    block on, anybody else from the scene's beginning; somebody who leaves is gone until the next trace. Who comes into
    a scene that is under way with a greeting has arrived then, and who takes leave and says no more is gone. Where a
    whole episode stands without a scene's beginning, only those are there who leave a trace nearby.
    """
    starts: dict[str, int] = {}
    traces: list[tuple[int, str, bool]] = []  # block, name, there afterwards?
    for name in names.named(setting, episode):
        starts[name] = 0
    lasts = {cue.one: i for i, cue in enumerate(cues) if cue}
    for i, (block, cue) in enumerate(zip(blocks, cues, strict=True)):
        speaking = cue.speakers if cue and cue.reason != "group" else ()  # "The Guys" may be two of them
        entering, leaving = _moves(block, speaking, names, episode)
        if cue and cue.one:
            if cue.one not in starts and i >= _SETTLED and _GREETING.match(block.text):
                entering.add(cue.one)
            if lasts[cue.one] == i and len(blocks) - i > _REST and _BYE.search(block.text):
                leaving.add(cue.one)
        for name in (*speaking, *sorted(entering)):
            starts.setdefault(name, i if name in entering else 0)
            traces.append((i, name, True))
        traces.extend((i, name, False) for name in leaving)
    timeline = _timeline(len(blocks), starts, traces)
    return _nearby(timeline, traces) if not setting and len(blocks) > _UNMARKED else timeline


def _moves(block: Block, speaking: Iterable[str], names: NameFinder, episode: str) -> tuple[set[str], set[str]]:
    entering: set[str] = set()
    leaving: set[str] = set()
    for direction in block.directions if block.kind == "speech" else (block.text,):
        for verb, people in ((_ENTERS, entering), (_LEAVES, leaving)):
            match = verb.search(direction)
            if match is None:
                continue
            people.update(names.before(verb, direction, episode))
            if _SELF.fullmatch(direction[: match.start()]):
                people.update(speaking)  # "(entering)" in somebody's line
    return entering, leaving - entering


def _timeline(count: int, starts: dict[str, int], traces: list[tuple[int, str, bool]]) -> list[list[str]]:
    there = {name for name, start in starts.items() if start == 0}
    by_block: dict[int, list[tuple[str, bool]]] = {}
    for i, name, stays in traces:
        by_block.setdefault(i, []).append((name, stays))
    timeline = []
    for i in range(count):
        moves = by_block.get(i, [])
        there |= {name for name, stays in moves if stays}
        timeline.append(sorted(there))
        there -= {name for name, stays in moves if not stays}
    return timeline


def _nearby(timeline: list[list[str]], traces: Sequence[tuple[int, str, bool]]) -> list[list[str]]:
    """Only those who are heard, or come or go, within `_NEAR` blocks."""
    seen: dict[str, list[int]] = {}
    for i, name, _ in traces:
        seen.setdefault(name, []).append(i)

    def near(name: str, i: int) -> bool:
        places = seen.get(name, [])
        k = bisect_left(places, i - _NEAR)
        return k < len(places) and places[k] <= i + _NEAR

    return [[name for name in people if near(name, i)] for i, people in enumerate(timeline)]
