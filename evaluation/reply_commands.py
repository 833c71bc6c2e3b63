"""The commands that measure replies: fact-check, comparison of two results, checker, examples, seconds."""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evaluation.grounding_commands import RESULTS, ShowArgument, default_questions
from parsing.commands import say
from parsing.errors import BadInput
from parsing.files import write_json, write_jsonl
from parsing.manifest import ROOT, Show, build_dir, load_show, nearest

if TYPE_CHECKING:
    from app.questions import Question
    from evaluation.factcheck import Scored


def factcheck(
    show: ShowArgument,
    questions: Annotated[Path | None, typer.Option(help="questions as JSON Lines; the show's own by default")] = None,
    graph: Annotated[bool, typer.Option("--graph/--no-graph", help="with the graph, or the model alone")] = True,
    curated: Annotated[bool, typer.Option("--curated/--no-curated", help="with or without corrections")] = True,
    baseline: Annotated[str, typer.Option(help="abstain, deny, echo or names in place of the bot")] = "",
    knows: Annotated[str | None, typer.Option(help="character or viewer, over what the questions say")] = None,
    server: Annotated[
        str | None, typer.Option("--server", "--url", help="an OpenAI-compatible server in place of our weights")
    ] = None,
    model: Annotated[str | None, typer.Option(help="the model's name on that server")] = None,
    base: Annotated[str | None, typer.Option(help="another base model: path or hub id")] = None,
    seed: Annotated[int, typer.Option(help="seed of sampling and of the bootstrap")] = 1,
    limit: Annotated[int | None, typer.Option(help="only the first questions", min=1)] = None,
    out: Annotated[Path | None, typer.Option(help="result file")] = None,
    page: Annotated[Path | None, typer.Option(help="also an HTML page to read failures and contradictions")] = None,
) -> None:
    """Ask every question and score the replies by their text alone. Interrupted, it goes on where it stopped."""
    from app.questions import read_questions
    from evaluation import factcheck as check
    from evaluation import provenance
    from evaluation.scores import result

    manifest = load_show(show)
    file = questions or default_questions(manifest.id, manifest.folder)
    asked = check.scorable(read_questions(file, manifest), file)[:limit]
    if baseline and baseline not in check.BASELINES:
        near = nearest(baseline, check.BASELINES)
        raise BadInput(f"no baseline '{baseline}'{near or ':'} there are {', '.join(check.BASELINES)}")
    if knows not in {None, "character", "viewer"}:
        raise BadInput(f"--knows is 'character' or 'viewer', not '{knows}'")
    if model and not server:
        raise BadInput("--model names a model of a server: give its address with --server (our own weights: --base)")
    name = f"baseline-{baseline}" if baseline else ("no-graph" if not graph else "curated" if curated else "extracted")
    name += f"-first-{limit}" if limit else ""
    target = out or RESULTS / f"factcheck-{manifest.id}-{name}.json"
    options = {"use_graph": graph, "curated": curated, "seed": seed} | ({"knows": knows} if knows else {})
    engine = {"server": server or "", "model": model or "", "base": base or ""}
    used = [file, provenance.graph_file(manifest)]
    used += [] if server or baseline else provenance.model_files(manifest, models_folder())
    if baseline:
        rows = check.by_baseline(baseline, manifest, asked)
    else:
        rested = provenance.hashes(used)
        partial = check.partial_path(build_dir(manifest), asked, options | engine | {"files": rested})
        rows = asyncio.run(_asked(manifest, asked, partial, options, engine))
    found = result(rows, {"show": manifest.id, "run": name, **options, **engine}, used)
    write_json(target, found)
    if page is not None:
        from evaluation.page import write_page

        write_page(page, found, rows, asked, manifest)
        say(f"failures: {page}")
    if not baseline:
        partial.unlink()
    _tell(found["scores"])
    print(target)


def _tell(scores: dict[str, Any]) -> None:
    """The scores by kind, on standard error; where the engine failed, how often."""
    for kind, share in scores["kinds"].items():
        say(
            f"{kind:8} {share['hits']}/{share['of']} = {share['share']:.3f} ({share['low']:.3f} to {share['high']:.3f})"
        )
    if scores["errors"]:
        say(f"the engine failed on {scores['errors']} questions: they count as wrong")


async def _asked(
    manifest: Show,
    asked: "Sequence[Question]",
    partial: Path,
    options: dict[str, Any],
    engine: dict[str, str],
) -> "list[Scored]":
    """Every question through the bot with the engine asked for."""
    from app.bot import Bot
    from app.engines import open_engine
    from evaluation.claims import ClaimReader
    from evaluation.factcheck import ask_all
    from evaluation.provenance import graph_file
    from kg.store import load_graph

    bot = Bot([manifest], open_engine(*(engine[key] or None for key in ("server", "model", "base"))))
    reader = ClaimReader(manifest, load_graph(manifest)) if graph_file(manifest).is_file() else None
    try:
        return await ask_all(bot, manifest, asked, partial, options, reader)
    finally:
        await bot.engine.close()


def models_folder() -> Path:
    """Where the bundled weights lie (`CANON_MODELS`, or `models/`)."""
    return Path(os.environ.get("CANON_MODELS") or ROOT / "models")


def compare(
    first: Annotated[Path, typer.Argument(help="a result of factcheck")],
    second: Annotated[Path, typer.Argument(help="another one, of the same questions")],
) -> None:
    """Two fact-check results question by question: who got what right, and McNemar's exact test, by kind and in all."""
    from evaluation.comparison import compare as compared
    from evaluation.comparison import lines

    found = compared(first, second)
    for line in lines(found):
        say(line)
    print(json.dumps(found, ensure_ascii=False, indent=1))


def generate(
    show: ShowArgument,
    count: Annotated[int, typer.Option(help="how many questions", min=1)] = 200,
    seed: Annotated[int, typer.Option(help="seed of what is drawn and how it is worded")] = 1,
    out: Annotated[Path | None, typer.Option(help="question file; standard output by default")] = None,
) -> None:
    """Make questions from the show's graph, for factcheck. They measure the road to the reply, not the graph."""
    from evaluation.generation import generate as made
    from kg.store import load_graph

    manifest = load_show(show)
    rows = made(manifest, load_graph(manifest), count, seed)
    if out is None:
        print("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
        return
    write_jsonl(out, rows)
    print(out)


def generated(
    draw: Annotated[Path | None, typer.Option(help="instead: print ids of this question file to be read")] = None,
    n: Annotated[int, typer.Option(help="with --draw: how many", min=1)] = 30,
    seed: Annotated[int, typer.Option(help="with --draw")] = 5,
) -> None:
    """How right generated questions are, by the sample that was read (evaluation/labels/generated.csv)."""
    from evaluation import generated as sample
    from parsing.files import read_jsonl

    if draw is not None:
        print("\n".join(sample.draw([row["id"] for row in read_jsonl(draw)], n, seed)))
        return
    result = sample.measure()
    write_json(RESULTS / "generated.json", result)
    print(json.dumps(result, indent=1))


def bench(
    show: ShowArgument = "friends",
    limit: Annotated[int, typer.Option(help="how many of the show's questions", min=1)] = 40,
    server: Annotated[str | None, typer.Option(help="an OpenAI-compatible server in place of our weights")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name on that server")] = None,
) -> None:
    """Time the show's questions, one after another: whole replies and each step, in seconds."""
    from app.bot import Bot
    from app.engines import open_engine
    from app.questions import read_questions
    from evaluation.bench import bench as timed

    manifest = load_show(show)
    asked = read_questions(default_questions(manifest.id, manifest.folder), manifest)
    bot = Bot([manifest], open_engine(server, model, None))
    result = asyncio.run(timed(bot, manifest, asked[:: max(1, len(asked) // limit)][:limit]))
    write_json(RESULTS / "bench.json", result)
    print(json.dumps(result, indent=1))


def examples(show: ShowArgument = "friends") -> None:
    """Ask the questions of evaluation/questions/examples.jsonl and keep the replies as they come, for README."""
    from app.bot import Bot
    from app.engines import open_engine
    from app.questions import read_questions

    manifest = load_show(show)
    bot = Bot([manifest], open_engine(None, None, None))

    async def asked() -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for question in read_questions(ROOT / "evaluation" / "questions" / "examples.jsonl", manifest):
            request = question.request(manifest)
            reply = (await bot.reply(request)).to_json(bot.graph(request))
            reply.pop("seconds")  # the file stays the same as long as the replies do
            rows.append({"persona": question.persona, "as_of": question.as_of, "question": question.question} | reply)
        await bot.engine.close()
        return rows

    write_json(RESULTS / "examples.json", asyncio.run(asked()))
    print(RESULTS / "examples.json")


def checker() -> None:
    """Hold the checker of replies against hand-made labels, beside names and a sentence encoder."""
    from evaluation.checker import LABELS, measure, read_labels
    from evaluation.checker_baselines import beside

    result = measure() | {"beside": beside(read_labels(LABELS))}
    write_json(RESULTS / "checker.json", result)
    print(json.dumps(result, indent=1))
