"""The store: what was acknowledged stays, trees of turns, owners, migrations, and databases that can't be used."""

import asyncio
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import event, text

from app.storage import trees
from app.storage.database import MEMORY, address, connect, default_path, migrate, told
from app.storage.records import NewTurn
from app.storage.store import Store
from app.storage.tables import metadata
from parsing.errors import BadFile, BadInput, NotFound, Unavailable

ME, YOU = "a" * 64, "b" * 64
MINE = NewTurn("user", "Hello! 🙂", "S01E01", "character")
REPLY = NewTurn("assistant", "Hey.", "S01E01", "character", {"verdict": "chat", "facts": []})
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of its own, where one is installed; it refuses to run as root."""
    if not POSTGRES:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="canon-pg-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    control = [*as_user, str(POSTGRES[-1].with_name("pg_ctl")), "-D", data, "-w"]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    run(*as_user, str(POSTGRES[-1]), "-D", data, "-U", "canon", "-A", "trust", "-N")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(*control, "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://canon@127.0.0.1:{port}/postgres"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest_asyncio.fixture(params=["memory", "file", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store in each kind of database."""
    setting = {"memory": "", "file": str(tmp_path / "new" / "c.sqlite3")}.get(request.param)
    async with Store(address(request.getfixturevalue("postgres") if setting is None else setting)) as opened:
        if setting is None:
            async with opened._engine.begin() as connection:
                await connection.execute(text("DELETE FROM canon_conversation"))
        yield opened


async def begun(store: Store, title: str = "Lunch") -> tuple[str, list[str]]:
    made = await store.create(ME, "friends", "joey", title, [MINE, REPLY])
    return made.conversation.id, [turn.id for turn in made.path]


async def path(store: Store, id_: str) -> list[str]:
    return [turn.content for turn in (await store.read(ME, id_)).path]


# --- in every kind of database


async def test_what_goes_in_comes_out(store: Store) -> None:
    id_, (mine, reply) = await begun(store)
    opened = await store.read(ME, id_)
    assert [(t.role, t.content, t.canon) for t in opened.path] == [
        ("user", "Hello! 🙂", None), ("assistant", "Hey.", {"verdict": "chat", "facts": []}),
    ]  # fmt: skip
    assert (opened.path[1].parent, opened.path[0].parent, opened.conversation.leaf) == (mine, None, reply)
    assert opened.conversation.created <= opened.conversation.updated == opened.path[0].created


async def test_turns_that_share_their_place_are_each_others_siblings(store: Store) -> None:
    id_, (mine, reply) = await begun(store)
    second = (await store.add(ME, id_, mine, [REPLY])).path[-1]
    assert second.siblings == (reply, second.id)
    third = (await store.add(ME, id_, None, [MINE, REPLY])).path[0]
    assert third.siblings == (mine, third.id)


async def test_a_branch_is_gone_back_to_where_it_was_left(store: Store) -> None:
    id_, (mine, reply) = await begun(store)
    await store.add(ME, id_, reply, [NewTurn("user", "Two", "S01E01", "character"), REPLY])
    await store.add(ME, id_, None, [NewTurn("user", "Other", "S01E01", "character"), REPLY])
    assert await path(store, id_) == ["Other", "Hey."]
    await store.stand(ME, id_, mine)
    assert await path(store, id_) == ["Hello! 🙂", "Hey.", "Two", "Hey."]
    with pytest.raises(NotFound, match="no turn"):
        await store.stand(ME, id_, "nothing")


async def test_a_copied_branch_shares_nothing_with_its_source(store: Store) -> None:
    id_, (mine, _) = await begun(store)
    copy = await store.branch(ME, id_, mine)
    assert copy.conversation.branched_from == id_ and copy.path[0].id != mine
    await store.delete(ME, id_)
    assert await path(store, copy.conversation.id) == ["Hello! 🙂"]


async def test_nobody_reaches_the_conversations_of_another(store: Store) -> None:
    id_, (mine, _) = await begun(store)
    tries = [
        store.read(YOU, id_), store.export(YOU, id_), store.rename(YOU, id_, "x"), store.delete(YOU, id_),
        store.add(YOU, id_, None, [MINE]), store.branch(YOU, id_, mine), store.stand(YOU, id_, mine),
    ]  # fmt: skip
    for attempt in tries:
        with pytest.raises(NotFound, match="of yours"):
            await attempt
    assert (await store.list(YOU)).conversations == ()


async def test_pages_go_through_all_even_where_times_are_equal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "_now", lambda: 1_700_000_000_000)
    made = {(await begun(store, str(n)))[0] for n in range(7)}
    seen: list[str] = []
    before = None
    while True:
        page = await store.list(ME, 3, before)
        seen += [c.id for c in page.conversations]
        if (before := page.following) is None:
            break
    assert len(seen) == 7 and set(seen) == made


async def test_deleting_takes_every_turn_along(store: Store) -> None:
    id_, _ = await begun(store)
    await store.delete(ME, id_)
    async with store._engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM canon_turn"))).scalar_one() == 0


async def test_many_write_at_once_and_nothing_is_lost(store: Store) -> None:
    id_, (_, reply) = await begun(store)
    await asyncio.gather(*(store.add(ME, id_, reply, [MINE, REPLY]) for _ in range(20)))
    _, turns = await store.export(ME, id_)
    assert len(turns) == 42 and len({t.id for t in turns}) == 42


async def test_a_write_that_has_begun_is_finished_though_its_caller_leaves(store: Store) -> None:
    id_, (_, reply) = await begun(store)
    leaving = asyncio.create_task(store.add(ME, id_, reply, [MINE, REPLY]))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asyncio.wait(store._writing)
    assert len(await path(store, id_)) == 4


async def test_the_migrations_make_the_tables_that_the_code_reads(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def compare(connection: Any) -> list[Any]:
        opts = {"include_name": lambda name, kind, _: kind != "table" or str(name).startswith("canon_")}
        return compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)

    async with store._engine.connect() as connection:
        found = await connection.run_sync(compare)
    assert [change for change in found if getattr(change[1], "name", "") != "canon_version"] == []


async def test_a_server_that_is_away_is_one_clear_line() -> None:
    with pytest.raises(BadInput, match=r"postgresql\+asyncpg://me:\*\*\*@127.0.0.1:1/x: .*--database names another"):
        await Store(address("postgresql://me:secret@127.0.0.1:1/x")).start()


async def test_a_database_that_a_server_lacks_is_one_clear_line(postgres: str) -> None:
    with pytest.raises(BadInput, match='database "nowhere" does not exist'):
        await Store(address(postgres.replace("/postgres", "/nowhere"))).start()


# --- files


async def test_a_file_is_made_for_its_owner_alone_and_opened_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "c.sqlite3"
    async with Store(address(str(file))) as store:
        id_, _ = await begun(store)
    assert (file.parent.stat().st_mode & 0o077) == 0
    async with Store(address(str(file))) as store:
        assert len(await path(store, id_)) == 2
        async with store._engine.connect() as connection:
            told_ = [
                (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
    assert told_ == ["wal", 2, 1, 5000]


def tables(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as raw:
        return [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


async def refused(file: str | Path) -> str:
    with pytest.raises((BadInput, BadFile)) as error:
        await Store(address(str(file))).start()
    assert "\n" not in str(error.value)
    return str(error.value)


async def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    file.write_text("Dear diary, " * 200)
    assert f"{file}: it is no SQLite database (--database names another)" in await refused(file)
    assert file.read_text().startswith("Dear diary")


async def test_a_damaged_file_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    async with Store(address(str(file))) as store:
        for _ in range(20):
            await begun(store)
    content = bytearray(file.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    content[2 * page : 2 * page + 200] = b"\xff" * 200
    file.write_bytes(content)
    assert "damaged" in await refused(file)


async def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    async with Store(address(str(file))) as store:
        await begun(store)
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE canon_version SET version_num = 'v99'")
    assert "written by a newer version (schema v99, this one knows up to v1)" in await refused(file)


async def test_a_file_that_may_only_be_read_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    async with Store(address(str(file))):
        pass
    assert "can't be written" in await refused(f"sqlite:///file:{file}?mode=ro&uri=true")


async def test_a_folder_that_cant_be_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "can't be made" in await refused(tmp_path / "file" / "c.sqlite3")
    assert "it can't be opened" in await refused(tmp_path)


async def test_tables_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "c.sqlite3"
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("CREATE TABLE canon_turn (x)")
    assert "tables of the same names that are not ours" in await refused(file)
    assert tables(file) == ["canon_turn"]


async def test_a_full_disk_refuses_the_turn_and_keeps_what_was_there(tmp_path: Path) -> None:
    store = Store(address(str(tmp_path / "c.sqlite3")))
    async with store:
        id_, (_, reply) = await begun(store)
        async with store._engine.connect() as connection:
            pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        event.listen(
            store._engine.sync_engine, "checkout",
            lambda raw, *_: raw.execute(f"PRAGMA max_page_count = {pages}").close(),
        )  # fmt: skip
        with pytest.raises(Unavailable, match="the disk is full"):
            await store.add(ME, id_, reply, [NewTurn("user", "x" * 40_000, "S01E01", "character")])
        assert len(await path(store, id_)) == 2


async def test_a_migration_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(Operations, "create_index", fail)
    engine = connect(address(str(tmp_path / "c.sqlite3")))
    with pytest.raises(BadInput, match="No space left"):
        await migrate(engine)
    await engine.dispose()
    assert tables(tmp_path / "c.sqlite3") == []


# --- which database


def test_a_setting_names_a_file_a_server_or_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "canon" / "conversations.sqlite3"
    assert address(None) == f"sqlite+aiosqlite:///{default_path()}"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert default_path() == Path.home() / ".local" / "state" / "canon" / "conversations.sqlite3"
    assert address("postgres://me@db/canon") == "postgresql+asyncpg://me@db/canon"
    assert address(" ") == MEMORY
    assert address("chats.db").endswith("/chats.db")


@pytest.mark.parametrize("setting", ["mysql://root@db/x", "http://db"])
def test_another_kind_of_database_is_refused_by_name(setting: str) -> None:
    with pytest.raises(BadInput, match=f"'{setting.partition(':')[0]}://' is not served"):
        address(setting)


def test_a_url_that_is_none_is_one_clear_line() -> None:
    with pytest.raises(BadInput, match="such as postgresql://"):
        Store(address("postgresql://db:port:x/"))


def test_an_error_of_ours_goes_through_unchanged() -> None:
    with pytest.raises(NotFound, match="gone"), told(connect(MEMORY).url):
        raise NotFound("gone")
