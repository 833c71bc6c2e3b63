"""Subtitles (SubRip, WebVTT, SubStation) whose captions name speakers: `NORA: text`, `<v Nora>text`, a name field.

Captions without a cue go on with the speech while its sentence has not ended; others are counted as dropped, or kept
without a speaker.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from parsing.errors import BadFile
from parsing.readers import Block, guessed
from parsing.readers import options as checked
from parsing.readers.encoding import check_line, decode
from parsing.readers.script import Line, ScriptOptions, ScriptParser

_VOICE = re.compile(r"<v(?:\.[^\s>]{0,40})?\s+([^>]{1,80})>")
_OVERRIDE = re.compile(r"\{\\[^{}]{0,200}\}")
_TIMES = re.compile(r"^[\d:.,]+ +--> +[\d:.,]+", re.MULTILINE)
_ENDED = re.compile(r"[.?!\"'♪)\]]\s*$")


@dataclass(frozen=True)
class SubtitleOptions:
    """What subtitles need beyond a script's options."""

    scene_gap: int = 0  # seconds without a caption after which a new scene begins; 0 = never
    keep_uncued: bool = False  # keep captions that name nobody, as speech without a speaker
    dash: bool = True  # a dash before a line is another speaker's


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of one file, `line` being the number of the caption. Raises `BadFile` where there is none.

    `options`: those of `SubtitleOptions`, of `ScriptOptions`, and `encoding`.
    """
    values = dict(options)
    text = decode(data, name, values.pop("encoding", ""))
    own = {f.name for f in fields(SubtitleOptions)}
    wanted = checked.options_from(SubtitleOptions, {k: v for k, v in values.items() if k in own}, name)
    script = checked.options_from(ScriptOptions, {k: v for k, v in values.items() if k not in own}, name)
    parser = _CaptionParser(script, wanted, name)
    return guessed(text.guessed, text.encoding) + parser.read(_lines(text.text, wanted, name))


class _CaptionParser(ScriptParser):
    """A script parser that knows of dashes, gaps and captions without a cue."""

    def __init__(self, options: ScriptOptions, wanted: SubtitleOptions, where: str) -> None:
        super().__init__(options, where)
        self._wanted = wanted

    def feed(self, line: Line) -> None:
        """Take one line of a caption; an empty one is a gap."""
        text = line.text.strip()
        if not text:
            self._close()
            self.blocks.append(Block("scene", "", line.number))
            return
        dashed = self._wanted.dash and text[0] in "-–—"
        ended = self._speech is not None and _ENDED.search(self._speech.texts[-1][-20:]) is not None
        if dashed or ended:
            self._close()
        super().feed(Line(text.lstrip("-–— ") if dashed else text, line.number))

    def uncued(self, text: str, number: int) -> None:
        """A caption that names nobody."""
        if self._wanted.keep_uncued:
            self.open("", number, text)
        else:
            super().uncued(text, number)


def _lines(text: str, wanted: SubtitleOptions, name: str) -> Iterator[Line]:
    import pysubs2

    for number, line in enumerate(text.split("\n"), 1):
        check_line(line, number, name)
    if "-->" in text and not _TIMES.search(text):
        raise BadFile(f"{name}: no times such as 00:01:02,000 --> 00:01:04,000, expected subtitles")
    try:
        captions = pysubs2.SSAFile.from_string(_VOICE.sub(r"\1: ", text), keep_unknown_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, KeyError, IndexError) as error:
        raise BadFile(f"{name}: no subtitles that can be read ({type(error).__name__})") from None
    last = None
    for number, caption in enumerate(captions, 1):
        if wanted.scene_gap and last is not None and caption.start - last > 1000 * wanted.scene_gap:
            yield Line("", number)
        last = caption.end
        body = _OVERRIDE.sub("", caption.text).replace("\\h", " ")
        body = f"{caption.name}: {body}" if caption.name else body
        for line in re.split(r"\\[Nn]", body):
            if line.strip():
                yield Line(line, number)
    if last is None:
        raise BadFile(f"{name}: holds no caption, expected subtitles")
