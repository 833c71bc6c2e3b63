"""Short runs side by side, to choose what the long run is made like: `python -m training study --minutes 3`.

Every variant of `training/study.toml` trains for the same processor time, so that a larger model or a slower optimizer
pays for itself, whatever else the machine does. What a variant reached, in bits a byte on development talk (comparable
between vocabularies), stands in `evaluation/results/study.json`, its curve in `evaluation/results/curves/study/`.
"""

import json
import shutil
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from parsing.errors import BadFile, NotFound
from parsing.files import write_json
from parsing.manifest import ROOT, nearest
from training.base import Run, Shape, train_base
from training.tokenizer import load_tokenizer, tokenizer_folder

TABLE = Path(__file__).with_name("study.toml")
_SHAPE = {f.name for f in fields(Shape)}
_RUN = {f.name for f in fields(Run)} - {"minutes", "clock"}


@dataclass(frozen=True)
class Variant:
    """One row of the study."""

    name: str
    asks: str
    shape: Shape
    run: Run
    corpus: str = "corpus"
    start: str = ""


def variants(minutes: float, path: Path = TABLE) -> dict[str, Variant]:
    """The rows of the table. Raises `BadFile` naming an unknown key and the nearest known one."""
    known = _SHAPE | _RUN | {"asks", "corpus", "start"}
    found = {}
    for name, row in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for key in row:
            if key not in known:
                raise BadFile(f"{path}: [{name}] has '{key}', which is no setting{nearest(key, known)}")
        shape = Shape(**{k: v for k, v in row.items() if k in _SHAPE})
        given = {"eval_steps": 10_000, "save_steps": 10_000} | {k: v for k, v in row.items() if k in _RUN}
        run = Run(minutes, clock="processor", **given)
        found[name] = Variant(name, row["asks"], shape, run, row.get("corpus", "corpus"), row.get("start", ""))
    return found


def study(
    build: Path, results: Path, minutes: float, only: Sequence[str] = (), resume: bool = False
) -> Mapping[str, Any]:
    """Train every variant, or `only` some, and write the table of what they reached; `resume` keeps what is there.

    Raises `NotFound` for a variant that the table lacks or a corpus that hasn't been built.
    """
    rows = variants(minutes)
    for name in only:
        if name not in rows:
            raise NotFound(f"no variant '{name}' in {TABLE.name}{nearest(name, rows)}; {', '.join(rows)}")
    target = results / "study.json"
    kept = json.loads(target.read_text())["variants"] if target.is_file() and (resume or only) else {}
    for name, variant in rows.items():
        if (only and name not in only) or (resume and name in kept):
            continue
        kept[name] = _row(variant, build, results)
        ordered = {key: kept[key] for key in rows if key in kept}
        write_json(target, {"processor_minutes": minutes, "variants": ordered})
    return dict(kept)


def _row(variant: Variant, build: Path, results: Path) -> dict[str, Any]:
    corpus = build / variant.corpus
    if not (corpus / "corpus.json").is_file():
        raise NotFound(
            f"no corpus in {corpus}, which the variant '{variant.name}' reads: see `python -m training corpus --help`"
        )
    tokenizer = load_tokenizer(tokenizer_folder(build, variant.shape.vocabulary))
    folder = build / "study" / variant.name
    shutil.rmtree(folder, ignore_errors=True)
    spent, started = time.process_time(), time.monotonic()
    start = ROOT / variant.start if variant.start else None
    train_base(corpus, folder, tokenizer, variant.shape, variant.run, start=start)
    spent, passed = time.process_time() - spent, time.monotonic() - started
    curve = results / "curves" / "study" / f"{variant.name}.jsonl"
    curve.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "curve.jsonl", curve)
    last: dict[str, Any] = {}
    for line in curve.read_text().splitlines():
        last |= json.loads(line)
    shutil.rmtree(folder / "model", ignore_errors=True)  # only what it reached is wanted
    for checkpoint in folder.glob("checkpoint-*"):
        shutil.rmtree(checkpoint)
    return {
        "asks": variant.asks,
        "shape": asdict(variant.shape),
        "parameters": parameters(variant.shape),
        "steps": last["step"],
        "tokens": last["tokens"],
        "processor_seconds": round(spent, 1),
        "seconds": round(passed, 1),
        "show_bits_per_byte": last["eval_show_bits_per_byte"],
        "general_bits_per_byte": last["eval_general_bits_per_byte"],
    }


def parameters(shape: Shape) -> int:
    """Weights of a model of this shape: one embedding for both ends, four attention and three MLP matrices a layer."""
    layer = 4 * shape.hidden**2 + 3 * shape.hidden * shape.mlp + 2 * shape.hidden
    return shape.vocabulary * shape.hidden + shape.layers * layer + shape.hidden
