"""What a card needs to know of a persona besides the graph: its manner, its colour, lines written for it.

Read from `shows/<id>/show.toml` and `voices.toml`; which keys that file may have is checked where it is used to talk.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.graph import node_id
from parsing.errors import BadManifest
from parsing.manifest import CastMember, Show

GREETING = ("Hey.",)
ABSTAIN = ("I don't know.",)


@dataclass(frozen=True)
class Sheet:
    """One persona, ready for a card."""

    node: str  # node id
    name: str
    nickname: str
    notes: str  # its manner, in our own words
    colour: str  # "#rrggbb"
    greetings: tuple[str, ...] = GREETING
    abstain: tuple[str, ...] = ABSTAIN
    affirm: tuple[str, ...] = ("",)
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by act of small talk


def sheet_of(show: Show, member: CastMember) -> Sheet:
    """The persona's sheet. Raises `BadManifest` where `voices.toml` is no TOML."""
    path = show.folder / "voices.toml"
    try:
        voices = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path}: not a readable TOML file: {error}") from None
    voice = voices.get(member.slug, {})
    says = {act: tuple(lines) for act, lines in voice.get("says", {}).items()}
    return Sheet(
        node_id(member.name),
        member.name,
        member.first_name,
        member.notes,
        member.colour or "#5a6472",
        says.get("greeting") or tuple(voice.get("chat", ()))[:1] or GREETING,
        tuple(voice.get("abstain", ())) or ABSTAIN,
        tuple(voice.get("affirm", ())) or ("",),
        says,
    )
