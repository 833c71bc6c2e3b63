"""People out of the lists of actors and roles with which some transcripts begin (`Jason Alexander …… George Costanza`).

A role is known in the episodes whose lists name it, so that the Carol of one episode is not that of another season.
"""

import re
from collections.abc import Mapping
from typing import Any

from parsing.manifest import Show, Source
from parsing.readers.encoding import decode
from parsing.readers.mend import Mender
from parsing.readers.options import optional, pattern
from parsing.sources import FilesFrom
from parsing.voices import fold

_SELF = re.compile(r"(?:him|her|them)sel(?:f|ves)\b.*", re.IGNORECASE)
_ASIDE = re.compile(r"\s*[(\[].*?(?:[)\]]|$)")  # "(voice only)"


def people_in_lists(pages: Mapping[str, bytes], source: Source, wanted: FilesFrom, show: Show) -> list[dict[str, Any]]:
    """`[[cast]]` entries for roles that are names, each with its episodes; people whom the manifest knows are left out.

    `pages` are the files by episode. What the manifest's pattern `roles` fits is no name (a waitress).
    """
    where = str(show.folder / "show.toml")
    line = pattern(wanted.cast_list, where, "cast_list")
    no_name = optional(wanted.roles, where, "roles")
    known = {fold(text) for member in show.cast if not member.episodes for text in (member.name, *member.aliases)}
    known |= {fold(text) for member in show.cast for text in member.labels}
    found: dict[str, list[str]] = {}
    for episode, data in pages.items():
        for text in text_of(data, source, episode).splitlines():
            match = line.fullmatch(text)
            role = _ASIDE.sub("", match["actor"] if _SELF.match(match["role"]) else match["role"]) if match else ""
            role = " ".join(role.replace('"', "").split()).strip(" .,?")
            if role[:1].isupper() and fold(role) not in known and (no_name is None or not no_name.fullmatch(role)):
                found.setdefault(role, []).append(episode)
    return [_entry(role, episodes) for role, episodes in sorted(found.items())]


def _entry(role: str, episodes: list[str]) -> dict[str, Any]:
    aliases = [role.rsplit(maxsplit=1)[-1]] if " " in role else []
    return {"name": role, "aliases": aliases, "episodes": sorted(set(episodes))}


def text_of(data: bytes, source: Source, name: str) -> str:
    """The text of a script, as its reader would see it."""
    options = dict(source.options)
    encoding = str(options.get("encoding", ""))
    if source.reader == "rdata_script":
        from parsing.readers.rdata import r_object

        vector = r_object(data, str(options.get("table", "")), encoding or "utf-8", name)
        text = "\n".join(part for part in vector.ravel().tolist() if isinstance(part, str))
    else:
        text = decode(data, name, encoding).text
    return Mender(options.get("mend"), name)(text, 0)
