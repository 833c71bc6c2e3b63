"""An engine that says what it is told: for tests, and for measuring everything around a model without one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from app.engines.base import Candidate, EngineRequest, Settings

Script = Sequence[str] | Callable[[EngineRequest], Sequence[str]]


class ScriptedEngine:
    """Answers each request with the script's lines, over and over, or with what a function of the request gives.

    `requests` keeps what was asked; `seconds` delays each answer; `stopped` counts requests cancelled meanwhile.
    """

    name = "scripted"
    settings = Settings()
    context = 1024

    def __init__(self, script: Script, seconds: float = 0.0) -> None:
        self._script = script
        self._seconds = seconds
        self.requests: list[EngineRequest] = []
        self.stopped = 0
        self.closed = False

    async def generate(self, request: EngineRequest) -> list[Candidate]:
        """`request.n` candidates, the script's lines repeated as often as it takes."""
        self.requests.append(request)
        try:
            await asyncio.sleep(self._seconds)
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        lines = list(self._script(request) if callable(self._script) else self._script)
        prompt = sum(self.count(message["content"]) for message in request.messages)
        return [
            Candidate(line, -1.0 - 0.01 * place, self.count(line), prompt)
            for place, line in enumerate(lines[i % len(lines)] for i in range(request.n))
        ]

    async def weigh(self, model: str, messages: Sequence[Mapping[str, str]], texts: Sequence[str]) -> list[float]:
        """Nothing: a script has no likelihoods."""
        return []

    def count(self, text: str) -> int:
        """One token a word."""
        return len(text.split())

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True
