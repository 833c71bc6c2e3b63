"""The commands that measure the graph's side of a reply: linking, retrieval, verification, their scale and silence."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parsing.files import write_json
from parsing.manifest import ROOT, Show, load_show

if TYPE_CHECKING:
    from app.questions import Question

HALVES = ("core", "core2", "talks")  # sets of questions: odd ids are for development, even ones for reporting alone
RESULTS = ROOT / "evaluation" / "results"
ShowArgument = Annotated[str, typer.Argument(metavar="SHOW", help="show id or path to a show.toml")]


def interference(
    show: ShowArgument = "friends",
    rebuilt: Annotated[int, typer.Option(help="episodes for which a graph is built from the transcripts so far")] = 3,
) -> None:
    """Do linking and retrieval tell anything of the future? Readings by the whole graph and by stripped ones."""
    from evaluation.factcheck import commit
    from evaluation.interference import measure

    result = {"commit": commit()} | measure(load_show(show), rebuilt)
    write_json(RESULTS / "interference.json", result)
    print(json.dumps(result | {"differing": len(result["differing"])}, indent=1))


def scale(
    show: ShowArgument = "friends",
    largest: Annotated[int, typer.Option(help="the largest graph's number of facts", min=10_000)] = 1_000_000,
) -> None:
    """Time linking and retrieval on graphs of 10⁴ to 10⁶ facts made from the show's own: minutes, and gigabytes."""
    from evaluation.factcheck import commit
    from evaluation.scale import SIZES, measure

    result = {"commit": commit()} | measure(load_show(show), [n for n in SIZES if n <= largest])
    write_json(RESULTS / "scale.json", result)
    print(json.dumps(result, indent=1))


def verification(show: ShowArgument = "friends") -> None:
    """Judge hand-labelled replies (evaluation/labels/replies.csv), beside a baseline that looks at names alone."""
    from evaluation.factcheck import commit
    from evaluation.verification import PARTS, measure

    result = {"commit": commit()} | measure(load_show(show))
    write_json(RESULTS / "verification.json", result)
    print(json.dumps({p: {k: {**v, "wrong": ""} for k, v in result[p].items()} for p in PARTS}, indent=1))


def linking(show: ShowArgument = "friends") -> None:
    """Link hand-labelled messages (evaluation/labels/linking.csv), beside exact names and spaCy."""
    from evaluation.factcheck import commit
    from evaluation.linking import measure

    result = {"commit": commit()} | measure(load_show(show))
    write_json(RESULTS / "linking.json", result)
    print(json.dumps({k: {**v, "wrong": len(v["wrong"])} for k, v in result["ways"].items()}, indent=1))


def retrieval(
    shows: Annotated[list[str], typer.Argument(metavar="SHOW…", help="show ids or paths")],
    dense: Annotated[bool, typer.Option("--dense", help="beside a dense retriever too: minutes")] = False,
) -> None:
    """Are the facts that questions need among the first five retrieved, and where are the others lost?"""
    from app.questions import read_questions
    from evaluation.factcheck import commit
    from evaluation.grounding import Dense, lorebook, measure

    baselines = {"lorebook": lorebook} | ({"dense": Dense()} if dense else {})
    results = {}
    for manifest in (load_show(name) for name in shows):
        asked = read_questions(default_questions(manifest.id, manifest.folder), manifest)
        results[manifest.id] = measure(manifest, asked, baselines)
    write_json(RESULTS / "retrieval.json", {"commit": commit(), "shows": results})
    print(json.dumps({k: {"rankers": v["rankers"], "steps": v["steps"]} for k, v in results.items()}, indent=1))


def default_questions(show: str, folder: Path) -> Path:
    """The questions of a show: beside its manifest, or in evaluation/questions."""
    beside = folder / "questions.jsonl"
    return beside if beside.is_file() else ROOT / "evaluation" / "questions" / f"{show}.jsonl"


def calibrate(show: ShowArgument = "friends") -> None:
    """Fit how likely a recalled note answers (kg/recall_weights.toml) on the show's development questions."""
    from evaluation.calibration import calibrate as fitted

    manifest = load_show(show)
    found = fitted(manifest, development_questions(manifest))
    write_json(RESULTS / "recall.json", found)
    print(json.dumps(found, indent=1))


def development_questions(manifest: Show) -> list["Question"]:
    """The show's own questions, and those with odd ids of the sets whose other half nobody reads (`HALVES`)."""
    from app.questions import read_questions

    own = default_questions(manifest.id, manifest.folder)
    asked = read_questions(own, manifest)
    for name in HALVES:
        path = own.with_name(f"{manifest.id}_{name}.jsonl")
        if path.is_file():
            asked += [q for q in read_questions(path, manifest) if int(q.id.rsplit("-", 1)[-1]) % 2]
    return asked
