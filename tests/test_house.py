"""The house rules of the repository: which room imports which, quick help, pins, paths, sizes of what is bundled."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("parsing", "kg", "training", "app", "evaluation")  # left never imports right
HEAVY = ("torch", "spacy", "transformers")
MIB = 2**20


def imported(source: str) -> Iterator[tuple[int, str]]:
    """(line, first part of the module's name) of every absolute import, those within functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from ((node.lineno, str(a.value).split(".")[0]) for a in node.args if isinstance(a, ast.Constant))


def against_the_direction(room: str, source: str) -> list[str]:
    """What a module of `room` imports from rooms to its right, as `line 3: app`."""
    right = (*ROOMS[ROOMS.index(room) + 1 :], "tests")
    return [f"line {line}: {name}" for line, name in imported(source) if name in right]


def tracked(*patterns: str) -> list[Path]:
    """The files that git tracks (and that are there), by path from the root."""
    done = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    ("room", "source", "found"),
    [
        ("kg", "from app.bot import Bot", ["line 1: app"]),
        ("kg", "import json\nimport training.prompt as prompt", ["line 2: training"]),
        ("parsing", "def late():\n    if True:\n        from kg import graph", ["line 3: kg"]),
        ("training", "import importlib\nimportlib.import_module('evaluation.checker')", ["line 2: evaluation"]),
        ("app", "from tests.conftest import ROOT", ["line 1: tests"]),
        ("evaluation", "from app.bot import Bot\nfrom parsing.errors import BadFile", []),
        ("kg", "from . import graph\nfrom .app import x\nimport application", []),
    ],
)
def test_an_import_to_the_right_is_seen_wherever_it_stands(room: str, source: str, found: list[str]) -> None:
    assert against_the_direction(room, source) == found


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_imports_to_the_right(room: str) -> None:
    modules = sorted((ROOT / room).rglob("*.py"))
    assert len(modules) > 3
    wrong = {
        str(m.relative_to(ROOT)): found
        for m in modules
        if (found := against_the_direction(room, m.read_text(encoding="utf-8")))
    }
    assert wrong == {}


HELP = """
import json, runpy, sys, io, contextlib
import typer.main
module = sys.argv[1]
entry = module + ".__main__" if "." not in module else module
command = typer.main.get_command(__import__(entry, fromlist=["app"]).app)
del sys.modules[entry]
said = {}
for name in ("", *getattr(command, "commands", {})):
    sys.argv = [module, *([name] if name else []), "--help"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
            code = None
        except SystemExit as ended:
            code = ended.code
    said[name] = [code or 0, out.getvalue()]
print(json.dumps({"said": said, "heavy": [m for m in %r if m in sys.modules]}))
"""


@pytest.mark.parametrize("module", [*ROOMS, "app.inference", "app.mcp", "app.own"])
def test_help_of_every_command_answers_and_loads_no_model_library(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP % (HEAVY,), module],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    seen = json.loads(done.stdout)
    for name, (code, text) in seen["said"].items():
        assert code == 0, f"{module} {name}"
        assert "Usage:" in text and "--help" in text, f"{module} {name}: {text}"
    assert seen["heavy"] == []


def pins(text: str) -> dict[str, str]:
    """{name: version} of a requirements file. Raises `ValueError` for a line that isn't `name==version`."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        plain = line.split("#")[0].strip()
        if not plain or plain.startswith("-r "):
            continue
        pin = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([\w.!+]+)", plain)
        if not pin:
            raise ValueError(f"'{line}' is no pin of the form name==version")
        name = re.sub(r"[-_.]+", "-", pin[1]).lower()
        if found.setdefault(name, pin[2]) != pin[2]:
            raise ValueError(f"{name} is pinned to {found[name]} and to {pin[2]}")
    return found


@pytest.mark.parametrize("line", ["torch>=2", "torch", "torch==2.*", "torch==2; python_version>'3'", "a==1\nA==2"])
def test_a_requirement_that_is_open_or_contradicts_another_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="pin"):
        pins(line)


def test_every_requirement_is_pinned_and_no_name_twice_differently() -> None:
    files = sorted(ROOT.glob("requirements*.txt"))
    assert [f.name for f in files] == ["requirements-dev.txt", "requirements.txt"]
    assert len(pins("\n".join(f.read_text(encoding="utf-8") for f in files))) > 20


def test_no_tracked_file_names_a_folder_of_one_machine() -> None:
    folders = ["../" + "shared", *(f"/{name}/" for name in ("work", "tmp"))]  # put together, or this file were found
    wrong = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content or path == ROOT / ".ci" / "run":
            continue
        wrong += [f"{path.relative_to(ROOT)}: {folder}" for folder in folders if folder.encode() in content]
    assert wrong == []


def weight(files: list[Path]) -> float:
    """MiB."""
    return sum(f.stat().st_size for f in files) / MIB


def test_what_is_bundled_keeps_its_budget() -> None:
    base = [f for f in (ROOT / "models" / "base").rglob("*") if f.is_file()]
    adapters = [f for f in (ROOT / "models").rglob("*") if f.is_file() and f not in base]
    graphs = list((ROOT / "shows").glob("*/graph.json.gz"))
    assert weight(base) <= 26
    assert weight(adapters) <= 10
    assert weight(graphs) <= 4
    assert all(weight([graph]) <= 3 for graph in graphs)
    assert weight(base + adapters + graphs) <= 40
    assert weight(tracked()) <= 60, "the whole tree: what is bundled, code, pictures and results"
