"""The base model: a small Llama trained from scratch on the packed corpus.

    python -m training base --minutes 60 [--resume] [--start models/base --layers 8] [--cooldown 0]

Through transformers' Trainer (so `accelerate launch -m training base` works), bf16 autocast, Muon + AdamW, a checkpoint
every few minutes under `build/base/`, the curve in `build/base/curve.jsonl`. A run begins from scratch or from weights
that are there already (`training.growth` adds layers to them). Without a cool-down the rate doesn't fall: such a run
can be gone on with for hours, and a run that starts from its weights and does cool down finishes a model.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM, Trainer, TrainingArguments

from parsing.errors import BadInput, NotFound
from parsing.files import write_json
from training.curve import Clock, Curve, Deadline, TimeLeft
from training.optimizer import ADAMW_RATE, adamw, muon_adamw


@dataclass(frozen=True)
class Shape:
    """The architecture. 4.8 million parameters as it stands."""

    vocabulary: int = 4096
    hidden: int = 256
    layers: int = 5
    heads: int = 4
    mlp: int = 640
    context: int = 256  # no row of any stage is longer


@dataclass(frozen=True)
class Run:
    """How long and how the model is trained."""

    minutes: float = 60.0
    block: int = 256  # tokens of one row
    batch: int = 16  # rows of one step
    seed: int = 1
    save_steps: int = 200
    log_steps: int = 20
    eval_steps: int = 400
    optimizer: Literal["muon", "adamw"] = "muon"
    rate: float = 1.0  # what the optimizer's usual rates are multiplied with
    cooldown: float = 0.4  # the last part of the time, in which the rate falls to zero
    masked: bool = False  # attention stays inside a conversation
    clock: Clock = "wall"
    compiled: bool = False  # by torch.compile, which wants a C++ compiler


class Blocks(torch.utils.data.Dataset[dict[str, Any]]):
    """Rows of `block` ids out of a packed file, in the order in which they stand."""

    def __init__(self, path: Path, block: int, limit: int | None = None, begin: int | None = None) -> None:
        """With `begin` (the id that a conversation starts with) positions count from the start of each conversation.

        transformers then lets no token see another conversation.
        """
        self.begin = begin
        if not path.is_file():
            raise NotFound(f"no packed tokens at {path}: make them with `python -m training corpus`")
        self.ids = np.memmap(path, dtype=np.uint16, mode="r")
        self.block = block
        rows = len(self.ids) // block
        self.rows = min(rows, limit) if limit else rows
        if not self.rows:
            raise NotFound(f"{path} holds {len(self.ids)} tokens, less than one row of {block}")

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, index: int) -> dict[str, Any]:
        row = torch.from_numpy(self.ids[index * self.block : (index + 1) * self.block].astype(np.int64))
        if self.begin is None:
            return {"input_ids": row, "labels": row}
        places = torch.arange(self.block)
        starts = torch.where(row == self.begin, places, 0).cummax(0).values
        return {"input_ids": row, "labels": row, "position_ids": places - starts}


def new_model(shape: Shape, tokenizer: Any, seed: int = 1) -> Any:
    """A fresh Llama of this shape."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        intermediate_size=shape.mlp,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def arguments(folder: Path, run: Run, **changes: Any) -> TrainingArguments:
    """Trainer's settings, the same for every stage of the base."""
    settings: dict[str, Any] = {
        "output_dir": str(folder),
        "per_device_train_batch_size": run.batch,
        "per_device_eval_batch_size": run.batch,
        "max_steps": 1_000_000,  # the clock ends the run
        "lr_scheduler_type": "constant",  # `Deadline` sets the rates
        "max_grad_norm": 1.0,
        "bf16": True,
        "use_cpu": not torch.cuda.is_available(),
        "logging_steps": run.log_steps,
        "eval_strategy": "steps",
        "eval_steps": run.eval_steps,
        "save_steps": run.save_steps,
        "save_total_limit": 2,
        "seed": run.seed,
        "report_to": [],
        "disable_tqdm": True,
        "dataloader_drop_last": True,
        "remove_unused_columns": False,
        "torch_compile": run.compiled,
    }
    return TrainingArguments(**(settings | changes))


def train_base(
    corpus: Path,
    folder: Path,
    tokenizer: Any,
    shape: Shape,
    run: Run,
    resume: bool = False,
    start: Path | None = None,
) -> Path:
    """Train for `run.minutes` and save the model in `folder/model`; returns that path.

    `start` names weights to begin with in place of random ones; it is grown to `shape.layers`.
    """
    counts = json.loads((corpus / "corpus.json").read_text())
    if counts["vocabulary"] != shape.vocabulary or len(tokenizer) != shape.vocabulary:
        raise BadInput(f"the corpus has a vocabulary of {counts['vocabulary']}, the model {shape.vocabulary}")
    configuration = {
        "shape": asdict(shape),
        "run": {k: v for k, v in asdict(run).items() if k not in ("minutes", "cooldown")},
        "start": str(start) if start else "",
    }
    check_configuration(folder, configuration, resume)
    model = started(start, shape) if start else new_model(shape, tokenizer, run.seed)
    limits, begin = 48, tokenizer.bos_token_id if run.masked else None
    trainer = Trainer(
        model=model,
        args=arguments(folder, run),
        train_dataset=Blocks(corpus / "train.bin", run.block, begin=begin),
        eval_dataset={
            "show": Blocks(corpus / "dev_show.bin", run.block, limits, begin),
            "general": Blocks(corpus / "dev_general.bin", run.block, limits, begin),
        },
        optimizers=(optimizer_of(model, run), None),
        callbacks=callbacks(folder, run, counts["bytes_per_token"], resume),
    )
    trainer.train(resume_from_checkpoint=resume)
    return save(trainer.model, tokenizer, folder / "model")


def started(start: Path, shape: Shape) -> Any:
    """The weights of `start`, in single precision, with as many layers as `shape` says."""
    from transformers import AutoModelForCausalLM

    from training.growth import grown

    model = AutoModelForCausalLM.from_pretrained(start, dtype=torch.float32)
    found = (model.config.vocab_size, model.config.hidden_size)
    if found != (shape.vocabulary, shape.hidden):
        raise BadInput(
            f"{start} has a vocabulary of {found[0]} and is {found[1]} wide, but {shape.vocabulary} and {shape.hidden} "
            "are wanted: only layers can be added"
        )
    return grown(model, shape.layers)


def optimizer_of(model: Any, run: Run) -> torch.optim.Optimizer:
    """The run's optimizer at its peak rates."""
    if run.optimizer == "adamw":
        return adamw(model, ADAMW_RATE * run.rate)
    return muon_adamw(model, 0.02 * run.rate, 3e-3 * run.rate)


def callbacks(folder: Path, run: Run, bytes_per_token: dict[str, float], resume: bool) -> list[Any]:
    """The curve and the clock; a resumed run has only the minutes that are left."""
    sizes = {name.removeprefix("dev_"): size for name, size in bytes_per_token.items()}
    curve = Curve(folder / "curve.jsonl", run.block * run.batch, sizes)
    clock = Deadline(run.minutes, cooldown=run.cooldown, clock=run.clock)
    if resume and curve.path.is_file():
        rows = [json.loads(line) for line in curve.path.read_text().splitlines()]
        clock.spent_before = rows[-1]["seconds"] if rows else 0.0
    return [clock, curve, TimeLeft(clock, folder.name)]


def check_configuration(folder: Path, configuration: dict[str, Any], resume: bool) -> None:
    """A run is resumed with the configuration it began with, or not at all."""
    path = folder / "run.json"
    if resume and path.is_file():
        before = json.loads(path.read_text())
        changed = {k for k in configuration if configuration[k] != before.get(k)}
        if changed:
            raise BadInput(
                f"{path} began with another configuration ({', '.join(sorted(changed))}): run without --resume"
            )
    elif resume:
        raise NotFound(f"nothing to resume in {folder}: run without --resume")
    write_json(path, configuration)


def save(model: Any, tokenizer: Any, folder: Path) -> Path:
    """Write the model (as trained, single precision) and its tokenizer."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
