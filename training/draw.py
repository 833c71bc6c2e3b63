"""Learning curves as pictures: `python -m training curves friends`."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from parsing.errors import NotFound

SERIES = {
    "loss": "training",
    "eval_show_loss": "development, the show",
    "eval_general_loss": "development, general talk",
    "eval_grounded_loss": "development, made-up grounded talk",
    "eval_said_loss": "development, a given sentence said",
    "eval_pairs_loss": "development, real pairs",
    "eval_loss": "messages held out",
}
RELEVANCE = "relevance"  # the run whose losses are of a message among notes


def runs(build: Path, shows: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """(name, curve.jsonl) of every run below the build folder."""
    for stage in ("base", "grounded", RELEVANCE):
        yield stage, build / stage / "curve.jsonl"
    for show in shows:
        for path in sorted((build / "personas" / show).glob("*/curve.jsonl")):
            yield f"persona-{show}-{path.parent.name}", path


def draw_all(build: Path, data: Path, pictures: Path, shows: Sequence[str]) -> list[Path]:
    """Copy each curve to `data`, draw it into `pictures`; returns the pictures. Raises `NotFound` without any."""
    written: list[Path] = []
    data.mkdir(parents=True, exist_ok=True)
    pictures.mkdir(parents=True, exist_ok=True)
    for name, path in runs(build, shows):
        if path.is_file():
            shutil.copy(path, data / f"{name}.jsonl")
    for path in sorted(data.glob("*.jsonl")):
        written.append(draw(path.stem, read_curve(path), pictures / f"{path.stem}.png"))
    if not written:
        raise NotFound(f"no curves in {build} or {data}: train something first")
    return written


def read_curve(path: Path) -> list[dict[str, Any]]:
    """The rows of one curve."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def draw(name: str, rows: Sequence[dict[str, Any]], target: Path) -> Path:
    """Losses above, learning rate and gradient norm below, over steps."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, (upper, lower) = plt.subplots(2, 1, figsize=(7, 5), height_ratios=(3, 1), sharex=True, layout="constrained")
    for key, label in SERIES.items():
        points = [(r["step"], r[key]) for r in rows if key in r]
        if points:
            upper.plot(
                *zip(*points, strict=True), label=label, linewidth=1.2, marker="" if key == "loss" else "o", ms=3
            )
    upper.set_ylabel("nats a message" if name == RELEVANCE else "nats a token")
    upper.set_title(name.replace("-", " "))
    upper.legend(frameon=False)
    for key, colour in (("lr", "tab:green"), ("grad_norm", "tab:gray")):
        points = [(r["step"], r[key]) for r in rows if key in r]
        peak = max((value for _, value in points), default=1.0) or 1.0
        lower.plot(
            [s for s, _ in points],
            [v / peak for _, v in points],
            color=colour,
            linewidth=1,
            label=f"{key} (peak {peak:.3g})",
        )
    lower.set_ylabel("share of peak")
    lower.set_xlabel("step")
    lower.legend(frameon=False, fontsize=8)
    figure.savefig(target, dpi=110, metadata={"Software": None})
    plt.close(figure)
    return target


def draw_search(found: Mapping[str, Any], target: Path) -> Path:
    """What each trial of a generation search was worth, over each of its settings; the best one marked."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    keys = list(found["best"]["settings"])
    figure, axes = plt.subplots(1, len(keys), figsize=(3 * len(keys), 3), sharey=True, layout="constrained")
    for axis, key in zip(axes, keys, strict=True):
        axis.scatter([t["settings"][key] for t in found["trials"]], [t["worth"] for t in found["trials"]], s=14)
        for name, colour in (("before", "tab:gray"), ("best", "tab:orange")):
            axis.scatter(found[name]["settings"][key], found[name]["worth"], s=60, color=colour, label=name)
        axis.set_xlabel(key.replace("_", " "))
    axes[0].set_ylabel("worth")
    axes[0].legend(frameon=False, fontsize=8)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, dpi=110, metadata={"Software": None})
    plt.close(figure)
    return target
