"""`python -m parsing plays --pin`: write collection.csv and cast.csv of a collection from the files in the mirror."""

import csv
import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from parsing.collection import CAST, CAST_COLUMNS, INDEX, INDEX_COLUMNS, settings
from parsing.errors import BadManifest, NotFound
from parsing.fetch import mirror_folder
from parsing.files import replacing
from parsing.readers.tei import Person, read, read_about, read_people
from parsing.russian_names import ListedName, fold, further_names, match_names


def pin_collection(path: Path) -> list[Path]:
    """Write the lists of the collection whose show.toml this is; returns what was written."""
    manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    table = settings(manifest, path.parent)
    (source,) = manifest["source"]
    if source["reader"] != "tei":
        raise BadManifest(f"{path}: only collections of plays (reader 'tei') can be pinned, not '{source['reader']}'")
    mirror = mirror_folder()
    files = sorted((mirror / source["mirror"]).glob(table["path"].format(id="*"))) if mirror else []
    if not files:
        raise NotFound(f"no file {source['mirror']}/{table['path']} in the mirror: set CANON_MIRROR to pin {path}")
    diminutives = read_diminutives(path.parent / table["diminutives"]) if "diminutives" in table else {}
    index, people = [], []
    for file in tqdm(files, desc="plays", leave=False, disable=None):
        data = file.read_bytes()
        index.append(index_row(data, file.stem, source.get("options", {})))
        people += cast_rows(data, file.stem, int(table.get("personas", 0)), diminutives)
    _write(path.parent / INDEX, INDEX_COLUMNS, index)
    _write(path.parent / CAST, CAST_COLUMNS, people)
    return [path.parent / INDEX, path.parent / CAST]


def read_diminutives(path: Path) -> dict[str, tuple[str, ...]]:
    """Folded first name -> diminutives."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {fold(row["name"]): tuple(row["diminutives"].split()) for row in csv.DictReader(lines)}


def index_row(data: bytes, play: str, options: Mapping[str, Any]) -> dict[str, str]:
    """A play's row in collection.csv."""
    about = read_about(data, play)
    last = max(block.episode for block in read(data, options, play))
    sha256 = hashlib.sha256(data).hexdigest()
    row = {"id": play, "title": about.title, "author": about.author, "year": about.year}
    return row | {"seasons": str(int(last[4:])), "sha256": sha256}


def cast_rows(data: bytes, play: str, personas: int, diminutives: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """A play's rows in cast.csv: full names from its list of persons, who speaks most first."""
    speeches = Counter(who for block in read(data, {}, play) if block.kind == "speech" for who in block.who)
    people = sorted(read_people(data, play), key=lambda p: -speeches[p.id])
    full = match_names([p.name for p in people], read_about(data, play).listed)
    aliases = {p.id: _aliases(p, full.get(p.name), diminutives) for p in people}
    shared = {alias for alias, count in Counter(a for found in aliases.values() for a in found).items() if count > 1}
    names = _unique((p, full[p.name].full if p.name in full else p.name) for p in people)
    own = set(names.values())
    rows = []
    for number, person in enumerate(people):
        further = [a for a in aliases[person.id] if a not in shared and a not in own]
        labels = [f"#{person.id}", *(label for label in person.labels if label not in further)]
        row = {"show": play, "name": names[person.id], "gender": person.gender, "aliases": "|".join(further)}
        row |= {"labels": "|".join(labels), "persona": "yes" if number < personas and speeches[person.id] else ""}
        rows.append(row)
    return rows


def _aliases(person: Person, name: ListedName | None, diminutives: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What a person is called; where no list tells the full name, a first name alone has diminutives too."""
    further = further_names(name, diminutives) if name else tuple(diminutives.get(fold(person.name), ()))
    called = (person.name, *person.variants, *further)
    return tuple(dict.fromkeys(a for a in called if not name or a != name.full))


def _unique(people: Iterable[tuple[Person, str]]) -> dict[str, str]:
    """Names by id; those who share a name are told apart by a number."""
    seen: Counter[str] = Counter()
    names: dict[str, str] = {}
    for person, name in people:
        seen[name] += 1
        names[person.id] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
