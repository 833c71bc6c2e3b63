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
MODULES = ("parsing", "kg", "training", "app", "app.inference", "app.mcp", "evaluation")
SECONDS = 0.3
TRIES = 5  # the least of them counts: other programs run beside the tests


@functools.cache
def commands() -> list[tuple[str, ...]]:
    """(module, command) of every command there is; (module,) for the list of them."""
    found: list[tuple[str, ...]] = []
    for module in MODULES:
        entry = module if "." in module else f"{module}.__main__"
        tree = typer.main.get_command(importlib.import_module(entry).app)
        found += [(module,), *((module, name) for name in getattr(tree, "commands", ()))]
    return found


def seconds(command: tuple[str, ...]) -> float:
    """Processor time of `python -m <command> --help`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", *command, "--help"], cwd=ROOT, env=os.environ, capture_output=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_every_command_is_found() -> None:
    assert len(commands()) > 25
    assert {("kg", "export"), ("app.mcp",), ("training", "persona"), ("evaluation", "report")} <= set(commands())


@pytest.mark.slow
def test_help_of_any_command_takes_less_than_three_tenths_of_a_second() -> None:
    slow = {}
    for command in commands():
        best = seconds(command)
        for _ in range(TRIES - 1):
            if best < SECONDS:
                break
            best = min(best, seconds(command))
        if best >= SECONDS:
            slow[command] = round(best, 2)
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
    ],
)
def test_a_typo_names_the_nearest_with_exit_code_2(line: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-m", *line.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr
    assert "\x1b[" not in done.stderr  # no colours into a pipe
