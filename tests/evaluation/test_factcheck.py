"""Scoring by the reply's text, baselines, summaries, results, and runs that are cut off and go on."""

import json
from pathlib import Path
from typing import Any

import pytest
from pier import question

from app.bot import Bot
from app.engines.base import EngineRequest
from app.engines.scripted import ScriptedEngine
from app.questions import Question
from evaluation.factcheck import (
    Scored,
    ask_all,
    by_baseline,
    partial_path,
    scorable,
    score,
)
from evaluation.scores import summary, write_result
from kg.graph import Graph
from parsing.errors import BadFile, BadInput, Unavailable
from parsing.manifest import Show

SISTER = question("q1", "fact", gold=("Nora", "Nora Lee"), must_not=("Walt",))
FUTURE = question("q2", "future", "Who is your husband?", must_not=("Bob", "Bob Ray"))
NOW = question("q3", "future", "What's your job?", gold=("diver",), must_not=("baker",))
UNKNOWN = question("q4", "unknown", "What's your shoe size?")
FALSE = question("q5", "false", "How is your brother?", gold=("sister",), must_not=("Owen",))


@pytest.mark.parametrize(
    ("asked", "reply", "right", "why"),
    [
        (SISTER, "My sister is Nora.", True, "says 'Nora'"),
        (SISTER, "My sister is Noraline.", False, "answers, expected a gold string"),
        (SISTER, "I don't know.", False, "abstains, expected a gold string"),
        (SISTER, "Nora. No, wait, Walt!", False, "says 'Walt'"),
        (SISTER, " \n", False, "empty"),
        (FUTURE, "I don't know yet.", True, "abstains"),
        (FUTURE, "I'm not married.", True, "denies"),
        (FUTURE, "You must be thinking of somebody else.", True, "corrects"),
        (FUTURE, "I don't know. Maybe Bob?", False, "says 'Bob'"),
        (FUTURE, "He's a fine man.", False, "answers, expected abstains or denies or corrects"),
        (NOW, "I'm a diver.", True, "says 'diver'"),
        (NOW, "I'm a baker.", False, "says 'baker'"),
        (UNKNOWN, "No idea.", True, "abstains"),
        (UNKNOWN, "I don't have one.", False, "denies, expected abstains"),
        (UNKNOWN, "Forty-two.", False, "answers, expected abstains"),
        (FALSE, "I don't have a brother.", True, "denies"),
        (FALSE, "I only have a sister.", True, "says 'sister'"),
        (FALSE, "I don't know.", False, "abstains, expected denies or corrects"),
        (FALSE, "He's fine, thanks.", False, "answers, expected denies or corrects"),
        (FALSE, "No, Owen is fine.", False, "says 'Owen'"),
    ],
)
def test_each_kind_has_its_own_right_answers(asked: Question, reply: str, right: bool, why: str) -> None:
    assert score(asked, reply) == (right, why)


ALL = [SISTER, FUTURE, NOW, UNKNOWN, FALSE]


@pytest.mark.parametrize(
    ("name", "replies", "right"),
    [
        ("abstain", {"I don't know."}, [False, True, True, True, False]),
        ("deny", {"No, that's not true."}, [False, True, True, False, True]),
        ("echo", {q.question for q in ALL}, [False, False, False, False, False]),
        ("names", {"Ann Lee, Nora Lee, Bob Ray."}, [True, False, False, False, False]),
    ],
)
def test_a_bot_without_wit_scores_what_its_one_trick_deserves(
    show: Show, name: str, replies: set[str], right: list[bool]
) -> None:
    rows = by_baseline(name, show, ALL)
    assert {r.reply for r in rows} == replies
    assert [r.right for r in rows] == right


def row(kind: str, right: bool, **more: Any) -> Scored:
    values = {"id": "x", "persona": "Ann Lee", "as_of": "S01E03", "question": "?", "reply": "!", "why": ""} | more
    return Scored(kind=kind, right=right, **values)


def test_the_summary_counts_by_kind_and_averages_the_kinds_alike() -> None:
    rows = [
        row("fact", True, act="answers", curated=True, claims=2, contradicted=1, verdict="grounded", way="model"),
        row("fact", False, act="abstains", verdict="abstained", way="abstention", persona="Nora Lee"),
        row("future", True, act="abstains", verdict="grounded", way="model"),
        row("future", False, why="says 'Bob'", act="answers", as_of="S02E01"),
        row("unknown", True, act="abstains"),
        row("false", False, act="answers", error="the engine was away"),
    ]
    found = summary(rows)
    assert {k: (s["hits"], s["of"]) for k, s in found["kinds"].items()} == {
        "fact": (1, 2), "future": (1, 2), "unknown": (1, 1), "false": (0, 1),
    }  # fmt: skip
    assert found["macro"]["share"] == pytest.approx((0.5 + 0.5 + 1 + 0) / 4)
    assert (found["leaks"]["hits"], found["leaks"]["of"]) == (1, 2)
    assert (found["contradicted_claims"]["hits"], found["contradicted_claims"]["of"]) == (1, 2)
    assert (found["agrees_with_verdict"]["hits"], found["agrees_with_verdict"]["of"]) == (2, 3)
    assert (found["rests_on_curated"]["hits"], found["rests_on_curated"]["of"]) == (1, 1)
    assert (found["abstained_though_asked_for_facts"]["hits"], found["answered"]["hits"]) == (1, 1)
    assert {p: s["of"] for p, s in found["personas"].items()} == {"Ann Lee": 5, "Nora Lee": 1}
    assert {s: v["of"] for s, v in found["seasons"].items()} == {"S01": 5, "S02": 1}
    assert found["ways"] == {"abstention": 1, "model": 2}
    assert found["errors"] == 1


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([], "no questions in it"),
        ([question("q9", "")], "question 'q9' has no kind; expected one of fact, future, unknown, false"),
        ([SISTER, question("q9", "fact")], "question 'q9' is of kind fact and has no gold strings"),
    ],
)
def test_questions_that_cannot_be_scored_are_refused_before_anything_is_asked(
    questions: list[Question], message: str
) -> None:
    with pytest.raises(BadFile, match=message):
        scorable(questions, Path("questions.jsonl"))


OPTIONS = {"use_graph": True, "curated": True, "seed": 1}


def a_bot(show: Show, graph: Graph, *lines: str) -> Bot:
    return Bot([show], ScriptedEngine(lines or ["Hello there."]), graphs={show.id: graph})


async def test_every_question_goes_through_the_bot_in_the_order_of_the_file(
    show: Show, graph: Graph, tmp_path: Path
) -> None:
    rows = await ask_all(a_bot(show, graph), show, [SISTER, NOW], tmp_path / "part.jsonl", OPTIONS)
    assert [(r.id, r.right, r.act) for r in rows] == [("q1", True, "answers"), ("q3", True, "answers")]
    assert "Nora" in rows[0].reply and "diver" in rows[1].reply


async def test_a_run_that_was_cut_off_asks_only_what_is_missing(show: Show, graph: Graph, tmp_path: Path) -> None:
    partial = tmp_path / "part.jsonl"
    before = await ask_all(a_bot(show, graph), show, [SISTER], partial, OPTIONS)
    with partial.open("a", encoding="utf-8") as out:
        out.write('{"id": "q3", "kind": "fut')  # the machine went off in the middle of a line
    bot = a_bot(show, graph)
    asked: list[str] = []
    reply = bot.reply

    async def counted(request: Any) -> Any:
        asked.append(request.message)
        return await reply(request)

    bot.reply = counted  # type: ignore[method-assign]
    rows = await ask_all(bot, show, [SISTER, NOW], partial, OPTIONS)
    assert asked == [NOW.question]
    assert rows[0] == before[0]
    assert [json.loads(line)["id"] for line in partial.read_text(encoding="utf-8").splitlines()] == ["q1", "q3"]


def test_answers_to_other_questions_or_under_other_options_are_not_taken_up(tmp_path: Path) -> None:
    paths = {
        partial_path(tmp_path, [SISTER], OPTIONS),
        partial_path(tmp_path, [SISTER, NOW], OPTIONS),
        partial_path(tmp_path, [SISTER], OPTIONS | {"seed": 2}),
        partial_path(tmp_path, [SISTER], OPTIONS | {"knows": "viewer"}),
    }
    assert len(paths) == 4
    assert partial_path(tmp_path, [SISTER], dict(reversed(OPTIONS.items()))) in paths


async def test_an_engine_that_fails_costs_the_answer_and_not_the_run(show: Show, graph: Graph, tmp_path: Path) -> None:
    def broken(request: EngineRequest) -> list[str]:
        raise Unavailable("the engine is away")

    bot = Bot([show], ScriptedEngine(broken), graphs={show.id: graph})
    rows = await ask_all(bot, show, [UNKNOWN], tmp_path / "part.jsonl", OPTIONS | {"use_graph": False})
    assert [(r.right, r.why, r.error) for r in rows] == [(False, "the engine failed", "the engine is away")]


async def test_a_question_that_nobody_can_ask_stops_the_run_and_is_named(
    show: Show, graph: Graph, tmp_path: Path
) -> None:
    options = OPTIONS | {"knows": "everybody"}
    with pytest.raises(BadInput, match="question 'q1' can't be asked: 'knows' is 'character' or 'viewer'"):
        await ask_all(a_bot(show, graph), show, [SISTER], tmp_path / "part.jsonl", options)


def test_a_result_names_configuration_versions_files_and_every_reply(show: Show, tmp_path: Path) -> None:
    rows = by_baseline("abstain", show, ALL)
    used = tmp_path / "questions.jsonl"
    used.write_text("{}\n", encoding="utf-8")
    write_result(tmp_path / "r.json", rows, {"show": "pier", "seed": 4}, [used, tmp_path / "absent"])
    found = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found["configuration"] == {"show": "pier", "seed": 4}
    # sha256 of "{}\n"
    assert found["files"] == {"questions.jsonl": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"}
    assert found["packages"]["torch"].startswith("2.")
    assert [q["id"] for q in found["questions"]] == ["q1", "q2", "q3", "q4", "q5"]
    assert found["scores"]["kinds"]["future"]["hits"] == 2
