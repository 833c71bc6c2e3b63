"""Which entries of a lorebook a message brings in, and why: the reader's side of a book, to try one out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.cards.keys import any_fires
from kg.cards.tokens import tokens


@dataclass(frozen=True)
class Fired:
    """An entry that comes in."""

    name: str
    why: str  # the key that matched, with the secondary one; "constant"
    tokens: int
    kept: bool  # does it fit into the book's budget?
    content: str


def fired(book: Mapping[str, Any], text: str) -> list[Fired]:
    """The entries that come in, in the order of the book; of lowest priority those that the budget leaves out.

    Raises `BadFile` for a key that takes too long or is no pattern.
    """
    found = [(entry, why) for entry in book["entries"] if entry["enabled"] and (why := _why(entry, text))]
    ranked = sorted(found, key=lambda pair: (not pair[0].get("constant"), -(pair[0].get("priority") or 0)))
    left = book.get("token_budget") or sum(tokens(entry["content"]) for entry, _ in found)
    kept = set()
    for entry, _ in ranked:
        if tokens(entry["content"]) <= left:
            left -= tokens(entry["content"])
            kept.add(id(entry))
    return [Fired(_name(e), why, tokens(e["content"]), id(e) in kept, e["content"]) for e, why in found]


def _why(entry: Mapping[str, Any], text: str) -> str:
    if entry.get("constant"):
        return "constant"
    extensions = entry.get("extensions") or {}
    how = {
        "case_sensitive": bool(entry.get("case_sensitive")),
        "whole_words": bool(extensions.get("match_whole_words")),
    }
    first = any_fires(entry["keys"], text, **how)
    if not first or not entry.get("selective") or not entry.get("secondary_keys"):
        return first
    second = any_fires(entry["secondary_keys"], text, **how)
    return f"{first} and {second}" if second else ""


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or entry.get("comment") or ", ".join(entry["keys"][:1]))
