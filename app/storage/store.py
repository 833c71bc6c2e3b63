"""The store: conversations of owners, each a tree of turns. Every call is one transaction.

A write that has begun is finished though its caller leaves: what Quart cancels is the waiting, not the keeping.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage import trees
from app.storage.database import MEMORY, connect, migrate, told
from app.storage.records import Conversation, NewTurn, Opened, Page, StoredTurn
from app.storage.tables import conversation as c
from app.storage.tables import turn as t
from parsing.errors import BadInput

_CURSOR = re.compile(r"(\d{1,15})\.([\w-]{1,32})")
_T = TypeVar("_T")


class Store:
    """Conversations in one database. Use it as `async with Store(url) as store`, or `start` and `close` it."""

    def __init__(self, setting: str = MEMORY) -> None:
        """`setting` is a URL as `app.storage.database.address` gives it. Raises `BadInput` for one that is none."""
        self._engine = connect(setting)
        self._writing: set[asyncio.Task[Any]] = set()
        self._started = False

    async def start(self) -> None:
        """Open the database and bring its schema to the present. Raises `BadInput` or `BadFile`."""
        if self._started:
            return
        try:
            await migrate(self._engine)
        except BaseException:
            await self.close()
            raise
        self._started = True

    async def close(self) -> None:
        """Finish what is being written, then close."""
        if self._writing:
            await asyncio.wait(self._writing)
        await self._engine.dispose()

    async def __aenter__(self) -> "Store":
        await self.start()
        return self

    async def __aexit__(self, *_ended: object) -> None:
        await self.close()

    # --- reading

    async def list(self, owner: str, limit: int = 50, before: str | None = None) -> Page:
        """The owner's conversations, the latest first; `before` is the `following` of the page before."""
        query = select(c).where(c.c.owner == owner).order_by(c.c.updated.desc(), c.c.id.desc()).limit(limit + 1)
        if before is not None:
            found = _CURSOR.fullmatch(before)
            if not found:
                raise BadInput("'before' is the 'next' of an earlier page")
            query = query.where(tuple_(c.c.updated, c.c.id) < tuple_(int(found[1]), found[2]))
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        more = f"{rows[limit - 1].updated}.{rows[limit - 1].id}" if len(rows) > limit else None
        return Page(tuple(trees.conversation_of(row) for row in rows[:limit]), more)

    async def read(self, owner: str, conversation: str, at: str | None = None) -> Opened:
        """A conversation and the path to where it stands, or to the turn `at`. Raises `NotFound`."""
        async with self._reading() as connection:
            return await trees.opened(connection, owner, conversation, at)

    async def export(self, owner: str, conversation: str) -> tuple[Conversation, tuple[StoredTurn, ...]]:
        """A conversation with the turns of all its branches, oldest first. Raises `NotFound`."""
        async with self._reading() as connection:
            found = await trees.owned(connection, owner, conversation)
            return found, await trees.stored(connection, conversation, t.c.conversation == conversation)

    # --- writing

    async def create(
        self, owner: str, show: str, persona: str, title: str = "", turns: Sequence[NewTurn] = ()
    ) -> Opened:
        """A new conversation, with its first turns if any. Raises `Full`."""
        return await self._written(lambda c: trees.created(c, owner, show, persona, title, turns))

    async def add(
        self, owner: str, conversation: str, parent: str | None, turns: Sequence[NewTurn], title: str = ""
    ) -> Opened:
        """Add turns, each below the one before and the first below `parent`; the conversation then stands at the last.

        `title` is given to a conversation that has none. Raises `NotFound` for a conversation or a parent that isn't
        there, `Full`.
        """
        return await self._written(lambda c: trees.added(c, owner, conversation, parent, turns, title))

    async def rename(self, owner: str, conversation: str, title: str) -> Opened:
        """Give a title. Raises `NotFound`."""
        return await self._written(lambda c: trees.changed(c, owner, conversation, title=title))

    async def stand(self, owner: str, conversation: str, turn: str) -> Opened:
        """Let a conversation stand where the branch of `turn` was left. Raises `NotFound`."""
        return await self._written(lambda c: trees.stood(c, owner, conversation, turn))

    async def branch(self, owner: str, conversation: str, turn: str) -> Opened:
        """A new conversation with copies of the turns up to `turn`. Raises `NotFound`, `Full`."""
        return await self._written(lambda c: trees.branched(c, owner, conversation, turn))

    async def delete(self, owner: str, conversation: str) -> None:
        """Delete a conversation and its turns. Raises `NotFound`."""
        await self._written(lambda c: trees.deleted(c, owner, conversation))

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with told(self._engine.url):
            async with self._engine.connect() as connection:
                yield connection

    async def _written(self, write: Callable[[AsyncConnection], Coroutine[Any, Any, _T]]) -> _T:
        async def work() -> _T:
            with told(self._engine.url):
                async with self._engine.connect() as connection:
                    writing = await connection.execution_options(writes=True)
                    async with writing.begin():
                        return await write(writing)

        task = asyncio.create_task(work())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)
