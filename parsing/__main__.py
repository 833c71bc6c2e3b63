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
    names: list[str] = typer.Argument(metavar="SHOW", help="A show's id or the path of a show.toml."),
    pin: bool = typer.Option(False, "--pin", help="Write the lists files.csv (and cast.csv) from the mirror instead."),
    guess: bool = typer.Option(False, "--guess", help="Look at the files and folders PATH… and draft a show.toml."),
    out: Path = typer.Option(None, help="With --guess: where the draft is written instead of standard output."),
    compare: str = typer.Option("", help="Another source of the same show, parsed too and set beside it (friends_r)."),
) -> None:
    """Fetch the sources, check them, and write utterances.parquet, pairs.jsonl and quality.json under build/<show>/."""
    if guess or out:
        _guess(names, out)
        return
    if len(names) > 1:
        raise BadInput(f"one SHOW at a time, found {', '.join(names)[:80]}; several paths go with --guess")
    show = names[0]
    if "/" not in show and is_collection(SHOWS / show):
        _collection(show, pin)
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


def _collection(name: str, pin: bool) -> None:
    """Parse all shows of a collection, or write its lists."""
    if pin:
        from parsing.collection_pin import pin_collection

        for path in pin_collection(SHOWS / name / "show.toml"):
            say(f"wrote {path}")
        return
    from parsing.collection_build import build_collection, collection_summary

    say(collection_summary(build_collection(name, members(SHOWS / name))))


def _guess(names: list[str], out: Path | None) -> None:
    from parsing.guess.draft import draft

    if out is not None and out.exists():
        raise BadInput(f"{out} is there already: name another file with --out")
    text = draft([Path(name) for name in names], out)
    if out is None:
        print(text, end="")
        return
    with replacing(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
    say(f"wrote {out}; next: python -m parsing {out}")


if __name__ == "__main__":
    run(app)
