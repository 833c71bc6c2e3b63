"""`python -m evaluation`: results go where they belong, and bad input is one clear line with exit code 2."""

import json
import sys
from pathlib import Path

import pytest

from app.engines.base import EngineRequest
from app.engines.scripted import ScriptedEngine
from evaluation import __main__ as commands
from evaluation import graph_commands, grounding_commands, model_commands, reply_commands, transcript_commands
from kg.graph import Graph
from parsing.commands import run
from parsing.errors import NotFound, Unavailable
from parsing.manifest import Show, build_dir

QUESTION = {
    "id": "q1", "persona": "ann", "as_of": "S01E03", "kind": "fact",
    "question": "Who is your sister?", "gold": ["Nora"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test writes into the repository's results."""
    for module in (commands, graph_commands, grounding_commands, model_commands, reply_commands, transcript_commands):
        monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run a command as the shell would; returns (exit code, standard output, standard error)."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["evaluation", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            run(commands.app)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def manifest(show: Show) -> Path:
    return show.folder / "show.toml"


def questions(folder: Path, *rows: dict) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_baseline_run_writes_its_result_and_prints_where(show: Show, evaluate, results: Path) -> None:
    questions(show.folder, QUESTION)
    code, out, err = evaluate("factcheck", manifest(show), "--baseline", "names")
    assert code == 0
    assert out.strip() == str(results / "factcheck-pier-baseline-names.json")
    assert "fact     1/1 = 1.000 (0.206 to 1.000)" in err  # Wilson: 1 / (1 + 3.8416) = 0.2065
    found = json.loads(Path(out.strip()).read_text(encoding="utf-8"))
    assert found["configuration"]["run"] == "baseline-names"
    assert found["questions"][0]["reply"] == "Ann Lee, Nora Lee, Bob Ray."


def test_a_run_of_the_first_questions_does_not_overwrite_a_whole_one(show: Show, evaluate, results: Path) -> None:
    questions(show.folder, QUESTION, QUESTION | {"id": "q2"})
    evaluate("factcheck", manifest(show), "--baseline", "abstain", "--limit", 1)
    evaluate("factcheck", manifest(show), "--baseline", "abstain")
    assert sorted(p.name for p in results.iterdir()) == [
        "factcheck-pier-baseline-abstain-first-1.json",
        "factcheck-pier-baseline-abstain.json",
    ]


def test_checker_prints_and_writes_the_same(evaluate, results: Path) -> None:
    code, out, _ = evaluate("checker")
    assert code == 0
    assert json.loads(out) == json.loads((results / "checker.json").read_text(encoding="utf-8"))


def test_facts_for_labelling_are_csv_on_standard_output(show: Show, graph: Graph, evaluate) -> None:
    code, out, err = evaluate("sample-facts", manifest(show), "--n", 2)
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 3)
    assert lines[0].startswith("fact,subject,relation,object,polarity,evidence")
    assert err.startswith("graph: ")


def test_a_graph_with_gold_facts_is_held_against_them(show: Show, graph: Graph, evaluate, results: Path) -> None:
    (show.folder / "gold_facts.csv").write_text(
        "subject,relation,object,since,until,revealed\nAnn Lee,sibling,Nora Lee,before,,S01E01\n", encoding="utf-8"
    )
    code, out, _ = evaluate("extraction", manifest(show))
    assert (code, json.loads(out)["recall"]["hits"]) == (0, 1)
    assert (results / "extraction-pier.json").is_file()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["factcheck", "frends"], "no show 'frends', did you mean 'friends'?"),
        (["extraction", "frends"], "no show 'frends', did you mean 'friends'?"),
        (["sample-facts", "no/such/show.toml"], "no file no/such/show.toml"),
        (["factcheck", "friends", "--questions", "nowhere.jsonl"], "no file nowhere.jsonl: expected questions"),
        (["compare", "a.json", "b.json"], "no file a.json: expected a result of `python -m evaluation factcheck`"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(evaluate, words: list[str], line: str) -> None:
    code, out, err = evaluate(*words)
    assert (code, out) == (2, "")
    assert err.startswith(f"canon: {line}")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--baseline", "abstian"],
            "no baseline 'abstian', did you mean 'abstain'? there are abstain, deny, echo, names",
        ),
        (["--knows", "everybody"], "--knows is 'character' or 'viewer', not 'everybody'"),
        (
            ["--model", "big"],
            "--model names a model of a server: give its address with --server (our own weights: --base)",
        ),
    ],
)
def test_an_option_that_is_none_is_said_before_anything_is_asked(
    show: Show, evaluate, words: list[str], line: str
) -> None:
    questions(show.folder, QUESTION)
    assert evaluate("factcheck", manifest(show), *words) == (2, "", f"canon: {line}\n")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (QUESTION | {"persona": "Anm Lee"}, "line 1: The Pier has no persona 'Anm Lee', did you mean 'Ann Lee'?"),
        (QUESTION | {"persona": "Bob"}, "line 1: The Pier has no persona 'Bob'"),
        (QUESTION | {"as_of": "S11E01"}, "line 1: "),
        (QUESTION | {"as_of": "banana"}, "line 1: "),
        (QUESTION | {"kind": "facts"}, "line 1: 'kind' must be one of fact, future, unknown, false; found 'facts'"),
        (QUESTION | {"golds": []}, "line 1: unknown key 'golds', did you mean 'gold'?"),
        (QUESTION | {"gold": "Nora"}, "line 1: 'gold' must be a list, found 'Nora'"),
        (QUESTION | {"question": ""}, "line 1: "),
        (QUESTION | {"question": "x" * 100_000}, "line 1: "),
        (QUESTION | {"kind": None}, "question 'q1' has no kind"),
        (QUESTION | {"gold": []}, "question 'q1' is of kind fact and has no gold strings"),
    ],
)
def test_a_broken_question_is_named_with_file_and_line(show: Show, evaluate, row: dict, line: str) -> None:
    path = questions(show.folder, row)
    code, out, err = evaluate("factcheck", manifest(show), "--baseline", "abstain")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert line in err
    assert str(path) in err


@pytest.mark.parametrize("text", ["{broken", '["a list"]', "", "\n\n"])
def test_a_file_that_holds_no_questions_is_named(show: Show, evaluate, text: str) -> None:
    path = show.folder / "questions.jsonl"
    path.write_text(text, encoding="utf-8")
    code, _, err = evaluate("factcheck", manifest(show), "--baseline", "abstain")
    assert (code, len(err.splitlines())) == (2, 1)
    assert str(path) in err


def test_a_stale_table_fails_the_check(evaluate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.report.render_all", lambda check: ["README.md"])
    code, _, err = evaluate("report", "--check")
    assert (code, err) == (2, "canon: stale tables in README.md: run `make report`\n")


def test_all_runs_every_evaluation_and_does_without_transcripts(
    evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))  # only graphs that are shipped
    done: list[str] = []
    told = ("checker", "extraction", "factcheck", "friendsqa", "generated", "personas", "trivia", "examples", "report")
    for name in told:
        monkeypatch.setattr(commands, name, lambda *words, _name=name, **more: done.append(" ".join([_name, *words])))
    for name in ("retrieval", "linking", "verification", "interference"):
        monkeypatch.setattr(commands, name, lambda *words, _name=name, **more: done.append(_name))

    def parsing(shows: list[str]) -> None:
        raise NotFound(f"no transcripts of {shows[0]}")

    monkeypatch.setattr(commands, "parsing", parsing)
    code, _, err = evaluate("all")
    assert code == 0
    assert err == "counts of parsing and graph stay as they were: no transcripts of friends\n"
    first = ["checker", "extraction friends", "extraction harbor_lights"]
    first += ["retrieval", "linking", "verification", "interference"]
    unseen = [*["factcheck friends"] * 3, *["factcheck friends"] * 4, *["factcheck harbor_lights"] * 2]
    made = ["factcheck friends", "factcheck harbor_lights", "generated", "personas friends", "trivia friends"]
    made.append("friendsqa friends")
    assert done == [*first, *["factcheck friends"] * 7, *unseen, *made, "examples friends", "report"]


def test_the_bot_is_asked_and_its_partial_answers_are_cleared_away(
    show: Show, graph: Graph, evaluate, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ScriptedEngine(["Lovely weather."])
    monkeypatch.setattr("app.engines.open_engine", lambda *options: engine)
    questions(show.folder, QUESTION, QUESTION | {"id": "q2", "kind": "future", "question": "Who is your husband?"})
    with_graph = evaluate("factcheck", manifest(show))
    alone = evaluate("factcheck", manifest(show), "--no-graph")
    right = []
    for code, out, _ in (with_graph, alone):
        assert code == 0
        right.append([q["right"] for q in json.loads(Path(out.strip()).read_text(encoding="utf-8"))["questions"]])
    assert right == [[True, True], [False, False]]
    assert engine.closed
    assert list((build_dir(show) / "factcheck").iterdir()) == []


def test_missing_weights_stop_the_run_instead_of_failing_every_question(
    show: Show, graph: Graph, evaluate, tmp_path: Path, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANON_MODELS", str(tmp_path / "none"))
    questions(show.folder, QUESTION)
    code, out, err = evaluate("factcheck", manifest(show), "--no-graph")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("canon: question 'q1' can't be asked: ")
    assert not results.exists()


def test_another_engine_is_named_in_the_result_and_its_failures_count(
    show: Show, graph: Graph, evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[object, ...]] = []

    def open_engine(*options: object) -> ScriptedEngine:
        opened.append(options)
        return ScriptedEngine(flaky)

    def flaky(request: EngineRequest) -> list[str]:
        if "husband" in request.messages[-1]["content"]:
            raise Unavailable("the engine is away")
        return ["My sister is Nora."]

    monkeypatch.setattr("app.engines.open_engine", open_engine)
    questions(show.folder, QUESTION, QUESTION | {"id": "q2", "kind": "future", "question": "Who is your husband?"})
    words = ("--no-graph", "--url", "http://127.0.0.1:1/v1", "--model", "big", "--page", tmp_path / "page.html")
    code, out, err = evaluate("factcheck", manifest(show), *words)
    assert code == 0
    assert "the engine failed on 1 questions: they count as wrong" in err
    found = json.loads(Path(out.strip()).read_text(encoding="utf-8"))
    assert opened == [("http://127.0.0.1:1/v1", "big", None)]
    assert (found["configuration"]["server"], found["configuration"]["model"]) == ("http://127.0.0.1:1/v1", "big")
    assert [(q["right"], q["error"]) for q in found["questions"]] == [(True, ""), (False, "the engine is away")]
    assert found["scores"]["kinds"]["future"]["of"] == 1
    assert found["scores"]["claims"]["precision"]["hits"] == 1
    assert sorted(found["files"]) == ["graph.json.gz", "questions.jsonl"]
    assert "the engine is away" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_run_that_is_broken_off_goes_on_and_asks_nothing_twice(
    show: Show, graph: Graph, evaluate, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def breaks(request: EngineRequest) -> list[str]:
        asked.append(request.messages[-1]["content"])
        if len(asked) == 2:
            raise KeyboardInterrupt
        return ["Lovely weather."]

    monkeypatch.setattr("app.engines.open_engine", lambda *options: ScriptedEngine(breaks))
    rows = [QUESTION | {"id": f"q{n}", "question": f"Who is sister {n}?"} for n in range(3)]
    questions(show.folder, *rows)
    assert evaluate("factcheck", manifest(show), "--no-graph")[0] == 130
    code, out, _ = evaluate("factcheck", manifest(show), "--no-graph")
    assert code == 0
    assert asked == ["Who is sister 0?", "Who is sister 1?", "Who is sister 1?", "Who is sister 2?"]
    found = json.loads(Path(out.strip()).read_text(encoding="utf-8"))["questions"]
    assert [q["id"] for q in found] == ["q0", "q1", "q2"]
