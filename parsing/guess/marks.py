"""What else stands in a script: headings of scenes, titles, episodes, lines that come in every file."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parsing.guess.cues import UNKNOWN, Cues, find_cues
from parsing.readers.brackets import plain, split_brackets

_OPENERS = (
    r"scene\b|cut to\b|time lapse|int(?:erior)?\b[./ ]|ext(?:erior)?\b[./ ]|setting\b|location\b|act\b|later\b|"
    r"meanwhile\b|flashback|dream|сцена\b|картина\b|явление\b|действие\b|место действия"
)
_BARE_OPTIONS = (  # what may stand in the draft, each only if lines look so
    (r"scene\b.*", r"scene\b(?: \w+)?[:.,-].*|scene \w+"),
    (r"(?:int|ext)\b.*", r"(?:int|ext)[./].*"),
    (r"cut to\b.*", r"cut to\b.*"),
    (r"(?:сцена|картина|явление)\b.*", r"(?:сцена|картина|явление)\b.*"),
    (r"#{1,4} .*", r"#{1,4} .*"),
    (r"[*=_~-]{3,}|(?:[*] ){2,}[*]", r"[*=_~-]{3,}|(?:[*] ){2,}[*]"),
)
_EPISODES = (
    r".*?\bs(?P<season>\d{1,2})\s?[-_.]?\s?e(?P<number>\d{1,2})\b.*",
    r"(?P<season>\d{1,2})x(?P<number>\d{2})\b.*",
    r".{0,40}?\bseason (?P<season>\d{1,2})\W+episode (?P<number>\d{1,2})\b.*",
    r".{0,40}?\bсезон (?P<season>\d{1,2})\W+(?:серия|эпизод) (?P<number>\d{1,2})\b.*",
)
_CHAPTER = re.compile(
    r"\W*(?:episode|ep\.?|chapter|part|folge|серия|эпизод|глава)\s*#?(\d{1,2})\b.{0,80}", re.IGNORECASE
)


@dataclass
class Script:
    """What was found in the files of one kind."""

    options: dict[str, Any]
    cues: Cues
    notes: list[str] = field(default_factory=list)
    tells_episode: bool = False  # each file names its episodes itself
    chapters: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # file -> (number, line)


def find_marks(texts: Mapping[str, Sequence[tuple[int, str]]]) -> Script:
    """The options for scripts: file -> (line, text)."""
    files = {name: [(n, plain(line)) for n, line in lines if line.strip()] for name, lines in texts.items()}
    every = [text for lines in files.values() for _, text in lines]
    options: dict[str, Any] = {}
    script = Script(options, Cues(UNKNOWN))
    _episodes(files, script)
    bare = [option for option, look in _BARE_OPTIONS if any(re.fullmatch(look, t, re.IGNORECASE) for t in every)]
    if bare:
        options["bare_scene"] = "|".join(bare)
        script.notes.append(
            f"scenes: lines such as {_some(t for t in every if re.fullmatch(bare[0], t, re.IGNORECASE))}"
        )
    marked = [p for p in (options.get("bare_scene"), options.get("episode"), *options.get("drop", {})) if p]
    rest = [t for t in every if not any(re.fullmatch(p, t, re.IGNORECASE) for p in marked)]
    _brackets(rest, script)
    script.cues = find_cues([t for t in rest if not _whole(t)] or rest)
    _cue_options(script)
    _titles(files, script)
    return script


def _episodes(files: Mapping[str, Sequence[tuple[int, str]]], script: Script) -> None:
    for pattern in _EPISODES:
        if all(any(re.fullmatch(pattern, t, re.IGNORECASE) for _, t in lines[:5]) for lines in files.values()):
            script.options["episode"] = pattern
            script.tells_episode = True
            script.notes.append("episodes: named by a line of the file")
            return
    if len(files) > 1:
        return
    for name, lines in files.items():
        found = [(int(m[1]), n) for n, t in lines if (m := _CHAPTER.fullmatch(t)) is not None]
        if found and [k for k, _ in found] == sorted({k for k, _ in found}) and found[0][0] > 0:
            script.chapters[name] = found
    if script.chapters:
        script.options["drop"] = {_CHAPTER.pattern: "title"}
        script.notes.append("episodes: numbered by lines of the file (episodes, begins)")


def _whole(text: str) -> bool:
    """A line that is one bracket."""
    return text[0] in "[({" and not split_brackets(text).speech


def _brackets(lines: Sequence[str], script: Script) -> None:
    """Headings of scenes in brackets: by their first word, or all in square ones where others hold directions."""
    inside = [(t[0], split_brackets(t).directions[0][1]) for t in lines if _whole(t) and split_brackets(t).directions]
    if not inside:
        return
    known = Counter(m[0].lower().strip(" .") for _, d in inside if (m := re.match(_OPENERS, d, re.IGNORECASE)))
    square = [d for bracket, d in inside if bracket == "["]
    if known:
        script.options["scene"] = "|".join(rf"{re.escape(word)}\b".replace(r"\ ", " ") for word in sorted(known))
        script.notes.append(f"scenes: bracketed lines that begin with {', '.join(sorted(known))} ({known.total()})")
    elif len(square) > 1 and len(inside) > len(square) and sum(len(d.split()) <= 6 for d in square) > 0.8 * len(square):
        script.options |= {"scene": r"\w", "scene_brackets": "["}
        script.notes.append(f"scenes: {len(square)} lines in square brackets look like places")
    script.notes.append(f"directions: {len(inside) - known.total()} further lines in brackets")


def _cue_options(script: Script) -> None:
    cues = script.cues
    if not cues.sure:
        script.options |= {"cue": cues.form.cue, "colon": "", "cue_needs_capital": False}
        return
    for key, value, default in (("cue", cues.form.cue, None), ("colon", cues.form.colon, ":")):
        if value != default and not (key == "cue" and cues.form.shown in {"NAME: text", "NAME :: text"}):
            script.options[key] = value
    if cues.small:
        script.options["cue_needs_capital"] = False


def _titles(files: Mapping[str, Sequence[tuple[int, str]]], script: Script) -> None:
    """Lines without a cue that stand in most of several files at the same end are titles or footers."""
    if len(files) < 3:
        return
    pattern = script.cues.form.pattern
    ends = Counter(t for lines in files.values() for t in dict.fromkeys(t for _, t in (*lines[:4], *lines[-4:])))
    often = [t for t, n in ends.most_common() if n > len(files) / 2 and not _whole(t) and not pattern.match(t)]
    for text in often[:6]:
        script.options.setdefault("drop", {})[re.escape(text.lower()).replace(r"\ ", " ")] = "title"


def _some(texts: Any) -> str:
    return ", ".join(f"'{t[:40]}'" for t in list(dict.fromkeys(texts))[:2])
