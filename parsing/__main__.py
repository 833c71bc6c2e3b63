"""`python -m parsing SHOW`: fetch, parse, split, report."""

import typer

from parsing.commands import new_app, run
from parsing.manifest import load_show

app = new_app("Raw transcripts -> utterances, dialogue pairs and a report of what was dropped and merged.")


@app.command()
def main(show: str = typer.Argument(help="A show's id or the path of a show.toml.")) -> None:
    """Fetch, parse, split, report."""
    from parsing.build import build  # pandas is slow to import and --help should not be

    build(load_show(show))


if __name__ == "__main__":
    run(app)
