"""The lines a persona says where the graph decides and the model doesn't: abstentions, openers, refusals in character.

They live in `shows/<id>/voices.toml`, by persona slug; what a persona lacks comes from `app/voices.toml`.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from parsing.errors import BadManifest
from parsing.manifest import Show, nearest

NEUTRAL = Path(__file__).with_name("voices.toml")


@dataclass(frozen=True)
class Voice:
    """One persona's lines, by what they are for."""

    abstain: tuple[str, ...]  # the graph is silent
    deny: tuple[str, ...]  # before "I'm not married."
    correct: tuple[str, ...]  # before what puts a false premise right
    affirm: tuple[str, ...]  # before a fact; "" says it straight
    confirm: tuple[str, ...]  # before a fact that answers a yes/no question
    real_world: tuple[str, ...]  # actors, episodes, what the persona is made of
    puzzled: tuple[str, ...]  # the message can't be read
    chat: tuple[str, ...]  # small talk when nothing that the model wrote can be said


def load_voices(show: Show) -> Mapping[str, Voice]:
    """The voice of each persona of the show, by slug. Raises `BadManifest` naming file and key."""
    neutral = Voice(**_lines(_read(NEUTRAL)["neutral"], NEUTRAL, "neutral"))
    path = show.folder / "voices.toml"
    data = _read(path) if path.is_file() else {}
    slugs = {member.slug for member in show.personas}
    for slug in data:
        if slug not in slugs:
            raise BadManifest(f"{path}: [{slug}] is no persona of {show.title}{nearest(slug, slugs)}")
    return {slug: replace(neutral, **_lines(data.get(slug, {}), path, slug)) for slug in slugs}


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


def _lines(table: Mapping[str, Any], path: Path, slug: str) -> dict[str, tuple[str, ...]]:
    kinds = {field.name for field in fields(Voice)}
    for key, lines in table.items():
        if key not in kinds:
            raise BadManifest(f"{path}: [{slug}] has an unknown key '{key}'{nearest(key, kinds)}")
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise BadManifest(f"{path}: [{slug}] {key} must be a list of lines")
    return {key: tuple(lines) for key, lines in table.items()}
