"""What one line shows by itself of whom it is said to: names called out, "(to Ross)", "you guys", a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsing.presence import CLAUSE, NameFinder

_OPENER, _NAME = 40, 120  # characters around a name that are looked at: a long line costs no more than its names
_SOON = 12  # characters before a name that still stands at the start: "Hey, ", "All right, "
_TO_FAR = 24  # characters of a direction before "to": "turns, then says to Ross", not a whole scene
_TO = re.compile(
    r"(?:(?:^|[,;.] ?)[Tt]o|\b(?:turns|turning|then|and|says|whispers|whispering|talking|speaking|back) to) "
)
_STAGE = {
    "to_all": r"\bto (?:all\b|every(?:one|body)|(?:the )?(?:whole )?(?:gang|group|others|rest|guys|crowd|room))|"
    r"\bвсем\b",
    "to_self": r"\bto (?:him|her|them)sel|\bthinking\b|про себя|в сторону",
    "phone": r"\b(?:on|in|into|answer\w*|picks? up) (?:the |his |her )?(?:cell ?)?(?:phone|telephone|machine)\b|"
    r"\bв телефон\b",
    "sings": r"\b(?:sing(?:s|ing)|reading)\b|\bon (?:tape|tv|machine|screen)\b|\b(?:по[её]т|напевает|читает)\b",
    "enters": r"\b(?:enter|return|com(?:e|ing)s? (?:in|back|out)|walks? in)|\b(?:входит|входя|возвращаясь)\b",
}
_MARKS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _STAGE.items())
_GROUP = re.compile(
    r"\b(?:you guys|(?:hey|hi),? guys|(?:guys|every(?:one|body)|people|gang|kids)[,.!?]|ladies|gentlemen|folks|"
    r"anybody|you (?:two|three|all|both)|both of you|anyone (?:want|know|here)|who wants|y'all|господа|друзья)",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you(?:r|rs)?|ты|тебя|тебе|твой|вы|вас|вам|ваш)\b", re.IGNORECASE)
_GREETING = re.compile(r"(?:oh,? )?(?:hey|hi|hello|good (?:morning|evening)|здравствуй(?:те)?)\b", re.IGNORECASE)
_REPLY = re.compile(
    r"(?:oh[,. ]+)?(?:yes|yeah|yep|no|nope|okay|ok|what|why|really|thanks|thank you|well|sure|right|how|who|where|you|"
    r"i|uh|um|because|so|but|all right|alright|да|нет|ну|что|как|не)\b",
    re.IGNORECASE,
)
_OPENERS = (
    r"(?:hey|hi|oh|ooh|ok|okay|alright|all right|so|well|look|thanks|thank you|yes|yeah|no|and|but|please|listen|bye|"
    r"hello|god|(?:good )?(?:morning|evening|night)|come on|c'mon|guess what|sorry|dear|right|now|see|wow|you know|"
    r"ах|ну|эй|да|нет|а|и|о|послушай(?:те)?|здравствуй(?:те)?|прощай(?:те)?|мил(?:ый|ая)|дорог(?:ой|ая)|голубчик)"
)
_OPENED = re.compile(rf"(?:^|[.!?,…-]\s*|\b{_OPENERS}\s)$", re.IGNORECASE)
_CLOSED = re.compile(r"\s*(?:[,!?.…]|-+\s|$)")
_WORD = re.compile(r"[\w'.-]*\w")
_POINTS = " !.?,…"


@dataclass(frozen=True)
class Spoken:
    """One utterance of a scene."""

    text: str
    speakers: tuple[str, ...]  # canonical names; empty for a role
    label: str  # the cue as it stands
    directions: tuple[str, ...]
    present: tuple[str, ...]
    crowd: bool = False  # "All", "The guys", "Ross and Joey"

    @property
    def voice(self) -> str:
        """Who is heard, roles by their label."""
        return "|".join(self.speakers) or self.label


@dataclass(frozen=True)
class LineClues:
    """What one line shows by itself."""

    called: dict[str, str]  # name -> "start", "middle", "end" of the line where it is called out, or "alone"
    told: tuple[str, ...]  # "(to Ross)"
    staged: frozenset[str]  # named otherwise in a direction
    marks: tuple[str, ...]  # "guys", "greeting", "enters_greeting" and the names of `_STAGE`
    asks: bool
    replies: bool  # does it begin as a reply does?
    you: bool


def line_clues(line: Spoken, names: NameFinder, episode: str) -> LineClues:
    """The clues of a line by itself."""
    called: dict[str, str] = {}
    for at, name in names.find(line.text, episode):
        if name not in line.speakers:
            where = _called(line.text, at)
            if where and (name in line.present or where != "middle"):
                called.setdefault(name, where)
    told, staged = _staged(line, names, episode) if line.directions else ((), frozenset[str]())
    return LineClues(
        called,
        told,
        staged,
        tuple(_marks(line)),
        line.text.rstrip(" \"'”»)").endswith("?"),
        _REPLY.match(line.text) is not None,
        _YOU.search(line.text) is not None,
    )


def _called(text: str, at: int) -> str:
    """Where a name is called out, set off by commas or at an end of a sentence; "" where it is only named."""
    after = text[at : at + _NAME]
    word = _WORD.match(after)
    rest = after[word.end() :] if word else ""
    before = text[max(0, at - _OPENER) : at]
    if not _CLOSED.match(rest) or not _OPENED.search(before):
        return ""
    last = not rest.strip(_POINTS)
    if at <= _SOON:
        return "alone" if last and not before.strip() else "start"
    return "end" if last else "middle"


def _staged(line: Spoken, names: NameFinder, episode: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Whom the directions name as spoken to ("to Ross and Joey"), and whom else they name."""
    told: list[str] = []
    staged: set[str] = set()
    for direction in line.directions:
        match = _TO.search(direction)
        start = len(direction)
        if match is not None and match.start() < _TO_FAR:
            start = match.end()
            told += [name for _, name in names.find(CLAUSE.split(direction[start:])[0].split(",")[0], episode)]
        staged |= {name for at, name in names.find(direction, episode) if at < start}
    found = tuple(name for name in dict.fromkeys(told) if name not in line.speakers)
    return found, frozenset(staged.difference(line.speakers, found))


def _marks(line: Spoken) -> Iterator[str]:
    if _GROUP.search(line.text):
        yield "guys"
    greeting = _GREETING.match(line.text) is not None
    if greeting:
        yield "greeting"
    for direction in line.directions:
        for name, pattern in _MARKS:
            if pattern.search(direction):
                yield name
                if name == "enters" and greeting:
                    yield "enters_greeting"
