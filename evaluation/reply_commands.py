"""The commands that measure replies: fact-check, comparison of two results, checker, examples, seconds."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from evaluation.grounding_commands import RESULTS, ShowArgument, default_questions
from parsing.commands import say
from parsing.errors import BadInput
from parsing.files import write_json
from parsing.manifest import ROOT, build_dir, load_show, nearest


def factcheck(
    show: ShowArgument,
    questions: Annotated[Path | None, typer.Option(help="questions as JSON Lines; the show's own by default")] = None,
    graph: Annotated[bool, typer.Option("--graph/--no-graph", help="with the graph, or the model alone")] = True,
    curated: Annotated[bool, typer.Option("--curated/--no-curated", help="with or without corrections")] = True,
    baseline: Annotated[str, typer.Option(help="abstain, deny, echo or names in place of the bot")] = "",
    knows: Annotated[str | None, typer.Option(help="character or viewer, over what the questions say")] = None,
    server: Annotated[str | None, typer.Option(help="an OpenAI-compatible server in place of our weights")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name on that server")] = None,
    seed: Annotated[int, typer.Option(help="seed of sampling and of the bootstrap")] = 1,
    limit: Annotated[int | None, typer.Option(help="only the first questions", min=1)] = None,
    out: Annotated[Path | None, typer.Option(help="result file")] = None,
) -> None:
    """Ask every question and score the replies by their text alone. Interrupted, it goes on where it stopped."""
    from app.bot import Bot
    from app.engines import open_engine
    from app.questions import read_questions
    from evaluation import factcheck as check

    manifest = load_show(show)
    file = questions or default_questions(manifest.id, manifest.folder)
    asked = check.scorable(read_questions(file, manifest), file)[:limit]
    if baseline and baseline not in check.BASELINES:
        near = nearest(baseline, check.BASELINES)
        raise BadInput(f"no baseline '{baseline}'{near or ':'} there are {', '.join(check.BASELINES)}")
    if knows not in {None, "character", "viewer"}:
        raise BadInput(f"--knows is 'character' or 'viewer', not '{knows}'")
    name = f"baseline-{baseline}" if baseline else ("no-graph" if not graph else "curated" if curated else "extracted")
    name += f"-first-{limit}" if limit else ""
    target = out or RESULTS / f"factcheck-{manifest.id}-{name}.json"
    options = {"use_graph": graph, "curated": curated, "seed": seed} | ({"knows": knows} if knows else {})
    engine = {"server": server or "", "model": model or ""}
    if baseline:
        rows = check.by_baseline(baseline, manifest, asked)
    else:
        partial = check.partial_path(build_dir(manifest), asked, options | engine)
        bot = Bot([manifest], open_engine(server, model, None))
        rows = asyncio.run(_asked(bot, manifest, asked, partial, options))
    used = [file, manifest.folder / "graph.json.gz", ROOT / "models" / "base" / "model.safetensors"]
    check.write_result(target, rows, {"show": manifest.id, "run": name, **options, **engine}, used)
    if not baseline:
        partial.unlink()
    for kind, share in check.summary(rows, seed)["kinds"].items():
        say(
            f"{kind:8} {share['hits']}/{share['of']} = {share['share']:.3f} ({share['low']:.3f} to {share['high']:.3f})"
        )
    print(target)


async def _asked(bot, manifest, asked, partial, options):  # type: ignore[no-untyped-def]
    from evaluation.factcheck import ask_all

    try:
        return await ask_all(bot, manifest, asked, partial, options)
    finally:
        await bot.engine.close()


def compare(first: Path, second: Path) -> None:
    """Two fact-check results question by question, with McNemar's exact test."""
    from evaluation.factcheck import compare as compared

    print(json.dumps(compared(first, second), indent=1))


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
    """Hold the checker of replies against hand-made labels."""
    from evaluation.checker import measure

    result = measure()
    write_json(RESULTS / "checker.json", result)
    print(json.dumps(result, indent=1))
