"""`python -m evaluation dialogre` and `fit-speakers`: relations of DialogRE, and who its speakers are."""

import json
from typing import Annotated

import typer

from evaluation.grounding_commands import RESULTS
from parsing.commands import say
from parsing.files import write_json
from parsing.manifest import load_show


def dialogre(
    show: Annotated[str, typer.Argument(metavar="SHOW", help="the show the dialogues are of")] = "friends",
    bench: Annotated[bool, typer.Option("--bench", help="instead: train and score the bench (minutes)")] = False,
) -> None:
    """Relations of DialogRE's development part: our extractor, untrained, beside baselines (needs CANON_DATA)."""
    from evaluation.data import data_folder
    from evaluation.dialogre_run import run

    path = RESULTS / "dialogre.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    write_json(path, run(load_show(show), data_folder(), before, bench))
    say("DialogRE is for evaluation only: nothing that is bundled is made from it")
    print(path)


def fit_speakers(
    show: Annotated[str, typer.Argument(metavar="SHOW", help="show id or path to a show.toml")] = "friends",
) -> None:
    """Fit who a dialogue's unnamed speakers are, on a show's training scenes with the cue labels hidden."""
    from evaluation.dialogre_people import WEIGHTS, fit
    from evaluation.silver import hidden_scenes
    from kg.extract.mentions import Names

    manifest = load_show(show)
    train, dev = (hidden_scenes(manifest, split) for split in ("train", "dev"))
    write_json(WEIGHTS, fit(train, dev, Names(manifest)))
    print(WEIGHTS)
