"""A two-episode show on disk, small enough to count by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from parsing.manifest import Show, load_show

settings.register_profile("parsing", deadline=None, derandomize=True)  # a busy machine makes no test fail
settings.load_profile("parsing")

MANIFEST = """
id = "mill"
title = "The Mill"
language = "en"
seasons = [2]
cast = [
  { name = "Adela Brook", aliases = ["Ada", "Addie"], labels = ["ADBR"], gender = "female", persona = true },
  { name = "Tom Finch", gender = "male", persona = true },
  { name = "Mr. Hale", gender = "male" },
  { name = "Tom Reed", gender = "male", episodes = ["S01E02"] },
]
groups = { "The Lovers" = ["Adela Brook", "Tom Finch"] }

[[source]]
reader = "text_script"
files = [{ path = "one.txt", episode = "S01E01" }, { path = "two.txt", episode = "S01E02" }]

[source.options]
episode = 'S(?P<season>\\d\\d)E(?P<number>\\d\\d) ".*"'
scene = 'scene|dream'
drop = { 'the mill' = "title" }

[[reality]]
kind = "imagined"
heading = 'dream'
end = 'end of dream'
"""

ONE = """THE MILL
S01E01 "Flour"

[Scene: The mill. Ada and Mr. Hale are there.]

ADA: (lifting a sack) Is it heavy, Mr. Hale?
MR. HALE: No.
ADBR: Good (puts it down) then carry it.
[Tom enters.]
TOM: Morning, Addie.
ADA AND TOM: Coffee!
WAITER: Two coffees coming up
right away.
ALL: Thank you.
"""

TWO = """THE MILL
S01E02 "Water"
[Dream: The river. Ada and Tom Finch are swimming.]
ADA: We are fish, Tom Finch.
TOM FINCH: I know that we are.
[End of dream]
ADA: What a strange dream.
[Scene: The mill yard.]
ADELLA: (to Tom Finch) Did you sleep well?
TOM FINCH: Yes, I did.
"""


@pytest.fixture
def make_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Show]:
    """Write a manifest and its files, and load it; builds go to a temporary folder, and no mirror is set."""
    monkeypatch.setenv("CANON_BUILD", str(tmp_path / "build"))
    monkeypatch.setenv("CANON_CACHE", str(tmp_path / "cache"))
    for name in ("CANON_MIRROR", "CANON_DATA"):
        monkeypatch.delenv(name, raising=False)

    def write(manifest: str = MANIFEST, **files: str | bytes) -> Show:
        folder = tmp_path / "shows" / "mill"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in ({"one": ONE, "two": TWO} | files).items():
            target = folder / (name if "." in name else f"{name}.txt")
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        (folder / "show.toml").write_text(manifest, encoding="utf-8")
        return load_show(str(folder / "show.toml"))

    return write


@pytest.fixture
def mill(make_show: Callable[..., Show]) -> Show:
    """The show as it stands above."""
    return make_show()
