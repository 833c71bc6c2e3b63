"""A card made into a show of one persona: `show.toml`, `voices.toml` and `graph.json.gz` in a folder.

Every command takes such a folder's `show.toml` like any other show's; what the card tells are facts of this show alone.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kg.cards.files import CardFile, read_card
from kg.cards.forms import BOOK, as_v3, book_of, version_of
from kg.cards.keys import compiled
from kg.cards.lore import Lore, book_lore, card_lore, with_lore
from kg.cards.statements import with_statements
from kg.graph import Graph, node_id
from parsing.commands import say
from parsing.errors import BadFile, BadInput
from parsing.manifest import Show, load_show

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SAID = re.compile(r"^\s*\{\{char\}\}\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"\*[^*]*\*|\([^)]*\)")
_MOST = 12  # lines of example talk that become the persona's
_LONGEST = 200  # characters of such a line


def import_card(path: Path, folder: Path, books: Sequence[Path] = ()) -> Show:
    """Write the folder, which must not exist yet, and read the show in it.

    Raises `BadFile` where a file is no card, a book no lorebook, or a key no regular expression; then nothing is left.
    """
    if folder.exists():
        raise BadInput(f"{folder} is there already: name a folder that isn't")
    card = read_card(path)
    if version_of(card.document) == BOOK:
        raise BadFile(f"{path}: is a lorebook, and nobody's: name a character card first, then the lorebook")
    data = as_v3(card.document)["data"]
    lore = _lore(path, card, data, [(book, read_card(book)) for book in books])
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".import-", dir=folder.parent))
    try:
        lore = _write(made, data, lore)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    notes = sum(fact.relation == "note" for fact in lore.facts)
    say(f"{data['name']}: {len(lore.facts)} facts, {notes} of them notes; {lore.about_user} about the user left out")
    return load_show(str(folder / "show.toml"))


def show_id(name: str) -> str:
    """The id of the show of a card: none that a show of the collection has."""
    return f"card_{node_id(name) or 'persona'}"


def _lore(path: Path, card: CardFile, data: dict[str, Any], books: Sequence[tuple[Path, CardFile]]) -> Lore:
    own = book_of(card.document)
    _check_keys(path, own)
    lore = card_lore(data, own)
    persona = lore.nodes[0]
    for book_path, book_file in books:
        book = book_of(book_file.document)
        if book is None:
            raise BadFile(f"{book_path}: has no lorebook in it")
        _check_keys(book_path, book)
        more = book_lore(book, persona.name, persona.id)
        nodes = {n.id: n for n in (*more.nodes, *lore.nodes)}
        facts = {f.id: f for f in (*lore.facts, *more.facts)}
        others = (n for n in nodes.values() if n.id != persona.id)
        lore = Lore((persona, *others), tuple(facts.values()), lore.about_user + more.about_user)
    return lore


def _check_keys(path: Path, book: dict[str, Any] | None) -> None:
    for n, entry in enumerate(book["entries"] if book else ()):
        for key in (*entry["keys"], *(entry.get("secondary_keys") or ())):
            try:
                compiled(key)
            except BadFile as error:
                raise BadFile(f"{path}: entry {n} of the lorebook: {error}") from None


def _write(folder: Path, data: dict[str, Any], lore: Lore) -> Lore:
    name = lore.nodes[0].name
    slug = lore.nodes[0].id
    (folder / "show.toml").write_text(_manifest(data, name, slug), encoding="utf-8")
    (folder / "voices.toml").write_text(_voices(data, slug), encoding="utf-8")
    lore = with_statements(lore, load_show(str(folder / "show.toml")))
    graph = with_lore(Graph(show_id(name), (), (), main=[slug]), lore)
    graph.save(folder / "graph.json.gz")
    return lore


def _manifest(data: dict[str, Any], name: str, slug: str) -> str:
    language = "ru" if re.search(r"[а-яё]", str(data["description"]).casefold()) else "en"
    nickname = str(data.get("nickname") or "").strip()
    rows = {
        "id": show_id(name), "title": f"the world of {name}", "language": language, "seasons": [1],
        "default_persona": name,
    }  # fmt: skip
    aliases = [nickname] if nickname and nickname != name.split(maxsplit=1)[0] else []
    member = {"name": name, "slug": slug, "aliases": aliases, "persona": True, "notes": _plain(data["personality"])}
    lines = ["# Made from a character card.", *_toml(rows), "", "[[cast]]", *_toml(member)]
    return "\n".join(lines) + "\n"


def _voices(data: dict[str, Any], slug: str) -> str:
    """Greetings of the card, and what it lets the character say in its example talk."""
    greetings = [_said(text, data) for text in (data["first_mes"], *data["alternate_greetings"])]
    examples = [_said(text, data) for text in _SAID.findall(str(data["mes_example"]))]
    chat = [line for line in examples if 0 < len(line) <= _LONGEST][:_MOST]
    lines = [f"[{slug}]", *(_toml({"chat": chat}) if chat else ())]
    greetings = [line for line in greetings if line]
    if greetings:
        lines += ["", f"[{slug}.says]", *_toml({"greeting": greetings})]
    return "\n".join(lines) + "\n"


def _said(text: object, data: dict[str, Any]) -> str:
    """A line without what is done in asterisks, and without the user's name."""
    said = re.sub(r"\{\{char\}\}", str(data["name"]).split()[0], _ACTION.sub(" ", _plain(text)), flags=re.IGNORECASE)
    said = re.sub(r",?\s*\{\{user\}\}", "", said, flags=re.IGNORECASE)
    return " ".join(said.replace('"', "").split())


def _plain(text: object) -> str:
    return _CONTROL.sub(" ", str(text)).strip()


def _toml(rows: dict[str, Any]) -> list[str]:
    """Keys and values of a TOML table; texts, lists and numbers are written there as in JSON."""
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items()]
