"""A card imported: what it tells becomes facts of a show of its own, and the persona talks with them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kg.__main__ import app
from kg.cards.files import CardFile, write_png
from kg.cards.forms import as_v2, as_v3, as_world, full_book
from kg.cards.imports import import_card
from kg.cards.lore import book_lore, card_lore, with_lore
from kg.cards.portrait import portrait
from kg.graph import Graph, load_graph
from kg.talk import read_message, reading_row, view
from kg.telling import as_said
from kg.types import Fact
from parsing.errors import BadFile, BadInput, CanonError
from parsing.manifest import Show, list_shows, load_show

ALICE = {
    "name": "Alice Hargreave",
    "description": "{{char}} is a witch who lives in a crooked tower by the sea. She keeps a raven called Plum. "
    "{{char}} lost her left hand in a storm. {{user}} is her apprentice.\n[Age: 34; Occupation: witch; Hair: red]",
    "personality": "Dry and kind.",
    "scenario": "",
    "first_mes": '*looks up* "Oh, it\'s you, {{user}}. Mind the cat."',
    "mes_example": "<START>\n{{user}}: Hello\n{{char}}: *sighs* You're late again.",
}


def entry(*keys: str, content: str, **more: Any) -> dict[str, Any]:
    return {"keys": list(keys), "content": content, "extensions": {}, "enabled": True, "insertion_order": 1} | more


BOOK = {
    "extensions": {},
    "entries": [
        entry("Plum", "the raven", content="Plum is a raven who can count to nine."),
        entry("Saltmere", content="@@depth 3\nSaltmere is a drowned village. It rings its bell at low tide."),
        entry("Nobody", content="Nobody is a ghost.", enabled=False),
    ],
}


def document() -> dict[str, Any]:
    return as_v2(as_v3({**ALICE, "character_book": full_book(BOOK)}))


@pytest.fixture
def alice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Show, Graph]:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    path = tmp_path / "alice.png"
    path.write_bytes(write_png(CardFile(document(), portrait("Alice", "#556677"))))
    show = import_card(path, tmp_path / "alice")
    return show, load_graph(show)


def test_sentences_become_notes_and_lines_relations(alice: tuple[Show, Graph]) -> None:
    facts = {(f.subject, f.relation, f.object): f.extractor for f in alice[1].stored}
    me = "alice_hargreave"
    assert facts == {
        (me, "note", "Alice is a witch who lives in a crooked tower by the sea."): "card",
        (me, "note", "Alice keeps a raven called Plum."): "card",
        (me, "note", "Alice lost Alice's left hand in a storm."): "card",
        (me, "note", "Alice's hair is red."): "card",
        (me, "age", "34"): "card",
        (me, "job", "witch"): "card",
        ("plum", "note", "Plum is a raven who can count to nine."): "lorebook",
        ("saltmere", "note", "Saltmere is a drowned village."): "lorebook",
        ("saltmere", "note", "Saltmere rings its bell at low tide."): "lorebook",
    }
    assert all(f.known_by == {me: "S01E01"} for f in alice[1].stored)


def test_the_persona_and_its_lines_are_those_of_the_card(alice: tuple[Show, Graph]) -> None:
    import tomllib

    member = alice[0].persona("Alice")
    assert (member.name, member.notes) == ("Alice Hargreave", "Dry and kind.")
    voices = tomllib.loads((alice[0].folder / "voices.toml").read_text(encoding="utf-8"))
    assert voices["alice_hargreave"] == {
        "chat": ["You're late again."],
        "says": {"greeting": ["Oh, it's you. Mind the cat."]},
    }


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("How old are you?", "I'm 34."), ("What do you do for a living?", "I'm a witch.")],
)
def test_a_question_is_answered_from_the_card(question: str, sentence: str, alice: tuple[Show, Graph]) -> None:
    show, graph = alice
    stripped, persona = view(graph, show, "alice", None)
    row = reading_row(read_message(question, stripped, show, persona))
    assert [(a["answer"], a["sentence"]) for a in row["asks"]] == [("known", sentence)]
    assert row["facts"][0]["extractor"] == "card"


def test_a_lorebook_is_laid_beside_a_show_and_can_be_told_from_it(graph: Graph) -> None:
    book = full_book(
        {"entries": [entry("Ross Geller", content="Ross wrote a song."), entry("Mona", content="A cat ran off.")]}
    )
    together = with_lore(graph, book_lore(book, "Monica Geller", "monica_geller"))
    new = [f for f in together.stored if f.extractor == "lorebook"]
    assert [(f.subject, f.object) for f in new] == [("mona", "A cat ran off."), ("ross_geller", "Ross wrote a song.")]
    assert together.nodes["ross_geller"] == graph.nodes["ross_geller"]
    assert [f for f in together.stored if f.extractor != "lorebook"] == list(graph.stored)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("Alice is a witch.", "I am a witch."),
        ("Alice keeps a raven.", "I keep a raven."),
        ("Alice isn't here.", "I'm not here."),
        ("Alice doesn't know Bob.", "I don't know Bob."),
        ("Bob said that Alice misses Bob.", "Bob said that I miss Bob."),
        ("Alice was late.", "I was late."),
        ("Alice told Bob about Alice's cats.", "I told Bob about my cats."),
    ],
)
def test_a_note_in_the_present_is_told_in_the_first_person(note: str, said: str) -> None:
    assert as_said(note, "Alice") == said


def test_what_one_card_tells_survives_being_exported_and_imported_again(alice: tuple[Show, Graph]) -> None:
    from kg.exports import Order, export

    show, graph = alice
    text = export(Order(graph.at("S01E01", "alice_hargreave"), show, show.persona("alice")), "card")[""]
    again = card_lore(json.loads(text)["data"], json.loads(text)["data"]["character_book"])
    told = " ".join(fact.object for fact in again.facts)
    for fact in graph.stored:
        assert fact.object.removeprefix("Alice's ") in told


def test_books_are_added_and_a_lorebook_alone_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    card, world = tmp_path / "card.json", tmp_path / "world.json"
    card.write_text(json.dumps(ALICE), encoding="utf-8")
    world.write_text(json.dumps(as_world(full_book(BOOK))), encoding="utf-8")
    graph = load_graph(import_card(card, tmp_path / "made", [world]))
    assert {"plum", "saltmere"} <= set(graph.nodes) and "nobody" not in graph.nodes
    with pytest.raises(BadFile, match="is a lorebook, and nobody's"):
        import_card(world, tmp_path / "other")
    with pytest.raises(BadFile, match="has no lorebook in it"):
        import_card(card, tmp_path / "other", [card])
    with pytest.raises(BadInput, match="is there already"):
        import_card(card, tmp_path / "made")


@pytest.mark.parametrize("key", ["/(Plum/", f"/{'a' * 500}/"])
def test_a_book_with_a_broken_key_leaves_nothing_behind(key: str, tmp_path: Path) -> None:
    card = tmp_path / "card.json"
    book = full_book({"entries": [entry("Plum", content="x"), entry(key, content="Plum is a raven.")]})
    card.write_text(json.dumps(ALICE | {"character_book": book}), encoding="utf-8")
    with pytest.raises(BadFile, match="entry 1 of the lorebook: the key"):
        import_card(card, tmp_path / "made")
    assert list(tmp_path.iterdir()) == [card]


def test_when_writing_fails_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = tmp_path / "card.json"
    card.write_text(json.dumps(ALICE), encoding="utf-8")

    def full(self: Graph, path: Path) -> None:
        raise BadFile(f"{path}: No space left on device")

    monkeypatch.setattr(Graph, "save", full)
    with pytest.raises(CanonError, match="No space left"):
        import_card(card, tmp_path / "made")
    assert list(tmp_path.iterdir()) == [card]


def test_an_imported_show_is_none_of_the_collection(alice: tuple[Show, Graph]) -> None:
    assert alice[0].id == "card_alice_hargreave" and alice[0].id not in list_shows()
    assert load_show(str(alice[0].folder / "show.toml")).id == alice[0].id


def test_strange_texts_make_a_manifest_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    odd = 'a "quote" \\ back\x00slash\n\ttab \x7f é 😀'
    card = tmp_path / "card.json"
    card.write_text(
        json.dumps({**ALICE, "name": 'Zoë "Z" O\'Neil', "personality": odd, "mes_example": odd}), encoding="utf-8"
    )
    show = import_card(card, tmp_path / "made")
    assert show.personas[0].name == 'Zoë "Z" O\'Neil'
    assert show.personas[0].notes.startswith('a "quote" \\ back slash')


def test_the_command_prints_where_the_show_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    card = tmp_path / "card.json"
    card.write_text(json.dumps(document()), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["kg", "import", str(card), "--out", str(tmp_path / "made")])
    with pytest.raises(SystemExit) as ended:
        app()
    out, err = capsys.readouterr()
    assert ended.value.code == 0
    assert Path(out.strip()) == tmp_path / "made" / "show.toml"
    assert "9 facts, 7 of them notes; 1 about the user left out" in err


def test_what_a_sentence_states_is_a_relation_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    told = (
        "{{char}} is a baker. {{char}}'s brother is Tom Reed. {{char}} used to live in Paris. {{char}} isn't married."
    )
    book = full_book(
        {"entries": [entry("Tom Reed", content="Tom is married to Ida."), entry("Ida", content="Ida bakes.")]}
    )
    card = tmp_path / "card.json"
    card.write_text(json.dumps({**ALICE, "description": told, "character_book": book}), encoding="utf-8")
    show = import_card(card, tmp_path / "made")
    graph = load_graph(show)
    stated = {(f.subject, f.relation, f.object): f.extractor for f in graph.stored if f.relation != "note"}
    assert stated == {
        ("alice_hargreave", "job", "baker"): "card",
        ("alice_hargreave", "sibling", "tom_reed"): "card",
        ("tom_reed", "spouse", "ida"): "lorebook",
    }
    assert {n.id: (n.type, n.gender) for n in graph.nodes.values()} == {
        "alice_hargreave": ("person", ""),
        "tom_reed": ("person", "male"),
        "ida": ("person", ""),
    }
    stripped, persona = view(graph, show, "alice", None)
    (ask,) = reading_row(read_message("Who is your brother's wife?", stripped, show, persona))["asks"]
    assert ask["answer"] == "known" and "Ida" in ask["sentence"]


def test_a_card_of_ours_read_back_states_mostly_what_its_graph_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.exports import Order, export
    from kg.store import read_graph

    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    friends = load_show("friends")
    edition = read_graph(friends.folder / "graph.json.gz").at("S05E10", "joey_tribbiani")
    export(Order(edition, friends, friends.persona("joey")), "charx", tmp_path / "joey.charx")
    back = load_graph(import_card(tmp_path / "joey.charx", tmp_path / "joey"))

    def triples(graph: Graph, facts: Iterable[Fact]) -> set[tuple[str, ...]]:
        """By first names, since a card says names as friends do."""
        ends = ((graph.name(f.subject), f.relation, graph.name(f.object)) for f in facts if f.relation != "note")
        return {(subject.split()[0], relation, (object_.split() or [""])[0]) for subject, relation, object_ in ends}

    stated = triples(back, back.stored)
    assert len(stated) > 250
    assert len(stated & triples(edition, edition.facts)) > 0.85 * len(stated)
