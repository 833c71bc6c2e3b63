"""The commands that measure what was read of transcripts: counts, merges, addressees, the Russian plays."""

import json
from typing import Annotated

import typer

from evaluation.grounding_commands import RESULTS
from parsing.commands import say
from parsing.files import write_json
from parsing.manifest import load_show


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
