"""From the lines of a script (`ROSS: (waving) Hi.`, `[Scene: …]`) to blocks; shared by the HTML and text readers."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from parsing.episodes import code
from parsing.errors import BadManifest
from parsing.manifest import nearest
from parsing.readers import Block

_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "…": "...",
        "–": "-",
        "—": "-",
        "\xa0": " ",
        "\xad": "",
    }
)
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}


@dataclass(frozen=True)
class ScriptOptions:
    """How a transcriber marks things; every pattern is a regular expression, matched without regard to case."""

    cue: str = r"[^\W_][\w.,'&/# -]{0,48}?(?:\s*[(\[][^)\]]{0,80}[)\]])?"  # what may stand before the colon
    not_cue: str = r"$^"  # what looks like a cue and is none
    cue_needs_capital: bool = True  # a cue does not begin with a small letter
    scene: str = r"scene\b|cut to\b|time lapse"  # beginning of a bracketed line that opens a scene
    bare_scene: str = ""  # a whole line without brackets that opens a scene
    episode: str = ""  # a whole line that names the episode, with groups `season` and `number`
    drop: Mapping[str, str] | None = None  # pattern of a whole line -> the reason under which it is counted
    cut: str = ""  # where a line is cut in two: a cue or a caption that stands in the middle of it
    end: str = ""  # a line at which the transcript ends


@dataclass(frozen=True)
class Line:
    """One line as the reader sees it, white space folded."""

    text: str
    number: int


def options_from(values: Mapping[str, Any], where: str) -> ScriptOptions:
    """Check a manifest's `options`. Raises `BadManifest` naming an unknown key or a broken pattern."""
    known = {f.name for f in fields(ScriptOptions)}
    for key, value in values.items():
        if key not in known:
            raise BadManifest(f"{where}: unknown reader option '{key}'{nearest(key, known)}")
        for pattern in value if isinstance(value, dict) else [value]:
            if isinstance(pattern, str):
                _compiled(pattern, where, key)
    return ScriptOptions(**values)


def plain(text: str) -> str:
    """Typewriter quotes, dashes and dots, white space folded: `plain("it’s…") == "it's..."`."""
    return " ".join(text.translate(_PLAIN).split())


def take_directions(text: str) -> tuple[str, tuple[str, ...]]:
    """Split speech from what stands in brackets: `"Hi. (waves) Bye"` gives `("Hi. Bye", ("waves",))`.

    Nested brackets belong to the outer one. A bracket that is never closed is taken up to the end of the text;
    one that was never opened is left out.
    """
    spoken: list[str] = []
    found: list[str] = []
    inside: list[str] = []
    stack: list[str] = []
    for char in text:
        if char in _BRACKETS:
            if stack:
                inside.append(char)
            stack.append(_BRACKETS[char])
        elif char in ")]}>":
            if not stack:
                continue
            stack.pop()
            if stack:
                inside.append(char)
            else:
                found.append("".join(inside))
                inside = []
                spoken.append(" ")
        else:
            (inside if stack else spoken).append(char)
    if stack:
        found.append("".join(inside))
    speech = re.sub(r"\s+([,.;?!])(?=\s|$)", r"\1", " ".join("".join(spoken).split()))
    return speech, tuple(d for d in (" ".join(d.split()) for d in found) if d)


class ScriptParser:
    """Turns lines into blocks; one instance a file."""

    def __init__(self, options: ScriptOptions, where: str) -> None:
        flags = re.IGNORECASE
        head = r"(?P<label>" + options.cue + r")\s*:\s*(?P<rest>.*)"
        self._cue = _compiled(head, where, "cue")
        self._not_cue = _compiled(rf"(?:{options.not_cue})", where, "not_cue", flags)
        self._scene = _compiled(options.scene, where, "scene", flags)
        self._drop = [(_compiled(p, where, "drop", flags), why) for p, why in (options.drop or {}).items()]
        self._bare_scene = _optional(options.bare_scene, where, "bare_scene")
        self._episode = _optional(options.episode, where, "episode")
        self._cut = re.compile(options.cut) if options.cut else None  # names are told by their capitals
        self._end = _optional(options.end, where, "end")
        self._capital = options.cue_needs_capital
        self.blocks: list[Block] = []
        self._speech: tuple[str, int, list[str]] | None = None  # label, line, texts

    def read(self, lines: Iterable[Line]) -> list[Block]:
        """All blocks of a file, in order."""
        for line in lines:
            if self._end is not None and self._end.match(line.text):
                break
            for part in self._cut.split(line.text) if self._cut is not None else [line.text]:
                self._feed(Line(part, line.number))
        self._close()
        return self.blocks

    def _feed(self, line: Line) -> None:
        text = plain(line.text)
        if not text or self._marked(text, line):
            return
        match = self.cue_of(text)
        if match is not None:
            self._close()
            self._speech = (match["label"], line.number, [match["rest"]])
        elif text[0] in _BRACKETS:
            self._bracketed(text, line)
        elif self._speech is not None:
            self._speech[2].append(text)
        else:
            self.blocks.append(Block("note", text, line.number, why="no cue"))

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
        if match is None or (self._capital and text[0].islower()) or self._not_cue.fullmatch(match["label"]):
            return None
        return match

    def _bracketed(self, text: str, line: Line) -> None:
        spoken, directions = take_directions(text)
        self._close()
        for direction in directions:
            kind = "scene" if text[0] in "[({" and self._scene.match(direction) else "direction"
            self.blocks.append(Block(kind, direction, line.number))
        if spoken.strip(" .,;:-*"):
            self.blocks.append(Block("note", spoken, line.number, why="beside a direction"))

    def _close(self) -> None:
        if self._speech is None:
            return
        label, number, texts = self._speech
        self._speech = None
        speech, directions = take_directions(" ".join(texts))
        name, aside = take_directions(label)
        self.blocks.append(Block("speech", speech, number, label=name.strip(" -*"), directions=(*aside, *directions)))


def _optional(pattern: str, where: str, key: str) -> re.Pattern[str] | None:
    return _compiled(pattern, where, key, re.IGNORECASE) if pattern else None


def _compiled(pattern: str, where: str, key: str, flags: int = 0) -> re.Pattern[str]:
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise BadManifest(f"{where}: reader option '{key}' is no regular expression: {error}") from None
