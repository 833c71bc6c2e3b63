"""Scripts as web pages: paragraphs or line breaks, one cue a line. Decoded, then unescaped."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from parsing.errors import BadFile
from parsing.readers import Block, guessed
from parsing.readers.encoding import MAX_LINE, decode
from parsing.readers.script import Line, ScriptParser, options_from

_BREAKS = {
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "hr",
    "blockquote",
    "center",
    "li",
    "tr",
    "td",
    "table",
    "title",
    "body",
    "html",
}
_SILENT = {"style", "script", "head", "map"}


class _Lines(HTMLParser):
    """Collects the visible lines of a page with their numbers in the source."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.complete = False
        self._parts: list[str] = []
        self._number = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag in _BREAKS or tag == "br":
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in _BREAKS:
            self.flush()
        if tag == "html":
            self.complete = True

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if not self._parts and data.strip():
            self._number = self.getpos()[0]
        if self._parts or data.strip():
            self._parts.append(data)

    def flush(self) -> None:
        """End the line at hand."""
        text = "".join(self._parts)
        if len(text) <= MAX_LINE:  # a longer one is refused by its reader; folding it would take a gigabyte
            text = " ".join(text.split())
        if text:
            self.lines.append(Line(text, self._number))
        self._parts = []


def page_lines(data: bytes, name: str, encoding: str = "cp1252") -> list[Line]:
    """The visible lines of a page. Raises `BadFile` for a broken encoding or a page that stops half-way."""
    return _lines_of(decode(data, name, encoding).text, name)


def _lines_of(page: str, name: str) -> list[Line]:
    parser = _Lines()
    parser.feed(page)
    parser.close()
    parser.flush()
    if not parser.complete:
        last = page.count("\n") + 1
        raise BadFile(f"{name}, line {last}: the page ends without </html>; expected a whole page, fetch it again")
    return parser.lines


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of one page; `options` are those of `ScriptOptions` plus `encoding`."""
    values = dict(options)
    page = decode(data, name, values.pop("encoding", ""))
    blocks = ScriptParser(options_from(values, name), name).read(_lines_of(page.text, name))
    return guessed(page.guessed, page.encoding) + blocks
