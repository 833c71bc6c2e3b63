"""What the documents tell a reader to open or to type exists: links, make targets, commands with their options."""

import functools
import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("parsing", "kg", "training", "app", "app.inference", "app.mcp", "app.own", "evaluation")
OTHERS = ("pytest", "venv", "pip", "nbconvert")  # modules of others that a document may tell to run
COMMAND = re.compile(r"python3?(?:\.\d+)? -m ([\w.]+)([^`\n]*)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks, and README.md as soon as it is there."""
    done = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def anchors(text: str) -> set[str]:
    """The anchors that a Markdown page has, by its headings, as GitHub makes them."""
    heads = re.findall(r"^#{1,6} (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}


def dead_links(path: Path) -> list[str]:
    """Relative links and pictures of a Markdown page that lead nowhere."""
    text = path.read_text(encoding="utf-8")
    dead = []
    plain = CODE.sub("", text)
    for link in re.findall(r"\]\(([^)\s]+)[^)]*\)|<(?:img|a)[^>]+(?:src|href)=\"([^\"]+)\"", plain):
        target, _, anchor = (link[0] or link[1]).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = path.parent / target if target else path
        known = anchors(file.read_text(encoding="utf-8")) if file.suffix == ".md" and file.is_file() else {anchor}
        if not file.exists() or (anchor and anchor not in known):
            dead.append(link[0] or link[1])
    return dead


@functools.cache
def makefile() -> tuple[frozenset[str], frozenset[str]]:
    """Targets and variables of the Makefile."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][\w-]*):(?!=)", text, re.MULTILINE)
    return frozenset(targets), frozenset(re.findall(r"^([A-Z]+) *[?:]?=", text, re.MULTILINE))


def unknown_targets(code: str) -> list[str]:
    """Words after `make` in a piece of code that are neither a target nor a variable of the Makefile."""
    targets, variables = makefile()
    found = []
    for line in re.findall(r"(?:^|[`\s&;])make((?: [\w=./-]+)*)", code):
        for word in line.split():
            name, is_variable, _ = word.partition("=")
            if name not in (variables if is_variable else targets) and not word.startswith("-"):
                found.append(word)
    return found


@functools.cache
def command(module: str) -> Any:
    """The command tree of a room."""
    entry = module if "." in module else f"{module}.__main__"
    return typer.main.get_command(importlib.import_module(entry).app)


def wrong_command(module: str, rest: str) -> str:
    """What is wrong with `python -m module rest`, or ""."""
    if module.split(".", maxsplit=1)[0] in OTHERS:
        return ""
    if module not in ROOMS:
        return f"no module {module} to run"
    try:
        words = shlex.split(re.split(r"[|;>\\]|&&| #", rest.replace("…", ""))[0].replace("[", " ").replace("]", " "))
    except ValueError:  # a sentence that goes on after the command, with an apostrophe in it
        words = rest.split()
    used = command(module)
    if hasattr(used, "commands") and words and words[0].isidentifier() and words[0].isupper():
        return f"{module} {words[0]}: a command is missing before it"
    if hasattr(used, "commands") and words and not words[0].startswith("-"):
        if words[0] not in used.commands:
            return f"{module} has no command '{words[0]}'"
        used = used.commands[words[0]]
    options = {"--help"} | {o for p in used.params for o in (*p.opts, *p.secondary_opts)}
    unknown = [w for word in words if (w := word.split("=")[0].rstrip(",.)")).startswith("--") and w not in options]
    return f"{module} {' '.join(words[:1])} has no option {', '.join(unknown)}" if unknown else ""


def commands_in(text: str) -> Iterator[tuple[str, str]]:
    """(module, what follows) of every `python -m …` in a text, lines that end in a backslash joined."""
    yield from COMMAND.findall(text.replace("\\\n", " "))


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("python -m kg ask friends 'Who is your sister?' --speaker Ross --as-of S02E05", ""),
        ("python -m kg asks friends", "kg has no command 'asks'"),
        ("python -m kg ask friends hello --as-off S02E05", "kg ask has no option --as-off"),
        ("python -m kg SHOW", "kg SHOW: a command is missing before it"),
        ("python -m app.inference friends [--persona NAME] [--no-graph] | head", ""),
        ("python -m parsing friends --compare=friends_r  # and --nothing else", ""),
        ("python -m parsing friends \\\n  --compares friends_r", "parsing friends has no option --compares"),
        ("python -m evalution report", "no module evalution to run"),
        ("python3.11 -m venv .venv", ""),
    ],
)
def test_a_command_is_held_against_the_command_tree(line: str, wrong: str) -> None:
    assert [wrong_command(*found) for found in commands_in(line)] == [wrong]


def test_a_target_or_a_variable_that_the_makefile_lacks_is_seen() -> None:
    assert unknown_targets("`make run SHOW=harbor_lights` and `make data graph`") == []
    assert unknown_targets("make rune SHOWS=friends && make tests") == ["rune", "SHOWS=friends", "tests"]


def test_a_link_to_a_file_or_a_heading_that_is_not_there_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One thing\n[a](page.md#one-thing) [b](#two) ![c](c.png) [d](https://example.org/x) `[e](e.md)`\n"
    )
    assert dead_links(page) == ["#two", "c.png"]


def documents() -> list[Path]:
    """Every tracked Markdown page, and those at the root that are new."""
    return sorted({*tracked("*.md"), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")})


def test_the_pages_a_newcomer_looks_for_are_there() -> None:
    names = {p.name for p in documents()}
    assert {"README.md", "REPORT.md", "CHANGELOG.md", "decisions.md", "data.md"} <= names


@pytest.mark.parametrize("path", documents(), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_targets_and_commands_of_a_page_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong = [f"link {link}" for link in dead_links(path)]
    wrong += [f"make {word}" for code in CODE.findall(text) for word in unknown_targets(code)]
    wrong += [said for found in commands_in(text) if (said := wrong_command(*found))]
    assert wrong == []


def test_the_makefile_runs_commands_that_exist() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(PY)", "python").replace("$(SHOW)", "friends")
    found = list(commands_in(text))
    assert len(found) > 5
    assert [said for one in found if (said := wrong_command(*one))] == []


@pytest.mark.parametrize("room", sorted({r.partition(".")[0] for r in ROOMS}))
def test_commands_that_messages_and_docstrings_name_exist(room: str) -> None:
    wrong = {}
    for module in sorted((ROOT / room).rglob("*.py")):
        for name, rest in commands_in(module.read_text(encoding="utf-8")):
            if name in ROOMS and (said := wrong_command(name, re.sub(r"['\"]", "", rest))):
                wrong[str(module.relative_to(ROOT))] = said
    assert wrong == {}
