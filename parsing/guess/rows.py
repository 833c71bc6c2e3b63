"""Which column of a table holds what: by its name, else by what stands in it."""

import re
from collections.abc import Mapping
from typing import Any

from parsing.errors import BadFile
from parsing.readers.rdata import has_bytes, r_objects

_HINTS = {  # what -> names of columns, best first
    "text": r"text|lines?|dialog(?:ue)?|utterance|quote|speech|content|message|script|sentence|body|реплика|текст",
    "speaker": r"speaker|character|name|who|person|char|role|author|actor|from|персонаж|говорящий|имя|кто",
    "season": r"(?:season|series|saison|staffel|book|сезон)[ _]?(?:number|num|no|nr|id)?\.?",
    "episode": r"(?:episode|ep|chapter|number|серия|эпизод|episodio)[ _]?(?:number|num|no|nr|id)?\.?|code|s\d*e\d*",
    "title": r"title|(?:episode|ep|chapter)[ _]?(?:title|name)|название",
    "scene": r"(?:scene|сцена)[ _]?(?:number|num|no|nr|id|name)?\.?",
    "directions": r"(?:stage[ _]?)?directions?|ремарка",
}
_DIRECTION_ROWS = re.compile(
    r"(?:(?:scene|stage)[ _]?)?(?:directions?|descriptions?)|action|ремарка|narration", re.IGNORECASE
)
_EVERYBODY = re.compile(r"#all#|all|everyone|everybody|все", re.IGNORECASE)
_CODE = re.compile(r"s?\d{1,2}\s*[ex]\s*\d", re.IGNORECASE)
SEPARATORS = ",\t;|"


class NoHeader(BadFile):
    """A table whose first row is speech and names no columns."""


def find_columns(table: Any, name: str) -> tuple[dict[str, Any], list[str]]:
    """Options of a column map and notes on what was seen. Raises `BadFile` where no two columns fit."""
    cells = {str(c): [_text(v) for v in table[c].tolist()[:5000]] for c in table.columns}
    found: dict[str, str] = {}
    for what in ("season", "episode", "title", "scene", "directions"):
        if column := _hinted(cells, what, found):
            found[what] = column
    text = _hinted(cells, "text", found) or _longest(cells, found)
    if text is None:
        raise BadFile(f"{name}: no column looks like speech; it has {', '.join(cells)[:120] or 'none'}")
    found["text"] = text
    speaker = _hinted(cells, "speaker", found) or _repeating(cells, found)
    if speaker is None:
        raise BadFile(f"{name}: no column beside '{text}' looks like speakers; it has {', '.join(cells)[:120]}")
    found["speaker"] = speaker
    _check_header(cells, found, name)
    if "episode" in found and not _numbered(cells[found["episode"]]):
        found["title"] = found.pop("episode")
    if "episode" in found:
        found.pop("title", None)
        if "season" not in found and all(_CODE.search(v) for v in cells[found["episode"]]):
            found["season"] = found["episode"]
    defaults = {"text", "speaker", "season", "episode"}
    options: dict[str, Any] = {what: c for what, c in sorted(found.items()) if not (what == c and what in defaults)}
    labels = set(cells[speaker])
    for key, pattern in (("direction_rows", _DIRECTION_ROWS), ("everybody", _EVERYBODY)):
        if hits := sorted(label for label in labels if pattern.fullmatch(label.strip())):
            options[key] = hits
    notes = [f"columns: {', '.join(cells)}; speech in '{text}', speakers in '{speaker}' ({len(labels):,} labels)"]
    return options, notes


def _hinted(cells: Mapping[str, Any], what: str, taken: Mapping[str, str]) -> str | None:
    for hint in [_HINTS[what]] if what != "speaker" else _HINTS[what].split("|"):  # of several the best
        for column in cells:
            fits = what != "season" or _numbered(cells[column])
            if fits and column not in taken.values() and re.fullmatch(hint, column.strip(), re.IGNORECASE):
                return column
    return None


def _numbered(values: list[str]) -> bool:
    return bool(values) and all(re.search(r"\d", v) and len(v) < 24 for v in values)


def _longest(cells: Mapping[str, list[str]], taken: Mapping[str, str]) -> str | None:
    sizes = {c: sum(map(len, v)) for c, v in cells.items() if c not in taken.values() and any(" " in x for x in v)}
    return max(sizes, key=lambda c: sizes[c], default=None)


def _repeating(cells: Mapping[str, list[str]], taken: Mapping[str, str]) -> str | None:
    """The column of short words with the most values that come again."""
    scores = {
        c: len(v) - len(set(v))
        for c, v in cells.items()
        if c not in taken.values()
        and any(re.match(r"[^\W\d]", x) for x in v)
        and sum(map(len, v)) < 40 * max(1, len(v))
    }
    return max(scores, key=lambda c: scores[c], default=None)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " & ".join(map(_text, value))
    if not isinstance(value, str | int | float) or value != value:  # noqa: PLR0124  (not a number)
        return ""
    return str(value)


def _check_header(cells: Mapping[str, list[str]], found: Mapping[str, str], name: str) -> None:
    """A first row that holds speech would be lost as the names of the columns."""
    known = any(re.fullmatch(_HINTS[what], found[what].strip(), re.IGNORECASE) for what in ("text", "speaker"))
    text, speaker = found["text"].strip(), found["speaker"]
    if not known and (speaker in cells[speaker] or (" " in text and text[-1:] in ".!?…")):
        raise NoHeader(
            f"{name}, line 1: '{speaker}, {text[:40]}' looks like a row of speech, expected names of columns"
        )


def rows_in(document: Any, path: tuple[str, ...] = ()) -> list[tuple[int, tuple[str, ...]]]:
    """The lists of objects in a JSON document: (how many objects, keys on the way to them)."""
    if isinstance(document, list):
        objects = [d for d in document if isinstance(d, dict)]
        below: dict[tuple[str, ...], int] = {}
        for item in objects[:50]:
            for key, value in item.items():
                if isinstance(value, list | dict):
                    for count, further in rows_in(value, (*path, key)):
                        below[further] = below.get(further, 0) + count
        return [(len(objects), path)] * bool(objects) + [(n, p) for p, n in below.items()]
    if isinstance(document, dict):
        return [hit for key, value in document.items() for hit in rows_in(value, (*path, key))]
    return []


def _r_objects(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    """The objects of an R file, and the encoding to name where its strings don't say theirs and are no UTF-8."""
    try:
        objects = r_objects(data, "utf-8", name)
    except BadFile:
        return r_objects(data, "cp1252", name), "cp1252"
    if any(has_bytes(thing) for thing in objects.values()):
        return r_objects(data, "cp1252", name), "cp1252"
    return objects, ""


def r_table(data: bytes, name: str) -> tuple[str, Any, str]:
    """The largest object of an R file: its name, the object, and the encoding of its strings."""
    objects, encoding = _r_objects(data, name)
    sizes = {
        key: len(value) for key, value in objects.items() if hasattr(value, "__len__") and hasattr(value, "tolist")
    }
    sizes |= {key: len(value) * 1000 for key, value in objects.items() if hasattr(value, "columns")}
    if not sizes:
        raise BadFile(f"{name}: no table and no text in it; it holds {', '.join(objects)[:80]}")
    best = max(sizes, key=lambda key: sizes[key])
    return (best if len(objects) > 1 else ""), objects[best], encoding
