"""What the store does within one transaction: every function takes the connection that holds it.

A conversation is a tree: each turn names the one before it, and the conversation names the turn that it stands at.
"""

import re
import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.records import Conversation, NewTurn, Opened, StoredTurn
from app.storage.tables import conversation as c
from app.storage.tables import turn as t
from parsing.errors import BadInput, NotFound

MOST_CONVERSATIONS = 2_000  # of one owner
MOST_TURNS = 1_000  # of one conversation, its branches included
_ID = re.compile(r"[\w-]{1,32}", re.ASCII)


class Full(BadInput):
    """No more conversations for this owner, or turns in this conversation."""

    status = 409


def new_id() -> str:
    """An id that can't be guessed: 128 random bits in 22 characters."""
    return secrets.token_urlsafe(16)


def _now() -> int:
    return time.time_ns() // 1_000_000


def conversation_of(row: Any) -> Conversation:
    """A row of the first table."""
    return Conversation(
        row.id, row.title, row.show, row.persona, row.created / 1000, row.updated / 1000, row.leaf, row.branched_from
    )


async def owned(connection: AsyncConnection, owner: str, conversation: str) -> Conversation:
    """One conversation of the owner. Raises `NotFound`."""
    query = select(c).where(c.c.id == conversation, c.c.owner == owner)
    row = (await connection.execute(query)).one_or_none() if _ID.fullmatch(conversation) else None
    if row is None:
        raise NotFound(f"no conversation '{conversation[:40]}' of yours here")
    return conversation_of(row)


async def stored(connection: AsyncConnection, conversation: str, where: ColumnElement[bool]) -> tuple[StoredTurn, ...]:
    """Turns of one conversation, oldest first."""
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


async def _shape(connection: AsyncConnection, conversation: str) -> list[tuple[str, str | None]]:
    """(turn, the one before it) of the whole tree, in the order of writing."""
    query = select(t.c.id, t.c.parent).where(t.c.conversation == conversation).order_by(t.c.seq)
    return [(row.id, row.parent) for row in await connection.execute(query)]


async def opened(connection: AsyncConnection, owner: str, conversation: str, at: str | None = None) -> Opened:
    """See `Store.read`."""
    found = await owned(connection, owner, conversation)
    before = dict(await _shape(connection, conversation))
    if at is not None and at not in before:
        raise NotFound(f"this conversation has no turn '{at[:40]}'")
    path: list[str] = []
    step = at or found.leaf
    while step is not None:
        path.append(step)
        step = before[step]
    return Opened(found, await stored(connection, conversation, t.c.id.in_(path)) if path else ())


async def created(
    connection: AsyncConnection,
    owner: str,
    show: str,
    persona: str,
    title: str,
    turns: Sequence[NewTurn],
    branched_from: str | None = None,
) -> Opened:
    """See `Store.create`; `branched_from` names where the turns come from."""
    held = (await connection.execute(select(func.count()).select_from(c).where(c.c.owner == owner))).scalar_one()
    if held >= MOST_CONVERSATIONS:
        raise Full(f"you have {held:,} conversations, and no more are kept: delete some")
    now, key = _now(), new_id()
    made = {"id": key, "owner": owner, "title": title, "show": show, "persona": persona}
    await connection.execute(insert(c).values(**made, created=now, updated=now, branched_from=branched_from))
    return await added(connection, owner, key, None, turns)


async def added(
    connection: AsyncConnection,
    owner: str,
    conversation: str,
    parent: str | None,
    turns: Sequence[NewTurn],
    title: str = "",
) -> Opened:
    """See `Store.add`."""
    kept = await owned(connection, owner, conversation)
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
        await connection.execute(
            update(c).where(c.c.id == conversation).values(leaf=ids[-1], updated=now, title=kept.title or title)
        )
    return await opened(connection, owner, conversation)


async def changed(connection: AsyncConnection, owner: str, conversation: str, **values: str) -> Opened:
    """A conversation with other values in its row."""
    await owned(connection, owner, conversation)
    await connection.execute(update(c).where(c.c.id == conversation).values(**values))
    return await opened(connection, owner, conversation)


async def stood(connection: AsyncConnection, owner: str, conversation: str, turn: str) -> Opened:
    """See `Store.stand`."""
    await owned(connection, owner, conversation)
    shape = await _shape(connection, conversation)
    if turn not in dict(shape):
        raise NotFound(f"this conversation has no turn '{turn[:40]}'")
    latest = {parent: child for child, parent in shape}  # the latest child of each, as later ones overwrite
    while turn in latest:
        turn = latest[turn]
    return await changed(connection, owner, conversation, leaf=turn)


async def branched(connection: AsyncConnection, owner: str, conversation: str, turn: str) -> Opened:
    """See `Store.branch`."""
    found = await opened(connection, owner, conversation, turn)
    kept = found.conversation
    return await created(connection, owner, kept.show, kept.persona, kept.title, found.path, branched_from=kept.id)


async def deleted(connection: AsyncConnection, owner: str, conversation: str) -> None:
    """See `Store.delete`."""
    await owned(connection, owner, conversation)
    await connection.execute(delete(c).where(c.c.id == conversation))
