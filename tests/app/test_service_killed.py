"""kill -9 in the middle of replies: the database opens, every acknowledged turn is there, no exchange is halved."""

import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import httpx
import mortal
import pytest

from app.storage.database import address

CLIENTS = 4
LINGER = (0.15, 0.6)  # seconds between start and kill


def until_ready(base: str) -> None:
    for _ in range(2_000):
        if httpx.get(f"{base}/readyz").status_code == 200:
            return
        time.sleep(0.01)
    raise AssertionError("it never became ready")


class Talker:
    """Says something over and over in one conversation, and remembers which turns were acknowledged."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()
        self.conversation = ""
        self.acknowledged: set[str] = set()
        self.cut_off = 0  # requests that the service died under

    def talk(self, base: str) -> None:
        """Until the service is gone."""
        with httpx.Client(base_url=base, cookies=self.cookies, timeout=10) as client:
            try:
                until_ready(base)
                while True:
                    self._once(client)
            except httpx.TransportError:
                self.cut_off += 1
            self.cookies = client.cookies

    def _once(self, client: httpx.Client) -> None:
        if self.conversation:
            answer = client.post(f"/api/conversations/{self.conversation}/messages", json={"content": "Hello!"})
        else:
            message = {"model": "friends/joey", "message": {"content": "Hello!"}}
            answer = client.post("/api/conversations", json=message)
        assert answer.status_code == 201, answer.text
        self.conversation = answer.json()["conversation"]["id"]
        self.acknowledged |= {turn["id"] for turn in answer.json()["turns"]}


def one_life(database: str, talkers: list[Talker], linger: float) -> None:
    """Start the service, let everybody talk, kill it in mid-reply."""
    process, base = mortal.start(database)
    threads = [threading.Thread(target=talker.talk, args=(base,)) for talker in talkers]
    for thread in threads:
        thread.start()
    until_ready(base)
    time.sleep(linger)
    process.kill()
    process.join(10)
    assert process.exitcode == -9
    for thread in threads:
        thread.join(15)


def survives(file: Path, kills: int) -> None:
    random.seed(kills)
    talkers = [Talker() for _ in range(CLIENTS)]
    for _ in range(kills):
        one_life(address(str(file)), talkers, random.uniform(*LINGER))
        with closing(sqlite3.connect(file)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = {id_: (role, parent) for id_, role, parent in raw.execute("SELECT id, role, parent FROM canon_turn")}
        answered = {parent for role, parent in rows.values() if role == "assistant"}
        assert [t for talker in talkers for t in talker.acknowledged if t not in rows] == []
        assert [id_ for id_, (role, _) in rows.items() if role == "user" and id_ not in answered] == []
    assert sum(len(talker.acknowledged) for talker in talkers) >= 2 * kills  # it did say something
    assert sum(talker.cut_off for talker in talkers) >= kills  # and was killed meanwhile


@pytest.fixture(autouse=True)
def _path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "")  # `mortal` sets it, and it is put back


def test_what_was_acknowledged_survives_five_kills_in_mid_reply(tmp_path: Path) -> None:
    survives(tmp_path / "c.sqlite3", 5)


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("CANON_SLOW"), reason="a minute or two: set CANON_SLOW=1")
def test_what_was_acknowledged_survives_fifty_kills_in_mid_reply(tmp_path: Path) -> None:
    survives(tmp_path / "c.sqlite3", 50)
