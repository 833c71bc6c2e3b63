"""docs/exchange.md is run: its commands and its Python, in their order, in an empty folder."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python|json)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def run(command: list[str], folder: Path) -> str:
    """The command's standard output; what it says on standard error when it fails."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "CANON_BUILD": str(folder / "build"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{' '.join(command[-6:])}\n{done.stderr[-1500:]}"
    return done.stdout


@pytest.mark.slow
def test_every_command_and_every_piece_of_python_of_the_page_runs(tmp_path: Path) -> None:
    said: list[str] = []
    for kind, text in BLOCKS:
        if kind == "python":
            said.append(run([sys.executable, "-c", text], tmp_path))
        for line in text.strip().splitlines() if kind == "sh" else ():
            program, *rest = shlex.split(line)
            assert program == "python"
            said.append(run([sys.executable, *rest], tmp_path))
    told = "\n".join(said)
    assert "monica_geller" in told  # networkx: among the most central
    assert "Joey Tribbiani S05E05" in told  # SPARQL: who learnt of it when
    assert "My brother is Ross" in told or "Ross" in told.split("asks")[-1]
    assert "Marcel (animal)  [/(?<!" in told  # kg lore: which entry, by which key
    made = {path.name for path in tmp_path.iterdir()}
    named = {word for line in PAGE.split("`") for word in re.findall(r"--out (\S+)", line)}
    assert len(named) > 10 and named <= made
    assert {"friends.nodes.csv", "friends.nodes.parquet"} <= made


def test_the_piece_of_configuration_starts_the_server_that_there_is() -> None:
    (configuration,) = (json.loads(text) for kind, text in BLOCKS if kind == "json")
    server = configuration["mcpServers"]["canon"]
    assert server["args"][:2] == ["-m", "app.mcp"] and server["command"].endswith("python")
    assert run([sys.executable, *server["args"][:2], "--help"], ROOT)


def test_the_page_names_every_tool_and_every_format() -> None:
    from app.mcp import server
    from kg.exports import FORMATS

    assert all(f"--format {name}" in PAGE or f"`{name}`" in PAGE for name in FORMATS)
    tools = [tool.name for tool in server([])._tool_manager.list_tools()]
    assert len(tools) == 5 and all(f"| `{name}` |" in PAGE for name in tools)
