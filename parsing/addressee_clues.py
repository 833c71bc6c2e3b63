"""What tells whom a line is said to: who may be meant, and the clues for each. Their weights stand in addressees.toml.

Somebody may be meant who is heard within three turns before or after, whom a direction names as the one spoken to, or
whose name is called out; beside them everybody who is there, and nobody (on the phone, to oneself).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsing.line_clues import LineClues, Spoken

EVERYBODY, NOBODY = "everybody", "nobody"
REACH = 3  # turns looked at on either side
_MANY = 5  # others present from which on they are no longer counted
_NONE_MARKS = frozenset({"to_self", "phone", "sings"})
_BEFORE = tuple(f"before_{n}" for n in range(1, REACH + 1))
_AFTER = tuple(f"after_{n}" for n in range(1, REACH + 1))


@dataclass(frozen=True)
class Option:
    """Somebody who may be meant, with the clues for and against."""

    names: tuple[str, ...]  # canonical; empty for a role and for nobody
    voice: str  # as in `Spoken.voice`, or EVERYBODY, NOBODY
    clues: tuple[str, ...]
    named: str = ""  # "told" by a direction, or "called" by name in the line


@dataclass(frozen=True)
class Turn:
    """Consecutive lines of one voice, and whom they call or tell."""

    voice: str
    speakers: tuple[str, ...]
    last: int  # number of its last line in the scene
    to: frozenset[str]
    to_all: bool
    crowd: bool  # "All", "The guys"


def turns_of(lines: Sequence[Spoken], clues: Sequence[LineClues]) -> tuple[list[Turn], list[int]]:
    """The turns of a scene, and for each line the number of its turn."""
    turns: list[Turn] = []
    of_line: list[int] = []
    for i, (line, own) in enumerate(zip(lines, clues, strict=True)):
        to, to_all = frozenset((*own.called, *own.told)), not {"guys", "to_all"}.isdisjoint(own.marks)
        if turns and turns[-1].voice == line.voice:
            earlier = turns.pop()
            to, to_all = to | earlier.to, to_all or earlier.to_all
        turns.append(Turn(line.voice, line.speakers, i, to, to_all, line.crowd))
        of_line.append(len(turns) - 1)
    return turns, of_line


def options_of(lines: Sequence[Spoken], clues: Sequence[LineClues]) -> Iterator[list[Option]]:
    """For each line of a scene all who may be meant; EVERYBODY and NOBODY last."""
    turns, of_line = turns_of(lines, clues)
    for i, line in enumerate(lines):
        here = of_line[i]
        around = Around(
            turns[max(0, here - REACH) : here][::-1],
            turns[here + 1 : here + 1 + REACH],
            i > 0 and of_line[i - 1] == here,
            i + 1 < len(lines) and of_line[i + 1] == here,
            clues[turns[here - 1].last].asks if here else False,
        )
        people = _people(line, clues[i], around)
        yield [*people, _everybody(line, clues[i], around), _nobody(clues[i], around)]


@dataclass(frozen=True)
class Around:
    """What stands around a line."""

    before: Sequence[Turn]  # the nearest first
    after: Sequence[Turn]
    later: bool  # is it a later line of its turn?
    earlier: bool  # does its turn go on?
    asked: bool  # does the turn before end with a question?


def _people(line: Spoken, own: LineClues, around: Around) -> list[Option]:
    found: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    voice = line.voice
    for side, clues in ((around.before, _BEFORE), (around.after, _AFTER)):
        seen: set[str] = set()
        for turn, clue in zip(side, clues, strict=False):
            if turn.voice != voice and turn.voice not in seen:
                seen.add(turn.voice)
                found.setdefault(turn.voice, (turn.speakers, []))[1].append(clue)
    if around.before:
        found[around.before[0].voice][1].extend(_just_before(line, own, around))
    if around.after:
        found[around.after[0].voice][1].extend(_just_after(line, own, around))
    for name in (*own.called, *own.told):
        found.setdefault(name, ((name,), ["silent"]))
    return [_person(voice, names, clues, line, own) for voice, (names, clues) in found.items()]


def _just_before(line: Spoken, own: LineClues, around: Around) -> Iterator[str]:
    if around.asked and own.replies:
        yield "asked"
    if len(around.before) > 1 and around.before[1].voice == line.voice:
        yield "back_and_forth"
    if around.later:
        yield "later_in_turn"
    yield from _said_to(around.before[0], "before", line)


def _just_after(line: Spoken, own: LineClues, around: Around) -> Iterator[str]:
    if own.asks:
        yield "asks"
    if len(around.after) > 1 and around.after[1].voice == line.voice:
        yield "goes_on"
    if around.earlier:
        yield "earlier_in_turn"
    yield from _said_to(around.after[0], "after", line)


def _said_to(turn: Turn, side: str, line: Spoken) -> Iterator[str]:
    """Does the neighbouring turn call or tell the speaker of this line, somebody else, everybody?"""
    if turn.to:
        yield f"{side}_to_other" if turn.to.isdisjoint(line.speakers) else f"{side}_to_me"
    elif turn.to_all:
        yield f"{side}_to_all"


def _person(voice: str, names: tuple[str, ...], clues: list[str], line: Spoken, own: LineClues) -> Option:
    named = ""
    if len(names) > 1:
        clues.append("joint")
        named = "told" if own.told and set(names) <= set(own.told) else ""
        clues += [named] if named else []
    for name in names if len(names) == 1 else ():
        if name in own.called:
            clues.append(f"called_{own.called[name]}")
            named = "called"
        if name in own.told:
            clues.append("told")
            named = "told"
        elif name in own.staged:
            clues.append("staged")
        if name not in line.present:
            clues.append("absent")
    others = tuple([name for name in names if name not in line.speakers])
    return Option(others, voice, tuple(clues), named)


def _everybody(line: Spoken, own: LineClues, around: Around) -> Option:
    others = tuple(name for name in line.present if name not in line.speakers)
    clues = [EVERYBODY, f"others_{min(len(others), _MANY)}", *(f"all_{mark}" for mark in own.marks)]
    if around.before and around.before[0].crowd:
        clues.append("all_after_crowd")
    if around.after and around.after[0].crowd:
        clues.append("all_before_crowd")
    if own.you:
        clues.append("all_you")
    if not around.before:
        clues.append("all_first")
    return Option(others, EVERYBODY, tuple(clues))


def _nobody(own: LineClues, around: Around) -> Option:
    clues = [NOBODY, *(f"none_{mark}" for mark in own.marks if mark in _NONE_MARKS)]
    if own.you:
        clues.append("none_you")
    if not around.before and not around.after:
        clues.append("none_alone")
    return Option((), NOBODY, tuple(clues))
