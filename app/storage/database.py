"""Opening a database: which one a setting names, what each connection is told, and the steps to the present schema.

SQLite keeps a write-ahead log and syncs at every commit (`synchronous=FULL`): what was committed is there after
`kill -9`, and after the power went. https://www.sqlite.org/pragma.html#pragma_synchronous
"""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsing.errors import BadFile, BadInput, CanonError, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

MEMORY = "sqlite+aiosqlite://"
BUSY = 5.0  # seconds a writer waits for another one
_log = logging.getLogger("canon.storage")
_VERSIONS = Path(__file__).with_name("versions")
_TABLE = "canon_version"  # where alembic notes the schema; not its usual name, as a database may serve others too
_LOCK = 0xCA7707  # of PostgreSQL, so that two processes don't migrate at once
_MEND = {
    "readonly": "it can't be written: check its rights and those of its folder",
    "read-only": "it can't be written: check its rights and those of its folder",
    "full": "the disk is full",
    "locked": "another program holds it locked",
    "unable to open": "it can't be opened: does its folder exist, and may it be written?",
    "not a database": "it is no SQLite database",
    "malformed": "it is damaged",
    "already exists": "it has tables of the same names that are not ours",
}


def default_path() -> Path:
    """`$XDG_STATE_HOME/canon/conversations.sqlite3`, by default below `~/.local/state`.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    given = os.environ.get("XDG_STATE_HOME", "")
    state = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "state"
    return state / "canon" / "conversations.sqlite3"


def address(setting: str | None) -> str:
    """The SQLAlchemy URL of what `--database` says: a path, a URL, "" for memory, None for the default file.

    >>> address("postgresql://me@db/canon"), address("/var/c.db"), address("")
    ('postgresql+asyncpg://me@db/canon', 'sqlite+aiosqlite:////var/c.db', 'sqlite+aiosqlite://')
    """
    if setting is None:
        setting = str(default_path())
    if not setting.strip():
        return MEMORY
    scheme, divided, rest = setting.partition("://")
    if not divided:
        return f"sqlite+aiosqlite:///{Path(setting).expanduser().absolute()}"
    driver = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}
    known = driver.get(scheme, scheme)
    if known not in driver.values():
        raise BadInput(f"--database: '{scheme[:40]}://' is not served; a file, sqlite:///… or postgresql://… is")
    return f"{known}://{rest}"


def shown(url: "URL") -> str:
    """The database in an error: a file by its path, a server without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "memory"
    return url.render_as_string(hide_password=True)


def connect(setting: str) -> "AsyncEngine":
    """An engine for a URL of `address`; nothing is opened yet. Raises `BadInput` for a URL that is none."""
    from sqlalchemy import event
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import AsyncAdaptedQueuePool

    try:
        url = make_url(setting)
    except (ArgumentError, ValueError):
        raise BadInput("--database: not a database's URL, such as postgresql://user@host/name") from None
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    if url.database and not url.database.startswith("file:"):
        _make_folder(Path(url.database).parent)
    alone = not url.database  # a database in memory is its one connection
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if alone else {"pool_size": 4}
    engine = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, hide_parameters=True, **pool)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder} can't be made for the conversations: {error.strerror}; see --database") from None


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver shall begin nothing by itself: `_begin` does
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY * 1000)}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()
    except BaseException:
        connection.close()  # the pool hasn't got it yet, and would leave it open
        raise


def _begin(connection: "Connection") -> None:
    """Writers queue at the beginning, where they wait, and not at the end, where SQLite could only refuse."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def migrate(engine: "AsyncEngine") -> None:
    """Bring the schema to the present. Raises `BadFile` for a damaged or a newer one, `BadInput` where it can't."""
    with told(engine.url, at_start=True):
        _open_once(engine.url)
        async with engine.connect() as connection:
            writing = await connection.execution_options(writes=True)
            async with writing.begin():
                await writing.run_sync(_upgrade)


def _open_once(url: "URL") -> None:
    """Fail here, where it is plain: aiosqlite's thread of a connection that never was may outlive the event loop."""
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("file:"):
        with contextlib.closing(sqlite3.connect(url.database)) as raw:
            raw.execute("PRAGMA schema_version")


def _upgrade(connection: "Connection") -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import text

    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    elif (found := connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()) != "ok":
        why = " ".join(str(found).split())[:80]
        raise BadFile(f"{shown(connection.engine.url)}: it is damaged ({why}); move it away to start anew")
    script = ScriptDirectory(str(_VERSIONS.parent), version_locations=[str(_VERSIONS)])
    present = MigrationContext.configure(connection, opts={"version_table": _TABLE}).get_current_revision()
    known = {step.revision for step in script.walk_revisions()}
    if present is not None and present not in known:
        raise BadFile(
            f"{shown(connection.engine.url)}: written by a newer version (schema {present}, this one knows up to "
            f"{script.get_current_head()}): use that one, or another --database"
        )
    steps = MigrationContext.configure(
        connection,
        opts={
            "version_table": _TABLE,
            "transactional_ddl": True,
            "fn": lambda revision, _context: script._upgrade_revs("head", revision),
        },
    )
    with Operations.context(steps):
        steps.run_migrations()
    # What may only be read shall be noticed now; SQLite says so at the first write and not at BEGIN.
    connection.execute(text(f"UPDATE {_TABLE} SET version_num = version_num"))


@contextlib.contextmanager
def told(url: "URL", at_start: bool = False) -> Iterator[None]:
    """Turns the database's errors into ours: `BadInput` or `BadFile` at the start, `Unavailable` while serving."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    theirs: tuple[type[Exception], ...] = (SQLAlchemyError, sqlite3.Error, OSError)
    if url.get_backend_name() == "postgresql":
        import asyncpg

        theirs += (asyncpg.PostgresError, asyncpg.InterfaceError)  # what connecting raises isn't wrapped
    try:
        yield
    except CanonError:
        raise
    except theirs as error:
        raw = error.orig if isinstance(error, DBAPIError) else error
        said = str(raw).splitlines()[0][:120] if str(raw) else type(raw).__name__
        reason = next((mend for sign, mend in _MEND.items() if sign in said), said)
        if at_start:
            kind = BadFile if "damaged" in reason or "no SQLite" in reason else BadInput
            raise kind(f"the conversations' database {shown(url)}: {reason} (--database names another)") from None
        _log.error("the conversations' database %s: %s", shown(url), reason)
        raise Unavailable(f"the conversation could not be kept or read: {reason}") from error
