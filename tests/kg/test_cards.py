"""Cards and lorebooks compiled from a graph: what is in them, what must not be, and when their entries fire."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_card_files import valid

from kg.cards import forms
from kg.cards.compile import LEAST, card
from kg.cards.files import parse_card, read_card
from kg.cards.firing import fired
from kg.cards.keys import SECONDS, any_fires, fires, keys_of, pattern_of
from kg.cards.lorebook import lorebook
from kg.cards.persona import Sheet, sheet_of
from kg.cards.spoilers import later_claims, later_names, texts_of
from kg.cards.tokens import fitting, tokens
from kg.exports import FORMATS, Order, edition, export
from kg.graph import Graph
from kg.store import read_graph
from parsing.errors import BadFile, BadInput
from parsing.manifest import ROOT, SHOWS, Show, load_show

MONICA = Sheet("monica_geller", "Monica Geller", "Monica", "Tidy.", "#2f8f83", abstain=("No idea.",))


@pytest.fixture(scope="module")
def friends() -> tuple[Show, Graph]:
    return load_show("friends"), read_graph(SHOWS / "friends" / "graph.json.gz")


def made(graph: Graph, as_of: str = "S10E18", budget: int = 600) -> dict[str, Any]:
    return card(edition(graph.at(as_of, MONICA.node)), "A sitcom", MONICA, budget)


def entries(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Entries of a card by what they are about."""
    return {e["comment"].split(" (")[0]: e for e in document["data"]["character_book"]["entries"]}


def test_a_card_says_what_the_persona_is_and_how_it_talks(graph: Graph) -> None:
    data = made(graph)["data"]
    assert data["name"] == "Monica Geller" and data["nickname"] == "Monica" and data["personality"] == "Tidy."
    assert "Monica is married to Chandler." in data["description"]
    assert "Monica is a chef." in data["description"]
    assert "{{user}}: Are you married?\n{{char}}: Yes. I'm married to Chandler." in data["mes_example"]
    assert data["mes_example"].endswith("{{char}}: No idea.")
    assert data["extensions"]["canon"] | {"facts": 0, "colour": ""} == {
        "show": "sitcom", "persona": "monica_geller", "as_of": "S10E18", "knower": "monica_geller", "facts": 0,
        "colour": "",
    }  # fmt: skip


def test_a_card_of_an_early_season_tells_nothing_of_a_later_one(graph: Graph) -> None:
    early = json.dumps(made(graph, "S04E01"))
    assert "Chandler" in early and "married to Chandler" not in early and "dating" not in early
    assert "Emma" not in early and "Mike" not in early
    assert "dating Chandler" in json.dumps(made(graph, "S06E01"))


def test_a_lorebook_holds_what_the_persona_knows_and_no_more(graph: Graph) -> None:
    known = lorebook(graph.at("S05E01", "phoebe_buffay"), "A sitcom", "phoebe_buffay")
    shown = lorebook(graph.at("S05E01"), "A sitcom")
    told = [" ".join(e["content"] for e in book["entries"]) for book in (known, shown)]
    assert "dating" not in told[0] and "Monica is dating Chandler." in told[1]
    assert known["name"] == "A sitcom, what Phoebe Buffay knows, up to S05E01"


def test_what_the_description_says_is_not_said_again_in_the_lorebook(graph: Graph) -> None:
    document = made(graph)
    own = entries(document).get("Monica Geller")
    said = set(re.split(r"(?<=\.) ", document["data"]["description"]))
    assert own is None or said.isdisjoint(re.split(r"(?<=\.) ", own["content"]))
    assert "Jack's daughter is Monica." in entries(document)["Jack Geller"]["content"]


@pytest.mark.parametrize("budget", [LEAST, 300, 1_200])
def test_a_budget_is_kept(budget: int, friends: tuple[Show, Graph]) -> None:
    show, graph = friends
    data = card(graph.at("S05E24", "joey_tribbiani"), show.title, sheet_of(show, show.persona("joey")), budget)["data"]
    permanent = (data[name] for name in ("description", "personality", "scenario", "mes_example"))
    used = sum(map(tokens, permanent))
    assert 0.6 * budget < used <= budget
    assert data["character_book"]["token_budget"] == budget
    assert all(tokens(e["content"]) <= budget // 4 for e in data["character_book"]["entries"])


def test_a_budget_that_leaves_no_room_is_refused(graph: Graph) -> None:
    with pytest.raises(BadInput, match="--budget 20 is too small"):
        made(graph, budget=20)


def test_the_estimate_of_tokens_is_on_the_safe_side(friends: tuple[Show, Graph]) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(ROOT / "models" / "base")
    notes = [f.object for f in friends[1].stored if f.relation == "note"][::40]
    real = [len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in notes]
    guessed = [tokens(text) for text in notes]
    assert sum(real) < sum(guessed) < 1.3 * sum(real)
    worst = max(r / g for g, r in zip(guessed, real, strict=True))
    assert worst < 2.0  # a short note of rare names
    assert fitting(["one two", "three four five six seven", "ten"], 3) == ["one two", "ten"]


# --- keys


@pytest.mark.parametrize(
    ("name", "common", "text", "expected"),
    [
        ("Red", False, "I was bored and tired.", False),
        ("Red", False, "Where is Red?", True),
        ("Ross", False, "Rossy is not ross's name", True),
        ("Ross", False, "I come across Rossini", False),
        ("Mr. Geller", False, "So, mr. geller called", True),
        ("Mr. Geller", False, "Mrs Geller, MrX Geller", False),
        ("C++ (the club)", False, "at C++ (the club) again", True),
        ("Will", True, "Will you come?", False),
        ("Will", True, "what will Will say", True),
        ("Will", True, "I will go", False),
        ("Анна", False, "Где анна?", True),
        ("Анна", False, "Дюжина Аннам", False),
    ],
)
def test_a_key_fires_on_the_name_and_on_nothing_else(name: str, common: bool, text: str, expected: bool) -> None:
    assert fires(pattern_of(name, common), text) is expected


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(min_codepoint=33, exclude_categories=("Cs", "Cn", "Mn", "Me")), min_size=1, max_size=12))
def test_any_name_is_escaped_so_that_its_key_finds_it(name: str) -> None:
    assert fires(pattern_of(name), f"Is {name} here?")
    assert not fires(pattern_of(name), f"Is x{name}x here?") or not (name[0].isalnum() and name[-1].isalnum())


def test_javascript_reads_the_keys_as_we_do(graph: Graph, tmp_path: Path) -> None:
    keys = [key for node in graph.entities() for key in keys_of(node, graph).patterns]
    said = "Did Monica meet Mr. Geller, or will Will go to C++ (the club) with BEN? Rossini and Bored were there."
    script = (
        "const [keys, said] = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(keys.map(k => { const m = k.match(/^\\/(.*)\\/([a-z]*)$/s);"
        " return new RegExp(m[1], m[2]).test(said) })))"
    )
    try:
        done = subprocess.run(
            ["node", "-e", script], input=json.dumps([keys, said]), capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("needs node")
    assert json.loads(done.stdout) == [fires(key, said) for key in keys]
    assert sum(json.loads(done.stdout)) == 5


def test_aliases_are_keys_and_words_of_every_day_are_not(graph: Graph) -> None:
    will = keys_of(graph.nodes["will_colbert"], graph)
    assert will.plain == ("Will Colbert", "Will") and will.case_sensitive
    assert keys_of(graph.nodes["rachel_green"], graph).plain == ("Rachel Green", "Rachel", "Rach")


@pytest.mark.parametrize("key", ["/(a+)+$/", "/(?:a|aa)+$/", "/^(([a-z])+.)+[A-Z]([a-z])+$/"])
def test_a_catastrophic_key_costs_bounded_time_and_is_named(key: str) -> None:
    started = time.perf_counter()
    with pytest.raises(BadFile, match=r"takes more than 0.2 s on one message") as told:
        fires(key, "a" * 50_000 + "!")
    assert key in str(told.value)
    assert time.perf_counter() - started < 10 * SECONDS


def test_a_key_that_is_no_pattern_or_too_long_is_named() -> None:
    with pytest.raises(BadFile, match=r"the key /\(a/ is no regular expression"):
        fires("/(a/", "a")
    with pytest.raises(BadFile, match="at most 400"):
        fires(f"/{'a' * 500}/", "a")
    assert any_fires(["Red", "/bl.e/"], "my blue hat") == "/bl.e/"
    assert any_fires(["red"], "bored", whole_words=True) == "" and any_fires(["red"], "bored") == "red"


def test_a_message_brings_in_entries_with_the_reason_and_within_the_budget(graph: Graph) -> None:
    book = lorebook(graph.at("S10E18"), "A sitcom", budget=600)
    found = fired(book, "Is Ross at the museum with BEN?")
    assert [(entry.name, entry.kept) for entry in found] == [
        ("Ross Geller (person)", True),
        ("Ben Geller (person)", True),
        ("Museum of Natural History (organisation)", True),
    ]
    assert found[1].why == pattern_of("Ben")
    tight = fired(book | {"token_budget": found[0].tokens}, "Is Ross at the museum with BEN?")
    assert [entry.kept for entry in tight] == [True, False, False]
    assert fired(book, "Nobody here.") == []


def test_two_telling_words_bring_up_what_is_remembered(friends: tuple[Show, Graph]) -> None:
    book = lorebook(friends[1].at("S03E25", "joey_tribbiani"), "Friends", "joey_tribbiani")
    assert any("cigarette" in entry.content for entry in fired(book, "Who had the cigarette, teaching you?"))
    assert not any("cigarette" in entry.content for entry in fired(book, "Got a cigarette?"))


# --- editions


def own_search(document: Any, whole: Graph, view: Graph) -> Iterator[tuple[str, str]]:
    """Later facts' objects in the texts of a card, found in another way than `kg.cards.spoilers` does."""
    texts = "\n".join(texts_of(document))
    shown = "\n".join(
        [n.name for n in view.nodes.values()]
        + [a.text for n in view.nodes.values() for a in n.aliases]
        + [f.object for f in view.stored if f.literal]
    )
    for fact in whole.facts:
        name = fact.object if fact.literal else whole.name(fact.object)
        later = fact.revealed > str(view.as_of) and len(name) > 2 and fact.relation != "in_episode"
        new = later and name.lower() in texts.lower() and name.lower() not in shown.lower()
        if new and re.search(rf"\b{re.escape(name)}\b", texts, re.IGNORECASE):
            yield fact.revealed, name


@pytest.mark.slow
@pytest.mark.parametrize("season", [1, 3, 5, 7, 9])
def test_no_edition_of_a_shipped_persona_tells_anything_of_a_later_season(
    season: int, friends: tuple[Show, Graph]
) -> None:
    show, graph = friends
    as_of = f"S{season:02}E{show.seasons[season - 1]:02}"
    for member in show.personas:
        sheet = sheet_of(show, member)
        view = edition(graph.at(as_of, sheet.node))
        document = card(view, show.title, sheet)
        texts = list(texts_of(document))
        assert len(texts) > 500
        assert list(own_search(document, graph, view)) == []
        assert later_names(graph, as_of, texts) == []
    assert later_claims(graph, show, as_of, sheet.node, texts) == []  # of one persona: the verifier takes its time


def test_a_card_that_tells_too_much_is_found_out(friends: tuple[Show, Graph]) -> None:
    show, graph = friends
    texts = [
        "Monica is married to Chandler. She works at Javu.",
        "<START>\n{{user}}: Are you married?\n{{char}}: I'm a chef.",
    ]
    names = later_names(graph, "S03E25", texts)
    assert [(s.text, s.revealed) for s in names] == [("Javu", "S09E06")]
    claims = later_claims(graph, show, "S03E25", "monica_geller", texts)
    assert [(s.text, s.revealed) for s in claims] == [("Monica is married to Chandler.", "S07E24")]
    assert later_names(graph, "S10E18", texts) == later_claims(graph, show, "S10E18", "monica_geller", texts) == []


# --- as files


@pytest.fixture
def order() -> Order:
    show = load_show("harbor_lights")
    nora = show.persona("nora")
    graph = read_graph(show.folder / "graph.json.gz")
    return Order(edition(graph.at("S02E03", "nora_vale")), show, nora)


@pytest.mark.parametrize(
    ("name", "schema"),
    [("card", "card_v3"), ("card-v2", "card_v2"), ("lorebook", "lorebook_v3"), ("worldinfo", "world_info")],
)
def test_what_is_written_has_the_fields_of_its_specification(name: str, schema: str, order: Order) -> None:
    document = parse_card(FORMATS[name].write(order)[""]).document
    valid(document, schema)
    assert "Nora" in json.dumps(document)


def test_the_picture_and_the_zip_hold_the_same_card(order: Order, tmp_path: Path) -> None:
    for name in ("card", "png", "charx"):
        export(order, name, tmp_path / name)
    card_, png, charx = (read_card(tmp_path / name) for name in ("card", "png", "charx"))
    assert png.document == card_.document
    icon = charx.document["data"].pop("assets")[0]
    assert icon["uri"] == "embeded://assets/icon/image/main.png"
    assert charx.assets["assets/icon/image/main.png"].startswith(b"\x89PNG")
    card_.document["data"].pop("assets")
    assert charx.document == card_.document
    valid(charx.document | {"data": charx.document["data"] | {"assets": [icon]}}, "card_v3")


def test_readers_of_v2_get_names_for_patterns(order: Order) -> None:
    book = parse_card(FORMATS["card-v2"].write(order)[""]).document["data"]["character_book"]
    assert any("Theo" in entry["keys"] for entry in book["entries"])
    assert not any(key.startswith("/") for entry in book["entries"] for key in entry["keys"])
    world = parse_card(FORMATS["worldinfo"].write(order)[""]).document
    assert all(key.startswith("/") for entry in world["entries"].values() for key in entry["key"])
    assert forms.book_of(world)["token_budget"] == 600


def test_a_card_is_somebodys(order: Order) -> None:
    with pytest.raises(BadInput, match=r"name one with --persona \(nora, ben"):
        export(Order(order.graph, order.show), "card")
    with pytest.raises(BadInput, match="png is no text: say where it goes with --out"):
        export(order, "png")
    assert "what Nora" not in export(Order(order.graph, order.show), "lorebook")[""].decode()
