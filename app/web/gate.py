"""Admission: so many replies at once, so many waiting, and everybody else is told when to come back."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from app.web.errors import ApiError


class Gate:
    """At most `running` at once and `waiting` in line; further ones get 429 with an honest `Retry-After`."""

    def __init__(self, running: int = 4, waiting: int = 32) -> None:
        """`running` and `waiting` count requests."""
        self._slots = asyncio.Semaphore(running)
        self._places = running
        self._limit = waiting
        self._mean = 1.0  # seconds a reply takes, a running mean
        self.running = 0
        self.waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a slot and hold it. Raises `ApiError` (429) when the line is full."""
        if self.waiting >= self._limit:
            raise ApiError(
                f"{self.waiting} requests are waiting already: try again in {self.retry_after} s",
                status=429, type_="rate_limit_error", code="queue_full", retry_after=self.retry_after,
            )  # fmt: skip
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        self.running += 1
        started = perf_counter()
        try:
            yield
        finally:
            self._mean += 0.2 * (perf_counter() - started - self._mean)
            self.running -= 1
            self._slots.release()

    @property
    def retry_after(self) -> int:
        """Seconds until the line will have moved on, at the present pace; at least one."""
        return max(1, math.ceil(self._mean * self.waiting / self._places))
