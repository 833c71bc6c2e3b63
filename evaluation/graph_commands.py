"""The commands that measure the graph itself: facts, couples, moments, mentions, counts, exports."""

import json
from pathlib import Path
from typing import Annotated

import typer

from evaluation.data import data_folder
from evaluation.grounding_commands import RESULTS, ShowArgument
from parsing.commands import say
from parsing.files import write_json
from parsing.manifest import load_show


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


def fit_couples(show: ShowArgument) -> None:
    """Fit the weights of kg/couples.json on a show's training episodes, and say how well they do."""
    from evaluation.pooling import fit_couples as fit

    manifest = load_show(show)
    result = fit(manifest)
    write_json(RESULTS / f"couples-{manifest.id}.json", result)
    print(json.dumps(result, indent=1))


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


def mentions(show: ShowArgument = "friends") -> None:
    """Whom mentions mean, against the character identification set's development part (needs CANON_DATA)."""
    from evaluation.mentions import run as measured

    write_json(RESULTS / "mentions.json", measured(load_show(show), data_folder()))
    print(RESULTS / "mentions.json")


def silver(show: ShowArgument = "friends") -> None:
    """What the resolver's weights were chosen by: names of training episodes, masked."""
    from evaluation.silver import run as counted

    write_json(RESULTS / "silver.json", counted(load_show(show)))
    print(RESULTS / "silver.json")


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


def graph(show: ShowArgument) -> None:
    """Count the facts of the shipped graph by relation and origin."""
    from evaluation.sources import graph_counts

    write_json(RESULTS / "graph.json", graph_counts(load_show(show)))
    print(RESULTS / "graph.json")


def exchange(show: ShowArgument) -> None:
    """What each export format brings back of the graph, and whether cards of a season tell anything later."""
    from evaluation.exchange import exchanged
    from kg.store import load_graph

    manifest = load_show(show)
    target = RESULTS / f"exchange-{manifest.id}.json"
    write_json(target, exchanged(manifest, load_graph(manifest)))
    say(f"wrote {target}")
