"""Personas: measures against numbers worked out by hand, and an exchanged adapter that must be noticed."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluation import likeness, persona_tables, personas, report
from evaluation.persona_classifier import Classifier, macro_f1
from evaluation.persona_model import Voices
from parsing.errors import NotFound
from parsing.manifest import Show
from training.mixture import Pair, collate, encoded
from training.prompt import messages


@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("How are you?", "asks"),
        ("I don't know.", "abstains"),
        ("No, I never said that.", "denies"),
        ("Yeah, I'd love to come.", "agrees"),
        ("That is the best thing I ever ate!", "exclaims"),
        ("The lamp.", "short"),
        ("I went to the market this morning.", "states"),
    ],
)
def test_a_line_is_read_as_one_act(line: str, does: str) -> None:
    assert likeness.act(line) == does


def test_names_are_masked_and_words_that_look_like_them_stay() -> None:
    mask = likeness.Mask(["Ann Lee", "Joy", "Old Walt"])
    assert mask("Ann, what a joy! Walt and old Joyce know Lee's boat.") == (
        "Someone, what a joy! Someone and old Joyce know Someone's boat."
    )


def test_distance_is_nothing_for_the_same_and_one_for_what_shares_nothing() -> None:
    assert likeness.distance({"a": 3, "b": 1}, {"a": 6, "b": 2}, smooth=0) == pytest.approx(0, abs=1e-6)
    assert likeness.distance({"a": 3}, {"b": 1}, smooth=0) == pytest.approx(1)
    # half and half beside all of one: JS divergence = H(3/4) - (1 + 0) / 2 = 0.811278 - 0.5
    assert likeness.distance({"a": 1, "b": 1}, {"a": 1}, smooth=0) == pytest.approx(0.311278**0.5, abs=1e-5)


def test_variety_counts_over_so_many_words() -> None:
    found = likeness.variety(["a b a b", "a c"], size=5)
    # words a b a b a: two of five; pairs ab ba ab: two of three, none across lines
    assert (found["distinct_1"], found["distinct_2"], found["mean_words"]) == (0.4, 0.6667, 3.0)


def test_copying_finds_the_longest_stretch_and_whole_lines() -> None:
    known = ["I love the sea more than anything.", "Go home."]
    found = likeness.copied(["I love the sea more than anything!", "He loves the sea more or less.", "Go home"], known)
    assert found["longest"] == 7
    assert (found["whole"]["hits"], found["whole"]["of"]) == (1, 2)  # "Go home" is too short to count


def test_a_catch_phrase_is_what_one_says_and_others_do_not() -> None:
    mine, theirs = ["how you doin my friend"] * 10 + ["what is it"] * 9, ["what is it", "my friend is here"] * 30
    found = likeness.phrases(mine, theirs)
    assert {"how you", "you doin"} <= set(found) and found.index("how you") < found.index("what is it")
    assert likeness.with_phrase(["Hey, how you doin?", "Fine."], ["how you"])["hits"] == 1


def test_macro_f1_weighs_classes_alike() -> None:
    gold, said = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    # class 0: 2 * 2 / (3 + 2) = 0.8; class 1: 2 * 1 / (1 + 2) = 0.6667
    assert macro_f1(gold, said, 2, 1)["share"] == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-4)


def voice(words: str, count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(words.split(), k=6)) for _ in range(count)]


SEA, BREAD = "sail wind tide anchor the a storm", "flour oven crust dough the a butter"


def test_a_classifier_tells_two_voices_apart_and_notices_that_they_were_exchanged() -> None:
    known = Classifier({"Ann": voice(SEA, 200, 1), "Nora": voice(BREAD, 200, 2)})
    own = known.score({"Ann": voice(SEA, 60, 3), "Nora": voice(BREAD, 60, 4)}, 1)
    swapped = known.score({"Ann": voice(BREAD, 60, 5), "Nora": voice(SEA, 60, 6)}, 1)
    assert own["lines"]["share"] > 0.9
    assert swapped["lines"]["high"] < own["lines"]["low"]
    assert swapped["bundles"]["high"] < own["bundles"]["low"]


TURNS = [f"What about number {n}?" for n in ("one", "two", "three", "four", "five", "six", "seven", "eight")]


def pairs(name: str, words: str) -> list[Pair]:
    lines = voice(words, len(TURNS), 9)
    return [Pair(name, "The Pier", (), turn, line) for turn, line in zip(TURNS, lines, strict=True)]


def learn(model: Any, tokenizer: Any, known: list[Pair], rate: float, steps: int = 120) -> None:
    """All pairs in one batch, over and over."""
    import torch

    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate)
    batch = collate([encoded(tokenizer, pair) for pair in known], tokenizer.pad_token_id)
    for _ in range(steps):
        model(**batch).loss.backward()
        optimizer.step()
        optimizer.zero_grad()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Voices, dict[str, list[Pair]]]:
    """A two-layer base whose two adapters know their persona's replies by heart."""
    import torch
    from peft import LoraConfig, get_peft_model

    from training.base import Shape, new_model
    from training.tokenizer import train_tokenizer

    said = {"Ann Lee": pairs("Ann Lee", SEA), "Nora Lee": pairs("Nora Lee", BREAD)}
    texts = [text for found in said.values() for p in found for text in (p.message, p.reply)] * 10
    tokenizer = train_tokenizer(texts, tmp_path_factory.mktemp("tokenizer"), size=320)
    torch.manual_seed(1)
    base = new_model(Shape(vocabulary=320, hidden=64, layers=2, heads=2, mlp=128, context=256), tokenizer)
    both = [Pair("Somebody", p.show, (), p.message, p.reply) for found in said.values() for p in found]
    learn(base, tokenizer, both, 0.003)
    config = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(base, config, adapter_name="ann")
    model.add_adapter("nora", config)
    for slug, name in (("ann", "Ann Lee"), ("nora", "Nora Lee")):
        model.set_adapter(slug)
        learn(model, tokenizer, said[name], 0.01)
    return Voices(model.eval(), tokenizer), said


def real(said: dict[str, list[Pair]]) -> personas.Real:
    lines = {name: [p.reply for p in found] for name, found in said.items()}
    turns = {name: [(p.message, p.reply) for p in found] for name, found in said.items()}
    both = {"train": turns, "dev": turns}
    return personas.Real(lines, lines, both, said, likeness.Mask(["Ann Lee", "Nora Lee"]))


def test_likelihoods_with_a_shared_prompt_are_those_of_whole_texts(
    trained: tuple[Voices, dict[str, list[Pair]]],
) -> None:
    from training.search import Sampler

    voices, _ = trained
    prompt = messages("Ann Lee", "The Pier", TURNS[0])
    texts = ["sail wind", "flour oven crust dough butter the a", "a"]
    voices.model.set_adapter("ann")
    whole = Sampler(voices.model, voices.tokenizer).likelihoods([prompt] * 3, texts)
    assert voices.likelihoods(prompt, texts, "ann") == pytest.approx(whole, abs=1e-4)
    assert voices.likelihoods(prompt, texts, "") != pytest.approx(whole, abs=1e-2)


@pytest.mark.slow
def test_another_persona_s_adapter_moves_the_ranking_beyond_its_interval(
    show: Show, trained: tuple[Voices, dict[str, list[Pair]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    voices, said = trained
    monkeypatch.setattr(personas, "AMONG", 8)
    found = personas.ranking(voices, show, real(said), len(TURNS), 1)
    own, swapped = found["hits_at_1"]["own"], found["hits_at_1"]["swapped"]
    assert (own["of"], own["hits"]) == (16, 16)
    assert swapped["high"] < own["low"]
    assert found["loss"]["own"] < found["loss"]["swapped"]


@pytest.mark.slow
def test_another_persona_s_adapter_moves_the_classifier_beyond_its_interval(
    show: Show, trained: tuple[Voices, dict[str, list[Pair]]]
) -> None:
    voices, _ = trained
    known = Classifier({"Ann Lee": voice(SEA, 200, 1), "Nora Lee": voice(BREAD, 200, 2)})
    asked = TURNS * 3
    scores = {w: known.score(personas.spoken(voices, show, asked, w, 1), 1) for w in ("own", "swapped")}
    assert scores["swapped"]["lines"]["high"] < scores["own"]["lines"]["low"]


def test_replies_are_compared_with_the_real_lines_and_the_table_shows_them(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {"Ann Lee": voice(SEA, 120, 1), "Nora Lee": voice(BREAD, 120, 2)}
    turns = {n: [("What now?", line) for line in said] for n, said in lines.items()}
    known = personas.Real(lines, lines, {"train": turns, "dev": turns}, {}, likeness.Mask([]))
    own = {"Ann Lee": voice(SEA, 30, 3), "Nora Lee": voice(BREAD, 30, 4)}
    swapped = {"Ann Lee": own["Nora Lee"], "Nora Lee": own["Ann Lee"]}
    found: dict[str, Any] = personas.compared(known, {"own": own, "swapped": swapped}, ["What now?"] * 30, 1)
    assert found["words"]["own"]["own"] < found["words"]["own"]["other"]
    assert found["words"]["swapped"]["own"] > found["words"]["swapped"]["other"]
    assert found["topics"]["own"]["own"] < found["topics"]["own"]["other"]
    assert found["classifier"]["real_all"]["lines"]["share"] > 0.9
    share = {"hits": 1, "of": 2, "share": 0.5, "low": 0.1, "high": 0.9}
    found["ranking"] = {"among": 20, "hits_at_1": {"own": share}, "loss": {"own": 3.0}}
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    assert report.TABLES["personas"]() == "*Not measured yet: `python -m evaluation personas friends`.*\n"
    (tmp_path / "personas-friends.json").write_text(json.dumps(found), encoding="utf-8")
    text = report.TABLES["personas"]()
    assert text == persona_tables.personas(json.loads(json.dumps(found)))
    assert "| true reply first of twenty | – | 50.0 % (10.0 to 90.0) | – | – |" in text
    assert "By chance: macro-F1 50.0 %, first of twenty 5.0 %." in text


def test_prompts_name_nobody_and_are_the_same_for_a_seed() -> None:
    said = {"Ann Lee": [Pair("Ann Lee", "The Pier", (), t, "x") for t in [*TURNS, "Where is Ann now?", "Hm."]]}
    known = personas.Real({}, {}, {}, said, likeness.Mask(["Ann Lee"]))
    asked = personas.neutral(known, 5, 1)
    assert len(asked) == 5 and set(asked) <= set(TURNS)
    assert asked == personas.neutral(known, 5, 1) != personas.neutral(known, 5, 2)


def test_missing_adapters_are_named(show: Show, tmp_path: Path) -> None:
    from training.models import load_model

    with pytest.raises(NotFound, match="no model in"):
        load_model(tmp_path / "base")
    with pytest.raises(NotFound, match="no model in"):
        Voices.load(show, tmp_path)
