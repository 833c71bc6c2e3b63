"""Who is in the room at each line of a scene: the speakers, whom the heading names, who enters and who leaves."""

import re
from collections.abc import Iterable, Sequence

from parsing.manifest import Show
from parsing.name_pattern import alternation
from parsing.readers import Block
from parsing.speakers import Cue, in_scope

_ENTERS = re.compile(
    r"\b(?:(?:re-?)?enter(?:s|ing|ed)?|return(?:s|ing)?|arriv(?:es|ing)|is revealed|"
    r"(?:come|walk|run|rush|burst|storm|step|barge)(?:s|es|ing)? (?:back )?(?:in|through|over|up|home))\b",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\b(?:exit(?:s|ing)?|leav(?:es|ing)|hangs? up|"
    r"(?:walk|run|storm|rush|go|head|step)(?:s|es|ing)? (?:out|off|away))\b",
    re.IGNORECASE,
)
_EVERYBODY = re.compile(
    r"\b(?:(?:the )?(?:whole |entire )?gang|everyone|everybody|all(?: of them)? (?:are|there|six)|six friends)\b"
    r"(?P<rest>(?: is there)?,? ?(?:except|but|minus)[^.;]*)?",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSr)(?<!\bJr)\.|[;!?]")
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
        self.main = tuple(m.name for m in show.personas)

    def find(self, text: str, episode: str) -> list[tuple[int, str]]:
        """(position, canonical name) of each person named in `text`, possessives left out."""
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
        """The people named before a verb in the same sentence: `Ross and Joey enter` gives both."""
        people: set[str] = set()
        for sentence in CLAUSE.split(text):
            if (match := verb.search(sentence)) is not None:
                people |= {name for at, name in self.find(sentence, episode) if at < match.start()}
        return people


def present_at(
    blocks: Sequence[Block], cues: Sequence[Cue | None], setting: str, names: NameFinder, episode: str
) -> list[list[str]]:
    """The sorted names of those present at each block of a scene.

    `cues[i]` is None where `blocks[i]` is no speech. Somebody whose first trace is an entrance is there from that
    block on, anybody else from the scene's beginning; somebody who leaves is gone until the next trace.
    """
    starts: dict[str, int] = {}
    traces: list[tuple[int, str, bool]] = []  # block, name, there afterwards?
    for name in names.named(setting, episode):
        starts[name] = 0
    for i, (block, cue) in enumerate(zip(blocks, cues, strict=True)):
        speaking = cue.speakers if cue and cue.reason != "group" else ()  # "The Guys" may be two of them
        entering, leaving = _moves(block, speaking, names, episode)
        for name in (*speaking, *sorted(entering)):
            starts.setdefault(name, i if name in entering else 0)
            traces.append((i, name, True))
        traces.extend((i, name, False) for name in leaving)
    return _timeline(len(blocks), starts, traces)


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
