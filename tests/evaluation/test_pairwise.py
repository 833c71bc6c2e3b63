"""Blind judging: which pairs, in what order, what is kept, and a page that tells nobody whose a reply is."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evaluation.__main__ import app as commands
from evaluation.pairwise import Judging, read_pairs, tally
from evaluation.pairwise_server import create_app
from parsing.errors import BadFile, NotFound

sys.path.append(str(Path(__file__).resolve().parent.parent / "app"))  # Chromium, a live service
from chromium import ARGUMENTS, BROWSER, CHROMIUM, WAIT
from serving import served

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>Nora</b>"


def row(n: int, reply: str, kind: str = "fact") -> dict[str, Any]:
    asked = {"id": f"q{n}", "kind": kind, "persona": "Nora Vale", "as_of": "S01E01", "question": f"Question {n}?"}
    return asked | {"reply": reply, "right": True}


@pytest.fixture
def results(tmp_path: Path) -> tuple[Path, Path]:
    """Twenty questions with other replies, one with the same reply but for a space."""
    for name in ("alpha", "beta"):
        rows = [row(n, f"{name} says {n}", "fact" if n < 12 else "false") for n in range(20)]
        rows.append(row(20, "Hello there." if name == "alpha" else "Hello  there."))
        (tmp_path / f"{name}.json").write_text(json.dumps({"questions": rows}), encoding="utf-8")
    return tmp_path / "alpha.json", tmp_path / "beta.json"


@pytest.fixture
def judging(results: tuple[Path, Path], tmp_path: Path) -> Judging:
    return Judging(tmp_path / "choices.sqlite3", *results, seed=3)


def prefer(judging: Judging, name: str, count: int) -> list[str]:
    """Choose a run's reply for the next pairs, wherever it stands; returns the ids."""
    ids = []
    for _ in range(count):
        pair, _ = judging.next()
        assert pair is not None
        judging.choose(pair.id, "left" if judging.sides(pair)[0].startswith(name) else "right")
        ids.append(pair.id)
    return ids


def test_only_questions_whose_replies_differ_are_shown(results: tuple[Path, Path]) -> None:
    assert {pair.id for pair in read_pairs(*results)} == {f"q{n}" for n in range(20)}
    with pytest.raises(BadFile, match="reply the same to all 21 questions"):
        read_pairs(results[0], results[0])


def test_sides_and_order_are_drawn_and_stay_when_the_judging_goes_on(
    judging: Judging, results: tuple[Path, Path]
) -> None:
    left = [judging.sides(pair)[0].split()[0] for pair in judging.pairs.values()]
    assert 4 <= left.count("alpha") <= 16
    assert list(judging.shown) != [f"q{n}" for n in range(20)]
    chosen = prefer(judging, "alpha", 5)
    again = Judging(judging.path, *results, seed=99)  # the seed of the file stands
    assert again.shown == judging.shown
    assert list(again.made()) == chosen
    pair, done = again.next()
    assert done == 5 and pair is not None and pair.id not in chosen


def test_wins_count_for_the_run_whichever_side_it_stood_on(judging: Judging) -> None:
    prefer(judging, "beta", 12)
    prefer(judging, "alpha", 2)
    for choice in ("both", "neither", "neither"):
        pair, _ = judging.next()
        assert pair is not None
        judging.choose(pair.id, choice)
    found = judging.summary()
    # sign test by hand: 2 (1 + 14 + 91) / 2^14
    assert found["all"] == {
        "first": 2, "second": 12, "both": 1, "neither": 2, "of": 17, "p_value": round(2 * (1 + 14 + 91) / 2**14, 6),
    }  # fmt: skip
    assert sum(kind["of"] for kind in found["kinds"].values()) == 17
    assert set(found["kinds"]) == {"fact", "false"}
    assert found["left"]["of"] == 14


def test_ties_alone_decide_nothing() -> None:
    assert tally([("first left", "both"), ("second left", "neither")])["p_value"] == 1.0


def test_a_choice_is_kept_with_order_and_time_replaced_and_taken_back(judging: Judging) -> None:
    pair, _ = judging.next()
    assert pair is not None
    judging.choose(pair.id, "left")
    judging.choose(pair.id, "neither")
    with closing(sqlite3.connect(judging.path)) as rows:
        kept = rows.execute("select question, kind, shown, choice, at from choice").fetchall()
    assert [k[:4] for k in kept] == [(pair.id, pair.kind, judging.shown[pair.id], "neither")]
    assert kept[0][4].startswith("20") and kept[0][4].endswith("+00:00")
    assert judging.undo() and not judging.undo()
    assert judging.next() == (pair, 0)


def test_a_file_of_other_results_and_one_that_is_none_are_refused(
    judging: Judging, results: tuple[Path, Path], tmp_path: Path
) -> None:
    with pytest.raises(BadFile, match="is about other results"):
        Judging(judging.path, *results[::-1])
    (tmp_path / "text").write_text("no database, but long enough to be looked at as one " * 20, encoding="utf-8")
    with pytest.raises(BadFile, match="no file of choices that can be used"):
        Judging(tmp_path / "text", *results)


def test_the_summary_is_printed_and_needs_choices(judging: Judging, results: tuple[Path, Path]) -> None:
    prefer(judging, "alpha", 6)
    line = ["pairwise", *map(str, results), "--summary", "--database"]
    done = CliRunner().invoke(commands, [*line, str(judging.path)])
    assert json.loads(done.stdout)["all"] == {
        "first": 6, "second": 0, "both": 0, "neither": 0, "of": 6, "p_value": 0.03125,
    }  # fmt: skip
    with pytest.raises(NotFound, match="judge first"):
        CliRunner().invoke(commands, [*line, str(judging.path) + "x"], catch_exceptions=False)


async def test_the_page_says_neither_run_nor_kind_and_answers_with_the_next_pair(judging: Judging) -> None:
    client = create_app(judging).test_client()
    first = await client.get("/api/pair", headers={"Host": "localhost:8010"})
    told = await first.get_json()
    assert (told["done"], told["of"]) == (0, 20)
    assert set(told["pair"]) == {"id", "persona", "as_of", "question", "left", "right"}
    assert "script-src 'self'" in first.headers["Content-Security-Policy"]
    body = {"id": told["pair"]["id"], "choice": "both"}
    then = await (await client.post("/api/choice", json=body, headers={"Host": "127.0.0.1"})).get_json()
    assert then["done"] == 1 and then["pair"]["id"] != body["id"]
    back = await (await client.post("/api/undo", json={}, headers={"Host": "127.0.0.1"})).get_json()
    assert back["pair"] == told["pair"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "q1", "choice": "middle"}, 400),
        ({"id": "nowhere", "choice": "left"}, 404),
        ({"id": "q1", "choice": "left", "more": 1}, 400),
        ({"id": "q1" * 200, "choice": "left"}, 400),
        ({"id": "q" * 9000, "choice": "left"}, 413),
        ([], 400),
    ],
)
async def test_what_is_no_choice_is_refused_and_nothing_kept(judging: Judging, body: Any, status: int) -> None:
    client = create_app(judging).test_client()
    answer = await client.post("/api/choice", json=body, headers={"Host": "127.0.0.1"})
    assert answer.status_code == status
    assert (await answer.get_json())["error"]["message"]
    assert judging.made() == {}


async def test_other_sites_can_neither_read_nor_choose(judging: Judging) -> None:
    client = create_app(judging).test_client()
    assert (await client.get("/api/pair", headers={"Host": "evil.example"})).status_code == 421
    form = {"Host": "127.0.0.1", "Content-Type": "text/plain"}
    answer = await client.post("/api/choice", data='{"id": "q1", "choice": "left"}', headers=form)
    assert answer.status_code == 415
    assert judging.made() == {}


@pytest.fixture
def window(results: tuple[Path, Path], tmp_path: Path) -> Iterator[Any]:
    """The page in Chromium over two pairs, one of which holds markup; afterwards the console must be clean."""
    from playwright.sync_api import sync_playwright

    for path in results:
        rows = [row(0, f"{path.stem} is here"), row(1, f"{path.stem} {HOSTILE}")]
        path.write_text(json.dumps({"questions": rows}), encoding="utf-8")
    judging = Judging(tmp_path / "page.sqlite3", *results, seed=1)
    told: list[str] = []
    with served(create_app(judging)) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page: Any = chromium.new_page()
        page.judging = judging
        page.set_default_timeout(WAIT)
        page.on("console", lambda m: told.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: told.append(str(e)))
        page.goto(address)
        page.locator("#pair").wait_for()
        yield page
        chromium.close()
    assert told == []


@BROWSER[0]
@BROWSER[1]
def test_a_person_chooses_by_key_and_by_click_and_markup_stays_text(window: Any) -> None:
    judging, count = window.judging, window.locator("#count")
    seen = window.locator("#left").inner_text() + window.locator("#right").inner_text()
    window.keyboard.press("ArrowRight")
    window.get_by_text("1 of 2 judged").wait_for()
    seen += window.locator("#left").inner_text() + window.locator("#right").inner_text()
    assert seen.count(HOSTILE) == 2
    assert window.locator("#replies img, #replies b").count() == 0 and window.title() != "owned"
    window.keyboard.press("u")
    window.get_by_text("0 of 2 judged").wait_for()
    window.locator(".reply").first.click()
    window.get_by_text("1 of 2 judged").wait_for()
    window.get_by_role("button", name="Neither is").click()
    window.locator("#over").wait_for()
    assert count.inner_text() == "2 of 2 judged"
    assert [choice for _, choice in judging.made().values()] == ["left", "neither"]
