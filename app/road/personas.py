"""The last stage before serving: an adapter a persona on the bundled base, for those with enough to learn from."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.road.journal import Stage, checksum
from parsing.commands import say
from parsing.errors import BadInput
from parsing.manifest import CastMember, Show, build_dir

if TYPE_CHECKING:
    from training.mixture import Pair

LEAST = 40  # pairs: with fewer there is no manner to learn
_HELD = 12  # without development episodes: every twelfth pair measures
_MEASURED = 120  # pairs at most


def trainable(show: Show, counts: Mapping[str, int]) -> list[CastMember]:
    """The personas with enough pairs. Raises `BadInput` for a show that the bundled base can't speak."""
    if show.language != "en":
        raise BadInput(
            f"{show.title} is in '{show.language}', and the bundled base writes English only: leave --train out "
            "(a Russian show is answered from the graph by templates), or name an engine with --server"
        )
    chosen = [member for member in show.personas if counts.get(member.name, 0) >= LEAST]
    if not chosen:
        raise BadInput(f"no persona of {show.title} has {LEAST} pairs to learn from: leave --train out")
    for member in show.personas:
        if member not in chosen:
            say(f"      {member.name}: {counts.get(member.name, 0)} pairs, fewer than {LEAST}: speaks by the base")
    return chosen


def training_stage(show: Show, member: CastMember, base: Path, minutes: float) -> Stage:
    """The stage that trains one persona for some minutes."""
    from training.models import WEIGHTS

    built = build_dir(show)
    target = built / "adapters" / member.slug
    inputs = (built / "pairs.jsonl", built / "graph.json.gz", base / WEIGHTS["base"], f"{member.name} {minutes}")
    return Stage(
        f"persona {member.slug}",
        f"training {member.name}'s adapter for {minutes:g} min",
        checksum(inputs),
        (target / "adapter_config.json",),
        60 * minutes + 15,
        lambda: _train(show, member, base, minutes, target),
        by_clock=True,
    )


def _train(show: Show, member: CastMember, base: Path, minutes: float, target: Path) -> None:
    """Train beside, then rename: an adapter is there whole or not at all."""
    from training.models import ship_adapter
    from training.stages import colour_of, notes_of, train_persona
    from training.telling import Teller

    _hush()
    rows, dev = _split(show, member)
    work = build_dir(show) / "training" / member.slug
    shutil.rmtree(work, ignore_errors=True)
    teller = Teller(notes_of(show), colour_of(show, member))
    trained = train_persona(base, work, show, member, rows, dev, minutes, teller=teller)
    ship_adapter(trained, work / "shipped", base)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    (work / "shipped").rename(target)
    shutil.rmtree(work)


def _hush() -> None:
    """Silence warnings about what a person who trains a persona can't mend."""
    import warnings

    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # peft 0.21's, not ours


def _split(show: Show, member: CastMember) -> "tuple[Sequence[Pair], Sequence[Pair]]":
    """Pairs to train on and pairs to measure by; a show too short for development episodes lends some of its pairs."""
    from training.stages import persona_pairs

    rows, dev = persona_pairs(show, member, "train"), persona_pairs(show, member, "dev")
    if not dev:
        dev, rows = rows[::_HELD], [row for place, row in enumerate(rows) if place % _HELD]
    return rows, dev[:: max(1, len(dev) // _MEASURED)]
