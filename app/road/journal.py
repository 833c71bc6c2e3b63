"""What was done for a show and from what: a stage runs again only where its input has changed.

`build/<show>/own.json` holds, for each stage, a checksum of its input and the seconds it took, and which manifest the
folder belongs to. It is written after a stage has ended well: one that was cut off runs again.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parsing.commands import say
from parsing.errors import BadInput
from parsing.files import write_json
from parsing.manifest import Show, build_dir

FILE = "own.json"


def checksum(parts: Iterable[bytes | str | Path]) -> str:
    """One sha256 over texts and the contents of files; a file that isn't there counts as empty."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else _content(part) if isinstance(part, Path) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


@dataclass(frozen=True)
class Stage:
    """One step of the road."""

    name: str
    what: str  # what is done, for the person who waits
    inputs: str  # checksum
    outputs: tuple[Path, ...]  # all there, or the stage runs again
    seconds: float  # expected on a quiet core
    work: Callable[[], object]
    by_clock: bool = False  # it takes just as long on any machine


@dataclass
class Journal:
    """The stages of one show."""

    show: Show
    manifest: Path
    place: int = 2  # number of the next stage; the manifest is the first
    again: bool = False  # run all of them
    expected: float = 0.0  # seconds, of what has run here
    taken: float = 0.0
    rows: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what an earlier run left. Raises `BadInput` where the build folder is another manifest's."""
        path = build_dir(self.show) / FILE
        held = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        other = Path(held.get("manifest") or self.manifest)
        if other.is_file() and other.resolve() != self.manifest.resolve():
            raise BadInput(
                f"{build_dir(self.show)} belongs to {other}, which has the id '{self.show.id}' too: change the id in "
                f"{self.manifest}, or keep the products elsewhere with CANON_BUILD"
            )
        self.rows = dict(held.get("stages", {}))

    def run(self, stage: Stage, left: float = 0.0, training: float = 0.0) -> None:
        """Run a stage, unless its input and its products are those of an earlier run.

        `left` are the seconds that the rest takes on a quiet core, `training` those that go by the clock.
        """
        head = f"[{self.place}] {stage.name}:"
        self.place += 1
        before: Mapping[str, Any] = self.rows.get(stage.name, {})
        if not self.again and before.get("inputs") == stage.inputs and all(p.exists() for p in stage.outputs):
            say(f"{head} done before, nothing it reads has changed")
            return
        say(f"{head} {stage.what}; about {duration(stage.seconds * (1.0 if stage.by_clock else self.pace))}")
        started = time.perf_counter()
        stage.work()
        seconds = time.perf_counter() - started
        if not stage.by_clock:
            self.expected, self.taken = self.expected + stage.seconds, self.taken + seconds
        self.rows[stage.name] = {"inputs": stage.inputs, "seconds": round(seconds, 1)}
        write_json(build_dir(self.show) / FILE, {"manifest": str(self.manifest.resolve()), "stages": self.rows})
        rest = left * self.pace + training
        say(f"      took {duration(seconds)}" + (f"; about {duration(rest)} left" if rest else ""))

    @property
    def pace(self) -> float:
        """How many times longer than expected things take on this machine, as seen so far."""
        return min(20.0, max(0.2, self.taken / self.expected)) if self.expected else 1.0


def duration(seconds: float) -> str:
    """`40 s`, `3 min`, `1 h 10 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
