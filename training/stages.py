"""The stages after the base: grounded training of all weights, then one LoRA adapter a persona.

    python -m training grounded friends --minutes 20
    python -m training persona friends [--persona joey] --minutes 2

Both train on `training.mixture`, with the loss on the reply only.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from transformers import PrinterCallback, Trainer

from parsing.episodes import split_of
from parsing.errors import BadInput
from parsing.manifest import CastMember, Show
from parsing.tables import load_pairs
from training.base import Blocks, Run, arguments, check_configuration, save
from training.colour import Colour, colour
from training.curve import Curve, Deadline, TimeLeft
from training.grounded import Person
from training.mixture import Mixture, Pair, collate, encoded, pairs_of
from training.optimizer import muon_adamw
from training.telling import Notes, Pattern, Teller

ROWS = 2_000_000  # more than a run can see; rows are made when they are asked for
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


class Fixed:
    """A list as a dataset."""

    def __init__(self, rows: Sequence[dict[str, Any]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self.rows[index]


def load_trainable(path: str | Path) -> tuple[Any, Any]:
    """A causal model and its tokenizer, by path or hub id. Raises `BadInput` where it has no chat template."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(path)
    if not tokenizer.chat_template:
        raise BadInput(f"{path}: its tokenizer has no chat template, so it can't be tuned to chat; name another --base")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    import torch

    return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32), tokenizer


def train_grounded(
    base: Path, corpus: Path, folder: Path, shows: Sequence[Show], minutes: float, resume: bool = False
) -> Path:
    """Grounded training of all weights of `base`; returns the folder of the new model."""
    model, tokenizer = load_trainable(base)
    pairs = [pair for show in shows for pair in pairs_of(load_pairs(show), show.title, "train")]
    dev = [pair for show in shows for pair in pairs_of(load_pairs(show), show.title, "dev")][::37][:160]
    teller = Teller([pattern for show in shows for pattern in notes_of(show)])
    mix = Mixture(
        tokenizer, pairs, ROWS, seed=11, grounded=0.6, dialogue=0.15, blocks=Blocks(corpus / "train.bin", 160),
        teller=teller,
    )  # fmt: skip
    held = Mixture(tokenizer, (), 160, seed=12, grounded=1.0, show=shows[0].title)
    said = Mixture(tokenizer, (), 160, seed=13, grounded=1.0, show=shows[0].title, teller=teller, telling=1.0)
    run = Run(minutes, batch=32, log_steps=10, eval_steps=100, save_steps=100)
    check_configuration(folder, {"base": str(base), "shows": [s.id for s in shows], "batch": run.batch}, resume)
    trainer = Trainer(
        model=model,
        args=arguments(folder, run, per_device_eval_batch_size=32),
        train_dataset=mix,
        eval_dataset={"grounded": held, "said": said, "pairs": Fixed([encoded(tokenizer, pair) for pair in dev])},
        data_collator=partial(collate, pad=tokenizer.pad_token_id),
        optimizers=(muon_adamw(model, 0.01, 1.5e-3), None),
        callbacks=_callbacks(folder, minutes, resume, cooldown=0.6),
    )
    trainer.train(resume_from_checkpoint=resume)
    return save(trainer.model, tokenizer, folder / "model")


def train_persona(
    base: str | Path,
    folder: Path,
    show: Show,
    member: CastMember,
    rows: Sequence[Pair],
    dev: Sequence[Pair],
    minutes: float,
    rank: int = 8,
    seed: int = 21,
    teller: Teller | None = None,
) -> Path:
    """One LoRA adapter on `base`: the persona's pairs and grounded talk in its name; returns the adapter's folder.

    `teller` makes the talk in which a given sentence is said, in the persona's colour; without one there is none.
    """
    import torch
    from peft import LoraConfig, get_peft_model

    model, tokenizer = load_trainable(base)
    torch.manual_seed(seed)
    config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules=TARGETS, task_type="CAUSAL_LM")
    tuned = get_peft_model(model, config)
    person = Person(member.name, member.gender or "female")
    mix = Mixture(tokenizer, rows, ROWS, seed, grounded=0.4, show=show.title, persona=person, teller=teller)
    run = Run(minutes, batch=32, log_steps=10, eval_steps=60, save_steps=10_000, seed=seed)
    trainable = [p for p in tuned.parameters() if p.requires_grad]
    trainer = Trainer(
        model=tuned,
        args=arguments(folder, run),
        train_dataset=mix,
        eval_dataset={"pairs": Fixed([encoded(tokenizer, pair) for pair in dev])},
        data_collator=partial(collate, pad=tokenizer.pad_token_id),
        optimizers=(torch.optim.AdamW(trainable, lr=2e-3, weight_decay=0.01), None),
        callbacks=_callbacks(folder, minutes, resume=False, cooldown=0.6),
    )
    trainer.remove_callback(PrinterCallback)  # it prints to standard output; the curve holds the same numbers
    trainer.train()
    tuned.save_pretrained(str(folder / "adapter"))
    return folder / "adapter"


def notes_of(show: Show) -> tuple[Pattern, ...]:
    """What the show's notes of training episodes say, without their people."""
    from kg.graph import load_graph
    from kg.pipeline import load_pipeline

    return Notes(load_graph(show), load_pipeline(show)).patterns


def colour_of(show: Show, member: CastMember) -> Colour:
    """How the persona opens and closes what it says, from its training lines and its written ones."""
    lines = [
        row["reply"] for row in load_pairs(show) if row["persona"] == member.name and split_of(row["id"]) == "train"
    ]
    called = [name for person in show.cast for name in (person.name, *person.aliases)]
    names = {word.lower() for name in called for word in name.split()}
    return colour(lines, names, show.folder / "voices.toml", member.slug)


def persona_pairs(show: Show, member: CastMember, split: str) -> list[Pair]:
    """The persona's pairs of one split, each with the facts that its last turn asks for, as of its episode."""
    from kg.graph import load_graph

    rows = [row for row in load_pairs(show) if row["persona"] == member.name]
    graph = load_graph(show)
    lines = {row["id"]: found for row in rows if (found := _asked(show, graph, member, row))}
    made = []
    for row in rows:
        made += [
            Pair(p.persona, p.show, p.history, p.message, p.reply, lines.get(row["id"], ()))
            for p in pairs_of([row], show.title, split)
        ]
    return made


def _asked(show: Show, graph: Any, member: CastMember, row: dict[str, Any]) -> tuple[str, ...]:
    """Lines of the facts that the pair's last turn asks for; almost always none."""
    message = row["context"][-1]["text"]
    if "?" not in message or len(message) > 160:
        return ()
    from kg.linking import Linker
    from kg.questions import understand
    from kg.retrieval import retrieve
    from kg.wording import prompt_line

    persona = next((i for i, node in graph.nodes.items() if node.name == member.name), "")
    seen = _view(graph, row["id"][:6], persona)
    mentions = Linker(seen, show).link(message, persona)
    asks = understand(message, mentions, persona, seen)
    if not asks or not any(ask.relation for ask in asks):
        return ()
    return tuple(
        dict.fromkeys(prompt_line(seen, found.fact, persona) for found in retrieve(seen, mentions, asks, persona))
    )[:4]


_VIEWS: dict[tuple[int, str, str], Any] = {}


def _view(graph: Any, episode: str, persona: str) -> Any:
    key = (id(graph), episode, persona)
    if key not in _VIEWS:
        _VIEWS.clear()  # pairs come in story order: one view is enough
        _VIEWS[key] = graph.at(episode, persona)
    return _VIEWS[key]


def _callbacks(folder: Path, minutes: float, resume: bool, cooldown: float) -> list[Any]:
    import json

    curve = Curve(folder / "curve.jsonl", 0, {})
    clock = Deadline(minutes, warmup_steps=20, cooldown=cooldown)
    if resume and curve.path.is_file():
        rows = [json.loads(line) for line in curve.path.read_text().splitlines()]
        clock.spent_before = rows[-1]["seconds"] if rows else 0.0
    return [clock, curve, TimeLeft(clock, folder.name)]
