"""A tiny tokenizer and a two-layer model: everything runs offline, on CPU, in seconds."""

from pathlib import Path
from typing import Any

import pytest
from tiny_model import SHAPE, TEXTS

from training.base import new_model, save
from training.tokenizer import train_tokenizer


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return train_tokenizer(TEXTS, tmp_path_factory.mktemp("tokenizer"), size=320)


@pytest.fixture
def tiny(tokenizer: Any, tmp_path: Path) -> Path:
    """A saved two-layer model."""
    return save(new_model(SHAPE, tokenizer), tokenizer, tmp_path / "tiny")
