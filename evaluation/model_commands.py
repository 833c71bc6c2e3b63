"""The command that measures the personas: the bundled model with its adapters, beside the real lines."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from evaluation.grounding_commands import RESULTS, ShowArgument
from evaluation.reply_commands import models_folder
from parsing.files import write_json
from parsing.manifest import load_show


def personas(
    show: ShowArgument = "friends",
    seed: Annotated[int, typer.Option(help="seed of prompts, sampling and intervals")] = 1,
    prompts: Annotated[int, typer.Option(help="neutral prompts that all personas answer", min=20)] = 200,
    ranked: Annotated[int, typer.Option(help="replies of each persona looked for among twenty", min=5)] = 50,
    out: Annotated[Path | None, typer.Option(help="result file")] = None,
) -> None:
    """Do the personas differ, and as the characters do? Under five minutes on two cores; needs the transcripts."""
    from evaluation.personas import measure

    result = measure(load_show(show), models_folder(), seed, prompts, ranked)
    target = out or RESULTS / f"personas-{result['show']}.json"
    write_json(target, result)
    print(json.dumps({key: result[key] for key in ("classifier", "ranking", "seconds")}, indent=1))


def trivia(show: ShowArgument = "friends") -> None:
    """A hobby quiz's four options, ranked by the graph and by the model's likelihood (needs CANON_DATA)."""
    from evaluation.graph_commands import data_folder
    from evaluation.trivia import measure

    result = measure(load_show(show), data_folder(), models_folder())
    write_json(RESULTS / "trivia.json", result)
    print(json.dumps(result, indent=1))


def friendsqa(show: ShowArgument = "friends") -> None:
    """FriendsQA's development questions through the bot without a model, by the gold spans (needs CANON_DATA)."""
    from evaluation.friendsqa import measure
    from evaluation.graph_commands import data_folder

    result = asyncio.run(measure(load_show(show), data_folder()))
    write_json(RESULTS / "friendsqa.json", result)
    print(json.dumps(result["ways"], indent=1))
