"""To whom a line is spoken: a direction, a vocative, or the other one of two. Where none tells, the list is empty."""

import re
from collections.abc import Sequence

from parsing.presence import CLAUSE, NameFinder

_TO = re.compile(r"\bto (?=[A-Z])")
_OPENERS = (
    r"(?:hey|hi|oh|ooh|ok|okay|alright|all right|so|well|look|thanks|thank you|yes|yeah|no|and|but|please|listen|bye|"
    r"hello|god|(?:good )?(?:morning|evening|night)|come on|c'mon|guess what|sorry|dear)"
)


_OPENER, _NAME = 40, 120  # characters around a name that are looked at: a long line costs no more than its names


class Addressees:
    """The rules of one show."""

    def __init__(self, names: NameFinder) -> None:
        self._names = names

    def of(self, i: int, lines: Sequence["Spoken"], episode: str) -> list[str]:
        """The addressees of line `i` of a scene, surest rule first."""
        line = lines[i]
        return self._directed(line, episode) or self._vocative(line, episode) or _other_of_two(i, lines)

    def _directed(self, line: "Spoken", episode: str) -> list[str]:
        """`(to Ross and Joey)`."""
        found: list[str] = []
        for direction in line.directions:
            match = _TO.search(direction)
            if match is not None and match.start() < 12:
                clause = CLAUSE.split(direction[match.start() :])[0].split(",")[0]
                found += [name for _, name in self._names.find(clause, episode)]
        return _without(found, line.speakers)

    def _vocative(self, line: "Spoken", episode: str) -> list[str]:
        """A name of somebody present, set off by commas or at an end of the sentence."""
        found = []
        for at, name in self._names.find(line.text, episode):
            before, after = line.text[max(0, at - _OPENER) : at], line.text[at : at + _NAME]
            word = re.match(r"[\w'.-]*\w", after)
            rest = after[word.end() :] if word else ""
            opened = re.search(rf"(?:^|[.!?,]\s|\b{_OPENERS}\s)$", before, re.IGNORECASE)
            if name in line.present and opened and re.match(r"\s*[,!?.]|$", rest):
                found.append(name)
        return _without(found, line.speakers)


class Spoken:
    """What the rules look at."""

    def __init__(
        self, text: str, speakers: Sequence[str], label: str, directions: Sequence[str], present: Sequence[str]
    ) -> None:
        self.text = text
        self.speakers = tuple(speakers)
        self.voice = "|".join(speakers) or label  # who is heard, roles included
        self.directions = directions
        self.present = present


def _other_of_two(i: int, lines: Sequence[Spoken]) -> list[str]:
    """The other one where two are there, or where the same other person speaks before and after."""
    line = lines[i]
    if len(line.speakers) == 1 and len(line.present) == 2:
        voices = {other.voice for other in lines if len(other.speakers) <= 1}  # joint lines are nobody's voice
        if len(voices) == 2:
            return [name for name in line.present if name not in line.speakers]
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    if before and after and before.voice == after.voice != line.voice and len(before.speakers) == 1:
        return list(before.speakers)
    return []


def _without(found: Sequence[str], speakers: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(found) if name not in speakers]
