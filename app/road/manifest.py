"""The first stage: the manifest of the transcripts, drafted where there is none, and what one should look at in it."""

import os
from collections.abc import Sequence
from pathlib import Path

from parsing.commands import say
from parsing.errors import BadInput
from parsing.files import replacing
from parsing.guess.draft import common_folder, drafted, files_in
from parsing.guess.manifest_text import ident_of
from parsing.manifest import SHOWS, Show, load_show
from parsing.sources import listed

NAME = "show.toml"
_FEW = 5


def manifest_for(paths: Sequence[Path], shows: Path | None = None, title: str = "") -> tuple[Path, bool]:
    """(the manifest of these transcripts, was it drafted just now).

    It stands beside the transcripts, or in `shows/<id>/`. Raises `NotFound` for a missing path, `BadInput` where
    nothing in the files looks like speech or the folder can't be written to.
    """
    if len(paths) == 1 and paths[0].suffix == ".toml":
        return paths[0].resolve(), False
    files = files_in(paths)
    base = common_folder(files)
    if (beside := base / NAME).is_file():
        return beside, False
    if shows is not None and (made := _made_before(shows, base)) is not None:
        return made, False
    taken = {path.parent.name for path in SHOWS.glob(f"*/{NAME}")} | (
        {path.parent.name for path in shows.glob(f"*/{NAME}")} if shows is not None else set()
    )
    stem = title or (paths[0].resolve().stem if len(paths) == 1 else base.name)
    home = shows / ident_of(stem) if shows is not None else base
    try:
        draft = drafted(paths, home, title, taken)
    except BadInput as error:
        raise BadInput(f"{', '.join(map(str, paths))}: no transcripts there: {error}") from None
    _check(draft.cues_found, draft.text, paths, draft.files)
    path = (shows / draft.ident if shows is not None else base) / NAME
    _write(path, draft.text)
    for name, why in list(draft.skipped.items())[:_FEW]:
        say(f"      left out: {why if name in why else f'{name}: {why}'}")
    return path, True


def _made_before(shows: Path, base: Path) -> Path | None:
    """The manifest in the folder of shows whose transcripts lie in `base`."""
    for path in sorted(shows.glob(f"*/{NAME}")):
        if any(source.folder and Path(source.folder) == base for source in load_show(str(path)).sources):
            return path
    return None


def _check(cues_found: bool, text: str, paths: Sequence[Path], files: int) -> None:
    where = ", ".join(map(str, paths))
    if not cues_found:
        raise BadInput(
            f"{where}: nothing in the {files} file(s) looks like speech (`NAME: text`); if it is, "
            f"`python -m parsing --guess {paths[0]} --out {common_folder(files_in(paths)) / NAME}` drafts a manifest "
            "with one line to mend, and this command goes on from it"
        )
    if "persona = true" not in text:
        raise BadInput(f"{where}: nobody in it speaks often enough to talk to: are these all the transcripts?")


def _write(path: Path, text: str) -> None:
    folder = next(p for p in (path.parent, *path.parents) if p.is_dir())
    if not os.access(folder, os.W_OK):
        raise BadInput(f"{folder} can't be written to: name a folder for your shows with --shows")
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def told(show: Show, path: Path, fresh: bool) -> list[str]:
    """What a person should look at in a manifest, line by line."""
    personas = ", ".join(f"{m.name} ({m.slug})" for m in show.personas)
    lines = [
        f"      {'wrote' if fresh else 'read'} {path}",
        f"      {show.title}: language {show.language}, {len(show.episodes)} episodes, {len(show.cast)} people, "
        f"personas {personas}",
    ]
    if fresh:
        lines.append("      mend what is wrong in it and give the same command again: what it changes is done anew")
    return lines


def source_files(show: Show) -> list[Path]:
    """The transcripts that a manifest lists and that lie on this machine. Raises `BadManifest`."""
    home = show.folder
    return [
        home / source.folder / str(entry["path"])
        for source in show.sources
        if not source.base_url
        for entry in listed(show, source)
    ]


def unlisted(paths: Sequence[Path], known: Sequence[Path]) -> list[Path]:
    """Files of the same kinds in the folders named that the manifest doesn't list."""
    if len(paths) == 1 and paths[0].suffix == ".toml":
        return []
    listed_ones, kinds = {path.resolve() for path in known}, {path.suffix for path in known}
    return [path for path in files_in(paths) if path.suffix in kinds and path not in listed_ones]
