"""Cards and lorebooks as people write them, for Hypothesis: every field of the specifications, and unknown ones."""

from typing import Any

from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
NAME = TEXT.filter(lambda text: bool(text.strip()))
TEXTS = st.lists(TEXT, max_size=3)
KEYS = st.lists(st.one_of(TEXT, st.just("/\\bRed\\b/i")), max_size=3)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXT, inner, max_size=2)),
    max_leaves=4,
)
UNKNOWN = st.dictionaries(st.text("xyz_", min_size=4, max_size=8), JSON, max_size=2)
EXTENSIONS = st.dictionaries(TEXT, JSON, max_size=2)


def having(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with all of the first, some of the second, and fields nobody knows."""
    known = st.fixed_dictionaries(required, optional=optional)
    return st.tuples(UNKNOWN, known).map(lambda pair: {**pair[0], **pair[1]})


ENTRY_MUST = {
    "keys": KEYS, "content": TEXT, "extensions": EXTENSIONS, "enabled": st.booleans(),
    "insertion_order": st.integers(0, 999),
}  # fmt: skip
ENTRY_MAY = {
    "case_sensitive": st.booleans(), "name": TEXT, "priority": st.integers(0, 99), "id": st.integers(0, 99),
    "comment": TEXT, "selective": st.booleans(), "secondary_keys": KEYS, "constant": st.booleans(),
    "position": st.sampled_from(["before_char", "after_char"]),
}  # fmt: skip
BOOK_MAY = {
    "name": TEXT, "description": TEXT, "scan_depth": st.integers(0, 9), "token_budget": st.integers(0, 9_999),
    "recursive_scanning": st.booleans(),
}  # fmt: skip
ENTRY_V2 = having(ENTRY_MUST, ENTRY_MAY)
ENTRY_V3 = having(ENTRY_MUST | {"use_regex": st.booleans()}, ENTRY_MAY)
BOOK_V2 = having({"extensions": EXTENSIONS, "entries": st.lists(ENTRY_V2, max_size=3)}, BOOK_MAY)
BOOK_V3 = having({"extensions": EXTENSIONS, "entries": st.lists(ENTRY_V3, max_size=3)}, BOOK_MAY)
SIX = {"name": NAME} | dict.fromkeys(("description", "personality", "scenario", "first_mes", "mes_example"), TEXT)
DATA = SIX | {
    "creator_notes": TEXT, "system_prompt": TEXT, "post_history_instructions": TEXT, "alternate_greetings": TEXTS,
    "tags": TEXTS, "creator": TEXT, "character_version": TEXT, "extensions": EXTENSIONS,
}  # fmt: skip
ASSET = having(dict.fromkeys(("type", "uri", "name", "ext"), TEXT), {})
DATA_V3_MAY = {
    "assets": st.lists(ASSET, max_size=2), "nickname": TEXT, "source": TEXTS, "creation_date": st.integers(0, 2**31),
    "modification_date": st.integers(0, 2**31), "creator_notes_multilingual": st.dictionaries(TEXT, TEXT, max_size=2),
    "character_book": BOOK_V3,
}  # fmt: skip


def spec(name: str, version: str, data: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return having({"spec": st.just(name), "spec_version": st.just(version), "data": data}, {})


CARD_V1 = having(SIX, {})
CARD_V2 = spec("chara_card_v2", "2.0", having(DATA, {"character_book": BOOK_V2}))
CARD_V3 = spec("chara_card_v3", "3.0", having(DATA | {"group_only_greetings": TEXTS}, DATA_V3_MAY))
LOREBOOK = having({"spec": st.just("lorebook_v3"), "data": BOOK_V3}, {})
WORLD_ENTRY = having(
    {
        "key": KEYS, "keysecondary": KEYS, "comment": TEXT, "content": TEXT, "constant": st.booleans(),
        "selective": st.booleans(), "selectiveLogic": st.integers(0, 3), "order": st.integers(0, 999),
        "position": st.integers(0, 6), "disable": st.booleans(), "probability": st.integers(0, 100),
        "depth": st.integers(0, 9), "group": TEXT, "sticky": st.integers(0, 5),
        "caseSensitive": st.sampled_from([None, True, False]), "matchWholeWords": st.sampled_from([None, True, False]),
    },
    {"role": st.sampled_from([None, 0, 1, 2]), "cooldown": st.integers(0, 5), "vectorized": st.booleans()},
)  # fmt: skip
WORLD = having(
    {
        "entries": st.lists(WORLD_ENTRY, max_size=3).map(
            lambda entries: {str(uid): {**entry, "uid": uid} for uid, entry in enumerate(entries)}
        )
    },
    {"name": TEXT},
)
