"""The bundled model with its personas' adapters: replies to many prompts, and which reply it finds likeliest."""

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from parsing.errors import NotFound
from parsing.manifest import Show
from training.measure import reply_to
from training.models import check, load_model
from training.prompt import Message, prompt_ids

BATCH = 50
TOKENS = 40
SETTINGS = ("temperature", "top_p", "min_p", "repetition_penalty")


class Voices:
    """One base with an adapter for each persona."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        """`model` is a PEFT model whose adapters are called by the personas' slugs."""
        self.model, self.tokenizer = model, tokenizer

    @classmethod
    def load(cls, show: Show, models: Path) -> "Voices":
        """From `models/base` and `models/<show>/<slug>`. Raises `NotFound` or `BadFile`."""
        from peft import PeftModel

        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # peft 0.21's, not ours
        base, tokenizer = load_model(models / "base")
        folders = {m.slug: models / show.id / m.slug for m in show.personas}
        missing = [slug for slug, folder in folders.items() if not (folder / "adapter_config.json").is_file()]
        if missing:
            raise NotFound(
                f"no adapter of {', '.join(missing)} in {models / show.id}: train one with `python -m training persona`"
            )
        model: Any = None
        for slug, folder in folders.items():
            check(folder, models / "base")
            if model is None:
                model = PeftModel.from_pretrained(base, str(folder), adapter_name=slug).eval()
            else:
                model.load_adapter(str(folder), adapter_name=slug)
        return cls(model, tokenizer)

    def settings(self) -> dict[str, float]:
        """How the base says that it is best sampled."""
        config = self.model.get_base_model().generation_config
        return {key: value for key in SETTINGS if (value := getattr(config, key, None)) is not None}

    @contextlib.contextmanager
    def speaking(self, adapter: str) -> Iterator[Any]:
        """The model with this adapter; the base alone for ""."""
        if adapter:
            self.model.set_adapter(adapter)
            yield self.model
        else:
            with self.model.disable_adapter():
                yield self.model

    def replies(self, prompts: Sequence[Sequence[Message]], adapter: str, seed: int) -> list[str]:
        """One sampled reply to each prompt."""
        import torch

        said: list[str] = []
        with self.speaking(adapter) as model:
            torch.manual_seed(seed)
            for start in range(0, len(prompts), BATCH):
                part = prompts[start : start + BATCH]
                said += reply_to(model, self.tokenizer, part, TOKENS, do_sample=True, top_k=0, **self.settings())
        return [" ".join(reply.split()) for reply in said]

    def likelihoods(self, prompt: Sequence[Message], texts: Sequence[str], adapter: str) -> list[float]:
        """Mean log-probability a token, in nats, of each text (with its end mark) as the reply to one prompt."""
        import torch

        head = torch.tensor([prompt_ids(self.tokenizer, prompt)])
        ends = [self.tokenizer.eos_token_id]
        rows = [self.tokenizer(text, add_special_tokens=False)["input_ids"] + ends for text in texts]
        width = max(map(len, rows))
        pad = self.tokenizer.pad_token_id
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
        kept = torch.tensor([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows])
        mask = torch.cat([torch.ones(len(rows), head.shape[1]), kept], 1).long()
        with self.speaking(adapter) as model, torch.inference_mode():
            begun = model(input_ids=head, use_cache=True)
            past = begun.past_key_values
            past.batch_repeat_interleave(len(rows))  # the prompt is read once for all texts
            rest = model(input_ids=ids[:, :-1], attention_mask=mask[:, :-1], past_key_values=past).logits
            logits = torch.cat([begun.logits[:, -1:].expand(len(rows), -1, -1), rest], 1).float()
        scores = torch.log_softmax(logits, -1).gather(-1, ids[..., None]).squeeze(-1)
        return list(((scores * kept).sum(1) / kept.sum(1)).tolist())
