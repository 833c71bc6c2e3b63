"""`show.toml`: what a show is, who is in it, and where its transcripts come from.

Read by every room. `load_show("friends")` or `load_show("path/to/show.toml")`; unknown keys are refused.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from parsing.cast_file import with_cast_file
from parsing.collection import member_manifest, members
from parsing.episodes import code, parse_episode
from parsing.errors import BadInput, BadManifest, NotFound
from parsing.voices import KINDS

ROOT = Path(__file__).resolve().parent.parent
SHOWS = ROOT / "shows"
_TITLES = {"Mr", "Mrs", "Ms", "Miss", "Dr", "Professor", "Aunt", "Uncle"}


@dataclass(frozen=True)
class CastMember:
    """One person of the show."""

    name: str  # canonical full name, unique in the show
    slug: str = ""  # short name for commands and addresses; the lower-cased first name by default
    aliases: tuple[str, ...] = ()  # what people call this person in speech; the first name is always one
    labels: tuple[str, ...] = ()  # further cue labels of the transcripts ("MNCA", "RACH")
    episodes: tuple[str, ...] = ()  # seasons ("S09") or episodes outside which the short names mean others; () = all
    gender: str = ""  # "female", "male" or ""
    persona: bool = False  # can one talk to this character?
    notes: str = ""  # the persona's manner, in our own words, one or two sentences
    colour: str = ""  # accent colour of the page, "#rrggbb"

    @property
    def first_name(self) -> str:
        """The name people use: the first word that is no title."""
        words = [w for w in self.name.split() if w.rstrip(".") not in _TITLES]
        return words[0] if words else self.name


@dataclass(frozen=True)
class Reality:
    """Where the transcripts leave the show's present: a rule for the column `reality`."""

    kind: str  # "flashback", "imagined" or "performance"
    heading: str = ""  # regular expression: the beginning of a scene's heading
    end: str = ""  # regular expression: a direction after which the rest of the scene is present again
    label: str = ""  # regular expression: the whole of a cue label
    episode: str = ""  # with `lines`: the episode
    lines: tuple[tuple[int, int], ...] = ()  # first and last line in the source file; () with `episode` = all of it


@dataclass(frozen=True)
class Source:
    """Files of one kind and how to read them."""

    reader: str  # name of a reader in parsing/readers
    files: tuple[Mapping[str, Any], ...] = ()  # {path, sha256?, episode | episodes + begins | drop, scenes?, options?}
    files_from: Mapping[str, Any] = field(default_factory=dict)  # a committed list instead: `FilesFrom` in sources.py
    base_url: str = ""  # pinned address the paths are appended to; empty for files beside show.toml
    folder: str = ""  # without base_url: the folder of the files, where they don't lie beside show.toml
    mirror: str = ""  # "<owner>/<repo>/<commit>" below the mirror folder
    options: Mapping[str, Any] = field(default_factory=dict)  # the reader's own settings


@dataclass(frozen=True)
class Show:
    """A show as its manifest describes it."""

    id: str
    title: str
    language: str
    seasons: tuple[int, ...]  # number of episodes of each season
    cast: tuple[CastMember, ...]
    sources: tuple[Source, ...]
    folder: Path  # where show.toml lies
    description: str = ""
    default_persona: str = ""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # joint cue labels -> canonical names
    reality: tuple[Reality, ...] = ()  # [[reality]] tables
    voices: Mapping[str, str] = field(default_factory=dict)  # pattern of a cue's mark -> kind of voice (voices.py)
    pairs: Mapping[str, Any] = field(default_factory=dict)  # [pairs]: windows and filters (pair_filters.py)
    cast_from: str = ""  # id of the show whose cast and groups this manifest uses
    speakers: str = ""  # "cast", "statistics" (merging.py), or by the length of the cast and of the show
    merge: Mapping[str, str] = field(default_factory=dict)  # statistics overruled: cue label -> whose it is
    keep: Mapping[str, str] = field(default_factory=dict)  # cue label -> "person" of its own or "role"
    pipeline: str = ""  # an installed spaCy pipeline to read the lines with; "" = the default of kg/pipeline.py
    cast_file: str = ""  # a table of further people beside show.toml (cast_file.py)

    @property
    def last_episode(self) -> str:
        """The code of the last episode."""
        return code(len(self.seasons), self.seasons[-1])

    @property
    def episodes(self) -> tuple[str, ...]:
        """The codes of all episodes in story order."""
        return tuple(code(s, n) for s, count in enumerate(self.seasons, 1) for n in range(1, count + 1))

    @property
    def personas(self) -> tuple[CastMember, ...]:
        """The cast members one can talk to, in the manifest's order."""
        return tuple(m for m in self.cast if m.persona)

    def as_of(self, text: str | None) -> str:
        """The normalised episode up to which the viewer has watched; the last one where none is given."""
        return self.last_episode if not text else parse_episode(text, self.seasons)

    def member(self, text: str) -> CastMember:
        """The cast member named by canonical name, alias or slug, in any case. Raises `NotFound`."""
        return _find(text, self.cast, f"nobody in the cast of {self.title} is called")

    def persona(self, text: str) -> CastMember:
        """The persona named by canonical name, alias or slug, in any case. Raises `NotFound`."""
        if not text or not text.strip():
            raise BadInput(f"no persona named; {self.title} has {', '.join(m.slug for m in self.personas)}")
        return _find(text, self.personas, f"{self.title} has no persona")


def build_dir(show: Show) -> Path:
    """`$CANON_BUILD/<show>` (default `build/<show>` in the repository)."""
    return build_root() / show.id


def build_root() -> Path:
    """`$CANON_BUILD` (default `build` in the repository)."""
    return Path(os.environ.get("CANON_BUILD") or ROOT / "build")


def own_shows() -> Path | None:
    """`$CANON_SHOWS`: a folder of one's own shows, each a folder with a show.toml; None where it isn't set."""
    folder = os.environ.get("CANON_SHOWS")
    return Path(folder) if folder else None


def list_shows() -> list[str]:
    """The ids of the shows in `shows/` and in `$CANON_SHOWS`; those of a collection as `plays/chekhov-chaika`."""
    folders = [path.parent for place in _places() for path in place.glob("*/show.toml")]
    return sorted({show for f in folders for show in ([f"{f.name}/{m}" for m in members(f)] or [f.name])})


def _places() -> list[Path]:
    own = own_shows()
    return [SHOWS, *([own] if own is not None else [])]


def load_show(name: str) -> Show:
    """Read a manifest by show id or by path. Raises `NotFound` (nearest ids named) or `BadManifest`."""
    path, member = Path(name), ""
    if path.suffix != ".toml":
        folder, _, member = name.partition("/")
        path = next((p for place in _places() if (p := place / folder / "show.toml").is_file()), SHOWS / folder)
        if (
            not folder
            or folder.startswith(".")
            or not path.is_file()
            or (member and member not in members(path.parent))
        ):
            if Path(name).exists():
                raise NotFound(
                    f"{name} is no show.toml: `python -m parsing --guess {name} --out …/show.toml` drafts one"
                )
            raise NotFound(f"no show '{name[:60]}'{nearest(name, list_shows())}; shows here: {_shows_here()}")
    if not path.is_file():
        raise NotFound(f"no file {path}: expected a show.toml or one of the shows {_shows_here()}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path}: not valid TOML: {error}") from None
    if "collection" in data:
        some = members(path.parent)
        if not member:
            one = f", such as {path.parent.name}/{some[0]}" if some else "; --pin writes their list"
            raise NotFound(f"'{name[:60]}' is a collection of {len(some)} shows: name one of them{one}")
        data = member_manifest(data, path.parent, member)
    return show_from(data, path)


def _shows_here() -> str:
    """The shows on one line, a collection as its name and number."""
    folders = sorted(path.parent for place in _places() for path in place.glob("*/show.toml"))
    return ", ".join(f"{f.name}/… ({len(members(f))})" if members(f) else f.name for f in folders)


def nearest(text: str, names: Iterable[str]) -> str:
    """`", did you mean 'x'?"` for the nearest name, or `""` where none is near."""
    from rapidfuzz import fuzz, process, utils  # here, since --help has no use for it

    pool, how = list(names), utils.default_process
    hit = process.extractOne(text, pool, scorer=fuzz.ratio, processor=how, score_cutoff=75)  # "Monika": not "Mon"
    hit = hit or process.extractOne(text, pool, processor=how, score_cutoff=60)
    return f", did you mean '{hit[0]}'?" if hit else ""


def show_from(data: Mapping[str, Any], path: Path) -> Show:
    """Build a `Show` from a parsed manifest; every message names the file and the key."""
    plain = dict(data)
    try:
        people = with_cast_file(plain.pop("cast", []), path, str(plain.get("cast_file", "")))
        cast = _cast(people, path)
        sources = tuple(_table(Source, entry, path, "source") for entry in plain.pop("source", []))
        groups: Mapping[str, tuple[str, ...]] = {k: tuple(v) for k, v in plain.pop("groups", {}).items()}
        reality = tuple(_table(Reality, entry, path, "reality") for entry in plain.pop("reality", []))
        if plain.get("cast_from"):
            cast, groups = _borrowed(str(plain["cast_from"]), cast, path)
        tables = {"cast": cast, "sources": sources, "groups": groups, "reality": reality, "folder": path.parent}
        show = _table(Show, plain | tables, path, "")
    except (TypeError, AttributeError) as error:
        raise BadManifest(f"{path}: {error}") from None
    _check(show, path)
    return show


def _borrowed(name: str, own: tuple[CastMember, ...], path: Path) -> tuple[tuple[CastMember, ...], Mapping[str, Any]]:
    """Cast and groups of another show; a manifest has a cast of its own or borrows one."""
    if own:
        raise BadManifest(f"{path}: 'cast_from' and [[cast]] exclude each other")
    lender = path.parent.parent / name / "show.toml"
    if not lender.is_file() or lender.resolve() == path.resolve():
        raise BadManifest(f"{path}: cast_from = '{name}', but there is no other show {lender}")
    show = load_show(str(lender))
    return show.cast, show.groups


def _cast(entries: Iterable[Mapping[str, Any]], path: Path) -> tuple[CastMember, ...]:
    members: list[CastMember] = []
    for entry in entries:
        members.append(_member(entry, path, {m.first_name for m in members}))
    return tuple(members)


def _member(entry: Mapping[str, Any], path: Path, taken: set[str]) -> CastMember:
    """A cast member with slug and aliases filled in.

    The first name is an alias of its own accord, unless somebody listed earlier has it and no `episodes` tell the
    two apart: "Joey" is the son, never Joey Sr.
    """
    member = _table(CastMember, entry, path, "cast")
    first = member.first_name
    own = () if first in taken and not member.episodes else (first,)
    aliases = tuple(dict.fromkeys((*own, *member.aliases)))
    slug = member.slug or first.lower()
    return CastMember(**{**{f.name: getattr(member, f.name) for f in fields(member)}, "slug": slug, "aliases": aliases})


def _table(kind: type, entry: Mapping[str, Any], path: Path, table: str) -> Any:
    known = {f.name for f in fields(kind)}
    for key in entry:
        if key not in known:
            where = f"[[{table}]] " if table else ""
            raise BadManifest(f"{path}: unknown key {where}'{key}'{nearest(key, known)}")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise BadManifest(f"{path}: {table or 'top level'}: {error}") from None


def _check(show: Show, path: Path) -> None:
    if not show.seasons or not all(isinstance(n, int) and 0 < n < 100 for n in show.seasons):
        raise BadManifest(f"{path}: 'seasons' must list the number of episodes of each season, found {show.seasons!r}")
    for what in ("name", "slug"):
        seen: set[str] = set()
        for member in show.cast:
            value = getattr(member, what)
            if value in seen and (what == "name" or member.persona):
                raise BadManifest(f"{path}: two cast members have the {what} '{value}'")
            seen.add(value)
    _check_speakers(show, path)
    for pattern, kind in show.voices.items():
        _check_pattern(pattern, path, "voices")
        if kind and kind not in KINDS:
            raise BadManifest(f"{path}: [voices] '{pattern}' = '{kind}': expected {', '.join(KINDS)}")
    for rule in show.reality:
        _check_reality(rule, path)
    names = {m.name for m in show.cast}
    for label, group in show.groups.items():
        for name in group:
            if name not in names:
                raise BadManifest(
                    f"{path}: group '{label}' names '{name}', who isn't in the cast{nearest(name, names)}"
                )


def _check_speakers(show: Show, path: Path) -> None:
    if show.speakers not in {"", "cast", "statistics"}:
        raise BadManifest(f"{path}: speakers = '{show.speakers}': expected cast or statistics")
    for label, kind in show.keep.items():
        if kind not in {"person", "role"}:
            raise BadManifest(f"{path}: [keep] '{label}' = '{kind}': expected person or role")
    if show.speakers == "cast" and (show.merge or show.keep):
        raise BadManifest(f"{path}: [merge] and [keep] overrule statistics, but speakers = 'cast'")


def _check_reality(rule: Reality, path: Path) -> None:
    if rule.kind not in {"flashback", "imagined", "performance"}:
        raise BadManifest(f"{path}: [[reality]] kind '{rule.kind}': expected flashback, imagined or performance")
    for pattern in (rule.heading, rule.end, rule.label):
        _check_pattern(pattern, path, "[reality]")
    if not (rule.heading or rule.label or rule.episode) or (rule.lines and not rule.episode):
        raise BadManifest(f"{path}: [[reality]] needs a heading, a label or an episode (and `lines` an episode)")


def _check_pattern(pattern: str, path: Path, table: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadManifest(f"{path}: [{table}] '{pattern}' is no regular expression: {error}") from None


def _find(text: str, members: Iterable[CastMember], problem: str) -> CastMember:
    wanted = text.strip().casefold()
    pool = list(members)
    for names in (lambda m: (m.name, m.slug), lambda m: m.aliases):
        for member in pool:
            if wanted in {n.casefold() for n in names(member)}:
                return member
    spellings = [n for m in pool for n in (m.name, m.slug, *m.aliases)]
    raise NotFound(f"{problem} '{text[:60]}'{nearest(text, spellings)}")
