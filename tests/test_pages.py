"""The tutorial, the how-to pages and the page on scale are run: their commands, in their order, in an empty folder.

What a test can't run (a server, hours of training) has a comment `<!-- not run: why -->` before its block; that its
commands exist is still held against the command tree (test_documents.py).
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "docs" / "tutorial.md", ROOT / "docs" / "scale.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
BLOCK = re.compile(r"(?:^<!-- not run: (?P<why>[^\n]+) -->\n)?^```sh\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```(\w*)$", re.MULTILINE)


def blocks(page: str) -> list[tuple[str, str]]:
    """(shell commands, why they aren't run or "") of a page."""
    return [(m["text"], m["why"] or "") for m in BLOCK.finditer(page)]


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a page's commands in a shell that stops at the first error; `shows/` is there as in the repository."""
    (folder / "home").mkdir()
    (folder / "work").mkdir()
    (folder / "work" / "shows").symlink_to(ROOT / "shows")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "HOME": str(folder / "home"), "CANON_BUILD": str(folder / "build"),
        "OMP_NUM_THREADS": "1", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    environment.pop("CANON_SHOWS", None)
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder / "work", env=environment, capture_output=True, text=True, check=False, timeout=550
    )


def test_blocks_are_found_with_the_reason_why_they_are_not_run() -> None:
    page = "a\n```sh\none\n```\nb\n\n<!-- not run: no net -->\n```sh\ntwo\n```\n```toml\nx\n```\n"
    assert blocks(page) == [("one\n", ""), ("two\n", "no net")]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_a_page_has_commands_that_are_run(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = blocks(text)
    assert any(not why for _, why in found)
    fences = [kind for kind in FENCE.findall(text) if kind]
    assert set(fences) == {"sh"} and len(fences) == len(found), "every block is a shell block that is found"


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_the_commands_of_a_page_run(path: Path, tmp_path: Path) -> None:
    script = "\n".join(text for text, why in blocks(path.read_text(encoding="utf-8")) if not why)
    done = run(script, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    if path.stem == "tutorial":
        assert "Ben" in done.stdout.splitlines()[0], "Nora names her brother"
        assert "My Show (my_show)" in done.stdout
        assert "cold mornings" in done.stdout, "what was added by hand is known"
        assert "Nora" in done.stdout.splitlines()[-1], "the card answers"
        assert (tmp_path / "work" / "ben.png").read_bytes().startswith(b"\x89PNG")
