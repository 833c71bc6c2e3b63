"""`python -m parsing SHOW`: fetch, parse, split, report."""

from pathlib import Path

import typer

from parsing.collection import is_collection, members
from parsing.commands import new_app, run, say
from parsing.errors import BadInput
from parsing.files import replacing
from parsing.manifest import SHOWS, build_dir, load_show

app = new_app("Raw transcripts -> utterances, dialogue pairs and a report of what was dropped and merged.")


@app.command()
def main(
    names: list[str] = typer.Argument(None, metavar="SHOW", help="A show's id or the path of a show.toml."),
    pin: bool = typer.Option(False, "--pin", help="Write the lists files.csv (and cast.csv) from the mirror instead."),
    guess: bool = typer.Option(False, "--guess", help="Look at the files and folders PATH… and draft a show.toml."),
    out: Path = typer.Option(None, help="With --guess: where the draft is written instead of standard output."),
    compare: str = typer.Option("", help="Another source of the same show, parsed too and set beside it (friends_r)."),
    every: bool = typer.Option(False, "--all", help="Every show there is, collections included, in one run."),
    workers: int = typer.Option(1, help="With --all or a collection: processes at work, each on a show of its own."),
) -> None:
    """Fetch the sources, check them, and write utterances.parquet, pairs.jsonl and quality.json under build/<show>/."""
    if guess or out:
        _guess(names or [], out)
        return
    if every:
        _all(names or [], workers)
        return
    if not names:
        raise BadInput("no SHOW named: expected a show's id, the path of a show.toml, or --all")
    if len(names) > 1:
        raise BadInput(f"one SHOW at a time, found {', '.join(names)[:80]}; several paths go with --guess")
    show = names[0]
    if "/" not in show and is_collection(SHOWS / show):
        _collection(show, pin, workers)
        return
    if pin:
        from parsing.pin import pin as write_pins

        for path in write_pins(load_show(show)):
            say(f"wrote {path}")
        return
    from parsing.build import build  # pandas is slow to import and --help should not be
    from parsing.compare import compare as compare_shows
    from parsing.compare import comparison_text
    from parsing.report import summary

    shows = [load_show(name) for name in (show, compare) if name]
    for one in shows:
        say(summary(build(one)))
        say(f"wrote {build_dir(one)}")
    if len(shows) > 1:
        say(comparison_text(compare_shows(*shows)))


def _all(names: list[str], workers: int) -> None:
    """Parse every show, a line each on the terminal."""
    if names:
        raise BadInput(f"--all takes no SHOW, found {', '.join(names)[:80]}")
    from parsing.collection_build import collection_summary, write_whole
    from parsing.pool import build_shows, collections, every_show
    from parsing.report import short_summary

    shows, reports = every_show(), {}
    for name, report in zip(shows, build_shows(shows, workers), strict=True):
        reports[name] = report
        if "/" not in name:
            say(short_summary(report))
    for folder, members_of in collections().items():
        say(collection_summary(write_whole(folder, members_of, (reports[f"{folder}/{m}"] for m in members_of))))


def _collection(name: str, pin: bool, workers: int) -> None:
    """Parse all shows of a collection, or write its lists."""
    if pin:
        from parsing.collection_pin import pin_collection

        for path in pin_collection(SHOWS / name / "show.toml"):
            say(f"wrote {path}")
        return
    from parsing.collection_build import build_collection, collection_summary

    say(collection_summary(build_collection(name, members(SHOWS / name), workers)))


def _guess(names: list[str], out: Path | None) -> None:
    from parsing.guess.draft import draft

    if out is not None and out.exists():
        raise BadInput(f"{out} is there already: name another file with --out")
    if not names:
        raise BadInput("--guess looks at files and folders: name some, as in --guess transcripts/")
    text = draft([Path(name) for name in names], out)
    if out is None:
        print(text, end="")
        return
    with replacing(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
    say(f"wrote {out}; next: python -m parsing {out}")


if __name__ == "__main__":
    run(app)
