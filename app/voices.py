"""The lines a persona says where the graph decides and the model doesn't: abstentions, openers, refusals in character.

They live in `shows/<id>/voices.toml`, by persona slug; what a persona lacks comes from `app/voices.toml`.
"""

import hashlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from app.smalltalk import acts
from kg.languages import RUSSIAN
from parsing.errors import BadManifest
from parsing.manifest import Show, nearest

NEUTRAL = Path(__file__).with_name("voices.toml")
RUSSIAN_LINES = Path(__file__).with_name("voices_ru.toml")


@dataclass(frozen=True)
class Voice:
    """One persona's lines, by what they are for."""

    abstain: tuple[str, ...]  # the graph is silent
    though: tuple[str, ...]  # after that, before what is remembered of the matter all the same
    unsure: tuple[str, ...]  # instead, before what well may be the answer
    memory: tuple[str, ...]  # before what is remembered, where the user has told something
    deny: tuple[str, ...]  # before "I'm not married."
    correct: tuple[str, ...]  # before what puts a false premise right
    affirm: tuple[str, ...]  # before a fact; "" says it straight
    after: tuple[str, ...]  # behind what is told, now and then: what the model's manner is trained with
    confirm: tuple[str, ...]  # before a fact that answers a yes/no question
    real_world: tuple[str, ...]  # actors, episodes, what the persona is made of
    puzzled: tuple[str, ...]  # the message can't be read
    fond: tuple[str, ...]  # of a friend or of family, behind who that is
    chat: tuple[str, ...]  # small talk when nothing that the model wrote can be said
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by act of small talk (`app.smalltalk`)


def load_voices(show: Show) -> Mapping[str, Voice]:
    """The voice of each persona of the show, by slug. Raises `BadManifest` naming file and key."""
    source = RUSSIAN_LINES if show.language == RUSSIAN else NEUTRAL
    neutral = Voice(**_lines(_read(source)["neutral"], source, "neutral"))
    path = show.folder / "voices.toml"
    data = _read(path) if path.is_file() else {}
    slugs = {member.slug for member in show.personas}
    for slug in data:
        if slug not in slugs:
            raise BadManifest(f"{path}: [{slug}] is no persona of {show.title}{nearest(slug, slugs)}")
    voices = {slug: replace(neutral, **_lines(data.get(slug, {}), path, slug)) for slug in slugs}
    return {slug: replace(voice, says={**neutral.says, **voice.says}) for slug, voice in voices.items()}


def unsaid(lines: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    """The lines that no reply so far held."""
    return tuple(line for line in lines if not any(line in reply for reply in said))


def pick(lines: Sequence[str], seed: int, said: Sequence[str]) -> str:
    """One of the lines by the seed: none that the last reply held, and rather one that no reply did.

    `said` are the persona's replies so far, oldest first.
    """
    fresh = [line for line in lines if not line or not any(line in reply for reply in said)]
    recent = [line for line in lines if not line or not said or line not in said[-1]]
    pool = fresh or recent or list(lines)
    digest = hashlib.sha256(f"{seed}\x1f{len(said)}".encode()).digest()
    return pool[int.from_bytes(digest[:8], "big") % len(pool)]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path}: not a readable TOML file: {error}") from None


def _lines(table: Mapping[str, Any], path: Path, slug: str) -> dict[str, Any]:
    kinds = {f.name for f in fields(Voice)}
    _check(table, kinds, f"{path}: [{slug}]", nested={"says"})
    found: dict[str, Any] = {key: tuple(lines) for key, lines in table.items() if key != "says"}
    if "says" in table:
        _check(table["says"], {act.name for act in acts()}, f"{path}: [{slug}.says]")
        found["says"] = {act: tuple(lines) for act, lines in table["says"].items()}
    return found


def _check(table: Any, known: Collection[str], where: str, nested: Collection[str] = ()) -> None:
    """Only known keys, each a list of lines (those of `nested` are tables of their own)."""
    if not isinstance(table, dict):
        raise BadManifest(f"{where} must be a table")
    for key, lines in table.items():
        if key not in known:
            raise BadManifest(f"{where} has an unknown key '{key}'{nearest(key, known)}")
        told = key in nested or (isinstance(lines, list) and lines and all(isinstance(line, str) for line in lines))
        if not told:
            raise BadManifest(f"{where} {key} must be a list of lines")
