"""Our own weights in this process: transformers for the base, PEFT for the personas' adapters, one worker thread.

The models folder holds `base/` and `<show>/<slug>/` (LoRA adapters); a persona without an adapter speaks through the
base alone. All torch work happens on one thread, so the event loop never waits and two replies never mix their seeds.
"""

import asyncio
import contextlib
import json
import threading
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.engines.base import Candidate, EngineRequest, Settings
from app.engines.carrying import processors
from parsing.commands import say
from parsing.errors import BadInput, Unavailable
from parsing.manifest import ROOT, build_root

Messages = Sequence[Mapping[str, str]]
MODELS = ROOT / "models"


class LocalEngine:
    """transformers + PEFT. The model is loaded at the first request, or by `warm()`."""

    name = "local"
    brief: bool  # the bundled model makes poor small talk: the persona's own lines go first

    def __init__(
        self, models: Path = MODELS, base: str | None = None, waiting: int = 64, threads: int | None = None
    ) -> None:
        """`base` is a path or hub id used in place of `models/base`; at most `waiting` requests stand in line."""
        self._models = models
        self._base = base
        self.brief = base is None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="generate")
        self._waiting = waiting
        self._threads = threads
        self._pending = 0
        self._loaded: _Loaded | None = None
        self._loading = threading.Lock()
        self._closed = False

    async def generate(self, request: EngineRequest) -> list[Candidate]:
        """`request.n` candidates in one batch. Cancelled, it stops at the next token and frees the worker."""
        if self._closed:
            raise Unavailable("the engine has been closed: start the service again")
        if self._pending >= self._waiting:
            raise Unavailable(f"{self._pending} requests are waiting already: try again in a moment")
        stop = threading.Event()
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, self._run, request, stop)
        finally:
            stop.set()  # on cancellation the thread goes on until it sees this
            self._pending -= 1

    async def weigh(self, model: str, messages: Messages, texts: Sequence[str]) -> list[float]:
        """Mean log-probability a token, in nats, of each text as the reply to `messages`."""
        if self._closed:
            raise Unavailable("the engine has been closed: start the service again")
        return await asyncio.get_running_loop().run_in_executor(
            self._worker, lambda: self._model().weigh(model, messages, texts)
        )

    def warm(self) -> None:
        """Load the model now. Raises `NotFound` or `BadFile`. Blocks."""
        self._worker.submit(self._model).result()

    def count(self, text: str) -> int:
        """Tokens of `text` by the model's own tokenizer."""
        loaded = self._model()
        with loaded.reading:
            return len(loaded.tokenizer(text, add_special_tokens=False)["input_ids"])

    @property
    def says(self) -> bool:
        """Was the model trained to say a sentence that its prompt holds?"""
        from training.models import prompts_of

        return prompts_of(Path(self._base) if self._base else self._models / "base") >= 2

    @property
    def settings(self) -> Settings:
        """How the model is best sampled, as its `generation_config.json` says."""
        path = (Path(self._base) if self._base else self._models / "base") / "generation_config.json"
        if not path.is_file():
            return Settings()
        given = json.loads(path.read_text(encoding="utf-8"))
        return Settings().changed(
            **{key: given.get(key) for key in ("temperature", "top_p", "min_p", "repetition_penalty")}
        )

    @property
    def context(self) -> int:
        """The model's window, in tokens."""
        return self._model().context

    async def close(self) -> None:
        """Let the running request end, drop those in line."""
        self._closed = True
        await asyncio.to_thread(self._worker.shutdown, True, cancel_futures=True)

    def _run(self, request: EngineRequest, stop: threading.Event) -> list[Candidate]:
        return [] if stop.is_set() else self._model().generate(request, stop)

    def _model(self) -> "_Loaded":
        with self._loading:
            if self._loaded is None:
                self._loaded = _Loaded(self._base, self._models, self._threads)
            return self._loaded


class _Loaded:
    """A base model with the adapters that lie beside it; torch is used by the worker thread only."""

    def __init__(self, base: str | None, models: Path, threads: int | None) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
        from transformers.utils import logging

        from training.models import load_model

        logging.disable_progress_bar()  # standard error is for people
        logging.set_verbosity_error()
        if threads:
            torch.set_num_threads(threads)
        self._models = models
        self._base = Path(base) if base else models / "base"
        self.reading = threading.Lock()  # a fast tokenizer can't be used by two threads at a time
        self._plain: Any
        self.tokenizer: Any
        if base is None:
            self._plain, self.tokenizer = load_model(self._base)
        else:
            self.tokenizer = AutoTokenizer.from_pretrained(base)
            self._plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
        self._check_tokenizer()
        self._tuned: Any = None  # the PEFT model around it, once an adapter is asked for
        self._adapters: dict[str, bool] = {}  # key -> has it an adapter of this base?
        self.context = int(getattr(self._plain.config, "max_position_embeddings", 0) or 1024)

    def _check_tokenizer(self) -> None:
        if not self.tokenizer.chat_template:
            raise BadInput(f"{self._base}: its tokenizer has no chat template, so it can't be used to chat")
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token

    def generate(self, request: EngineRequest, stop: threading.Event) -> list[Candidate]:
        """Sample one batch of candidates; what was written when `stop` was set is thrown away by the caller."""
        import torch

        prompt = self._encoded(request.messages)
        length = prompt["input_ids"].shape[1]
        if length + request.settings.max_tokens > self.context:
            raise BadInput(
                f"the prompt has {length} tokens and {request.settings.max_tokens} are wanted for the reply, "
                f"but the model holds {self.context}"
            )
        with self._speaking(request.model) as model, torch.inference_mode(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(request.seed)
            out = model.generate(
                **prompt,
                **_sampling(request.settings, request.n),
                generation_config=self._plain.generation_config,
                pad_token_id=self.tokenizer.pad_token_id,
                stopping_criteria=_stopping(stop),
                logits_processor=processors(self.tokenizer, request.carry, length) if request.carry else None,
                return_dict_in_generate=True,
                output_logits=True,
            )
        return self._candidates(out, length, request.settings.max_tokens)

    def weigh(self, key: str, messages: Messages, texts: Sequence[str]) -> list[float]:
        """One forward pass over all texts, padded on the right."""
        import torch

        prompt = self._encoded(messages)["input_ids"][0].tolist()
        with self.reading:
            replies = [self.tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
        ends = [self.tokenizer.eos_token_id] if self.tokenizer.eos_token_id is not None else []
        rows = [(prompt + reply + ends)[-self.context :] for reply in replies]
        width = max(len(row) for row in rows)
        pad = self.tokenizer.pad_token_id
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        with self._speaking(key) as model, torch.inference_mode():
            logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1].float()
        scores = torch.log_softmax(logits, -1).gather(-1, ids[:, 1:, None]).squeeze(-1).tolist()
        sizes = [len(reply) + len(ends) for reply in replies]
        return [
            sum(line[len(row) - 1 - size : len(row) - 1]) / size if size else 0.0
            for line, row, size in zip(scores, rows, sizes, strict=True)
        ]

    def _encoded(self, messages: Messages) -> Any:
        with self.reading:
            return self.tokenizer.apply_chat_template(
                [dict(message) for message in messages],
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
            )

    @contextlib.contextmanager
    def _speaking(self, key: str) -> Any:
        """The model with the adapter of `key` switched on, or the base alone where there is none."""
        name = key.replace("/", "__").replace(".", "_")
        if key not in self._adapters:
            self._adapters[key] = self._load_adapter(key, name)
        if not self._adapters[key]:
            with self._tuned.disable_adapter() if self._tuned is not None else contextlib.nullcontext():
                yield self._tuned if self._tuned is not None else self._plain
            return
        self._tuned.set_adapter(name)
        yield self._tuned

    def _load_adapter(self, key: str, name: str) -> bool:
        """Load the adapter of `key`; False where it has none. Raises `BadFile` for a damaged or a foreign one."""
        from training.models import check

        folder = self._adapter_folder(key)
        if folder is None:
            return False
        if self._base != self._models / "base" and not _made_for(folder, self._base):
            say(f"{key}: its adapter was trained on another base; {self._base} speaks alone")
            return False
        check(folder, self._base)
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # peft 0.21's, not ours
        if self._tuned is None:
            from peft import PeftModel

            self._tuned = PeftModel.from_pretrained(self._plain, str(folder), adapter_name=name).eval()
        else:
            self._tuned.load_adapter(str(folder), adapter_name=name)
        return True

    def _adapter_folder(self, key: str) -> Path | None:
        """Where the adapter of `show/slug` lies: one made for an own show (`app.own`) goes before a bundled one."""
        show, _, slug = key.rpartition("/")
        places = (build_root() / show / "adapters" / slug, self._models.joinpath(*key.split("/")))
        return next((place for place in places if (place / "adapter_config.json").is_file()), None)

    def _candidates(self, out: Any, length: int, max_tokens: int) -> list[Candidate]:
        import torch

        logits = torch.stack(out.logits, dim=1).float()  # [n, new tokens, vocabulary]
        new = out.sequences[:, length:]
        logprobs = torch.log_softmax(logits, -1).gather(-1, new.unsqueeze(-1)).squeeze(-1)
        candidates = []
        for row, scores in zip(new.tolist(), logprobs.tolist(), strict=True):
            used = _written(row, self._ends())
            mean = sum(scores[:used]) / used if used else 0.0
            text = self.tokenizer.decode(row[:used], skip_special_tokens=True).strip()
            finished = used < max_tokens or row[used - 1] in self._ends()
            candidates.append(Candidate(text, mean, used, length, finished))
        return candidates

    def _ends(self) -> set[int]:
        ends = self._plain.generation_config.eos_token_id
        listed = ends if isinstance(ends, list) else [ends]
        return {e for e in (*listed, self.tokenizer.eos_token_id) if e is not None}


def _made_for(folder: Path, base: Path) -> bool:
    from training.models import MANIFEST, WEIGHTS, sha256

    weights, manifest = base / WEIGHTS["base"], folder / MANIFEST
    if not (weights.is_file() and manifest.is_file()):
        return False
    return bool(json.loads(manifest.read_text(encoding="utf-8")).get("base") == sha256(weights))


def _written(row: Sequence[int], ends: set[int]) -> int:
    """How many tokens of a generated row belong to the reply: all up to and with the first end mark."""
    return next((place + 1 for place, token in enumerate(row) if token in ends), len(row))


def _sampling(settings: Settings, n: int) -> dict[str, Any]:
    common = {"max_new_tokens": settings.max_tokens, "repetition_penalty": settings.repetition_penalty}
    if settings.temperature == 0.0:
        return common | {"do_sample": False}
    return common | {
        "do_sample": True,
        "temperature": settings.temperature,
        "top_p": settings.top_p,
        "min_p": settings.min_p or None,
        "top_k": 0,
        "num_return_sequences": n,
    }


def _stopping(stop: threading.Event) -> Any:
    """Stopping criteria that end all rows as soon as `stop` is set."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList

    class Stopped(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
            return torch.full((input_ids.shape[0],), stop.is_set(), dtype=torch.bool, device=input_ids.device)

    return StoppingCriteriaList([Stopped()])
