"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, a hosted one. Grounding and checks stay ours.

`POST <base_url>/chat/completions`; form: https://platform.openai.com/docs/api-reference/chat/create.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from app.engines.base import Candidate, EngineRequest, Settings
from parsing.errors import Unavailable

_BUSY = {408, 409, 425, 429, 500, 502, 503, 504}  # worth asking again


class _Retry(Exception):  # noqa: N818 - says what to do, not what went wrong
    """The server may well answer the next time."""


class OpenAIEngine:
    """Asks `base_url` for candidates; `model` replaces the persona's model id where the server knows only one.

    Such a model is told the rules of the prompt's format; a server that knows the personas serves our own weights.
    """

    name = "openai"
    settings = Settings()

    def __init__(
        self,
        base_url: str,
        *,
        model: str | None = None,
        api_key: str | None = None,
        timeout: float = 60.0,
        attempts: int = 3,
        context: int = 4096,
        wait: float = 0.5,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`timeout` and `wait` (before the second attempt) in seconds; `context` in tokens, for trimming the prompt."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._url = base_url.rstrip("/")
        self._client = httpx.AsyncClient(headers=headers, timeout=timeout, transport=transport)
        self._model = model
        self.instructed = model is not None  # our own weights go by the personas' ids, and know the format
        self._attempts = attempts
        self._wait = wait
        self.context = context

    async def generate(self, request: EngineRequest) -> list[Candidate]:
        """`request.n` candidates, in one request where the server honours `n`. Raises `Unavailable`."""
        first = await self._ask(request, request.n, request.seed)
        found = first
        for extra in range(1, request.n):  # some servers ignore `n`
            if len(found) >= request.n:
                break
            found += await self._ask(request, 1, request.seed + extra)
        return found[: request.n]

    async def weigh(self, model: str, messages: Sequence[Mapping[str, str]], texts: Sequence[str]) -> list[float]:
        """Nothing: chat completions don't score given text."""
        return []

    def count(self, text: str) -> int:
        """An estimate: English has about four characters a token."""
        return len(text) // 4 + 1

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, request: EngineRequest, n: int, seed: int) -> list[Candidate]:
        body = self._body(request, n, seed)
        try:
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(self._attempts),
                wait=wait_exponential_jitter(multiplier=self._wait, max=10.0, jitter=self._wait),
                retry=retry_if_exception_type((_Retry, httpx.TransportError)),
                reraise=True,
            ):
                with attempt:
                    return self._read(await self._post(body))
        except httpx.TimeoutException:
            raise Unavailable(f"the engine at {self._url} did not answer in time ({self._attempts} attempts)") from None
        except (httpx.TransportError, _Retry) as error:
            reason = str(error) or type(error).__name__
            raise Unavailable(f"the engine at {self._url} can't be used just now: {reason}") from None
        raise AssertionError("tenacity either returns or raises")

    def _body(self, request: EngineRequest, n: int, seed: int) -> dict[str, Any]:
        return {
            "model": self._model or request.model,
            "messages": [dict(message) for message in request.messages],
            "n": n,
            "seed": seed,
            "temperature": request.settings.temperature,
            "top_p": request.settings.top_p,
            "max_tokens": request.settings.max_tokens,
            "logprobs": True,
        }

    async def _post(self, body: dict[str, Any]) -> Any:
        response = await self._client.post(f"{self._url}/chat/completions", json=body)
        if response.status_code in _BUSY:
            raise _Retry(f"it answered {response.status_code}")
        if response.status_code != httpx.codes.OK:
            raise Unavailable(f"the engine at {self._url} answered {response.status_code}: {response.text[:200]}")
        try:
            return response.json()
        except ValueError:
            raise Unavailable(f"the engine at {self._url} did not answer JSON: {response.text[:80]!r}") from None

    def _read(self, answer: Any) -> list[Candidate]:
        try:
            usage = answer.get("usage") or {}
            return [self._candidate(choice, usage, len(answer["choices"])) for choice in answer["choices"]]
        except (KeyError, TypeError, AttributeError, IndexError):
            raise Unavailable(
                f"the engine at {self._url} answered something else than a chat completion: {str(answer)[:120]}"
            ) from None

    def _candidate(self, choice: Any, usage: dict[str, Any], choices: int) -> Candidate:
        text = choice["message"]["content"] or ""
        listed = (choice.get("logprobs") or {}).get("content") or []
        logprob = sum(token["logprob"] for token in listed) / len(listed) if listed else None
        tokens = len(listed) or int(usage.get("completion_tokens", 0)) // max(choices, 1) or self.count(text)
        finished = choice.get("finish_reason") != "length"
        return Candidate(text.strip(), logprob, tokens, int(usage.get("prompt_tokens", 0)), finished)
