"""One form of card or book turned into another, with nothing lost: V1, V2, V3, a lorebook, SillyTavern's world info.

A card is handled as V3 inside. Fields that a form doesn't know stay where they are, or lie in `extensions`.
Sources: the V1, V2 and V3 specifications of character cards; SillyTavern's world info files.
"""

import copy
from collections.abc import Mapping
from typing import Any

from parsing.errors import BadFile

Document = dict[str, Any]
V1, V2, V3, BOOK = "1", "2", "3", "lorebook_v3"
TEXTS = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
_V2: Mapping[str, Any] = {
    "creator_notes": "", "system_prompt": "", "post_history_instructions": "", "alternate_greetings": [], "tags": [],
    "creator": "", "character_version": "", "extensions": {},
}  # fmt: skip
_V3: Mapping[str, Any] = {"group_only_greetings": []}
_ENTRY: Mapping[str, Any] = {"keys": [], "content": "", "extensions": {}, "enabled": True, "insertion_order": 100}
_POSITIONS = ("before_char", "after_char")
_WORLD: Mapping[str, Any] = {  # what SillyTavern gives a new entry
    "key": [], "keysecondary": [], "comment": "", "content": "", "constant": False, "vectorized": False,
    "selective": True, "selectiveLogic": 0, "addMemo": True, "order": 100, "position": 0, "disable": False,
    "ignoreBudget": False, "excludeRecursion": False, "preventRecursion": False, "delayUntilRecursion": False,
    "probability": 100, "useProbability": True, "depth": 4, "group": "", "groupOverride": False, "groupWeight": 100,
    "scanDepth": None, "caseSensitive": None, "matchWholeWords": None, "useGroupScoring": None, "automationId": "",
    "role": None, "sticky": 0, "cooldown": 0, "delay": 0,
}  # fmt: skip


def version_of(document: Any) -> str:
    """`V1`, `V2`, `V3` or `BOOK`. Raises `BadFile` for what is no card and no lorebook."""
    if not isinstance(document, dict):
        raise BadFile(f"no character card: expected a JSON object, found {type(document).__name__}")
    spec = document.get("spec")
    if spec in {"chara_card_v2", "chara_card_v3"}:
        if not isinstance(document.get("data"), dict):
            raise BadFile(f"a {spec} without its 'data'")
        return V3 if spec == "chara_card_v3" else V2
    if spec == "lorebook_v3" or "entries" in document:
        return BOOK
    if spec is None and "name" in document:
        return V1
    raise BadFile(f"no character card or lorebook that is known: spec {str(spec)[:40]!r} and no 'name' or 'entries'")


def as_v3(document: Document) -> Document:
    """A card of any version as V3; the fields that V3 wants are filled in. Raises `BadFile`."""
    version = version_of(document)
    if version == BOOK:
        raise BadFile("this is a lorebook, not a character card")
    card = copy.deepcopy(document)
    if version == V1:
        card = {"data": card}
    data = card["data"]
    for name, empty in {**dict.fromkeys(TEXTS, ""), **_V2, **_V3}.items():
        if data.get(name) is None:
            data[name] = copy.deepcopy(empty)
    if isinstance(data.get("character_book"), dict):
        data["character_book"] = full_book(data["character_book"])
    return {**card, "spec": "chara_card_v3", "spec_version": "3.0"}


def as_v2(document: Document) -> Document:
    """A card as V2. What V3 has besides stays: readers of V2 must not destroy it."""
    return {**as_v3(document), "spec": "chara_card_v2", "spec_version": "2.0"}


def as_v1(document: Document) -> Document:
    """The six texts of V1."""
    data = as_v3(document)["data"]
    return {name: data[name] for name in TEXTS}


def full_book(book: Document) -> Document:
    """A character book with the fields that are mandatory. Raises `BadFile`."""
    entries = book.get("entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadFile("a lorebook's 'entries' must be a list of objects")
    filled = {"extensions": {}, **copy.deepcopy(book)}
    filled["entries"] = [{**copy.deepcopy(dict(_ENTRY)), "use_regex": False, **entry} for entry in filled["entries"]]
    return filled


def plain_book(book: Document) -> Document:
    """A book of ours for readers of V2: names in place of patterns."""
    plain = copy.deepcopy(book)
    for entry in plain["entries"]:
        ours = entry.get("extensions", {}).get("canon", {})
        if "plain" in ours:
            entry |= {"keys": ours["plain"], "use_regex": False, "case_sensitive": bool(ours.get("common"))}
        if "plain_secondary" in ours:
            entry["secondary_keys"] = ours["plain_secondary"]
    return plain


def as_lorebook(book: Document) -> Document:
    """A lorebook alone, in the form of V3."""
    return {"spec": "lorebook_v3", "data": full_book(book)}


def book_of(document: Document) -> Document | None:
    """The character book of a card or of a lorebook of any form; None where a card has none. Raises `BadFile`."""
    if version_of(document) != BOOK:
        book = as_v3(document)["data"].get("character_book")
        return book if isinstance(book, dict) else None
    if document.get("spec") == "lorebook_v3":
        data = document.get("data")
        if not isinstance(data, dict):
            raise BadFile("a lorebook_v3 without its 'data'")
        return full_book(data)
    return from_world(document) if isinstance(document["entries"], dict) else full_book(document)


def as_world(book: Document) -> Document:
    """SillyTavern's world info file. The book itself rides along as `originalData`, as SillyTavern does it."""
    entries = {str(n): _world_entry(entry, n) for n, entry in enumerate(book["entries"])}
    return {"entries": entries, "originalData": copy.deepcopy(book)}


def from_world(document: Document) -> Document:
    """The character book of a world info file; entries keep what a book has no field for in `extensions`."""
    entries = document["entries"]
    if not all(isinstance(entry, dict) for entry in entries.values()):
        raise BadFile("the entries of a world info file must be objects")
    original = document.get("originalData")
    book = copy.deepcopy(original) if isinstance(original, dict) else {}
    before = dict(enumerate(book.get("entries", ())))
    more = {key: value for key, value in document.items() if key not in {"entries", "originalData"}}
    if more:
        book.setdefault("extensions", {})["world_info"] = copy.deepcopy(more)
    book["entries"] = [_book_entry(entry, before.get(entry.get("uid", -1))) for entry in entries.values()]
    return full_book(book)


def _world_entry(entry: Mapping[str, Any], uid: int) -> Document:
    extensions = entry.get("extensions") or {}
    kept = extensions.get("world_info") or {}
    position = entry.get("position", "before_char")
    return {
        **copy.deepcopy(dict(_WORLD)),
        **copy.deepcopy(kept),
        "uid": uid,
        "displayIndex": uid,
        "key": list(entry["keys"]),
        "keysecondary": list(entry.get("secondary_keys") or ()),
        "comment": entry.get("comment") or entry.get("name") or "",
        "content": entry["content"],
        "constant": bool(entry.get("constant")),
        "selective": bool(entry.get("selective", kept.get("selective", True))),
        "order": entry["insertion_order"],
        "position": kept.get("position") or (_POSITIONS.index(position) if position in _POSITIONS else 0),
        "disable": not entry["enabled"],
        "caseSensitive": entry.get("case_sensitive"),
        "matchWholeWords": extensions.get("match_whole_words"),
    }


def _book_entry(entry: Mapping[str, Any], original: Document | None) -> Document:
    """An entry of a world info file; `original` is the book's entry that it was made from, if it was."""
    book = copy.deepcopy(original) if original else {}
    position = entry.get("position", 0)
    book |= {
        "keys": list(entry.get("key") or ()),
        "secondary_keys": list(entry.get("keysecondary") or ()),
        "comment": entry.get("comment") or "",
        "content": entry.get("content") or "",
        "constant": bool(entry.get("constant")),
        "selective": bool(entry.get("selective", True)),
        "insertion_order": entry.get("order", 100),
        "enabled": not entry.get("disable", False),
        "position": _POSITIONS[1] if position == 1 else _POSITIONS[0],
        "use_regex": any(str(key).startswith("/") for key in entry.get("key") or ()),
    }
    if entry.get("caseSensitive") is not None:
        book["case_sensitive"] = bool(entry["caseSensitive"])
    extensions = book.setdefault("extensions", {})
    if entry.get("matchWholeWords") is not None:
        extensions["match_whole_words"] = bool(entry["matchWholeWords"])
    extensions["world_info"] = copy.deepcopy(dict(entry))
    return book
