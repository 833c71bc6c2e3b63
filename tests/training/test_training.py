"""The trainers, on two layers and a few steps."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_model import SHAPE, TEXTS

from parsing.errors import BadFile, BadInput, NotFound
from parsing.manifest import CastMember, Show
from training.base import Blocks, Run, check_configuration, new_model, train_base
from training.curve import Curve, Deadline
from training.mixture import Mixture, Pair, collate, to_pair
from training.models import check, load_model, seal, ship_adapter, ship_base
from training.optimizer import muon_adamw
from training.prompt import IGNORED
from training.stages import load_trainable, train_persona

RUN = Run(minutes=0.03, block=32, batch=4, save_steps=5, log_steps=2, eval_steps=5)
PAIRS = [Pair("Ben", "Harbor Lights", (), "Hey!", "Hello there."), Pair("Ben", "Harbor Lights", (), "Bread?", "Fresh!")]


@pytest.fixture
def corpus(tokenizer: Any, tmp_path: Path) -> Path:
    ids = np.array([i for text in TEXTS for i in tokenizer(text)["input_ids"]], dtype=np.uint16)
    for part in ("train", "dev_show", "dev_general"):
        ids.tofile(tmp_path / f"{part}.bin")
    counts = {"vocabulary": 320, "bytes_per_token": {"dev_show": 3.0, "dev_general": 3.0}}
    (tmp_path / "corpus.json").write_text(json.dumps(counts))
    return tmp_path


def test_base_training_lowers_the_loss_and_leaves_curve_and_model(corpus: Path, tokenizer: Any, tmp_path: Path) -> None:
    made = train_base(corpus, tmp_path / "base", tokenizer, SHAPE, RUN)
    rows = [json.loads(line) for line in (tmp_path / "base" / "curve.jsonl").read_text().splitlines()]
    losses = [row["loss"] for row in rows if "loss" in row]
    assert losses[-1] < losses[0]
    shown = [row for row in rows if "eval_show_loss" in row]
    assert shown[-1]["eval_show_bits_per_byte"] == pytest.approx(
        shown[-1]["eval_show_loss"] / np.log(2) / 3.0, abs=1e-4
    )
    assert (made / "model.safetensors").is_file()
    rates = [row["lr"] for row in rows if "lr" in row]
    assert len(set(rates)) > 1  # set by the clock, not the Trainer's constant


def test_a_run_resumes_only_with_the_configuration_it_began_with(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing to resume"):
        check_configuration(tmp_path, {"a": 1}, resume=True)
    check_configuration(tmp_path, {"a": 1}, resume=False)
    check_configuration(tmp_path, {"a": 1}, resume=True)
    with pytest.raises(BadInput, match=r"another configuration \(a\)"):
        check_configuration(tmp_path, {"a": 2}, resume=True)


def test_blocks_refuse_a_missing_and_a_short_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="python -m training corpus"):
        Blocks(tmp_path / "none.bin", 8)
    np.arange(3, dtype=np.uint16).tofile(tmp_path / "short.bin")
    with pytest.raises(NotFound, match="less than one row"):
        Blocks(tmp_path / "short.bin", 8)


def test_optimizer_state_survives_a_round_trip(tokenizer: Any) -> None:
    model = new_model(SHAPE, tokenizer)
    first, second = muon_adamw(model), muon_adamw(model)
    ids = torch.arange(16).reshape(1, 16)
    model(input_ids=ids, labels=ids).loss.backward()
    first.step()
    second.load_state_dict(first.state_dict())
    assert str(second.state_dict()) == str(first.state_dict())
    assert len(first.param_groups) == 2
    hidden = first.parts[0].param_groups[0]["params"]
    assert all(p.ndim == 2 and p.shape[0] != SHAPE.vocabulary for p in hidden)


def test_the_clock_warms_up_holds_and_falls_to_zero() -> None:
    clock = Deadline(minutes=1, warmup_steps=10, cooldown=0.4)
    assert clock.factor(0, 0.0) == pytest.approx(0.1)
    assert clock.factor(100, 0.5) == 1.0
    assert clock.factor(100, 0.8) == pytest.approx(0.5)
    assert clock.factor(100, 1.0) == 0.0


def test_a_curve_drops_rows_later_than_the_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "curve.jsonl"
    path.write_text("".join(json.dumps({"step": s, "seconds": s}) + "\n" for s in (10, 20, 30)))
    curve = Curve(path, 4, {})
    state = type("State", (), {"global_step": 20})()
    curve.on_train_begin(None, state, None)
    assert [json.loads(line)["step"] for line in path.read_text().splitlines()] == [10, 20]


def test_rows_of_a_mixture_depend_on_seed_and_place_alone(tokenizer: Any) -> None:
    mix, again = (Mixture(tokenizer, PAIRS, 50, seed=3) for _ in range(2))
    assert [mix[i]["input_ids"] for i in range(20)] == [again[i]["input_ids"] for i in range(20)]
    assert any(IGNORED in mix[i]["labels"] for i in range(5))


def test_padding_carries_neither_attention_nor_loss() -> None:
    batch = collate([{"input_ids": [1, 2, 3], "labels": [1, 2, 3]}, {"input_ids": [4], "labels": [4]}], pad=0)
    assert batch["input_ids"].tolist() == [[1, 2, 3], [4, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch["labels"].tolist() == [[1, 2, 3], [4, IGNORED, IGNORED]]


def test_a_pair_is_told_from_the_personas_side() -> None:
    context = [
        {"speaker": "Nora", "text": "Hi."},
        {"speaker": "Ben", "text": "Hey."},
        {"speaker": "Mia", "text": "Ben!"},
    ]
    pair = to_pair({"persona": "Ben", "context": context, "reply": "What?"}, "Harbor Lights")
    assert pair is not None
    assert [turn["role"] for turn in pair.history] == ["user", "assistant"]
    assert (pair.message, pair.reply) == ("Ben!", "What?")
    assert to_pair({"persona": "Ben", "context": context[:2], "reply": "What?"}, "Harbor Lights") is None


def test_an_adapter_trains_ships_and_knows_its_base(tiny: Path, tmp_path: Path) -> None:
    member = CastMember("Ben", gender="male", slug="ben")
    show = Show("harbor_lights", "Harbor Lights", "en", (6,), (member,), (), tmp_path)
    trained = train_persona(tiny, tmp_path / "ben", show, member, PAIRS, PAIRS, minutes=0.03, rank=2)
    ship_base(tiny, tmp_path / "models" / "base")
    ship_adapter(trained, tmp_path / "models" / "ben", tmp_path / "models" / "base")
    check(tmp_path / "models" / "ben", tmp_path / "models" / "base")
    load_model(tmp_path / "models" / "base")
    other = tmp_path / "models" / "other"
    other.mkdir()
    (other / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(BadFile, match="another base"):
        check(tmp_path / "models" / "ben", other)


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    with pytest.raises(NotFound, match="no model in"):
        check(tmp_path)
    seal(tmp_path)
    check(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"weight")
    with pytest.raises(BadFile, match="is damaged"):
        check(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(BadFile, match="is missing"):
        check(tmp_path)


def test_a_base_without_chat_template_is_refused(tiny: Path) -> None:
    (tiny / "chat_template.jinja").unlink()
    with pytest.raises(BadInput, match="no chat template"):
        load_trainable(tiny)
