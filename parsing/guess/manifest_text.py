"""What was seen, written down as a `show.toml` with comments."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsing.guess.looks import Source
from parsing.guess.numbers import episode_pattern, seasons_of, told
from parsing.guess.people import cast_of

if TYPE_CHECKING:
    from parsing.guess.draft import Seen

_MANY = 40  # files from which on a pattern stands in the draft instead of a list
_FEW = 6  # labels, reasons or skipped files named in a comment


def ident_of(text: str) -> str:
    """The id that a title or a file's name gives: small letters, digits and underscores."""
    return re.sub(r"\W+", "_", text.lower()).strip("_") or "show"


def manifest_text(seen: "Seen", ident: str, title: str, folder: str = "") -> str:
    """A whole `show.toml`. `folder` is where the files lie, where that isn't beside it."""
    language = "ru" if seen.cyrillic > 0.3 else "en"
    cast = seen.people or cast_of(seen.labels, language)
    personas = [person["name"] for person in cast if person.get("persona")]
    lines = [
        *_comments(seen, cast),
        f"id = {_value(ident)}",
        f"title = {_value(title)}",
        f"language = {_value(language)}  # by its letters" if language == "ru" else f"language = {_value(language)}",
        *([f"default_persona = {_value(personas[0])}"] if personas else []),
        f"seasons = {_value(seasons_of(sorted(seen.episodes)))}  # episodes of each season, as far as was seen",
        "",
        *_cast(cast),
    ]
    for source, entries in zip(seen.sources, seen.entries, strict=True):
        lines += _source(source, entries, folder)
    return "\n".join(lines).rstrip() + "\n"


def _comments(seen: "Seen", cast: Sequence[Mapping[str, Any]]) -> list[str]:
    kinds, files = seen.kinds, sum(len(s.files) for s in seen.sources)
    known = sum(person["lines"] for person in cast)
    share = f"The cast below has {min(1.0, known / max(1, kinds['speech'])):.0%} of the speeches."
    share = share if kinds["speech"] else "The cast below are words that may be names."
    drops = ", ".join(f"{why} {n:,}" for why, n in seen.dropped.most_common(_FEW)) or "nothing"
    return [
        "# A draft by `python -m parsing --guess`; save it as show.toml beside the files, mend what is wrong, and run",
        "# `python -m parsing path/to/show.toml`. docs/data.md lists what may stand here.",
        f"# Seen: {files} files, {kinds['speech']:,} speeches by {len(seen.labels):,} labels, "
        f"{kinds['scene']:,} headings of scenes, {len(seen.episodes)} episodes.",
        f"# {share} Not speech: {drops}.",
        *(_line(f"# Skipped: {why}") for why in list(seen.skipped.values())[:_FEW]),
        *([f"# … and {len(seen.skipped) - _FEW} files more were skipped."] if len(seen.skipped) > _FEW else []),
    ]


def _cast(cast: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for person in cast:
        lines += ["[[cast]]", f"name = {_value(person['name'])}  # {person['lines']:,} speeches"]
        for key in ("aliases", "labels", "slug", "gender", "persona"):
            if person.get(key):
                lines.append(f"{key} = {_value(list(person[key]) if isinstance(person[key], tuple) else person[key])}")
        lines.append("")
    return lines


def _source(source: Source, entries: Sequence[Mapping[str, Any]], folder: str) -> list[str]:
    lines = [*(_line(f"# {note}") for note in source.notes), "[[source]]", f"reader = {_value(source.reader)}"]
    lines += [f"folder = {_value(folder)}"] if folder else []
    pattern = episode_pattern([e["path"] for e in entries]) if len(entries) > _MANY else ""
    suffixes = {Path(e["path"]).suffix for e in entries}
    if pattern and len(suffixes) == 1 and all(told(e["path"], pattern) == e.get("episode") for e in entries):
        lines.append(f"files_from = {{ glob = {_value('**/*' + suffixes.pop())}, episode = {_value(pattern)} }}")
    else:
        lines += ["files = [", *(f"  {_value(entry)}," for entry in entries), "]"]
    lines += ["", "[source.options]"]
    for key, value in source.options.items():
        if key == "cue" and not source.sure:
            lines += [
                "# MEND THE NEXT LINE: no form of cue was found. A pattern of what stands before the speech, with",
                "# (?P<label>…) around the name: '(?P<label>[^:]+):' for 'NAME: text'. The cast: words with capitals.",
            ]
        lines.append(f"{key} = {_value(value)}")
    return [*lines, ""]


def _line(text: str) -> str:
    """One line of a comment, whatever the files held."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)[:300]


def _value(value: Any) -> str:
    """A TOML value; patterns as literal strings, which need no doubled backslashes."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, str) and "\\" in value and value.isprintable():
        quote = "'" if "'" not in value else "'''"
        if quote not in value and not value.endswith("'") and not value.startswith("'"):
            return f"{quote}{value}{quote}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)
