"""What an engine is: something that, given messages, writes n candidate replies. It knows nothing of facts.

`local` runs our weights in this process, `openai` asks any compatible server, `scripted` says what a test wants.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from parsing.errors import BadInput


@dataclass(frozen=True)
class Settings:
    """How candidates are sampled."""

    temperature: float = 0.7  # 0 is greedy
    top_p: float = 0.9
    min_p: float = 0.0  # tokens less likely than this share of the likeliest are left out; 0 leaves out none
    repetition_penalty: float = 1.1
    max_tokens: int = 64  # longest reply, in tokens

    def __post_init__(self) -> None:
        if not 0.0 <= self.temperature <= 2.0:
            raise BadInput(f"temperature must be between 0 and 2, found {self.temperature}")
        if not 0.0 < self.top_p <= 1.0:
            raise BadInput(f"top_p must be above 0 and at most 1, found {self.top_p}")
        if not 0.0 <= self.min_p < 1.0:
            raise BadInput(f"min_p must be at least 0 and below 1, found {self.min_p}")
        if not 1 <= self.max_tokens <= 512:
            raise BadInput(f"max_tokens must be between 1 and 512, found {self.max_tokens}")

    def changed(self, **overrides: Any) -> "Settings":
        """A copy with the overrides that are not None. Raises `BadInput` on a value out of range."""
        return replace(self, **{key: value for key, value in overrides.items() if value is not None})


@dataclass(frozen=True)
class EngineRequest:
    """One prompt, and how many candidates of which kind are wanted."""

    model: str  # "friends/joey"
    messages: Sequence[Mapping[str, str]]  # {"role": "system" | "user" | "assistant", "content": …}, oldest first
    n: int = 4
    settings: Settings = field(default_factory=Settings)
    seed: int = 0
    carry: str = ""  # a sentence that each candidate has to carry; an engine that can't be bound may pass over it


@dataclass(frozen=True)
class Candidate:
    """One reply as the engine wrote it."""

    text: str
    logprob: float | None = None  # mean log-probability of its tokens, in nats; None where the engine doesn't say
    tokens: int = 0  # how many tokens the reply has
    prompt_tokens: int = 0
    finished: bool = True  # False where it was cut off at max_tokens


class Engine(Protocol):
    """Writes candidates. `generate` may be cancelled at any time and then stops soon, freeing what it held.

    An engine whose attribute `brief` is true makes poor small talk; the persona's written lines go before its own. One
    whose attribute `instructed` is true wants the rules of the prompt's format in the prompt; one whose attribute
    `says` is false was not trained to say a given sentence, and isn't asked to.
    """

    name: str

    @property
    def settings(self) -> Settings:
        """How its model is best sampled, unless a request says otherwise."""
        ...

    async def generate(self, request: EngineRequest) -> list[Candidate]:
        """`request.n` candidates. Raises `Unavailable` when the engine can't answer now."""
        ...

    async def weigh(self, model: str, messages: Sequence[Mapping[str, str]], texts: Sequence[str]) -> list[float]:
        """Mean log-probability a token of each text as the reply to `messages`; empty where the engine can't tell."""
        ...

    def count(self, text: str) -> int:
        """How many tokens `text` has for this engine (an estimate where it has no tokenizer of its own)."""
        ...

    @property
    def context(self) -> int:
        """The longest prompt plus reply, in tokens."""
        ...

    async def close(self) -> None:
        """Free what the engine holds; it answers no more."""
        ...
