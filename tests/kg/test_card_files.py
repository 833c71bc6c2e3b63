"""Cards as files: a thousand generated ones lose nothing, other programs read ours, broken ones are named."""

import base64
import copy
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import card_strategies as made
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from kg.cards import files, forms
from kg.cards.files import CardFile, parse_card, read_card, write_charx, write_json, write_png
from kg.cards.portrait import portrait
from parsing.errors import BadFile, NotFound

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMAS = ROOT / "kg" / "cards" / "schemas"
PICTURE = portrait("Nora Vale", "#3f6f9f")
THOUSAND = settings(
    max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
Document = dict[str, Any]


@cache
def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def valid(document: Document, name: str) -> None:
    validator(name).validate(document)


def lost(before: Any, after: Any, where: str = "") -> list[str]:
    """What of the first JSON value is not in the second; additions are no loss."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            found
            for key, value in before.items()
            for found in (lost(value, after[key], f"{where}.{key}") if key in after else [f"{where}.{key}"])
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [x for n, (a, b) in enumerate(zip(before, after, strict=True)) for x in lost(a, b, f"{where}[{n}]")]
    return [] if before == after else [where]


def test_a_loss_is_seen() -> None:
    assert lost({"a": 1, "b": [{"c": 2}]}, {"a": 1, "b": [{"c": 3}], "d": 4}) == [".b[0].c"]
    assert lost({"a": [1, 2]}, {"a": [1]}) == [".a"] and lost({"a": None}, {}) == [".a"]


@pytest.mark.slow
@THOUSAND
@given(made.CARD_V3)
def test_a_thousand_v3_cards_go_through_every_file_form_unchanged(card: Document) -> None:
    valid(card, "card_v3")
    assert parse_card(write_json(CardFile(card))).document == card
    back = parse_card(write_png(CardFile(card, PICTURE)))
    assert back.document == card and back.picture.startswith(files.SIGNATURE)
    assert parse_card(write_charx(CardFile(card))).document == card


@pytest.mark.slow
@THOUSAND
@given(made.CARD_V2)
def test_a_thousand_v2_cards_become_v3_and_come_back(card: Document) -> None:
    valid(card, "card_v2")
    before = copy.deepcopy(card)
    v3 = forms.as_v3(card)
    valid(v3, "card_v3")
    back = forms.as_v2(v3)
    valid(back, "card_v2")
    assert card == before  # untouched
    assert lost(card, back) == []
    assert lost({**card, "spec": "chara_card_v3", "spec_version": "3.0"}, v3) == []
    assert forms.as_v3(back) == v3


@pytest.mark.slow
@THOUSAND
@given(made.CARD_V1)
def test_a_thousand_v1_cards_become_v3_with_every_field(card: Document) -> None:
    valid(card, "card_v1")
    v3 = forms.as_v3(card)
    valid(v3, "card_v3")
    assert lost(card, v3["data"]) == []
    assert forms.as_v1(v3) == {name: card[name] for name in forms.TEXTS}


@pytest.mark.slow
@THOUSAND
@given(made.LOREBOOK)
def test_a_thousand_lorebooks_become_world_info_and_come_back(document: Document) -> None:
    valid(document, "lorebook_v3")
    parsed = parse_card(write_json(CardFile(document)))
    assert parsed.document == document
    book = forms.book_of(document)
    assert book == document["data"]
    world = forms.as_world(book)
    valid(world, "world_info")
    back = forms.book_of(world)
    assert back is not None and len(back["entries"]) == len(book["entries"])
    for old, new in zip(book["entries"], back["entries"], strict=True):
        same = {k: v for k, v in old.items() if k not in {"use_regex", "comment"}}
        assert lost(same, new) == []
        assert new["comment"] == (old.get("comment") or old.get("name") or "")
    assert lost({k: v for k, v in book.items() if k != "entries"}, back) == []


@pytest.mark.slow
@THOUSAND
@given(made.WORLD)
def test_a_thousand_world_info_files_become_books_and_come_back(world: Document) -> None:
    book = forms.book_of(world)
    assert book is not None
    valid(forms.as_lorebook(book), "lorebook_v3")
    back = forms.as_world(book)
    valid(back, "world_info")
    assert lost(world["entries"], back["entries"]) == []


def test_readers_prefer_v3_and_other_chunks_and_pixels_stay() -> None:
    from PIL import Image

    card = {"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Nora", "x": [1]}}
    once = write_png(CardFile(card, PICTURE))
    again = write_png(CardFile(forms.as_v3({**card, "data": {"name": "Ben"}}), once))
    assert parse_card(again).document["data"]["name"] == "Ben"
    assert again.count(b"tEXtchara") == again.count(b"tEXtccv3") == 1
    with Image.open(io.BytesIO(again)) as new, Image.open(io.BytesIO(PICTURE)) as old:
        assert new.tobytes() == old.tobytes()
        assert json.loads(base64.b64decode(new.info["chara"]))["spec"] == "chara_card_v2"


def ours() -> CardFile:
    entry = {"keys": ["Red"], "content": "A cat.", "extensions": {}, "enabled": True, "insertion_order": 1}
    card = forms.as_v3({"name": "Nora", "description": "A captain.", "first_mes": "Aye."})
    card["data"]["character_book"] = forms.full_book({"extensions": {}, "entries": [entry]})
    return CardFile(card, PICTURE)


def test_two_programs_of_others_read_our_pictures(tmp_path: Path) -> None:
    import aichar
    from forge.helper import extract_card_data

    path = tmp_path / "nora.png"
    path.write_bytes(write_png(ours()))
    first = aichar.load_character_card_file(str(path))
    assert (first.name, first.personality, first.greeting_message) == ("Nora", "", "Aye.")
    second = extract_card_data(str(path))
    assert second is not None and second.data.name == "Nora"
    assert [e.keys for e in second.data.character_book.entries] == [["Red"]]


def test_we_read_the_pictures_of_two_programs_of_others(tmp_path: Path) -> None:
    import aichar
    from forge.helper import embed_card_data

    (tmp_path / "plain.png").write_bytes(PICTURE)
    made_by = aichar.create_character("Ann", "sum", "kind", "here", "hi", "ex", str(tmp_path / "plain.png"))
    read = parse_card(bytes(made_by.export_card("tavernai")))
    assert forms.version_of(read.document) == forms.V1
    assert forms.as_v3(read.document)["data"]["first_mes"] == "hi"
    embed_card_data(json.dumps(ours().document), tmp_path / "plain.png", tmp_path / "out.png", legacy=True)
    assert read_card(tmp_path / "out.png").document == ours().document


def png_with(text: bytes, name: bytes = b"chara") -> bytes:
    chunk = files._chunk(b"tEXt", name + b"\0" + text)
    return PICTURE[:-12] + chunk + PICTURE[-12:]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "."), body)
    return out.getvalue()


def v1(**more: Any) -> bytes:
    return json.dumps({"name": "Nora", **more}).encode()


BOOK = {"entries": [{"keys": "Red", "content": "x"}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (PICTURE, "a picture without a character card: it has no text chunk 'ccv3' or 'chara'"),
        (png_with(b"no base64!"), "its text chunk 'chara' is no base64"),
        (png_with(base64.b64encode(b"no JSON")), "the text chunk 'chara' holds no JSON"),
        (png_with(base64.b64encode(b"[]")), "holds a JSON list, expected an object"),
        (png_with(base64.b64encode(v1()))[:-30], "cut off"),
        (PICTURE.replace(b"IDAT", b"IDAU", 1), "the checksum of its chunk 'IDAU' is wrong"),
        (v1(description="x" * 2**20), "'description' has 1,048,576 characters; at most 200,000"),
        (v1(description=["x"]), "'description' must be a text, found list"),
        (b'{"name": ""}', "without a name"),
        (b'{"spec": "chara_card_v9"}', "spec 'chara_card_v9'"),
        (b'{"spec": "chara_card_v3"}', "without its 'data'"),
        (b"\xff\xfe\x00", "holds no JSON"),
        (b"[" * 100_000, "holds no JSON"),
        (json.dumps(BOOK).encode(), "entry 0 of the lorebook: its keys must be a list of texts"),
        (json.dumps({"entries": [{"content": "x" * 300_000}]}).encode(), "entry 0 of the lorebook: 'content'"),
        (json.dumps({"entries": [{}] * 20_001}).encode(), "a lorebook of 20,001 entries"),
        (zipped(other__json=b"{}"), "a zip without card.json"),
        (b"PK\x03\x04broken", "not a readable .charx"),
    ],
)  # fmt: skip
def test_a_broken_card_is_one_clear_error(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "card"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=r"card: ") as told:
        read_card(path)
    assert message in str(told.value)
    assert len(str(told.value).removeprefix(str(path))) < 200


def test_a_card_that_is_not_there_and_a_zip_bomb_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        read_card(tmp_path / "none.png")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", b"{}")
        archive.writestr("big", b"\0" * (files.LARGEST + 1))
    assert len(out.getvalue()) < 200_000
    with pytest.raises(BadFile, match="unpacks to more than"):
        parse_card(out.getvalue())


def limited() -> None:
    """No file of this process may grow past 20 kB: to its writer that looks like a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


EXPORT = ("-m", "kg", "export", "harbor_lights", "--persona", "nora", "--format")


@pytest.mark.parametrize("name", ["png", "csv", "parquet"])
def test_on_a_full_disk_nothing_half_written_stays(name: str, tmp_path: Path) -> None:
    limits: dict[str, Callable[[], None]] = {"png": limited, "csv": tight, "parquet": tight}
    done = subprocess.run(
        [sys.executable, *EXPORT, name, "--out", str(tmp_path / "out" / f"x.{name}")],
        cwd=ROOT, env=os.environ | {"CANON_BUILD": str(tmp_path)}, preexec_fn=limits[name], capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("canon: ") and "File too large" in last and f"x.{name}" in last
    assert list((tmp_path / "out").iterdir()) == []


def tight() -> None:
    """Room for the first file of a table, not for all: 2 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
