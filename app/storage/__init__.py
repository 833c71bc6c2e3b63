"""Conversations that outlive the service: SQLite in a file by default, PostgreSQL by its URL, or memory alone.

    from app.storage.store import Store
    async with Store("sqlite+aiosqlite:///canon.sqlite3") as store: ...

`tables` says what is kept, `versions/` how a database of an earlier version becomes one of this, `database` opens one,
`records` is what goes in and out, `store` the operations. What `Store` has returned from is on disk.
"""
