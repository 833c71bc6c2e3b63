"""The script: its options, its output, the order of a batch, its errors."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import app.inference as script
from app.bot import Bot
from app.engines.scripted import ScriptedEngine
from app.questions import read_questions
from parsing.errors import BadFile, CanonError
from parsing.manifest import load_show

RUNNER = CliRunner()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, talk_to: Callable[..., Bot]) -> Callable[..., Any]:
    """The script with the small story's bot in place of the bundled model."""
    monkeypatch.setattr(script, "_bot", lambda *_: talk_to("Pretty good, thanks."))
    return lambda *words, **more: RUNNER.invoke(script.app, list(words), **more)


def test_a_message_prints_the_reply_and_nothing_else(run: Callable[..., Any]) -> None:
    done = run("friends", "--persona", "joey", "How are you?")
    assert (done.exit_code, done.stdout) == (0, "Pretty good, thanks.\n")
    assert "[chat, by chat" in done.stderr


def test_a_message_may_come_from_standard_input(run: Callable[..., Any]) -> None:
    assert run("friends", "--persona", "joey", input="How are you?\n").stdout == "Pretty good, thanks.\n"


def test_json_is_the_contracts_object(run: Callable[..., Any]) -> None:
    row = json.loads(run("friends", "--persona", "Monica", "What is your job?", "--json").stdout)
    assert list(row) == ["reply", "verdict", "facts", "claims", "seconds"]
    assert row["verdict"] == "grounded" and row["facts"][0]["object"] == "chef"


def test_a_card_answers_in_place_of_a_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    monkeypatch.setattr(script, "open_engine", lambda *_: ScriptedEngine(["Fine."]))
    card, book = tmp_path / "ann.json", tmp_path / "book.json"
    card.write_text(json.dumps({"name": "Ann", "description": "Ann keeps a parrot.\n[Age: 40]"}), encoding="utf-8")
    entry = {"keys": ["Polly"], "content": "Polly is a parrot that swears in Dutch."}
    book.write_text(json.dumps({"entries": [entry]}), encoding="utf-8")
    row = json.loads(RUNNER.invoke(script.app, ["--card", str(card), "How old are you?", "--json"]).stdout)
    assert "40" in row["reply"] and row["facts"][0]["extractor"] == "card"
    words = ["--card", str(card), "--lorebook", str(book), "What does Polly swear in?", "--json"]
    row = json.loads(RUNNER.invoke(script.app, words).stdout)
    assert "Dutch" in row["reply"] and row["facts"][0]["extractor"] == "lorebook"


def test_the_trace_comes_with_the_json_or_on_standard_error(run: Callable[..., Any]) -> None:
    row = json.loads(run("friends", "--persona", "Monica", "What is your job?", "--json", "--trace").stdout)
    assert [step["step"] for step in row["trace"]][:2] == ["scene", "understand"]
    assert '"step": "understand"' in run("friends", "--persona", "Monica", "What is your job?", "--trace").stderr


def test_without_the_graph_there_are_no_facts(run: Callable[..., Any]) -> None:
    row = json.loads(run("friends", "--persona", "Monica", "What is your job?", "--json", "--no-graph").stdout)
    assert (row["reply"], row["verdict"], row["facts"]) == ("Pretty good, thanks.", "chat", [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["friends", "Hi"], "no persona named; Friends has rachel"),
        (["friends", "--persona", "chandlr", "Hi"], "did you mean 'chandler'"),
        (["frends", "--persona", "joey", "Hi"], "did you mean 'friends'"),
        (["friends", "--persona", "joey", "--as-of", "banana", "Hi"], "'banana' is no episode"),
        (["friends", "--persona", "joey", "--as-of", "S11E01", "Hi"], "seasons 1 to 10"),
        (["friends", "--persona", "joey", "--knows", "all", "Hi"], "'character' or 'viewer'"),
        (["friends", "--persona", "joey", ""], "the message is empty"),
        (["friends", "--persona", "joey", "a" * 100_000], "100,000 characters"),
        (["friends", "--batch", "nowhere.jsonl"], "no file nowhere.jsonl"),
    ],
)
def test_bad_input_is_one_clear_error(run: Callable[..., Any], words: list[str], said: str) -> None:
    done = run(*words)
    assert isinstance(done.exception, CanonError)
    assert said in str(done.exception)
    assert done.stdout == ""


# --- batch


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_a_batch_is_answered_in_its_order(run: Callable[..., Any], tmp_path: Path) -> None:
    rows = [
        {"id": "b", "persona": "Monica", "as_of": "S02E05", "question": "Who is your husband?", "kind": "future"},
        {"id": "a", "persona": "ross", "as_of": "S03E01", "question": "Who is your sister?", "gold": ["Monica"]},
        {"id": "c", "persona": "Joey", "question": "How are you?"},
    ]
    done = run("friends", "--batch", str(write(tmp_path / "q.jsonl", *rows)))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [a["id"] for a in answers] == ["b", "a", "c"]
    assert list(answers[0]) == ["id", "reply", "verdict", "facts", "claims", "seconds"]
    assert "Chandler" not in answers[0]["reply"] and "Monica" in answers[1]["reply"]
    assert answers[2]["verdict"] == "chat"


GOOD = {"id": "1", "persona": "Joey", "as_of": "s2e5", "question": " Hi? "}


def test_a_question_is_normalised(tmp_path: Path) -> None:
    row = GOOD | {"history": [{"role": "user", "content": "Hey"}], "needs": [["a", "b", "c"]], "knows": "viewer"}
    (question,) = read_questions(write(tmp_path / "q.jsonl", row, ""), load_show("friends"))
    assert (question.persona, question.as_of, question.question) == ("Joey Tribbiani", "S02E05", "Hi?")
    request = question.request(load_show("friends"), seed=3)
    assert (request.knows, request.seed, request.history[0].content) == ("viewer", 3, "Hey")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "expected an object"),
        (GOOD | {"persna": 1}, "unknown key 'persna', did you mean 'persona'"),
        ({"id": "2", "persona": "Joey"}, "'question' is missing"),
        (GOOD | {"id": "2", "persona": "Jooey"}, "did you mean 'joey'"),
        (GOOD | {"id": "2", "as_of": "S99E01"}, "no season 99"),
        (GOOD | {"id": "2", "question": " "}, "the message is empty"),
        (GOOD | {"id": "2", "question": 7}, "'question' must be a string"),
        (GOOD | {"id": "2", "kind": "facts"}, "'kind' must be one of"),
        (GOOD | {"id": "2", "gold": "x"}, "'gold' must be a list"),
        (GOOD | {"id": "2", "gold": [1]}, "'gold' must be a list of strings"),
        (GOOD | {"id": "2", "history": [{"role": "system", "content": "x"}]}, "a turn of 'history'"),
        (GOOD | {"id": "2", "needs": [["a", "b"]]}, "'needs' must list"),
        (GOOD, "a second question with the id '1'"),
    ],
)
def test_a_bad_line_stops_the_batch_before_anything_runs(
    run: Callable[..., Any], tmp_path: Path, row: Any, said: str
) -> None:
    done = run("friends", "--batch", str(write(tmp_path / "q.jsonl", GOOD, row)))
    assert isinstance(done.exception, BadFile)
    assert "q.jsonl, line 2: " in str(done.exception) and said in str(done.exception)
    assert done.stdout == ""


# --- the chat in the terminal


async def test_the_chat_keeps_its_history_and_obeys_its_commands(
    talk_to: Callable[..., Bot], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.terminal import chat
    from app.types import ChatRequest

    lines = "/facts|Who is your husband?|/facts|/as-of s2e5|Who is your husband?|/nope|/persona Ross|/why|/quit|never"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines.replace("|", "\n")))
    bot = talk_to("I'm married to Chandler.")
    show = load_show("friends")
    await chat(bot, show, ChatRequest("friends", "Monica Geller", "", as_of="S10E18"))
    seen = capsys.readouterr()
    said = [line.removeprefix("> ") for line in seen.out.splitlines() if "Monica: " in line]
    assert "Chandler" in said[0] and "Chandler" not in said[1] and len(said) == 2
    assert "nothing has been answered yet" in seen.err
    assert "Monica Geller · spouse · Chandler Bing" in seen.err or "Chandler Bing · spouse · Monica Geller" in seen.err
    assert "now as of S02E05" in seen.err and "unknown command /nope" in seen.err and "now talking to Ross" in seen.err
