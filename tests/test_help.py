"""`--help` answers at once: the processor time of each command, from the start of Python to its end."""

import functools
import importlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("parsing", "kg", "training", "app", "app.inference", "app.mcp", "app.own", "evaluation")
RATIO = 4.0  # to `import typer` alone: 0.3 s where that takes 0.075 s, whatever the machine and what else it does
TRIES = 6  # the least of them counts: other programs run beside the tests


@functools.cache
def commands() -> list[tuple[str, ...]]:
    """(module, command) of every command there is; (module,) for the list of them."""
    found: list[tuple[str, ...]] = []
    for module in MODULES:
        entry = module if "." in module else f"{module}.__main__"
        tree = typer.main.get_command(importlib.import_module(entry).app)
        found += [(module,), *((module, name) for name in getattr(tree, "commands", ()))]
    return found


def seconds(*words: str) -> float:
    """Processor time of `python …`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], cwd=ROOT, env=os.environ, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_every_command_is_found() -> None:
    assert len(commands()) > 25
    assert {("kg", "export"), ("app.mcp",), ("training", "persona"), ("evaluation", "report")} <= set(commands())


@pytest.mark.slow
def test_help_of_any_command_takes_less_than_three_tenths_of_a_second() -> None:
    """As a ratio to importing Typer, timed in turn with the command; the least of each counts."""
    slow = {}
    for command in commands():
        alone = mine = float("inf")
        for _ in range(TRIES):
            alone = min(alone, seconds("-c", "import typer"))
            mine = min(mine, seconds("-m", *command, "--help"))
            if mine < RATIO * alone:
                break
        else:
            slow[command] = round(mine / alone, 2)
    assert slow == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("kg exprt friends", "Did you mean 'export'?"),
        ("kg ask frends hi", "did you mean 'friends'?"),
        ("kg ask friends hi --speaker Monika", "did you mean 'monica'?"),
        ("kg ask friends hi --speakr ross", "--speaker"),
        ("kg export friends --format turtel", "did you mean 'turtle'?"),
        ("app.inference friends hi --persona Jooey", "did you mean 'joey'?"),
        ("training persna", "Did you mean 'persona'?"),
        ("evaluation factchek friends", "Did you mean 'factcheck'?"),
        ("app firends", "did you mean 'friends'?"),
        ("app.own transcripts --trian 3", "--train"),
        ("app.mcp frends", "did you mean 'friends'?"),
        ("training persona harbor_lights --persona Norra", "did you mean 'nora'?"),
        ("kg ask friends hi --as-of S99E01", "seasons 1 to 10"),
    ],
)
def test_a_typo_names_the_nearest_with_exit_code_2(line: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-m", *line.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr
    assert "\x1b[" not in done.stderr  # no colours into a pipe
