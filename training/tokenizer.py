"""The byte-level BPE tokenizer, trained on the corpus: `python -m training tokenizer`.

4,096 tokens: a larger vocabulary would spend a fifth of a five-million-parameter model on embeddings alone.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from training.prompt import BEGIN, CHAT_TEMPLATE, END, PAD, SPECIAL_TOKENS

VOCABULARY = 4096


def train_tokenizer(texts: Iterable[str], folder: Path, size: int = VOCABULARY, context: int = 256) -> Any:
    """Train on `texts` and save as a transformers tokenizer in `folder`; returns it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token=BEGIN,
        eos_token=END,
        pad_token=PAD,
        additional_special_tokens=[t for t in SPECIAL_TOKENS if t not in (PAD, BEGIN, END)],
        chat_template=CHAT_TEMPLATE,
        model_max_length=context,
        clean_up_tokenization_spaces=False,
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    return tokenizer


def tokenizer_folder(build: Path, size: int = VOCABULARY) -> Path:
    """Where the tokenizer of this size lies."""
    return build / ("tokenizer" if size == VOCABULARY else f"tokenizer-{size}")


def load_tokenizer(folder: Path) -> Any:
    """Load a tokenizer saved by `train_tokenizer`. Raises `NotFound` with the command that makes one."""
    from transformers import AutoTokenizer

    from parsing.errors import NotFound

    if not (folder / "tokenizer.json").is_file():
        raise NotFound(f"no tokenizer in {folder}: make one with `python -m training tokenizer`")
    return AutoTokenizer.from_pretrained(folder)
