"""`python -m evaluation …`: fact-check, checker, extraction, parsing and graph counts, comparison, report."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from parsing.commands import new_app, run, say
from parsing.errors import BadInput, NotFound
from parsing.files import write_json
from parsing.manifest import ROOT, build_dir, load_show, nearest

app = new_app("How good is it? Every command writes evaluation/results/*.json; `report` renders them.")
RESULTS = ROOT / "evaluation" / "results"
ShowArgument = Annotated[str, typer.Argument(metavar="SHOW", help="show id or path to a show.toml")]


@app.command()
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


def default_questions(show: str, folder: Path) -> Path:
    """The questions of a show: beside its manifest, or in evaluation/questions."""
    beside = folder / "questions.jsonl"
    return beside if beside.is_file() else ROOT / "evaluation" / "questions" / f"{show}.jsonl"


@app.command()
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


@app.command()
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


@app.command()
def checker() -> None:
    """Hold the checker of replies against hand-made labels."""
    from evaluation.checker import measure

    result = measure()
    write_json(RESULTS / "checker.json", result)
    print(json.dumps(result, indent=1))


@app.command()
def extraction(show: ShowArgument) -> None:
    """Score labelled facts (evaluation/labels/facts_SHOW.csv), or the graph against the show's gold facts."""
    from evaluation.extraction import LABELS, against_gold, score_labels

    manifest = load_show(show)
    gold = (manifest.folder / "gold_facts.csv").is_file()
    result = against_gold(manifest) if gold else score_labels(LABELS / f"facts_{manifest.id}.csv")
    write_json(RESULTS / f"extraction-{manifest.id}.json", result)
    print(json.dumps(result, indent=1))


@app.command()
def sample_facts(
    show: ShowArgument,
    n: Annotated[int, typer.Option(help="how many facts", min=1)] = 100,
    seed: Annotated[int, typer.Option()] = 7,
    curated: Annotated[bool, typer.Option("--curated", help="draw curated facts instead of extracted ones")] = False,
    relation: Annotated[str, typer.Option(help="of this relation alone, such as note")] = "",
) -> None:
    """Draw facts to be labelled, as CSV on standard output."""
    from evaluation.extraction import draw

    print(draw(load_show(show), n, seed, curated, relation).to_csv(index=False), end="")


@app.command()
def parsing(show: ShowArgument) -> None:
    """What was read, and how it compares with the other transcription, from build/SHOW."""
    from evaluation.sources import graph_counts, parsing_counts

    manifest = load_show(show)
    write_json(RESULTS / "parsing.json", parsing_counts(manifest))
    write_json(RESULTS / "graph.json", graph_counts(manifest))
    print(RESULTS / "parsing.json")


@app.command()
def merges(
    shows: Annotated[list[str], typer.Argument(metavar="SHOW…", help="show ids or paths, parsed before")],
    sample: Annotated[int, typer.Option(help="draw so many merges of labels, as CSV on standard output", min=0)] = 0,
    seed: Annotated[int, typer.Option()] = 4,
) -> None:
    """How right are merged cue labels? Draw some to be labelled, or, without --sample, score the labels."""
    from evaluation import merges as check

    manifests = [load_show(name) for name in shows]
    if sample:
        print(check.draw(manifests, sample, seed).to_csv(index=False), end="")
        return
    write_json(RESULTS / "merges.json", check.score(manifests, check.LABELS))
    print(RESULTS / "merges.json")


@app.command()
def compare(first: Path, second: Path) -> None:
    """Two fact-check results question by question, with McNemar's exact test."""
    from evaluation.factcheck import compare as compared

    print(json.dumps(compared(first, second), indent=1))


@app.command()
def exchange(show: ShowArgument) -> None:
    """What each export format brings back of the graph, and whether cards of a season tell anything later."""
    from evaluation.exchange import exchanged
    from kg.store import load_graph

    manifest = load_show(show)
    target = RESULTS / f"exchange-{manifest.id}.json"
    write_json(target, exchanged(manifest, load_graph(manifest)))
    say(f"wrote {target}")


@app.command()
def report(
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail where a table is stale")] = False,
) -> None:
    """Render every table of README.md and REPORT.md from the results."""
    from evaluation.report import render_all

    changed = render_all(check)
    if check and changed:
        raise BadInput(f"stale tables in {', '.join(changed)}: run `make report`")
    say(f"rendered {', '.join(changed) or 'nothing new'}")


@app.command(name="all")
def everything(show: ShowArgument = "friends") -> None:
    """Every evaluation of a show, then the report: about a quarter of an hour on two cores."""
    checker()
    for one in dict.fromkeys((show, "harbor_lights")):
        extraction(one)
    try:
        parsing(show)
    except NotFound as error:  # on a machine without transcripts
        say(f"counts of parsing and graph stay as they were: {error}")
    for options in (
        {"graph": False},
        {"curated": False},
        {},
        *({"baseline": b} for b in ("abstain", "deny", "echo", "names")),
    ):
        factcheck(show, **options)  # type: ignore[arg-type]
    unseen = ROOT / "evaluation" / "questions" / f"{show}_test.jsonl"
    if unseen.is_file():  # reported, never looked at
        for name, kept in (("no-graph", {"graph": False}), ("extracted", {"curated": False}), ("curated", {})):
            factcheck(show, questions=unseen, out=RESULTS / f"factcheck-{show}-test-{name}.json", **kept)  # type: ignore[arg-type]
    for kept in ({"curated": False}, {}):
        factcheck("harbor_lights", **kept)  # type: ignore[arg-type]
    examples(show)
    report(check=False)


if __name__ == "__main__":
    run(app)
