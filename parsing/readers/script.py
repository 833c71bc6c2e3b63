"""From the lines of a script (`ROSS: (waving) Hi.`, `[Scene: …]`) to blocks; shared by the readers of scripts.

Nothing is lost in silence: a line becomes speech, a heading, a direction, or a note with the reason why it was dropped.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from parsing.episodes import code
from parsing.readers import Block
from parsing.readers import options as checked
from parsing.readers.brackets import OPENING, plain, split_brackets
from parsing.readers.encoding import check_line
from parsing.readers.mend import Mender

OPEN_BRACKET = "bracket left open"  # remark: what follows it was taken for a direction


@dataclass(frozen=True)
class ScriptOptions:
    """How a transcriber marks things; every pattern is a regular expression, matched without regard to case."""

    cue: str = r"[^\W_][\w.,'&/# -]{0,48}?(?:\s*[(\[][^)\]]{0,80}[)\]])?"  # before the colon; or with (?P<label>…)
    colon: str = ":"  # what parts a cue from its speech
    not_cue: str = r"$^"  # what looks like a cue and is none
    cue_needs_capital: bool = True  # a cue does not begin with a small letter
    scene: str = r"scene\b|cut to\b|time lapse"  # beginning of a bracketed line that opens a scene
    scene_brackets: str = "[({"  # the brackets in which a scene's heading may stand
    bare_scene: str = ""  # a whole line without brackets that opens a scene
    episode: str = ""  # a whole line that names the episode, with groups `season` and `number`
    drop: Mapping[str, str] | None = None  # pattern of a whole line -> the reason under which it is counted
    uncued: Mapping[str, str] | None = None  # pattern of a whole line without cue -> who narrates it
    mend: Mapping[str, str] | None = None  # pattern -> replacement, before anything is read (mend.py)
    cut: str = ""  # where a line is cut in two: a cue or a caption that stands in the middle of it
    begin: str = ""  # a line at which the transcript begins; what stands before is counted
    end: str = ""  # a line at which the transcript ends; what follows is counted


@dataclass(frozen=True)
class Line:
    """One line as the reader sees it, white space folded."""

    text: str
    number: int


def options_from(values: Mapping[str, Any], where: str) -> ScriptOptions:
    """Check a manifest's `options`. Raises `BadManifest` naming an unknown key or a broken pattern."""
    return checked.options_from(ScriptOptions, values, where)


@dataclass
class _Speech:
    """A speech that may go on."""

    label: str
    line: int
    texts: list[str]
    marks: tuple[str, ...] = ()


class ScriptParser:
    """Turns lines into blocks; one instance a file."""

    def __init__(self, options: ScriptOptions, where: str) -> None:
        self._where = where
        cue = options.cue if "(?P<label>" in options.cue else f"(?P<label>{options.cue})"
        self._cue = checked.pattern(rf"{cue}\s*(?:{options.colon})\s*(?P<rest>.*)", where, "cue", 0)
        self._not_cue = checked.pattern(rf"(?:{options.not_cue})", where, "not_cue")
        self._scene = checked.pattern(options.scene, where, "scene")
        self._drop = [(checked.pattern(p, where, "drop"), why) for p, why in (options.drop or {}).items()]
        self._uncued = [(checked.pattern(p, where, "uncued"), who) for p, who in (options.uncued or {}).items()]
        self._bare_scene = checked.optional(options.bare_scene, where, "bare_scene")
        self._episode = checked.optional(options.episode, where, "episode")
        # names are told by their capitals
        self._cut = checked.pattern(options.cut, where, "cut", 0) if options.cut else None
        self._begin = checked.optional(options.begin, where, "begin")
        self._end = checked.optional(options.end, where, "end")
        self._mend = Mender(options.mend, where)
        self._options = options
        self.blocks: list[Block] = []
        self._speech: _Speech | None = None

    def read(self, lines: Iterable[Line]) -> list[Block]:
        """All blocks of a file, in order. Raises `BadFile` for a line that is far too long."""
        outside = "before the beginning" if self._begin is not None else ""
        for line in lines:
            check_line(line.text, line.number, self._where)
            if outside == "before the beginning" and self._begin is not None and self._begin.match(line.text.strip()):
                outside = ""
            if not outside and self._end is not None and self._end.match(line.text.strip()):
                self._close()
                outside = "after the end"
            if outside:
                self.note(plain(line.text), line.number, outside)
                continue
            text = self._mend(line.text, line.number)
            for part in self._parts(text):
                self.feed(Line(part, line.number))
        self._close()
        return self.blocks + self._mend.remarks

    def _parts(self, text: str) -> list[str]:
        """A line cut in two or more: each part begins with what the pattern matched, so that nothing is lost."""
        if self._cut is None:
            return [text]
        at = [0, *(match.start() for match in self._cut.finditer(text)), len(text)]
        return [text[begin:end] for begin, end in pairwise(at)]

    def note(self, text: str, number: int, why: str) -> None:
        """Count a line that is dropped."""
        if any(char.isalnum() for char in text):
            self.blocks.append(Block("note", text, number, why=why))

    def feed(self, line: Line) -> None:
        """Take one line."""
        text = plain(line.text)
        if not text or self._marked(text, line):
            return
        match = self.cue_of(text)
        if match is not None:
            self.open(match["label"], line.number, match["rest"])
        elif text[0] == "(" and self._speech is not None and self._options.colon == "$":
            self._speech.texts.append(text)  # where the cue is a line of its own, how it is said is one too
        elif text[0] in OPENING:
            self._bracketed(text, line)
        elif (who := self._narrator(text)) is not None:
            self.open(who, line.number, text, ("narration",))
        elif self._speech is not None:
            self._speech.texts.append(text)
        else:
            self.uncued(text, line.number)

    def open(self, label: str, number: int, text: str, marks: tuple[str, ...] = ()) -> None:
        """Begin a speech."""
        self._close()
        self._speech = _Speech(label, number, [text], marks)

    def uncued(self, text: str, number: int) -> None:
        """A line of nobody's."""
        self.note(text, number, "no cue")

    def _marked(self, text: str, line: Line) -> bool:
        """Was this a line to drop, the episode's name or a scene's heading without brackets?"""
        block = None
        for pattern, why in self._drop:
            if pattern.fullmatch(text):
                block = Block("note", text, line.number, why=why)
                break
        if block is None and self._bare_scene is not None and self._bare_scene.fullmatch(text):
            block = Block("scene", text, line.number)
        if block is None and self._episode is not None and (match := self._episode.fullmatch(text)):
            block = Block("episode", text, line.number, episode=code(int(match["season"]), int(match["number"])))
        if block is not None:
            self._close()
            self.blocks.append(block)
        return block is not None

    def cue_of(self, text: str) -> re.Match[str] | None:
        """The match of a cue at the beginning of a line."""
        match = self._cue.match(text)
        if match is None or (self._options.cue_needs_capital and text[0].islower()):
            return None
        return None if self._not_cue.fullmatch(match["label"]) else match

    def _narrator(self, text: str) -> str | None:
        return next((who for pattern, who in self._uncued if pattern.fullmatch(text)), None)

    def _bracketed(self, text: str, line: Line) -> None:
        split = split_brackets(text)
        self._close()
        for bracket, direction in split.directions:
            opens = bracket in self._options.scene_brackets and text[0] in self._options.scene_brackets
            kind = "scene" if opens and self._scene.match(direction) else "direction"
            self.blocks.append(Block(kind, direction, line.number))
        if split.left_open:
            self.blocks.append(Block("remark", "", line.number, why=OPEN_BRACKET))
        self.note(split.speech, line.number, "beside a direction")

    def _close(self) -> None:
        if self._speech is None:
            return
        speech, self._speech = self._speech, None
        body, cue = split_brackets(" ".join(speech.texts)), split_brackets(speech.label)
        asides = tuple(text for _, text in cue.directions)
        directions = (*asides, *(text for _, text in body.directions))
        label, marks = cue.speech.strip(" -*"), (*asides, *speech.marks)
        self.blocks.append(Block("speech", body.speech, speech.line, label=label, directions=directions, marks=marks))
        if body.left_open:
            self.blocks.append(Block("remark", "", speech.line, why=OPEN_BRACKET))
