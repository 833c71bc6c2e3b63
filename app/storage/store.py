"""The store: conversations of owners, each a tree of turns. Every call is one transaction.

A write that has begun is finished though its caller leaves: what Quart cancels is the waiting, not the keeping.
"""

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from app.storage.database import MEMORY, connect, migrate, told
from app.storage.records import Conversation, NewTurn, Opened, Page, StoredTurn
from parsing.errors import BadInput, NotFound

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_CONVERSATIONS = 2_000  # of one owner
MOST_TURNS = 1_000  # of one conversation, its branches included
_CURSOR = re.compile(r"(\d{1,15})\.([\w-]{1,32})")
_T = TypeVar("_T")


class Full(BadInput):
    """No more conversations for this owner, or turns in this conversation."""

    status = 409


class Store:
    """Conversations in one database. Use it as `async with Store(url) as store`, or `start` and `close` it."""

    def __init__(self, setting: str = MEMORY) -> None:
        """`setting` is a URL as `app.storage.database.address` gives it. Raises `BadInput` for one that is none."""
        self._engine = connect(setting)
        self._writing: set[asyncio.Task[Any]] = set()
        self._started = False

    async def start(self) -> None:
        """Open the database and bring its schema to the present. Raises `BadInput` or `BadFile`."""
        if not self._started:
            await migrate(self._engine)
            self._started = True

    async def close(self) -> None:
        """Finish what is being written, then close."""
        if self._writing:
            await asyncio.wait(self._writing)
        await self._engine.dispose()

    async def __aenter__(self) -> "Store":
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_ended: object) -> None:
        await self.close()

    # --- reading

    async def list(self, owner: str, limit: int = 50, before: str | None = None) -> Page:
        """The owner's conversations, the latest first; `before` is the `following` of the page before."""
        from sqlalchemy import select, tuple_

        from app.storage.tables import conversation as c

        query = select(c).where(c.c.owner == owner).order_by(c.c.updated.desc(), c.c.id.desc()).limit(limit + 1)
        if before is not None:
            found = _CURSOR.fullmatch(before)
            if not found:
                raise BadInput("'before' is the 'next' of an earlier page")
            query = query.where(tuple_(c.c.updated, c.c.id) < tuple_(int(found[1]), found[2]))
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        more = f"{rows[limit - 1].updated}.{rows[limit - 1].id}" if len(rows) > limit else None
        return Page(tuple(_conversation(row) for row in rows[:limit]), more)

    async def read(self, owner: str, conversation: str, at: str | None = None) -> Opened:
        """A conversation and the path to where it stands, or to the turn `at`. Raises `NotFound`."""
        async with self._reading() as connection:
            return await _opened(connection, owner, conversation, at)

    async def export(self, owner: str, conversation: str) -> tuple[Conversation, tuple[StoredTurn, ...]]:
        """A conversation with the turns of all its branches, oldest first. Raises `NotFound`."""
        from app.storage.tables import turn as t

        async with self._reading() as connection:
            found = await _owned(connection, owner, conversation)
            return found, await _turns(connection, conversation, t.c.conversation == conversation)

    # --- writing

    async def create(
        self, owner: str, show: str, persona: str, title: str = "", turns: Sequence[NewTurn] = ()
    ) -> Opened:
        """A new conversation, with its first turns if any. Raises `Full`."""
        return await self._written(lambda c: _created(c, owner, show, persona, title, turns))

    async def add(self, owner: str, conversation: str, parent: str | None, turns: Sequence[NewTurn]) -> Opened:
        """Add turns, each below the one before and the first below `parent`; the conversation then stands at the last.

        Raises `NotFound` for a conversation or a parent that isn't there, `Full`.
        """
        return await self._written(lambda c: _added(c, owner, conversation, parent, turns))

    async def rename(self, owner: str, conversation: str, title: str) -> Opened:
        """Give a title. Raises `NotFound`."""
        return await self._written(lambda c: _changed(c, owner, conversation, title=title))

    async def stand(self, owner: str, conversation: str, turn: str) -> Opened:
        """Let a conversation stand where the branch of `turn` was left. Raises `NotFound`."""
        return await self._written(lambda c: _stood(c, owner, conversation, turn))

    async def branch(self, owner: str, conversation: str, turn: str) -> Opened:
        """A new conversation with copies of the turns up to `turn`. Raises `NotFound`, `Full`."""
        return await self._written(lambda c: _branched(c, owner, conversation, turn))

    async def delete(self, owner: str, conversation: str) -> None:
        """Delete a conversation and its turns. Raises `NotFound`."""
        await self._written(lambda c: _deleted(c, owner, conversation))

    @asynccontextmanager
    async def _reading(self) -> "AsyncIterator[AsyncConnection]":
        with told(self._engine.url):
            async with self._engine.connect() as connection:
                yield connection

    async def _written(self, write: "Callable[[AsyncConnection], Coroutine[Any, Any, _T]]") -> _T:
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


def new_id() -> str:
    """An id that can't be guessed: 128 random bits in 22 characters."""
    return secrets.token_urlsafe(16)


def _now() -> int:
    return time.time_ns() // 1_000_000


def _conversation(row: Any) -> Conversation:
    return Conversation(
        row.id, row.title, row.show, row.persona, row.created / 1000, row.updated / 1000, row.leaf, row.branched_from
    )


async def _owned(connection: "AsyncConnection", owner: str, conversation: str) -> Conversation:
    from sqlalchemy import select

    from app.storage.tables import conversation as c

    row = (await connection.execute(select(c).where(c.c.id == conversation, c.c.owner == owner))).one_or_none()
    if row is None:
        raise NotFound(f"no conversation '{conversation[:40]}' of yours here")
    return _conversation(row)


async def _turns(
    connection: "AsyncConnection", conversation: str, where: "ColumnElement[bool]"
) -> tuple[StoredTurn, ...]:
    from sqlalchemy import select

    from app.storage.tables import turn as t

    rows = (await connection.execute(select(t).where(where).order_by(t.c.seq))).all()
    beside: dict[str | None, list[str]] = {}
    for turn, parent in await _shape(connection, conversation):
        beside.setdefault(parent, []).append(turn)
    return tuple(
        StoredTurn(
            r.role, r.content, r.as_of, r.knows, r.canon, r.id, r.parent, r.created / 1000, tuple(beside[r.parent])
        )
        for r in rows
    )


async def _shape(connection: "AsyncConnection", conversation: str) -> list[tuple[str, str | None]]:
    """(turn, the one before it) of the whole tree, in the order of writing."""
    from sqlalchemy import select

    from app.storage.tables import turn as t

    query = select(t.c.id, t.c.parent).where(t.c.conversation == conversation).order_by(t.c.seq)
    return [(row.id, row.parent) for row in await connection.execute(query)]


async def _opened(
    connection: "AsyncConnection", owner: str, conversation: str, at: str | None = None
) -> Opened:
    from app.storage.tables import turn as t

    found = await _owned(connection, owner, conversation)
    before = dict(await _shape(connection, conversation))
    if at is not None and at not in before:
        raise NotFound(f"this conversation has no turn '{at[:40]}'")
    path: list[str] = []
    step = at or found.leaf
    while step is not None:
        path.append(step)
        step = before[step]
    return Opened(found, await _turns(connection, conversation, t.c.id.in_(path)) if path else ())


async def _created(
    connection: "AsyncConnection",
    owner: str,
    show: str,
    persona: str,
    title: str,
    turns: Sequence[NewTurn],
    branched_from: str | None = None,
) -> Opened:
    from sqlalchemy import func, insert, select

    from app.storage.tables import conversation as c

    held = (await connection.execute(select(func.count()).select_from(c).where(c.c.owner == owner))).scalar_one()
    if held >= MOST_CONVERSATIONS:
        raise Full(f"you have {held:,} conversations, and no more are kept: delete some")
    now, key = _now(), new_id()
    made = {"id": key, "owner": owner, "title": title, "show": show, "persona": persona}
    await connection.execute(insert(c).values(**made, created=now, updated=now, branched_from=branched_from))
    return await _added(connection, owner, key, None, turns)


async def _added(
    connection: "AsyncConnection", owner: str, conversation: str, parent: str | None, turns: Sequence[NewTurn]
) -> Opened:
    from sqlalchemy import insert, update

    from app.storage.tables import conversation as c
    from app.storage.tables import turn as t

    await _owned(connection, owner, conversation)
    held = {turn for turn, _ in await _shape(connection, conversation)}
    if parent is not None and parent not in held:
        raise NotFound(f"this conversation has no turn '{parent[:40]}'")
    if len(held) + len(turns) > MOST_TURNS:
        raise Full(f"this conversation has {len(held):,} turns, and no more are kept: branch from one, or begin anew")
    if turns:
        now, ids = _now(), [new_id() for _ in turns]
        rows = [
            {
                "id": key, "conversation": conversation, "parent": before, "role": turn.role, "content": turn.content,
                "as_of": turn.as_of, "knows": turn.knows, "canon": turn.canon, "created": now,
            }
            for key, before, turn in zip(ids, [parent, *ids[:-1]], turns, strict=True)
        ]  # fmt: skip
        await connection.execute(insert(t), rows)
        await connection.execute(update(c).where(c.c.id == conversation).values(leaf=ids[-1], updated=now))
    return await _opened(connection, owner, conversation)


async def _changed(connection: "AsyncConnection", owner: str, conversation: str, **values: str) -> Opened:
    from sqlalchemy import update

    from app.storage.tables import conversation as c

    await _owned(connection, owner, conversation)
    await connection.execute(update(c).where(c.c.id == conversation).values(**values))
    return await _opened(connection, owner, conversation)


async def _stood(connection: "AsyncConnection", owner: str, conversation: str, turn: str) -> Opened:
    await _owned(connection, owner, conversation)
    shape = await _shape(connection, conversation)
    if turn not in dict(shape):
        raise NotFound(f"this conversation has no turn '{turn[:40]}'")
    latest = {parent: child for child, parent in shape}  # the latest child of each, as later ones overwrite
    while turn in latest:
        turn = latest[turn]
    return await _changed(connection, owner, conversation, leaf=turn)


async def _branched(connection: "AsyncConnection", owner: str, conversation: str, turn: str) -> Opened:
    found = await _opened(connection, owner, conversation, turn)
    kept = found.conversation
    return await _created(connection, owner, kept.show, kept.persona, kept.title, found.path, branched_from=kept.id)


async def _deleted(connection: "AsyncConnection", owner: str, conversation: str) -> None:
    from sqlalchemy import delete

    from app.storage.tables import conversation as c

    await _owned(connection, owner, conversation)
    await connection.execute(delete(c).where(c.c.id == conversation))
