"""Layers added to a trained model, and the study's table."""

from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_model import SHAPE

from parsing.errors import BadFile, BadInput, NotFound
from training.base import new_model, started
from training.growth import grown, origins
from training.study import parameters, study, variants


def test_a_grown_model_computes_what_it_did_before(tokenizer: Any) -> None:
    model = new_model(SHAPE, tokenizer).eval()
    ids = torch.arange(20).reshape(2, 10)
    with torch.inference_mode():
        before = model(input_ids=ids).logits
        larger = grown(model, 5).eval()
        after = larger(input_ids=ids).logits
    assert larger.config.num_hidden_layers == len(larger.model.layers) == 5
    assert torch.allclose(before, after, atol=1e-5)


def test_what_was_added_learns(tokenizer: Any) -> None:
    larger = grown(new_model(SHAPE, tokenizer), 3)
    ids = torch.arange(16).reshape(1, 16)
    larger(input_ids=ids, labels=ids).loss.backward()
    added = [place for place, source in enumerate(origins(2, 3)) if place and origins(2, 3)[place - 1] == source]
    gradients = [larger.model.layers[place].mlp.down_proj.weight.grad for place in added]
    assert added
    assert all(gradient.abs().sum() > 0 for gradient in gradients)


def test_layers_are_not_taken_away(tokenizer: Any, tmp_path: Path) -> None:
    model = new_model(SHAPE, tokenizer)
    with pytest.raises(BadInput, match="has 2 layers and 1 are wanted"):
        grown(model, 1)
    model.save_pretrained(tmp_path)
    with pytest.raises(BadInput, match="is 32 wide"):
        started(tmp_path, type(SHAPE)(vocabulary=320, hidden=64, layers=2, heads=2, mlp=64))


def test_the_studys_table_is_read_and_its_sizes_are_right(tokenizer: Any, tmp_path: Path) -> None:
    rows = variants(1.0)
    reference = rows["reference"]
    assert {v.run.clock for v in rows.values()} == {"processor"}
    assert len({v.asks for v in rows.values()}) == len(rows)
    assert parameters(SHAPE) == sum(p.numel() for p in new_model(SHAPE, tokenizer).parameters())
    for row in rows.values():
        changed = (row.shape, row.run, row.corpus, row.start)
        assert row is reference or changed != (reference.shape, reference.run, reference.corpus, reference.start)
    wrong = tmp_path / "study.toml"
    wrong.write_text('[a]\nasks = "b"\nlayer = 3\n')
    with pytest.raises(BadFile, match=r"'layer', which is no setting, did you mean 'layers'"):
        variants(1.0, wrong)


def test_a_variant_without_corpus_or_name_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no variant 'masker'"):
        study(tmp_path, tmp_path, 0.1, ["masker"])
    with pytest.raises(NotFound, match="which the variant 'masked' reads"):
        study(tmp_path, tmp_path, 0.1, ["masked"])


def test_masked_rows_keep_conversations_apart(tokenizer: Any, tmp_path: Path) -> None:
    import numpy as np

    from training.base import Blocks

    begin = tokenizer.bos_token_id
    for name, first in (("a", 40), ("b", 50)):
        np.array([begin, first, first + 1, begin, 60, 61, 62, 63], dtype=np.uint16).tofile(tmp_path / f"{name}.bin")
    model = new_model(SHAPE, tokenizer).eval()
    seen = {}
    for mask in (begin, None):
        for name in ("a", "b"):
            row = Blocks(tmp_path / f"{name}.bin", 8, begin=mask)[0]
            places = row.get("position_ids")
            with torch.inference_mode():
                out = model(
                    input_ids=row["input_ids"][None],
                    position_ids=None if places is None else places[None],
                    use_cache=False,
                )
            seen[name, mask] = out.logits[0, 3:]
    assert torch.allclose(seen["a", begin], seen["b", begin], atol=1e-5)
    assert not torch.allclose(seen["a", None], seen["b", None], atol=1e-3)
